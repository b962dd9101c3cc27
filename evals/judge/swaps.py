"""Words for words, from a list of pairs, in the form that stands there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Literal

from evals.judge.english import BE, DETERMINERS, HAVE, MODALS, OPENERS, Word, data_lines, replaced, verb_of, words

Part = Literal["base", "third", "past", "participle", "gerund", "noun", "nouns", "other"]

_BEFORE_BASE = MODALS | {"to", "not", "did", "does", "do", "didn't", "doesn't", "don't", "never", "also"}
_NO_OTHER = {
    "known": re.compile(r" (?:as|for|by)\b"),
    "long": re.compile(r" as\b|-"),
    "fall": re.compile(r" of (?:\d|the year)"),
    "high": re.compile(r"-| schools?\b"),
    "good": re.compile(r" (?:as|deal|for)\b"),
    "well": re.compile(r" as\b"),
    "left": re.compile(r" (?:hand|side|wing|by|over)\b"),
    "first": re.compile(r" (?:name|aid|lady|minister)\b"),
    "last": re.compile(r" (?:year|week|month|night|season|time|name|minute)\b"),
    "order": re.compile(r" to\b"),
    "number": re.compile(r" \d"),
}
"""What must not follow a word that is to be changed: there it is part of something else."""
_PARTICLE = re.compile(r" (?:up|out|off|away|down|back|over|apart)\b")
_VERBS: frozenset[Part] = frozenset({"base", "third", "past", "participle", "gerund"})
_NO_OTHER_AFTER = {"longer": "no", "more": "no", "possible": "as", "left": "the", "best": "at", "last": "at"}


@dataclass(frozen=True, slots=True)
class Swap:
    """One form of a word, and what stands for it in that form."""

    part: Part
    new: str


def swapped(text: str, passage: str, name: str, random: Random) -> str | None:
    """`text` with one word put another way by the list called `name`; None where none of its words is there.

    Only words in lower case are changed, and a first word that the passage has in lower case: others are names.
    """
    ways = list(_places(text, passage, name))
    if not ways:
        return None
    word, swap = random.choice(ways)
    return replaced(text, word.start, word.end, swap.new)


def _places(text: str, passage: str, name: str) -> Iterator[tuple[Word, Swap]]:
    table = forms(name)
    found = words(text)
    for index, word in enumerate(found):
        before = found[index - 1] if index else None
        lower = word.lower
        if word.text[:1].isupper() and (before is not None or not re.search(rf"\b{re.escape(lower)}\b", passage)):
            continue
        if lower == "most" and (before is None or before.lower != "the"):
            continue
        guard = _NO_OTHER.get(lower)
        if guard is not None and guard.match(text, word.end):
            continue
        if before is not None and _NO_OTHER_AFTER.get(lower) == before.lower:
            continue
        phrasal = _PARTICLE.match(text, word.end) is not None
        for swap in table.get(lower, ()):
            if phrasal and swap.part in _VERBS:
                continue
            if _fits(swap.part, found, index):
                yield word, swap


def _fits(part: Part, found: list[Word], index: int) -> bool:
    """Whether a word of this part of speech may stand at `index`."""
    before = found[index - 1] if index else Word("", 0, 0)
    lower = before.lower
    earlier = [word.lower for word in found[max(0, index - 3) : index] if not word.lower.endswith("ly")]
    after_auxiliary = any(word in BE | HAVE or word.endswith("n't") for word in earlier[-2:])
    match part:
        case "base":
            return lower in _BEFORE_BASE
        case "third":
            name = before.text[:1].isupper() and lower not in OPENERS
            return name or lower in {"he", "she", "it", "who", "which", "that", "also", "company", "government"}
        case "past":
            return not after_auxiliary and lower not in DETERMINERS
        case "participle":
            return after_auxiliary
        case "noun":
            return lower not in _BEFORE_BASE | {"he", "she", "it", "they", "who", "which"}
        case _:
            return True


@cache
def forms(name: str) -> dict[str, tuple[Swap, ...]]:
    """Every form of every word of a list, with what may stand for it."""
    table: dict[str, list[Swap]] = {}
    for line in data_lines(name):
        kind, _, pair = line.partition(" ")
        one_way = " > " in pair
        one, two = pair.split(" > " if one_way else " ")
        for old, new in [(one, two)] if one_way else [(one, two), (two, one)]:
            for part, surface, other in _forms(kind, old.replace("_", " "), new.replace("_", " ")):
                table.setdefault(surface, []).append(Swap(part, other))
    return {surface: tuple(dict.fromkeys(swaps)) for surface, swaps in table.items()}


def _forms(kind: str, old: str, new: str) -> Iterator[tuple[Part, str, str]]:
    if kind == "v":
        one, two = _phrase(old), _phrase(new)
        yield "base", one["base"], two["base"]
        yield "third", one["third"], two["third"]
        yield "past", one["past"], two["past"]
        yield "participle", one["participle"], two["participle"]
        yield "gerund", one["gerund"], two["gerund"]
    elif kind == "n":
        yield "noun", old, new
        yield "nouns", plural(old), plural(new)
    else:
        yield "other", old, new


def _phrase(name: str) -> dict[str, str]:
    """The forms of a verb, with whatever follows it."""
    head, _, rest = name.partition(" ")
    verb = verb_of(head)
    tail = f" {rest}" if rest else ""
    return {part: getattr(verb, part) + tail for part in ("base", "third", "past", "participle", "gerund")}


def plural(noun: str) -> str:
    """By the rules of spelling, and the few that break them."""
    irregular = {
        "man": "men",
        "woman": "women",
        "wife": "wives",
        "child": "children",
        "person": "people",
    } | dict.fromkeys(["aircraft"], "aircraft")
    if noun in irregular:
        return irregular[noun]
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")
