import json
import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals import Case, Options, Plan, Run, run
from evals.cli import app
from evals.summary import Prices
from rag import Settings
from rag.conversation import standalone
from rag.errors import BadInput, NoSuchSource
from rag.text import units
from rag.types import Answer, Citation, Document, Entry, Hit, Page, Passage, Sentence, Turn, Verdict
from tests.fakes import document, terms

NEWS = document("The bridge opened in May 2021. It cost 12 million crowns.", "/docs/news.txt", "News")
NOTES = document("The mayor is <b>Ada Berg</b>. She likes trams & boats.", "/docs/notes.txt", "Notes <1>")
CASES: list[dict[str, Any]] = [
    {
        "id": "opened",
        "group_id": "bridge",
        "question": "When was the bridge opened?",
        "answerable": True,
        "answers": ["May 2021"],
        "evidence": [{"source": "news.txt", "quote": "opened in May 2021"}],
        "tags": ["date"],
    },
    {
        "id": "weather",
        "group_id": "weather",
        "question": "Rain tomorrow?",
        "answerable": False,
        "tags": ["unanswerable"],
    },
    {
        "id": "mayor",
        "group_id": "mayor",
        "question": "Who is the <i>mayor</i>?",
        "answerable": True,
        "answers": ["Eve <script>alert(1)</script>"],
        "evidence": [{"source": "docs/notes.txt", "quote": "The mayor is"}],
        "tags": ["who"],
    },
]


class QuotingLibrary:
    """Quotes the one sentence that shares most words with the question; with fewer than two shared, it abstains."""

    def __init__(self, *documents: Document) -> None:
        self.settings = Settings()
        self.asked: list[str] = []
        self.broken: set[str] = set()
        self._documents = {document.source: document for document in documents}

    def documents(self) -> list[Entry]:
        return [
            Entry(d.id, d.source, d.title, d.date, d.language, d.media_type, d.sha256, len(d.text), 0, 1, "2024-01-01")
            for d in self._documents.values()
        ]

    def document(self, source: str) -> Document:
        if source not in self._documents:
            raise NoSuchSource(source)
        return self._documents[source]

    def weights(self) -> dict[str, str]:
        return {"embedder": "0" * 64}

    def ask(
        self,
        question: str,
        *,
        abstain: bool = True,
        rerank: bool = True,
        model: str | None = None,
        earlier: Sequence[Turn] = (),
    ) -> Answer:
        question = standalone(question, earlier).text
        self.asked.append(question)
        if question in self.broken:
            raise ValueError("no\nreply")
        asked = set(terms(question))
        pairs = [(d, span) for d in self._documents.values() for span in units(d.text)]
        ranked = sorted(pairs, key=lambda pair: -len(asked & set(terms(pair[1].of(pair[0].text)))))
        hits = tuple(
            Hit(Passage(f"{d.id}:{n}", d.id, d.source, d.title, s.start, s.end, s.of(d.text)), n, 1 / n, "fused")
            for n, (d, s) in enumerate(ranked, start=1)
        )
        best, span = ranked[0]
        if abstain and len(asked & set(terms(span.of(best.text)))) < 2:
            return Answer(question, "abstained", "weak_evidence", 0.1, "The documents don't say.", None, (), (), hits)
        quote = span.of(best.text)
        citation = Citation(1, best.source, best.sha256, best.title, span.start, span.end, quote)
        sentence = Sentence(quote, 0, len(quote), (1,), Verdict("supported", 1.0))
        return Answer(
            question, "answered", None, 0.9, quote, None, (sentence,), (citation,), hits, seconds={"total": 0.02}
        )


@pytest.fixture
def library() -> QuotingLibrary:
    return QuotingLibrary(NEWS, NOTES)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return path


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_run_leaves_its_four_files_and_the_right_figures(
    library: QuotingLibrary, cases: Path, tmp_path: Path
) -> None:
    summary = run(cases, library, out=tmp_path / "run").summary
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "manifest.json",
        "results.jsonl",
        "metrics.json",
        "report.html",
    }
    figures = {name: (of["value"], of["n"]) for name, of in summary["metrics"].items()}
    assert figures["answer_found"] == (0.5, 2)  # May 2021 is there, "Eve …" is not
    assert figures["citations_exact"] == (1.0, 2)
    assert figures["decision_right"] == (1.0, 3)
    assert figures["coverage"] == (pytest.approx(2 / 3), 3)
    assert figures["risk"] == (0.0, 2)
    assert figures["kept_unanswerable"] == (0.0, 1)
    assert figures["hit_1"] == figures["mrr"] == (1.0, 2)
    assert figures["context_recall"] == (None, 0)
    assert summary["by_tag"]["date"]["metrics"]["answer_found"]["value"] == 1.0
    assert summary["seconds"] == {"total": {"p50": 0.02, "p95": 0.02, "n": 2}}
    assert summary["fell"] == {
        "retrieval": 0,
        "reading": 1,
        "citation": 0,
        "abstention": 0,
        "overreach": 0,
        "right": 2,
    }
    assert json.loads((tmp_path / "run" / "metrics.json").read_text()) == summary
    by_id = {line["id"]: line for line in lines(tmp_path / "run")}
    assert by_id["opened"]["failed"] == []
    assert by_id["mayor"]["failed"] == ["the answer contains no accepted answer"]
    assert by_id["weather"]["answer"]["status"] == "abstained"


