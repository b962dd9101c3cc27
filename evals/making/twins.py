"""Unanswerable twins: a question with one thing changed to another of its kind, so that no document says it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from random import Random

from evals.judge.english import OPENERS, words
from evals.judge.figures import MONTHS, SMALL
from evals.judge.names import Kind, kind_of, names
from evals.making.phrases import MONTH, ROLES, YEAR, is_person, is_titled
from evals.making.reading import Statement
from rag.types import Document

ALIKE = 0.5
"""Share of a question's other words from which on a place that has the new thing may answer the twin."""
NEAR = 45
"""Words on either side that belong to a place."""
_SAME_KIND = frozenset({"country", "region", "city", "people", "organisation"})
_ASKING = frozenset(
    "what which who when where how many much long did does do was were is are the for percentage given gap".split()
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A name, year or number that can be exchanged, and its kind."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Twin:
    """A question with one thing changed."""

    question: str
    new: str

    @property
    def key(self) -> str:
        """The last word of what is new, by which places that may answer it are found."""
        return words(self.new)[-1].lower

    def answered_by(self, stems: Set[str]) -> bool:
        """Whether a place that has what is new has enough of the other words, too."""
        wanted = stems_of(self.question) - stems_of(self.new)
        return len(wanted & stems) >= ALIKE * len(wanted)


def pool(given: Iterable[Statement]) -> dict[str, list[str]]:
    """The things of these statements by kind, each once."""
    found: dict[str, dict[str, None]] = {}
    for statement in given:
        for thing in things(statement.text):
            found.setdefault(thing.kind, {})[thing.text] = None
    return {kind: list(texts) for kind, texts in found.items()}


def twins(question: str, statement: Statement, others: Mapping[str, Sequence[str]], random: Random) -> list[Twin]:
    """`question` with one thing changed to another of its kind, in every way that reads well; nothing is looked up."""
    asked = question.split(", according to ")[0]
    own = [thing for thing in things(asked, statement.text) if not _fixed(asked, thing)]
    random.shuffle(own)
    made = []
    for thing in own:
        for new in _others(thing, others, random):
            there = re.search(rf"(?<!\w){re.escape(new)}(?!\w)", f"{question} {statement.text}")
            if not there and not stems_of(new) & stems_of(thing.text):
                made.append(Twin(question.replace(thing.text, new, 1), new))
    return made


def said(given: Collection[Twin], documents: Iterable[Document]) -> set[Twin]:
    """Those that some place in a document may answer: `NEAR` words around what is new, and the document's title."""
    by_key: dict[str, list[Twin]] = {}
    for twin in given:
        by_key.setdefault(twin.key, []).append(twin)
    found: set[Twin] = set()
    for document in documents:
        title = stems_of(document.title)
        tokens = [word.lower for word in words(document.text)]
        for at, token in enumerate(tokens):
            open_ = [twin for twin in by_key.get(token.removesuffix("'s"), ()) if twin not in found]
            if open_:
                around = stems_of(" ".join(tokens[max(0, at - NEAR) : at + NEAR])) | title
                found.update(twin for twin in open_ if twin.answered_by(around))
    return found


def things(text: str, around: str = "") -> Iterator[Thing]:
    """The names of persons, places, peoples and organisations in `text`, its years, months and numbers."""
    for match in re.finditer(rf"(?<![\w.,:/$€£-])(?:{YEAR})(?![\w:/-]|[.,]\d)", text):
        yield Thing(match.group(), "year")
    for match in re.finditer(rf"(?<=\bin )(?:{MONTH})(?= \d{{4}}\b)", text):
        yield Thing(match.group(), "month")
    for match in re.finditer(rf"(?<![\w.,$€£-])(?:\d{{1,3}}|{'|'.join(SMALL[2:])})(?= [a-z]{{4,}}s\b)", text):
        if not re.search(r"[A-Z]\w* $", text[: match.start()]):
            yield Thing(match.group(), "number")
    for name in names(text, around):
        kind: Kind | str = "person" if is_person(name.text) else kind_of(name.text)
        if kind == "person" or kind in _SAME_KIND:
            yield Thing(name.text, _shape(kind, name.text))


def _shape(kind: str, name: str) -> str:
    """The kind, and what else must be alike: the title of a person, the last word of an organisation."""
    first, last = name.split()[0], name.split()[-1]
    if kind == "person":
        return f"person, {first.rstrip('.')}" if is_titled(name) else "person"
    if kind == "organisation":
        return f"organisation, {last}"
    if kind == "region":
        return "continent" if last in _CONTINENTS else "state"
    if name in _OF_CONTINENTS:
        return "people of a continent"
    return f"{kind}, many" if kind == "people" and name.endswith("s") else kind


_CONTINENTS = frozenset("Africa Asia Europe America Antarctica Scandinavia Siberia".split())
_OF_CONTINENTS = frozenset("African Asian European American".split())
_WITH_ARTICLE = re.compile(r"United|Netherlands|Philippines|Bronx")


def _fixed(question: str, thing: Thing) -> bool:
    """Whether a change would spoil the question: within a title in quotation marks, or part of a longer name."""
    if question.count(thing.text) != 1 or re.search(rf"[“\"][^”\"]*{re.escape(thing.text)}", question):
        return True
    if thing.kind == "year":
        return len(re.findall(YEAR, question)) > 1
    before = question[: question.find(thing.text)].split()[-1:]
    told = bool(before) and before[0].islower() and before[0] in _TOLD
    titled = re.search(rf"{re.escape(thing.text)} and the\b", question) is not None
    return thing.kind.startswith("person") and (told or titled or re.search(r"\b(?:his|her)\b", question) is not None)


_TOLD = ROLES | frozenset("leader musician brother sister son daughter wife husband father mother native child".split())


def _others(thing: Thing, others: Mapping[str, Sequence[str]], random: Random) -> list[str]:
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
    fitting = [other for other in others.get(thing.kind, ()) if _fits(thing.text, other)]
    return random.sample(fitting, min(12, len(fitting)))


def _fits(old: str, new: str) -> bool:
    """Whether a name may stand where another did: an article or a title makes it read wrongly."""
    return (
        old != new
        and (" of " in old) == (" of " in new)
        and not _WITH_ARTICLE.search(f"{old} {new}")
        and "The " not in new
    )


def stems_of(text: str) -> frozenset[str]:
    """The content words without their endings, so that `opened` and `open` are one."""
    found = (re.sub(r"['’]s$", "", word.lower) for word in words(text))
    return frozenset(
        re.sub(r"(?:ing|ied|ies|ed|es|s|e|y)$", "", word) if len(word) > 4 else word
        for word in found
        if word not in OPENERS and word not in _ASKING
    )
