"""Dates as people write them, from a century to a day of the week."""

from dataclasses import replace

from rag.trust.figures.numerals import ordinal
from rag.trust.figures.tokens import HYPHENS, Token, touching
from rag.trust.figures.when import Season, When
from rag.trust.figures.words import TERMS
from rag.trust.figures.years import Dated, century_at, decade_at, numeric_at, short_year_at, year_at, years_at

MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sept sep,october oct,"
        "november nov,december dec".split(","),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_PLAIN_WORDS = frozenset("may march mar august jan jun sep dec".split())
"""Months that may be another word or a name; they count beside a figure or after a preposition of time."""
SEASONS: dict[str, Season] = {
    "spring": "spring", "springtime": "spring", "summer": "summer", "summertime": "summer", "autumn": "autumn",
    "fall": "autumn", "winter": "winter", "wintertime": "winter",
}  # fmt: skip
DECADES = {
    name: 10 * number
    for number, name in enumerate(
        "twenties thirties forties fifties sixties seventies eighties nineties".split(), start=2
    )
}
_BEFORE_DATE = frozenset(
    "in since until till by from during of on after before between through early late mid last next this every each"
    " throughout past around".split()
)


def read_dates(row: list[Token], at: int) -> tuple[list[Dated], int] | None:
    """The date or dates (`1914–18`, `5–7 May`) that begin at token `at`, and the token after them."""
    token = row[at]
    if token.low in WEEKDAYS or token.low.rstrip("s") in WEEKDAYS:
        return _from_weekday(row, at)
    if token.low in MONTHS:
        return _from_month(row, at)
    if token.low in SEASONS:
        return _from_season(row, at)
    if token.low in ("nineteen", "eighteen") and row[at + 1].low in DECADES:
        hundreds = 1900 if token.low == "nineteen" else 1800
        return [(When(decade=hundreds + DECADES[row[at + 1].low]), at, at + 2)], at + 2
    if token.low in DECADES:
        return [(When(decade=DECADES[token.low]), at, at + 1)], at + 1
    if (
        token.text in ("'", "’", "‘")
        and len(row[at + 1].text) == 2
        and row[at + 1].text.isdecimal()
        and touching(row, at)
    ):
        return short_year_at(row, at)
    if token.text[:1].isdecimal():
        return _from_digits(row, at)
    return century_at(row, at)


def _from_weekday(row: list[Token], at: int) -> tuple[list[Dated], int]:
    weekday = WEEKDAYS[row[at].low if row[at].low in WEEKDAYS else row[at].low.rstrip("s")]
    place = at + 1 + (row[at + 1].text == ",")
    if row[place].low == "the":
        place += 1
    more = read_dates(row, place) if row[place].low in MONTHS or row[place].text[:1].isdecimal() else None
    if more and more[0][0][0].day is not None and more[0][0][0].month is not None:
        (when, _, after), *others = more[0]
        return [(replace(when, weekday=weekday), at, after), *others], more[1]
    return [(When(weekday=weekday), at, at + 1)], at + 1


def _day(row: list[Token], at: int) -> tuple[int, int] | None:
    """The day of a month at `at` (`5`, `5th`, `fifth`) and the token after it."""
    if row[at].text.isdecimal() and len(row[at].text) <= 2 and 1 <= int(row[at].text) <= 31:
        suffix = row[at + 1].low in ("st", "nd", "rd", "th") and touching(row, at)
        return int(row[at].text), at + 1 + suffix
    number = ordinal(row, at)
    if number and number.spelled and 1 <= number.value <= 31:
        return int(number.value), number.after
    return None


