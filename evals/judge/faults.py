"""Faults put into faithful pairs, and edits that keep their meaning: what a judge must catch, and what it must not."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from random import Random

from evals.judge import figures, formats, names, paraphrases, polarity
from evals.judge.english import OPENERS, words
from evals.judge.pairs import Pair
from evals.statistics import SEED

ALIKE = 0.5
"""Share of a text's content words from which on another passage may bear it out as well."""

Rewrite = Callable[[Pair, Random], str | None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A pair after one change of one kind."""

    kind: str
    pair: Pair
    text: str
    evidence: tuple[str, ...]
    untouched: str | None
    """The text that had this evidence before the change; None where there was none."""


REWRITTEN: Mapping[str, Rewrite] = {
    "number": figures.number,
    "date": figures.date,
    "unit": figures.unit,
    "negation": polarity.negation,
    "antonym": polarity.antonym,
    "quantifier": polarity.quantifier,
    "role swap": names.role_swap,
    "entity, from the same passage": names.entity_of_the_same,
    "hedge removed": polarity.hedge_removed,
}
FROM_ANOTHER = "entity, from another passage"
WRONG_PASSAGE = "wrong passage"
FAULTS = (*REWRITTEN, FROM_ANOTHER, WRONG_PASSAGE)
"""Kinds of fault: after each the text is no longer borne out."""
BY_PEOPLE = "in people's own words"
EDITS: Mapping[str, Rewrite] = {
    "figure format": formats.figure_format,
    "date format": formats.date_format,
    "contraction": formats.contraction,
    "spelling": formats.spelling,
    "synonym": paraphrases.synonym,
    "order of clauses": paraphrases.reordered,
    "active to passive": paraphrases.passive,
    "adverb or aside dropped": paraphrases.shortened,
    "name to pronoun": paraphrases.pronoun,
    "“also” added": paraphrases.also_added,
    BY_PEOPLE: paraphrases.by_people,
}
"""Kinds of edit that keep the meaning."""
_REWRITES = {**REWRITTEN, **EDITS}


def mutants(pairs: Mapping[str, Sequence[Pair]], each: int, seed: int = SEED) -> dict[str, list[Mutant]]:
    """Up to `each` mutants of each kind, from all sources in turn and from as many groups as there are.

    The same pairs and seed give the same mutants. A kind that applies nowhere has an empty list.
    """
    found: dict[str, list[Mutant]] = {}
    for kind in (*FAULTS, *EDITS):
        order = list(_in_turn([_by_group(list(own), _random(seed, kind, name)) for name, own in pairs.items()]))
        made: list[Mutant] = []
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for pair in order:
            if len(made) == each:
                break
            mutant = mutate(kind, pair, pairs[pair.source], _random(seed, kind, pair.id))
            if mutant is not None and (mutant.text, mutant.evidence) not in seen:
                seen.add((mutant.text, mutant.evidence))
                made.append(mutant)
        found[kind] = made
    return found


def mutate(kind: str, pair: Pair, others: Sequence[Pair], random: Random) -> Mutant | None:
    """`pair` with one change of this kind, or None where it does not apply. `others` are pairs of the same source."""
    if kind == WRONG_PASSAGE:
        evidence = _unrelated(pair, others, random)
        return Mutant(kind, pair, pair.text, evidence, pair.text) if evidence else None
    another = kind == FROM_ANOTHER
    text = names.entity_of_another(pair, others, random) if another else _REWRITES[kind](pair, random)
    if text is None or (text == pair.text and kind != BY_PEOPLE):
        return None
    return Mutant(kind, pair, text, pair.evidence, pair.untouched if kind == BY_PEOPLE else pair.text)


def _random(*seed: object) -> Random:
    return Random(":".join(map(str, seed)))  # noqa: S311 - no secret


def _unrelated(pair: Pair, others: Sequence[Pair], random: Random) -> tuple[str, ...] | None:
    """The evidence of another group that shares few words with the text."""
    mine = _content(pair.text)
    for other in random.sample(list(others), min(20, len(others))):
        if other.group != pair.group and mine and len(mine & _content(other.passage)) < ALIKE * len(mine):
            return other.evidence
    return None


def _content(text: str) -> set[str]:
    return {re.sub(r"['’]s$", "", word.lower) for word in words(text) if word.lower not in OPENERS}


def _by_group(pairs: list[Pair], random: Random) -> list[Pair]:
    """In random order, one of each group before a second of any."""
    random.shuffle(pairs)
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.group, []).append(pair)
    return list(_in_turn(list(groups.values())))


def _in_turn(lists: Sequence[Sequence[Pair]]) -> Iterator[Pair]:
    """The first of each, then the second of each, and so on."""
    return (pair for pair in chain.from_iterable(zip_longest(*lists)) if pair is not None)
