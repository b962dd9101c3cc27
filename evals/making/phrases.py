"""Phrases that answer: times, amounts, places and persons, and other ways to write them."""

import re
from datetime import date
from functools import cache
from importlib import resources

from evals.judge.figures import MONTHS, SEASONS, SMALL
from evals.judge.names import kind_of

MONTH = rf"(?:{'|'.join(MONTHS)})"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
YEAR = r"(?:1[0-9]|20)\d\d"
_PART = (
    rf"(?:(?:early|late|mid)[ -]|(?:the )?(?:end|beginning|start|fall|{'|'.join(SEASONS)}) of |(?:the )?(?:fall"
    rf"|{'|'.join(SEASONS)}) )"
)
TIME = (
    rf"(?:{MONTH} {_DAY}(?:[-–]{_DAY})?,? {YEAR}|{_DAY}[-–]{_DAY} {MONTH} {YEAR}|{_DAY} {MONTH} {YEAR}"
    rf"|{_PART}?(?:{MONTH} (?:of )?)?{YEAR}(?![\d%-]|s\b)"
    rf"|the (?:early |late |mid-)?{YEAR}s|the (?:early |late |mid-)?(?:\d\d?(?:st|nd|rd|th)|[a-z]+th) century"
    rf"|{MONTH} {_DAY}(?!\d)|{_DAY} {MONTH})"
)
"""A time that stands by itself: a day, a month with its year, a season, a year, a decade, a century."""
_COUNT = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)(?: (?:hundred|thousand|million|billion|trillion))?"
    rf"|(?:{'|'.join(SMALL[2:])})"
)
_ABOUT = (
    r"(?:(?:about|around|nearly|almost|over|more than|less than|fewer than|at least|up to|only|approximately|some"
    r"|roughly) )?"
)
NUMBER = rf"{_ABOUT}(?:{_COUNT})(?:(?: to |-|–)(?:{_COUNT}))?"
MONEY = (
    rf"{_ABOUT}(?:[$€£]\s?\d[\d,.]*\d(?: (?:thousand|million|billion|trillion))?|(?:{_COUNT}) (?:dollars|euros"
    rf"|pounds|crowns|yen|francs))"
)
PERCENT = rf"{_ABOUT}(?:{_COUNT})(?:(?: to |-|–)(?:{_COUNT}))?(?:%| percent\b| per cent\b)"
LENGTH_OF_TIME = rf"{NUMBER} (?:more )?(?:seconds|minutes|hours|days|weeks|months|years|decades|centuries)"
MEASURES = {
    "tall": "How tall", "high": "How high", "long": "How long", "wide": "How wide", "deep": "How deep",
    "old": "How old", "thick": "How thick",
}  # fmt: skip
ROLES = frozenset(
    "president minister director mayor governor senator chairman chairwoman chair secretary ambassador general admiral"
    " actor actress writer author novelist poet singer songwriter musician composer guitarist drummer bassist rapper"
    " politician pollster spokesman spokeswoman spokesperson lawyer judge scientist physicist chemist biologist"
    " mathematician economist historian philosopher theologian engineer architect artist painter sculptor"
    " photographer filmmaker producer presenter journalist reporter editor publisher footballer player coach manager"
    " king queen prince princess emperor duke earl bishop pope monk priest explorer inventor entrepreneur"
    " businessman businesswoman founder co-founder head leader aide adviser advisor officer captain commander soldier"
    " professor teacher lecturer researcher student doctor physician nurse surgeon comedian dancer wrestler boxer"
    " swimmer runner driver pilot astronaut model activist diplomat official banker".split()
)
"""What only a person is."""
ROLE = "|".join(sorted(ROLES))
"""Any of them, for patterns."""
_TITLE = re.compile(
    r"^(?:Mr|Mrs|Ms|Dr|President|General|Prime Minister|Senator|King|Queen|Pope|Professor|Sir|Dame|Lord"
    r"|Lady)\b\.? [A-Z]"
)
_PERSON = r"[A-Z][\w'’-]+(?: (?:[A-Z]\.|[A-Z][\w'’-]+|van|von|de|al|bin)){1,3}"


