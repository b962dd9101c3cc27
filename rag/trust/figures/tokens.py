"""The words, numbers and signs that figures are read from."""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?<![\d.,] )(?<!\d)\d{1,3}(?: \d{3})+(?![\d.,])(?! \d)"
    r"|\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*|(?<![\d\w])\.\d+"
    r"|[ap]\.?m\b\.?|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]",
    re.IGNORECASE,
)
HYPHENS = frozenset("-‐‑–—−")


AHEAD = 8
"""Empty tokens that stand after the last one."""


class Token(NamedTuple):
    """A word, a number or a sign of a text."""

    text: str
    low: str
    start: int
    end: int


NO_TOKEN = Token("", "", -1, -1)


def tokens(text: str) -> list[Token]:
    """The words, numbers and signs of `text`, and empty ones after them so that a reader may look ahead."""
    found = [Token(word := match.group(), word.lower(), *match.span()) for match in _TOKEN.finditer(text)]
    return found + [NO_TOKEN] * AHEAD


def touching(row: list[Token], at: int) -> bool:
    """Whether the token at `at` and the next one stand without a space between them."""
    return row[at].end == row[at + 1].start


def past_hyphen(row: list[Token], at: int) -> int:
    """The place after a hyphen at `at` that joins two words, or `at` itself where there is none."""
    return at + 1 if row[at].text in ("-", "‐", "‑", "–") and at and row[at + 1].low.isalpha() else at
