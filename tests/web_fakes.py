"""A small library in memory for the page's tests: word overlap instead of models, the same values as the real one."""

import copy
import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.conversation import Conversation, standalone, steps_as_asked
from rag.errors import EmptyQuestion, LoadError, NoSuchSource
from rag.settings import AnswerSettings, RetrievalSettings, Settings
from rag.stores.conversations import Conversations
from rag.text import units, words
from rag.types import (
    Answer,
    Citation,
    Conflict,
    Document,
    Entry,
    Failure,
    Heading,
    Hit,
    IngestReport,
    Page,
    Passage,
    Progress,
    Sentence,
    Side,
    Span,
    Step,
    Turn,
    Verdict,
)
from tests.fakes import WordHashEmbedder

_COMMON = set(
    "a an and are as at by did do does for from has have how in is it many of on or since that the to was what when"
    " where which who will with".split()
)

HARBOUR = """# Harbour board weighs the new tide gate

*The Quay Courier*, 4 March 2024

The harbour board met on Monday to weigh a **tide gate** at the mouth of the Lantern River. The engineers'
estimate is 48 million crowns, and the gate would take three years to build.

## What the gate would do

The gate would close about twelve times a year, when the forecast puts the water more than 1.9 metres above
the mean. According to the [survey of 2021](https://example.org/survey), some 2,300 homes lie below that line.

"We are not arguing about whether the sea is rising," said the harbour master, Ines Halloran. "We are arguing
about who pays for the wall."

## What it would cost

- The city would carry 60 percent of the cost.
- The shipping companies would pay the rest through a levy on each berth.

The board expects to vote in the autumn. Nothing will be built before the fishing season of 2025 has ended, Ms
Halloran said.
"""

REPORT = """TIDE GATE: SUMMARY FOR THE COUNCIL

The council's own engineers put the cost of the gate at 52 million
crowns. The Courier, which reported 48 million, had the figure from
an earlier draft.

The gate is to be built of eleven steel leaves, each weighing 140
tonnes. They rest on the river bed and rise when a storm surge is
forecast.

The works are to begin in October 2025, after the fishing season,
and to end in the spring of 2029.
"""

LETTER = """From: Oskar Brandt
To: the editor
Date: 12 April 2024

Your report on the tide gate leaves out the eels. Every spring they climb the Lantern River, and a gate that
closes in April would close on them.

The fishermen of the lower town have asked for a ladder beside the gate. The board has not answered.
"""


def document(source: str, title: str, text: str, media_type: str, **more: object) -> Document:
    """A document whose headings are the Markdown ones of `text`."""
    sha = hashlib.sha256(text.encode()).hexdigest()
    headings, at = [], 0
    for line in text.splitlines(keepends=True):
        if line.startswith("#"):
            headings.append(Heading(len(line) - len(line.lstrip("#")), at, at + len(line.rstrip())))
        at += len(line)
    return replace(
        Document(f"d-{sha[:8]}", source, sha, title, text, media_type, language="en", headings=tuple(headings)),
        **more,  # type: ignore[arg-type]
    )


def harbour() -> list[Document]:
    """Three documents about one thing: Markdown, a paged PDF, an e-mail."""
    half = REPORT.index("The gate is to be built")
    return [
        document(
            "/docs/harbour/courier.md", "Harbour board weighs the new tide gate", HARBOUR, "text/markdown",
            date="2024-03-04",
        ),
        document(
            "/docs/harbour/council-summary.pdf", "Tide gate: summary for the council", REPORT, "application/pdf",
            date="2024-05-30", pages=(Page(1, 0, half), Page(2, half, len(REPORT))),
        ),
        document("/docs/harbour/letter.eml", "A letter about eels", LETTER, "message/rfc822", date="2024-04-12"),
    ]  # fmt: skip


