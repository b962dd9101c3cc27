"""Reading a number with its sign, its currency, its unit and what it counts."""

from fractions import Fraction
from typing import NamedTuple

from rag.trust.figures import dates, numerals, units, words
from rag.trust.figures.figure import Bound, Figure, Kind
from rag.trust.figures.measures import stem, unit_at
from rag.trust.figures.numerals import Number
from rag.trust.figures.tokens import HYPHENS, NO_TOKEN, Token, past_hyphen, touching
from rag.types import Span


class Read(NamedTuple):
    """A figure, its first token and the one after it."""

    figure: Figure
    first: int
    after: int


def made(row: list[Token], first: int, after: int, kind: Kind, value: Fraction | int = 0, **more: object) -> Read:
    """The figure of the tokens from `first` up to `after`; `more` are fields of `Figure`."""
    worth = Fraction(value)
    figure = Figure(Span(row[first].start, row[after - 1].end), kind, worth, worth, **more)  # type: ignore[arg-type]
    return Read(figure, first, after)


def counted_at(row: list[Token], at: int) -> Read | None:
    """A number with its sign, currency, unit and what it counts."""
    number = numerals.cardinal(row, at)
    if not number:
        return _a_unit(row, at)
    low, before = row[at].low, row[at - 1].low if at else ""
    lone = number.spelled and number.value == 1 and low == "one"
    if lone and (
        before in words.NO_ONE or row[at + 1].low in ("of", "another", "'s", "’s") or row[at + 1].text in "'’"
    ):
        return None
    if low == "half" and number.part:
        if row[at + 1].low in ("a", "an") and (unit := unit_at(row, at + 2)).name:
            return made(row, at, unit.after, "number", number.value, step=number.step, unit=unit.name)
        if not _is_half(row, at):
            return None
    of_a = number.part and row[number.after].low == "of" and row[number.after + 1].low in ("a", "an", "one")
    if of_a and (unit := unit_at(row, number.after + 2)).name:
        return made(row, at, unit.after, "number", number.value, step=number.step, unit=unit.name)
    first, currency = _currency(row, at)
    negative = _negative(row, first)
    unit = unit_at(row, number.after)
    name, noun, after = unit
    if currency and not name:
        name, after = currency, number.after
        noun = ""
    elif currency:
        name, after = currency, unit.after if units.is_money(name) else number.after
    if before == "aged" or (before == "of" and row[at - 2].low == "age" and at > 1) or before == "age":
        name, noun = name or "year", "age"
    elif name == "year" and row[after + (row[after].text in HYPHENS)].low in ("old", "of"):
        noun = "age"
    elif number.part and not name:
        name = "share"
    if not name and first == at and number.scaled == 1 and is_name(row, at, after) and not _plural(row, at + 1):
        return made(row, at, after, "number", number.value, step=number.step, noun=stem(before), weak=True)
    shift = words.LATER.get(row[after].low, 0) if units.is_period(name) else 0
    bound = _bound(row, first, after) or (_term(row, first) if units.is_period(name) else "")
    value = -number.value if negative else number.value
    named = number.spelled and row[at].text[:1].isupper() and row[number.after].text[:1].isupper()
    weak = lone or (number.part and low == "half") or named or _is_few(number, name, noun)
    return made(
        row, first - negative, after, "number", value, step=number.step, unit=name, noun=noun, bound=bound, weak=weak,
        shift=shift, scaled=number.scaled,
    )  # fmt: skip


def _plural(row: list[Token], at: int) -> bool:
    """Whether one of two words is a plural, so that a number before them counts."""
    low = [row[place].low for place in (at, at + 1)]
    return any(word.endswith("s") and word not in words.NO_NOUN for word in low) or low[0] in ("people", "men", "women")


def _is_few(number: Number, unit: str, noun: str) -> bool:
    """Whether a reader may have counted them: `two friends` of Steve and Carly."""
    return number.spelled and not unit and bool(noun) and number.value in (2, 3, 4)


