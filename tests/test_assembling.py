"""Drafts become an answer that is held to its sources: checked, cited anew, or withheld."""

from pathlib import Path

import pytest

from rag import Library
from rag.answering.draft import DraftSentence, Place
from rag.answering.extractive import Quoter
from rag.types import WITHHELD, Answer, Span
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

MADE = document("Seven envoys met in Geneva on Monday. Nobody signed the pact. The lake was calm that day.")
PLACES = {
    name: Place(MADE.source, Span(MADE.text.index(quote), MADE.text.index(quote) + len(quote)))
    for name, quote in {
        "envoys": "Seven envoys met in Geneva on Monday.",
        "nobody": "Nobody signed the pact.",
        "lake": "The lake was calm that day.",
    }.items()
}


def answered(monkeypatch: pytest.MonkeyPatch, folder: Path, *drafts: DraftSentence) -> Answer:
    """The answer to a question on the envoys, drafted as given."""
    monkeypatch.setattr(Quoter, "draft", lambda *_: list(drafts))
    with Library(folder / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add_documents([MADE])
        return library.ask("Who met in Geneva, and who signed the pact?", abstain=False)


def test_a_contradicted_sentence_is_withheld_and_its_evidence_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = answered(
        monkeypatch, tmp_path, DraftSentence("Seven envoys met in Geneva on Tuesday.", (PLACES["envoys"],))
    )
    (sentence,) = answer.sentences
    assert sentence.verdict.label == "contradicted" and sentence.withheld
    assert "Monday" in sentence.verdict.notes[0]
    assert str(answer) == f"{WITHHELD} [1]" and answer.citations[0].quote == "Seven envoys met in Geneva on Monday."


def test_a_superfluous_citation_goes_and_the_others_are_numbered_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = answered(
        monkeypatch,
        tmp_path,
        DraftSentence("Seven envoys met in Geneva on Monday.", (PLACES["lake"], PLACES["envoys"])),
        DraftSentence("Nobody signed the pact.", (PLACES["nobody"],)),
    )
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (2,)]
    assert [(one.marker, one.quote) for one in answer.citations] == [
        (1, "Seven envoys met in Geneva on Monday."),
        (2, "Nobody signed the pact."),
    ]
    assert [sentence.verdict.span for sentence in answer.sentences] == list(answer.citations)


def test_a_missing_citation_is_found_among_the_passages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = answered(
        monkeypatch,
        tmp_path,
        DraftSentence("Nobody signed the pact.", (PLACES["lake"],)),
        DraftSentence("Bananas ripen quickly in warm sunshine.", (PLACES["lake"],)),
    )
    found, unsupported = answer.sentences
    assert found.verdict.label == "supported" and answer.citations[0].quote == "Nobody signed the pact."
    assert unsupported.verdict.label == "unsupported" and not unsupported.withheld
    assert unsupported.text in str(answer)
