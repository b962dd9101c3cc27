"""Question → Hits: two ways of finding, fused; then the sentences of the best passages are read with the question."""

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from rag.chunking import joined
from rag.errors import EmptyQuestion
from rag.fusion import fuse, rerank
from rag.models.embedding import Embedder
from rag.models.reranking import Reranker
from rag.settings import RetrievalSettings
from rag.stores.base import Found, Store
from rag.text import count_words, heads_table, is_heading_like, shown, stems, trail, units, words
from rag.types import Hit, Passage, Span

STOP_WORDS = frozenset(
    "a about an and are as at be been but by can could did do does for from had has have he her his how i if in into is"
    " it its many me much my of on or our s she should so than that the their them then there these they this to was we"
    " were what when where which who whom whose why will with would you your".split()
)


UNMARKED = {
    "text/plain",
    "text/html",
    "application/pdf",
    "application/epub+zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "message/rfc822",
}
"""In these a line can be a heading or a caption without being marked as one; it is told by how it stands."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence that the reranker read together with the question."""

    passage: Passage
    span: Span
    """In the document's text."""
    text: str
    """The sentence as a person reads it, markup dropped."""
    score: float
    """Log-odds that it answers the question."""
    fused: float
    """0..1: how well its passage was found."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question: passages best first, and their sentences as they were read."""

    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Retriever:
    """Finds and reads passages of one store."""

    store: Store
    embedder: Embedder
    reranker: Reranker
    settings: RetrievalSettings

    def find(self, question: str, within: Collection[str] | None = None) -> Evidence:
        """Passages by meaning and by words, fused, best first. Raises `EmptyQuestion`."""
        if not words(question):
            raise EmptyQuestion("the question is empty; ask in a few words")
        while True:
            generation = self.store.generation()
            evidence = self._find(question, within)
            if generation == self.store.generation():
                return evidence

    def _find(self, question: str, within: Collection[str] | None) -> Evidence:
        """What is found, if the library stands still meanwhile: a passage replaced half-way would be missing."""
        depth = self.settings.depth
        vector = self.embedder.embed_question(question)
        dense = self.store.nearest(vector, depth, within)
        lexical = self.store.matching(search_terms(question), depth, within)
        cosines, bm25 = dict(dense), dict(lexical)
        cosines |= self.store.cosines(vector, [number for number in bm25 if number not in cosines])
        held = self.store.passages(list({**cosines, **bm25}))
        words_only = [number for number, passage in held.items() if not self._is_known(passage)]
        fused = [one for one in fuse(cosines, bm25, self.settings.dense_weight, words_only) if one.number in held]
        ranks = {"dense": _ranks(dense), "lexical": _ranks(lexical), "fused": _ranks(fused)}
        scores = {"dense": cosines, "lexical": bm25, "fused": dict(fused)}
        return Evidence(
            tuple(
                Hit(
                    held[number],
                    rank,
                    score,
                    "fused",
                    {way: ranked[number] for way, ranked in ranks.items() if number in ranked},
                    {way: scored[number] for way, scored in scores.items() if number in scored},
                )
                for rank, (number, score) in enumerate(fused, start=1)
            )
        )

    def read(self, question: str, evidence: Evidence) -> Evidence:
        """Read the sentences of the best passages with the question, and rank those passages by their best one."""
        unread = self._sentences(evidence.hits)
        known = [one for one in unread if self._is_known(one.hit.passage)]
        scores = dict(zip(known, self.reranker.score(question, [one.in_context() for one in known]), strict=True))
        readings = tuple(
            Reading(
                one.hit.passage,
                one.span,
                one.text,
                float(scores[one]) if one in scores else _shared_words(question, one.text),
                one.hit.scores["fused"],
            )
            for one in unread
        )
        hits = rerank(evidence.hits, _best(evidence.hits, readings), self.settings.reading_weight)
        return replace(evidence, hits=hits, readings=readings)

    def _is_known(self, passage: Passage) -> bool:
        """Whether the models know the passage's language; else it has no vector, and the reranker would only guess."""
        languages = self.embedder.languages
        return languages is None or passage.language is None or passage.language in languages

    def _sentences(self, hits: Sequence[Hit]) -> list["_Unread"]:
        """Sentences of the best passages, passage by passage, each once, as many as may be read; no headings."""
        chosen: dict[tuple[str, Span], _Unread] = {}
        for hit in hits[: self.settings.read]:
            sentences = self._sentences_of(hit)
            telling = [one for one in sentences if not one.heading_like]
            for one in telling or sentences:
                chosen.setdefault((hit.passage.source, one.span), one)
        words = accumulate(count_words(one.in_context()) for one in chosen.values())
        within = sum(total <= self.settings.reading_words for total in words)
        return list(chosen.values())[: min(self.settings.windows, max(1, within))]

    def _sentences_of(self, hit: Hit) -> list["_Unread"]:
        passage, found = hit.passage, []
        headings = self.store.headings(passage.source)
        starts = {heading.start for heading in headings}
        named = [(heading.level, heading.start, heading.name) for heading in headings]
        unmarked = passage.media_type in UNMARKED
        whole, offset = self._with_tables(passage)
        for inside in units(passage.text, media_type=passage.media_type, language=passage.language):
            span = Span(passage.start + inside.start, passage.start + inside.end)
            text = shown(whole, Span(inside.start + offset, inside.end + offset), passage.media_type)
            if count_words(text) < 2 or text == passage.title or _within(span, starts):
                continue
            heading = joined(trail(named, span.start), passage.title)
            heading_like = heads_table(passage.text, inside) or (unmarked and is_heading_like(passage.text, inside))
            found.append(_Unread(hit, span, text, heading, heading_like))
        return found

    def _with_tables(self, passage: Passage) -> tuple[str, int]:
        """A text that holds the passage, and where: a table that runs into it has its column headings before it."""
        if passage.media_type == "text/markdown" and passage.text.startswith("|"):
            document = self.store.document(passage.source)
            if document is not None and document.text[passage.start : passage.end] == passage.text:
                return document.text, passage.start
        return passage.text, 0


