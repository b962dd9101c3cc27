"""Public question sets as the benchmarks see them: documents, questions, and the documents each is about."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.sets import QuestionSet, bench_folder, load_set
from evals.sets.parts import article, part
from rag import Document


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a public set."""

    question: str
    answers: tuple[str, ...]
    """Any of these counts; empty where the documents do not say."""
    gold: frozenset[str]
    """Sources of the documents that hold the answer, or that were shown to the annotator; never empty."""
    set: str

    @property
    def group(self) -> str:
        """Questions of one group are about the same document: they are resampled, and held apart, together."""
        return min(self.gold)


@dataclass(frozen=True, slots=True)
class Pool:
    """Documents to index together, and questions on them."""

    documents: tuple[Document, ...]
    questions: tuple[Asked, ...]


def bench() -> Path:
    """The folder of public data; leaves with a plain word where there is none."""
    folder = bench_folder()
    if not folder.is_dir():
        sys.exit(f"skipped: there is no benchmark data at {folder}; set PINCITE_BENCH to its folder")
    return folder


def some(questions: Sequence[Asked], limit: int | None) -> Sequence[Asked]:
    """Every n-th question, so that about `limit` are asked; all of them without a limit."""
    return questions[:: max(1, len(questions) // limit)] if limit else questions


def unlearnt(pool: Pool) -> tuple[Asked, ...]:
    """The questions on articles that the model in `rag/models/data/verifier` did not learn from."""
    titles = {document.source: document.title for document in pool.documents}
    return tuple(one for one in pool.questions if all(part(article(titles[source])) != "train" for source in one.gold))


def natural_questions(folder: Path) -> Pool:
    """Natural Questions (open, gold passage) and CLAPNQ as one pool of passages."""
    return _pool(load_set("nq", folder), load_set("clapnq", folder))


def squad(folder: Path) -> Pool:
    """SQuAD 2.0: one document per paragraph, so that the gold paragraph can be ranked among all."""
    return _pool(load_set("squad2", folder))


def scifact(folder: Path) -> Pool:
    """SciFact: abstracts, and claims with the abstracts that they were written from."""
    return _pool(load_set("scifact", folder))


@dataclass(frozen=True, slots=True)
class OnPage:
    """A question on one filing, and the pages that answer it."""

    question: str
    filing: str
    """Name of the PDF, without its suffix."""
    pages: frozenset[int]
    """From 1."""


def financebench(folder: Path) -> list[OnPage]:
    """FinanceBench: questions on company filings; the PDFs lie in `qa/financebench/pdfs`."""
    return [
        OnPage(
            case.question,
            Path(case.evidence[0].source).stem,
            frozenset(place.page for place in case.evidence if place.page),
        )
        for case in load_set("financebench", folder).cases
    ]


def _pool(*sets: QuestionSet) -> Pool:
    """Sets over the same documents as one pool; questions that these do not answer are of the set `NAME-none`."""
    questions = tuple(
        Asked(
            case.question,
            case.answers or one.references.get(case.id, ()),
            one.about[case.id],
            one.name if case.answerable else f"{one.name}-none",
        )
        for one in sets
        for case in one.cases
    )
    return Pool(sets[0].documents, questions)