@cache
def given_names() -> frozenset[str]:
    """Those of given_names.txt."""
    lines = resources.files("evals.making").joinpath("given_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def is_person(name: str) -> bool:
    """Whether a name by itself is plainly a person's: a title or a given name, then a surname."""
    parts = name.split()
    if kind_of(name) in {"organisation", "country", "region", "city"}:
        return False
    if _TITLE.match(name):
        return True
    if parts[-1] in _THINGS:
        return False
    return 2 <= len(parts) <= 4 and parts[0] in given_names() and re.fullmatch(_PERSON, name) is not None


_THINGS = frozenset(
    "Show Street Road Avenue Park Day Award Awards Prize Bridge River Band Brothers County City Fingers Cup"
    " Trophy Medal"
    " House Hall Castle Palace Tower Square Station Airport Stadium Beach Island Lake Mountain Sky Law Act".split()
)


def is_titled(name: str) -> bool:
    """Whether a person's name begins with a title: `Mr`, `President`, `King`."""
    return _TITLE.match(name) is not None


def is_place(name: str) -> bool:
    """Whether the last part of a name, or of `City, State`, is a place that is known."""
    last = name.removeprefix("the ").split(", ")[-1]
    known = kind_of(last) in {"country", "region", "city"} or last in _MORE_PLACES
    return known or re.search(r" (?:City|County|Island|Islands|Province|River|Lake|Valley)$", last) is not None


_MORE_PLACES = frozenset(
    {"United States", "United Kingdom", "New York", "New York City", "North Carolina", "South Carolina", "New Mexico"}
    | {"North America", "South America", "South Africa", "Saudi Arabia", "New Zealand", "Los Angeles", "San Francisco"}
    | {"Hong Kong", "North Korea", "South Korea", "St Petersburg", "St. Petersburg", "Sri Lanka", "West Virginia"}
)


def variants(answer: str) -> tuple[str, ...]:
    """An answer and other ways to write the same: a date by figures, a number in words, a percentage by its sign."""
    found = [answer]
    found += _dates(answer)
    bare = re.sub(rf"^{_ABOUT}(?=\S)", "", answer)
    if bare and bare != answer and re.match(rf"(?:{_COUNT}|[$€£])", bare):
        found.append(bare)
    number = re.fullmatch(rf"({_COUNT})(?!\w)(.*)", bare)
    if number and not re.fullmatch(TIME, answer):
        if number[1] in SMALL:
            found.append(f"{SMALL.index(number[1])}{number[2]}")
        elif number[1].isdigit() and int(number[1]) < len(SMALL):
            found.append(f"{SMALL[int(number[1])]}{number[2]}")
        if number[2] in ("%", " percent", " per cent"):
            found += [number[1] + unit for unit in ("%", " percent", " per cent")]
    if is_person(answer) and not re.search(r" [IVX]+$", answer):
        found.append(answer.split()[-1])
    return tuple(dict.fromkeys(found))


def _dates(answer: str) -> list[str]:
    month = re.fullmatch(rf"({MONTH}) (?:of )?({YEAR})", answer)
    if month:
        return [f"{month[2]}-{MONTHS.index(month[1]) + 1:02}"]
    american = re.fullmatch(rf"({MONTH}) ({_DAY}),? ({YEAR})", answer)
    british = re.fullmatch(rf"({_DAY}) ({MONTH}) ({YEAR})", answer)
    if american:
        name, day, year = american.groups()
        other = f"{day} {name} {year}"
    elif british:
        day, name, year = british.groups()
        other = f"{name} {day}, {year}"
    else:
        return []
    try:
        return [other, date(int(year), MONTHS.index(name) + 1, int(day)).isoformat()]
    except ValueError:
        return []
