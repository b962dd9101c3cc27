"""Names and their kinds, found by capitals: enough to put one name in another's place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random
from typing import Literal, cast

from evals.judge.english import BE, MODALS, OPENERS, by_form, capital, data_lines, participles, replaced, words
from evals.judge.figures import MONTHS, SHORT_MONTHS, WEEKDAYS
from evals.judge.pairs import Pair

Kind = Literal["country", "region", "city", "people", "organisation", "full name", "name", "acronym", "title"]

_NAME = re.compile(
    r"(?<![\w'’.-])[A-Z][\w'’-]*\w(?: (?:(?:of|de|van|von|del|la|du|bin|al) )?(?:[A-Z]\.|[A-Z][\w'’-]*\w))*"
)
_ORGANISATION = frozenset(
    "Academy Agency Airlines Army Association Authority Bank Board Brothers Broadcasting Center Centre Church Club"
    " College Commission Committee Company Congress Corporation Council Court Department Entertainment Forum Foundation"
    " Group Hospital Inc Institute Institution League Library Ministry Museum Navy Network Office Orchestra"
    " Organisation Organization Parliament Party Pictures Police Press Records School Senate Service Society"
    " Studios Team Television Times Trust Union United University".split()
)
_TITLES = frozenset("President Chief Officer Minister Director Secretary Chairman Governor Senator Judge".split())
_ADDRESSES = frozenset({"mr", "mrs", "ms", "dr"})
_POINTS = frozenset("North South East West Northern Southern Eastern Western".split())
_PEOPLES = re.compile(
    r"(?:Afghan|Alban|Alger|Americ|Austral|Austri|Brazil|Canad|Chile|Cuba|Egypt|Europe|German|Hungar|Ind|Indones|Iran"
    r"|Israel|Ital|Jord|Kore|Liby|Mexic|Norweg|Palestin|Pakistan|Peruv|Roman|Russ|Serb|Syr|Ukrain|Venezuel|Afric|As)"
    r"(?:ian|an|i|n|ese|ic)?s?$|(?:Brit|Engl|Ir|Scott|Span|Swed|Dan|Finn|Pol|Turk)ish$|(?:Chin|Japan|Vietnam|Portugu)ese$"
    r"|(?:French|Dutch|Greek|Swiss|Czech|Welsh|Thai)$"
)
_NO_NAME = (
    frozenset(MONTHS) | frozenset(SHORT_MONTHS) | frozenset(WEEKDAYS)
    | frozenset("I Mr Mrs Ms Dr Yes No Oh Also Well Based Overall Additionally Finally Meanwhile Moreover".split())
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: `text[start:end]`."""

    text: str
    start: int
    end: int
    kind: Kind


def names(text: str, known: str = "") -> list[Name]:
    """The names of `text`. A single word that begins a sentence counts only where `known` has it within one."""
    found = []
    for match in _NAME.finditer(text):
        start, name = match.start(), match.group()
        opens = not text[:start].rstrip(' "“').strip() or text[:start].rstrip(' "“')[-1] in ".!?:\n"
        openers = _ADDRESSES | (OPENERS if opens else frozenset())
        while (first := name.partition(" "))[0].casefold() in openers and first[2]:
            start, name = start + len(first[0]) + 1, first[2]
        name = re.sub(r"['’]s?$", "", name)
        alone = " " not in name
        if len(name) < 3 or name in _NO_NAME or name.casefold() in OPENERS | BE | MODALS:
            continue
        if any(word in _NO_NAME for word in name.split()) or re.match(r"(?:I|[WwYyTt]\w+)['’]", name):
            continue
        if alone and opens and not re.search(rf"[a-z,] {re.escape(name)}\b", f"{text} {known}"):
            continue
        found.append(Name(name, start, start + len(name), kind_of(name)))
    return found


def kind_of(name: str) -> Kind:
    """What a name seems to name."""
    parts = name.split()
    place = _places().get(name) or (_places().get(parts[-1]) if parts[0] in _POINTS else None)
    if place is not None:
        return place
    if _PEOPLES.match(name):
        return "people"
    if any(part in _TITLES for part in parts):
        return "title"
    if any(part in _ORGANISATION for part in parts):
        return "organisation"
    if len(parts) == 1:
        return "acronym" if name.isupper() else "name"
    return "full name"


def entity_of_another(pair: Pair, others: Sequence[Pair], random: Random) -> str | None:
    """A name in place of one of the same kind; it comes from another passage and is not in this one."""
    pool = [name for other in random.sample(list(others), min(40, len(others))) for name in _known(other.passage)]
    return _exchanged(pair, pool, random, absent=True)


def entity_of_the_same(pair: Pair, random: Random) -> str | None:
    """A name in place of another of the same kind from the same passage."""
    return _exchanged(pair, _known(pair.passage), random, absent=False)


