"""When a chat model's sentences are less than the quotes that would be given without it."""

from collections.abc import Sequence

import pytest

from rag.answering.draft import DraftSentence, Place
from rag.answering.lacking import lacking
from rag.chunking import passages
from rag.retrieval import Evidence, Reading
from rag.text import units
from rag.types import Span
from tests.fakes import document

TEXT = "Seven envoys met in Geneva on Monday. They stayed at a large hotel. The lake was calm."
MADE = document(TEXT)
SPANS = [Span(*span) for span in units(TEXT)]
(PASSAGE,) = passages(MADE)
PLACES = [Place(MADE.source, span) for span in SPANS]
QUOTES = [DraftSentence(span.of(TEXT), (place,)) for span, place in zip(SPANS, PLACES, strict=True)]
HOW = "How did the envoys live?"


def evidence(*scores: float) -> Evidence:
    """The three sentences, read with these log-odds."""
    readings = zip(SPANS, scores, strict=True)
    return Evidence((), tuple(Reading(PASSAGE, span, span.of(TEXT), score, 0.5) for span, score in readings))


def alike(question: str, texts: Sequence[str]) -> list[float]:
    return [0.0] * len(texts)


def test_a_figure_asked_for_and_left_out_is_lacking() -> None:
    read, said = evidence(5, 5, 5), ["Envoys met in the city."]
    assert lacking("How many envoys met?", read, QUOTES, said, PLACES, alike) == QUOTES
    assert not lacking("How many envoys met?", read, QUOTES, ["Seven met."], PLACES, alike)


def test_what_reads_far_worse_than_the_quotes_is_not_enough() -> None:
    def worse(question: str, texts: Sequence[str]) -> list[float]:
        return [7.0 if text == QUOTES[0].text else 0.0 for text in texts]

    assert lacking(HOW, evidence(5, 5, 5), QUOTES, ["They met."], PLACES, worse) == QUOTES


@pytest.mark.parametrize(("second", "wanted"), [(3.5, [QUOTES[0]]), (4.5, ())])
def test_the_best_quote_is_lacking_where_the_answer_rests_on_clearly_worse(
    second: float, wanted: Sequence[DraftSentence]
) -> None:
    read = evidence(5, second, -9)
    assert lacking(HOW, read, QUOTES, [QUOTES[1].text], [PLACES[1]], alike) == wanted
    assert not lacking(HOW, read, QUOTES, [QUOTES[0].text], [PLACES[0]], alike)


def test_words_that_nobody_read_are_no_better_than_the_best_quote() -> None:
    elsewhere = Place("/docs/other.txt", SPANS[0])
    assert lacking(HOW, evidence(5, 4, 3), QUOTES, ["x"], [elsewhere], alike) == [QUOTES[0]]


def test_without_quotes_nothing_is_lacking() -> None:
    assert not lacking(HOW, evidence(5, 4, 3), [], ["x"], PLACES, alike)
