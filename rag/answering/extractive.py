"""Answering without a chat model: the one to three best sentences, quoted whole, in a readable order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answering import asked
from rag.answering.draft import DraftSentence, Place
from rag.retrieval import Evidence, Reading
from rag.settings import AnswerSettings
from rag.text import count_words, shown, stems, table_header, units, words
from rag.types import Document, Hit

_HANGING = re.compile(
    r"[“\"'(\[]*(?:he|she|it|they|his|her|hers|its|their|theirs|this|these|those|that|such|both|neither|either|"
    r"the former|the latter|one of (?:them|these|those))\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-*+•▪◦‣·]\s|\d{1,3}[.)]\s)")

_ASKING = re.compile(r"\basked\b|\?[”\"'’]?$", re.IGNORECASE)

_ROW = re.compile(r"[^:;]+: [^;]+(?:; [^:;]+: [^;]+)+")

SAME = 0.85
"""Share of words from which two sentences count as one said twice."""
FOUND_WELL, RIGHT_KIND = 8.0, 2.0
"""Log-odds that a sentence gains: its passage found best of all, and the kind of thing asked for in it."""
MARGIN, FLOOR = 6.0, 4.0
"""A further sentence may be worse than the best by `MARGIN`, and must reach `FLOOR`. All four were chosen on Natural
Questions: see evals/benchmarks/README.md."""
ROW_MARGIN = 1.0
"""A further row of a table, which is like all the others, must be nearly as good as the best."""
LONGEST_SUBJECT = 40
"""Words, at most, of a sentence that is quoted only to name the next one's subject."""
LEAST_LEAD = 8
"""Words, at least, of a sentence that says what a document is about."""

Fetch = Callable[[str], Document]


@dataclass(frozen=True)
class Quoter:
    """Drafts answers from sentences of the evidence."""

    settings: AnswerSettings
    fetch: Fetch
    """The whole document of a source."""

    def draft(self, question: str, evidence: Evidence) -> list[DraftSentence]:
        """The sentences that answer best, each citing itself; none where nothing was read."""
        if wants_overview(question, evidence.hits):
            return self._leads(question, evidence.hits)
        merits = {at: merit(question, reading) for at, reading in enumerate(evidence.readings)}
        ranked = [(evidence.readings[at], merits[at]) for at in sorted(merits, key=lambda at: -merits[at])]
        if not ranked:
            return []
        best = ranked[0][0]
        if asked.several(question) and _ITEM.match(best.span.of(self.fetch(best.passage.source).text)):
            chosen = self._items(best, evidence.readings)
        else:
            chosen = self._chosen(ranked)
        return self._in_order(chosen, evidence.readings)

    def _chosen(self, ranked: Sequence[tuple[Reading, float]]) -> list[Place]:
        """The best sentence, then others while they are nearly as good, new, and there is room.

        A sentence whose subject is left to the one before brings that one along.
        """
        chosen: list[Place] = []
        texts: list[str] = []
        for reading, merit in ranked:
            margin = ROW_MARGIN if _ROW.fullmatch(reading.text) else MARGIN
            if chosen and merit < max(FLOOR, ranked[0][1] - margin):
                continue
            wanted = [place for place in self.with_company(reading) if place not in chosen]
            length = sum(count_words(self._text(place)) for place in wanted)
            fits = len(chosen) + len(wanted) <= self.settings.sentences
            fits = fits and sum(map(count_words, texts)) + length <= self.settings.words
            if not chosen or (fits and not any(alike(reading.text, text) for text in texts)):
                chosen.extend(wanted)
                texts.extend(self._text(place) for place in wanted)
        return chosen

    def _items(self, best: Reading, readings: Sequence[Reading]) -> list[Place]:
        """The list that the best item stands in, as far as there is room."""
        text = self.fetch(best.passage.source).text
        siblings = sorted(
            (
                reading
                for reading in readings
                if reading.passage.id == best.passage.id and _ITEM.match(reading.span.of(text))
            ),
            key=lambda reading: abs(reading.span.start - best.span.start),
        )
        chosen: list[Place] = []
        room = self.settings.words
        for reading in siblings[:10]:
            room -= count_words(reading.text)
            if room < 0 and chosen:
                break
            chosen.append(_place(reading))
        return chosen

    def _in_order(self, chosen: Sequence[Place], readings: Sequence[Reading]) -> list[DraftSentence]:
        """Document by document, the best document first, and each in its own order."""
        sources = list(dict.fromkeys(place.source for place in chosen))
        drafts = []
        for place in sorted(chosen, key=lambda place: (sources.index(place.source), place.span)):
            text = self._text(place)
            if _HANGING.match(text) and self._before(place) not in chosen:
                text = f"{self.fetch(place.source).title}: {text}"
            drafts.append(DraftSentence(text, (place, *self.header(place), *_elsewhere(place, text, readings))))
        return drafts

    def with_company(self, reading: Reading) -> list[Place]:
        """A sentence with those it cannot do without: its subject's before it, the list or reply that it announces."""
        here = _place(reading)
        before = self._before(here) if _HANGING.match(reading.text) else None
        lead = [here] if before is None else [before, here]
        if reading.text.endswith(":"):
            return lead + self._after(here, items=True)
        if _ASKING.search(reading.text):
            return lead + self._after(here)
        return lead

    def header(self, place: Place) -> list[Place]:
        """The column headings of a Markdown row, which are cited with it."""
        document = self.fetch(place.source)
        header = table_header(document.text, place.span) if document.media_type == "text/markdown" else None
        return [] if header is None else [Place(place.source, header)]

    def _text(self, place: Place) -> str:
        document = self.fetch(place.source)
        return shown(document.text, place.span, document.media_type)

    def _before(self, place: Place) -> Place | None:
        """The sentence before, in the same section and short enough to be worth repeating."""
        document = self.fetch(place.source)
        start = max(0, place.span.start - 600)
        earlier = units(
            document.text, start, place.span.start, media_type=document.media_type, language=document.language
        )
        if not earlier or (start and len(earlier) == 1):
            return None
        last = earlier[-1]
        headings = {heading.start for heading in document.headings}
        if (
            last.start in headings
            or place.span.start in headings
            or not 4 <= count_words(last.of(document.text)) <= LONGEST_SUBJECT
        ):
            return None
        return Place(document.source, last)

    def _after(self, place: Place, items: bool = False) -> list[Place]:
        """The next sentence, or with `items` the list that begins there, as far as there is room."""
        document = self.fetch(place.source)
        end = min(len(document.text), place.span.end + 1500)
        later = units(document.text, place.span.end, end, media_type=document.media_type, language=document.language)
        taken: list[Place] = []
        room = self.settings.words - count_words(place.span.of(document.text))
        for span in later[:10] if items else later[:1]:
            is_item = bool(_ITEM.match(span.of(document.text)))
            room -= count_words(span.of(document.text))
            if (taken and not is_item) or room < 0:
                break
            taken.append(Place(place.source, span))
            if not is_item:
                break
        return taken

    def _leads(self, question: str, hits: Sequence[Hit]) -> list[DraftSentence]:
        """The first telling sentence of each document at hand; only of those whose names the question has, if any."""
        meant = _named(question, hits) or list(dict.fromkeys(hit.passage.source for hit in hits))
        drafts = []
        for source in meant[: self.settings.sentences]:
            document = self.fetch(source)
            found = units(document.text, 0, 4000, media_type=document.media_type, language=document.language)
            headings = {heading.start for heading in document.headings}
            telling = [
                span
                for span in found
                if count_words(span.of(document.text)) >= LEAST_LEAD and span.start not in headings
            ]
            if telling or found:
                place = Place(source, (telling or found)[0])
                drafts.append(DraftSentence(self._text(place), (place,)))
        return drafts


