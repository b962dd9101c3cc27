"""`pincite verify`: does every quote of a saved answer still stand where the answer says?"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import BadInput, NoSuchSource
from rag.types import Check, Document

if TYPE_CHECKING:
    from rag import Library


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Citation(_Part):
    marker: int
    source: str
    sha256: str
    start: int
    end: int
    quote: str
    page: int | None = None


class _Sentence(_Part):
    text: str
    start: int
    end: int
    citations: list[int]


class Given(_Part):
    """What of a saved answer can be checked again."""

    text: str
    sentences: list[_Sentence]
    citations: list[_Citation]


def read(text: str) -> Given:
    """The answer in `text`, as `pincite ask --json` prints it. Raises `BadInput` where it is none."""
    try:
        return Given.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise BadInput(
            f"this is not JSON (line {error.lineno}: {error.msg}); give what `pincite ask --json` printed"
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise BadInput(
            f"this is not an answer ({key}: {first['msg']}); give what `pincite ask --json` printed"
        ) from None


def examine(given: Given, library: "Library") -> list[Check]:
    """One check for each citation against the library, and one for each sentence against its answer."""
    return [*_citations(given, library), *_sentences(given)]


def _citations(given: Given, library: "Library") -> Iterator[Check]:
    documents: dict[str, Document | None] = {}
    for citation in given.citations:
        if citation.source not in documents:
            try:
                documents[citation.source] = library.document(citation.source)
            except NoSuchSource:
                documents[citation.source] = None
        fault, advice = _fault(citation, documents[citation.source])
        yield Check(f"[{citation.marker}]", not fault, fault or f"stands in {citation.source}", advice)


def _fault(citation: _Citation, document: Document | None) -> tuple[str, str]:
    """What is wrong with a citation and what to do about it; two empty texts where nothing is."""
    if document is None:
        return f"{citation.source} is not in the library", "index it again: pincite index PATH"
    text, quote = document.text, citation.quote
    if document.sha256 != citation.sha256:
        at = text.find(quote)
        now = "the quote is gone" if at < 0 or not quote else f"the quote now stands at {at}–{at + len(quote)}"
        return f"{citation.source} has changed since; {now}", "ask again: pincite ask QUESTION"
    if not 0 <= citation.start < citation.end <= len(text) or text[citation.start : citation.end] != quote:
        return f"the quote does not stand at {citation.start}–{citation.end} of {citation.source}", "do not rely on it"
    page = next((page.number for page in document.pages if page.start <= citation.start < page.end), None)
    if page != citation.page:
        return f"the quote stands on page {page}, not {citation.page}, of {citation.source}", "do not rely on it"
    return "", ""


def _sentences(given: Given) -> Iterator[Check]:
    known = {citation.marker for citation in given.citations}
    for number, sentence in enumerate(given.sentences, 1):
        missing = [marker for marker in sentence.citations if marker not in known]
        moved = given.text[max(0, sentence.start) : max(0, sentence.end)] != sentence.text
        if missing:
            detail = f"cites {', '.join(f'[{marker}]' for marker in missing)}, which the answer does not have"
        elif moved:
            detail = f"does not stand at {sentence.start}–{sentence.end} of the answer"
        else:
            detail = "stands in the answer, and its marks have their sources"
        yield Check(
            f"sentence {number}", not missing and not moved, detail, "do not rely on it" if missing or moved else ""
        )