def role_swap(pair: Pair, random: Random) -> str | None:
    """`A beat B` as `B beat A`, for verbs that are not the same both ways; `from A to B` as `from B to A`."""
    text = pair.text
    swappable = [
        (parts.subject, parts.object) for parts in transitive(text, pair.passage) if parts.verb not in _SYMMETRIC
    ]
    for one, two in pairwise(names(text, pair.passage)):
        if _FROM_TO.search(text[: one.start]) and re.fullmatch(r" to (?:the )?", text[one.end : two.start]):
            swappable.append((one, two))
    if not swappable:
        return None
    (start, end), (other_start, other_end) = (_with_article(text, name) for name in random.choice(swappable))
    swapped = text[other_start:other_end] + text[end:other_start] + text[start:end]
    if not start:
        swapped = capital(swapped)
    swapped = swapped[: other_end - other_start] + re.sub(r"\bThe\b", "the", swapped[other_end - other_start :])
    return text[:start] + swapped + text[other_end:]


def _with_article(text: str, name: Name) -> tuple[int, int]:
    """Where a name and the article before it stand."""
    return name.start - 4 * text[: name.start].endswith(("the ", "The ")), name.end


@dataclass(frozen=True, slots=True)
class Transitive:
    """A subject and an object with nothing but a verb between them."""

    subject: Name
    verb: str
    object: Name


def transitive(text: str, known: str = "") -> list[Transitive]:
    """Each `A verb B` of `text` where A and B are names; also `A was verb-ed by B`."""
    found = names(text, known)
    result = []
    for one, two in pairwise(found):
        between = [word.lower for word in words(text[one.end : two.start])]
        if re.search(r"[^\w\s'’-]", text[one.end : two.start]) or text[one.end : two.start].startswith(("'", "’")):
            continue
        if not re.match(_ENDS, text[two.end :]):
            continue
        if between and between[-1] == "the":
            between.pop()
        passive = len(between) == 3 and between[0] in BE and between[1] in participles() and between[2] == "by"
        active = len(between) == 1 and between[0] in by_form()
        if (active or passive) and one.text not in two.text and two.text not in one.text:
            result.append(Transitive(one, between[0] if active else between[1], two))
    return result


_ENDS = r"\s*$|\s*[.,;:)]|\s(?:in|on|at|by|for|with|as|from|to|after|before|and|or|during|under|when|while|because)\b"
"""What follows an object that is a name of its own, and not part of a longer one."""
_FROM_TO = re.compile(r"\bfrom (?:the )?$")
_SYMMETRIC = frozenset(
    "met meets married marries fought fights faced faces joined joins resembles resembled remained remains became"
    " becomes said says appeared appears included includes called calls".split()
)


def _exchanged(pair: Pair, pool: Iterable[Name], random: Random, *, absent: bool) -> str | None:
    mine = names(pair.text, pair.passage)
    taken = {part.casefold() for name in mine for part in name.text.split()}
    options = [
        other for other in pool if taken.isdisjoint(other.text.casefold().split())
        and not (absent and other.text.casefold() in pair.passage.casefold())
    ]  # fmt: skip
    mine = [name for name in mine if name.kind != "title" and not re.match(r" ?\d", pair.text[name.end :])]
    random.shuffle(mine)
    random.shuffle(options)
    for name in mine:
        for other in options:
            plural = other.text.rstrip("s") == name.text.rstrip("s")
            if (
                other.kind == name.kind
                and not plural
                and other.text not in pair.text
                and not _one_of(other, name, pair.passage)
            ):
                return _everywhere(pair.text, name.text, other.text)
    return None


def _one_of(other: Name, name: Name, passage: str) -> bool:
    """Whether the passage puts two names side by side, as one name with another for it, or a town with its state."""
    one, two = re.escape(name.text), re.escape(other.text)
    beside = r"(?:,|,? \(?(?:or|also|aka|born|in)\b| \()[^.;]{0,12}?"
    return re.search(rf"{one}{beside} ?{two}|{two}{beside} ?{one}", passage) is not None


def _everywhere(text: str, old: str, new: str) -> str:
    for match in reversed(list(re.finditer(rf"(?<!\w){re.escape(old)}(?!\w)", text))):
        text = replaced(text, match.start(), match.end(), new)
    return text


def _known(passage: str) -> list[Name]:
    found = {name.text: name for name in names(passage)}
    return [found[text] for text in sorted(found)]


@cache
def _places() -> dict[str, Kind]:
    found: dict[str, Kind] = {"New York": "city", "Hong Kong": "city", "New Zealand": "country", "New Mexico": "region"}
    found |= dict.fromkeys(("New Jersey", "New Hampshire", "New England"), "region")
    found |= dict.fromkeys(("United States", "United Kingdom", "South Africa", "Korea", "U.S", "UK"), "country")
    for line in data_lines("places.txt"):
        kind, _, listed = line.partition(": ")
        found |= dict.fromkeys(listed.split(), cast(Kind, kind))
    return found
