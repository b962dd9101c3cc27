"""Citations that are enough and no more: recall and precision as ALCE defines them, on spans of characters.

A sentence has recall where its citations together support it. One of them is superfluous where it does not support the
sentence alone and the others do without it (Gao et al. 2023, https://arxiv.org/abs/2305.14627, section 4.2).
"""

from collections.abc import Callable, Sequence

from rag.trust.alignment import Statement, best_windows, statements
from rag.trust.support import ENOUGH, verify_quote
from rag.types import Citation, Document, Hit, Span, Verdict

Cited = Sequence[tuple[Citation, Document]]


def necessary(sentence: str, cited: Cited) -> tuple[Verdict, Cited]:
    """The verdict on a sentence, and its citations without the superfluous ones; all of them where it lacks support."""
    verdict = verify_quote(sentence, cited)
    kept = list(cited)
    if verdict.label != "supported":
        return verdict, kept
    for one in reversed(cited):
        rest = [other for other in kept if other is not one]
        if rest and not _suffices(sentence, [one]) and _suffices(sentence, rest, verdict.support or 0.0):
            kept = rest
    return (verdict if len(kept) == len(cited) else verify_quote(sentence, kept)), kept


def looked_for(sentence: str, hits: Sequence[Hit], fetch: Callable[[str], Document]) -> tuple[str, Span] | None:
    """The source and span, among the passages found, of the fewest sentences that support a sentence; None without.

    `fetch` gives the whole document of a source.
    """
    passages = [hit.passage for hit in hits]
    read = statements(
        [passage.text for passage in passages],
        [passage.media_type for passage in passages],
        [passage.language for passage in passages],
    )
    for window in best_windows(Statement(sentence), read):
        passage = passages[window.statements[0].piece]
        document = fetch(passage.source)
        span = Span(passage.start + window.statements[0].span.start, passage.start + window.statements[-1].span.end)
        if span.of(document.text) and _suffices(sentence, [(_citation(document, span), document)]):
            return passage.source, span
    return None


def _suffices(sentence: str, cited: Cited, support: float = 0.0) -> bool:
    """Whether citations support a sentence, and about as well as `support`."""
    verdict = verify_quote(sentence, cited)
    return verdict.label == "supported" and (verdict.support or 0.0) >= support - ENOUGH


def _citation(document: Document, span: Span) -> Citation:
    return Citation(0, document.source, document.sha256, document.title, span.start, span.end, span.of(document.text))
