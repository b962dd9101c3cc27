"""Run and compare: what Python users hold. `run` finds the cases and the library, and lets `running` do the rest."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from evals.cases import PROPOSED, Case, load_cases
from evals.folder import Run
from evals.manifest import Origin
from evals.running import Plan, run_cases
from evals.sets import SETS, QuestionSet, load_set, some
from evals.sets.tables import read_table
from evals.shelf import Asked
from rag import Library, Settings
from rag.errors import BadInput

if TYPE_CHECKING:
    from evals.comparing import Comparison

RUNS = Path("evals/runs")
SEEDS = Path(__file__).parent.parent / "seeds"
SEED_CASES = "seeds.jsonl"
INDEXES = Path("indexes/evals")
"""Where the libraries of public sets and of the seeds are kept from one run to the next."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked: the cases, and the documents where they bring their own."""

    origin: Origin
    cases: Sequence[Case]
    brings: QuestionSet | None = None
    seeds: bool = False


def run(
    cases: str | Path | Sequence[Case],
    library: Asked | str | Path | None = None,
    *,
    out: str | Path | None = None,
    limit: int | None = None,
    columns: Mapping[str, str] | None = None,
    proposed: bool = False,
    plan: Plan | None = None,
    console: Console | None = None,
) -> Run:
    """Ask every case and leave a run folder: manifest.json, results.jsonl, metrics.json and report.html.

    `cases` is a file of cases, a table (`columns` says which of its columns is what), the name of a public set, a
    folder in BEIR's format, or cases. `library` is an open one or a folder; left out, a set is indexed into one of its
    own, seeds.jsonl asks the seeds, and anything else the library of the settings. `limit` asks every n-th case, so
    that at most that many are asked; `proposed` also asks those that nobody has accepted yet. Raises `BadInput`.
    """
    subject = find_cases(cases, limit=limit, columns=columns, proposed=proposed)
    stem = Path(subject.origin.name).stem
    folder = Path(out) if out else RUNS / f"{datetime.now():%Y%m%d-%H%M%S}-{stem}"
    console = console or Console(stderr=True, quiet=True)
    with open_library(subject, library, console) as asked:
        return run_cases(asked, subject.cases, subject.origin, folder, console, plan)


def compare(a: str | Path | Run, b: str | Path | Run, gates: Sequence[str] = ()) -> "Comparison":
    """Baseline `a` beside candidate `b`, each a run or its folder; a gate is `METRIC:margin`. Raises `BadInput`."""
    from evals.comparing import compare as compare_runs
    from evals.comparing.gate import Gate

    wanted = [Gate.parse(gate) for gate in gates]
    before, after = (one if isinstance(one, Run) else Run.load(one) for one in (a, b))
    return compare_runs(before, after, wanted)


def find_cases(
    given: str | Path | Sequence[Case],
    *,
    limit: int | None = None,
    columns: Mapping[str, str] | None = None,
    proposed: bool = False,
) -> Subject:
    """The cases that `given` means. Raises `BadInput`, one line with file, line and field for a broken file."""
    brings, seeds = None, False
    if not isinstance(given, str | Path):
        cases, name, sha256 = list(given), "cases", _hash_of(given)
    elif _names_a_set(given):
        brings = load_set(given)
        cases, name, sha256 = list(brings.cases), brings.name, brings.sha256
    else:
        path = Path(given)
        cases = read_table(path, columns) if columns or path.suffix.lower() != ".jsonl" else load_cases(path)
        name, sha256 = path.name, hashlib.sha256(path.read_bytes()).hexdigest()
        seeds = name == SEED_CASES
    if not cases:
        raise BadInput("there are no cases to ask; give at least one")
    if twice := next((name for name, times in Counter(case.id for case in cases).items() if times > 1), None):
        raise BadInput(f"{name}: id {twice!r} is used twice; ids must differ")
    if limit is not None and limit < 1:
        raise BadInput(f"a limit of {limit} leaves nothing to ask; give 1 or more, or none")
    accepted = [case for case in cases if PROPOSED not in case.tags or (proposed and case.complete)]
    if not accepted:
        where = given if isinstance(given, str | Path) else "CASES.jsonl"
        told = f"accept some with `python -m evals review {where}`, or ask them all the same with --proposed"
        raise BadInput(f"{name}: all {len(cases)} cases are proposals; {told}")
    chosen = some(accepted, limit)
    licence, note = (brings.licence, brings.note) if brings else ("", "")
    return Subject(Origin(name, sha256, len(chosen), limit, licence, note), chosen, brings, seeds)


@contextmanager
def open_library(subject: Subject, given: Asked | str | Path | None, console: Console) -> Iterator[Asked]:
    """The library to ask, with the documents that the cases bring. Raises `BadInput` where there is none."""
    if given is not None and not isinstance(given, str | Path):
        yield given
        return
    own = subject.brings.name if subject.brings else "seeds" if subject.seeds and SEEDS.is_dir() else None
    path = Path(given) if given else INDEXES / own if own else Settings.load().index
    if (given is not None or own is None) and not Library.exists(path):
        raise BadInput(f"there is no library at {path}; make one with: pincite index PATH --index {path}")
    with closing(Library(path)) as library:
        if given is None:
            _fill(library, subject, console)
        yield library


def _fill(library: Library, subject: Subject, console: Console) -> None:
    if subject.brings:
        with console.status(f"indexing {subject.brings.name}"):
            if subject.brings.documents:
                library.add_documents(subject.brings.documents)
            if subject.brings.files:
                library.add(*subject.brings.files)
            _clear(library, subject.brings)
    elif subject.seeds:
        library.add(SEEDS, sync=True)


def _clear(library: Library, brings: QuestionSet) -> None:
    """Take out what another set of the same name, or this one before it changed, has left."""
    own = {document.source for document in brings.documents} | {os.path.abspath(path) for path in brings.files}
    if left := [entry.source for entry in library.documents() if entry.source not in own]:
        library.remove(*left)


def _names_a_set(given: str | Path) -> bool:
    """Whether it is the name of a set, or a mistyped one, or a folder, and not a file."""
    path = Path(given)
    return str(given) in SETS or path.is_dir() or not (path.exists() or path.suffix)


def _hash_of(cases: Sequence[Case]) -> str:
    return hashlib.sha256("".join(case.model_dump_json() + "\n" for case in cases).encode()).hexdigest()
