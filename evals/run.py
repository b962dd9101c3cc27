"""Ask every case, write each result as it comes, and go on where a stopped run left off."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import track

from evals.cases import Case
from evals.manifest import manifest, same_run
from evals.metrics import Place, percentile
from evals.report import write_report
from evals.scoring import METRICS, Asked, Shelf, score
from evals.statistics import LEVEL, RESAMPLES, SEED, estimate
from rag.errors import BadInput

Record = dict[str, Any]
"""One line of results.jsonl: the case, its answer or its error, its scores and failed checks."""


def run(library: Asked, cases: Sequence[Case], cases_path: Path, folder: Path, console: Console) -> Record:
    """Ask every case and leave manifest.json, results.jsonl, metrics.json and report.html in `folder`.

    Returns what metrics.json says. A case that raised is a result with its message and counts in no metric; it is
    asked again when the run goes on. Raises `BadInput` for evidence that is not in the library, and for a folder
    that holds another run.
    """
    shelf = Shelf(library)
    gold = {case.id: shelf.places(case) for case in cases}
    about = manifest(library, shelf.entries, cases_path, folder.name)
    done = _begin(folder, about)
    waiting = [case for case in cases if case.id not in done]
    with (folder / "results.jsonl").open("a", encoding="utf-8") as results:
        for case in track(waiting, "Asking", console=console, disable=not waiting):
            done[case.id] = _ask(library, case, gold[case.id], shelf)
            results.write(json.dumps(done[case.id], ensure_ascii=False) + "\n")
            results.flush()
    records = [done[case.id] for case in cases]
    summary = summarise(records)
    _write(folder / "metrics.json", summary)
    write_report(folder / "report.html", about, summary, records)
    return summary


def summarise(records: Sequence[Record]) -> Record:
    """Every metric over all records and by tag, the latency by stage, and the errors apart."""
    scored = [record for record in records if record["error"] is None]
    tags = sorted({tag for record in records for tag in record["tags"]})
    return {
        "cases": len(records),
        "scored": len(scored),
        "errors": {record["id"]: record["error"] for record in records if record["error"] is not None},
        "metrics": _estimates(scored),
        "by_tag": {tag: _tagged(records, tag) for tag in tags},
        "seconds": _seconds(scored),
        "interval": {"level": LEVEL, "over": "group_id", "resamples": RESAMPLES, "seed": SEED},
    }


def _estimates(scored: Sequence[Record]) -> dict[str, Record]:
    groups = [record["group_id"] for record in scored]
    return {
        metric.name: asdict(estimate([record["scores"][metric.name] for record in scored], groups))
        for metric in METRICS
    }


def _tagged(records: Sequence[Record], tag: str) -> Record:
    chosen = [record for record in records if tag in record["tags"]]
    scored = [record for record in chosen if record["error"] is None]
    return {"cases": len(chosen), "errors": len(chosen) - len(scored), "metrics": _estimates(scored)}


def _seconds(scored: Sequence[Record]) -> dict[str, Record]:
    stages: dict[str, list[float]] = {}
    for record in scored:
        for stage, seconds in record["answer"]["seconds"].items():
            stages.setdefault(stage, []).append(seconds)
    return {
        stage: {"p50": percentile(values, 0.5), "p95": percentile(values, 0.95), "n": len(values)}
        for stage, values in stages.items()
    }


def _ask(library: Asked, case: Case, gold: Sequence[Place], shelf: Shelf) -> Record:
    record: Record = {**case.model_dump(mode="json"), "answer": None, "error": None}
    record |= {"scores": {}, "failed": [], "shown": [], "seconds": 0.0}
    started = perf_counter()
    try:
        answer = library.ask(case.question)
    except Exception as error:  # one question that fails must not end the run
        record["error"] = f"{type(error).__name__}: {' '.join(str(error).split())}"
    else:
        record["seconds"] = perf_counter() - started
        found = score(case, answer, gold, shelf)
        record |= {"answer": answer.to_dict(), "scores": dict(found.scores), "failed": list(found.failed)}
        record["shown"] = [asdict(shown) for shown in found.shown]
    return record


def _begin(folder: Path, about: Mapping[str, Any]) -> dict[str, Record]:
    """The results that a stopped run left in `folder`, by case; its torn last line and its errors are dropped."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier, results = folder / "manifest.json", folder / "results.jsonl"
    if not earlier.exists():
        if any(folder.iterdir()):
            raise BadInput(f"{folder} is not empty and holds no run; choose another --out")
        _write(earlier, about)
        return {}
    if difference := same_run(json.loads(earlier.read_text(encoding="utf-8")), about):
        raise BadInput(f"{folder} holds a run with {difference}; choose another --out")
    kept = {record["id"]: record for record in _whole_lines(results) if record["error"] is None}
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in kept.values())
    results.with_suffix(".part").write_text(lines, encoding="utf-8")
    results.with_suffix(".part").replace(results)
    return kept


def _whole_lines(results: Path) -> Iterator[Record]:
    lines = results.read_text(encoding="utf-8", errors="replace").split("\n") if results.exists() else []
    for line in lines[:-1]:  # what follows the last newline was torn off by a crash
        yield json.loads(line)


def _write(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
