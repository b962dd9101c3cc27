"""A question in the making."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from evals.making.clauses import Clause
from evals.making.knowing import Known
from evals.making.phrases import variants

Form = Literal[
    "when", "who", "where", "how many", "how much", "how long", "what", "which", "definition", "row", "cloze", "written"
]


@dataclass(frozen=True, slots=True)
class Draft:
    """A question on a statement and the words of it that answer."""

    question: str
    answer: str
    form: Form
    worth: float
    """How good its kind usually is, 0 to 1."""
    answers: tuple[str, ...] = ()
    """Other ways to write the answer, itself first."""


def drafted(question: str, answer: str, form: Form, worth: float, *more: str, plain: str | None = None) -> Draft:
    """A draft with every way to write its answer; `plain` is the answer as the statement has it."""
    written = answer if plain is None else plain
    every = [*variants(written), *(other for each in more for other in variants(each))]
    answers = tuple(dict.fromkeys(every))
    return Draft(question, written, form, worth, answers)


Rule = Callable[[Clause, Known], Iterator[Draft]]


def towns(place: str) -> tuple[str, ...]:
    """The first part of `City, State`, which answers as well."""
    return (place.split(", ")[0],) if ", " in place else ()


_EMPTY = re.compile(r"form|kind|type|sort|name|term|group|set|series|collection|part|way|thing|\w+ed")
"""Nouns that alone answer nothing."""


def heads(noun: str, subject: str) -> tuple[str, ...]:
    """A noun with all that goes with it, and shorter: `an American band formed in 1995`, `American band`, `band`."""
    bare = noun.partition(" ")[2]
    head = re.split(
        r" (?=(?:in|of|by|for|from|at|on|with|who|that|which|located|situated|formed|founded|written|directed"
        r"|performed|made|based|headquartered|dealing|used|celebrated|developed|published|produced|known|called"
        r"|named|set|held)\b)",
        bare,
    )[0]
    plain = re.sub(r"^(?:(?:\d{4}|[A-Z][\w-]+) )+", "", head)
    found = (noun, bare, *(each for each in (head, plain) if " " in each or not _EMPTY.fullmatch(each)))
    return tuple(each for each in dict.fromkeys(found) if each.casefold() not in subject.casefold())
