"""`python -m evals run CASES`: measure a library with cases; `python -m evals judge`: measure the support judge."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evals.cases import load_cases
from evals.report import table
from rag.errors import BadInput, PinciteError

RUNS = Path("evals/runs")
SEEDS = Path(__file__).parent.parent / "seeds"
SEED_CASES = "seeds.jsonl"
SEED_INDEX = Path("indexes/seeds-eval")

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
errors = Console(stderr=True)


@app.callback()
def evals() -> None:
    """Measure how well Pincite answers, cites and abstains."""


@app.command()
def run(
    cases: Annotated[Path, typer.Argument(help="A .jsonl file, one case a line.", show_default=False)],
    index: Annotated[
        Path | None, typer.Option(help="The library to ask. Left out for seeds.jsonl, seeds/ is indexed first.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the run; one that was stopped goes on. Default: a new one in evals/runs."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first N cases.")] = None,
) -> None:
    """Ask every case and write results.jsonl, metrics.json and report.html."""
    folder = out or RUNS / f"{datetime.now():%Y%m%d-%H%M%S}-{cases.stem}"
    try:
        _run(cases, index, folder, limit)
    except PinciteError as error:
        errors.print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(error.exit_status) from None
    except KeyboardInterrupt:
        errors.print(f"stopped; go on with --out {folder}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(130) from None


@app.command()
def judge(
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", help="A labelled set, or `faults` for the mutation score. Default: all.", metavar="NAME"),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, help="Texts of each set, and twice the mutants of a kind; 0 for all.")
    ] = 100,
    out: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
) -> None:
    """Judge the support judge: its agreement with people, and the share of injected faults that it catches."""
    from evals.judge.command import WIDTH
    from evals.judge.command import judge as judge_judge
    from rag import verify

    screen = Console()
    console = screen if screen.is_terminal else Console(width=WIDTH)
    try:
        blind = judge_judge(sets or [], limit, out, verify, console, errors)
    except PinciteError as error:
        errors.print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(error.exit_status) from None
    except KeyboardInterrupt:
        errors.print("stopped", markup=False)
        raise typer.Exit(130) from None
    for line in blind:
        errors.print(f"error: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    if blind:
        raise typer.Exit(1)


def _run(cases_path: Path, index: Path | None, folder: Path, limit: int | None) -> None:
    cases = load_cases(cases_path)[:limit]
    from evals.run import run as run_cases  # models load below this line, not for a mistyped path
    from rag import Library, Settings

    seeded = index is None and cases_path.name == SEED_CASES and SEEDS.is_dir()
    path = SEED_INDEX if seeded else index or Settings.load().index
    if not seeded and not Library.exists(path):
        raise BadInput(f"there is no library at {path}; make one with: pincite index PATH --index {path}")
    with closing(Library(path)) as library:
        if seeded:
            library.add(SEEDS, sync=True)
        summary = run_cases(library, cases, cases_path, folder, errors)
    console = Console()
    console.print(table(summary))
    console.print(f"Report: {folder / 'report.html'}", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    app(prog_name="python -m evals")
