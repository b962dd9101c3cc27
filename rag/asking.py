"""search → read → verify → answer: the second story."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from rag.answering.draft import DraftSentence, Place
from rag.answering.extractive import Quoter, wants_overview
from rag.chunking import heading_at, page_of
from rag.errors import LibraryError
from rag.retrieval import Retriever
from rag.settings import AnswerSettings
from rag.stores.base import Store
from rag.trust import abstention
from rag.trust.support import verify_quote
from rag.types import Answer, Citation, Document, Sentence, Step, Verdict

UNCHECKED = Verdict("unchecked")
OVERVIEW = 0.9
"""Confidence when a document's opening is quoted for what it is about: set by judgement, not measured."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how."""

    text: str
    sources: tuple[str, ...] | None = None
    """Only these documents, by source; None for all."""
    abstain: bool = True
    """False always answers, for measuring."""
    rerank: bool = True
    """False keeps the fused order of passages; sentences are read all the same."""


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one store."""

    store: Store
    retriever: Retriever
    settings: AnswerSettings

    def answer(self, question: Question) -> Answer:
        """The whole answer. Raises `EmptyQuestion`."""
        *_, last = self.steps(question)
        if last.answer is None:
            raise LibraryError("the answer was not finished; ask again")
        return last.answer

    def steps(self, question: Question) -> Iterator[Step]:
        """Search, read, verify, answer: each stage as it is done."""
        watch = _Stopwatch()
        found = self.retriever.find(question.text, question.sources)
        yield Step("search", found.hits[: self.settings.evidence])
        read = self.retriever.read(question.text, found)
        watch.lap("search")

        documents = _Documents(self.store)
        drafts = Quoter(self.settings, documents.fetch).draft(question.text, read)
        hits = (read if question.rerank else found).hits[: self.settings.evidence]
        signals = abstention.signals(question.text, read, _in_context(drafts, documents), self.store.frequencies)
        confidence = OVERVIEW if wants_overview(question.text, read.hits) and drafts else abstention.confidence(signals)
        silent = not drafts or (question.abstain and confidence < self.settings.confidence)
        answer = replace(
            _assemble(question.text, drafts, documents), confidence=confidence, evidence=hits, signals=asdict(signals)
        )
        if not silent:  # no sentence is shown that is then taken back
            for end in range(1, len(drafts)):
                yield Step("read", hits, replace(_assemble(question.text, drafts[:end], documents), evidence=hits))
            yield Step("verify", hits, answer)
        watch.lap("read")

        final = self._checked(answer, documents)
        watch.lap("verify")
        if silent:
            final = replace(_silent(final), reason=abstention.reason(signals) if hits else "no_evidence")
        yield Step("answer", hits, replace(final, seconds=watch.seconds()))

    def _checked(self, answer: Answer, documents: "_Documents") -> Answer:
        cited = {citation.marker: (citation, documents.fetch(citation.source)) for citation in answer.citations}
        sentences = tuple(
            replace(sentence, verdict=verify_quote(sentence.text, [cited[marker] for marker in sentence.citations]))
            for sentence in answer.sentences
        )
        return replace(answer, sentences=sentences)


class _Documents:
    """The documents an answer cites, each read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, Document] = {}

    def fetch(self, source: str) -> Document:
        """The document of `source`. Raises `LibraryError` where it was removed meanwhile."""
        if source not in self._read:
            document = self._store.document(source)
            if document is None:
                raise LibraryError(f"{source} was removed while it was read; ask again")
            self._read[source] = document
        return self._read[source]


class _Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self._laps: dict[str, float] = {}
        self._began = self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage], self._last = now - self._last, now

    def seconds(self) -> dict[str, float]:
        return {**self._laps, "total": time.perf_counter() - self._began}


def _assemble(question: str, drafts: Sequence[DraftSentence], documents: _Documents) -> Answer:
    """Sentences laid out in one text, and their places as numbered citations in order of appearance."""
    citations: dict[Place, Citation] = {}
    sentences: list[Sentence] = []
    text = ""
    for draft in drafts:
        for place in draft.places:
            citations.setdefault(place, _cite(len(citations) + 1, place, documents.fetch(place.source)))
        start = len(text) + 1 if text else 0
        text = f"{text} {draft.text}" if text else draft.text
        markers = tuple(citations[place].marker for place in draft.places)
        sentences.append(Sentence(draft.text, start, len(text), markers, UNCHECKED))
    return Answer(question, "answered", None, 0.0, text, None, tuple(sentences), tuple(citations.values()), ())


def _cite(marker: int, place: Place, document: Document) -> Citation:
    return Citation(
        marker=marker,
        source=document.source,
        sha256=document.sha256,
        title=document.title,
        start=place.span.start,
        end=place.span.end,
        quote=place.span.of(document.text),
        page=page_of(document.pages, place.span.start),
        date=document.date,
    )


def _in_context(drafts: Sequence[DraftSentence], documents: _Documents) -> list[str]:
    """Each drafted sentence with the title and headings that it stands under."""
    texts = []
    for draft in drafts:
        document = documents.fetch(draft.places[0].source)
        texts.append(f"{document.title} {heading_at(document, draft.places[0].span.start)} {draft.text}")
    return texts


def _silent(answer: Answer) -> Answer:
    """The answer that says nothing, and says so."""
    return replace(answer, status="abstained", text="The documents don't say.", short=None, sentences=(), citations=())
