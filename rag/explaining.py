"""Why a passage came: the rank and score that each way of finding gave it, and the question's words it holds."""

from dataclasses import dataclass

from rag.retrieval import search_terms
from rag.text import plain, stems
from rag.types import Hit

WAYS = {"dense": "meaning", "lexical": "words", "fused": "together", "rerank": "read"}
"""The ways of a `Hit`, in the order they are gone, and what each looks at."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one way made of a passage."""

    way: str
    """One of the values of `WAYS`."""
    rank: int | None
    """From 1; None where this way did not bring it."""
    score: float | None
    """Cosine for meaning, BM25 for words, 0..1 for the other two; None where there is none."""


def reasons(hit: Hit) -> list[Reason]:
    """One reason for each way, in the order they are gone; without `read` where nothing was reranked."""
    return [
        Reason(name, hit.ranks.get(way), hit.scores.get(way))
        for way, name in WAYS.items()
        if way != "rerank" or way in hit.ranks
    ]


def shared_words(question: str, hit: Hit) -> list[str]:
    """The words of the question, common ones aside, that stand in the passage, its title or its headings."""
    passage = hit.passage
    held = set(stems(f"{passage.title} {passage.heading} {plain(passage.text, passage.media_type)}"))
    return [word for word in search_terms(question) if held.intersection(stems(word))]
