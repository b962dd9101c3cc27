"""The training set: how much of which kind of example, in one list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evals.sets.parts import Part, part
from training.clozes import clozes, spoilt
from training.examples import HOLDS, Example, of_part
from training.faults import made
from training.labelled import labelled
from training.reading import drawn, questions
from training.statements import statements_of
from training.texts import pairs, passages


@dataclass(frozen=True, slots=True)
class Recipe:
    """How often each kind of example is seen."""

    seed: int = 20231223
    asked: int = 4
    """Times that people's questions are."""
    spoilt: int = 1
    statements: int = 1
    judged: int = 3
    """Times that people's labels are, but for those of FEVER, of which there are many."""
    fever: int = 1
    faults: int = 2
    """Rounds, each with other faults."""
    clozes: Mapping[str, int] | None = None
    """A passage, by the set it is of."""


FULL = Recipe(clozes={"squad": 6, "nq": 5, "scifact": 1})
SUPPORTED_AT_MOST = 2.0
"""Of a set's examples the supported ones, for every one that is not: RAGTruth has ten."""
CHOSEN_ON = 200
"""Examples of a set, at most, that choose the checkpoint."""


@dataclass(frozen=True, slots=True)
class People:
    """Everything that people labelled or asked, of every part."""

    labelled: Sequence[Example]
    questions: Sequence[Example]


def people(bench: Path) -> People:
    """Read once, for all three sets below."""
    return People(list(labelled(bench)), list(questions(bench)))


def lacking(own: People) -> list[str]:
    """Which parts of which kind are empty, in words: each is needed to train, to choose a checkpoint or to measure."""
    kinds = {
        "claims": [one for one in own.labelled if one.verdicts is not None and one.by_people],
        "questions": [one for one in own.questions if one.by_people],
    }
    uses: dict[Part, str] = {"train": "learn from", "select": "choose by", "held": "measure on"}
    return [
        f"no {kind} to {use}" for kind, given in kinds.items() for name, use in uses.items() if not of_part(given, name)
    ]


def training_set(bench: Path, own: People, recipe: Recipe = FULL) -> list[Example]:
    """Every example that the model is trained on, in random order; none of a group that it is measured on."""
    random = drawn(recipe.seed)
    asked = of_part(own.questions, "train")
    found = [*asked * recipe.asked]
    for turn in range(recipe.spoilt):
        found += spoilt(asked, recipe.seed + turn)
    for turn in range(recipe.statements):
        found += statements_of(asked, recipe.seed + turn)
    by_set: dict[str, list[Example]] = {}
    for one in of_part(own.labelled, "train"):
        by_set.setdefault(one.source, []).append(one)
    for name, given in by_set.items():
        found += _evened(given, recipe.fever if name == "fever" else recipe.judged, random)
    found += made(pairs(bench, "train"), recipe.seed, recipe.faults)
    texts = list(passages(bench, "train"))
    for name, each in (recipe.clozes or {}).items():
        found += clozes([text for text in texts if text.source == name], recipe.seed, each)
    random.shuffle(found)
    strays = {part(one.group) for one in found} - {"train"}
    if strays:
        raise ValueError(f"examples of groups that are held apart: {strays}")
    return found


def choosing_set(own: People) -> list[Example]:
    """What chooses the checkpoint: examples that people labelled, of groups that are in neither other part."""
    found: list[Example] = []
    by_set: dict[str, list[Example]] = {}
    for one in [*own.labelled, *own.questions]:
        if one.by_people and part(one.group) == "select":
            by_set.setdefault(one.source, []).append(one)
    for name, given in sorted(by_set.items()):
        random = drawn(f"choosing {name}")
        even = given if one_sided(given) else _evened(given, 1, random)
        found += random.sample(even, min(len(even), CHOSEN_ON))
    return found


def held_set(own: People) -> list[Example]:
    """What the model is measured on: examples that people labelled, of groups held apart."""
    return of_part((one for one in [*own.labelled, *own.questions] if one.by_people), "held")


def one_sided(examples: Sequence[Example]) -> bool:
    """Whether they are no judged claims, or all judged alike."""
    return len({one.verdicts == HOLDS for one in examples if one.verdicts is not None}) < 2


def _evened(own: Sequence[Example], times: int, random: Random) -> list[Example]:
    """The examples so many times, of the supported no more than the others allow."""
    held = [one for one in own if one.verdicts == HOLDS]
    rest = [one for one in own if one.verdicts != HOLDS]
    found: list[Example] = []
    for _ in range(times):
        allowed = len(held) if not rest else min(len(held), int(SUPPORTED_AT_MOST * len(rest)))
        found += [*rest, *random.sample(held, allowed)]
    return found


def counts(examples: Sequence[Example]) -> dict[str, int]:
    """How many of each source, most first."""
    return dict(Counter(one.source for one in examples).most_common())
