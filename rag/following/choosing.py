"""What a word that points back means: whom or what the earlier turns were about, by kind."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.following.mentions import Mention, fullest, is_plural, mentions, pair, things
from rag.following.pointing import Pointer, What
from rag.text import stems
from rag.types import Turn

REACH = 3
"""Turns, the last ones, in which a meaning is looked for."""
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
YEAR = re.compile(rf"\b(?:(?:{_MONTHS})\s+)?(?:1\d{{3}}|20\d{{2}})\b", re.IGNORECASE)
_PERSONS = frozenset("man woman person guy lady author actor actress president minister leader official".split())
_WHO = re.compile(rf"\b(?:who|whom|whose|which (?:\w+ )?(?:people|{'|'.join(sorted(_PERSONS))}))\b", re.IGNORECASE)
_NAMING = re.compile(r"^(?:what|which)\b(?!.*\b(?:of|in)\s+(?:it|them)\b)", re.IGNORECASE)
_PLACES = frozenset("place city country town village region state area island county continent".split())
_TIMES = frozenset("year day month date".split())


@dataclass(frozen=True, slots=True)
class Scene:
    """One earlier turn, as far as a pointer may mean something in it."""

    turn: Turn
    asked: Sequence[Mention]
    """The names of its question."""
    told: Sequence[Mention]
    """Those that only its answer has."""
    known: Sequence[Mention]
    """All names of the conversation."""


def meaning(found: Pointer, earlier: Sequence[Turn], own: frozenset[str]) -> str | None:
    """What the pointer means, in the latest turn that has something for it; no name that the question has itself."""
    known = [one for turn in earlier[-REACH:] for text in (turn.standalone, turn.text) for one in mentions(text)]
    for turn in reversed(earlier[-REACH:]):
        asked = mentions(turn.standalone)
        held = own | {one.last for one in asked}
        told = [one for one in mentions(turn.text) if one.last not in held]
        scene = Scene(turn, [one for one in asked if one.last not in own], told, known)
        if chosen := _CHOICES[found.what](found, scene):
            return chosen
    return None


def _person(found: Pointer, scene: Scene) -> str | None:
    """Whom the question was about; whom the answer names, where it asked who."""
    gender = "she" if found.word.casefold() in ("she", "her", "hers") else "he"
    asked, told = (
        [one for one in _people(names, scene.known) if _gender(one, scene.known) in ("", gender)]
        for names in (scene.asked, scene.told)
    )
    text = scene.turn.standalone
    himself = any(
        re.fullmatch(rf"who (?:is|was) (?:\w+\.? ){{0,2}}{re.escape(one.text)}\W*", text, re.IGNORECASE)
        for one in asked
    )
    ordered = [*told, *asked] if _WHO.search(text) and not himself else [*asked, *told]
    return fullest(ordered[0], scene.known).text if ordered else None


def _people(found: Sequence[Mention], known: Sequence[Mention]) -> list[Mention]:
    """Those of `found` that are persons, by their whole names; a single word only where there is nobody else."""
    whole = [(one, fullest(one, known)) for one in found if one.kind in ("person", "unknown")]
    sure = [one for one, name in whole if "person" in (one.kind, name.kind) or " " in name.text]
    return sure or [one for one, _ in whole]


def _gender(name: Mention, known: Sequence[Mention]) -> str:
    return next((one.pronoun for one in known if one.last == name.last and one.pronoun), "")


def _thing(found: Pointer, scene: Scene) -> str | None:
    """The name that was asked for, else the thing or phrase that the question was about."""
    text, known = scene.turn.standalone, scene.known
    if _NAMING.match(text) and (sole := _subject(scene)):
        return sole
    phrases = [one for one in things(text) if not is_plural(one) and not _is_person(one, known)]
    named = [one.text for one in scene.asked if one.kind == "thing"]
    if named:
        whole = next((phrase for phrase in phrases if named[0] in phrase), None)
        return whole or _with_article(named[0], text)
    places = [one.text for one in scene.asked if one.kind == "place"]
    free = [_definite(phrase) for phrase in phrases if phrase not in places]
    unknown = [one.text for one in scene.asked if one.kind == "unknown" and fullest(one, known).kind == "unknown"]
    return next(iter([*free, *unknown, *places]), None)


def _several(found: Pointer, scene: Scene) -> str | None:
    if both := pair(scene.turn.standalone):
        return " and ".join(both)
    people = _people(scene.asked, scene.known)
    if len(people) == 2 and people[0].kind == people[1].kind == "person":
        return f"{fullest(people[0], scene.known).text} and {fullest(people[1], scene.known).text}"
    many = [one for one in things(scene.turn.standalone) if is_plural(one)]
    if many:
        return many[0]
    group = [one.text for one in scene.asked if one.kind == "thing"]
    if group and found.word.casefold() not in ("these", "those"):
        return _with_article(group[0], scene.turn.standalone)
    listed = re.search(r"[A-Z][\w'’-]+(?:, [A-Z][\w'’-]+)+,? and [A-Z][\w'’-]+", scene.turn.text)
    return listed.group() if listed else None


def _one(found: Pointer, scene: Scene) -> str | None:
    phrases = [one for one in things(scene.turn.standalone) if one.casefold().startswith(("a ", "an "))]
    return phrases[0] if phrases else None


def _place(found: Pointer, scene: Scene) -> str | None:
    ordered = (
        [*scene.told, *scene.asked]
        if re.match(r"\W*(?:where|which|what)\b", scene.turn.standalone, re.IGNORECASE)
        else [*scene.asked, *scene.told]
    )
    places = [one.text for one in ordered if one.kind == "place"]
    return f"in {places[0]}" if places else None


def _kind(found: Pointer, scene: Scene) -> str | None:
    """The name or phrase of the turn that has the noun; else the name of the kind that the noun means."""
    noun = found.rest.casefold()
    near = found.word.casefold().startswith(("this", "these"))
    wanted = set(stems(noun))
    for one in [*scene.asked, *scene.told]:
        if wanted <= set(stems(one.text)) and len(one.text.split()) > 1:
            return f"the {one.text}"
    for phrase in things(scene.turn.standalone):
        head = stems(re.split(r"\bof\b", phrase)[0])
        if head and wanted == {head[-1]} and len(phrase.split()) > 2:
            return _definite(phrase)
    if noun in _PERSONS:
        return _person(Pointer("person", 0, 0, "he"), scene)
    if noun in _PLACES:
        return (_place(found, scene) or "").removeprefix("in ") or None
    if noun in _TIMES and not near:
        when = YEAR.search(scene.turn.text) or YEAR.search(scene.turn.standalone)
        return when.group() if when else None
    return None


def _other(found: Pointer, scene: Scene) -> str | None:
    """One of two names that a question or an answer joins: the one pointed at, or the one not spoken of."""
    both = pair(scene.turn.standalone) or pair(scene.turn.text)
    if both is None:
        return None
    word = found.word.casefold()
    if "former" in word or "first" in word:
        return both[0]
    if "latter" in word or "second" in word:
        return both[1]
    spoken = [one for one in both if one in scene.turn.standalone]
    return next((one for one in both if one not in spoken), None) if len(spoken) == 1 else None


_CHOICES: dict[What, Callable[[Pointer, Scene], str | None]] = {
    "person": _person,
    "thing": _thing,
    "several": _several,
    "one": _one,
    "place": _place,
    "kind": _kind,
    "other": _other,
    "clause": lambda found, scene: None,
}


def _subject(scene: Scene) -> str | None:
    """The name that an answer begins with, where the question asked for a name: "What is the capital of France?"."""
    start = scene.turn.text.strip().removeprefix("The ")
    return next((one.text for one in scene.told if one.kind in ("place", "thing") and start.startswith(one.text)), None)


def _with_article(name: str, text: str) -> str:
    return f"the {name}" if re.search(rf"\bthe {re.escape(name)}", text, re.IGNORECASE) else name


def _definite(phrase: str) -> str:
    """ "a tide gate" was spoken of: "the tide gate"."""
    return re.sub(r"^an? (?=\w)", "the ", phrase) if len(phrase.split()) > 2 else phrase


def _is_person(phrase: str, known: Sequence[Mention]) -> bool:
    return any(one.kind == "person" and phrase.endswith(one.text) for one in known)
