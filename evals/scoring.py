"""One case and its answer → named scores, the checks that failed, and what a report shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pydantic import BaseModel

from evals import metrics
from evals.cases import Case
from evals.metrics import Place
from rag import verify
from rag.errors import BadInput, NoSuchSource
from rag.types import Answer, Document, Entry

DEPTH = 5
"""Passages that `hit_5` and its like look at."""
AROUND = 120
"""Characters shown on either side of a quote."""


class Asked(Protocol):
    """The part of `rag.Library` that a run needs."""

    @property
    def settings(self) -> BaseModel: ...
    def ask(self, question: str) -> Answer: ...
    def documents(self) -> list[Entry]: ...
    def document(self, source: str) -> Document: ...


@dataclass(frozen=True, slots=True)
class Metric:
    """What a report says about a score."""

    name: str
    title: str
    meaning: str
    better: Literal["higher", "lower", "neither"] = "higher"
    headline: bool = False


METRICS = (
    Metric("answer_found", "Answer found", "answerable questions whose answer contains an accepted one", headline=True),
    Metric(
        "citations_exact",
        "Citations exact",
        "answers whose every quote is exact and every sentence covered",
        headline=True,
    ),
    Metric("citation_recall", "Citations suffice", "answers: sentences that their quotes together support (ALCE)"),
    Metric("citation_precision", "Citations needed", "answers: citations that are not superfluous (ALCE)"),
    Metric(
        "decision_right",
        "Answered or refused rightly",
        "all questions: answered if answerable, else refused",
        headline=True,
    ),
    Metric(
        "hit_5",
        "Evidence in the first 5",
        "answerable questions with evidence among the first 5 passages",
        headline=True,
    ),
    Metric("kept_unanswerable", "Unanswerable, yet answered", "of the unanswerable questions", "lower", headline=True),
    Metric("risk", "Risk", "of the answers given, those to unanswerable questions", "lower", headline=True),
    Metric("coverage", "Coverage", "all questions: answered", "neither"),
    Metric("right_when_answered", "Right when answered", "of the answers given, those that contain an accepted answer"),
    Metric(
        "evidence_cited",
        "Evidence cited",
        "answers to answerable questions: evidence cited, or the share of it where several documents are needed",
    ),
    Metric("hit_1", "Evidence in the first passage", "answerable questions"),
    Metric("source_hit_5", "Right document in the first 5", "answerable questions"),
    Metric("mrr", "Mean reciprocal rank", "1 ÷ rank of the first passage with evidence; answerable questions"),
    Metric("recall_5", "All evidence in the first 5", "share found, where a question needs several documents"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A citation with the text around it, as a report shows it."""

    marker: int
    title: str
    source: str
    page: int | None
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one case: None where a metric does not apply. `failed` is empty where all is well."""

    scores: Mapping[str, float | None]
    failed: tuple[str, ...]
    shown: tuple[Shown, ...]


class Shelf:
    """The documents of a library, read once each, and where the cases' evidence stands in them."""

    def __init__(self, library: Asked) -> None:
        self._library = library
        self.entries = library.documents()
        self._documents: dict[str, Document] = {}

    def document(self, source: str) -> Document | None:
        """The document, or None where the library does not have it."""
        if source not in self._documents:
            try:
                self._documents[source] = self._library.document(source)
            except NoSuchSource:
                return None
        return self._documents[source]

    def places(self, case: Case) -> tuple[Place, ...]:
        """Where the evidence of a case stands.

        Raises `BadInput`, naming the case, for a source that no document or more than one has, and for a quote that
        is not in its document.
        """
        found = []
        for evidence in case.evidence:
            tail = "/" + evidence.source.lstrip("/")
            named = [entry.source for entry in self.entries if ("/" + entry.source).endswith(tail)]
            if len(named) != 1:
                what = "no document" if not named else f"{len(named)} documents"
                raise BadInput(f"case {case.id}: {what} of the library named {evidence.source}; check --index")
            document = self.document(named[0])
            start = document.text.find(evidence.quote) if document else -1
            if start < 0:
                raise BadInput(f"case {case.id}: {evidence.source} does not contain the quote {evidence.quote[:50]!r}")
            found.append(Place(named[0], start, start + len(evidence.quote)))
        return tuple(found)


