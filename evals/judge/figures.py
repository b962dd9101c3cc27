"""Faults in figures: another number, another date, another unit. Each returns the text changed, or None."""

import re
from collections.abc import Callable, Iterable
from random import Random

from evals.judge.pairs import Pair

MONTHS = "January February March April May June July August September October November December".split()
SHORT_MONTHS = {month[:3]: month for month in MONTHS}
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
SEASONS = "spring summer autumn winter".split()
SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()

_FIGURE = re.compile(r"(?<![\w.,:/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w:/-]|[.,]\d)")
_YEAR = re.compile(r"(?<![\w.,:/$€£-])(?:1[0-9]|20)\d\d(?![\w:/-]|[.,]\d)")
_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:{'|'.join(SHORT_MONTHS)})\.)"
_DAY = re.compile(
    rf"\b{_MONTH} (?P<after>\d\d?)(?:st|nd|rd|th)?(?![\w,.]*\d)|(?<!\w)(?P<before>\d\d?)(?:st|nd|rd|th)? {_MONTH}"
)
_NAMED_MONTH = re.compile(
    rf"(?:(?<=\d )|(?<=\b[io]n )|(?<=\bof )|(?<=\bby )|(?<=\bsince )|(?<=\buntil ))(?:{'|'.join(MONTHS)})\b"
    rf"|\b(?:{'|'.join(MONTHS)})(?= \d)"
)
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b")
_SEASON = re.compile(
    r"(?<=\bthe )(?:spring|summer|autumn|fall|winter)\b|\b(?:spring|summer|autumn|fall|winter)(?= of\b)"
)
_DECADE = re.compile(r"(?<!\w)(?:1[0-9]|20)\d0(?=['’]?s\b)")
_COUNT = rf"(?:\d[\d,.]*\d|\d|\b(?:{'|'.join(SMALL[1:])}|several|many|few))"
_LEADING = re.compile(rf"(?<![\w.,-]){_COUNT}[ -]$", re.IGNORECASE)

UNITS = (
    ("million", "billion"), ("millions", "billions"), ("thousand", "million"), ("trillion", "billion"),
    ("percent", "percentage points"), ("per cent", "percentage points"),
    ("kilometres", "miles"), ("kilometers", "miles"), ("km", "miles"), ("miles", "kilometres"), ("mile", "kilometre"),
    ("metres", "feet"), ("meters", "feet"), ("feet", "metres"), ("inches", "centimetres"), ("yards", "miles"),
    ("kilograms", "pounds"), ("kg", "pounds"), ("pounds", "kilograms"), ("tons", "kilograms"), ("tonnes", "kilograms"),
    ("dollars", "euros"), ("euros", "dollars"), ("cents", "dollars"),
    ("seconds", "minutes"), ("minutes", "hours"), ("minute", "hour"), ("hours", "days"), ("hour", "day"),
    ("days", "weeks"), ("day", "week"), ("weeks", "months"), ("week", "month"), ("months", "years"),
    ("month", "year"), ("years", "months"), ("year", "month"), ("decades", "years"), ("centuries", "decades"),
    ("acres", "square miles"), ("hectares", "square kilometres"), ("litres", "gallons"), ("gallons", "litres"),
)  # fmt: skip
"""A unit and another that says something else of the same figure."""
_UNIT = re.compile(rf"\b(?:{'|'.join(sorted((old for old, _ in UNITS), key=len, reverse=True))})\b")
_SIGNS = {"$": "€", "€": "$", "£": "$"}
_OTHER_UNIT = dict(UNITS)


def number(pair: Pair, random: Random) -> str | None:
    """Another number in place of one that is no part of a date; the new one is not in the evidence."""
    dated = [match.span() for pattern in (_YEAR, _DAY) for match in pattern.finditer(pair.text)]
    places = [
        match for match in _FIGURE.finditer(pair.text) if not any(start <= match.start() < end for start, end in dated)
    ]
    worded = list(re.finditer(rf"\b(?:{'|'.join(SMALL[2:])})\b", pair.text, re.IGNORECASE))
    return _swap(pair, random, [*places, *worded], lambda match: _numbers(match.group(), random))


def date(pair: Pair, random: Random) -> str | None:
    """Another year, decade, month, day, weekday or season; the new one is not in the evidence."""
    kinds = [_years, _days, _months, _weekdays, _seasons, _decades]
    random.shuffle(kinds)
    return next((changed for kind in kinds if (changed := kind(pair, random)) is not None), None)