def lists(drafts: Sequence[DraftSentence], fetch: Fetch) -> bool:
    """Whether the drafts are items of a list: two or more of them."""
    first = [draft.places[0] for draft in drafts]
    return sum(bool(_ITEM.match(place.span.of(fetch(place.source).text))) for place in first) > 1


def wants_overview(question: str, hits: Sequence[Hit]) -> bool:
    """Whether the question asks what the documents, or one that it names, are about."""
    return asked.overview(question) or (asked.perhaps_overview(question) and bool(_named(question, hits)))


def _named(question: str, hits: Sequence[Hit]) -> list[str]:
    """The sources whose titles or file names share most words with what the question is about, and at least half of
    these; none where none do."""
    subject = set(stems(asked.subject(question)))
    titles = {hit.passage.source: f"{hit.passage.title} {hit.passage.source.rsplit('/', 1)[-1]}" for hit in hits}
    shared = {source: len(subject.intersection(stems(title))) for source, title in titles.items()}
    most = max(shared.values(), default=0)
    return [source for source in titles if most and 2 * most >= len(subject) and shared[source] == most]


def alike(one: str, other: str) -> bool:
    """Whether two sentences say the same in the same words (Jaccard index of their words)."""
    first, second = ({span.of(text).casefold() for span in words(text)} for text in (one, other))
    return len(first & second) >= SAME * len(first | second)


def merit(question: str, reading: Reading) -> float:
    """Log-odds that a sentence answers, from the sentence, its passage, and the kind of thing asked for."""
    return reading.score + FOUND_WELL * reading.fused + RIGHT_KIND * asked.has_kind(question, [reading.text])


def _place(reading: Reading) -> Place:
    return Place(reading.passage.source, reading.span)


def _elsewhere(place: Place, text: str, readings: Sequence[Reading]) -> list[Place]:
    """Where other documents say the same in the same words."""
    return [
        _place(reading) for reading in readings if reading.passage.source != place.source and alike(reading.text, text)
    ][:2]