@dataclass(frozen=True, slots=True, eq=False)
class _Unread:
    """A sentence before it is read."""

    hit: Hit
    span: Span
    text: str
    heading: str
    heading_like: bool

    def in_context(self) -> str:
        """With title and headings, to which a sentence often leaves its subject."""
        return ". ".join(part for part in (self.hit.passage.title, self.heading, self.text) if part)


def _shared_words(question: str, text: str) -> float:
    """Log-odds for a language that no model here knows: 6 for all the question's words, −6 for none."""
    asked = set(stems(" ".join(search_terms(question))))
    return 12 * len(asked.intersection(stems(text))) / (len(asked) or 1) - 6


def _within(span: Span, starts: set[int]) -> bool:
    """Whether a heading begins in `span`: Markdown's marks come before it."""
    return any(at in starts for at in range(span.start, min(span.end, span.start + 8)))


def search_terms(question: str) -> list[str]:
    """The words of a question worth looking up: all of them where it has only common ones."""
    bare = (re.sub(r"['’]s?$", "", span.of(question).casefold()) for span in words(question))
    found = list(dict.fromkeys(word for word in bare if word))
    return [word for word in found if word not in STOP_WORDS] or found


def probability(log_odds: float) -> float:
    """Log-odds to 0..1."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))


def _ranks(found: Sequence[Found]) -> dict[int, int]:
    return {one.number: rank for rank, one in enumerate(found, start=1)}


def _best(hits: Sequence[Hit], readings: Sequence[Reading]) -> dict[str, float]:
    """The log-odds of each passage's best sentence, by passage id. Overlapping passages share their sentences."""
    found: dict[str, float] = {}
    for hit in hits:
        passage = hit.passage
        inside = [
            reading.score
            for reading in readings
            if reading.passage.source == passage.source
            and passage.start <= reading.span.start
            and reading.span.end <= passage.end
        ]
        if inside:
            found[passage.id] = max(inside)
    return found
