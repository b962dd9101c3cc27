"""One case and its answer → scores, the checks that failed, where the answer was lost, and what a report shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals import metrics
from evals.cases import Case
from evals.judge.judging import Verify
from evals.measures import METRICS
from evals.metrics import Cited, Place
from evals.shelf import Gold, Shelf
from rag import verify
from rag.types import Answer, Document, Label

DEPTH = 5
"""Passages that `hit_5` and its like look at."""
RANKED = 10
"""Documents that `ndcg_10` looks at, among the passages that an answer carries."""
STAGES = ("retrieval", "reading", "citation", "abstention", "overreach")
"""Where an answer can be lost: its evidence was not found; it was found and misread; it was answered and not cited
rightly; it was found and not answered. `overreach` is an answer where the documents do not say."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer that can be checked, and what the judge says of it."""

    text: str
    label: Label
    """By the words that it cites; `unsupported` where it cites none."""
    support: float | None
    verbatim: bool
    """Whether it stands word for word in what it cites, so that no judge is needed."""
    faithful: bool
    """Whether the words that it cites, or else the passages found, support it."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one case: None where a metric does not apply. `failed` is empty where all is well."""

    scores: Mapping[str, float | None]
    failed: tuple[str, ...]
    fell: str | None
    claims: tuple[Claim, ...]


class Ruler:
    """What a judge says of sentences by quotes, each pair judged once."""

    def __init__(self, judge: Verify = verify) -> None:
        self._judge = judge
        self._known: dict[tuple[str, tuple[str, ...]], tuple[Label, float | None]] = {}

    def verdict(self, sentence: str, quotes: Sequence[str]) -> tuple[Label, float | None]:
        """Label and support 0..1 (None where there is none); without quotes nothing is supported."""
        if not quotes:
            return "unsupported", None
        key = sentence, tuple(quotes)
        if key not in self._known:
            found = self._judge(sentence, quotes)
            self._known[key] = found.label, found.support
        return self._known[key]

    def supports(self, sentence: str, quotes: Sequence[str]) -> bool:
        """Whether the quotes together support the sentence."""
        return self.verdict(sentence, quotes)[0] == "supported"


def score(case: Case, answer: Answer, gold: Sequence[Gold], shelf: Shelf, ruler: Ruler) -> Scored:
    """Every metric for one answer. `gold` is where the case's evidence stands, from `Shelf.gold`."""
    kept = answer.status == "answered"
    scores: dict[str, float | None] = {metric.name: None for metric in METRICS if metric.statistic is None}
    claims = _claims(answer, ruler) if kept else ()
    faults: tuple[str, ...] = ()
    scores |= _decision(kept, case)
    if case.answers or not case.answerable:
        scores |= _wording(case, answer, kept)
    if kept:
        documents = shelf.cited(answer)
        faults = metrics.citation_faults(answer, documents)
        scores |= _citations(answer, documents, faults, claims, ruler)
    if gold:
        scores |= _retrieval(answer, gold, case.needs_all)
        if kept:
            scores |= _cited_evidence(answer, gold, case.needs_all)
    if answer.usage:
        scores["tokens"] = float(sum(answer.usage.values()))
    fell = lost_at(case, kept, scores)
    return Scored(scores, (*_failed(case, kept, scores, claims), *faults), fell, claims)


def right(case: Case, answer: Answer, gold: Sequence[Gold]) -> bool:
    """Whether the answer contains an accepted one, or, where none is given, cites the evidence."""
    if answer.status != "answered" or not case.answerable:
        return False
    if case.answers:
        return metrics.contains(answer.text, case.answers)
    return metrics.hit_at(len(answer.citations), _quoted(answer), [one.place for one in gold]) == 1


def lost_at(case: Case, kept: bool, scores: Mapping[str, float | None]) -> str | None:
    """Which of `STAGES` lost the answer, the first that did; None for a right answer or a right refusal.

    An answer that is right although the evidence that the case names was not found is no loss: other passages may
    say the same.
    """
    if not case.answerable:
        return "overreach" if kept else None
    got = scores["answer_found"] if case.answers else scores["evidence_cited"]
    if kept and got:
        sound = scores["citations_exact"] == 1 and scores["citation_recall"] in (1, None)
        complete = not case.needs_all or scores["evidence_cited"] in (1, None)
        return None if sound and complete else "citation"
    if scores["hit_5"] == 0:
        return "retrieval"
    return "reading" if kept else "abstention"


def _decision(kept: bool, case: Case) -> dict[str, float | None]:
    return {
        "coverage": metrics.coverage(kept),
        "risk": metrics.risk(kept, case.answerable),
        "kept_unanswerable": metrics.kept_unanswerable(kept, case.answerable),
        "decision_right": metrics.abstention_accuracy(kept, case.answerable),
    }


