"""The public sets of texts that people labelled against evidence. Nothing of them is kept in the project."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from evals.judge import readers
from evals.judge.readers import NEUTRAL, REFUTES, SUPPORTS, Judged
from evals.sets.parts import Part, group_of, part
from evals.statistics import SEED

__all__ = [
    "MEASURED",
    "NEUTRAL",
    "REFUTES",
    "SETS",
    "SUPPORTS",
    "Judged",
    "JudgedSet",
    "in_parts",
    "read_set",
    "some_groups",
    "some_texts",
]


MEASURED: frozenset[Part] = frozenset({"held"})
"""The parts that the judge's own model neither learnt from nor was chosen by."""


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """One public set and how it is read."""

    name: str
    path: str
    """File or folder below that of the public data."""
    read: Callable[[Path], Iterator[Judged]]
    licence: str
    may_fit: bool
    """Whether the licence lets a model that ships learn from it; else it only evaluates."""
    finds: Literal["supported", "hallucinated"] = "supported"
    """The class that F1 is of."""
    also_supported: frozenset[str] = frozenset()
    """Labels that count as supported in a second, kinder reading; empty where there is one reading."""
    idle_holds: bool = False
    """Whether a text that makes no claim counts as borne out: of responses and summaries, which must say nothing
    false; of single statements it does not, since nothing in them is supported."""
    three_way: bool = False
    """Whether its labels are `SUPPORTS`, `REFUTES` and `NEUTRAL`, so that contradiction can be measured."""


def read_set(name: str, folder: Path) -> list[Judged] | None:
    """The texts of the set called `name` below `folder`, in the order they stand; None where its file is absent."""
    chosen = SETS[name]
    path = folder / chosen.path
    return list(chosen.read(path)) if path.exists() else None


def in_parts(name: str, items: list[Judged], parts: frozenset[Part] = MEASURED) -> list[Judged]:
    """Those texts of the set called `name` whose group is in one of the parts; of a set that no model of ours may learn
    from, all of them."""
    return [item for item in items if part(group_of(name, item.group)) in parts] if SETS[name].may_fit else items


def some_groups(items: list[Judged], limit: int) -> list[Judged]:
    """The texts of every n-th group, in order of first appearance, so that about `limit` remain; all of them for 0."""
    groups = list(dict.fromkeys(item.group for item in items))
    kept = set(groups[:: max(1, round(len(items) / limit))] if limit else groups)
    return [item for item in items if item.group in kept]


def some_texts(items: list[Judged], limit: int) -> list[Judged]:
    """`limit` texts drawn at random, always the same ones, in the order they stand; all of them for 0.

    Single texts and not whole groups, so that as many groups as can be take part and the interval is the narrower.
    """
    if not limit or len(items) <= limit:
        return items
    drawn = Random(SEED).sample(range(len(items)), limit)  # noqa: S311 - no secret
    return [items[index] for index in sorted(drawn)]


_FAITH = "judge_faith"
_RAGTRUTH = f"{_FAITH}/ragtruth_faithjudge/ragtruth"
SETS = {
    one.name: one
    for one in (
        JudgedSet("begin", f"{_FAITH}/begin", readers.begin, "per folder", may_fit=False),
        JudgedSet("expertqa", "judge_cite/expertqa.jsonl", readers.expertqa, "MIT", may_fit=True),
        JudgedSet("wice", f"{_FAITH}/wice/claim_dev.jsonl", readers.wice, "ODC-BY", may_fit=True),
        *(
            JudgedSet(
                f"ragtruth-{part}",
                f"{_RAGTRUTH}_{part}.jsonl",
                readers.ragtruth,
                "MIT",
                may_fit=True,
                finds="hallucinated",
                idle_holds=True,
                also_supported=frozenset({"implicit_true"}),
            )
            for part in ("qa", "summary", "data2txt")
        ),
        *(
            JudgedSet(
                f"summedits-{part}",
                f"{_FAITH}/summedits/summedits_{part}.json",
                readers.summedits,
                "Apache-2.0",
                may_fit=True,
                idle_holds=True,
            )
            for part in ("news", "qmsumm", "samsum", "scitldr")
        ),
        JudgedSet(
            "faithbench",
            f"{_FAITH}/faithbench/FaithBench.csv",
            readers.faithbench,
            "NC",
            may_fit=False,
            idle_holds=True,
        ),
        JudgedSet(
            "healthver",
            f"{_FAITH}/healthver_dev.csv",
            readers.healthver,
            "unverified",
            may_fit=False,
            three_way=True,
        ),
        JudgedSet(
            "climate-fever",
            f"{_FAITH}/climate-fever.jsonl",
            readers.climate_fever,
            "unverified",
            may_fit=False,
            three_way=True,
        ),
        JudgedSet("fever", "train/fever_rte.tsv", readers.fever, "CC BY-SA 3.0", may_fit=True),
    )
}
"""Every set by its name."""
