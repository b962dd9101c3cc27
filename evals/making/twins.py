"""Unanswerable twins: a question with one thing changed to another of its kind, so that no document says it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from evals.judge.english import OPENERS, words
from evals.judge.figures import MONTHS, SMALL
from evals.judge.names import Kind, kind_of, names
from evals.making.phrases import MONTH, ROLES, YEAR, is_person, is_titled
from evals.making.reading import Statement

ALIKE = 0.5
"""Share of a question's other words from which on a place that has the new thing may answer the twin."""
_NEAR = 1
"""Statements on either side that belong to a place."""
_SAME_KIND = frozenset({"country", "region", "city", "people", "organisation"})
_ASKING = frozenset(
    "what which who when where how many much long did does do was were is are the for percentage given gap".split()
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A name, year or number that can be exchanged, and its kind."""

    text: str
    kind: str


class Sayings:
    """Everything that the documents state, to look up what none of them says."""

    def __init__(self, documents: Sequence[Sequence[Statement]], search: Callable[[str], Sequence[str]]) -> None:
        self._search = search
        self._places: list[tuple[str, frozenset[str]]] = []
        self.things: dict[str, list[Thing]] = {}
        """By kind, each thing once, in the order of the documents."""
        seen: set[str] = set()
        for statements in documents:
            for index, statement in enumerate(statements):
                around = " ".join(each.text for each in statements[max(0, index - _NEAR) : index + _NEAR + 1])
                self._places.append((around.casefold(), _stems(around)))
                for thing in things(statement.text, around):
                    if thing.text not in seen:
                        seen.add(thing.text)
                        self.things.setdefault(thing.kind, []).append(thing)

    def says(self, question: str, new: str) -> bool:
        """Whether a place in any document has `new` and enough of the other words of `question`."""
        wanted = _stems(question) - _stems(new)
        return any(_has(text, stems, wanted, new) for text, stems in self._places)

    def found(self, question: str, new: str) -> bool:
        """Whether a passage that the library finds for `question` has `new` and enough of its other words."""
        wanted = _stems(question) - _stems(new)
        return any(_has(text.casefold(), _stems(text), wanted, new) for text in self._search(question))


def twin(question: str, statement: Statement, sayings: Sayings, random: Random) -> str | None:
    """`question` with one thing changed such that no document says it, or None where nothing fits."""
    asked = question.split(", according to ")[0]
    own = [thing for thing in things(asked, statement.text) if not _fixed(asked, thing)]
    random.shuffle(own)
    for thing in own:
        for new in _others(thing, sayings, random):
            same = _stems(new) & _stems(thing.text)
            if same or re.search(rf"(?<!\w){re.escape(new)}(?!\w)", f"{question} {statement.text}"):
                continue
            changed = question.replace(thing.text, new, 1)
            if not sayings.says(changed, new) and not sayings.found(changed, new):
                return changed
    return None


def things(text: str, around: str = "") -> Iterator[Thing]:
    """The names of persons, places, peoples and organisations in `text`, its years, months and numbers."""
    for match in re.finditer(rf"(?<![\w.,:/$€£-])(?:{YEAR})(?![\w:/-]|[.,]\d)", text):
        yield Thing(match.group(), "year")
    for match in re.finditer(rf"(?<=\bin )(?:{MONTH})(?= \d{{4}}\b)", text):
        yield Thing(match.group(), "month")
    for match in re.finditer(rf"(?<![\w.,$€£-])(?:\d{{1,3}}|{'|'.join(SMALL[2:])})(?= [a-z]{{4,}}s\b)", text):
        yield Thing(match.group(), "number")
    for name in names(text, around):
        kind: Kind | str = "person" if is_person(name.text) else kind_of(name.text)
        if kind == "person" or kind in _SAME_KIND:
            yield Thing(name.text, _shape(kind, name.text))


def _shape(kind: str, name: str) -> str:
    """What is exchanged among itself: persons by their title, continents and states apart, organisations by their noun."""
    first, last = name.split()[0], name.split()[-1]
    if kind == "person":
        return f"person, {first.rstrip('.')}" if is_titled(name) else "person"
    if kind == "organisation":
        return f"organisation, {last}"
    if kind == "region":
        return "continent" if last in _CONTINENTS else "state"
    return f"{kind}, many" if kind == "people" and name.endswith("s") else kind


_CONTINENTS = frozenset("Africa Asia Europe America Antarctica Scandinavia Siberia".split())
_WITH_ARTICLE = re.compile(r"United|Netherlands|Philippines|Bronx")


def _fixed(question: str, thing: Thing) -> bool:
    """Whether a change would spoil the question: within a title in quotation marks, or part of a longer name."""
    if question.count(thing.text) != 1 or re.search(rf"[“\"][^”\"]*{re.escape(thing.text)}", question):
        return True
    if thing.kind == "year":
        return len(re.findall(YEAR, question)) > 1
    before = question[: question.find(thing.text)].split()[-1:]
    told = bool(before) and before[0].islower() and before[0] in _TOLD
    return thing.kind.startswith("person") and (told or re.search(r"\b(?:his|her)\b", question) is not None)


_TOLD = ROLES | frozenset("leader musician brother sister son daughter wife husband father mother native child".split())


def _others(thing: Thing, sayings: Sayings, random: Random) -> list[str]:
    if thing.kind == "year":
        moves = random.sample([-4, -3, -2, -1, 1, 2, 3, 4], 8)
        return [str(int(thing.text) + move) for move in moves if int(thing.text) + move < 2100]
    if thing.kind == "month":
        return random.sample(MONTHS, len(MONTHS))
    if thing.kind == "number":
        if thing.text in SMALL:
            at = SMALL.index(thing.text)
            return [SMALL[other] for other in (at + 1, at + 2, at + 3, at - 1) if 1 < other < len(SMALL)]
        return [str(int(thing.text) + step) for step in random.sample([2, 3, 5, 10], 4)]
    pool = [other.text for other in sayings.things.get(thing.kind, ()) if _fits(thing.text, other.text)]
    return random.sample(pool, min(12, len(pool)))


def _fits(old: str, new: str) -> bool:
    """Whether a name may stand where another did: an article or a title makes it read wrongly."""
    return (
        old != new
        and (" of " in old) == (" of " in new)
        and not _WITH_ARTICLE.search(f"{old} {new}")
        and "The " not in new
    )


def _has(text: str, stems: frozenset[str], wanted: frozenset[str], new: str) -> bool:
    last = new.split()[-1].casefold()
    if not re.search(rf"(?<!\w){re.escape(last)}(?!\w)", text):
        return False
    return not wanted or len(wanted & stems) >= ALIKE * len(wanted)


def _stems(text: str) -> frozenset[str]:
    """The content words without their endings, so that `opened` and `open` are one."""
    found = (re.sub(r"['’]s$", "", word.lower) for word in words(text))
    return frozenset(
        re.sub(r"(?:ing|ied|ies|ed|es|s|e|y)$", "", word) if len(word) > 4 else word
        for word in found
        if word not in OPENERS and word not in _ASKING
    )
