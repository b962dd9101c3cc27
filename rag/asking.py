"""search → read → verify → answer: the second story."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from rag.answering.draft import DraftSentence
from rag.answering.extractive import Quoter, wants_overview
from rag.assembling import Documents, assemble, checked, denied, in_context, silence, with_conflicts, with_voices
from rag.errors import LibraryError
from rag.retrieval import Evidence, Retriever
from rag.settings import AnswerSettings
from rag.stores.base import Store
from rag.trust import abstention
from rag.trust.conflicts import Examiner
from rag.trust.premise import false_premise
from rag.trust.sides import Disagreement
from rag.types import Answer, Step

DENIED = 0.05
"""Confidence, at most, where a premise is contradicted: of 900 answerable questions of SQuAD 2.0 none was, of 900
unanswerable ones 61 were."""
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

        documents = Documents(self.store)
        drafts = Quoter(self.settings, documents.fetch).draft(question.text, read)
        hits = (read if question.rerank else found).hits[: self.settings.evidence]
        signals = abstention.signals(question.text, read, in_context(drafts, documents), self.store.frequencies)
        confidence = OVERVIEW if wants_overview(question.text, read.hits) and drafts else abstention.confidence(signals)
        premise = false_premise(question.text, read) if question.abstain else None
        confidence = min(confidence, DENIED) if premise else confidence
        silent = not drafts or premise is not None or (question.abstain and confidence < self.settings.confidence)
        answer = replace(
            assemble(question.text, drafts, documents), confidence=confidence, evidence=hits, signals=asdict(signals)
        )
        if not silent:  # no sentence is shown that is then taken back
            for end in range(1, len(drafts)):
                yield Step("read", hits, replace(assemble(question.text, drafts[:end], documents), evidence=hits))
            yield Step("verify", hits, answer)
        watch.lap("read")

        final = checked(answer, hits, documents)
        if not silent:
            final = with_voices(final, documents)
            final = with_conflicts(final, self._conflicts(question.text, drafts, read, documents), documents)
        watch.lap("verify")
        if premise:
            final = denied(final, premise, documents)
        elif silent:
            final = replace(silence(final), reason=abstention.reason(signals) if hits else "no_evidence")
        yield Step("answer", hits, replace(final, seconds=watch.seconds()))

    def _conflicts(
        self, question: str, drafts: Sequence[DraftSentence], read: Evidence, documents: Documents
    ) -> list[Disagreement]:
        quoted = [draft.places[0] for draft in drafts]
        examiner = Examiner(documents.fetch, self.store.frequencies, self.retriever.embedder.embed_passages)
        return examiner.disagreements(question, quoted, read)


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
