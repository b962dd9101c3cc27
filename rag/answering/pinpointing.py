"""The very words that answer: what would be quoted is read for them together with the sentences around it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from rag.answering.draft import DraftSentence, Place
from rag.answering.short import tidied
from rag.models.verifying import Verifier
from rag.retrieval import Evidence
from rag.text import count_words
from rag.types import Passage, Span

READ = 3
"""Passages, at most, that are read for one question."""
WINDOW = 150
"""Words of a passage, at most, around its best sentence: some 200 tokens, which leaves room for the question."""
SUREST = 20.0
"""Log-odds beyond which a margin says no more."""


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """What was found where the reader is surest."""

    margin: float
    """Log-odds, −20..20, that there is an answer rather than none."""
    sentence: int | None = None
    """The drafted sentence that has the words whole, by its place among them; None where none has."""
    words: str = ""
    """The words of it that answer."""


@dataclass(frozen=True)
class Pinpointer:
    """Reads passages for the words that answer a question."""

    verifier: Callable[[], Verifier]
    """Called where there is something to read, so that no model is loaded before."""
    languages: Collection[str] | None
    """ISO 639-1 codes that the models know; None for all."""

    def find(self, question: str, drafts: Sequence[DraftSentence], evidence: Evidence) -> Pinpoint | None:
        """What the surest of the passages read says.

        Read are those that the drafted sentences stand in, then the best others, up to three in all. None where none
        of the drafted sentences is in a language that the models know.
        """
        known = [one for one in _windows(drafts, evidence) if self._knows(one.language)][:READ]
        quoted = [draft.places[0] for draft in drafts]
        if not any(place in window.places for place in quoted for window in known):
            return None
        found = self.verifier().find(question, [window.text for window in known])
        best, window = max(zip(found, known, strict=True), key=lambda one: one[0].margin)
        margin = max(-SUREST, min(SUREST, best.margin))
        place, words = window.words_at(best.span)
        return Pinpoint(margin, quoted.index(place), words) if place in quoted and words else Pinpoint(margin)

    def _knows(self, language: str | None) -> bool:
        return self.languages is None or language is None or language in self.languages


@dataclass(frozen=True, slots=True)
class _Window:
    """Sentences of one passage that are read together, in their order."""

    sentences: tuple[tuple[Place, str], ...]
    """Each with its text as a person reads it."""
    language: str | None

    @property
    def places(self) -> list[Place]:
        return [place for place, _ in self.sentences]

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.sentences)

    def words_at(self, span: Span) -> tuple[Place | None, str]:
        """The sentence that has all of `span` of the text, and the words there; None where two share it."""
        start = 0
        for place, text in self.sentences:
            if start <= span.start and span.end <= start + len(text):
                return place, tidied(text, Span(span.start - start, span.end - start)).of(text)
            start += len(text) + 1
        return None, ""


def _windows(drafts: Sequence[DraftSentence], evidence: Evidence) -> Iterator[_Window]:
    """Around the drafted sentences, the best first, then around the best sentence of each other passage."""
    readings = {Place(one.passage.source, one.span): one for one in evidence.readings}
    texts = {draft.places[0]: draft.text for draft in drafts} | {place: one.text for place, one in readings.items()}
    ranked = sorted(readings, key=lambda place: -readings[place].score)
    firsts = {readings[place].passage.id: place for place in reversed(ranked)}
    quoted = sorted((draft.places[0] for draft in drafts), key=lambda at: ranked.index(at) if at in readings else READ)
    others = [firsts[hit.passage.id] for hit in evidence.hits if hit.passage.id in firsts]
    done: set[Place] = set()
    for centre in (*quoted, *others):
        passage = next((hit.passage for hit in evidence.hits if _has(hit.passage, centre)), None)
        if centre in done or passage is None:
            continue
        inside = sorted((place for place in texts if _has(passage, place)), key=lambda place: place.span)
        window = _Window(tuple((place, texts[place]) for place in _around(inside, centre, texts)), passage.language)
        done.update(window.places)
        yield window


def _around(places: Sequence[Place], centre: Place, texts: dict[Place, str]) -> Sequence[Place]:
    """The centre and as many places on both sides of it as there is room for."""
    sizes = [count_words(texts[place]) for place in places]
    low = high = places.index(centre)
    total, grew = sizes[low], True
    while grew:
        grew = False
        for side in (low - 1, high + 1):
            if 0 <= side < len(sizes) and total + sizes[side] <= WINDOW:
                low, high, total, grew = min(low, side), max(high, side), total + sizes[side], True
    return places[low : high + 1]


def _has(passage: Passage, place: Place) -> bool:
    return passage.source == place.source and passage.start <= place.span.start and place.span.end <= passage.end
