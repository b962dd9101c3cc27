"""Public question sets as documents and questions. Nothing of them is kept in the project."""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
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
    gold: str
    """Source of the document that holds the answer, or that was shown to the annotator."""
    set: str


@dataclass(frozen=True, slots=True)
class Pool:
    """Documents to index together, and questions on them."""

    documents: tuple[Document, ...]
    questions: tuple[Asked, ...]


def bench() -> Path:
    """The folder of public data; leaves with a plain word where there is none."""
    folder = Path(os.environ.get("PINCITE_BENCH", Path(__file__).parents[2].parent / "shared" / "bench"))
    if not folder.is_dir():
        sys.exit(f"skipped: there is no benchmark data at {folder}; set PINCITE_BENCH to its folder")
    return folder


def natural_questions(folder: Path) -> Pool:
    """Natural Questions (open, gold passage) and CLAPNQ as one pool of passages."""
    documents: dict[str, Document] = {}
    questions = []
    for item in _lines(folder / "qa/nq-open-oracle.jsonl"):
        gold = _passage(documents, item["ctxs"][0])
        questions.append(Asked(item["question"], tuple(item["answers"]), gold, "nq"))
    for name, kind in (("answerable", "clapnq"), ("unanswerable", "clapnq-none")):
        for item in _lines(folder / f"qa/clapnq_dev_{name}.jsonl"):
            gold = _passage(documents, item["passages"][0])
            answers = tuple(output["answer"] for output in item["output"]) if name == "answerable" else ()
            questions.append(Asked(item["input"], answers, gold, kind))
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
                questions.append(Asked(item["question"], answers, gold, "squad2" if answers else "squad2-none"))
    return Pool(tuple(documents.values()), tuple(questions))


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
