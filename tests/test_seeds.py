"""The documents that a newcomer asks about, and the questions that measure the answers."""

import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from evals.cases import load_cases
from rag.loaders import fetch, parse
from rag.text import count_words
from rag.types import Document
from tests.make_seeds_pdf import PUBLISHED, TARGET, make

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").iterdir())
CASES = load_cases(ROOT / "evals" / "cases" / "seeds.jsonl")


@cache
def loaded(name: str) -> Document:
    return parse(fetch(str(ROOT / "seeds" / name), max_bytes=10**6))


def test_there_are_five_formats() -> None:
    assert [path.suffix for path in SEEDS] == [".csv", ".pdf", ".md", ".html", ".txt"]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_each_document_is_short_english_and_free_of_page_furniture(path: Path) -> None:
    document = loaded(path.name)
    assert 100 < count_words(document.text) < 900
    assert document.language == "en"
    for rubbish in ("Subscribe", "Privacy", "window.reader", "THE HARBOUR LEDGER", "Briefing, December", "presi-"):
        assert rubbish not in document.text


def test_the_pdf_is_what_its_maker_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", os.environ.get("SOURCE_DATE_EPOCH", PUBLISHED))
    make(tmp_path / "again.pdf")
    again = parse(fetch(str(tmp_path / "again.pdf"), max_bytes=10**6))
    assert again.text == loaded(TARGET.name).text
    assert len(again.pages) == 3


def test_every_quote_stands_once_in_its_document() -> None:
    for case in CASES:
        for evidence in case.evidence:
            assert loaded(evidence.source).text.count(evidence.quote) == 1, (case.id, evidence.quote)


def test_the_cases_are_many_and_of_every_kind() -> None:
    tags = Counter(tag for case in CASES for tag in case.tags)
    assert len(CASES) >= 36
    for tag in ("yes-no", "list", "number", "date", "why", "table", "about", "multi-source", "sources-differ"):
        assert tags[tag] >= 2, tag
    for tag in ("unanswerable", "false-premise", "outside-knowledge"):
        assert tags[tag] >= 3, tag
    assert tags["follow-up"] == sum(bool(case.history) for case in CASES) >= 1


def test_evidence_of_a_multi_source_case_comes_from_several_documents() -> None:
    for case in CASES:
        if case.needs_all:
            assert len({evidence.source for evidence in case.evidence}) > 1, case.id
