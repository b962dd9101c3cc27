"""A diverse choice: the best proposals, spread over documents, sections, kinds and statements."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from random import Random

from evals.making.drafting import Draft
from evals.making.reading import Statement

FLOOR = -0.35
"""Worth after the losses for likeness at which the choice ends, even where fewer than asked for are taken."""
LEAST = 0.2
"""What is worth less is not proposed, even where fewer than asked for are left."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question on a statement, and how good it is likely to be."""

    draft: Draft
    statement: Statement
    worth: float


def chosen(proposals: Sequence[Proposal], count: int, seed: int) -> list[Proposal]:
    """At most `count`, each the best of those left once what is like one already taken has lost of its worth.

    It ends where nothing of worth is left. The same proposals and seed give the same choice, with no question twice.
    """
    random = Random(seed)  # noqa: S311 - no secret
    left = [(proposal, proposal.worth + random.uniform(0, 0.1)) for proposal in proposals if proposal.worth >= LEAST]
    taken: list[Proposal] = []
    counts: Counter[Hashable] = Counter()
    asked: set[str] = set()
    documents = max(1, len({proposal.statement.source for proposal, _ in left}))
    share = max(1.0, count / documents)
    while left and len(taken) < count:
        best = max(left, key=lambda pair: pair[1] - _penalty(pair[0], counts, share, len(taken)))
        if best[1] - _penalty(best[0], counts, share, len(taken)) < FLOOR:
            break
        left.remove(best)
        proposal = best[0]
        question = " ".join(proposal.draft.question.casefold().split())
        most = 0 if proposal.draft.form == "cloze" else 1
        if question in asked or counts[_statement(proposal)] > most:
            continue
        asked.add(question)
        taken.append(proposal)
        counts.update(_features(proposal))
    return taken


def _penalty(proposal: Proposal, counts: Counter[Hashable], share: float, taken: int) -> float:
    source, section, form, statement = (counts[feature] for feature in _features(proposal))
    return 0.15 * source / share + 0.05 * section + 0.6 * form / max(5, taken) + 0.45 * statement


def _features(proposal: Proposal) -> tuple[Hashable, ...]:
    source = proposal.statement.source
    return (
        ("source", source),
        ("section", source, proposal.statement.section),
        ("form", proposal.draft.form),
        _statement(proposal),
    )


def _statement(proposal: Proposal) -> Hashable:
    return ("statement", proposal.statement.source, proposal.statement.start)
