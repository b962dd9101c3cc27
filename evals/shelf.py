"""The library under test: what a run asks of it, its documents read once each, and where evidence stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from unicodedata import normalize

from pydantic import BaseModel

from evals.cases import Case, Evidence
from evals.metrics import Place
from rag.errors import BadInput, NoSuchSource
from rag.types import Answer, Document, Entry, Turn

ASKED = 60
"""Characters of a question that a message shows."""


class Asked(Protocol):
    """The part of `rag.Library` that a run needs."""

    @property
    def settings(self) -> BaseModel: ...
    def ask(
        self,
        question: str,
        *,
        abstain: bool = True,
        rerank: bool = True,
        model: str | None = None,
        earlier: Sequence[Turn] = (),
    ) -> Answer: ...
    def documents(self) -> list[Entry]: ...
    def document(self, source: str, /) -> Document: ...
    def weights(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Gold:
    """One piece of a case's evidence where it stands."""

    place: Place
    grade: int
    exact: bool
    """Whether characters are named, and not a whole page or document."""
    whole: bool
    """Whether it is a whole document."""


class Shelf:
    """The documents of a library, each read when first needed."""

    def __init__(self, library: Asked) -> None:
        self._library = library
        self.entries = library.documents()
        self._sources = _by_tail(self.entries)
        self._documents: dict[str, Document] = {}

    def document(self, source: str) -> Document | None:
        """The document, or None where the library does not have it."""
        if source not in self._documents:
            try:
                self._documents[source] = self._library.document(source)
            except NoSuchSource:
                return None
        return self._documents[source]

    def cited(self, answer: Answer) -> dict[str, Document]:
        """The documents that an answer cites, by source, as far as the library has them."""
        return {one.source: document for one in answer.citations if (document := self.document(one.source))}

    def gold(self, case: Case) -> tuple[Gold, ...]:
        """Where the evidence of a case stands.

        Raises `BadInput`, naming the case, for a source that no document or more than one has, for a quote that is
        not in its document, and for characters or a page beyond its end.
        """
        return tuple(self._gold(case, evidence) for evidence in case.evidence)

    def _gold(self, case: Case, evidence: Evidence) -> Gold:
        document = self._named(case, evidence.source)
        where = f"{_called(case)}: {evidence.source}"
        start, end = 0, len(document.text)
        if evidence.quote is not None:
            start = document.text.find(evidence.quote)
            if start < 0:
                hint = _hint(evidence.quote, document)
                raise BadInput(f"{where} does not contain the quote {evidence.quote[:50]!r}{hint}")
            end = start + len(evidence.quote)
        elif evidence.page is not None:
            page = next((page for page in document.pages if page.number == evidence.page), None)
            if page is None:
                if not document.pages:
                    raise BadInput(f"{where} has no pages; give a quote instead")
                raise BadInput(f"{where} has {len(document.pages)} pages, and not {evidence.page}")
            start, end = page.start, page.end
        elif evidence.start is not None and evidence.end is not None:
            if evidence.end > end:
                raise BadInput(f"{where} has {end} characters, and not {evidence.end}")
            start, end = evidence.start, evidence.end
        exact = evidence.quote is not None or evidence.start is not None
        return Gold(
            Place(document.source, start, end), evidence.grade, exact, whole=not exact and evidence.page is None
        )

    def _named(self, case: Case, name: str) -> Document:
        named = self._sources.get(_plain(name), ())
        if not named:
            raise BadInput(f"{_called(case)}: no document of the library is named {name}; check --index")
        if len(named) > 1:
            more = f"write more of its path, such as {_apart(named)}"
            raise BadInput(f"{_called(case)}: {len(named)} documents of the library are named {name}; {more}")
        document = self.document(named[0])
        if document is None:
            raise BadInput(f"{_called(case)}: {name} has just been removed from the library")
        return document


def _by_tail(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Every source by each of its endings at a slash: `report.pdf`, `2024/report.pdf` and so on."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        parts = _plain(entry.source).split("/")
        for first in range(len(parts)):
            found.setdefault("/".join(parts[first:]), []).append(entry.source)
    return found


def _plain(source: str) -> str:
    """Without the first slash, and with accents as one character each: a Mac writes them as two."""
    return normalize("NFC", source.lstrip("/"))


def _apart(sources: Sequence[str]) -> str:
    """The shortest ending that only the first of `sources` has, or all of it."""
    first, *others = sources
    parts = first.split("/")
    endings = ("/".join(parts[-length:]) for length in range(1, len(parts)))
    return next((one for one in endings if not any(f"/{other}".endswith(f"/{one}") for other in others)), first)


def _called(case: Case) -> str:
    """A case in a message; of one whose id was made by a program, the question says more."""
    question = " ".join(case.question.split())
    return f"case {case.id} ({question if len(question) <= ASKED else question[: ASKED - 1] + '…'})"


def _hint(quote: str, document: Document) -> str:
    """What is wrong with a quote that differs from the document's text by its spaces and line breaks alone."""
    apart = " ".join(quote.split()) in " ".join(document.text.split())
    return "; spaces or line breaks differ: copy the document's own" if apart else ""
