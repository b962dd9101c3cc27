"""Citations that are enough and no more."""

from rag.trust.citing import looked_for, necessary
from rag.types import Citation, Document, Hit, Passage
from tests.fakes import document


def cite(made: Document, quote: str, marker: int) -> tuple[Citation, Document]:
    start = made.text.index(quote)
    return Citation(marker, made.source, made.sha256, made.title, start, start + len(quote), quote), made


MADE = document("Seven envoys met in Geneva. Nobody signed the pact. The lake was calm that day.")
ENVOYS, NOBODY, LAKE = (
    cite(MADE, quote, number)
    for number, quote in enumerate(
        ["Seven envoys met in Geneva.", "Nobody signed the pact.", "The lake was calm that day."], 1
    )
)


def test_a_superfluous_citation_is_dropped() -> None:
    verdict, kept = necessary("Seven envoys met in Geneva.", [ENVOYS, LAKE])
    assert kept == [ENVOYS] and verdict.label == "supported" and verdict.span == ENVOYS[0]


def test_two_that_each_suffice_are_both_kept() -> None:
    other = document("A copy. Seven envoys met in Geneva.", source="/copy.txt")
    again = cite(other, "Seven envoys met in Geneva.", 2)
    assert necessary("Seven envoys met in Geneva.", [ENVOYS, again])[1] == [ENVOYS, again]


def test_what_needs_both_keeps_both() -> None:
    verdict, kept = necessary("Seven envoys met in Geneva. Nobody signed the pact.", [ENVOYS, NOBODY, LAKE])
    assert kept == [ENVOYS, NOBODY] and verdict.label == "supported"


def test_an_unsupported_sentence_keeps_what_it_cites() -> None:
    verdict, kept = necessary("Bananas ripen quickly in the warm sunshine.", [ENVOYS, LAKE])
    assert verdict.label == "unsupported" and kept == [ENVOYS, LAKE]


def test_a_missing_citation_is_looked_for_in_the_evidence() -> None:
    passage = Passage("p", MADE.id, MADE.source, MADE.title, 28, len(MADE.text), MADE.text[28:])
    hit = Hit(passage, 1, 1.0, "fused")
    found = looked_for("Nobody signed the pact.", [hit], lambda source: MADE)
    assert found is not None and (found[0], found[1].of(MADE.text)) == (MADE.source, "Nobody signed the pact.")
    assert looked_for("Bananas ripen quickly in the warm sunshine.", [hit], lambda source: MADE) is None
    assert looked_for("Nobody signed the pact.", [], lambda source: MADE) is None
