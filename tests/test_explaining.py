"""Why a passage came, told in the terminal and on the page."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag import Library
from rag.cli.commands import app
from rag.explaining import Reason, reasons, shared_words
from rag.types import Answer, Hit, Passage
from rag.web import why

PASSAGE = Passage(
    "p", "d", "/notes/talks.md", "Talks", 0, 40, "Seven *envoys* met in Geneva.", heading="Venue", page_first=3
)
READ = Hit(
    PASSAGE,
    1,
    0.9,
    "rerank",
    {"lexical": 2, "fused": 1, "rerank": 1},
    {"dense": 0.5, "lexical": 4.0, "fused": 0.8, "rerank": 0.9},
)
QUESTION = "Which envoy chose the venue for <talks>?"


def test_each_way_gives_its_rank_and_score_in_order() -> None:
    assert reasons(READ) == [
        Reason("meaning", None, 0.5),
        Reason("words", 2, 4.0),
        Reason("together", 1, 0.8),
        Reason("read", 1, 0.9),
    ]


def test_without_reranking_there_is_no_reading_to_tell() -> None:
    fused = Hit(PASSAGE, 1, 0.8, "fused", {"fused": 1}, {"fused": 0.8})
    assert [reason.way for reason in reasons(fused)] == ["meaning", "words", "together"]


def test_shared_words_are_found_by_stem_in_title_heading_and_text_without_markup() -> None:
    assert shared_words(QUESTION, READ) == ["envoy", "venue", "talks"]


def test_search_explains_each_passage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "exists", lambda path: True)
    monkeypatch.setattr(Library, "search", lambda *given, **more: [READ])
    run = CliRunner().invoke(app, ["search", QUESTION, "--explain", "--index", str(tmp_path / "library")])
    assert run.exit_code == 0, run.output
    assert "why: meaning not found (0.500) · words #2 (4.000; envoy, venue, talks) · together #1 (0.800)" in run.output
    plain = CliRunner().invoke(app, ["search", QUESTION, "--index", str(tmp_path / "library")])
    assert "why:" not in plain.output


def test_the_page_tells_it_in_a_fold() -> None:
    answer = Answer(QUESTION, "abstained", "weak_evidence", 0.1, "", None, (), (), (READ,))
    table = why.table(answer)
    assert table.startswith("<details") and "<details open" not in table
    assert "page 3" in table and "envoy, venue, talks" in table and "talks.md" in table
    assert table.count("<td>") == 4 and "0.50" in table and "<b>2</b>" in table and "–" in table


def test_no_evidence_needs_no_explanation() -> None:
    assert why.table(Answer(QUESTION, "abstained", "no_evidence", 0.0, "", None, (), (), ())) == ""
