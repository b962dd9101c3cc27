"""A question and an answer as one statement: what a model's answer says, and where its answers go wrong."""

import re
from collections.abc import Iterable, Iterator
from random import Random

from evals.judge.english import by_form, capital, participles, words
from evals.judge.names import names
from rag.types import Span
from training.examples import FAILS, HOLDS, NO_ANSWER, Example
from training.labelled import beside
from training.reading import drawn

_WHO = re.compile(r"^who (?!(?:did|does|do|are|were|can)\b)(\w+) (.+)\?$", re.IGNORECASE)
_WHICH = re.compile(
    r"^(?:what|which) ((?:(?!is|are|was|were|did|does|do|can|has|have)\w+ ){0,2}(?!is|are|was|were|did|does|do|can)\w+)"
    r" ((?:was|is|had|has|won|made|\w+ed) .+)\?$",
    re.IGNORECASE,
)
_IS = re.compile(r"^(?:what|who|which) (is|was|are|were) ((?:the|his|her|its) .+)\?$", re.IGNORECASE)
_OPEN = re.compile(
    r"(?:\w+ed|named|called|known|\b(?:after|for|by|in|of|to|on|with|from|as|at|made|given|used|about))$"
)
"""Ends of a clause that still want a word."""
_TIMED = re.compile(
    r"^(?:(when|where)|(?:in |on |at |during )?(?:what|which) (year|city|country|state|month|century|county|town))"
    r" (did|does|do|was|were|is|are|will|can|has|have) (.+)\?$",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"^how (?:many|much) ((?:\w+ ){1,3}?)((?:are|were|is|was|have|has|had|live|lived|died|make|made)\b.*)\?$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_NUMBER = re.compile(r"(?<![\w.,:-])\d[\d,]*(?:\.\d+)?(?![\w:-]|[.,]\d)")
_PLACES = frozenset({"city", "country", "region"})
LONGEST = 8
"""Words of an answer that fits into a statement."""


def statement(question: str, answer: str) -> tuple[str, Span] | None:
    """The two as one sentence, and where the answer stands in it; None for questions of another shape."""
    answer = answer.strip().rstrip(".")
    if len(answer.split()) > LONGEST:
        return None
    if (match := _IS.match(question)) and not _OPEN.search(match[2]):
        return _said(f"{match[2]} {match[1].lower()} ", answer, ".")
    if match := _WHO.match(question):
        return _said("", answer, f" {match[1].lower()} {match[2]}.")
    if match := _TIMED.match(question):
        clause = _clause(match[3].lower(), match[4])
        if clause is None:
            return None
        preposition = (
            ""
            if re.match(r"(?:in|on|at|by|from|to|after|before|during|since|until|the|around)\b", answer, re.I)
            else "in "
        )
        return _said(f"{clause} {preposition}", answer, ".")
    if match := _MANY.match(question):
        return _said("", answer, f" {match[1]}{match[2]}.")
    if match := _WHICH.match(question):
        return _said("", answer, f" was the {match[1]} that {match[2]}.")
    return None


def _said(before: str, answer: str, after: str) -> tuple[str, Span]:
    text = capital(f"{before}{answer}{after}")
    return text, Span(len(before), len(before) + len(answer))


def _clause(auxiliary: str, rest: str) -> str | None:
    """`did` + `the club win the cup` → `the club won the cup`; `was` + `Rome founded` → `Rome was founded`."""
    found = words(rest)
    for at, word in enumerate(found):
        if not at:
            continue
        if auxiliary in ("did", "does", "do"):
            verb = next((verb for verb, _ in by_form().values() if verb.base == word.lower), None)
            if verb is not None and word.text.islower():
                form = {"did": verb.past, "does": verb.third, "do": verb.base}[auxiliary]
                return f"{rest[: word.start]}{form}{rest[word.end :]}"
        elif word.text.islower() and (
            word.lower in participles() or re.fullmatch(r"\w{3,}(?:ed|ing)|born|located|held|be|been", word.lower)
        ):
            return f"{rest[: word.start]}{auxiliary} {rest[word.start :]}"
    return None


def statements_of(questions: Iterable[Example], seed: int) -> Iterator[Example]:
    """Of each question that fits: the statement with its answer, and one with another span of the same kind.

    Where the passage has no answer, whatever span is put in makes a statement that it does not bear out.
    """
    for one in questions:
        random = drawn(f"{seed}:{one.text}:{one.evidence[:40]}")
        right = one.answer.of(one.evidence) if one.answer and one.answer != NO_ANSWER else None
        if right is not None:
            yield from _stated(one, right, right=True)
        wrong = _another(one, right, random)
        if wrong is not None:
            yield from _stated(one, wrong, right=False)


def _stated(one: Example, answer: str, right: bool) -> Iterator[Example]:
    said = statement(one.text, answer)
    if said is None:
        return
    text, place = said
    unsupported: tuple[Span, ...] | None = () if right else (place,)
    if one.answer == NO_ANSWER:
        unsupported = None  # what is wrong may be the question's own words
    name = "statement" if right else "statement, another answer"
    yield Example(name, one.group, text, beside(text, [one.evidence]), HOLDS if right else FAILS, unsupported)


def _another(one: Example, right: str | None, random: Random) -> str | None:
    """A span of the passage of the kind that the question asks for, and not its answer."""
    asked = one.text.casefold()
    if re.match(r"when|(?:in |on |during )?(?:what|which) (?:year|century|decade)", asked):
        found = [match.group() for match in _YEAR.finditer(one.evidence)]
    elif asked.startswith("how"):
        found = [match.group() for match in _NUMBER.finditer(one.evidence)]
    else:
        known = names(one.evidence)
        places = re.match(r"where|(?:in )?(?:what|which) (?:city|country|state|town)", asked)
        found = [name.text for name in known if not places or name.kind in _PLACES]
        if asked.startswith("who"):
            found = [name.text for name in known if name.kind in ("full name", "name")]
    found = [
        name
        for name in dict.fromkeys(found)
        if name.casefold() not in asked and (right is None or not _same(name, right))
    ]
    return random.choice(found) if found else None


def _same(one: str, other: str) -> bool:
    return one.casefold() in other.casefold() or other.casefold() in one.casefold()
