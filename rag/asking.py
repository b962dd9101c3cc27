"""search → read → verify → answer: the second story."""

import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from rag.answering.draft import DraftSentence, Place
from rag.answering.extractive import Quoter, lists, wants_overview
from rag.answering.pinpointing import Pinpoint, Pinpointer
from rag.answering.remembering import Remembering
from rag.answering.short import told
from rag.assembling import (
    Documents,
    assemble,
    checked,
    denied,
    in_context,
    silence,
    with_conflicts,
    with_verdicts,
    with_voices,
)
from rag.binding import Binder
from rag.errors import LibraryError
from rag.models.chat import Speaker
from rag.models.verifying import Verifier, verifier
from rag.retrieval import Evidence, Retriever
from rag.settings import AnswerSettings
from rag.stores.base import Store
from rag.stores.replies import Replies
from rag.trust import abstention
from rag.trust.calibration import Calibration
from rag.trust.conflicts import Examiner
from rag.trust.premise import FalsePremise, false_premise
from rag.types import Answer, Hit, Step, Turn

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.composing import Composed

Chat: TypeAlias = "str | BaseChatModel"
"""A chat model, as `provider:name` or as LangChain has it."""
Model: TypeAlias = "str | BaseChatModel | None"
"""The same; None for what the settings name, `extractive` for none."""
EXTRACTIVE = "extractive"
"""The model that is none: quotes."""

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
    model: Model = None
    """What writes the answer; None for the settings' model, `extractive` for quotes whatever they name."""
    earlier: tuple[Turn, ...] = ()
    """What was said before, for a model that writes."""


