"""What a chat model's sentences lack that the quotes given without a model would say."""

from collections.abc import Callable, Sequence

from rag.answering import asked
from rag.answering.draft import DraftSentence, Place
from rag.answering.extractive import MARGIN, ROW_MARGIN, merit
from rag.retrieval import Evidence

Score = Callable[[str, Sequence[str]], Sequence[float]]
"""Log-odds that texts answer a question."""


def lacking(
    question: str,
    read: Evidence,
    quotes: Sequence[DraftSentence],
    said: Sequence[str],
    places: Sequence[Place],
    score: Score,
) -> Sequence[DraftSentence]:
    """The quotes that sentences (`said`, which rest on `places`) may not go without; none where they are enough.

    All of them where the quotes have the kind of thing asked for (a figure, a date, a name) and the sentences have not;
    where these have not got it for sure, also where the quotes answer better by `MARGIN`. The best alone where the
    sentences do not rest on it, and what they rest on is worse by more than `ROW_MARGIN`.
    """
    if not quotes:
        return ()
    kind = asked.has_kind(question, said)
    if asked.has_kind(question, [quote.text for quote in quotes]) > kind:
        return quotes
    if kind < 1:
        scores = score(question, [*(quote.text for quote in quotes), " ".join(said), *said])
        if max(scores[: len(quotes)]) - max(scores[len(quotes) :]) > MARGIN:
            return quotes
    merits = {quote: _merit(question, read, [quote.places[0]]) for quote in quotes}
    best = max(quotes, key=lambda quote: merits[quote])
    return [best] if merits[best] - _merit(question, read, places) > ROW_MARGIN else ()


def _merit(question: str, read: Evidence, places: Sequence[Place]) -> float:
    """Of the sentences read that meet any of the places, that of the best; −∞ for none."""
    found = (
        merit(question, reading)
        for reading in read.readings
        for place in places
        if reading.passage.source == place.source
        and reading.span.start < place.span.end
        and place.span.start < reading.span.end
    )
    return max(found, default=float("-inf"))