def _from_month(row: list[Token], at: int) -> tuple[list[Dated], int] | None:
    """`December`, `Dec. 23`, `December 23, 2023`, `May 5–7, 2019`, `December of 2023`."""
    month = MONTHS[row[at].low]
    place = at + 1 + (row[at + 1].text == "." and row[at].low != "may" and len(row[at].low) <= 4)
    place += row[place].low == "the"
    days = _days(row, place) if not year_at(row, place) else []
    place = days[-1][2] if days else place
    comma = place + (row[place].text == ",") + (row[place].text != "," and row[place].low == "of")
    year = year_at(row, comma)
    if not days and not year and not _is_month(row, at):
        return None
    end = year[1] if year else place if days else at + 1
    whens = [When(year=year[0] if year else None, month=month, day=day) for day, _, _ in days] or [
        When(year=year[0] if year else None, month=month)
    ]
    if len(whens) == 2:
        return [(whens[0], at, days[0][2]), (whens[1], days[1][1], end)], end
    return [(whens[0], at, end)], end


def _days(row: list[Token], at: int) -> list[tuple[int, int, int]]:
    """The days from `at` on, one or two (`5–7`, `5 and 7`), each with its first token and the one after it."""
    one = _day(row, at)
    if not one:
        return []
    found = [(one[0], at, one[1])]
    if row[one[1]].text in HYPHENS or row[one[1]].low in ("to", "and", "through"):
        other = _day(row, one[1] + 1)
        if other and not year_at(row, one[1] + 1) and other[0] > one[0]:
            found.append((other[0], one[1] + 1, other[1]))
    return found


def _is_month(row: list[Token], at: int) -> bool:
    """Whether a month's name that stands alone is meant as one."""
    token = row[at]
    if not token.text[:1].isupper():
        return token.low not in _PLAIN_WORDS and len(token.low) > 4
    if token.low in _PLAIN_WORDS or len(token.low) == 3:
        return at > 0 and row[at - 1].low in _BEFORE_DATE and (len(token.low) > 3 or token.low == "may")
    return True


def _from_season(row: list[Token], at: int) -> tuple[list[Dated], int] | None:
    """`the fall of 2022`, `summer 1969`, `in the winter of 1944–45`, `last fall`."""
    season = SEASONS[row[at].low]
    place = at + 1 + (row[at + 1].low == "of")
    place += row[place].low == "the" and row[place + 1].low == "year"
    years = read_dates(row, place) if row[place].text[:1].isdecimal() else None
    if years and years[0][0][0].year is not None and years[0][0][0].month is None:
        when, _, after = years[0][0]
        return [(replace(when, season=season), at, after), *years[0][1:]], years[1]
    before = row[at - 1].low if at else ""
    lone = before in _BEFORE_DATE or (before == "the" and at > 1 and row[at - 2].low in _BEFORE_DATE)
    if row[at].low in ("fall", "spring") and row[at + 1].low not in TERMS and (not lone or row[at + 1].low == "of"):
        return None
    return [(When(season=season), at, at + 1)], at + 1


def _from_digits(row: list[Token], at: int) -> tuple[list[Dated], int] | None:
    text = row[at].text
    numeric = numeric_at(row, at)
    if numeric:
        return [(numeric[0], at, numeric[1])], numeric[1]
    decade = decade_at(row, at)
    if decade:
        return [(decade[0], at, decade[1])], decade[1]
    if century := century_at(row, at):
        return century
    if days := _days(row, at) if len(text) <= 2 else []:
        place = days[-1][2] + (row[days[-1][2]].low == "of")
        if row[place].low in MONTHS and (row[place].text[:1].isupper() or len(row[place].low) > 4):
            month = MONTHS[row[place].low]
            dot = place + 1 + (row[place + 1].text == "." and len(row[place].low) <= 4)
            comma = dot + (row[dot].text == ",") + (row[dot].low == "of")
            year = year_at(row, comma)
            end = year[1] if year else place + 1
            told = year[0] if year else None
            ends = [*(after for _, _, after in days[:-1]), end]
            found = zip(days, ends, strict=True)
            return [(When(year=told, month=month, day=day), first, after) for (day, first, _), after in found], end
    year = year_at(row, at)
    return years_at(row, at, *year) if year else None
