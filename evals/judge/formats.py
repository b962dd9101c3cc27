"""Other ways to write the same figure, date or word. Each returns the text changed, or None."""

import re
from random import Random

from evals.judge.english import data_lines, replaced, words
from evals.judge.figures import MONTHS, ORDINALS, SHORT_MONTHS, SMALL
from evals.judge.pairs import Pair

_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SCALED = re.compile(
    rf"(?<![\w.,])(?P<figure>\d{{1,3}}(?:\.\d{{1,2}})?) (?P<scale>{'|'.join(_SCALES)})\b(?! (?:to|or)\b)"
)
_ROUND = re.compile(r"(?<![\w.,])(?P<figure>\d{1,3}),000(?P<millions>,000)?(?![\w,]|\.\d)")
_PERCENT = re.compile(r"(?<![\w.,-])(?P<figure>\d[\d.,]*)(?P<sign>%| percent\b| per cent\b)")
_PLAIN = re.compile(rf"(?<![\w.,:/$€£-])(?P<figure>\d|1[0-2]) (?=[a-z]{{4,}})(?!(?:{'|'.join(MONTHS).lower()}))")
_WORDED = re.compile(rf"(?<![\w-])(?P<figure>{'|'.join(SMALL[2:13])}) (?=[a-z]{{4,}}s\b)")
_MONEY = re.compile(r"\$(?P<figure>\d[\d,.]*\d|\d)(?P<scale> (?:million|billion|trillion))?(?![\w.]|,\d)")
_NTH = re.compile(rf"(?<![\w-])(?:{'|'.join(ORDINALS[2:])})(?= [a-z])|(?<![\w,.])(?:[3-9]|10)th(?= [a-z])")
_MONTH = "|".join([*MONTHS, *(f"{short}\\." for short in SHORT_MONTHS)])
_AMERICAN = re.compile(rf"\b(?P<month>{_MONTH}) (?P<day>\d\d?),? (?P<year>\d{{4}})\b,?")
_BRITISH = re.compile(rf"\b(?P<day>\d\d?) (?P<month>{_MONTH}) (?P<year>\d{{4}})\b")
_MONTH_DAY = re.compile(rf"\b(?P<month>{_MONTH}) (?P<day>\d\d?)(?!\d| ?,? ?\d|st|nd|rd|th|:)")
_SHORT = (
    ("did not", "didn't"), ("does not", "doesn't"), ("do not", "don't"), ("is not", "isn't"), ("are not", "aren't"),
    ("was not", "wasn't"), ("were not", "weren't"), ("has not", "hasn't"), ("have not", "haven't"),
    ("had not", "hadn't"), ("would not", "wouldn't"), ("could not", "couldn't"), ("cannot", "can't"),
    ("will not", "won't"), ("should not", "shouldn't"), ("it is", "it's"), ("that is", "that's"), ("he is", "he's"),
    ("she is", "she's"), ("they are", "they're"), ("there is", "there's"), ("they have", "they've"),
)  # fmt: skip


def figure_format(pair: Pair, random: Random) -> str | None:
    """`25 million` as `25,000,000` and back, `5%` as `5 percent`, `4` as `four`, `$5` as `5 dollars`."""
    ways = [changed for way in _FIGURE_WAYS if (changed := way(pair.text)) is not None]
    return random.choice(ways) if ways else None


def date_format(pair: Pair, random: Random) -> str | None:
    """`Dec. 23, 2023` as `23 December 2023`, as `December 23, 2023` or as `2023-12-23`."""
    match = _AMERICAN.search(pair.text) or _BRITISH.search(pair.text)
    if match is None:
        match = _MONTH_DAY.search(pair.text)
        if match is None:
            return None
        new = f"{match['day']} {_full(match['month'])}"
        return pair.text[: match.start()] + new + pair.text[match.end() :]
    month, day, year = _full(match["month"]), int(match["day"]), match["year"]
    number = MONTHS.index(month) + 1
    ways = [
        f"{day} {month} {year}",
        f"{month} {day}, {year}",
        f"{month[:3]}. {day}, {year}",
        f"{year}-{number:02}-{day:02}",
    ]
    new = random.choice([way for way in ways if way != match.group().rstrip(",")])
    return pair.text[: match.start()] + new + pair.text[match.end() :]


def contraction(pair: Pair, random: Random) -> str | None:
    """`did not` as `didn't`, and back."""
    ways = [
        (match, new)
        for long, short in _SHORT
        for old, new in ((long, short), (short, long))
        for match in re.finditer(
            rf"\b{old.replace(chr(39), '[’' + chr(39) + ']')}\b(?! \w+ed\b)", pair.text, re.IGNORECASE
        )
    ]
    if not ways:
        return None
    match, new = random.choice(ways)
    return replaced(pair.text, match.start(), match.end(), new)


def spelling(pair: Pair, random: Random) -> str | None:
    """British for American spelling, and back."""
    table = dict(
        pair for line in data_lines("spelling.txt") for one, two in [line.split()] for pair in ((one, two), (two, one))
    )
    places = [word for word in words(pair.text) if word.text in table]
    if not places:
        return None
    word = random.choice(places)
    return replaced(pair.text, word.start, word.end, table[word.text])


def _full(month: str) -> str:
    return SHORT_MONTHS.get(month.rstrip("."), month)


def _to_digits(text: str) -> str | None:
    match = _SCALED.search(text)
    if match is None:
        return None
    whole, _, fraction = match["figure"].partition(".")
    digits = _SCALES[match["scale"]]
    figure = int(whole + fraction.ljust(digits, "0")[:digits])
    return f"{text[: match.start()]}{figure:,}{text[match.end() :]}"


def _to_scale(text: str) -> str | None:
    match = _ROUND.search(text)
    if match is None:
        return None
    scale = "million" if match["millions"] else "thousand"
    return f"{text[: match.start()]}{match['figure']} {scale}{text[match.end() :]}"


def _percent(text: str) -> str | None:
    match = _PERCENT.search(text)
    if match is None:
        return None
    return f"{text[: match.start()]}{match['figure']}{' percent' if match['sign'] == '%' else '%'}{text[match.end() :]}"


def _to_word(text: str) -> str | None:
    match = _PLAIN.search(text)
    if match is None or re.search(r"(?:\b[A-Z][\w.]*|\b(?:at|age)) $", text[: match.start()]):
        return None
    return f"{text[: match.start()]}{SMALL[int(match['figure'])]} {text[match.end() :]}"


def _to_figure(text: str) -> str | None:
    match = _WORDED.search(text)
    return f"{text[: match.start()]}{SMALL.index(match['figure'])} {text[match.end() :]}" if match else None


def _dollars(text: str) -> str | None:
    match = _MONEY.search(text)
    return (
        f"{text[: match.start()]}{match['figure']}{match['scale'] or ''} dollars{text[match.end() :]}"
        if match
        else None
    )


def _nth(text: str) -> str | None:
    match = _NTH.search(text)
    if match is None:
        return None
    old = match.group()
    new = (
        ORDINALS[int(old[:-2]) - 1]
        if old[0].isdigit()
        else f"{ORDINALS.index(old) + 1}{'rd' if old == 'third' else 'th'}"
    )
    return text[: match.start()] + new + text[match.end() :]


_FIGURE_WAYS = (_to_digits, _to_scale, _percent, _to_word, _to_figure, _dollars, _nth)
