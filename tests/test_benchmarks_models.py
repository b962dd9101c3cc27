"""The benchmark of chat models: what is taken away, and how its columns are counted."""

from typing import Any

from evals.benchmarks.models import figures, removed
from evals.cases import Case
from tests.fakes import document


def case(name: str, title: str, *answers: str) -> Case:
    return Case(id=name, group_id=title, question=f"{name}?", answerable=True, answers=answers)


def test_the_documents_with_an_answer_go_and_the_cases_become_unanswerable() -> None:
    documents = [
        document("Ann Hale led the board.", "/a.txt", "The board"),
        document("In 1990 Ann Hale left.", "/b.txt", "A chronicle"),
        document("The pond was dug in 1990.", "/c.txt", "The pond"),
    ]
    asked = removed([case("who", "The board", "Ann Hale", "1990")], documents)
    assert [one.source for one in asked.documents] == ["/c.txt"]
    assert [(one.answerable, one.answers, one.evidence) for one in asked.cases] == [(False, (), ())]


def record(answerable: bool, status: str, labels: list[str], written: dict[str, int] | None = None) -> dict[str, Any]:
    sentences = [{"verdict": {"label": label}, "withheld": label == "contradicted"} for label in labels]
    answer = {"status": status, "sentences": sentences, "written": written, "text": "a b c", "seconds": {"total": 2.0}}
    return {"answerable": answerable, "answer": answer}


def test_the_columns_count_what_was_written_and_what_is_shown() -> None:
    told = figures(
        {"answer_found": {"value": 0.5}, "citation_recall": {"value": None}},
        [
            record(True, "answered", ["supported", "partial", "contradicted"], {"supported": 1, "partial": 2}),
            record(True, "abstained", [], {"unsupported": 1}),
            record(False, "abstained", []),
        ],
    )
    assert told["answer_found"] == "0.500" and "citation_recall" not in told
    assert (told["answered"], told["held_back"]) == ("0.500", "1.000")
    assert (told["failed"], told["marked"], told["denied"]) == ("3 of 4", "1 of 2", "0")
    assert (told["words"], told["seconds"]) == ("3", "2.0 / 2.0")
