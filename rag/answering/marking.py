"""What a mark looks like, and which evidence it points at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.answering.window import Window

LONGEST_MARK = 48
"""Characters between a mark's brackets, at most."""
LONGEST_ROW = 150
"""Characters of marks side by side, about, that are told as one."""
LONGEST_TARGET = 300
"""Characters of a link's target, at most."""

OPENS = {"[": "]", "【": "】", "［": "］", "(": ")"}
"""What closes a mark, by what opens it."""
_BRACKETS = ("[", "【", "［")
_NAME = r"(?:sources?|documents?|docs?|passages?|evidence|refs?|references?|citations?|notes?|nos?\.?)"
_LABEL = rf"(?:{_NAME}\s*[:#]?|#)"
_RANGE = r"\s*(?:[-‐‑‒–—−]|\.\.+|to)\s*"
_ITEM = rf"\^?\d{{1,9}}(?:{_RANGE}\d{{1,9}})?"
_BODY = re.compile(
    rf"\s*(?:{_LABEL}\s*)?{_ITEM}(?:\s*(?:[,;&]|and)\s*(?:{_LABEL}\s*)?{_ITEM})*\s*[,;]?\s*", re.IGNORECASE
)
_NUMBERS = re.compile(rf"(\d+)(?:{_RANGE}(\d+))?", re.IGNORECASE)
_LABELLED = re.compile(r"\s*(?:sources?|passages?|evidence)\b.*", re.IGNORECASE)
_DAGGER = re.compile(r"(?::\d+)?†.*")
_YEAR = re.compile(r"\s*[12]\d{3}\s*")
_ENDS_ROW = frozenset('.,;:!?)]…"”’\n') | {""}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark, or several side by side."""

    numbers: tuple[int, ...]
    """Of known evidence."""
    unknown: tuple[str, ...] = ()
    """Those that stand for nothing."""


Found = tuple[int, list[str]]
"""Where marks end, and what stands between the brackets of each."""


def marks_at(window: Window, at: int, known: int) -> tuple[int, Mark] | None:
    """The mark at `at` with those right after it, and where they end; None where prose stands there."""
    before = window.text[at - 1] if at else ""
    if before == "\\" or (found := _mark(window, at)) is None:
        return None
    end, bodies = found
    while end - at < LONGEST_ROW and (found := _another(window, end)) is not None:
        end = found[0]
        bodies += found[1]
    # between letters it is an index, and two words would be joined by taking it out
    return None if _is_letter(before) and _is_letter(window.peek(end)) else (end, _pointing(bodies, known))


def _another(window: Window, at: int) -> Found | None:
    """The mark that goes on a row of them: after nothing, a space, a comma, or, where the row ends, after "and"."""
    next_at = window.skip(at)
    if window.peek(next_at) in (",", ";"):
        next_at = window.skip(next_at + 1)
    joined = next(_joins(window, next_at), None)
    next_at = next_at if joined is None else joined
    if window.peek(next_at) not in OPENS or (found := _mark(window, next_at)) is None:
        return None
    ends_row = joined is None or window.peek(window.skip(found[0])) in _ENDS_ROW
    return found if ends_row else None


def _joins(window: Window, at: int) -> Iterator[int]:
    """Where an "and" at `at` has ended, with the space after it."""
    for word in ("&", "and"):
        if all(window.peek(at + place) == letter for place, letter in enumerate(word)):
            yield window.skip(at + len(word))


def _mark(window: Window, at: int) -> Found | None:
    opening = window.peek(at)
    if opening == "(":
        inside = window.skip(at + 1)
        return _bracketed(window, inside) if window.peek(inside) in _BRACKETS else _labelled(window, at + 1)
    double = opening == "[" and window.peek(at + 1) == "["
    start = at + 1 + double
    end = _closed(window, start, OPENS[opening])
    if end is None or (double and window.peek(end + 1) != "]"):
        return None
    body = window.text[start:end]
    body = _DAGGER.sub("", body) if opening == "【" else body
    end += 1 + double
    if not _BODY.fullmatch(body) or _YEAR.fullmatch(body) or (opening == "[" and _is_link(window, end)):
        return None
    return end, [body]


def _bracketed(window: Window, at: int) -> Found | None:
    """`([1], [2])`, from its first mark on."""
    bodies: list[str] = []
    start = at
    while at - start < LONGEST_ROW and window.peek(at) in _BRACKETS and (found := _mark(window, at)):
        bodies += found[1]
        at = window.skip(found[0])
        if window.peek(at) == ")":
            return at + 1, bodies
        at = window.skip(at + 1) if window.peek(at) in (",", ";") else at
    return None


def _labelled(window: Window, at: int) -> Found | None:
    """`(source 1)`, from the word on."""
    if window.peek(window.skip(at)) not in tuple("sSpPeE") or (end := _closed(window, at, ")")) is None:
        return None
    body = window.text[at:end]
    return (end + 1, [body]) if _LABELLED.fullmatch(body) and _BODY.fullmatch(body) else None


def _closed(window: Window, at: int, closing: str) -> int | None:
    """Where what opened before `at` closes; None where it does not in this line, soon, and before another opens."""
    for end in range(at, at + LONGEST_MARK):
        letter = window.peek(end)
        if letter == closing:
            return end
        if not letter or letter == "\n" or letter in OPENS:
            return None
    return None


def _is_link(window: Window, at: int) -> bool:
    """Whether a link's target stands at `at`: `(https://…)`, `(#top)`, `(a.md)`."""
    if window.peek(at) != "(":
        return False
    for end in range(at + 1, at + LONGEST_TARGET):
        letter = window.peek(end)
        if letter == ")":
            return any(sign in window.text[at:end] for sign in "/.:#@")
        if not letter or letter.isspace():
            return False
    return False


def _pointing(bodies: list[str], known: int) -> Mark:
    """What the numbers point at, with evidence numbered from 1 to `known`."""
    numbers: list[int] = []
    unknown: list[str] = []
    for match in (match for body in bodies for match in _NUMBERS.finditer(body)):
        first, last = int(match[1]), int(match[2] or match[1])
        numbers.extend(range(max(1, first), min(last, known) + 1))
        if not 1 <= first <= last:
            unknown.append(match[1] if match[2] is None else f"{first}-{last}")
        elif last > known:
            first = max(first, known + 1)
            unknown.append(str(last) if first == last else f"{first}-{last}")
    return Mark(tuple(numbers), tuple(unknown))


def _is_letter(text: str) -> bool:
    """Whether it is of a word of letters: not so Chinese, Japanese and Korean, which are not told apart by spaces."""
    return text.isalnum() and text < "\u2e80"
