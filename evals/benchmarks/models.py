"""Chat models beside quotes: what is right, cited, refused, mended, and how long it takes.

    python -m evals.benchmarks.models [--limit N] [--models NAME …] [--runs FOLDER]

Asked are the seeds' cases, N questions of Natural Questions, N of CLAPNQ, and N ÷ 2 further ones of Natural Questions
without the documents that hold an accepted answer: these should be refused. Each run leaves its report in FOLDER; one
that was stopped goes on. One question is asked at a time, so that seconds are those of one person's question.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from evals import run
from evals.benchmarks.pools import bench
from evals.cases import Case
from evals.folder import Record, Run
from evals.harness import INDEXES, RUNS, SEEDS
from evals.manifest import Options
from evals.metrics import contains
from evals.running import Plan
from evals.sets import load_set, some
from rag import Answer, Document, Library
from rag.errors import BadInput

EXTRACTIVE = "extractive"
MODELS = (EXTRACTIVE, "local:qwen2.5-0.5b", "local:qwen2.5-1.5b")
CASES = "evals/cases/seeds.jsonl"
COLUMNS = {
    "answer_found": "accepted answer contained",
    "answered": "answered, of the answerable",
    "held_back": "held back, of the unanswerable",
    "citation_recall": "citation recall",
    "citation_precision": "citation precision",
    "failed": "failed as first written",
    "marked": "shown and marked unsupported",
    "denied": "contradicted and shown",
    "words": "words",
    "seconds": "seconds, p50 and p95",
}


class Once(Library):
    """A library that asks a chat model but once for each case: one held back is not written a second time."""

    def ask(self, question: str, *, abstain: bool = True, model: Any = None, **options: Any) -> Answer:
        """`Library.ask`; without abstaining, only the quotes."""
        return super().ask(question, abstain=abstain, model=model if abstain else EXTRACTIVE, **options)


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions, and the documents that they are asked of; none for the seeds' own."""

    name: str
    cases: Sequence[Case] | str
    documents: Sequence[Document] = ()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=100, help="questions of each public set, at most")
    parser.add_argument("--models", nargs="+", default=MODELS, help="what writes the answers")
    parser.add_argument("--runs", type=Path, default=RUNS / "models", help="where the runs are left")
    given = parser.parse_args()
    console = Console(stderr=True)
    print("| questions | model | " + " | ".join(COLUMNS.values()) + " |")
    print("|---|---|" + "---|" * len(COLUMNS))
    for asked in questions(bench(), given.limit):
        for model in given.models:
            try:
                done = ask(asked, model, given.runs, console)
            except BadInput as error:
                console.print(f"skipped: {error}", markup=False, soft_wrap=True)
                continue
            print(row(asked.name, model, done), flush=True)


def questions(folder: Path, limit: int) -> Iterator[Asked]:
    """What is asked, the quickest first."""
    yield Asked("seeds", CASES)
    nq, clapnq = load_set("nq", folder), load_set("clapnq", folder)
    chosen = some(nq.cases, limit)
    yield Asked("nq", chosen, nq.documents)
    yield Asked("clapnq", some(clapnq.cases, limit), clapnq.documents)
    others = [case for case in nq.cases if case not in chosen]
    yield removed(some(others, max(1, limit // 2)), nq.documents)


def removed(cases: Sequence[Case], documents: Sequence[Document]) -> Asked:
    """The cases without any document of theirs, by title, or that contains an accepted answer of one of them."""
    titles = {case.group_id for case in cases}
    answers = tuple(answer for case in cases for answer in case.answers if re.search(r"[^\W\d_]", answer))
    left = [one for one in documents if one.title not in titles and not contains(one.text, answers)]
    bare = [case.model_copy(update={"answerable": False, "answers": (), "evidence": ()}) for case in cases]
    return Asked("nq, documents removed", bare, left)


def ask(asked: Asked, model: str, runs: Path, console: Console) -> Run:
    """The run of one model. Raises `BadInput` where it cannot be asked."""
    plan = Plan(options=Options(model=model), workers=1)
    out = runs / "-".join(re.findall(r"\w+", f"{asked.name} {model}"))
    if isinstance(asked.cases, str):
        folder, name = INDEXES / "seeds", asked.cases
        with closing(Once(folder)) as library:
            library.add(SEEDS)
            return run(name, library, out=out, plan=plan, console=console)
    count = len(asked.documents)
    with closing(Once(INDEXES / f"models-{asked.name.replace(', ', '-').replace(' ', '-')}-{count}")) as library:
        with console.status(f"indexing {count} passages"):
            library.add_documents(asked.documents)
        return run(asked.cases, library, out=out, plan=plan, console=console)


def row(name: str, model: str, done: Run) -> str:
    """A line of the table; a dash where nothing asked can show it."""
    told = figures(done.summary["metrics"], [record for record in done.records if record["answer"]])
    cells = [told.get(column, "–") for column in COLUMNS]
    return f"| {name} ({done.summary['scored']}) | {model.removeprefix('local:')} | " + " | ".join(cells) + " |"


def figures(metrics: Mapping[str, Mapping[str, Any]], records: Sequence[Record]) -> dict[str, str]:
    """The cells of a run by column."""
    told = {name: f"{metrics[name]['value']:.3f}" for name in metrics if metrics[name]["value"] is not None}
    answers = [record["answer"] for record in records]
    for column, answerable, status in (("answered", True, "answered"), ("held_back", False, "abstained")):
        asked = [one["answer"]["status"] == status for one in records if one["answerable"] is answerable]
        told |= {column: f"{np.mean(asked):.3f}"} if asked else {}
    first = sum((Counter(answer.get("written") or {}) for answer in answers), Counter[str]())
    if total := sum(first.values()):
        told["failed"] = f"{total - first['supported']} of {total}"
    given = [answer for answer in answers if answer["status"] == "answered"]
    labels = [_label(sentence) for answer in given for sentence in answer["sentences"] if not sentence["withheld"]]
    told["marked"] = f"{sum(label in ('unsupported', 'partial') for label in labels)} of {len(labels)}"
    told["denied"] = str(labels.count("contradicted"))
    if given:
        told["words"] = f"{np.mean([len(answer['text'].split()) for answer in given]):.0f}"
    seconds = [answer["seconds"]["total"] for answer in answers]
    told["seconds"] = " / ".join(f"{np.percentile(seconds, at):.1f}" for at in (50, 95)) if seconds else "–"
    return told


def _label(sentence: Mapping[str, Any]) -> str:
    return str(sentence["verdict"]["label"])


if __name__ == "__main__":
    main()
