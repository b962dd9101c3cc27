"""Question → Hits: two ways of finding, fused; then the sentences of the best passages are read with the question.

Fusion is a convex combination of min-max normalised scores (Bruch, Gai and Ingber 2022, "An Analysis of Fusion
Functions for Hybrid Retrieval"), chosen by measurement over reciprocal rank fusion: see evals/benchmarks/README.md.
"""

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rag.errors import EmptyQuestion
from rag.models.embedding import Embedder
from rag.models.reranking import Reranker
from rag.settings import RetrievalSettings
from rag.stores.base import Found, Store
from rag.text import count_words, plain, units, words
from rag.types import Hit, Passage, Span

STOP_WORDS = frozenset(
    "a about an and are as at be been but by can could did do does for from had has have he her his how i if in into is"
    " it its many me much my of on or our s she should so than that the their them then there these they this to was we"
    " were what when where which who whom whose why will with would you your".split()
)


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
    cosine: float = 0.0
    """Of the nearest passage with the question; 0 where none has a vector."""


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
        dense = self.store.nearest(self.embedder.embed_question(question), depth, within)
        lexical = self.store.matching(search_terms(question), depth, within)
        fused = fuse(dense, lexical, self.settings.dense_weight)
        held = self.store.passages([found.number for found in fused])
        ways = {"dense": _places(dense), "lexical": _places(lexical), "fused": _places(fused)}
        hits: list[Hit] = []
        for number, score in fused:
            if number in held:
                places = {way: ranked[number] for way, ranked in ways.items() if number in ranked}
                ranks = {way: place.rank for way, place in places.items()}
                scores = {way: place.score for way, place in places.items()}
                hits.append(Hit(held[number], len(hits) + 1, score, "fused", ranks, scores))
        return Evidence(tuple(hits), cosine=dense[0].score if dense else 0.0)

    def read(self, question: str, evidence: Evidence) -> Evidence:
        """Read the sentences of the best passages with the question, and rank those passages by their best one."""
        chosen = self._sentences(evidence.hits)
        scores = self.reranker.score(question, [_in_context(hit.passage, text) for hit, _, text in chosen])
        readings = tuple(
            Reading(hit.passage, span, text, float(score), hit.score)
            for (hit, span, text), score in zip(chosen, scores, strict=True)
        )
        return replace(
            evidence, hits=_reranked(evidence.hits, readings, self.settings.reading_weight), readings=readings
        )

    def _sentences(self, hits: Sequence[Hit]) -> list[tuple[Hit, Span, str]]:
        """Sentences of the best passages, passage by passage, each once, `windows` at most; no headings."""
        chosen: dict[tuple[str, Span], tuple[Hit, Span, str]] = {}
        headings = {
            source: self.store.headings(source) for source in {hit.passage.source for hit in hits[: self.settings.read]}
        }
        for hit in hits[: self.settings.read]:
            passage = hit.passage
            for inside in units(passage.text, media_type=passage.media_type, language=passage.language):
                span = Span(passage.start + inside.start, passage.start + inside.end)
                text = plain(inside.of(passage.text), passage.media_type)
                if count_words(text) > 1 and text != passage.title and not _within(span, headings[passage.source]):
                    chosen.setdefault((passage.source, span), (hit, span, text))
        return list(chosen.values())[: self.settings.windows]


def _within(span: Span, starts: set[int]) -> bool:
    """Whether a heading begins in `span`: Markdown's marks come before it."""
    return any(at in starts for at in range(span.start, min(span.end, span.start + 8)))


def search_terms(question: str) -> list[str]:
    """The words of a question worth looking up: all of them where it has only common ones."""
    bare = (re.sub(r"['’]s?$", "", span.of(question).casefold()) for span in words(question))
    found = list(dict.fromkeys(word for word in bare if word))
    return [word for word in found if word not in STOP_WORDS] or found


def fuse(dense: Sequence[Found], lexical: Sequence[Found], dense_weight: float) -> list[Found]:
    """Both ways' passages by `dense_weight`·dense + (1 − `dense_weight`)·lexical, scores 0..1.

    Dense scores are scaled so that the last candidate is 0 and the first 1; BM25 by its highest alone, since its 0 has
    a meaning.
    """
    least, most = (dense[-1].score, dense[0].score) if dense else (0.0, 1.0)
    meaning = {number: (score - least) / ((most - least) or 1.0) for number, score in dense}
    top = max((found.score for found in lexical), default=1.0)
    wording = {number: score / (top or 1.0) for number, score in lexical}
    scores = {
        number: dense_weight * meaning.get(number, 0.0) + (1 - dense_weight) * wording.get(number, 0.0)
        for number in {**meaning, **wording}
    }
    return [Found(number, score) for number, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))]


def probability(log_odds: float) -> float:
    """Log-odds to 0..1."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))


class _Place(NamedTuple):
    rank: int
    score: float


def _places(found: Sequence[Found]) -> dict[int, _Place]:
    return {number: _Place(rank, score) for rank, (number, score) in enumerate(found, start=1)}


def _in_context(passage: Passage, text: str) -> str:
    """A sentence alone often leaves its subject to the title."""
    return f"{passage.title}. {text}"


def _reranked(hits: Sequence[Hit], readings: Sequence[Reading], weight: float) -> tuple[Hit, ...]:
    """Every hit on the `rerank` scale: its fused score mixed with its best sentence's; unread ones count as 0."""

    def best(passage: Passage) -> float:
        inside = [
            probability(reading.score)
            for reading in readings
            if reading.passage.source == passage.source
            and passage.start <= reading.span.start
            and reading.span.end <= passage.end
        ]
        return max(inside, default=0.0)

    mixed = [(weight * best(hit.passage) + (1 - weight) * hit.score, hit) for hit in hits]
    mixed.sort(key=lambda item: -item[0])
    return tuple(
        replace(
            hit,
            rank=rank,
            score=score,
            scale="rerank",
            ranks={**hit.ranks, "rerank": rank},
            scores={**hit.scores, "rerank": score},
        )
        for rank, (score, hit) in enumerate(mixed, start=1)
    )
