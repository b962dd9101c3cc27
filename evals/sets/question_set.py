"""A set of questions with the documents they are asked of, and the draft that a reader fills."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Case, Evidence, Turn
from evals.sets.files import sha256
from rag.errors import BadInput
from rag.types import Document

_ASKING = re.compile(r"\b(who|whom|whose|what|which|when|where|why|how many|how much|how)\b", re.IGNORECASE)
_YES_NO = re.compile(
    r"\W*(is|are|was|were|am|do|does|did|can|could|has|have|had|will|would|shall|should|may|might|must)\b",
    re.IGNORECASE,
)
_SAME_WORD = {"whom": "who", "whose": "who", "how much": "how many"}


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Documents to index together, and the cases to ask of them."""

    name: str
    documents: tuple[Document, ...]
    """To be indexed as they are; all of them, however few cases are asked, so that finding stays hard."""
    files: tuple[Path, ...]
    """To be indexed too, through the loaders."""
    cases: tuple[Case, ...]
    about: Mapping[str, frozenset[str]]
    """By case: the sources of the documents that it was written on, also where they do not answer it."""
    references: Mapping[str, tuple[str, ...]]
    """By case: answers in free words, to read or to judge by. No answer is expected to contain them."""
    licence: str
    note: str
    """What a reader of the figures should know, with a count of what was left out."""
    paths: tuple[Path, ...]
    """The files it was read from."""

    @property
    def sha256(self) -> str:
        """Of the files it was read from, for a manifest."""
        return hashlib.sha256("".join(sha256(path) for path in self.paths).encode()).hexdigest()


def some(cases: Sequence[Case], limit: int | None) -> list[Case]:
    """At most `limit` cases in the order they stand, always the same ones; all of them without a limit.

    Every n-th of the unanswerable ones and then of the answerable ones, so that their mix stays as it is.
    """
    if limit is None or limit >= len(cases):
        return list(cases)
    by_kind = sorted(range(len(cases)), key=lambda at: cases[at].answerable)
    kept = {by_kind[number * len(cases) // limit] for number in range(limit)}
    return [case for at, case in enumerate(cases) if at in kept]


class Draft:
    """A set while it is read."""

    def __init__(self, name: str, language: str | None = "en") -> None:
        self.name = name
        self._language = language
        self.files: list[Path] = []
        self._documents: dict[str, Document] = {}
        self._cases: dict[str, Case] = {}
        self._about: dict[str, frozenset[str]] = {}
        self._references: dict[str, tuple[str, ...]] = {}
        self._remarks: Counter[str] = Counter()

    def passage(self, title: str, text: str, key: str | None = None) -> Document:
        """A passage as a document of its own; the same title and text are one document, unless `key` names it."""
        title, text = title.strip(), text.strip()
        sha256 = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
        source = f"{self.name}:{key}" if key else f"pool:{sha256[:16]}"
        if source not in self._documents:
            name = hashlib.sha256(source.encode()).hexdigest() if key else sha256
            self._documents[source] = Document(
                name[:16], source, sha256, title, text, "text/plain", language=self._language
            )
        return self._documents[source]

    def ask(
        self,
        name: str,
        question: str,
        group: str,
        *,
        about: Iterable[str],
        answers: Sequence[str] = (),
        evidence: Sequence[Evidence] = (),
        history: Sequence[Turn] = (),
        tags: Iterable[str] = (),
        references: Iterable[str] = (),
    ) -> None:
        """Add a case: answerable where it has evidence. Raises `BadInput` for a `name` that is taken."""
        if name in self._cases:
            raise BadInput(f"{self.name}: two questions are called {name!r}; get the set again")
        common = (self.name, "answerable" if evidence else "unanswerable", asks(question), *_places(len(evidence)))
        self._cases[name] = Case(
            id=name,
            group_id=group,
            question=question,
            answerable=bool(evidence),
            answers=tuple(answers),
            evidence=tuple(evidence),
            history=tuple(history),
            tags=tuple(dict.fromkeys((*common, *tags))),
        )
        self._about[name] = frozenset(about)
        if free := tuple(text for text in references if text.strip()):
            self._references[name] = free

    def remark(self, text: str, count: int = 1) -> None:
        """Count something that the note should tell, such as `Documents without text, left out`."""
        self._remarks[text] += count

    def done(self, licence: str, note: str, paths: Sequence[Path]) -> QuestionSet:
        """The finished set. Raises `BadInput` where there is no question in it."""
        if not self._cases:
            raise BadInput(f"{self.name} holds no question that could be asked; get the set again")
        remarks = [f"{text}: {count}." for text, count in self._remarks.items() if count]
        return QuestionSet(
            name=self.name,
            documents=tuple(self._documents.values()),
            files=tuple(self.files),
            cases=tuple(self._cases.values()),
            about=self._about,
            references=self._references,
            licence=licence,
            note=" ".join([note, *remarks]).strip(),
            paths=tuple(paths),
        )


def whole(document: Document, grade: int = 1) -> Evidence:
    """All of a document."""
    return Evidence(source=document.source, grade=grade)


def checked(document: Document, start: int, says: str, item: str) -> tuple[int, int]:
    """The range of `says` from `start`. Raises `BadInput` naming the item where the document says something else."""
    end = start + len(says)
    if start < 0 or document.text[start:end] != says:
        found = document.text[max(0, start) : max(0, end)][:50]
        raise BadInput(f"{item}: its document has {found!r} where {says[:50]!r} should stand; get the set again")
    return start, end


def spans(document: Document, ranges: Iterable[tuple[int, int]]) -> tuple[Evidence, ...]:
    """Ranges of characters as evidence, in order; those that overlap are one place, so that places can be counted."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(Evidence(source=document.source, start=start, end=end) for start, end in joined)


def asks(question: str) -> str:
    """The word that a question asks with: `who`, `how many`, `yes or no` and so on, or `other`."""
    if _YES_NO.match(question):
        return "yes or no"
    found = _ASKING.search(question)
    if not found:
        return "other"
    word = found.group().lower()
    return _SAME_WORD.get(word, word)


def _places(count: int) -> tuple[str, ...]:
    return ({1: "1 place", 2: "2 places"}.get(count, "3 or more places"),) if count else ()
