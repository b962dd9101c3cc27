"""Where documents give different values for the same thing, and the answer rests on one of them.

A false conflict is worse than a missed one: two sentences must speak of the same thing and differ in one value only.
The bounds were set by hand on 300 questions of Natural Questions and CLAPNQ, on copies of its passages with one value
changed, on pairs of single sentences, and on the seeds; on 407 questions of Natural Questions none is shown.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.answering import asked
from rag.answering.draft import Place
from rag.retrieval import Evidence, Reading
from rag.text import count_words, shown, units
from rag.trust.abstention import Frequencies, rarity
from rag.trust.alignment import Token
from rag.trust.comparing import Weigh, agree, difference, likeness, one_subject, same_slot
from rag.trust.frames import Difference
from rag.trust.matter import Matter
from rag.trust.said import Said, may_compare
from rag.trust.sides import Disagreement, told
from rag.types import Document, Passage, Span

WORD_FOR_WORD, VERBATIM, PARAPHRASE = 0.9, 0.8, 0.5
"""Likeness from which two sentences say the same of a name or a yes and no; of a figure or date; of one if `CLOSE`."""
CLOSE, SAME_EVENT = 0.85, 0.82
"""Cosine of two sentences without their values, and of what stands around two dates that may be one."""
LEAST_SHARED = 3
"""Words that two sentences must share to speak of the same thing at all."""
WELL_READ = 3.0
"""Log-odds below the best sentence down to which one counts as answering, though it is not quoted."""
SAME_BUT_ONE = 0.85
"""Likeness from which a sentence says what a quoted one says but for one value: its reader should know, whatever was
asked."""
ANCHORS, UNREAD, TO_EMBED = 6, 8, 4
"""Sentences that are held against others; passages found but not read that those come from; texts to embed."""
AROUND = 50
"""Words of a sentence and what follows it, at most, that tell its event."""

_COUNTED = ("date", "figure")

Fetch = Callable[[str], Document]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two sentences of two documents that differ in one value."""

    one: Said
    other: Said
    found: Difference
    like: float
    """0..1: the words that they share."""
    texts: tuple[str, str] | None = None
    """What must be near by meaning too; None where the words suffice."""
    least: float = 0.0
    """How near, as a cosine."""


@dataclass(frozen=True)
class Examiner:
    """Holds the sentences that an answer rests on against what other documents say."""

    fetch: Fetch
    frequencies: Frequencies
    embed: Embed

    def disagreements(self, question: str, quoted: Sequence[Place], evidence: Evidence) -> list[Disagreement]:
        """Where documents found for the question contradict what was quoted, or one another on what is asked for."""
        anchors = self._anchors(question, quoted, evidence)
        others = _others(anchors, evidence)
        weigh = _rarity([*anchors, *others], self.frequencies)
        matter = Matter(question, evidence, self.frequencies)
        pairs = [
            pair
            for anchor in anchors
            for other in others
            if other.source != anchor.source and (pair := self._pair(anchor, other, weigh))
            if (anchor.place in quoted and pair.like >= SAME_BUT_ONE)
            or (
                matter.is_of_its_kind(pair.one, pair.found)
                and (pair.found.may_meet or matter.is_shared(anchor, other, pair.found))
            )
        ]
        sure = _nearest_events(self._near(pairs))
        found: list[Disagreement] = []
        for anchor in anchors:
            mine = [(pair.other, pair.found) for pair in _best(pair for pair in sure if pair.one is anchor)]
            if mine:
                agreeing = [other for other in others if _agrees(anchor, other, weigh)]
                found.append(told(anchor, mine, agreeing, self.fetch))
        return _each_once(found)

    def _anchors(self, question: str, quoted: Sequence[Place], evidence: Evidence) -> list[Said]:
        """The sentences quoted, then those that answer nearly as well and have the kind of thing asked for."""
        best = max((reading.score for reading in evidence.readings), default=0.0)
        read = [
            _said(reading)
            for reading in sorted(evidence.readings, key=lambda reading: -reading.score)
            if reading.score >= best - WELL_READ and asked.has_kind(question, [reading.text]) == 1.0
        ]
        sentences = [self._at(place) for place in quoted]
        return list({said.place: said for said in [*sentences, *read]}.values())[:ANCHORS]

    def _at(self, place: Place) -> Said:
        document = self.fetch(place.source)
        return Said(place, shown(document.text, place.span, document.media_type), document.title)

    def _pair(self, one: Said, other: Said, weigh: Weigh) -> _Pair | None:
        """The two, if they may be speaking of the same thing and differ in one value."""
        if not may_compare(one, other, LEAST_SHARED) or not (found := difference(one, other)):
            return None
        shared = len(one.keys & other.keys) + (one.title == other.title) + found.framed
        if found.framed:
            shared += sum(any(agree(figure, its) for its in other.figures) for figure in one.figures)
        like = likeness(one, other, weigh, found)
        if shared >= LEAST_SHARED and like >= (VERBATIM if found.kind in _COUNTED else WORD_FOR_WORD):
            return _Pair(one, other, found, like) if one_subject(one, other, found) else None
        if found.may_meet:
            mine, theirs = (replace(said, text=self._around(said)) for said in (one, other))
            if len(mine.keys & theirs.keys) <= LEAST_SHARED or not one_subject(mine, theirs, found):
                return None
            return _Pair(one, other, found, likeness(mine, theirs, weigh), (mine.text, theirs.text), SAME_EVENT)
        counted = found.kind in _COUNTED and like >= PARAPHRASE and shared >= LEAST_SHARED
        if counted and same_slot(one, other, found) and one_subject(one, other, found):
            return _Pair(one, other, found, like, (_masked(one, found.one), _masked(other, found.other)), CLOSE)
        return None

    def _around(self, said: Said) -> str:
        """A sentence with the two that follow, where a report goes on about the same event."""
        document = self.fetch(said.source)
        end = min(len(document.text), said.span.end + 800)
        after = units(document.text, said.span.end, end, media_type=document.media_type, language=document.language)
        texts = [said.text, *(shown(document.text, span, document.media_type) for span in after[:2])]
        return " ".join(" ".join(texts).split()[:AROUND])

    def _near(self, pairs: Sequence[_Pair]) -> list[_Pair]:
        """Those pairs that are near by meaning, where the words do not suffice."""
        doubtful = sorted((pair for pair in pairs if pair.texts), key=lambda pair: -pair.like)
        texts: list[str] = []
        for pair in doubtful:
            new = [text for text in pair.texts or () if text not in texts]
            texts += new if len(texts) + len(new) <= TO_EMBED else []
        vectors = dict(zip(texts, self.embed(texts), strict=True))
        sure = []
        for pair in pairs:
            if pair.texts is None:
                sure.append((1.0 + pair.like, pair))
            elif all(text in vectors for text in pair.texts):
                cosine = float(vectors[pair.texts[0]] @ vectors[pair.texts[1]])
                if cosine >= pair.least:
                    sure.append((cosine, pair))
        return [pair for _, pair in sorted(sure, key=lambda item: -item[0])]


