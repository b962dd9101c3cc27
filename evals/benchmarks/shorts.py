"""From which margin on the reader's words are shown as a short answer, and how often they are then right."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from evals.benchmarks.answered import ANSWERABLE, Seen
from evals.metrics import contains, exact_match, token_f1

ANSWERED = ("nq", "squad2")
"""Kinds of question whose accepted answers are a few words."""
RIGHT, OVERLAP = 0.8, 0.5
"""Of the short answers shown so many must share at least half their words with an accepted one (token F1)."""
FEWEST = 30
"""Short answers from which a share of them says something."""
MARGINS = tuple(float(margin) for margin in np.arange(-20, 20.5, 0.5))
PRINTED = tuple(float(margin) for margin in range(-6, 17, 2))


def threshold(seen: Sequence[Seen]) -> float | None:
    """The least margin from which enough of the short answers shown are right; None where there is none."""
    for margin in MARGINS:
        kept = _shown(_answered(seen), margin)
        if len(kept) >= FEWEST and _share(kept, overlaps) >= RIGHT:
            return margin
    return None


def lines(seen: Sequence[Seen], chosen: float | None) -> Iterator[str]:
    """What is shown of the answers `seen` at several margins, and how much of it is right."""
    answered = _answered(seen)
    others = [one for one in seen if one.kind not in ANSWERED and not one.right]
    yield f"short answers to {len(answered)} questions that have an answer of a few words and are answered"
    for margin in sorted({*PRINTED, *([] if chosen is None else [chosen])}):
        kept = _shown(answered, margin)
        if kept:
            wrong = len(_shown(others, margin)) / max(1, len(others))
            yield (
                f"  margin ≥ {margin:5.1f}: shown {len(kept) / len(answered):.2f}; of these exactly right "
                f"{_share(kept, exact):.2f}, contains or is contained {_share(kept, nested):.2f}, token F1 ≥ {OVERLAP} "
                f"{_share(kept, overlaps):.2f}; shown where there is no answer {wrong:.2f}"
                + (" ← chosen" if margin == chosen else "")
            )
    if chosen is None:
        yield f"  no margin from which {RIGHT:.0%} of at least {FEWEST} are right: none is shown"


def exact(short: str, accepted: Sequence[str]) -> bool:
    return exact_match(short, accepted) == 1.0


def nested(short: str, accepted: Sequence[str]) -> bool:
    """Whether it has an accepted answer in it, or stands in one."""
    return contains(short, accepted) or any(contains(one, [short]) for one in accepted)


def overlaps(short: str, accepted: Sequence[str]) -> bool:
    return token_f1(short, accepted) >= OVERLAP


def _answered(seen: Sequence[Seen]) -> list[Seen]:
    return [one for one in seen if one.kind in ANSWERED]


def _shown(seen: Sequence[Seen], margin: float) -> list[Seen]:
    return [one for one in seen if one.short is not None and one.signals[ANSWERABLE] >= margin]


def _share(shown: Sequence[Seen], right: Callable[[str, Sequence[str]], bool]) -> float:
    return float(np.mean([right(one.short or "", one.accepted) for one in shown]))
