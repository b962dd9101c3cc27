"""What the sentence and the evidence share by words alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rag.trust.alignment import Statement, Window, stems_of

MOST_MISSING = 5
"""Missing words are counted up to here: the sixth says nothing that the fifth did not."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares 0..1 of the judged sentence, by stems."""

    window: float
    """Of its content words, in the best window of up to three sentences of the evidence."""
    bigrams: float
    """Of its pairs of words that follow each other, those that do so anywhere in the evidence."""
    missing: int
    """Its content words that stand nowhere in the evidence, up to `MOST_MISSING`."""
    run: int
    """The most of them that follow each other: something added, rather than put in other words; up to the same."""


def overlap(sentence: Statement, evidence: Sequence[Statement], windows: Sequence[Window]) -> Overlap:
    """`windows` as `best_windows` gives them. All 0, and everything missing, without evidence."""
    if not windows or not sentence.tokens:
        most = min(MOST_MISSING, len(sentence.content))
        return Overlap(0.0, 0.0, most, most)
    share = max(window.share for window in windows)
    keys = frozenset[str]().union(*(statement.keys for statement in evidence))
    pairs = {pair for statement in evidence for pair in _pairs(statement)}
    mine = _pairs(sentence)
    missing = [token.keys.isdisjoint(keys) for token in sentence.content]
    return Overlap(
        window=share,
        bigrams=sum(pair in pairs for pair in mine) / len(mine) if mine else share,
        missing=min(MOST_MISSING, sum(missing)),
        run=min(MOST_MISSING, max((len(list(same)) for lacks, same in groupby(missing) if lacks), default=0)),
    )


def _pairs(statement: Statement) -> list[tuple[str, str]]:
    return list(pairwise(stems_of(statement)))
