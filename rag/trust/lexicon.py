"""What words mean to each other: irregular forms of one word, verbs of two words, and opposites.

Words are compared by their Porter stems. `data/wordnet.json` is made from WordNet 3.0 by `python -m rag.trust.wordnet
FOLDER`; `data/opposites.txt` is our own.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from rag.text import stems

_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_CEED = re.compile(r"(?<=\w)ceeds?$")
"""Of succeed, exceed and proceed Porter's stem is not that of their other forms."""
_DATA = files("rag.trust").joinpath("data")
_PHRASES = {"reject": ("vote down", "turn down", "strike down", "shoot down", "throw out")}
"""What verbs of two words say in one."""
_UN = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti")


def keys(word: str) -> frozenset[str]:
    """The stems by which a word is looked up: its own, and that of the word it is an irregular form of."""
    word = _CEED.sub("ceeded", _ORDINAL.sub(r"\1", word.casefold()))
    base = _wordnet()["forms"].get(word)
    return frozenset(stems(word)) | (frozenset(stems(base)) if base else frozenset())


def as_one(verb: frozenset[str], particle: str) -> frozenset[str] | None:
    """The `keys` of the one verb that a verb, given by its own, and the particle after it stand for (“voted down”:
    reject); None of most."""
    return next((_two_words()[key, particle] for key in verb if (key, particle) in _two_words()), None)


def opposite(one: str, other: str) -> bool:
    """Whether two words, given by one of their `keys`, cannot both be said of one thing."""
    return other in _opposites().get(one, ()) or _prefixed(one, other) or _prefixed(other, one)


def _prefixed(longer: str, shorter: str) -> bool:
    return len(shorter) > 3 and any(longer == prefix + shorter for prefix in _UN)


@cache
def _wordnet() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_DATA.joinpath("wordnet.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _two_words() -> dict[tuple[str, str], frozenset[str]]:
    return {
        (key, particle): keys(meant)
        for meant, phrases in _PHRASES.items()
        for verb, particle in (phrase.split() for phrase in phrases)
        for key in keys(verb)
    }


@cache
def _opposites() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in [*_wordnet()["antonyms"], *_our_own()]:
        for left, right in product(keys(one), keys(other)):
            if left != right:
                found[left].add(right)
                found[right].add(left)
    return dict(found)


def _our_own() -> Iterator[tuple[str, str]]:
    for line in _DATA.joinpath("opposites.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            left, right = (side.split() for side in line.split("|"))
            yield from product(left, right)
