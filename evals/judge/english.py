"""The little English that rewriting needs: words with their places, verb forms, articles, capitals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

WORD = re.compile(r"\d[\d.,]*\d|[^\W_]+(?:['’.-][^\W_]+)*")
BE = frozenset("am is are was were be been being".split())
HAVE = frozenset("has have had having".split())
MODALS = frozenset("can could may might must shall should will would".split())
PRONOUNS = frozenset("i he she it they we you who which this that these those".split())
DETERMINERS = frozenset(
    "a an the his her its their our my your this that these those some any no every each all both many few several"
    " another other most one two three".split()
)
OPENERS = (
    DETERMINERS
    | PRONOUNS
    | frozenset(
        "in on at by for from with as after before during since until when while although though there here however"
        " according under over through between among of to but and or if because despite today now then".split()
    )
)
"""Words that begin a sentence with a capital and are no names."""


@dataclass(frozen=True, slots=True)
class Verb:
    """The five forms of an English verb."""

    base: str
    third: str
    past: str
    participle: str
    gerund: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `text[start:end]`."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.casefold().replace("’", "'")


def words(text: str) -> list[Word]:
    """The words and figures of `text`; "U.S", "don't" and "well-known" are one each."""
    return [Word(match.group(), match.start(), match.end()) for match in WORD.finditer(text)]


def replaced(text: str, start: int, end: int, new: str) -> str:
    """`text` with the range put `new`: capitals as before, and a or an before it put right."""
    old = text[start:end]
    if old[:1].isupper() and new[:1].islower() and not old.isupper():
        new = new[:1].upper() + new[1:]
    before = text[:start]
    article = re.search(r"\b([Aa])n?( )$", before)
    if article and new:
        before = before[: article.start()] + article[1] + ("n" if new[0].lower() in "aeiou" else "") + " "
    return before + new + text[end:]


def without(text: str, start: int, end: int) -> str:
    """`text` with the range taken out, its spaces closed up and its first letter a capital if it was one."""
    left = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(f"{text[:start]} {text[end:]}".split()))
    left = re.sub(r",\s*([.;!?])", r"\1", left).lstrip(" ,;")
    return capital(left) if text[:1].isupper() else left


def capital(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str | None:
    """`text` as it stands within a sentence, or None where its first word may be a name."""
    first = WORD.match(text)
    if first is None or text[:1].islower():
        return text
    if first.group() == "I":
        return text
    word = first.group().casefold()
    titled = re.match(r" [A-Z]", text[first.end() :]) and word != "the"
    return text[:1].lower() + text[1:] if word in OPENERS and not titled else None


def inflect(base: str, past: str | None = None, participle: str | None = None) -> Verb:
    """The forms of a verb by the rules of spelling, but for those given. A final consonant is not doubled."""
    if re.search(r"[^aeiou]y$", base):
        third, regular = base[:-1] + "ies", base[:-1] + "ied"
    elif base.endswith("e"):
        third, regular = base + "s", base + "d"
    else:
        third, regular = base + ("es" if re.search(r"(?:s|x|z|ch|sh|o)$", base) else "s"), base + "ed"
    doubled = past is not None and re.fullmatch(rf"{base}({base[-1]})ed", past)
    stem = base + base[-1] if doubled or base in _DOUBLING else base
    gerund = base[:-2] + "ying" if base.endswith("ie") else stem + "ing"
    if base.endswith("e") and not base.endswith(("ee", "ie", "oe")):
        gerund = base[:-1] + "ing"
    return Verb(base, third, past or regular, participle or past or regular, gerund)


_DOUBLING = frozenset("begin cut forbid forget get hit let put run shut sit spread split swim win".split()) - {"spread"}


@cache
def verbs() -> tuple[Verb, ...]:
    """Those of verbs.txt."""
    return tuple(inflect(*line.split()) for line in data_lines("verbs.txt"))


@cache
def by_form() -> dict[str, tuple[Verb, str]]:
    """Each past or third-person form with its verb and which of the two it is."""
    forms: dict[str, tuple[Verb, str]] = {}
    for verb in verbs():
        forms.setdefault(verb.third, (verb, "third"))
        if verb.past != verb.base:
            forms.setdefault(verb.past, (verb, "past"))
    return forms


@cache
def participles() -> frozenset[str]:
    """Every participle known, irregular ones included."""
    return frozenset(verb.participle for verb in verbs())


def verb_of(name: str) -> Verb:
    """The verb with this base: as verbs.txt has it, else regular."""
    return next((verb for verb in verbs() if verb.base == name), None) or inflect(name)


def finite_verbs(found: list[Word]) -> Iterable[tuple[int, Verb, str]]:
    """Places of plain past or third-person verbs in `found`: the index, the verb, and `past` or `third`.

    A noun, a name or a pronoun must stand before it, and no auxiliary: what could be a participle or a plural is
    left alone.
    """
    for index in range(1, len(found)):
        known = by_form().get(found[index].text)
        if known is None:
            continue
        before = found[index - 1]
        name = before.text[:1].isupper() and before.lower not in OPENERS
        if known[1] == "third" and not (name or before.lower in {"he", "she", "it", "who", "which"}):
            continue
        after = found[index + 1] if index + 1 < len(found) else None
        if known[1] == "past" and after is not None and after.lower == "by":
            continue
        plain = known[0].past != known[0].participle or (after is not None and _begins_an_object(after))
        if before.lower in PRONOUNS - {"this", "that", "these", "those"} or (
            (name or _noun(before) or before.text.isdigit()) and plain
        ):
            yield index, *known


def auxiliary(found: list[Word]) -> Word | None:
    """The first auxiliary in `found` that is not negated: `was`, `can`, or `has` before a participle."""
    for word, after in pairwise(found):
        if after.lower in {"not", "never", "no"}:
            continue
        if word.text in BE - {"be", "been", "being", "am"} or word.text in MODALS:
            return word
        perfect = after.lower in participles() or after.lower == "been" or re.fullmatch(r"\w{3,}ed", after.lower)
        if word.text in {"has", "have", "had"} and perfect:
            return word
    return None


def _begins_an_object(word: Word) -> bool:
    """ "built the bridge" has an object and is no participle, as "built in 1932" may be."""
    return word.lower in DETERMINERS or (word.text[:1].isupper() and word.lower not in OPENERS)


def _noun(word: Word) -> bool:
    lower = word.lower
    closed = lower in OPENERS or lower in BE or lower in HAVE or lower in MODALS or lower in _NEVER_NOUNS
    return lower.isalpha() and not closed and not lower.endswith(("ly", "ed"))


_NEVER_NOUNS = frozenset(
    "not never also only just still already even do does did to than so such very more less well often always ever"
    " him them me us being having newly recently highly least almost nearly about than".split()
)


def data_lines(name: str) -> list[str]:
    """The lines of a word list beside this module; those that begin with # are remarks."""
    text = resources.files("evals.judge").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
