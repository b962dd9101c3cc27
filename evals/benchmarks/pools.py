"""Public question sets as documents and questions. Nothing of them is kept in the project."""

import ast
import csv
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def bench_folder() -> Path:
    """Where the folder of public data is looked for."""
    return Path(os.environ.get("PINCITE_BENCH", Path(__file__).parents[2].parent / "shared" / "bench"))


def bench() -> Path:
    """The folder of public data; leaves with a plain word where there is none."""
    folder = bench_folder()
    if not folder.is_dir():
        sys.exit(f"skipped: there is no benchmark data at {folder}; set PINCITE_BENCH to its folder")
    return folder


def some(questions: Sequence[Asked], limit: int | None) -> Sequence[Asked]:
    """Every n-th question, so that about `limit` are asked; all of them without a limit."""
    return questions[:: max(1, len(questions) // limit)] if limit else questions


def natural_questions(folder: Path) -> Pool:
    """Natural Questions (open, gold passage) and CLAPNQ as one pool of passages."""
    documents: dict[str, Document] = {}
    questions = []
    for item in _lines(folder / "qa/nq-open-oracle.jsonl"):
        gold = _passage(documents, item["ctxs"][0])
        questions.append(Asked(item["question"], tuple(item["answers"]), frozenset({gold}), "nq"))
    for name, kind in (("answerable", "clapnq"), ("unanswerable", "clapnq-none")):
        for item in _lines(folder / f"qa/clapnq_dev_{name}.jsonl"):
            gold = _passage(documents, item["passages"][0])
            answers = tuple(output["answer"] for output in item["output"]) if name == "answerable" else ()
            questions.append(Asked(item["input"], answers, frozenset({gold}), kind))
    return Pool(tuple(documents.values()), tuple(questions))


def squad(folder: Path) -> Pool:
    """SQuAD 2.0: one document per paragraph, so that the gold paragraph can be ranked among all."""
    documents: dict[str, Document] = {}
    questions = []
    for article in json.loads((folder / "qa/squad2_dev.json").read_text())["data"]:
        for paragraph in article["paragraphs"]:
            gold = _passage(documents, {"title": article["title"].replace("_", " "), "text": paragraph["context"]})
            for item in paragraph["qas"]:
                answers = tuple(dict.fromkeys(answer["text"] for answer in item["answers"]))
                kind = "squad2" if answers else "squad2-none"
                questions.append(Asked(item["question"], answers, frozenset({gold}), kind))
    return Pool(tuple(documents.values()), tuple(questions))


def scifact(folder: Path) -> Pool:
    """SciFact: abstracts, and claims with the abstracts that they were written from."""
    documents: dict[str, Document] = {}
    by_id = {
        row["doc_id"]: _passage(documents, {"title": row["title"], "text": " ".join(_printed(row["abstract"]))})
        for row in _rows(folder / "retrieval/scifact/corpus_train.csv")
    }
    claims = {
        row["id"]: Asked(
            row["claim"], (), frozenset(by_id[number] for number in _numbers(row["cited_doc_ids"])), "scifact"
        )
        for row in _rows(folder / "retrieval/scifact/claims_train.csv")
    }
    return Pool(tuple(documents.values()), tuple(claims.values()))


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
            item["question"],
            item["doc_name"],
            frozenset(evidence["evidence_page_num"] + 1 for evidence in item["evidence"]),
        )
        for item in _lines(folder / "qa/financebench/questions.jsonl")
    ]


def _passage(documents: dict[str, Document], given: dict[str, Any]) -> str:
    """Add a passage as a document of its own, once; its source."""
    title, text = given["title"].strip(), given["text"].strip()
    sha256 = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    source = f"pool:{sha256[:16]}"
    if source not in documents:
        documents[source] = Document(sha256[:16], source, sha256, title, text, "text/plain", language="en")
    return source


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open() as stream:
        yield from map(json.loads, stream)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(newline="") as stream:
        yield from csv.DictReader(stream)


def _printed(array: str) -> list[str]:
    """The strings of a NumPy array as NumPy prints it: one quoted string a line."""
    return [ast.literal_eval(line.strip().strip("[]")) for line in array.strip()[1:-1].splitlines() if line.strip()]


def _numbers(array: str) -> list[str]:
    """The numbers of a NumPy array as NumPy prints it, as text."""
    return array.strip("[]").split()