def test_a_case_that_needs_two_documents_is_not_answered_by_one(library: QuotingLibrary, tmp_path: Path) -> None:
    both = [*CASES[0]["evidence"], *CASES[2]["evidence"]]
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({**CASES[0], "evidence": both, "tags": ["multi-source"]}), encoding="utf-8")
    summary = run(path, library, out=tmp_path / "run").summary
    assert summary["metrics"]["evidence_cited"]["value"] == 0.5  # 1 of 2
    assert summary["metrics"]["context_recall"]["value"] == 1.0
    assert lines(tmp_path / "run")[0]["failed"] == ["the answer cites only part of what it needs"]


def test_an_error_is_a_result_and_counts_in_no_metric(library: QuotingLibrary, cases: Path, tmp_path: Path) -> None:
    library.broken.add("Rain tomorrow?")
    summary = run(cases, library, out=tmp_path / "run").summary
    assert (summary["cases"], summary["scored"]) == (3, 2)
    assert summary["errors"] == {"weather": "ValueError: no reply"}
    assert summary["metrics"]["decision_right"]["n"] == 2
    assert summary["metrics"]["kept_unanswerable"] | {"value": None, "n": 0} == summary["metrics"]["kept_unanswerable"]
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert page.index("Rain tomorrow?") < page.index("When was the bridge opened?")


def test_a_stopped_run_goes_on_with_what_is_missing(library: QuotingLibrary, cases: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    library.broken.add("Rain tomorrow?")
    whole = run(cases, library, out=folder).summary
    results = folder / "results.jsonl"
    (folder / "metrics.json").unlink()
    with pytest.raises(BadInput, match="not finished; go on with the same command"):
        Run.load(folder)
    kept, error, last = results.read_text(encoding="utf-8").splitlines(keepends=True)
    results.write_text(kept + error + last[:40], encoding="utf-8")
    library.broken.clear()
    library.asked.clear()
    again = run(cases, library, out=folder).summary
    assert sorted(library.asked) == ["Rain tomorrow?", "Who is the <i>mayor</i>?"]  # the error anew, and the torn line
    assert sorted(line["id"] for line in lines(folder)) == ["mayor", "opened", "weather"]
    assert again["metrics"]["answer_found"] == whole["metrics"]["answer_found"]
    assert again["errors"] == {}


def test_a_folder_with_another_run_or_other_files_is_refused(
    library: QuotingLibrary, cases: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run(cases, library, out=folder)
    with pytest.raises(BadInput, match="other documents; choose another --out"):
        run(cases, QuotingLibrary(NEWS, NOTES, document("More.", "/docs/m.txt")), out=folder)
    with pytest.raises(BadInput, match="other options"):
        run(cases, library, out=folder, plan=Plan(Options(rerank=False)))
    cases.write_text(json.dumps(CASES[0]), encoding="utf-8")
    with pytest.raises(BadInput, match="other cases"):
        run(cases, library, out=folder)
    with pytest.raises(BadInput, match="is not empty and holds no run"):
        run(cases, library, out=tmp_path)


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        ({"source": "gone.txt", "quote": "x"}, "no document of the library is named gone.txt"),
        ({"source": "ews.txt", "quote": "May"}, "no document of the library is named ews.txt"),
        ({"source": "news.txt", "quote": "June 2021"}, "news.txt does not contain the quote 'June 2021'"),
        (
            {"source": "news.txt", "quote": "opened  in\nMay"},
            "news.txt does not contain the quote 'opened  in\\nMay'; spaces",
        ),
        ({"source": "news.txt", "page": 2}, "news.txt has no pages; give a quote instead"),
        ({"source": "news.txt", "start": 3, "end": 999}, "news.txt has 57 characters, and not 999"),
    ],
)
def test_evidence_that_is_not_there_is_bad_input(
    library: QuotingLibrary, tmp_path: Path, evidence: dict[str, str], message: str
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({**CASES[0], "evidence": [evidence]}), encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(f"case opened (When was the bridge opened?): {message}")):
        run(path, library, out=tmp_path / "run")
    assert library.asked == []


