"""Verdicts on the sentences of a text, joined to one verdict on all of it."""

from collections.abc import Sequence
from dataclasses import replace

from rag.types import Label, Span, Verdict

WORST_FIRST: tuple[Label, ...] = ("contradicted", "unsupported", "partial", "supported", "unchecked")


def moved(verdict: Verdict, by: int) -> Verdict:
    """With its spans so many characters further on."""
    return replace(verdict, unsupported=tuple(Span(span.start + by, span.end + by) for span in verdict.unsupported))


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Several sentences as one: the worst label, the least support, everything that any of them lacks."""
    judged = [one for one in verdicts if one.label != "unchecked"]
    if not judged:
        return verdicts[0]
    chosen = min(judged, key=lambda one: (WORST_FIRST.index(one.label), one.support or 0.0))
    return Verdict(
        chosen.label,
        min(one.support for one in judged if one.support is not None),
        None,
        tuple(span for one in judged for span in one.unsupported),
        tuple(dict.fromkeys(note for one in judged for note in one.notes)),
    )


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Overlapping spans as one, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
