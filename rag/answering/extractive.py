"""Answering without a chat model: the one to three best sentences, quoted whole, in a readable order."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.answering.draft import DraftSentence, Place
from rag.retrieval import Evidence, Reading
from rag.settings import AnswerSettings
from rag.text import count_words, plain, units, words
from rag.types import Document, Hit, Span

_ABOUT = re.compile(
    r"\b(?:what(?:['’]s| is| are| was| were)? (?:this|these|that|it|they|the (?:documents?|files?|reports?|texts?|articles?|papers?))"
    r"(?: \w+){0,3} about|summar(?:y|i[sz]e)|overview|main (?:points?|topics?|ideas?)|gist)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r"\b(?:list|which|what are|name (?:the|all|some)|who are|steps|reasons|examples|types|kinds)\b", re.IGNORECASE)
_HANGING = re.compile(
    r"[“\"'(\[]*(?:he|she|it|they|his|her|hers|its|their|theirs|this|these|those|that|such|both|neither|either|"
    r"the former|the latter|the same|another|others|one of (?:them|these|those)|as a result|therefore|thus|however|instead)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-*+•▪◦‣·]\s|\d{1,3}[.)]\s)")

SAME = 0.85
"""Share of words from which two sentences count as one said twice."""
MARGIN = 6.0
"""Log-odds by which a further sentence may be worse than the best."""
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
        if is_overview(question):
            return self._leads(evidence.hits)
        ranked = sorted(evidence.readings, key=lambda reading: -reading.score)
        if not ranked:
            return []
        chosen = self._chosen(ranked)
        if _LIST.search(question) and _ITEM.match(chosen[0].span.of(self.fetch(chosen[0].passage.source).text)):
            chosen = self._items(chosen[0], evidence.readings)
        return self._in_order(chosen, ranked)

    def _chosen(self, ranked: Sequence[Reading]) -> list[Reading]:
        """The best reading, then others while they are nearly as good, new, and there is room."""
        chosen = [ranked[0]]
        room = self.settings.words - count_words(ranked[0].text)
        for reading in ranked[1:]:
            if len(chosen) >= self.settings.sentences or reading.score < ranked[0].score - MARGIN:
                break
            length = count_words(reading.text)
            if length <= room and not any(alike(reading.text, other.text) for other in chosen):
                chosen.append(reading)
                room -= length
        return chosen

    def _items(self, best: Reading, readings: Sequence[Reading]) -> list[Reading]:
        """The list that the best item stands in, as far as there is room."""
        text = self.fetch(best.passage.source).text
        siblings = sorted(
            (reading for reading in readings if reading.passage.id == best.passage.id and _ITEM.match(reading.span.of(text))),
            key=lambda reading: abs(reading.span.start - best.span.start),
        )
        chosen, room = [], self.settings.words
        for reading in siblings[:10]:
            room -= count_words(reading.text)
            if room < 0 and chosen:
                break
            chosen.append(reading)
        return chosen

    def _in_order(self, chosen: Sequence[Reading], ranked: Sequence[Reading]) -> list[DraftSentence]:
        """Document by document, the best document first, and each in its own order."""
        sources = list(dict.fromkeys(reading.passage.source for reading in chosen))
        ordered = sorted(chosen, key=lambda reading: (sources.index(reading.passage.source), reading.span))
        drafts: list[DraftSentence] = []
        said: set[Place] = {Place(reading.passage.source, reading.span) for reading in chosen}
        for reading in ordered:
            here = Place(reading.passage.source, reading.span)
            text = reading.text
            if _HANGING.match(text):
                before = self._before(reading)
                follows = before is not None and before in said
                if before is not None and not follows and len(chosen) + len(drafts) < self.settings.sentences + 1:
                    drafts.append(self._quoted(before))
                    said.add(before)
                elif not follows:
                    text = f"{reading.passage.title}: {text}"
            drafts.append(DraftSentence(text, (here, *_elsewhere(reading, ranked))))
        return drafts

    def _before(self, reading: Reading) -> Place | None:
        """The sentence before, in the same paragraph and short enough to be worth repeating."""
        document = self.fetch(reading.passage.source)
        start = max(0, reading.span.start - 600)
        earlier = units(document.text, start, reading.span.start, media_type=document.media_type, language=document.language)
        if not earlier or (start and len(earlier) == 1):
            return None
        last = earlier[-1]
        apart = document.text[last.end : reading.span.start]
        if "\n\n" in apart or not 4 <= count_words(last.of(document.text)) <= 40:
            return None
        return Place(document.source, last)

    def _quoted(self, place: Place) -> DraftSentence:
        document = self.fetch(place.source)
        return DraftSentence(plain(place.span.of(document.text), document.media_type), (place,))

    def _leads(self, hits: Iterable[Hit]) -> list[DraftSentence]:
        """The first telling sentence of each document at hand."""
        drafts = []
        for source in list(dict.fromkeys(hit.passage.source for hit in hits))[: self.settings.sentences]:
            document = self.fetch(source)
            found = units(document.text, 0, 4000, media_type=document.media_type, language=document.language)
            headings = {heading.start for heading in document.headings}
            telling = [span for span in found if count_words(span.of(document.text)) >= LEAST_LEAD and span.start not in headings]
            if telling or found:
                drafts.append(self._quoted(Place(source, (telling or found)[0])))
        return drafts


def is_overview(question: str) -> bool:
    """Whether the question asks what the documents are about rather than for something in them."""
    return bool(_ABOUT.search(question))


def alike(one: str, other: str) -> bool:
    """Whether two sentences say the same in the same words (Jaccard index of their words)."""
    first, second = ({span.of(text).casefold() for span in words(text)} for text in (one, other))
    return len(first & second) >= SAME * len(first | second)


def _elsewhere(reading: Reading, ranked: Sequence[Reading]) -> list[Place]:
    """Where other documents say the same in the same words."""
    return [
        Place(other.passage.source, other.span)
        for other in ranked
        if other.passage.source != reading.passage.source and alike(other.text, reading.text)
    ][:2]
