"""Does the cited text support a sentence? Exact checks first, then words.

This is the plain first judge: a quote is proved by its characters; any other sentence by its figures, its negations and
the share of its stemmed words that the evidence has. What it cannot tell, it calls `partial` or `unsupported`.
"""

import re
from collections.abc import Sequence

from rag.text import plain, stems, words
from rag.types import Citation, Document, Label, Verdict

SUPPORTED, PARTIAL = 0.8, 0.5
"""Least share of a sentence's content words that the evidence must have."""

_NOT_CONTENT = frozenset(
    "a an and are as at be been but by did do does for from had has have he her his in into is it its of on or our she"
    " so than that the their them then there these they this those to was we were which who will with would".split()
)
_NEGATION = re.compile(r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|failed to|\w+n['’]t)\b", re.I)
_FIGURE = re.compile(r"\d[\d.,]*\d|\d")


def verify(sentence: str, evidence: str | Sequence[str]) -> Verdict:
    """Judge `sentence` against the text or texts that it cites.

    `supported` with 1.0 where the sentence stands in the evidence word for word; else `support` is the share of its
    stemmed content words found there, lowered to `unsupported` for a figure and to `contradicted` for a negation
    that only one side has. `unchecked` for what makes no claim (a question, or no words).
    """
    evidence = [evidence] if isinstance(evidence, str) else evidence
    content = [span for span in words(sentence) if span.of(sentence).casefold() not in _NOT_CONTENT]
    if not content or sentence.rstrip().endswith("?"):
        return Verdict("unchecked")
    if _letters(sentence) in _letters(" ".join(evidence)):
        return Verdict("supported", 1.0)
    joined = " ".join(evidence)
    held = set(stems(joined))
    missing = tuple(span for span in content if not held.issuperset(stems(span.of(sentence))))
    support = 1 - len(missing) / len(content)
    figures = sorted(set(_FIGURE.findall(sentence)) - set(_FIGURE.findall(joined)))
    if figures:
        return Verdict("unsupported", support, None, missing, (f"not in the evidence: {', '.join(figures)}",))
    if support >= SUPPORTED and bool(_NEGATION.search(sentence)) != _negated(sentence, evidence):
        return Verdict("contradicted", support, None, missing, ("one of the two says “not”",))
    label: Label = "supported" if support >= SUPPORTED else "partial" if support >= PARTIAL else "unsupported"
    return Verdict(label, support, None, missing)


def verify_quote(sentence: str, cited: Sequence[tuple[Citation, Document]]) -> Verdict:
    """Judge a sentence against citations whose documents are at hand: the quotes must stand where they say they do.

    A document's title counts as evidence beside its quote, since it is shown with it.
    """
    for citation, document in cited:
        if citation.sha256 != document.sha256:
            return Verdict(
                "unsupported", None, None, (), (f"{document.title} has changed since it was cited; ask again",)
            )
        if document.text[citation.start : citation.end] != citation.quote:
            return Verdict(
                "unsupported", 0.0, None, (), (f"the quote [{citation.marker}] does not stand in {document.title}",)
            )
    verdict = verify(
        sentence, [f"{document.title}: {plain(citation.quote, document.media_type)}" for citation, document in cited]
    )
    if verdict.label == "supported" and len(cited) == 1:
        return Verdict(verdict.label, verdict.support, cited[0][0], verdict.unsupported, verdict.notes)
    return verdict


def _letters(text: str) -> str:
    return " " + " ".join(span.of(text).casefold() for span in words(text)) + " "


def _negated(sentence: str, evidence: Sequence[str]) -> bool:
    """Whether the piece of evidence that shares most words with the sentence has a negation."""
    own = set(stems(sentence))
    closest = max(evidence, key=lambda text: len(own.intersection(stems(text))))
    return bool(_NEGATION.search(closest))