def score(case: Case, answer: Answer, gold: Sequence[Place], shelf: Shelf) -> Scored:
    """Every metric for one answer. `gold` is where the case's evidence stands, from `Shelf.places`."""
    kept = answer.status == "answered"
    cited = {citation.source: shelf.document(citation.source) for citation in answer.citations}
    known = {source: document for source, document in cited.items() if document}
    faults = metrics.citation_faults(answer, known) if kept else ()
    right = kept and metrics.contains(answer.text, case.answers)
    scores: dict[str, float | None] = dict.fromkeys((metric.name for metric in METRICS), None)
    scores["coverage"] = metrics.coverage(kept)
    scores["risk"] = metrics.risk(kept, case.answerable)
    scores["kept_unanswerable"] = metrics.kept_unanswerable(kept, case.answerable)
    scores["decision_right"] = metrics.abstention_accuracy(kept, case.answerable)
    if kept:
        scores["citations_exact"] = float(not faults)
        sentences = metrics.cited_sentences(answer)
        scores["citation_recall"] = metrics.citation_recall(sentences, supports)
        scores["citation_precision"] = metrics.citation_precision(sentences, supports)
        scores["right_when_answered"] = float(right)
    if case.answerable:
        scores["answer_found"] = float(right)
    if gold:
        found = [Place(hit.passage.source, hit.passage.start, hit.passage.end) for hit in answer.evidence]
        scores |= _retrieval(found, gold, case.needs_all)
        if kept:
            quoted = [Place(citation.source, citation.start, citation.end) for citation in answer.citations]
            cited_share = metrics.recall_at if case.needs_all else metrics.hit_at
            scores["evidence_cited"] = cited_share(len(quoted), quoted, gold)
    return Scored(scores, (*_failed(case, kept, scores), *faults), _shown(answer, known))


def supports(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether the judge that ships calls a sentence supported by quotes."""
    return verify(sentence, quotes).label == "supported"


def _retrieval(found: Sequence[Place], gold: Sequence[Place], needs_all: bool) -> dict[str, float | None]:
    return {
        "hit_1": metrics.hit_at(1, found, gold),
        "hit_5": metrics.hit_at(DEPTH, found, gold),
        "source_hit_5": metrics.source_hit_at(DEPTH, found, gold),
        "mrr": metrics.reciprocal_rank(found, gold),
        "recall_5": metrics.recall_at(DEPTH, found, gold) if needs_all else None,
    }


def _failed(case: Case, kept: bool, scores: Mapping[str, float | None]) -> list[str]:
    failed = []
    if case.answerable and not kept:
        failed.append("abstained, though the documents answer this")
    elif kept and not case.answerable:
        failed.append("answered, though the documents do not say")
    elif scores["answer_found"] == 0:
        failed.append("the answer contains no accepted answer")
    elif case.needs_all and (scores["evidence_cited"] or 0) < 1:
        failed.append("the answer cites only part of what it needs")
    if scores["hit_5"] == 0:
        failed.append(f"no evidence among the first {DEPTH} passages")
    return failed


def _shown(answer: Answer, documents: Mapping[str, Document]) -> tuple[Shown, ...]:
    shown = []
    for citation in answer.citations:
        document = documents.get(citation.source)
        text = document.text if document else ""
        shown.append(
            Shown(
                marker=citation.marker,
                title=citation.title,
                source=citation.source,
                page=citation.page,
                before=_before(text, citation.start),
                quote=citation.quote,
                after=_after(text, citation.end),
            )
        )
    return tuple(shown)


def _before(text: str, end: int) -> str:
    """Whole words before `end`, and an ellipsis where more stands before them."""
    start = end - AROUND
    return text[:end] if start <= 0 else "… " + text[start:end].partition(" ")[2]


def _after(text: str, start: int) -> str:
    """Whole words from `start` on, and an ellipsis where more follows."""
    end = start + AROUND
    return text[start:] if end >= len(text) else text[start:end].rpartition(" ")[0] + " …"