@dataclass(frozen=True, slots=True)
class _Read:
    """All that is known of a question before it is answered."""

    question: Question
    documents: Documents
    evidence: Evidence
    drafts: Sequence[DraftSentence]
    """The sentences that would be quoted."""
    answer: Answer
    """Made of them, not yet checked."""
    signals: abstention.Signals
    pinpoint: Callable[[], Pinpoint | None]
    """The words that answer, looked for when first asked for; None where the fit has no use for them."""
    premise: FalsePremise | None
    silent: bool
    """Whether the question is not answered."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages that the answer carries with it."""
        return self.answer.evidence


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one store."""

    store: Store
    retriever: Retriever
    settings: AnswerSettings
    open: Callable[[Chat], Speaker]
    """A chat model, ready to be asked."""
    replies: Replies | None = None
    """Where what chat models reply is kept."""
    verifier: Callable[[], Verifier] = verifier
    """The model that finds the words that answer, loaded where the fit has a use for it."""
    fitted: Calibration = field(default_factory=abstention.shipped, compare=False)
    """What turns signals into a confidence."""

    def answer(self, question: Question) -> Answer:
        """The whole answer. Raises `EmptyQuestion`, and `BadInput` where the model cannot be asked as things are."""
        *_, last = self.steps(question)
        if last.answer is None:
            raise LibraryError("the answer was not finished; ask again")
        return last.answer

    def steps(self, question: Question) -> Generator[Step, None, None]:
        """Search, read, write, verify, answer: each stage as it is done."""
        model = question.model or self.settings.model or EXTRACTIVE
        speaker = None if model == EXTRACTIVE else self.open(model)
        watch = _Stopwatch()
        generation = self.store.generation()
        found = self.retriever.find(question.text, question.sources)
        yield Step("search", found.hits[: self.settings.evidence])
        evidence = self.retriever.read(question.text, found)
        watch.lap("search")

        read = self._read(question, found, evidence)
        if speaker is not None and not read.silent:
            speaker = self._remembering(speaker, read, generation)
            yield from self._written(read, speaker, watch)
        else:
            yield from self._quoted(read, watch)

    def _read(self, question: Question, found: Evidence, evidence: Evidence) -> _Read:
        """Whether the documents answer the question, and with which sentences."""
        documents = Documents(self.store)
        drafts = Quoter(self.settings, documents.fetch).draft(question.text, evidence)
        hits = (evidence if question.rerank else found).hits[: self.settings.evidence]
        overview = bool(drafts) and wants_overview(question.text, evidence.hits)
        wanted = bool(drafts) and not overview and abstention.reads(self.fitted)
        pinpoint = cache(lambda: self._pinpoint(question.text, drafts, evidence) if wanted else None)
        found_in = pinpoint() if abstention.ANSWERABLE in self.fitted.signals else None
        answerable = abstention.answerable(self.fitted, found_in.margin if found_in else None)
        texts = in_context(drafts, documents)
        signals = abstention.signals(question.text, evidence, texts, self.store.frequencies, answerable)
        confidence = OVERVIEW if overview else abstention.confidence(signals, self.fitted)
        premise = false_premise(question.text, evidence) if question.abstain else None
        confidence = min(confidence, DENIED) if premise else confidence
        silent = not drafts or premise is not None or (question.abstain and confidence < self.settings.confidence)
        answer = replace(
            assemble(question.text, drafts, documents), confidence=confidence, evidence=hits, signals=signals.known()
        )
        return _Read(question, documents, evidence, drafts, answer, signals, pinpoint, premise, silent)

    def _pinpoint(self, question: str, drafts: Sequence[DraftSentence], evidence: Evidence) -> Pinpoint | None:
        return Pinpointer(self.verifier, self.retriever.embedder.languages).find(question, drafts, evidence)

    def _quoted(self, read: _Read, watch: "_Stopwatch") -> Iterator[Step]:
        """The answer without a chat model."""
        hits, documents, text = read.hits, read.documents, read.question.text
        if not read.silent:  # no sentence is shown that is then taken back
            for end in range(1, len(read.drafts)):
                sofar = assemble(text, read.drafts[:end], documents)
                yield Step("read", hits, replace(sofar, evidence=hits))
            yield Step("verify", hits, read.answer)
        watch.lap("read")

        final = checked(read.answer, hits, documents)
        if not read.silent:
            final = self._compared(final, read, [draft.places[0] for draft in read.drafts])
            final = replace(final, short=self._short(final, read))
        watch.lap("verify")
        if read.premise:
            final = denied(final, read.premise, documents)
        elif read.silent:
            final = replace(silence(final), reason=abstention.reason(read.signals) if hits else "no_evidence")
        yield Step("answer", hits, replace(final, seconds=watch.seconds()))

    def _short(self, answer: Answer, read: _Read) -> str | None:
        """The words that answer, where the reader is sure enough of them; a list of items has none."""
        found, least = read.pinpoint(), self.fitted.thresholds.get(abstention.SHORT, math.inf)
        if found is None or found.sentence is None or found.margin < least:
            return None
        return None if lists(read.drafts, read.documents.fetch) else told(answer, found.sentence, found.words)

    def _written(self, read: _Read, speaker: Speaker, watch: "_Stopwatch") -> Iterator[Step]:
        """The answer that a chat model writes, each sentence shown once it has its verdict."""
        from rag.answering.generative import Writer
        from rag.composing import SURE, Composed, Composer  # only those who ask a chat model need them

        watch.lap("read")
        question, hits = read.question, read.hits
        yield Step("read", hits)
        binder = Binder(hits, read.drafts, read.documents)
        writer, reranker = Writer(speaker, self.settings), self.retriever.reranker
        sure = not question.abstain or read.answer.confidence >= SURE
        composer = Composer(question.text, read.evidence, speaker, writer, binder, reranker, watch.lap, sure)
        composed = Composed()
        for composed in composer.compose(question.earlier):
            if composed.sentences:
                yield Step("verify" if composed.whole else "read", hits, _told(read, composed))
            elif not composed.whole:
                yield Step("read", hits)
        final = _told(read, composed)
        if composed.reason:
            final = replace(silence(final), reason=composed.reason)
        else:
            held = [one.held for one in composed.sentences if one.stands]
            final = self._compared(final, read, [one.places[0] for one in held])
        watch.lap("verify")
        model = speaker.name if composed.reason or composed.own else EXTRACTIVE
        final = replace(final, model=model, usage=composer.usage, written=composer.written, seconds=watch.seconds())
        yield Step("answer", hits, final)

    def _remembering(self, speaker: Speaker, read: _Read, generation: int) -> Speaker:
        """The speaker, whose replies are kept; not those that rest on what was said before."""
        if self.replies is None or read.question.earlier:
            return speaker
        sources = {hit.passage.source for hit in read.evidence.hits}
        server = self.settings.base_url or ""
        return Remembering(speaker, self.replies, sources, lambda: self.store.generation() == generation, server)

    def _compared(self, answer: Answer, read: _Read, quoted: Sequence[Place]) -> Answer:
        """The answer with where its sources are one voice, and where they contradict what it quotes."""
        documents = read.documents
        examiner = Examiner(documents.fetch, self.store.frequencies, self.retriever.embedder.embed_passages)
        conflicts = examiner.disagreements(read.question.text, quoted, read.evidence)
        return with_conflicts(with_voices(answer, documents), conflicts, documents)


def _told(read: _Read, composed: "Composed") -> Answer:
    """What a model has come to, as an answer."""
    held = [one.held for one in composed.sentences]
    laid = assemble(read.question.text, [DraftSentence(one.text, ()) for one in held], read.documents)
    told = with_verdicts(laid, held)
    known = read.answer
    return replace(
        told,
        short=composed.short,
        confidence=known.confidence,
        evidence=known.evidence,
        signals=known.signals,
        notes=composed.notes,
    )


class _Stopwatch:
    """Seconds by stage; what a stage takes up again is added."""

    def __init__(self) -> None:
        self._laps: dict[str, float] = {}
        self._began = self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage], self._last = self._laps.get(stage, 0.0) + now - self._last, now

    def seconds(self) -> dict[str, float]:
        return {**self._laps, "total": time.perf_counter() - self._began}
