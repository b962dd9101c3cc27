"""What a number counts or measures: the unit or the noun after it."""

from typing import NamedTuple

from rag.text import stems
from rag.trust.figures import units, words
from rag.trust.figures.tokens import HYPHENS, Token, past_hyphen, touching


class Unit(NamedTuple):
    """The unit and the noun found after a number, either of them empty, and the token after the unit."""

    name: str
    noun: str
    after: int


def unit_at(row: list[Token], at: int) -> Unit:
    """The unit at `at`, after a number, or the noun that the number counts; the place after what was read."""
    token = row[at]
    if token.text == "%" or token.low in ("percent", "pct"):
        points = row[at + 1].low in ("point", "points")
        return Unit("percentage-point" if points else "percent", "", at + 1 + points)
    if token.low == "per" and row[at + 1].low in ("cent", "cents"):
        points = row[at + 2].low in ("point", "points")
        return Unit("percentage-point" if points else "percent", "", at + 2 + points)
    if token.low in ("percentage", "basis") and row[at + 1].low in ("point", "points"):
        return Unit(f"{token.low}-point", "", at + 2)
    if token.text in units.SIGNS and touching(row, at - 1) and not row[at + 1].text[:1].isdecimal():
        return Unit(units.SIGNS[token.text], "", at + 1)
    if token.text in ("°", "º") or token.low in ("degree", "degrees"):
        return _degrees(row, at + 1)
    place = at + (token.text == "-" and row[at + 1].low.isalpha())
    place = past_hyphen(row, at) if place == at else place
    return _measure(row, place) or _later_unit(row, place) or Unit("", noun_at(row, place), at)


def _degrees(row: list[Token], at: int) -> Unit:
    scale = {
        "c": "celsius",
        "celsius": "celsius",
        "centigrade": "celsius",
        "f": "fahrenheit",
        "fahrenheit": "fahrenheit",
    }
    name = scale.get(row[at].low)
    return Unit(name, "", at + 1) if name else Unit("degree", "", at)


def _measure(row: list[Token], at: int) -> Unit | None:
    """`km`, `square miles`, `miles per hour`, `US dollars`, `m²`."""
    low = row[at].low
    if low in ("square", "sq", "cubic", "nautical", "light"):
        place = at + 1 + (row[at + 1].text == ".")
        place += row[place].text in HYPHENS
        kind = "square" if low == "sq" else low
        base = units.unit_of(row[place].low)
        return Unit(f"{kind}-{base}", "", place + 1) if base else None
    if low == "u" and row[at + 1].text == "." and row[at + 2].low == "s":
        at, low = at + 4, row[at + 4].low if at + 4 < len(row) else ""
    if low in ("us", "american", "canadian", "australian", "british", "hong", "singapore", "new") and units.is_money(
        units.unit_of(row[at + 1].low) or ""
    ):
        at, low = at + 1, row[at + 1].low
    if low in ("kw", "mw", "gw", "kilowatt", "megawatt", "gigawatt") and row[at + 1].text in HYPHENS:
        return Unit(f"{units.unit_of(low)}-hour", "", at + 3) if units.unit_of(row[at + 2].low) == "hour" else None
    name = units.unit_of(low)
    if not name or (len(low) == 1 and not row[at].text.islower()) or (low == "mark" and row[at].text[:1].isupper()):
        return None
    if row[at + 1].text in ("²", "2", "³") and touching(row, at) and units.DIMENSION[name] == "length":
        return Unit(f"{'cubic' if row[at + 1].text == '³' else 'square'}-{name}", "", at + 2)
    slash = row[at + 1].text == "/" and row[at + 2].low in ("h", "hr", "s")
    spoken = row[at + 1].low in ("per", "an", "a") and row[at + 2].low in ("hour", "second")
    if units.DIMENSION[name] == "length" and (slash or spoken):
        return Unit(f"{name}-per-{'hour' if row[at + 2].low[0] == 'h' else 'second'}", "", at + 3)
    return Unit(name, "", at + 1)


def _later_unit(row: list[Token], at: int) -> Unit | None:
    """A unit after a word in between: `three consecutive years`, `five more miles`."""
    low = row[at].low
    between = low.isalpha() and (low not in words.NO_NOUN or low in ("more", "full", "other", "long", "past"))
    following = row[at + 1].low
    if between and len(following) > 4 and following.endswith("s") and (name := units.unit_of(following)):
        return Unit(name, "", at + 2) if units.is_period(name) or units.DIMENSION[name] == "length" else None
    return None


def noun_at(row: list[Token], at: int) -> str:
    """The stem of the likely head of what is counted: the first plural among three words, else the first word."""
    first = ""
    for place in range(at, min(at + 3, len(row))):
        low = row[place].low
        if not low[:1].isalpha() or low in words.NO_NOUN or len(low) < 2:
            break
        first = first or low
        if low.endswith("s") and not low.endswith("ss"):
            return stem(low)
    return stem(first) if first else ""


def stem(word: str) -> str:
    """The stem of one word, `child` of `children`."""
    return (stems(words.SINGULAR.get(word, word)) or [""])[0]