def test_a_name_that_two_documents_have_is_told_apart_by_its_path(tmp_path: Path) -> None:
    library = QuotingLibrary(NEWS, replace(NEWS, source="/docs/old/news.txt", id="old"))
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(CASES[0]), encoding="utf-8")
    with pytest.raises(
        BadInput, match=r"2 documents .* named news\.txt; write more of its path, such as docs/news\.txt"
    ):
        run(path, library, out=tmp_path / "run")
    path.write_text(json.dumps({**CASES[0], "evidence": [{"source": "docs/news.txt"}]}), encoding="utf-8")
    assert run(path, library, out=tmp_path / "run").summary["cases"] == 1


def test_a_name_with_accents_is_found_however_they_are_written(tmp_path: Path) -> None:
    library = QuotingLibrary(replace(NEWS, source="/docs/O\u0308ko.txt"))
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({**CASES[0], "evidence": [{"source": "\u00d6ko.txt"}]}), encoding="utf-8")
    assert run(path, library, out=tmp_path / "run").summary["metrics"]["hit_5"]["value"] == 1.0


def test_a_run_in_which_all_cases_raised_has_no_figures(tmp_path: Path) -> None:
    library = QuotingLibrary(NEWS)
    library.broken.add("Rain tomorrow?")
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(CASES[1]), encoding="utf-8")
    summary = run(path, library, out=tmp_path / "run").summary
    assert summary["scored"] == 0
    assert {one["value"] for one in summary["metrics"].values()} == {None}


def test_the_report_escapes_everything_and_fetches_nothing(
    library: QuotingLibrary, cases: Path, tmp_path: Path
) -> None:
    run(cases, library, out=tmp_path / "run")
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "Eve &lt;script&gt;" in page
    assert "<mark>The mayor is &lt;b&gt;Ada Berg&lt;/b&gt;.</mark> She likes trams &amp; boats." in page
    assert "Notes &lt;1&gt;" in page
    for forbidden in ("<script>alert", "<i>mayor", "<b>Ada", "http://", "https://", "src=", "@import", "url("):
        assert forbidden not in page
    assert page.index("Who is the") < page.index("When was the bridge")  # what failed comes first


def test_evidence_may_be_characters_a_page_or_a_whole_document(tmp_path: Path) -> None:
    first, second = "The bridge opened in May 2021. ", "It cost 12 million crowns."
    pages = (Page(1, 0, len(first)), Page(2, len(first), len(first + second)))
    library = QuotingLibrary(document(first + second, "/docs/news.pdf", "News", pages=pages), NOTES)
    where: dict[str, dict[str, Any]] = {
        "span": {"start": 0, "end": 10},
        "page": {"page": 1},
        "other page": {"page": 2},
        "whole": {},
    }
    cases = [
        Case.model_validate({**CASES[0], "id": name, "answers": [], "evidence": [{"source": "news.pdf", **place}]})
        for name, place in where.items()
    ]
    done = run(cases, library, out=tmp_path / "run")
    found = {record["id"]: record for record in done.records}
    assert {name: record["scores"]["hit_1"] for name, record in found.items()} == {
        "span": 1.0,
        "page": 1.0,
        "other page": 0.0,
        "whole": 1.0,
    }
    assert found["span"]["gold"] == [{"source": "/docs/news.pdf", "start": 0, "end": 10, "grade": 1}]
    assert found["span"]["scores"]["span_recall"] == 1.0
    assert found["span"]["scores"]["span_precision"] == pytest.approx(10 / 30)
    assert found["page"]["scores"]["span_recall"] is None
    assert {name: record["fell"] for name, record in found.items()} == {
        "span": None,
        "page": None,
        "other page": "reading",
        "whole": None,
    }
    assert done.summary["metrics"]["answer_found"]["n"] == 0  # no case says what a right answer contains


def test_an_answer_held_back_is_weighed_by_what_it_would_have_been(library: QuotingLibrary, tmp_path: Path) -> None:
    held = {**CASES[0], "question": "Opened?"}  # one word in common is not enough to answer
    done = run([Case.model_validate(held), Case.model_validate(CASES[1])], library, out=tmp_path / "run")
    record, weather = done.records
    assert (record["answer"]["status"], record["right"], record["fell"]) == ("abstained", True, "abstention")
    assert (weather["right"], weather["fell"]) == (False, None)
    assert done.summary["metrics"]["brier"]["value"] == pytest.approx((0.9**2 + 0.1**2) / 2)


