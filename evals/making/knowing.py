"""What a document tells of its names: who is a person, and what `the film` or `the bridge` is called."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from evals.judge.english import words
from evals.judge.names import kind_of, names
from evals.making.clauses import Clause, Spelled, parsed, renamed
from evals.making.phrases import ROLE, YEAR, is_person, is_place
from evals.making.reading import Statement, pairs
from rag.types import Document

_CALLED = re.compile(r"^(?P<name>.+?)(?: \((?P<kind>[^()]*)\))?$")
_BE = r"(?:is|was|were|are)"


class Known:
    """One document, as the rules need to know it."""

    def __init__(self, document: Document, own: Sequence[Statement]) -> None:
        """`own` are the statements of the document, or some of them, in order."""
        self.text = " ".join(document.text.split())
        self.title = document.title.strip()
        self.spelled = Spelled.of(self.text)
        self._own = own
        self._topic = ""
        self._end = 0
        self._kinds: dict[str, str] = {}

    @cached_property
    def _persons(self) -> tuple[str, ...]:
        found = (name.text for statement in self._own if not statement.row for name in names(statement.text))
        return tuple(dict.fromkeys(name for name in found if is_person(name)))

    @cached_property
    def labels(self) -> Counter[str]:
        """How many rows of tables begin with a label."""
        return Counter(pairs(statement.text)[0][1] for statement in self._own if statement.row)

    @cached_property
    def columns(self) -> Counter[str]:
        """How many rows of tables have a column of this heading."""
        rows = (pairs(statement.text) for statement in self._own if statement.row)
        return Counter(heading for row in rows for heading, _ in row[1:])

    @cached_property
    def _surnames(self) -> frozenset[str]:
        titled = re.findall(
            r"\b(?:Mr|Mrs|Ms|Dr|Sir|President|General|Senator|King|Queen)\b\.? (?:[A-Z][\w'’-]+ )?([A-Z][\w'’-]+)",
            self.text,
        )
        full = [name.split()[-1] for name in self._persons]
        roles = ROLE
        pattern = (
            rf"\b[A-Z][\w'’-]+ ([A-Z][\w'’-]+)(?: \([^()]*\))?(?:, (?:who\b|(?:the|an?|now|then)"
            rf" [^,.;]{{0,40}}\b(?:{roles})\b)| {_BE} an? [^,.;]{{0,50}}\b(?:{roles})\b)"
        )
        return frozenset({*titled, *full, *re.findall(pattern, self.text)})

    def is_person(self, name: str) -> bool:
        """Whether a name is a person's, by itself or by what the document says of it."""
        if re.search(r"^the |['’]s?$|\b(?:of|and)\b", name) and not re.match(
            r"(?:President|King|Queen|Prime Minister) ", name
        ):
            return False
        if is_person(name):
            return True
        parts = name.split()
        capitals = all(part[:1].isupper() for part in parts)
        known = parts[-1] in self._surnames and kind_of(name) not in {
            "organisation",
            "country",
            "city",
            "region",
            "people",
        }
        return capitals and len(parts) <= 3 and known and not is_place(name)

    def acts(self, name: str) -> bool:
        """Whether a name is that of a group that does things: of `who` one may ask for it."""
        return kind_of(name.removeprefix("the ")) in {"organisation", "acronym"}

    def dated(self, number: str) -> bool:
        """Whether a number may be a year."""
        return re.fullmatch(YEAR, number) is not None

    def read(self, statement: Statement) -> Clause | None:
        """The main clause of the next statement, with a subject that stands alone; None where there is none.

        Statements must be given in order: `It`, `He` and `She` are called by the subject of the one before.
        """
        topic, self._topic = self._topic, ""
        clause = parsed(statement.text, self.spelled, leaning=True)
        if clause is None:
            return None
        follows = statement.start - self._end < 4
        self._end = statement.end
        if clause.subject.casefold() in {"it", "he", "she"}:
            person = clause.subject.casefold() != "it"
            if not topic or not follows or person != self.is_person(topic) or clause.said:
                return None
            self._topic = topic
            return renamed(clause, topic)
        named = self.named(clause)
        if named is not None and re.search(r"[A-Z]", named.subject) and not re.search(r"\band\b|s$", named.subject):
            self._topic = named.subject
        if named is not None and clause.verb in {"is", "was"} and (kind := _kind(clause.rest)):
            self._kinds[kind] = "" if self._kinds.get(kind, named.subject) != named.subject else named.subject
        return named

    def named(self, clause: Clause) -> Clause | None:
        """The clause with `the film` or `Jones` called by its full name; None where nothing says what is meant."""
        subject = clause.subject
        if re.match(
            r"(?:filming|(?:principal )?photography|production|shooting|recording|casting)$", subject, re.IGNORECASE
        ):
            return None
        title = _CALLED.match(self.title)
        if title is not None and title["name"].casefold() in subject.casefold() and subject[:4] != "the ":
            whole = re.sub(re.escape(title["name"]), lambda _: title["name"], subject, flags=re.IGNORECASE)
            clause, subject = renamed(clause, whole), whole
        short = re.fullmatch(r"the ([A-Z][a-z]+)", subject)
        if short and short[1] in _SHORT:
            told = short[1] in self.title.split() and _is_name(self.title)
            return renamed(clause, self._with_article(self.title)) if told else None
        if " " not in subject and subject in self._full_names:
            return renamed(clause, self._full_names[subject])
        if re.search(r"[A-Z\d]", subject[1:]) or subject[:1].isupper() or not subject.startswith("the "):
            return clause
        match = _CALLED.match(self.title)
        noun = subject.removeprefix("the ")
        if self._kinds.get(noun):
            return renamed(clause, self._kinds[noun])
        if match is not None and _is_name(match["name"]):
            if match["kind"] and match["kind"].casefold().split()[-1:] == [noun]:
                return renamed(clause, f"{subject} {match['name']}" if noun in _WORKS else match["name"])
            if f" {noun} " in f" {match['name'].casefold()} ":
                return renamed(clause, self._with_article(match["name"]))
        return clause if len(words(subject)) > 3 and re.search(r"[A-Z]", clause.rest) else None

    @cached_property
    def _full_names(self) -> dict[str, str]:
        full = [name for name in self._persons if not name.startswith(_ADDRESSED)]
        return {name.split()[-1]: name for name in reversed(full)}

    def _with_article(self, name: str) -> str:
        with_the = len(re.findall(rf"\b[Tt]he {re.escape(name)}\b", self.text))
        alone = len(re.findall(rf"\b{re.escape(name)}\b", self.text)) - with_the
        return f"the {name}" if with_the > alone else name


_WORKS = frozenset(
    "film novel song album book movie play poem painting opera series show game magazine newspaper".split()
)


def _kind(rest: str) -> str:
    """The noun of `an American rock band formed in 1995`: band."""
    match = re.match(
        r"an? ((?:[\w'’-]+ ){0,6}?[a-z-]+)(?= (?:in|of|by|for|from|at|on|with|and|located|formed|founded|written"
        r"|directed)\b|$|,)",
        rest,
    )
    return match[1].split()[-1] if match else ""


_ADDRESSED = ("Mr", "Mrs", "Ms", "Dr", "President", "General")


_SHORT = frozenset(
    "Order Act Company Fund Bank Court Agreement Treaty Committee Commission Board Ministry Museum University"
    " Party Bill"
    " Group Council Union Club Society Institute Agency Corporation Department Government State City House Convention"
    " Authority Project Plan Programme Program Contract Buyer Seller Supplier Customer Tenant Landlord".split()
)
"""What a document calls by one word after it has told its whole name."""


def _is_name(title: str) -> bool:
    """Whether a title is a name rather than a headline: short, and its words have capitals."""
    found = [word for word in words(title) if len(word.text) > 3]
    return 0 < len(title.split()) <= 6 and all(word.text[:1].isupper() for word in found)
