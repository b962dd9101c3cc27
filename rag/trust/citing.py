"""Quotes that stand where they say, and citations that are enough and no more.

Recall and precision are as ALCE defines them (Gao et al. 2023, https://arxiv.org/abs/2305.14627, section 4.2), on spans
of characters. A sentence has recall where its citations together support it. One of them is superfluous where it does
not support the sentence alone and the others do without it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.chunking import page_of
from rag.trust.alignment import Statement, best_windows, statements
from rag.trust.support import judge
from rag.types import Citation, Document, Hit, Span, Verdict

Cited = Sequence[tuple[Citation, Document]]
"""Citations, each with its document."""
ENOUGH = 0.03
"""Less evidence suffices where its support is at most this much less."""


def verify_quote(sentence: str, cited: Cited) -> Verdict:
    """Judge a sentence against citations whose documents are at hand: the quotes must stand where they say they do.

    A document's title counts as context beside its quote, since it is shown with it. The verdict's span is the shortest
    run of cited sentences that suffices.
    """
    for citation, document in cited:
        if citation.sha256 != document.sha256:
            note = f"{document.title} has changed since it was cited; ask again"
            return Verdict("unsupported", None, None, (), (note,))
        if document.text[citation.start : citation.end] != citation.quote:
            note = f"the quote [{citation.marker}] does not stand in {document.title}"
            return Verdict("unsupported", 0.0, None, (), (note,))
    evidence = statements(
        [citation.quote for citation, _ in cited],
        [document.media_type for _, document in cited],
        [document.language for _, document in cited],
    )
    titles = " ".join(dict.fromkeys(document.title for _, document in cited))
    verdict = judge().of_statements(sentence, evidence, titles)
    if verdict.label != "supported":
        return verdict
    return replace(verdict, span=_shortest(sentence, evidence, titles, verdict, cited))


def _shortest(
    sentence: str,
    evidence: Sequence[Statement],
    titles: str,
    verdict: Verdict,
    cited: Cited,
) -> Citation | None:
    """The shortest window that supports the sentence about as well as all the evidence; None where none does alone."""
    for window in best_windows(Statement(sentence), evidence):
        if window.statements != tuple(evidence):
            alone = judge().of_statements(sentence, window.statements, titles)
            if alone.label != "supported" or (alone.support or 0) < (verdict.support or 0) - ENOUGH:
                continue
        first, last = window.statements[0], window.statements[-1]
        citation, document = cited[first.piece]
        start, end = citation.start + first.span.start, citation.start + last.span.end
        return replace(
            citation,
            start=start,
            end=end,
            quote=document.text[start:end],
            page=page_of(document.pages, start),
        )
    return None


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
