"""What single words mean to each other: irregular forms of one word, and opposites.

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
_DATA = files("rag.trust").joinpath("data")
_UN = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti")


def keys(word: str) -> frozenset[str]:
    """The stems by which a word is looked up: its own, and that of the word it is an irregular form of."""
    word = _ORDINAL.sub(r"\1", word.casefold())
    base = _wordnet()["forms"].get(word)
    return frozenset(stems(word)) | (frozenset(stems(base)) if base else frozenset())


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
