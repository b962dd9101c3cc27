"""Claims made of sentences that the evidence bears out: with a fault put in, reworded, or beside other evidence.

The ways to do so are those that the judge is measured by (`evals.judge.faults`), here on groups that it is never
measured on. Every fault has its like among the supported: the same sentence as it stands, reworded, or both reworded
and cut short, so that a changed sentence is not a false one for being changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from evals.judge.faults import BY_PEOPLE, EDITS, FAULTS, WRONG_PASSAGE, mutate
from evals.judge.pairs import Pair
from evals.sets.parts import group_of
from rag.trust.alignment import Statement, best_windows, statements
from rag.types import Span
from training.examples import CONTRADICTED, FAILS, HOLDS, NOT_ENOUGH, Example
from training.labelled import beside, changed_words
from training.reading import drawn

SAYS_OTHERWISE = frozenset({"number", "date", "unit", "negation", "antonym", "role swap", "quantifier"})
"""Faults of a sentence that the evidence holds as it was: it then says otherwise."""
NARROW = 0.5
"""Share of the examples whose evidence is the nearest few sentences alone."""
KEPT = {"squad": 1600, "nq": 2200, "scifact": 1600, "fever": 1200}
"""Sentences taken of the sets that have more than enough."""
COMMON = 0.3
"""A negation fits nearly every sentence: in all but this share of them another fault is tried first."""
REWORDED_FIRST = 0.35
"""Share of the faults that are put into a sentence already reworded."""


def made(pairs: Mapping[str, Sequence[Pair]], seed: int, rounds: int = 1) -> Iterator[Example]:
    """For every sentence one fault, and one rewording or the sentence itself; sentences are drawn once a round."""
    for source, own in pairs.items():
        random = drawn(f"{seed}:{source}")
        for turn in range(rounds):
            for pair in random.sample(list(own), min(len(own), KEPT.get(source, len(own)))):
                own_random = drawn(f"{seed}:{turn}:{pair.id}")
                yield from _both(source, pair, own, own_random)


def _both(source: str, pair: Pair, others: Sequence[Pair], random: Random) -> Iterator[Example]:
    group = pair.group if source in ("nq", "scifact") else group_of(source, pair.group)
    evidence = _evidence(pair, random)
    reworded = _reworded(pair, others, random)
    first = reworded if reworded and random.random() < REWORDED_FIRST else pair
    faults = [kind for kind in FAULTS if kind != WRONG_PASSAGE]
    random.shuffle(faults)
    if random.random() > COMMON:
        faults.sort(key=lambda kind: kind == "negation")
    chosen = next((found for kind in faults if (found := mutate(kind, first, others, random)) is not None), None)
    if chosen is not None and random.random() > 0.1:
        otherwise = chosen.kind in SAYS_OTHERWISE and source not in ("wice", "summedits")
        yield Example(
            f"fault: {chosen.kind}",
            group,
            chosen.text,
            evidence,
            frozenset({CONTRADICTED}) if otherwise else FAILS,
            changed_words(first.text, chosen.text) or None,
        )
    else:
        wrong = mutate(WRONG_PASSAGE, pair, others, random)
        if wrong is not None:
            whole = (Span(0, len(wrong.text)),)
            yield Example(
                f"fault: {WRONG_PASSAGE}",
                group,
                wrong.text,
                beside(wrong.text, wrong.evidence),
                frozenset({NOT_ENOUGH}),
                whole,
            )
    kept = reworded if reworded and random.random() < 0.75 else pair
    yield Example(f"kept: {'reworded' if kept is reworded else 'as it was'}", group, kept.text, evidence, HOLDS, ())


def _reworded(pair: Pair, others: Sequence[Pair], random: Random) -> Pair | None:
    """The sentence after one or two edits that keep its meaning; None where none applies."""
    kinds = [kind for kind in EDITS if kind != BY_PEOPLE]
    random.shuffle(kinds)
    found, times = pair, random.choice((1, 2, 2))
    for kind in kinds:
        changed = mutate(kind, found, others, random)
        if changed is not None:
            found = Pair(pair.id, pair.source, pair.group, changed.text, pair.evidence)
            times -= 1
            if not times:
                break
    return None if found is pair else found


def _evidence(pair: Pair, random: Random) -> str:
    """The nearest few sentences alone, or as much as is read with a claim."""
    if pair.text in pair.passage and random.random() < NARROW:
        windows = best_windows(Statement(pair.text), statements(pair.evidence))
        return random.choice(windows).text
    return beside(pair.text, pair.evidence)