def _nearest_events(pairs: Sequence[_Pair]) -> list[_Pair]:
    """The pairs, best first; of those whose dates may be one only the best of any two documents."""
    kept: list[_Pair] = []
    seen: set[frozenset[str]] = set()
    for pair in pairs:
        documents = frozenset((pair.one.source, pair.other.source))
        if not pair.found.may_meet or documents not in seen:
            kept.append(pair)
        if pair.found.may_meet:
            seen.add(documents)
    return kept


def _best(pairs: Iterable[_Pair]) -> list[_Pair]:
    """The first pair with each document."""
    found: dict[str, _Pair] = {}
    for pair in pairs:
        found.setdefault(pair.other.source, pair)
    return list(found.values())


def _each_once(found: Sequence[Disagreement]) -> list[Disagreement]:
    """Of those with the same values on their sides only the first."""
    kept: dict[frozenset[str], Disagreement] = {}
    for one in found:
        kept.setdefault(frozenset(side.value.casefold() for side in one.sides), one)
    return list(kept.values())


def _said(reading: Reading) -> Said:
    return Said(Place(reading.passage.source, reading.span), reading.text, reading.passage.title)


def _others(anchors: Sequence[Said], evidence: Evidence) -> list[Said]:
    """What other documents say: the sentences read, and those of the next passages found."""
    sources = {said.source for said in anchors}
    found = {said.place: said for said in map(_said, evidence.readings)}
    read = {reading.passage.id for reading in evidence.readings}
    unread = [hit.passage for hit in evidence.hits if hit.passage.id not in read and {hit.passage.source} != sources]
    for passage in unread[:UNREAD]:
        for said in _sentences(passage):
            found.setdefault(said.place, said)
    return [
        said
        for said in found.values()
        if any(said.source != anchor.source and may_compare(anchor, said, LEAST_SHARED) for anchor in anchors)
    ]


def _sentences(passage: Passage) -> Iterator[Said]:
    for inside in units(passage.text, media_type=passage.media_type, language=passage.language):
        text = shown(passage.text, inside, passage.media_type)
        if count_words(text) > LEAST_SHARED:
            span = Span(passage.start + inside.start, passage.start + inside.end)
            yield Said(Place(passage.source, span), text, passage.title)


def _rarity(sentences: Sequence[Said], frequencies: Frequencies) -> Weigh:
    """A word's weight: its inverse document frequency in the library."""
    keys = sorted({key for said in sentences for key in said.keys})
    total, counts = frequencies(keys)
    weights = dict(zip(keys, rarity(total, counts), strict=True))

    def weigh(token: Token) -> float:
        return min((weights[key] for key in token.keys if key in weights), default=0.1)

    return weigh


def _agrees(anchor: Said, other: Said, weigh: Weigh) -> bool:
    """Whether another document says the same, value and all."""
    if other.source == anchor.source or likeness(anchor, other, weigh) < VERBATIM:
        return False
    return difference(anchor, other) is None and len(anchor.figures) == len(other.figures)


def _masked(said: Said, value: Span) -> str:
    return f"{said.text[: value.start]}…{said.text[value.end :]}"
