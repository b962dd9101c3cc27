"""What the review page shows of a case: its place in the document, and what Pincite answers now."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Protocol

from evals.cases import Case, Evidence
from rag import retold
from rag.errors import NoSuchSource
from rag.types import Answer, Document, Entry, Turn

AROUND = 500
"""Characters shown on either side of a quote."""


class Asked(Protocol):
    """The part of `rag.Library` that a review needs."""

    def documents(self) -> list[Entry]: ...
    def document(self, source: str) -> Document: ...
    def ask(self, question: str, *, earlier: Sequence[Turn] = ()) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A quote in its document: the text around it, and the quote parted at the answer where it stands in it."""

    name: str
    page: int | None
    before: str
    quote: tuple[str, str, str]
    """What comes before the answer, the answer, and what comes after it; the answer is empty where it is not there."""
    after: str


class Shelf:
    """The documents of a library as a review shows them."""

    def __init__(self, library: Asked) -> None:
        self._library = library
        self._ask = lru_cache(maxsize=200)(self._asked)

    def answer(self, case: Case) -> Answer:
        """What Pincite answers; each question is asked once."""
        return self._ask(case.question, tuple((turn.question, turn.answer) for turn in case.history))

    def places(self, case: Case) -> list[Place | str]:
        """Each piece of evidence in its document, or a line on why it cannot be shown."""
        return [self._place(evidence, case.answers) for evidence in case.evidence]

    def _asked(self, question: str, said: tuple[tuple[str, str], ...]) -> Answer:
        return self._library.ask(question, earlier=retold(said))

    def _place(self, evidence: Evidence, answers: Sequence[str]) -> Place | str:
        document = self._document(evidence.source)
        if document is None:
            return f"No document, or more than one, of the library is called {evidence.source}."
        text = document.text
        if evidence.quote is not None:
            start = text.find(evidence.quote)
            end = start + len(evidence.quote)
        elif evidence.start is not None and evidence.end is not None:
            start, end = evidence.start, evidence.end
        else:
            named = f", page {evidence.page}" if evidence.page else ""
            return f"{evidence.source}{named}: no exact words are given."
        if not 0 <= start < end <= len(text):
            return f"{evidence.source} no longer has these words; index it again, or reject the case."
        page = next((page.number for page in document.pages if page.start <= start < page.end), None)
        name = PurePath(document.source).name or document.source
        return Place(name, page, _before(text, start), _parted(text[start:end], answers), _after(text, end))

    def _document(self, source: str) -> Document | None:
        tail = "/" + source.lstrip("/")
        named = [entry.source for entry in self._library.documents() if ("/" + entry.source).endswith(tail)]
        try:
            return self._library.document(named[0]) if len(named) == 1 else None
        except NoSuchSource:
            return None


def _parted(quote: str, answers: Sequence[str]) -> tuple[str, str, str]:
    for answer in answers:
        at = quote.casefold().find(answer.casefold())
        if answer and at >= 0 and len(quote.casefold()) == len(quote):
            return quote[:at], quote[at : at + len(answer)], quote[at + len(answer) :]
    return quote, "", ""


def _before(text: str, end: int) -> str:
    start = end - AROUND
    return text[:end] if start <= 0 else "… " + text[start:end].partition(" ")[2]


def _after(text: str, start: int) -> str:
    end = start + AROUND
    return text[start:] if end >= len(text) else text[start:end].rpartition(" ")[0] + " …"
