"""`pincite verify`: does every quote of a saved answer still stand where the answer says?"""

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import BadInput, NoSuchSource
from rag.text import plain
from rag.trust.support import verify as judge
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


class _Verdict(_Part):
    label: str


class _Sentence(_Part):
    text: str
    start: int
    end: int
    citations: list[int]
    verdict: _Verdict


class Given(_Part):
    """What of a saved answer can be checked again."""

    status: str
    text: str
    short: str | None = None
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
    """The answer as a whole, each citation against the library and the file, each sentence against its quotes."""
    documents = {citation.source: _document(library, citation.source) for citation in given.citations}
    citations = [_cited(citation, documents[citation.source]) for citation in given.citations]
    return [_whole(given), *citations, *_sentences(given, documents)]


def _document(library: "Library", source: str) -> Document | None:
    try:
        return library.document(source)
    except NoSuchSource:
        return None


def _whole(given: Given) -> Check:
    """Every word of the answer is in a sentence, so that every word is checked."""
    rest = given.text
    for sentence in sorted(given.sentences, key=lambda sentence: -sentence.start):
        rest = rest[: max(0, sentence.start)] + rest[max(0, sentence.end) :]
    fault = ""
    if given.status == "abstained":
        fault = "it abstains, and yet has sentences or citations" if given.sentences or given.citations else ""
    elif not given.sentences:
        fault = "it answers without any sentence that could be checked"
    elif rest.strip():
        fault = f"it has words outside its sentences: {' '.join(rest.split())[:80]}"
    elif given.short is not None and given.short not in given.text:
        fault = "its short answer does not stand in it"
    detail = "abstains; there is nothing to check" if given.status == "abstained" else "is made of its sentences alone"
    return Check("answer", not fault, fault or detail, "do not rely on it" if fault else "")


def _cited(citation: _Citation, document: Document | None) -> Check:
    fault, advice = _fault(citation, document)
    return Check(f"[{citation.marker}]", not fault, fault or f"stands in {citation.source}", advice)


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
    if _changed(citation):
        return f"{citation.source} has changed since it was cited", "index it and ask again: pincite index PATH"
    page = next((page.number for page in document.pages if page.start <= citation.start < page.end), None)
    if page != citation.page:
        return f"the quote stands on page {page}, not {citation.page}, of {citation.source}", "do not rely on it"
    return "", ""


def _changed(citation: _Citation) -> bool:
    """Whether the file itself, where there is one, is another version than the one cited."""
    try:
        with open(citation.source, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() != citation.sha256
    except (OSError, ValueError):
        return False


def _sentences(given: Given, documents: dict[str, Document | None]) -> Iterator[Check]:
    known = {citation.marker: citation for citation in given.citations}
    for number, sentence in enumerate(given.sentences, 1):
        missing = [marker for marker in sentence.citations if marker not in known]
        cited = [known[marker] for marker in sentence.citations if marker in known]
        if missing:
            fault = f"cites {', '.join(f'[{marker}]' for marker in missing)}, which the answer does not have"
        elif given.text[max(0, sentence.start) : max(0, sentence.end)] != sentence.text:
            fault = f"does not stand at {sentence.start}–{sentence.end} of the answer"
        else:
            fault = _judged(sentence, cited, documents)
        detail = fault or f"{sentence.verdict.label} by what it cites"
        yield Check(f"sentence {number}", not fault, detail, "do not rely on it" if fault else "")


def _judged(sentence: _Sentence, cited: list[_Citation], documents: dict[str, Document | None]) -> str:
    """What the judge now finds wrong with a sentence; empty where its verdict stands."""
    evidence = []
    for citation in cited:
        document = documents[citation.source]
        title = "" if document is None else f"{document.title}: "
        evidence.append(title + plain(citation.quote, "text/plain" if document is None else document.media_type))
    verdict = judge(sentence.text, evidence)
    if verdict.label == sentence.verdict.label:
        return ""
    notes = f" ({'; '.join(verdict.notes)})" if verdict.notes else ""
    return f"is {verdict.label} by what it cites, not {sentence.verdict.label}{notes}"
