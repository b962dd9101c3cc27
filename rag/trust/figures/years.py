"""Years, decades and centuries as people write them, and dates in figures alone."""

from rag.trust.figures.numerals import ordinal
from rag.trust.figures.tokens import HYPHENS, Token, touching
from rag.trust.figures.when import When

Dated = tuple[When, int, int]
"""A date, its first token and the one after it."""


_ERAS = {"bc": -1, "bce": -1, "ad": 1, "ce": 1}
FIRST_YEAR, LAST_YEAR = 1000, 2100
"""Four figures between these, with nothing that they count, are read as a year."""


def year_at(row: list[Token], at: int) -> tuple[int, int] | None:
    """The year at `at`, with its era, and the token after it."""
    text = row[at].text.replace(",", "")
    if not text.isdecimal() or len(text) > 5:
        return None
    era = _era(row, at + 1)
    if era:
        return int(text) * era[0], era[1]
    if row[at].text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text), at + 1
    return None


def _era(row: list[Token], at: int) -> tuple[int, int] | None:
    if row[at].low in _ERAS and row[at].text.isupper():
        return _ERAS[row[at].low], at + 1
    if row[at].text in ("B", "A") and row[at + 1].text == "." and row[at + 2].text in ("C", "D"):
        return (-1 if row[at].text == "B" else 1), at + 3 + (row[at + 3].text == ".")
    return None


def short_year_at(row: list[Token], at: int) -> tuple[list[Dated], int]:
    """`'98`, `the '60s`."""
    value = int(row[at + 1].text)
    if row[at + 2].low == "s" and touching(row, at + 1) and value % 10 == 0:
        return [(When(decade=value), at, at + 3)], at + 3
    return [(When(year=(1900 if value > 30 else 2000) + value), at, at + 2)], at + 2


def years_at(row: list[Token], at: int, year: int, after: int) -> tuple[list[Dated], int]:
    """The year, and the one that `1914–18` or `2014/15` goes on to."""
    found = [(When(year=year), at, after)]
    double = row[after].text == row[after + 1].text == "-"
    after += double
    joint, last = row[after].text, row[after + 1].text
    tight = double or (touching(row, after - 1) and touching(row, after))
    if (joint in HYPHENS or joint == "/") and tight and len(last) == 2 and last.isdecimal() and year > 0:
        until = year // 100 * 100 + int(last)
        if until < year and int(last) == 0:
            until += 100
        if until > year and not (row[after + 2].text in HYPHENS and touching(row, after + 1)):
            found.append((When(year=until), after + 1, after + 2))
            return found, after + 2
    return found, after - double


def numeric_at(row: list[Token], at: int) -> tuple[When, int] | None:
    """`2023-12-23`, `12/23/2023`, `23.12.2023`."""
    text = row[at].text
    if text.count(".") == 2:
        pieces, end = text.split("."), at + 1
    elif row[at + 1].text in ("/", "-", "‑", ".") and row[at + 3].text == row[at + 1].text:
        pieces, end = [text, row[at + 2].text, row[at + 4].text if at + 4 < len(row) else ""], at + 5
        if row[end - 1].end - row[at].start != sum(map(len, pieces)) + 2:
            return None
    else:
        return None
    if not all(piece.isdecimal() for piece in pieces):
        return None
    if len(pieces[0]) == 4:
        year, month, day = map(int, pieces)
        swapped = False
    elif len(pieces[2]) == 4 or (len(pieces[2]) == 2 and row[at + 1].text == "/"):
        one, two, year = map(int, pieces)
        year += 0 if len(pieces[2]) == 4 else 1900 if year > 50 else 2000
        month, day = (one, two) if one <= 12 and "." not in text else (two, one)
        swapped = one <= 12 and two <= 12 and one != two
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31 and FIRST_YEAR <= year <= LAST_YEAR):
        return None
    return When(year=year, month=month, day=day, swapped=swapped), end


def decade_at(row: list[Token], at: int) -> tuple[When, int] | None:
    """`1990s`, `1990's`, `1990 's`, `90s`."""
    text = row[at].text
    place = at + 1
    if row[place].text in ("'", "’"):
        place += 1
    if row[place].low != "s" or row[place].start - row[at].end > 2 or not text.isdecimal() or int(text) % 10:
        return None
    if len(text) == 4 and text.endswith("00") and FIRST_YEAR <= int(text) < 2000:
        return When(century=int(text) // 100 + 1), place + 1
    if (len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR) or (len(text) == 2 and touching(row, at)):
        return When(decade=int(text)), place + 1
    return None


def century_at(row: list[Token], at: int) -> tuple[list[Dated], int] | None:
    """`21st century`, `nineteenth-century`, `18th and 19th centuries`, `5th century BC`."""
    number = ordinal(row, at)
    if not number:
        return None
    place = number.after + (row[number.after].text in HYPHENS)
    found = [(int(number.value), at, number.after)]
    if row[place].low in ("and", "or", "to", "through") or place > number.after:
        place += row[place].low in ("and", "or", "to", "through")
        place += row[place].low == "the"
        other = ordinal(row, place)
        if other:
            found.append((int(other.value), place, other.after))
            place = other.after + (row[other.after].text in HYPHENS)
    if row[place].low not in ("century", "centuries"):
        return None
    era = _era(row, place + 1)
    sign, end = era if era else (1, place + 1)
    ends = [*(after for _, _, after in found[:-1]), end]
    return [(When(century=sign * value), first, to) for (value, first, _), to in zip(found, ends, strict=True)], end
