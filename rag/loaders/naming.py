"""Titles and dates: short clean strings out of what documents say about themselves."""

import re
import unicodedata
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

_LONGEST_TITLE = 200
_NAMES = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTHS = {short: number for number, name in enumerate(_NAMES.split("|"), 1) for short in (name, name[:3])} | {
    "sept": 9
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(?P<y>(?:1[5-9]|20)\d\d)([-/.])(?P<m>\d\d?)\2(?P<d>\d\d?)(?!\d)")
_DAY_FIRST = re.compile(
    rf"\b(?P<d>\d\d?)(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\.?,? (?P<y>(?:1[5-9]|20)\d\d)\b", re.I
)
_MONTH_FIRST = re.compile(rf"\b(?P<m>{_MONTH})\.? (?P<d>\d\d?)(?:st|nd|rd|th)?,? (?P<y>(?:1[5-9]|20)\d\d)\b", re.I)
_DOTTED = re.compile(r"\b(?P<d>\d\d?)([./])(?P<m>\d\d?)\2(?P<y>(?:1[5-9]|20)\d\d)\b")
_DATE = re.compile(
    "|".join(
        re.sub(r"\?P<\w>", "", form.pattern).replace(r"\2", "[-/.]")
        for form in (_ISO, _DAY_FIRST, _MONTH_FIRST, _DOTTED)
    ),
    re.I,
)
_SAYING = re.compile(
    r"(?:date of (?:the |this )?report|dated?|(?:first |last )?"
    r"(?:published|updated|posted|issued|released|filed|compiled|revised|modified|prepared|written))\b"
    r"(?:\s*\([^)]*\))?(?:\s+on\b)?\s*[:\-–—]?\s*",
    re.I,
)
_DATELINE = re.compile(
    r"[^\W\d_][^\d.!?]{2,60}?,\s+(?P<date>[^\W\d_]{3,9}\.? \d\d?,? \d{4}|\d\d? [^\W\d_]{3,9} \d{4})\s*[–—/(-]"
)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thurs?|fri|satur|sat|sun)(?:day)?\.?,?\s+", re.I)
_AFTER_DATE = re.compile(
    r"[,\s]*(?:at\s+)?(?:T?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[A-Z]{2,4}|[+-]\d\d:?\d\d)?)?[.\s]*",
    re.I,
)
_MARKS = "*_#>|`~ \t"
_NO_TITLES = {
    "untitled",
    "title",
    "document",
    "new document",
    "untitled document",
    "none",
    "null",
    "unknown",
    "book1",
} | {
    "presentation",
    "powerpoint presentation",
    "slide 1",
}
_MADE_UP = re.compile(
    r"^(?:microsoft \w+ - |file:|[a-z]:\\|/)|[\\/]\S*\.\w{2,4}$"
    r"|\.(?:docx?|pdf|dvi|tex|indd|qxd|pptx?|xlsx?|rtf|odt|html?|txt|ps|tmp)$",
    re.I,
)


def clean_title(title: str | None) -> str | None:
    """One line of at most 200 characters, or None where `title` says nothing."""
    shown = "".join(" " if unicodedata.category(mark) in ("Cc", "Cs", "Zl", "Zp") else mark for mark in title or "")
    shown = " ".join(shown.split())
    if len(shown) > _LONGEST_TITLE:
        shown = shown[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    return shown or None


def sensible_title(title: str | None) -> str | None:
    """`title` cleaned, or None where a program made it up: "untitled", a path, a file name, a row of digits."""
    shown = clean_title(title)
    if not shown or shown.lower() in _NO_TITLES or _MADE_UP.search(shown):
        return None
    letters = sum(mark.isalpha() for mark in shown)
    return shown if letters >= 3 and letters * 3 >= len(shown.replace(" ", "")) else None


def title_from_name(name: str) -> str:
    """A file's name made readable: `annual_report-2022.pdf` becomes `annual report-2022`."""
    path = PurePosixPath(name)
    stem = path.stem if re.fullmatch(r"\.\w{1,8}", path.suffix) else name
    return clean_title(re.sub(r"[_\s]+|%20", " ", stem)) or clean_title(name) or "untitled"


def opening_title(text: str) -> str | None:
    """The first line of a text where it stands like a title: apart, or over a by-line and a date, and no sentence."""
    block = [line.strip(_MARKS) for line in re.split(r"\n\s*\n", text[:4000].strip())[0].splitlines()]
    beneath = [line for line in block[1:] if re.search(r"\w", line)]
    if not block or len(beneath) > 3 or any(len(line) > 60 or re.search(r"[.,;!?{}=]$", line) for line in beneath):
        return None
    shown = block[0]
    fits = 2 <= len(shown.split()) <= 20 and len(shown) <= 150 and not re.search(r"[.:;,{}=]$", shown)
    return sensible_title(shown) if fits and (shown[0].isupper() or not shown[0].isascii()) else None


def clean_date(text: str | None) -> str | None:
    """The first date in `text` as `YYYY-MM-DD`; None where there is none, or where day and month could be swapped."""
    text = " ".join((text or "").split())
    for form in (_ISO, _DAY_FIRST, _MONTH_FIRST, _DOTTED):
        match = form.search(text)
        if match:
            month = match["m"]
            number = int(month) if month.isdigit() else _MONTHS[month.lower()]
            return _date(int(match["y"]), number, int(match["d"]), slashed=form is _DOTTED and "/" in match.group())
    return None


def _date(year: int, month: int, day: int, *, slashed: bool) -> str | None:
    if slashed:  # 3/10/2022 is March in one country and October in another
        if month > 12 >= day:
            month, day = day, month
        elif day <= 12 and day != month:
            return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def mail_date(header: str | None) -> str | None:
    """The day in an e-mail's Date header (RFC 5322), in the sender's time zone."""
    try:
        return parsedate_to_datetime(header).date().isoformat() if header else None
    except (ValueError, IndexError, TypeError):
        return clean_date(header)


def date_near_top(text: str, lines: int = 15) -> str | None:
    """The date that `text` bears near its top.

    On a line that is nothing but a date, or that begins with "Published", "Date" and the like, or as a dateline
    ("Geneva, 3 May 2023 – ").
    """
    before = ""
    for line in text[:6000].strip().splitlines()[: 2 * lines]:
        wrapped, before = len(before) > 60, line  # the tail of a longer line ("… for the year ended" ⏎ "May 26, 2019")
        shown = " ".join(line.strip(_MARKS).replace("**", "").replace("__", "").split())
        if not shown:
            continue
        opening = _SAYING.match(shown)
        rest = shown[opening.end() :].lstrip(_MARKS) if opening else shown
        weekday = _WEEKDAY.match(rest)
        rest = rest[weekday.end() :] if weekday else rest
        found = _DATE.match(rest)
        if found and (opening or (not wrapped and _AFTER_DATE.fullmatch(rest[found.end() :]))):
            return clean_date(found.group())
        dateline = _DATELINE.match(shown)
        if dateline and (day := clean_date(dateline["date"])):
            return day
    return None
