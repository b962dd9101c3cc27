"""The cases that one of two runs got right and the other wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals.folder import Record

DECISIONS = {"abstention", "overreach"}
"""Where `fell` says no more than `decision_right`."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that one run got right and the other wrong.

    What counts, in this order: `answer_found` (0 or 1), `decision_right` (0 or 1), and whether the answer was lost on
    the way (`fell`, where that says more than the decision). A case is `lost` where any of them went from right to
    wrong, else `won` where any went from wrong to right.
    """

    id: str
    kind: Literal["lost", "won"]
    what: tuple[str, ...]
    """What changed, a short phrase each, such as "the answer is no longer found"."""
    a: Record
    """The baseline's whole record: question, answer, scores, failed checks."""
    b: Record


def flips_of(before: Sequence[Record], after: Sequence[Record]) -> tuple[Flip, ...]:
    """Losses first, then gains; before[i] and after[i] are one case, neither with an error."""
    found = [flip for one, other in zip(before, after, strict=True) if (flip := _flip(one, other))]
    return tuple(sorted(found, key=lambda flip: flip.kind != "lost"))


def _flip(a: Record, b: Record) -> Flip | None:
    found = _turned(a, b, "answer_found", "the answer is found", "the answer is no longer found")
    found += _turned(a, b, "decision_right", *_decided(b))
    if (a["fell"] is None) != (b["fell"] is None) and not {a["fell"], b["fell"]} & DECISIONS:
        won = b["fell"] is None
        found.append((won, f"no longer lost at {a['fell']}" if won else f"lost at {b['fell']}"))
    if not found:
        return None
    kept = all(won for won, _ in found)
    return Flip(a["id"], "won" if kept else "lost", tuple(what for won, what in found if won == kept), a, b)


def _turned(a: Record, b: Record, name: str, better: str, worse: str) -> list[tuple[bool, str]]:
    """Whether a yes/no score was won, and what that means; nothing where it is as it was."""
    before, after = a["scores"].get(name), b["scores"].get(name)
    if before is None or after is None or before == after:
        return []
    return [(after > before, better if after > before else worse)]


def _decided(b: Record) -> tuple[str, str]:
    """How a decision that got better, and one that got worse, shows in the candidate."""
    if b["answerable"]:
        return "answered now", "no longer answered"
    return "refused now", "answered, though the documents do not say"