def _wording(case: Case, answer: Answer, kept: bool) -> dict[str, float | None]:
    """By the accepted answers; of an unanswerable question, whose only right answer is none, EM and F1 alone."""
    said = (answer.short or answer.text) if kept else ""
    found: dict[str, float | None] = {
        "exact_match": metrics.exact_match(said, case.answers),
        "f1": metrics.token_f1(said, case.answers),
    }
    if case.answerable:
        contained = kept and metrics.contains(answer.text, case.answers)
        found["answer_found"] = float(contained)
        found["right_when_answered"] = float(contained) if kept else None
    elif kept:
        found["right_when_answered"] = 0.0
    return found


def _citations(
    answer: Answer,
    documents: Mapping[str, Document],
    faults: Sequence[str],
    claims: Sequence[Claim],
    ruler: Ruler,
) -> dict[str, float | None]:
    sentences = metrics.cited_sentences(answer)
    return {
        "citations_exact": float(not faults),
        "quote_validity": metrics.quote_validity(answer, documents),
        "citation_recall": metrics.citation_recall(sentences, ruler.supports),
        "citation_precision": metrics.citation_precision(sentences, ruler.supports),
        "faithfulness": metrics.faithfulness(["supported" if one.faithful else one.label for one in claims]),
    }


def _claims(answer: Answer, ruler: Ruler) -> tuple[Claim, ...]:
    context = [f"{hit.passage.title}: {hit.passage.text}" for hit in answer.evidence]
    return tuple(_claim(one, context, ruler) for one in metrics.cited_sentences(answer))


def _claim(sentence: Cited, context: Sequence[str], ruler: Ruler) -> Claim:
    label, support = ruler.verdict(sentence.text, sentence.quotes)
    plain = " ".join(sentence.text.split())
    verbatim = any(plain in " ".join(quote.split()) for quote in sentence.quotes)
    faithful = label == "supported" or (label != "contradicted" and ruler.supports(sentence.text, context))
    return Claim(sentence.text, label, support, verbatim, faithful)


def _retrieval(answer: Answer, gold: Sequence[Gold], needs_all: bool) -> dict[str, float | None]:
    found = [Place(hit.passage.source, hit.passage.start, hit.passage.end) for hit in answer.evidence]
    wanted = [one.place for one in gold]
    grades: dict[str, float] = {}
    for one in gold:
        grades[one.place.source] = max(one.grade, grades.get(one.place.source, 0))
    documents = list(dict.fromkeys(place.source for place in found))
    return {
        "hit_1": metrics.hit_at(1, found, wanted),
        "hit_5": metrics.hit_at(DEPTH, found, wanted),
        "source_hit_5": metrics.source_hit_at(DEPTH, found, wanted),
        "mrr": metrics.reciprocal_rank(found, wanted),
        "ndcg_10": metrics.ndcg_at(RANKED, documents, grades),
        "context_precision": metrics.context_precision(found[:DEPTH], wanted),
        "context_recall": metrics.context_recall(found[:DEPTH], wanted) if needs_all else None,
    }


def _cited_evidence(answer: Answer, gold: Sequence[Gold], needs_all: bool) -> dict[str, float | None]:
    quoted = _quoted(answer)
    share = metrics.recall_at if needs_all else metrics.hit_at
    found: dict[str, float | None] = {"evidence_cited": share(len(quoted), quoted, [one.place for one in gold])}
    exact = [one.place for one in gold if one.exact]
    if exact:
        found["span_precision"] = metrics.span_precision(quoted, exact)
        each = [exact] if needs_all else [[place] for place in exact]  # each place is enough alone
        found["span_recall"] = max(metrics.span_recall(quoted, wanted) or 0.0 for wanted in each)
        found["span_f1"] = max(metrics.span_f1(quoted, wanted) or 0.0 for wanted in each)
    return found


def _quoted(answer: Answer) -> list[Place]:
    return [Place(citation.source, citation.start, citation.end) for citation in answer.citations]


def _failed(case: Case, kept: bool, scores: Mapping[str, float | None], claims: Sequence[Claim]) -> list[str]:
    failed = []
    if case.answerable and not kept:
        failed.append("abstained, though the documents answer this")
    elif kept and not case.answerable:
        failed.append("answered, though the documents do not say")
    elif scores["answer_found"] == 0:
        failed.append("the answer contains no accepted answer")
    elif case.answerable and not case.answers and scores["evidence_cited"] == 0:
        failed.append("the answer cites none of the evidence")
    elif case.needs_all and (scores["evidence_cited"] or 0) < 1:
        failed.append("the answer cites only part of what it needs")
    if scores["hit_5"] == 0:
        failed.append(f"no evidence among the first {DEPTH} passages")
    failed += [f"{one.label} by what it cites: {one.text}" for one in claims if one.label != "supported"]
    return failed
