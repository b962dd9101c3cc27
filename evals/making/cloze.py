"""A sentence with a gap, where no rule makes a question of it."""

import re
from collections.abc import Iterator

from evals.judge.english import OPENERS, words
from evals.judge.names import names
from evals.making.clauses import parsed
from evals.making.drafting import Draft
from evals.making.finite import is_finite
from evals.making.knowing import Known
from evals.making.phrases import MONEY, NUMBER, PERCENT, TIME, variants
from evals.making.reading import Statement

GAP = "____"
_LEANING_START = re.compile(
    r"(?:It|He|She|They|This|That|These|Those|We|I|You|There|Here|His|Her|Its|Their|Our|Such|Some|Others?|Another|However|Then|Later"
    r"|But|And|Yet|So|Therefore|Thus|Even|As a result|For example|After|Before|If|When|While|Although|Though"
    r"|Since|Because|Once|By then|At that"
    r"|On the same|That day|Most,|Both|One|Each|All the while|In actuality|Meanwhile|Furthermore|Additionally"
    r"|Moreover|Two|Three|Four|Several|Many"
    r"|As [a-z]+ed)\b"
)
_SIMPLE = re.compile(r"[A-Z“\"][^\n]*[.!]$")


def gaps(statement: Statement, known: Known) -> Iterator[Draft]:
    """Questions that quote the sentence with a time, an amount or a name left out."""
    text = statement.text
    if statement.row or _LEANING_START.match(text) or not _SIMPLE.match(text) or not 7 <= len(text.split()) <= 32:
        return
    if (
        re.search(r"[“”\"?|]|\b(?:he|she|they|him|I|we|this|these|those|such|it|there|here|[Mm]isc)\b", text)
        or len(names(text)) < 2
    ):
        return
    if not any(is_finite(word) for word in words(text)):
        return
    clause = parsed(text, known.spelled)
    if clause is not None and known.named(clause) is None:
        return
    for answer, value in _targets(text, known):
        at = text.find(answer)
        after, before = text[at + len(answer) :], text[:at]
        if before.count("(") > before.count(")") or answer.endswith("."):
            continue
        if (
            re.match(r" [A-Z\d]|\.(?= \S)", after)
            or re.search(r"[A-Z][\w.]* $", before[1:])
            or (re.search(r"[A-Z][a-z]+$", answer) and after[:2] == "s ")
        ):
            continue
        if (
            text.count(answer) != 1
            or after[:1] in "'’-–&"
            or after.startswith(" &")
            or before.endswith(("–", "& ", " an "))
            or re.search(r"(?:early|late|end|-)(?: in| of)? ?$", text[:at], re.IGNORECASE)
        ):
            continue
        gapped = text.replace(answer, GAP)
        yield Draft(f"What belongs in the gap: “{gapped}”?", answer, "cloze", value, variants(answer))


def _targets(text: str, known: Known) -> Iterator[tuple[str, float]]:
    for pattern, value in ((PERCENT, 0.45), (MONEY, 0.45), (TIME, 0.4)):
        for match in re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", text):
            yield match.group(), value
    for match in re.finditer(rf"(?<![\w$€£.,-])(?:{NUMBER})(?= [a-z]{{3,}})", text):
        if match.group().casefold() not in {"two", "one"} and not known.dated(match.group()):
            yield match.group(), 0.4
    for name in names(text)[1:]:
        single = " " not in name.text
        if words(name.text)[0].lower not in OPENERS:
            yield name.text, 0.25 if single else 0.35
