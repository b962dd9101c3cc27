"""Ask every case, several at a time, write each result as it comes, and go on where a stopped run left off."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import track

from evals.cases import Case
from evals.folder import MANIFEST, METRICS_FILE, REPORT, RESULTS, Record, Run, read_json, whole_lines, write_json
from evals.judge.judges import LocalJudge, NamedJudge
from evals.manifest import Options, Origin, manifest, same_run
from evals.report import write_report
from evals.scoring import Ruler, right, score
from evals.shelf import Asked, Gold, Shelf
from evals.showing import shown
from evals.statistics import SEED
from evals.summary import Prices, summarise
from rag import retold
from rag.errors import BadInput
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is done; what of it changes the figures stands in the manifest."""

    options: Options = field(default_factory=Options)
    judge: NamedJudge = field(default_factory=LocalJudge)
    workers: int = 0
    """Questions asked at the same time; 0 for one a core. Times are then those of a busy machine."""
    prices: Prices | None = None
    seed: int = SEED


def run_cases(
    library: Asked, cases: Sequence[Case], origin: Origin, folder: Path, console: Console, plan: Plan | None = None
) -> Run:
    """Ask every case and leave manifest.json, results.jsonl, metrics.json and report.html in `folder`.

    A case that raised is a result with its message and counts in no metric; it is asked again when the run goes on.
    Raises `BadInput` for evidence that is not in the library, and for a folder that holds another run.
    """
    plan = plan or Plan()
    shelf = Shelf(library)
    gold = {case.id: shelf.gold(case) for case in cases}
    workers = plan.workers or os.cpu_count() or 1
    about = manifest(library, shelf.entries, origin, folder.name, plan.options, plan.judge, workers, plan.seed)
    done = _begin(folder, about)
    waiting = [case for case in cases if case.id not in done]
    asking = _Asking(library, shelf, gold, plan)
    with (folder / RESULTS).open("a", encoding="utf-8") as results:
        coming = _in_parallel(asking, waiting, workers)
        for record in track(coming, "Asking", total=len(waiting), console=console, disable=not waiting):
            done[record["id"]] = record
            results.write(_line(record))
            results.flush()
    records = [done[case.id] for case in cases]
    _write_lines(folder / RESULTS, records)
    summary = summarise(records, plan.judge.name, plan.prices, plan.seed)
    write_report(folder / REPORT, about, summary, records)
    write_json(folder / METRICS_FILE, summary)  # last: a folder that has it is finished
    return Run(folder, about, summary, records)


@dataclass(frozen=True, slots=True)
class _Asking:
    library: Asked
    shelf: Shelf
    gold: Mapping[str, Sequence[Gold]]
    plan: Plan

    def record(self, case: Case) -> Record:
        """The case with its answer and scores, or with what it raised."""
        found: Record = {**case.model_dump(mode="json"), "answer": None, "error": None, "scores": {}, "right": None}
        found |= {"failed": [], "fell": None, "claims": [], "shown": [], "seconds": 0.0}
        gold = self.gold[case.id]
        found["gold"] = [{**one.place._asdict(), "grade": one.grade} for one in gold]
        started = perf_counter()
        try:
            answer = self._ask(case, self.plan.options.abstain)
            found["seconds"] = perf_counter() - started
            found |= self._judged(case, answer, gold)
        except Exception as error:  # one question that fails must not end the run
            found["error"] = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return found

    def _judged(self, case: Case, answer: Answer, gold: Sequence[Gold]) -> Record:
        scored = score(case, answer, gold, self.shelf, Ruler(self.plan.judge.verdict))
        return {
            "answer": answer.to_dict(),
            "scores": dict(scored.scores),
            "right": self._right(case, answer, gold),
            "failed": list(scored.failed),
            "fell": scored.fell,
            "claims": [asdict(claim) for claim in scored.claims],
            "shown": [asdict(one) for one in shown(answer, self.shelf.cited(answer))],
        }

    def _right(self, case: Case, answer: Answer, gold: Sequence[Gold]) -> bool | None:
        """Of an answer that was held back: whether it would have been right, or the confidence could not be judged."""
        if answer.status == "answered" or not case.answerable:
            return right(case, answer, gold)
        return right(case, self._ask(case, abstain=False), gold) if self.plan.options.abstain else None

    def _ask(self, case: Case, abstain: bool) -> Answer:
        options = self.plan.options
        said = [(turn.question, turn.answer) for turn in case.history] if options.history else []
        if not said:
            return self.library.ask(case.question, abstain=abstain, rerank=options.rerank, model=options.model)
        return self.library.ask(
            case.question, abstain=abstain, rerank=options.rerank, model=options.model, earlier=retold(said)
        )


def _in_parallel(asking: _Asking, cases: Sequence[Case], workers: int) -> Iterator[Record]:
    """The records as they are done. No more are under way than workers, so that memory stays bounded."""
    left = iter(cases)
    with ThreadPoolExecutor(workers, thread_name_prefix="case") as pool:
        under_way: set[Future[Record]] = {pool.submit(asking.record, case) for case in islice(left, workers)}
        try:
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                under_way |= {pool.submit(asking.record, case) for case in islice(left, len(done))}
                for one in done:
                    yield one.result()
        finally:
            for one in under_way:
                one.cancel()


def _begin(folder: Path, about: Mapping[str, Any]) -> dict[str, Record]:
    """The results that a stopped run left in `folder`, by case; its torn last line and its errors are dropped."""
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file; choose another --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder} cannot be made ({error.strerror or error}); choose another --out") from None
    if not (folder / MANIFEST).exists():
        if any(folder.iterdir()):
            raise BadInput(f"{folder} is not empty and holds no run; choose another --out")
        write_json(folder / MANIFEST, about)
        return {}
    if difference := same_run(read_json(folder / MANIFEST), about):
        raise BadInput(f"{folder} holds a run with {difference}; choose another --out")
    kept = {record["id"]: record for record in whole_lines(folder / RESULTS) if record["error"] is None}
    _write_lines(folder / RESULTS, list(kept.values()))
    return kept


def _write_lines(results: Path, records: Sequence[Record]) -> None:
    partial = results.with_suffix(".part")
    partial.write_text("".join(map(_line, records)), encoding="utf-8")
    partial.replace(results)


def _line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"
