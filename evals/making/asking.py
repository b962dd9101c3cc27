"""Questions by rule from one statement: the words that answer are taken out and asked for."""

import re
from dataclasses import replace

from evals.judge.english import capital
from evals.making.clauses import Clause, parsed
from evals.making.drafting import Draft, Rule
from evals.making.knowing import Known
from evals.making.phrases import TIME
from evals.making.reading import Statement
from evals.making.rules.amounts import how_many, how_much, share
from evals.making.rules.persons import who_by, who_by_role, who_did, who_is
from evals.making.rules.places import where
from evals.making.rules.rows import row
from evals.making.rules.things import what_is, what_object, which
from evals.making.rules.times import begun, born, timeline, when

_DATED = re.compile(
    rf"^(?P<time>(?:(?:Early|Late|End of|Spring|Summer|Autumn|Winter) (?:in )?)?(?:{TIME})): (?P<rest>\S.*)$"
)
_RULES: tuple[Rule, ...] = (
    when, begun, who_is, who_by_role, who_did, who_by, what_is, where, how_many, share, how_much, what_object, which,
)  # fmt: skip
_REPORTED: tuple[Rule, ...] = (how_many, share, where, how_much)
"""What may be asked of a claim that somebody reports."""


def drafts(statement: Statement, known: Known) -> list[Draft]:
    """Every question that the rules make of a statement, unchecked; `standing` tells which stand alone."""
    if statement.row:
        return list(row(statement, known))
    lived = list(born(statement, known))
    dated = _DATED.match(statement.text)
    if dated:
        clause = parsed(capital(dated["rest"]), known.spelled)
        return [] if clause is None or clause.said else list(timeline(dated["time"], clause))
    clause = known.read(statement)
    if clause is None:
        return lived
    if clause.said:
        return lived + _reported(clause, known)
    return lived + [draft for rule in _RULES for draft in rule(clause, known)]


def _reported(clause: Clause, known: Known) -> list[Draft]:
    """Questions on what somebody said, with the name of who said it."""
    inner = parsed(capital(clause.said) + ".", known.spelled)
    if (
        inner is None
        or inner.said
        or not re.search(r"[A-Z]", clause.subject[1:] if clause.subject[:1].islower() else clause.subject)
    ):
        return []
    found = [draft for rule in _REPORTED for draft in rule(inner, known)]
    return [
        replace(draft, question=f"{draft.question[:-1]}, according to {clause.subject}?", worth=draft.worth - 0.05)
        for draft in found
    ]
