"""Quotes held against the library and the files: the documents that an answer cites, as they are now."""

import hashlib
import os
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from rag.chunking import page_of
from rag.errors import NoSuchSource
from rag.types import Check, Citation, Document

if TYPE_CHECKING:
    from rag import Library

DO_NOT = "do not rely on it"
ASK_AGAIN = "ask again: pincite ask QUESTION"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents that an answer cites, and their files, each looked at once."""

    library: "Library"
    documents: dict[str, Document | None] = field(default_factory=dict)
    files: dict[str, str | None] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    """Sources that are no longer what was cited."""

    def document(self, source: str) -> Document | None:
        """The document as the library has it, or None where it has it no longer."""
        if source not in self.documents:
            try:
                self.documents[source] = self.library.document(source)
            except NoSuchSource:
                self.documents[source] = None
        return self.documents[source]

    def file(self, source: str) -> str | None:
        """The SHA-256 of the file as it is now; None where there is none that can be read."""
        if source not in self.files:
            self.files[source] = None
            if os.path.isfile(source):
                try:
                    with open(source, "rb") as stream:
                        self.files[source] = hashlib.file_digest(stream, "sha256").hexdigest()
                except OSError:
                    pass
        return self.files[source]


def checked(name: str, fault: str, detail: str = "", advice: str = DO_NOT) -> Check:
    """A check with its fault and what to do about it; without a fault, well, and with its detail."""
    return Check(name, not fault, fault or detail, advice if fault else "")


def quote(citation: Citation, shelf: Shelf) -> Check:
    """A quote in the version of the document that it names, and that version against the file."""
    document = shelf.document(citation.source)
    fault, advice = _lost(citation, document, shelf)
    gone = "" if "://" in citation.source or shelf.file(citation.source) else "; its file is no longer there"
    return checked(f"[{citation.marker}]", fault, f"stands in {citation.source}{gone}", advice)


def _lost(citation: Citation, document: Document | None, shelf: Shelf) -> tuple[str, str]:
    """What is wrong with a quote and what to do about it; two empty texts where nothing is."""
    source, place = citation.source, f"{citation.start}–{citation.end}"
    if document is None:
        return f"{source} is not in the library", "index it again: pincite index PATH"
    here = 0 <= citation.start < citation.end <= len(document.text)
    here = here and document.text[citation.start : citation.end] == citation.quote
    at = document.text.find(citation.quote) if citation.quote else -1
    now = "the quote is gone" if at < 0 else f"the quote now stands at {at}–{at + len(citation.quote)}"
    if document.sha256 != citation.sha256:
        shelf.changed.add(source)
        return f"{source} has changed since; {now}", ASK_AGAIN
    if not here:
        return f"the quote does not stand at {place} of {source}; {now}", DO_NOT if at < 0 else ASK_AGAIN
    if shelf.file(source) not in (None, citation.sha256):
        shelf.changed.add(source)
        return f"{source} has changed since it was cited", "index it and ask again: pincite index PATH"
    page = page_of(document.pages, citation.start)
    for what, is_now, was in (
        ("stands on page", page, citation.page),
        ("stands in", document.title, citation.title),
        ("is dated", document.date, citation.date),
    ):
        if is_now != was:
            return f"the quote {what} {is_now}, not {was}, in {source}", DO_NOT
    return "", ""


def lies_in(span: Citation, citation: Citation, document: Document) -> bool:
    """Whether `span` is a part of a citation, and stands in the document."""
    named = attrgetter("marker", "source", "sha256", "title", "date")
    within = citation.start <= span.start < span.end <= citation.end
    return named(span) == named(citation) and within and document.text[span.start : span.end] == span.quote
