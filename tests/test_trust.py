"""Quotes at their places, the confidence of an answer, and saying no."""

from dataclasses import replace
from pathlib import Path

import pytest

from rag import Library
from rag.retrieval import Evidence
from rag.trust import abstention
from rag.trust.abstention import Signals
from rag.trust.citing import verify_quote
from rag.types import Citation, Document
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document


def cite(made: Document, start: int, end: int, **changes: object) -> Citation:
    fields = {"sha256": made.sha256, "quote": made.text[start:end], **changes}
    return Citation(1, made.source, title=made.title, start=start, end=end, **fields)  # type: ignore[arg-type]


def test_a_quote_must_stand_where_it_says_in_the_version_it_names() -> None:
    made = document("Seven envoys met. Nobody signed.")
    good = cite(made, 0, 17)
    assert verify_quote("Seven envoys met.", [(good, made)]).span == good
    moved = verify_quote("Seven envoys met.", [(cite(made, 1, 18, quote=good.quote), made)])
    assert moved.label == "unsupported" and "does not stand" in moved.notes[0]
    other = verify_quote("Seven envoys met.", [(cite(made, 0, 17, sha256="0"), made)])
    assert other.support is None and "has changed" in other.notes[0]


def test_confidence_grows_with_the_evidence() -> None:
    weak = Signals(reading=-6, coverage=0.2, rarest=0, names=0, agreement=0)
    strong = Signals(reading=8, coverage=1.0, rarest=1, names=1, agreement=1)
    assert abstention.confidence(replace(strong, agreement=0)) <= abstention.confidence(strong)
    assert 0 <= abstention.confidence(weak) < 0.2 < 0.7 < abstention.confidence(strong) <= 1


def test_signals_by_hand() -> None:
    """Of ten passages one has "envoy", ten "report": weights ln(11 ÷ 1.5) = 1.992 and, for ln(11 ÷ 10.5) = .05, .1."""
    texts = ["Talks. Seven envoys met.", "The second report."]
    found = abstention.signals(
        "What did the envoys of Geneva report?", Evidence(()), texts, lambda stems: (10, [1, 0, 10])
    )
    assert abstention.rarity(10, [1, 10]) == pytest.approx([1.9924, 0.1], abs=1e-4)
    assert (found.names, found.rarest) == (0.0, 0.0)
    share = abstention._share(["envoi", "report"], [1.9924, 0.1], {"envoi"})
    assert share == pytest.approx(1.9924 / 2.0924)
    assert abstention._share([], [], set()) == 0.0


def test_what_the_documents_do_not_say_is_an_answer_with_a_reason(tmp_path: Path) -> None:
    with Library(tmp_path / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        nothing = library.ask("Who is the mayor of Atlantis?")
        assert (nothing.status, nothing.reason, nothing.evidence) == ("abstained", "no_evidence", ())
        library.add_documents([document("Seven envoys met in Geneva. Nobody signed.")])
        silent = library.ask("Who is the mayor of Atlantis?")
        assert silent.status == "abstained" and silent.reason in ("no_evidence", "weak_evidence")
        assert silent.text == str(silent) == "The documents don't say."
        assert silent.sentences == () and silent.citations == () and len(silent.evidence) == 1
        assert 0 <= silent.confidence < 0.5
        assert library.ask("Who is the mayor of Atlantis?", abstain=False).status == "answered"
