"""A folder in BEIR's layout: corpus.jsonl, queries.jsonl and qrels/test.tsv (Thakur et al. 2021)."""

import csv
from pathlib import Path
from typing import Any

from evals.cases import Evidence
from evals.sets.files import numbered
from evals.sets.question_set import Draft, QuestionSet, whole
from rag.errors import BadInput
from rag.types import Document

CORPUS, QUERIES, JUDGEMENTS = "corpus.jsonl", "queries.jsonl", "qrels"
SPLITS = ("test", "dev", "train")
"""The first of these that the folder has is read."""


def is_beir(folder: Path) -> bool:
    """Whether `folder` is meant to be one: it has any of the files."""
    return any((folder / name).exists() for name in (CORPUS, QUERIES, JUDGEMENTS))


def read_beir(folder: Path) -> QuestionSet:
    """The set in `folder`, named after it. Cases are the queries with a relevant document.

    Corpus: `_id`, `text` and perhaps `title`; queries: `_id` and `text`; judgements: a line of headings, then query,
    document and score, separated by tabs. A score above 0 is the evidence's grade; 0 and less are no evidence.
    Raises `BadInput`, with file and line, for what is missing or in another layout.
    """
    draft = Draft(folder.resolve().name, language=None)
    judgements = _split(folder)
    corpus = _corpus(folder / CORPUS, draft)
    queries = {_text(item, "_id", where): _text(item, "text", where) for where, item in numbered(folder / QUERIES)}
    graded = _graded(judgements, corpus, queries, draft)
    for query, evidence in graded.items():
        if not evidence:
            draft.remark("Queries without a relevant document, left out")
            continue
        best = max(evidence, key=lambda place: place.grade)
        draft.ask(
            query,
            queries[query],
            best.source,
            about=[place.source for place in evidence],
            evidence=evidence,
        )
    note = f"BEIR folder, {judgements.stem} split; queries whose best document is the same one are a group."
    return draft.done("as its source says", note, (folder / CORPUS, folder / QUERIES, judgements))


def _split(folder: Path) -> Path:
    for name in (CORPUS, QUERIES):
        if not (folder / name).is_file():
            raise BadInput(f"{folder / name} is missing; BEIR has {CORPUS}, {QUERIES} and {JUDGEMENTS}/test.tsv")
    for split in SPLITS:
        path = folder / JUDGEMENTS / f"{split}.tsv"
        if path.is_file():
            return path
    raise BadInput(f"{folder / JUDGEMENTS} has no {' or '.join(f'{split}.tsv' for split in SPLITS)}; add one")


def _corpus(path: Path, draft: Draft) -> dict[str, Document]:
    found = {}
    for where, item in numbered(path):
        name = _text(item, "_id", where)
        title, text = (_text(item, field, where) if item.get(field) else "" for field in ("title", "text"))
        if name in found:
            raise BadInput(f"{where}: _id {name!r} is already used; ids must differ")
        if text.strip() or title.strip():
            found[name] = draft.passage(title, text if text.strip() else title, key=name)
        else:
            draft.remark("Documents without text, left out")
    return found


def _graded(
    path: Path, corpus: dict[str, Document], queries: dict[str, str], draft: Draft
) -> dict[str, list[Evidence]]:
    """The relevant documents of every judged query, in the order of the file."""
    found: dict[str, list[Evidence]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if number == 1 and row and row[-1].lstrip("-").isdigit():
                raise BadInput(
                    f"{path}:1: a judgement, but the first line is for headings; add query-id, corpus-id, score"
                )
            if number == 1 or not row:
                continue
            query, document, score = _judgement(row, f"{path}:{number}")
            if query not in queries:
                raise BadInput(f"{path}:{number}: no query {query!r} in {QUERIES}")
            evidence = found.setdefault(query, [])
            if score > 0 and document not in corpus:
                draft.remark("Judgements of documents that are not in the corpus, left out")
            elif score > 0:
                evidence.append(whole(corpus[document], score))
    return found


def _judgement(row: list[str], where: str) -> tuple[str, str, int]:
    if len(row) != 3:
        raise BadInput(f"{where}: {len(row)} columns; write query, document and score, separated by tabs")
    query, document, score = row
    try:
        grade = float(score)
        if not grade.is_integer():
            raise ValueError
    except ValueError:
        raise BadInput(f"{where}: the score {score!r} is no whole number") from None
    return query, document, int(grade)


def _text(item: dict[str, Any], name: str, where: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value:
        raise BadInput(f"{where}: {name} is missing, empty or no text")
    return value
