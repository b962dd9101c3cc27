"""Sets that measure finding alone: their cases have evidence, which is whole documents, and no answers."""

import ast
import re
from pathlib import Path

from evals.sets.files import rows
from evals.sets.question_set import Draft, whole

SCIFACT_CORPUS = "retrieval/scifact/corpus_train.csv"
SCIFACT_CLAIMS = "retrieval/scifact/claims_train.csv"
CRANFIELD_DOCUMENTS = "retrieval/cranfield/cran.all.1400"
CRANFIELD_QUERIES = "retrieval/cranfield/cran.qry"
CRANFIELD_JUDGEMENTS = "retrieval/cranfield/cranqrel"

_GRADES = {"1": 4, "2": 3, "3": 2, "4": 1}
"""Cranfield's code, which is 1 for a complete answer and 4 for minimum interest → a grade that is higher if better."""
_BASE = "-1"
_VERDICTS = {"SUPPORT": "supported", "CONTRADICT": "refuted", "": "no verdict"}


def scifact(folder: Path, draft: Draft) -> None:
    """SciFact (Wadden et al. 2020) as BEIR reads it: claims, and the abstracts that they were written from.

    Whole abstracts count, as in BEIR, though for some claims the set marks sentences: figures stay comparable, and an
    abstract is about one passage. The verdict on a claim is a tag.
    """
    by_id = {
        row["doc_id"]: draft.passage(row["title"], " ".join(_printed(row["abstract"])))
        for row in rows(folder / SCIFACT_CORPUS)
    }
    claims = {row["id"]: row for row in rows(folder / SCIFACT_CLAIMS)}
    for name, row in claims.items():
        cited = sorted({by_id[number].source: by_id[number] for number in _numbers(row["cited_doc_ids"])}.items())
        draft.ask(
            name,
            row["claim"],
            cited[0][0],
            about=[source for source, _ in cited],
            evidence=[whole(document) for _, document in cited],
            tags=[_VERDICTS[row["evidence_label"]]],
        )


def cranfield(folder: Path, draft: Draft) -> None:
    """Cranfield II (Cleverdon 1967): questions of researchers in aeronautics, and abstracts in four grades.

    Judgements number the queries by their place in the file, not by the number that stands there. Code -1 is in no
    description; each query has it once, and by the titles it is the paper that made the researcher ask. It counts
    as no evidence, as usual, though it is on the matter; queries that share it are one group.
    """
    documents = {}
    for number, parts in _records(folder / CRANFIELD_DOCUMENTS):
        if parts.get("W"):
            documents[number] = draft.passage(" ".join(parts["T"].split()), parts["W"])
        else:
            draft.remark("Documents without text, left out")
    judged: dict[str, dict[str, str]] = {}
    for line in (folder / CRANFIELD_JUDGEMENTS).read_text(encoding="utf-8").splitlines():
        query, number, code = line.split()
        judged.setdefault(query, {})[number] = code
    for place, (_, parts) in enumerate(_records(folder / CRANFIELD_QUERIES), start=1):
        codes = judged[str(place)]
        graded = {number: _GRADES[code] for number, code in codes.items() if code != _BASE}
        evidence = [whole(documents[number], grade) for number, grade in graded.items() if number in documents]
        if len(evidence) < len(graded):
            draft.remark("Queries with such a document among the relevant ones")
        base = next((number for number, code in codes.items() if code == _BASE), f"query {place}")
        draft.ask(str(place), " ".join(parts["W"].split()), base, about=[e.source for e in evidence], evidence=evidence)


def _records(path: Path) -> list[tuple[str, dict[str, str]]]:
    """The records of a file in SMART's layout: a number after `.I`, then parts after lines such as `.T` and `.W`."""
    found = []
    for record in re.split(r"^\.I ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        number, _, rest = record.partition("\n")
        marks = re.split(r"^\.([TABW]) *\n", rest, flags=re.MULTILINE)
        parts: dict[str, str] = {}
        for mark, text in zip(marks[1::2], marks[2::2], strict=True):
            parts[mark] = f"{parts.get(mark, '')}{text}".strip()
        found.append((str(int(number)), parts))
    return found


def _printed(array: str) -> list[str]:
    """The strings of a NumPy array as NumPy prints it: one quoted string a line."""
    return [ast.literal_eval(line.strip().strip("[]")) for line in array.strip()[1:-1].splitlines() if line.strip()]


def _numbers(array: str) -> list[str]:
    """The numbers of a NumPy array as NumPy prints it, as text."""
    return array.strip("[]").split()