class FakeLibrary:
    """Quotes the sentences that share most words with the question; abstains under two shared words."""

    def __init__(self, documents: Sequence[Document] = (), *, delay: float = 0.0, reading: float = 0.0) -> None:
        self._documents = {one.source: one for one in documents}
        self._failures: dict[str, Failure] = {}
        self._delay = delay
        self._reading = reading
        """Seconds that each file takes."""
        self._changes = 0
        self.settings = Settings()
        self.path: Path | None = None

    def tuned(
        self, *, answer: AnswerSettings | None = None, retrieval: RetrievalSettings | None = None
    ) -> "FakeLibrary":
        other = copy.copy(self)
        other.settings = self.settings.model_copy(
            update={"answer": answer or self.settings.answer, "retrieval": retrieval or self.settings.retrieval}
        )
        return other

    def generation(self) -> int:
        return self._changes

    def size(self) -> int | None:
        return None

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(Path(tempfile.mkdtemp(prefix="pincite-")) / "conversations.sqlite")

    def documents(self) -> list[Entry]:
        return [
            Entry(
                one.id, one.source, one.title, one.date, one.language, one.media_type, one.sha256, len(one.text),
                len(one.pages), len(self._passages(one)), "2024-06-01T09:00:00Z",
                "meaning and words" if one.language == "en" else "words only",
            )
            for one in self._documents.values()
        ]  # fmt: skip

    def entry(self, document_id: str) -> Entry:
        for one in self.documents():
            if one.document_id == document_id:
                return one
        raise NoSuchSource("this document is not in this library; see `pincite list`")

    def failures(self) -> list[Failure]:
        return list(self._failures.values())

    def document(self, source: str) -> Document:
        if source not in self._documents:
            raise NoSuchSource(f"no document {source}; see `pincite list`")
        return self._documents[source]

    def add(
        self,
        *targets: str | Path,
        password: str | None = None,
        sync: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Reads a file of the ledger again: one that asks for a password opens by `open sesame`."""
        source = str(targets[0])
        failure = self._failures.get(source)
        if failure is None:
            raise NoSuchSource(f"{source}: no such file or folder; check the path, or give an http(s) address")
        if failure.kind != "password" or password != "open sesame":
            return IngestReport(failed=(failure,))
        del self._failures[source]
        self.put(document(source, "The sealed minutes", "The board met behind closed doors in May.", "application/pdf"))
        return IngestReport(added=(source,))

    def add_documents(self, documents: Sequence[Document]) -> IngestReport:
        for one in documents:
            self.put(one)
        return IngestReport(added=tuple(one.source for one in documents))

    def add_bytes(
        self, data: bytes, name: str, *, folder: str = "", progress: Callable[[Progress], None] | None = None
    ) -> IngestReport:
        name = f"{folder}/{name}" if folder else name
        source = f"/library/originals/{hashlib.sha256(data).hexdigest()}/{name}"
        if source in self._documents:
            return IngestReport(unchanged=(source,))
        if progress:
            progress(Progress(0, 1, source, "reading"))
            progress(Progress(0, 1, source, "embedding"))
        time.sleep(self._reading)
        if not data.strip():
            failure = Failure(
                source, "the file is empty; add it again once it has text", "empty", "2024-06-01T09:00:00Z"
            )
            self._failures[source] = failure
            return IngestReport(failed=(failure,))
        if data.startswith(b"\x00"):
            raise LoadError("broken", f"{name} is not a file Pincite can read")
        text = data.decode()
        title = text.strip().splitlines()[0].lstrip("# ")
        self.put(document(source, title, text, "text/markdown" if name.endswith(".md") else "text/plain"))
        return IngestReport(added=(source,))

    def put(self, one: Document) -> None:
        """What another process would do."""
        self._documents[one.source] = one
        self._changes += 1

    def remove(self, *sources: str) -> IngestReport:
        for source in sources:
            if self._documents.pop(source, None) is None and self._failures.pop(source, None) is None:
                raise NoSuchSource(f"no document {source}; see `pincite list`")
        self._changes += 1
        self.conversations.purge(sources)
        return IngestReport(removed=sources)

    def chat(self, *, sources: Sequence[str] | None = None, turns: Sequence[Turn] = ()) -> Conversation:
        def ask(question: str, earlier: Sequence[Turn]) -> Generator[Step, None, None]:
            meant = standalone(question, earlier)
            return steps_as_asked(self.stream(meant.text, sources=sources), question, meant)

        return Conversation(ask, turns)

    def stream(self, question: str, *, sources: Sequence[str] | None = None) -> Generator[Step, None, None]:
        if not words(question):
            raise EmptyQuestion("the question is empty; write a few words")
        hits, ranked = self._search(question, sources)
        self._pause()
        yield Step("search", hits)
        wanted = self.settings.answer
        best = [one for one in ranked if one[0] >= 2][: wanted.sentences]
        if not best or wanted.confidence > 0.8:
            yield Step("answer", hits, _abstained(question, hits))
            return
        answer = _empty(question, hits)
        for number, (_, found, span) in enumerate(best, 1):
            answer = _with(answer, found, span, number)
            self._pause()
            yield Step("read", hits, answer)
        yield Step("verify", hits, answer)
        self._pause()
        yield Step("answer", hits, _checked(answer))

    def _pause(self) -> None:
        """What an answer's next step takes."""
        time.sleep(self._delay)

    def search(self, query: str, k: int = 10, *, sources: Sequence[str] | None = None) -> list[Hit]:
        if not words(query):
            raise EmptyQuestion("the question is empty; write a few words")
        hits, _ = self._search(query, sources)
        return [
            replace(
                hit,
                ranks={"dense": hit.rank, "lexical": hit.rank, "fused": hit.rank},
                scores={"dense": 0.5, "lexical": 2.0, "fused": hit.score},
            )
            for hit in hits[:k]
        ]

    def sample(self, most: int) -> tuple[list[Passage], NDArray[np.float32]]:
        found = [_passage(one, span) for one in self._known() for span in self._passages(one)][:most]
        return found, WordHashEmbedder().embed_passages([passage.text for passage in found])

    def vectors(self, passages: Sequence[Passage]) -> dict[str, NDArray[np.float32]]:
        known = {one.source for one in self._known()}
        wanted = [passage for passage in passages if passage.source in known]
        made = WordHashEmbedder().embed_passages([passage.text for passage in wanted])
        return {passage.id: vector for passage, vector in zip(wanted, made, strict=True)}

    def _known(self) -> list[Document]:
        """The documents that are found by meaning."""
        return [one for one in self._documents.values() if one.language == "en"]

    def _passages(self, one: Document) -> list[Span]:
        found = units(one.text, media_type=one.media_type)
        return [Span(part[0].start, part[-1].end) for part in (found[at : at + 4] for at in range(0, len(found), 4))]

    def _search(
        self, question: str, sources: Sequence[str] | None
    ) -> tuple[tuple[Hit, ...], list[tuple[int, Document, Span]]]:
        wanted = _stems(question)
        scope = [one for one in self._documents.values() if not sources or one.source in sources]
        ranked = [
            (len(wanted & _stems(span.of(one.text))), one, span)
            for one in scope
            for span in units(one.text, media_type=one.media_type)
            if len(words(span.of(one.text))) > 5
        ]
        ranked.sort(key=lambda row: -row[0])
        near = [(len(wanted & _stems(span.of(one.text))), one, span) for one in scope for span in self._passages(one)]
        near.sort(key=lambda row: -row[0])
        hits = tuple(
            Hit(_passage(one, span), rank, shared / (len(wanted) or 1), "fused")
            for rank, (shared, one, span) in enumerate(near[:6], 1)
        )
        return hits, ranked


def _stems(text: str) -> set[str]:
    return {span.of(text).lower()[:6] for span in words(text)} - _COMMON


def _page(one: Document, at: int) -> int | None:
    return next((page.number for page in one.pages if page.start <= at < page.end), None)


def _passage(one: Document, span: Span) -> Passage:
    page = _page(one, span.start)
    key = f"{one.id}-{span.start}"
    return Passage(key, one.id, one.source, one.title, *span, span.of(one.text), "", page, page, one.media_type)


def _empty(question: str, hits: tuple[Hit, ...]) -> Answer:
    return Answer(question, "answered", None, 0.8, "", None, (), (), hits)


def _abstained(question: str, hits: tuple[Hit, ...]) -> Answer:
    reason = "weak_evidence" if hits else "no_evidence"
    seconds = {"search": 0.02, "total": 0.02}
    return Answer(question, "abstained", reason, 0.1, "The documents don't say.", None, (), (), hits, seconds=seconds)


def _with(answer: Answer, found: Document, span: Span, number: int) -> Answer:
    quote = span.of(found.text)
    shown = " ".join(quote.replace("**", "").replace("- ", "").split())
    start = len(answer.text) + (1 if answer.text else 0)
    text = f"{answer.text} {shown}".strip()
    citation = Citation(
        number, found.source, found.sha256, found.title, *span, quote, _page(found, span.start), found.date
    )
    sentence = Sentence(shown, start, start + len(shown), (number,), Verdict("unchecked"))
    return replace(answer, text=text, sentences=(*answer.sentences, sentence), citations=(*answer.citations, citation))


def _checked(answer: Answer) -> Answer:
    supported = Verdict("supported", 1.0)
    sentences = tuple(replace(sentence, verdict=supported) for sentence in answer.sentences)
    conflicts: tuple[Conflict, ...] = ()
    values = {
        value: citation.marker
        for value in ("48 million crowns", "52 million crowns")
        for citation in answer.citations
        if value in " ".join(citation.quote.split())
    }
    if len(values) == 2:
        sides = tuple(Side(value, (marker,)) for value, marker in values.items())
        conflicts = (
            Conflict("the cost of the gate", sides, "One says that the other's figure comes from an earlier draft."),
        )
    short = "48 million crowns" if "48 million crowns" in answer.text else None
    seconds = {"search": 0.03, "read": 0.11, "verify": 0.02, "total": 0.16}
    return replace(answer, sentences=sentences, conflicts=conflicts, short=short, seconds=seconds)


def served(delay: float = 0.0, reading: float = 0.0) -> FakeLibrary:
    """The library that the browser tests look at: the harbour, one document in another language, one failure."""
    library = FakeLibrary(harbour(), delay=delay, reading=reading)
    welsh = document(
        "/docs/harbour/llythyr.txt", "Llythyr o'r harbwr", "Mae'r llanw yn codi bob blwyddyn.", "text/plain"
    )
    library.put(replace(welsh, language="cy"))
    library._failures["/docs/harbour/scan.pdf"] = Failure(
        "/docs/harbour/scan.pdf",
        "no text layer: 14 scanned pages; run it through OCR and add it again",
        "no_text_layer",
        "2024-05-28T10:12:00Z",
    )
    return library


FIGURES = {
    "answer_found": {"value": 0.918, "low": 0.84, "high": 0.98, "n": 49, "groups": 20},
    "faithfulness": {"value": 1.0, "low": 0.94, "high": 1.0, "n": 47, "groups": 20},
    "citations_exact": {"value": 1.0, "low": 0.94, "high": 1.0, "n": 47, "groups": 20},
    "decision_right": {"value": 0.905, "low": 0.82, "high": 0.96, "n": 63, "groups": 24},
    "hit_5": {"value": 0.959, "low": 0.88, "high": 1.0, "n": 49, "groups": 20},
    "kept_unanswerable": {"value": 0.143, "low": None, "high": None, "n": 14, "groups": 1},
}
REPORT_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A run</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"></head>
<body><h1>Nothing but figures</h1></body></html>"""
SUMMARY: Mapping[str, Any] = {"cases": 63, "scored": 63, "errors": {}, "metrics": FIGURES}


def make_run(
    folder: Path,
    *,
    made_at: str = "2026-03-04T09:05:00+00:00",
    cases: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = SUMMARY,
    errors: Mapping[str, str] | None = None,
    report: str | None = REPORT_PAGE,
) -> None:
    """The folder of a run as `python -m evals run` leaves it; without `metrics`, as a run that was stopped does."""
    folder.mkdir(parents=True)
    about = {"name": folder.name, "made_at": made_at, "cases": cases or {"name": "seeds.jsonl", "count": 63}}
    _save(folder / "manifest.json", about)
    (folder / "results.jsonl").write_text('{"id": "q1"}\n')
    if metrics is not None:
        _save(folder / "metrics.json", {**metrics, **({"errors": errors} if errors else {})})
    if report is not None:
        (folder / "report.html").write_text(report)


def _save(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value))
