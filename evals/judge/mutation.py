"""The mutation score: the share of faults put in that a judge catches, beside its false alarms."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.judge.faults import FAULTS, Mutant
from evals.judge.judging import TRUTH, Ruling, Verify, known_judges, ruling
from evals.judge.scorecard import APART
from evals.judge.sets import REFUTES, SUPPORTS
from evals.statistics import SEED, Estimate, estimate

Track = Callable[[Iterable[Mutant]], Iterable[Mutant]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant, what the judge said of it, and of the same text before."""

    mutant: Mutant
    ruling: Ruling
    untouched: Ruling | None
    """None where there was no text before."""


@dataclass(frozen=True, slots=True)
class KindScore:
    """How often the judge objects to one kind of change."""

    kind: str
    fault: bool
    """Whether it should."""
    objected: Estimate
    """Of all: caught, where it is a fault; false alarms, where it is not."""
    objected_if_clear: Estimate
    """Of those to whose untouched text it did not object."""
    untouched_objected: Estimate
    """How often it objects to the untouched text."""
    contradicted: Estimate
    """Of all, those that it calls contradicted."""

    @property
    def gap(self) -> float | None:
        """How much more often it objects to the faulty than to the untouched: 1 at best, 0 for who cannot tell."""
        if self.objected.value is None or self.untouched_objected.value is None:
            return None
        return self.objected.value - self.untouched_objected.value


def trials(verify: Verify, made: Mapping[str, Sequence[Mutant]], track: Track = iter) -> list[Trial]:
    """Judge every mutant, and every text that one was made of, once."""
    before: dict[tuple[str, tuple[str, ...]], Ruling] = {}
    found = []
    for mutant in track([mutant for own in made.values() for mutant in own]):
        untouched = None
        if mutant.untouched is not None:
            key = mutant.untouched, mutant.pair.evidence
            if key not in before:
                before[key] = ruling(verify, *key)
            untouched = before[key]
        found.append(Trial(mutant, ruling(verify, mutant.text, mutant.evidence), untouched))
    return found


def score_kinds(done: Sequence[Trial]) -> list[KindScore]:
    """The figures of each kind, in the order of their first trial, with intervals over groups."""
    kinds = list(dict.fromkeys(trial.mutant.kind for trial in done))
    return [score_kind(kind, [trial for trial in done if trial.mutant.kind == kind]) for kind in kinds]


def score_kind(kind: str, done: Sequence[Trial]) -> KindScore:
    """The figures of one kind, from its trials."""
    groups = [f"{trial.mutant.pair.source}:{trial.mutant.pair.group}" for trial in done]
    objected = [float(not trial.ruling.supported) for trial in done]
    before = [None if trial.untouched is None else float(not trial.untouched.supported) for trial in done]
    return KindScore(
        kind,
        kind in FAULTS,
        estimate(objected, groups),
        estimate([now if then == 0.0 else None for now, then in zip(objected, before, strict=True)], groups),
        estimate(before, groups),
        estimate([float(trial.ruling.label == "contradicted") for trial in done], groups),
    )


def blind_kinds(
    made: Mapping[str, Sequence[Mutant]], scored: Callable[[str, Sequence[Trial]], KindScore] = score_kind
) -> list[str]:
    """A line for each kind whose figures cannot tell a judge that knows from one that does not.

    The labels themselves catch all and raise no alarm; a judge that says one thing to all, or guesses, must not
    come out as well. For an edit that keeps the meaning, the judge that objects to all is the one to be told. A kind
    that applies to no pair has no figures.
    """
    lines = []
    for kind, own in made.items():
        if not own:
            continue
        fault = kind in FAULTS
        judges = known_judges([REFUTES if fault else SUPPORTS] * len(own) + [SUPPORTS] * len(own), SEED)
        for name, given in judges.items():
            done = [
                Trial(mutant, now, then if mutant.untouched is not None else None)
                for mutant, now, then in zip(own, given[: len(own)], given[len(own) :], strict=True)
            ]
            score = scored(kind, done)
            worth = score.gap if fault else None if score.objected.value is None else 1 - score.objected.value
            right = worth is not None and worth > 1 - APART
            if name == TRUTH and not right:
                lines.append(f"{kind}: cannot be passed: the labels themselves come out as wrong")
            elif name != TRUTH and right and (fault or "supported" not in name):
                lines.append(f"{kind}: cannot fail: {name} comes out as well as the labels themselves")
    return lines
