"""Answers judged on the page become cases: good ones at once, bad ones once the review has completed them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from pydantic import ValidationError
from rich.console import Console
from starlette.testclient import TestClient
from typer.testing import CliRunner

from evals.cases import Case, load_cases
from evals.cli import app
from evals.harness import find_cases, run
from evals.making.command import judged_command
from evals.making.judged import judged_cases
from evals.making.keeping import CaseFile
from evals.making.review import review_app
from rag import Library, Settings
from rag.conversation import turn
from rag.errors import BadInput
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document
from tests.test_evals_review import OURS, PORT, decide, fields

BRIDGE = document(
    "The Lund Bridge opened in May 2021. Ada Berg is the mayor of Lund. The bridge has two towers.",
    "/docs/lund.txt",
    "Lund",
)
LAKE = document("The lake froze over in the hard winter of 1963.", "/docs/lake.txt", "The lake")


def opened(folder: Path) -> Library:
    settings = Settings(answer={"confidence": 0.0, "sentences": 1})  # type: ignore[arg-type]
    return Library(folder, settings=settings, embedder=WordHashEmbedder(), reranker=SharedWordsReranker())


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr("evals.making.command._library", opened)
    with opened(tmp_path / "index") as one:
        one.add_documents([BRIDGE, LAKE])
        yield one


def judge(library: Library, question: str, good: bool | None, note: str = "", conversation: str = "c1") -> str:
    kept = library.conversations
    answer = library.ask(question, earlier=kept.turns(conversation, "ada"))
    id = kept.keep(conversation, "ada", turn(answer))
    kept.judge(id, "ada", good, note)
    return id


def told(path: Path, index: Path) -> str:
    screen = Console(file=StringIO(), width=200)
    judged_command(path, index, console=screen)
    return screen.file.getvalue()  # type: ignore[attr-defined]


def test_a_good_answer_is_a_case_with_the_words_that_it_cites(library: Library) -> None:
    id = judge(library, "When did the Lund Bridge open?", True, "well found")
    judge(library, "When did the lake freeze over?", None)
    taken = judged_cases(library)
    (case,) = taken.cases
    assert taken.stale == 0 and case.answerable and case.complete and case.tags == ("judged",)
    assert case.question == "When did the Lund Bridge open?" and case.note == "well found"
    assert [(one.source, one.quote) for one in case.evidence] == [("lund.txt", "The Lund Bridge opened in May 2021.")]
    assert id not in case.model_dump_json() and "ada" not in case.model_dump_json()
    assert run([case], library, out=library.path / "run").summary["metrics"]["hit_5"]["value"] == 1.0


def test_an_abstention_that_was_right_is_an_unanswerable_case(library: Library) -> None:
    answer = library.ask("Who won the chess tournament?")
    abstained = replace(answer, status="abstained", reason="weak_evidence", sentences=(), citations=(), text="No.")
    id = library.conversations.keep("c1", "", turn(abstained))
    library.conversations.judge(id, "", True)
    (case,) = judged_cases(library).cases
    assert not case.answerable and not case.answers and not case.evidence


def test_a_bad_answer_is_a_proposal_with_its_note_that_no_run_asks(library: Library, tmp_path: Path) -> None:
    judge(library, "How many towers has the bridge?", False, "it says two, not three")
    (case,) = judged_cases(library).cases
    assert case.tags == ("proposed", "judged") and not case.complete and case.note == "it says two, not three"
    path = tmp_path / "cases.jsonl"
    CaseFile(path).append([case])
    for proposed in (False, True):
        with pytest.raises(BadInput, match="are proposals"):
            find_cases(path, proposed=proposed)
    with pytest.raises(ValidationError, match="needs an accepted answer or evidence"):
        Case.model_validate({**case.model_dump(), "tags": ["judged"]})


def test_a_follow_up_brings_the_turns_before_it(library: Library) -> None:
    judge(library, "Who is the mayor of Lund?", None)
    judge(library, "When did the Lund Bridge open?", True)
    judge(library, "How many towers does it have?", True)
    first, second = judged_cases(library).cases
    assert first.history == () and first.group_id == second.group_id and first.id != second.id
    assert [one.question for one in second.history] == ["Who is the mayor of Lund?", "When did the Lund Bridge open?"]
    assert "May 2021" in second.history[1].answer and second.tags == ("judged", "follow-up")
    assert second.question == "How many towers does it have?"


def test_words_that_stand_twice_are_named_by_their_place_and_lost_ones_leave_the_case_out(library: Library) -> None:
    judge(library, "When did the Lund Bridge open?", True)
    library.add_documents([replace(BRIDGE, text=f"{BRIDGE.text}\n\n{BRIDGE.text}", sha256="1" * 64)])
    (case,) = judged_cases(library).cases
    assert (case.evidence[0].start, case.evidence[0].end, case.evidence[0].quote) == (0, 35, None)
    library.add_documents([replace(BRIDGE, text="Nothing opened.", sha256="2" * 64)])
    taken = judged_cases(library)
    assert taken.cases == () and taken.stale == 1
    library.remove(BRIDGE.source)
    assert judged_cases(library).stale == 0


def test_the_command_adds_what_is_new_and_says_what_is_left_to_do(library: Library, tmp_path: Path) -> None:
    judge(library, "When did the Lund Bridge open?", True)
    judge(library, "Who is the mayor of Lund?", False, "<b>wrong</b>")
    path = tmp_path / "mine.jsonl"
    said = told(path, library.path)
    assert "2 cases added of 2 judged answers." in said
    assert f"1 to be completed: python -m evals review {path} --index {library.path}" in said
    before = path.read_text()
    assert "0 cases added of 2 judged answers." in told(path, library.path) and path.read_text() == before
    result = CliRunner().invoke(app, ["make", str(path), "--index", str(library.path), "--judged"])
    assert result.exit_code == 0 and path.read_text() == before
    result = CliRunner().invoke(app, ["make", str(path), "--judged", "--source", "x"])
    assert result.exit_code == 2


def test_the_review_completes_a_bad_one_or_calls_it_unanswerable(library: Library, tmp_path: Path) -> None:
    judge(library, "When did the Lund Bridge open?", None)
    judge(library, "How many towers does it have?", False, "<b>not</b> said")
    judge(library, "Who won the chess tournament in Lund?", False, conversation="c2")
    path = tmp_path / "mine.jsonl"
    told(path, library.path)
    first, second = (case.id for case in load_cases(path))
    client = TestClient(review_app(CaseFile(path), library, PORT), base_url=f"http://127.0.0.1:{PORT}")
    page = client.get("/case", params={"id": first})
    assert "&lt;b&gt;not&lt;/b&gt; said" in page.text and "<b>not" not in page.text
    assert "asked after 1 earlier question" in page.text and "No document says" in page.text
    assert "two towers" in client.get("/answer", params={"id": first}).text, "it is asked after what came before"
    assert decide(client, first, "accept", answers=" ").status_code == 400
    assert decide(client, first, "accept", answers="two").status_code == 303
    assert decide(client, second, "unanswerable").status_code == 303
    done = {case.id: case for case in load_cases(path)}
    assert done[first].answers == ("two",) and done[first].history and done[first].tags == ("judged", "follow-up")
    assert not done[second].answerable and done[second].tags == ("judged",)


def test_a_case_with_evidence_cannot_be_called_unanswerable(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    made = Case.model_validate(
        {
            "id": "one", "group_id": "one", "question": "When did the Lund Bridge open?", "answerable": True,
            "evidence": [{"source": "lund.txt", "quote": "The Lund Bridge opened in May 2021."}], "tags": ["proposed"],
        }
    )  # fmt: skip
    CaseFile(path).append([made])
    client = TestClient(review_app(CaseFile(path), library, PORT), base_url=f"http://127.0.0.1:{PORT}")
    sent = {**fields(client.get("/case?id=one")), "action": "unanswerable"}
    answer = client.post("/case?id=one", data=sent, headers=OURS)
    assert answer.status_code == 400 and "it can be answered" in answer.text
    assert json.loads(path.read_text())["tags"] == ["proposed"]
