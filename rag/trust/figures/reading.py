"""Reading the figures of a text from left to right; each word belongs to one of them at most."""

import re
from dataclasses import replace
from fractions import Fraction

from rag.trust.figures import dates, numerals, units, words
from rag.trust.figures.counting import Read, counted_at, is_name, made
from rag.trust.figures.measures import noun_at, stem, unit_at
from rag.trust.figures.tokens import AHEAD, HYPHENS, NO_TOKEN, Token, past_hyphen, touching
from rag.trust.figures.when import When
from rag.types import Span

_LONGEST = 30
"""Figures in a row; more are no number but a key or a code."""
_LIKELY = 1700, 2030
"""A year outside of these may be a name's number: `Flight 1549`, `Blade Runner 2049`."""
_ROMAN = re.compile(r"(?=.)X{0,2}(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_SUFFIXES = frozenset("k m mn mln bn b tn trn am pm a.m a.m. p.m p.m. st nd rd th s x".split())
_TRIGGERS = frozenset().union(
    numerals.CARDINALS, numerals.ORDINALS, numerals.GLYPHS, dates.MONTHS, dates.WEEKDAYS, dates.SEASONS, dates.DECADES,
    words.FACTORS, words.GROUPS, words.VAGUE, words.OFTEN, words.DAYPARTS, words.CLOCK, words.RELATIVE, words.TOWARDS,
    words.SEVERAL, (f"{name}s" for name in dates.WEEKDAYS), "half quarter a an per each every ' ’ ‘".split(),
)  # fmt: skip
"""Words that may open a figure, beside those in digits."""


def read(row: list[Token]) -> list[Read]:
    """Every figure of the tokens of a text, in order."""
    found: list[Read] = []
    at = 0
    while at < len(row) - AHEAD:
        token = row[at]
        opens = token.low in _TRIGGERS
        named = token.low == "covid" or (row[at + 1].text.isdecimal() and touching(row, at))
        if not opens and "a" <= token.text[0] <= "z" and not named:  # most words
            at += 1
            continue
        here: list[Read] = []
        if opens or token.text[0].isdecimal() or (token.text[0] == "." and len(token.text) > 1):
            here = _here(row, at)
        elif (token.text[0].isupper() or (named and token.text.isalpha())) and (name := _name(row, at)):
            here = [name]
        if here and found and here[0].first < found[-1].after:  # a sign between two numbers is the first one's
            span = Span(row[found[-1].after].start, here[0].figure.span.end)
            here[0] = Read(replace(here[0].figure, span=span), found[-1].after, here[0].after)
        found.extend(here)
        at = max(at + 1, here[-1].after if here else 0)
    return found


def _here(row: list[Token], at: int) -> list[Read]:
    token = row[at]
    if len(token.text) > _LONGEST:
        return [made(row, at, at + 1, "literal", noun=token.low)]
    if token.text[0].isdecimal() and (special := _code(row, at) or _time(row, at)):
        return [special]
    if not _is_count(row, at) and (dated := dates.read_dates(row, at)):
        return [_dated(row, when, first, after) for when, first, after in dated[0]]
    if ranked := _ranked(row, at):
        return [ranked]
    other = counted_at(row, at) or _word(row, at)
    return [other] if other else []


def _dated(row: list[Token], when: When, first: int, after: int) -> Read:
    year = when.year if when.year is not None and when == When(year=when.year) else 0
    season = when.season is not None and when.year is None
    named = (
        bool(year)
        and not _LIKELY[0] <= year <= _LIKELY[1]
        and is_name(row, first, after)
        and row[first - 1].low not in dates.SEASONS
    )
    noun = stem(row[first - 1].low) if named else ""
    return made(row, first, after, "date", year, when=when, noun=noun, weak=season or named)


def _is_count(row: list[Token], at: int) -> bool:
    """Whether four figures count something and are no year: `$1999`, `over 1500`, `2000 km`."""
    if not row[at].text.isdecimal():
        return False
    before = row[at - 1] if at else NO_TOKEN
    if before.text in units.SIGNS or before.low in ("than", "nearly", "almost", "approximately", "roughly"):
        return True
    if row[at + 1].low in numerals.SCALES or (row[at + 1].low in numerals.SHORT_SCALES and touching(row, at)):
        return True
    return len(row[at].text) == 4 and row[at + 1].low not in ("in", "m", "s", "h") and bool(unit_at(row, at + 1).name)


def _code(row: list[Token], at: int) -> Read | None:
    """Figures that are a name: `4.2.1`, `3D`, `1080p`; not `5km`, `25m`, `10am`, `21st`, `1990s`."""
    token, after = row[at], row[at + 1]
    if token.text.count(".") > 1 and not dates.read_dates(row, at):
        return made(row, at, at + 1, "literal", noun=token.low)
    if not (after.low.isalpha() and touching(row, at)) or after.low in _SUFFIXES or len(after.low) > 3:
        return None
    if after.low in numerals.SCALES or (units.unit_of(after.low) and after.text not in ("G", "D")):
        return None
    return made(row, at, at + 2, "literal", noun=token.low + after.low)


def _name(row: list[Token], at: int) -> Read | None:
    """Letters with figures that are a name: `COVID-19`, `B-52`, `Q3`, `zq93x`; and Roman numbers."""
    token = row[at]
    place = at + 1 + (row[at + 1].text in HYPHENS and touching(row, at))
    if row[place].text.isdecimal() and touching(row, place - 1) and touching(row, at) and not _opens_number(row, at):
        digits, after = row[place].text, place + 1
        while row[after].low.isalnum() and touching(row, after - 1) and len(row[after].low) < 3:
            suffix = row[after].low if row[after].low != "s" else ""
            digits, after = digits + suffix, after + 1
        if token.low == "q" and digits in "1234":
            return made(row, at, after, "ordinal", int(digits), noun="quarter")
        return made(row, at, after, "literal", noun=token.low + digits)
    ranks = at and row[at - 1].text[:1].isupper() and (len(token.text) > 1 or row[at - 1].low in words.NUMBERED)
    if ranks and _ROMAN.fullmatch(token.text):
        values = [_ROMAN_VALUES[letter] for letter in token.text]
        value = sum(-one if one < two else one for one, two in zip(values, [*values[1:], 0], strict=True))
        return made(row, at, at + 1, "ordinal", value, noun=stem(row[at - 1].low), weak=True)
    return None


def _opens_number(row: list[Token], at: int) -> bool:
    low = row[at].low
    glued = row[at].text.islower() and low in words.NO_NOUN
    return (
        glued or low in words.NO_NAME or low in dates.MONTHS or low in numerals.CARDINALS or row[at].text in units.CODES
    )


def _time(row: list[Token], at: int) -> Read | None:
    """`5 pm`, `5:30 p.m.`, `5.30pm`, `17:30`, `5 o'clock`."""
    text = row[at].text
    hour, _, minute = text.partition(".")
    after = at + 1
    colon = row[after].text == ":" and len(row[after + 1].text) == 2 and touching(row, at) and touching(row, after)
    if colon:
        minute, after = row[after + 1].text, after + 2
    half = row[after].low.replace(".", "")
    clock = row[after].low.startswith("o'") or row[after].low.startswith("o’")
    if not hour.isdecimal() or (minute and not (minute.isdecimal() and len(minute) == 2)):
        return None
    if (not colon and half not in ("am", "pm") and not clock) or int(hour) > 24 or int(minute or 0) > 59:
        return None
    if row[after].text == ":" and touching(row, after - 1):
        return None
    value = int(hour) % 24 * 60 + int(minute or 0)
    if half in ("am", "pm"):
        value = value % 720 + 720 * (half == "pm")
        return made(row, at, after + 1, "time", value, noun=half)
    return made(row, at, after + clock, "time", value, noun="" if value < 780 and value else "pm")


def _ranked(row: list[Token], at: int) -> Read | None:
    """`third`, `21st`, `twenty-first`; not the unit (`per second`) nor `Second, …`."""
    number = numerals.ordinal(row, at)
    if not number or row[at].low in numerals.SCALES:
        return None
    before, after = row[at - 1].low if at else "", row[number.after].low
    if row[at].low == "second" and (
        before in ("per", "split", "a") and after in ("", ".", ",", "later", "ago", "before")
    ):
        return None
    opens = not before or before in (".", ";", ":", "!", "?")
    if opens and after == ",":
        return None
    place = past_hyphen(row, number.after)
    named = not opens and row[at].text[:1].isupper() and row[place].text[:1].isupper()
    noun = noun_at(row, place)
    weak = number.value == 1 or named or (not noun and number.spelled and number.value < 4)
    return made(row, at, number.after, "ordinal", number.value, noun=noun, weak=weak)


def _word(row: list[Token], at: int) -> Read | None:
    """The figures without a number: `twice`, `both`, `millions`, `annual`, `morning`, `noon`, `last month`."""
    low = row[at].low
    if low in words.FACTORS:
        return made(row, at, at + 1, "number", Fraction(words.FACTORS[low]), unit="times")
    if low in words.GROUPS:
        return made(row, at, at + 1, "group", words.GROUPS[low], noun=noun_at(row, at + 1), weak=True)
    if low in words.SEVERAL and units.is_period(units.unit_of(row[at + 1].low) or ""):
        return made(row, at, at + 2, "vague", unit=units.unit_of(row[at + 1].low), weak=True)
    if low in words.VAGUE:
        nested = words.VAGUE.get(row[at + 2].low, 0) if row[at + 1].low == "of" else 0
        value = words.VAGUE[low] * (nested or 1)
        return made(row, at, at + (3 if nested else 1), "vague", value, weak=True) if low != "tens" or nested else None
    if low in words.OFTEN:
        return made(row, at, at + 1, "often", unit=words.OFTEN[low], weak=True)
    if low in words.DAYPARTS:
        return made(row, at, at + 1, "daypart", noun=words.DAYPARTS[low], weak=True)
    if low in words.CLOCK:
        return made(row, at, at + 1, "time", words.CLOCK[low], noun="pm")
    if low in words.RELATIVE:
        return made(row, at, at + 1, "relative", words.RELATIVE[low], unit="day", weak=True)
    name = units.unit_of(row[at + 1].low)
    if low in words.TOWARDS and name and units.is_period(name) and row[at + 1].low != "second":
        return made(row, at, at + 2, "relative", words.TOWARDS[low], unit=name, weak=True)
    return None
