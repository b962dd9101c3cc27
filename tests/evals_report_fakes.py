"""Results of a small run, in the format of results.jsonl, for the tests of the report."""

from pathlib import Path
from typing import Any

from lxml import html

from evals.folder import Record, Run
from evals.summary import summarise
from rag.types import Answer, Citation, Hit, Passage, Sentence, Span, Verdict

SOURCE = "/docs/harbour.txt"
TEXT = "The gate cost 48 million crowns. It was built by Ada Berg in 1931."
JUDGE = "local support 1"
ABOUT: dict[str, Any] = {
    "name": "night",
    "cases": {"name": "harbour.jsonl", "sha256": "c0ffee", "count": 7, "limit": None},
    "data": {"documents": 3, "sha256": "beef"},
    "settings": {"answer": {"confidence": 0.3, "model": None}},
    "options": {"rerank": True, "abstain": True, "model": None},
    "models": {"embedder": "bge-small", "reranker": "minilm-l12", "answer": "extractive"},
    "weights": {"bge-small": "abc"},
    "judge": {"name": JUDGE, "qualified": True},
    "seed": 7,
    "workers": 2,
    "made_at": "2026-01-02T03:04:05+00:00",
    "versions": {"python": "3.11", "torch": None},
    "git": {"commit": None, "changed": None},
    "machine": {"system": "Linux", "processor": "x86_64", "cores": 2},
}


def record(
    name: str,
    *,
    question: str = "What did the gate cost?",
    answerable: bool = True,
    answers: tuple[str, ...] = ("48 million",),
    kept: bool = True,
    fell: str | None = None,
    failed: tuple[str, ...] = (),
    error: str | None = None,
    confidence: float = 0.8,
    labels: tuple[str, ...] = ("supported",),
    tags: tuple[str, ...] = ("number",),
    title: str = "Harbour news",
    source: str = SOURCE,
    text: str = "The gate cost 48 million crowns.",
    notes: tuple[str, ...] = (),
    unsupported: tuple[Span, ...] = (),
    evidence: dict[str, Any] | None = None,
    gold: dict[str, Any] | None = None,
    marks: tuple[int, ...] = (1,),
    group: str = "",
) -> Record:
    """One result; `fell` and `failed` are taken as given, and the scores follow from them."""
    case: Record = {
        "id": name, "group_id": group or name, "question": question, "answerable": answerable,
        "answers": list(answers) if answerable else [], "history": [], "tags": list(tags),
        "evidence": [{"source": source, "start": None, "end": None, "quote": text, "page": None, "grade": 1}
                     | (evidence or {})] if answerable else [],
        "gold": [{"source": source, "start": 0, "end": 32, "grade": 1} | (gold or {})] if answerable else [],
        "answer": None, "error": error, "scores": {}, "right": None, "failed": list(failed), "fell": fell,
        "claims": [], "shown": [], "seconds": 0.25,
    }  # fmt: skip
    if error is not None:
        return case
    quote = Citation(1, source, "sha", title, 0, 32, text)
    hit = Hit(Passage("1", "1", source, title, 0, len(TEXT), text + TEXT[32:]), 2, 0.7, "rerank")
    other = Hit(Passage("2", "2", "/docs/other.txt", "Other", 0, 30, "The ferry leaves at seven."), 1, 0.9, "rerank")
    sentences = tuple(
        Sentence(text, 0, len(text), marks, Verdict(label, 0.5, None, unsupported, notes)) for label in labels
    )
    answer = Answer(
        question, "answered" if kept else "abstained", None if kept else "weak_evidence", confidence,
        text if kept else "The documents don't say.", None, sentences if kept else (), (quote,) if kept else (),
        (other, hit), seconds={"search": 0.2, "total": 0.25},
    )  # fmt: skip
    right = answerable and fell is None
    case["answer"] = answer.to_dict()
    case["right"] = right
    case["scores"] = {
        "answer_found": float(fell in (None, "citation")) if answerable else None,
        "decision_right": float(kept == answerable),
        "hit_5": float(fell != "retrieval") if answerable else None,
        "citations_exact": float(fell != "citation") if kept else None,
        "faithfulness": 1.0 if kept else None,
        "kept_unanswerable": None if answerable else float(kept),
        "coverage": float(kept),
    }
    if kept:
        case["claims"] = [
            {"text": text, "label": label, "support": 0.5, "verbatim": True, "faithful": True} for label in labels
        ]
        case["shown"] = [
            {
                "marker": 1,
                "title": title,
                "source": source,
                "page": 4,
                "before": "… then. ",
                "quote": text,
                "after": " …",
            }
        ]
    return case


def results() -> list[Record]:
    """One of every kind: five losses, an error, a right answer, one with a failed check, a right refusal."""
    return [
        record("right", confidence=0.9),
        record("refused", question="Who won at chess?", answerable=False, kept=False, confidence=0.1, tags=("none",)),
        record("checked", question="Who built it?", failed=("the answer cites only part of what it needs",)),
        record(
            "retrieval", question="When was it built?", fell="retrieval", failed=("no evidence found",), confidence=0.4
        ),
        record("reading", question="Who is the mayor?", fell="reading", failed=("no accepted answer",), confidence=0.5),
        record(
            "citation", question="Which gate?", fell="citation", failed=("[1] is not exact",), labels=("contradicted",)
        ),
        record(
            "abstention", question="Why a gate?", fell="abstention", failed=("abstained",), kept=False, confidence=0.2
        ),
        record("overreach", question="Rain?", answerable=False, fell="overreach", failed=("answered",), tags=("none",)),
        record("error", question="Snow?", error="TimeoutError: no reply"),
    ]


def figures(records: list[Record]) -> dict[str, Any]:
    """What metrics.json says of these results."""
    return summarise(records, JUDGE)


def run(name: str, records: list[Record]) -> Run:
    """A finished run with these results."""
    return Run(Path(name), ABOUT | {"name": name}, figures(records), records)


def page(path: Path) -> Any:
    """A page, read."""
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def words(element: Any) -> str:
    """The text of an element, on one line."""
    return " ".join(" ".join(element.itertext()).split()).replace(" ,", ",")