def is_name(row: list[Token], at: int, after: int) -> bool:
    """Whether a number belongs to the name before it: `Apollo 11`, `season 3`; not `Arsenal 3–1`, `Sweden five`."""
    before = row[at - 1] if at else NO_TOKEN
    score = (row[after].text in HYPHENS or row[after].low == "to") and row[after + 1].text[:1].isdecimal()
    plain = before.low in words.NO_NOUN or before.low in words.BOUNDS or not before.text.isalpha()
    capital = before.text != before.low and before.low not in dates.MONTHS
    capital = capital and not row[at].text.islower()
    return (capital or before.low in words.NUMBERED) and not plain and not score


def _is_half(row: list[Token], at: int) -> bool:
    """Whether `half` is a share: `half of them`, not `the second half`, `half-brother`."""
    after = past_hyphen(row, at + 1)
    if row[after].low in words.HALF_OTHER or row[at + 1].low == "-":
        return False
    before = row[at - 1].low if at else ""
    return before not in numerals.ORDINALS and before not in ("latter", "other", "better", "opening", "final")


def _currency(row: list[Token], at: int) -> tuple[int, str]:
    """The first token of the sign or code of a currency before the number at `at`, and its name; else `at` and none."""
    if not at:
        return at, ""
    before = row[at - 1]
    if before.text in units.SIGNS:
        letters = at > 1 and row[at - 2].text.isalpha() and row[at - 2].text.isupper() and touching(row, at - 2)
        return at - 1 - letters, units.SIGNS[before.text]
    if before.text in units.CODES:
        return at - 1, units.CODES[before.text]
    if before.text == "." and at > 1 and row[at - 2].text == "Rs":
        return at - 2, "rupee"
    return at, ""


def _negative(row: list[Token], at: int) -> int:
    """1 where a minus sign stands before the token at `at`, else 0."""
    if not at or (row[at - 1].text not in ("-", "−", "–") and row[at - 1].low != "minus"):
        return 0
    if row[at - 1].low == "minus":
        return 1
    apart = at == 1 or row[at - 2].end < row[at - 1].start or row[at - 2].text == "("
    return int(apart and touching(row, at - 1))


def _bound(row: list[Token], first: int, after: int) -> Bound:
    """What the words before or after a number say of it: `about`, `more than`, `or more`."""
    if row[after].text == "+" or row[after].low == "plus" or (row[after].low == "or" and row[after + 1].low == "more"):
        return "over"
    if row[after].low == "or" and row[after + 1].low in ("less", "fewer"):
        return "under"
    for length in (3, 2, 1):
        if first >= length:
            bound = words.BOUNDS.get(" ".join(row[at].low for at in range(first - length, first)))
            if bound:
                return bound
    return ""


def _term(row: list[Token], first: int) -> Bound:
    return words.TERM_BOUNDS.get(row[first - 1].low, "") if first else ""


def _a_unit(row: list[Token], at: int) -> Read | None:
    """`a year`, `an hour and a half`; `per day`, `each month`, `every year`."""
    low = row[at].low
    name = units.unit_of(row[at + 1].low)
    if not name or len(row[at + 1].low) < 3 or low not in ("a", "an", "per", "each", "every"):
        return None
    if low in ("per", "each", "every"):
        return made(row, at, at + 2, "often", unit=name, weak=True) if units.is_period(name) else None
    if not (units.is_period(name) or name in ("mile", "kilometre")) or row[at + 1].low == "second":
        return None
    if [row[place].low for place in range(at + 2, at + 5)] == ["and", "a", "half"]:
        return made(row, at, at + 5, "number", Fraction(3, 2), step=Fraction(1, 2), unit=name)
    shift = words.LATER.get(row[at + 2].low, 0)
    return made(row, at, at + 2, "number", 1, unit=name, weak=True, shift=shift)