def unit(pair: Pair, random: Random) -> str | None:
    """Another unit after the same figure: billion for million, miles for kilometres, days for hours, € for $."""
    text = pair.text
    places = [
        match
        for match in _UNIT.finditer(text)
        if _LEADING.search(text[: match.start()]) and (not match.group().startswith("per") or _changed_by(match))
    ]
    signs = list(re.finditer(r"[$€£](?=\s?\d)", text)) + list(filter(_changed_by, re.finditer(r"(?<=\d)%", text)))
    if not places and not signs:
        return None
    chosen = random.choice([*places, *signs])
    old = chosen.group()
    new = _SIGNS.get(old) or ("percentage points" if old == "%" else _OTHER_UNIT[old])
    space = " " if old == "%" else ""
    return text[: chosen.start()] + space + new + text[chosen.end() :]


def _changed_by(match: re.Match[str]) -> bool:
    """Whether a percentage is that of a change: only there percentage points are something else."""
    return re.search(r"\bby (?:\w+ )?[\d.,]+ ?$", match.string[: match.start()]) is not None


def _swap(
    pair: Pair, random: Random, places: list[re.Match[str]], others: Callable[[re.Match[str]], Iterable[str]]
) -> str | None:
    """One of `places` changed into the first of its alternatives that the evidence does not have."""
    random.shuffle(places)
    passage = pair.passage.casefold()
    for match in places:
        for other in others(match):
            same = other.casefold() == match.group().casefold()
            if not same and not re.search(rf"(?<![\w.,]){re.escape(other.casefold())}(?!\w)", passage):
                old = match.group()
                new = other.capitalize() if old[:1].isupper() and old.isalpha() else other
                return pair.text[: match.start()] + new + pair.text[match.end() :]
    return None


def _numbers(old: str, random: Random) -> Iterable[str]:
    """Other numbers, written as `old` is: a little more, another first digit, ten times as much."""
    if old.lower() in SMALL:
        ways = [word for word in SMALL[2:] if word != old.lower()]
        random.shuffle(ways)
        return ways
    whole, point, fraction = old.replace(",", "").partition(".")
    value, step = int(whole), max(1, int(whole) // 8)
    values = [value + step, value + 2 * step, value * 10 if value else 7, max(1, value - step), value + 3 * step]
    values += [int(whole[::-1])] if len(whole) > 1 else []
    random.shuffle(values)
    grouped = "," in old
    return [(f"{new:,}" if grouped else str(new)) + point + fraction for new in values if new not in (value, 0)]


def _years(pair: Pair, random: Random) -> str | None:
    moves = [move for move in range(-12, 13) if move]
    random.shuffle(moves)
    return _swap(
        pair, random, list(_YEAR.finditer(pair.text)), lambda match: [str(int(match.group()) + move) for move in moves]
    )


def _decades(pair: Pair, random: Random) -> str | None:
    moves = random.sample([-40, -30, -20, -10, 10, 20], 6)
    return _swap(
        pair,
        random,
        list(_DECADE.finditer(pair.text)),
        lambda match: [str(int(match.group()) + move) for move in moves],
    )


def _days(pair: Pair, random: Random) -> str | None:
    for match in _DAY.finditer(pair.text):
        name = "after" if match["after"] else "before"
        others = [day for day in range(1, 29) if str(day) not in re.findall(r"\d+", pair.passage)]
        if others:
            start, end = match.span(name)
            suffix = re.compile(r"st|nd|rd|th").match(pair.text, end)
            day = random.choice(others)
            new = ordinal(day) if suffix else str(day)
            return pair.text[:start] + new + pair.text[suffix.end() if suffix else end :]
    return None


def _months(pair: Pair, random: Random) -> str | None:
    others = random.sample(MONTHS, len(MONTHS))
    absent = [month for month in others if month not in pair.passage and f"{month[:3]}." not in pair.passage]
    return _swap(pair, random, list(_NAMED_MONTH.finditer(pair.text)), lambda match: absent)


def _weekdays(pair: Pair, random: Random) -> str | None:
    others = random.sample(WEEKDAYS, len(WEEKDAYS))
    return _swap(pair, random, list(_WEEKDAY.finditer(pair.text)), lambda match: others)


def _seasons(pair: Pair, random: Random) -> str | None:
    others = random.sample(SEASONS, len(SEASONS))
    return _swap(
        pair,
        random,
        list(_SEASON.finditer(pair.text)),
        lambda match: [other for other in others if {other, match.group()} != {"autumn", "fall"}],
    )


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