def test_cases_are_asked_at_the_same_time_and_come_out_in_their_order(tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=20)

    class Waiting(QuotingLibrary):
        def ask(self, question: str, **options: Any) -> Answer:
            together.wait()
            return super().ask(question, **options)

    cases = [Case.model_validate({**CASES[0], "id": str(number)}) for number in range(6)]
    done = run(cases, Waiting(NEWS, NOTES), out=tmp_path / "run", plan=Plan(workers=2))
    assert [record["id"] for record in done.records] == list("012345")
    assert [record["id"] for record in Run.load(tmp_path / "run").records] == list("012345")
    assert done.summary["errors"] == {}


def test_proposals_are_left_out_until_somebody_accepts_them(library: QuotingLibrary, tmp_path: Path) -> None:
    mine, made = Case.model_validate(CASES[0]), Case.model_validate({**CASES[2], "tags": ["who", "proposed"]})
    assert len(run([mine, made], library, out=tmp_path / "mine").records) == 1
    assert len(run([mine, made], library, out=tmp_path / "all", proposed=True).records) == 2
    with pytest.raises(BadInput, match="all 1 cases are proposals; accept some"):
        run([made], library, out=tmp_path / "none")


def test_the_judge_is_asked_about_each_sentence(library: QuotingLibrary, cases: Path, tmp_path: Path) -> None:
    class Doubting:
        name, qualified = "doubting", False

        def verdict(self, text: str, evidence: Sequence[str], /) -> Verdict:
            return Verdict("unsupported", 0.1)

    done = run(cases, library, out=tmp_path / "run", plan=Plan(judge=Doubting()))
    opened = next(record for record in done.records if record["id"] == "opened")
    assert done.about["judge"] == {"name": "doubting", "qualified": False}
    assert opened["scores"]["faithfulness"] == opened["scores"]["citation_recall"] == 0.0
    assert opened["claims"] == [
        {
            "text": "The bridge opened in May 2021.",
            "label": "unsupported",
            "support": 0.1,
            "verbatim": True,
            "faithful": False,
        }
    ]
    assert opened["fell"] == "citation"


def test_tokens_and_cost_are_told_where_a_chat_model_answers(cases: Path, tmp_path: Path) -> None:
    class Metered(QuotingLibrary):
        def ask(self, question: str, **options: Any) -> Answer:
            return replace(super().ask(question, **options), usage={"input_tokens": 900, "output_tokens": 100})

    done = run(cases, Metered(NEWS, NOTES), out=tmp_path / "run", plan=Plan(prices=Prices(input=2.0, output=10.0)))
    assert done.summary["usage"] == {
        "input_tokens": 2700,
        "output_tokens": 300,
        "cost": pytest.approx(2700 * 2 / 1e6 + 300 * 10 / 1e6),
    }
    assert done.summary["metrics"]["tokens"]["value"] == 1000


def test_bad_input_is_one_line_and_status_two(tmp_path: Path, cases: Path) -> None:
    missing = CliRunner().invoke(app, ["run", str(tmp_path / "none.jsonl")])
    assert missing.exit_code == 2
    assert missing.stderr.count("\n") == 1
    assert "No such file" in missing.stderr
    nowhere = CliRunner().invoke(app, ["run", str(cases), "--index", str(tmp_path / "none")])
    assert nowhere.exit_code == 2
    assert "pincite index" in nowhere.stderr
    assert not (tmp_path / "none").exists()


def test_a_case_with_history_is_asked_as_a_follow_up_and_the_manifest_says_so(
    library: QuotingLibrary, tmp_path: Path
) -> None:
    said = [{"question": "What did Eve Holm say?", "answer": "Little."}, {"question": "When was that?", "answer": ""}]
    case = Case.model_validate(
        {"id": "f", "group_id": "f", "question": "Who succeeded her?", "answerable": False, "history": said}
    )
    done = run([case], library, out=tmp_path / "follow", plan=Plan(workers=1))
    assert library.asked == ["Who succeeded Eve Holm?"] and done.about["options"]["history"] is True
    library.asked.clear()
    done = run([case], library, out=tmp_path / "alone", plan=Plan(Options(history=False), workers=1))
    assert library.asked == ["Who succeeded her?"] and done.about["options"]["history"] is False
