"""Evidence as retrieval would give it, made of documents without a store."""

from rag.retrieval import Evidence, Reading
from rag.text import shown, units
from rag.types import Document, Hit, Passage


def passage(made: Document, heading: str = "") -> Passage:
    whole = (made.source, made.id, made.source, made.title, 0, len(made.text), made.text)
    return Passage(*whole, heading=heading, media_type=made.media_type)


def evidence(*documents: Document, scores: dict[str, float] | None = None, heading: str = "") -> Evidence:
    """All their sentences as read; the more by `scores`, looked up by a sentence's first word, the better."""
    hits = tuple(Hit(passage(made, heading), rank, 0.5, "rerank") for rank, made in enumerate(documents, 1))
    readings = [
        Reading(hit.passage, span, text, (scores or {}).get(text.split()[0], 0.0), 0.5)
        for hit, made in zip(hits, documents, strict=True)
        for span in units(made.text, media_type=made.media_type)
        for text in [shown(made.text, span, made.media_type)]
    ]
    return Evidence(hits, tuple(readings))
