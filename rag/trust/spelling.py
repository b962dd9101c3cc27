"""How the words of names are spelt, and when two may be one: "Islam" and "Islamic", "Sergei" and "Sergey", "Bill".

`data/given_names.txt` is our own.
"""

import re
import unicodedata
from collections import defaultdict
from functools import cache
from importlib.resources import files

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’][^\W_]+)*(?:&[^\W_]+)*")
POSSESSIVE = re.compile(r"['’]s?$")
_DATA = files("rag.trust").joinpath("data")
_DERIVED = frozenset(
    " a e i o y s an ian ean n ese ish ist ism er ite ic ia i es ns ans ians ers ists sm ies".split(" ")
)
"""Ends that forms of one name may have: "Chicago" and "Chicagoan", "Brazil" and "Brazilian"."""
_SOUNDS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"ph", "f"),
        (r"ck|q|c(?=[aoukrl])", "k"),
        (r"w", "v"),
        (r"tz|ts", "z"),
        (r"(?<=[dgkt])h", ""),
        (r"^g(?=[aou])", "k"),
        (r"(.)\1", r"\1"),
        (r"(?<=[aeou])[iy]|ii|ij|ie|y", "i"),
        (r"(?<=.)ei?", "e"),
        (r"(?<=[aou])e", ""),
    )
)
"""Letters that one sound is written with in transliterations."""


def folded(word: str) -> str:
    """`word` in lower case, without accents and dots."""
    if not word.isascii():
        word = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
        word = word.replace("’", "'")
    return word.replace(".", "").lower()


def data_lines(name: str) -> list[str]:
    """The lines of one of the tables beside this module, remarks left out."""
    text = _DATA.joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def one_word(one: str, other: str) -> bool:
    """Whether two words, folded, are forms or spellings of one: "Islam" and "Islamic", "Sergei" and "Sergey"."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < 4 or (one[:2] != other[:2] and one[:1] not in "ckqgyj"):
        return False
    shared = _shared(one, other)
    if shared >= 4 and {one[shared:], other[shared:]} <= _DERIVED and len(one) != len(other):
        return True
    return (shorter >= 8 and nearly(one, other)) or (shorter >= 5 and _sound(one) == _sound(other))


def nearly(one: str, other: str) -> bool:
    """Whether two words, the first and last letters apart, differ by one letter: put in, left out or another."""
    if abs(len(one) - len(other)) > 1 or one[:1] != other[:1] or one[-1:] != other[-1:]:
        return False
    at = _shared(one, other)
    return one[at + 1 :] == other[at + 1 :] or one[at:] == other[at + 1 :] or one[at + 1 :] == other[at:]


def one_person(first: str, other: str) -> bool:
    """Whether two first names may be one person's: an initial, a short form, another spelling."""
    if len(first) < 3 or len(other) < 3:
        return first[:1] == other[:1]
    given = given_names()
    return one_word(first, other) or not given.get(first, frozenset()).isdisjoint(given.get(other, frozenset()))


@cache
def given_names() -> dict[str, frozenset[int]]:
    """Which sets each first name is in; two of one set may be one person's."""
    table: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(data_lines("given_names.txt")):
        for name in line.split():
            table[folded(name)].add(number)
    return {name: frozenset(numbers) for name, numbers in table.items()}


def _sound(word: str) -> str:
    """A spelling that transliterations of one name share."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    alike = enumerate(zip(one, other, strict=False))
    return next((at for at, (ours, theirs) in alike if ours != theirs), min(len(one), len(other)))
