"""The command line of the evaluation: `python -m evals`, or `pincite eval`."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from rag.errors import BadInput, PinciteError

if TYPE_CHECKING:
    from evals.judge.judges import NamedJudge
    from evals.summary import Prices

FAULT, NOT_HELD, INTERRUPTED = 1, 3, 130

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
errors = Console(stderr=True)

Index = Annotated[Path | None, typer.Option(help="The library. Default: the one of the settings.")]


@app.callback()
def evals() -> None:
    """Measure how well Pincite finds, answers, cites and abstains."""


@app.command()
def run(
    cases: Annotated[
        str,
        typer.Argument(
            help="Cases (.jsonl), a table (.csv; .jsonl with --columns), a public set like squad2, a BEIR folder.",
            show_default=False,
        ),
    ],
    index: Annotated[
        Path | None,
        typer.Option(help="The library to ask. Left out, public sets and seeds.jsonl have one of their own."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the run; one that was stopped goes on. Default: a new one in evals/runs."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask at most N cases, evenly spread.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Which column is what: question=Frage,answers=Antwort,source=Datei.")
    ] = None,
    proposed: Annotated[bool, typer.Option("--proposed", help="Ask also cases that nobody has accepted yet.")] = False,
    rerank: Annotated[bool, typer.Option(help="Read the passages found, or keep their first order.")] = True,
    abstain: Annotated[bool, typer.Option(help="Say so where the documents don't say, or always answer.")] = True,
    history: Annotated[
        bool, typer.Option(help="Ask a case with earlier turns as a follow-up, or its question as it stands.")
    ] = True,
    model: Annotated[
        str | None,
        typer.Option(metavar="PROVIDER:NAME", help="A chat model that writes the answers; extractive for quotes."),
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(metavar="PROVIDER:NAME", help="A chat model that judges where the local judge is unsure."),
    ] = None,
    judge_cache: Annotated[
        Path | None, typer.Option(help="File of the judge's replies. Default: evals/judges/replies.sqlite.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Questions at a time; 0: one a core. 1 for clean times.")] = 0,
    prices: Annotated[
        str | None, typer.Option(metavar="IN:OUT", help="A chat model's price per million tokens, read and written.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the cases as JUnit XML to this file.")] = None,
) -> None:
    """Ask every case and write results.jsonl, metrics.json and report.html."""
    with told("stopped; go on with the same command and --out"):
        from evals.harness import run as run_all
        from evals.manifest import Options
        from evals.report import table
        from evals.running import Plan

        plan = Plan(Options(rerank, abstain, model, history), _judge(judge, judge_cache), workers, _prices(prices))
        done = run_all(
            cases,
            index,
            out=out,
            limit=limit,
            columns=_columns(columns),
            proposed=proposed,
            plan=plan,
            console=errors,
        )
        console = Console()
        console.print(table(done.summary))
        if failed := done.summary["errors"]:
            first, line = next(iter(failed.items()))
            say(f"{len(failed)} of {done.summary['cases']} cases ended in an error; the first, {first}: {line}")
        console.print(f"Report: {done.report}", markup=False, highlight=False, soft_wrap=True)
        if junit:
            from evals.junit import write_run

            write_run(junit, done)
    if not done.summary["scored"]:
        raise typer.Exit(FAULT)


@app.command()
def compare(
    baseline: Annotated[Path, typer.Argument(help="Folder of the run that was there before.", show_default=False)],
    candidate: Annotated[Path, typer.Argument(help="Folder of the run that should be no worse.", show_default=False)],
    gate: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC:MARGIN", help="Exit with 3 where the metric lost more, such as answer_found:2%."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 where a gate is inconclusive.")] = False,
    junit: Annotated[Path | None, typer.Option(help="Write the gates as JUnit XML to this file.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="The page to write. Default: compared-to-BASELINE.html beside the candidate's.")
    ] = None,
) -> None:
    """Set a run beside its baseline: what changed, how sure that is, and which cases were lost and won."""
    with told():
        from evals.comparing.gate import exit_status
        from evals.comparing.terminal import show
        from evals.harness import compare as compare_runs
        from evals.report import write_comparison

        comparison = compare_runs(baseline, candidate, gate or [])
        console = Console()
        show(comparison, console, errors)
        if junit:
            from evals import junit as junit_xml

            junit_xml.write_comparison(junit, comparison, strict=strict)
        page = html or candidate / f"compared-to-{baseline.resolve().name}.html"
        write_comparison(page, comparison)
        console.print(f"Report: {page}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(exit_status(comparison.outcomes, strict=strict))


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
    measured: Annotated[
        Path | None,
        typer.Option(help="Write the judge's errors on each set, by which rates are corrected, to this file."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="PROVIDER:NAME", help="Hold a chat model beside the local judge, so that it may gate."),
    ] = None,
    judge_cache: Annotated[
        Path | None, typer.Option(help="File of its replies. Default: evals/judges/replies.sqlite.")
    ] = None,
    all_parts: Annotated[
        bool,
        typer.Option(
            "--all-parts", help="Measure also on texts that the judge's own model learnt from or was chosen by."
        ),
    ] = False,
) -> None:
    """Judge the support judge: its agreement with people, and the share of injected faults that it catches.

    Of sets that its own model may learn from, only the groups held apart from it are measured on.
    """
    with told():
        from evals.judge.command import WIDTH, judge_model
        from evals.judge.command import judge as judge_judge
        from rag import verify

        screen = Console()
        console = screen if screen.is_terminal else Console(width=WIDTH)
        blind: list[str] = []
        if model and (sets or out or measured):
            raise BadInput("--model reads its own sets; leave out --set, --json and --measured")
        if model and not judge_model(model, limit, console, errors, cache=judge_cache, all_parts=all_parts):
            raise typer.Exit(NOT_HELD)
        if not model:
            blind = judge_judge(sets or [], limit, out, verify, console, errors, measured=measured, all_parts=all_parts)
        for line in blind:
            say(f"error: {line}")
    if blind:
        raise typer.Exit(FAULT)


@app.command()
def make(
    cases: Annotated[Path, typer.Argument(help="The .jsonl file to add proposals to.", show_default=False)],
    index: Index = None,
    count: Annotated[int, typer.Option(min=1, help="Proposals wanted.")] = 50,
    source: Annotated[str | None, typer.Option(help="Only documents of this name or pattern.")] = None,
    seed: Annotated[int, typer.Option(help="Another one makes another choice.")] = 0,
    model: Annotated[
        str | None, typer.Option(metavar="PROVIDER:NAME", help="A chat model that writes the questions.")
    ] = None,
    judged: Annotated[
        bool, typer.Option("--judged", help="Take instead the answers that people judged on the page.")
    ] = False,
) -> None:
    """Propose cases from a library's own documents; each stays a proposal until somebody accepts it with `review`."""
    with told():
        from evals.making.command import judged_command, make_command

        if judged:
            if model or source:
                raise BadInput("--judged takes the answers there are; leave out --source and --model")
            judged_command(cases, _index(index), console=errors)
            return
        make_command(cases, _index(index), count=count, source=source, seed=seed, model=model, console=errors)


@app.command()
def review(
    cases: Annotated[Path, typer.Argument(help="The .jsonl file with proposals.", show_default=False)],
    index: Index = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the page on this machine; 0 for a free one.")] = 0,
) -> None:
    """Open a page on this machine where each proposal is accepted, put right, or rejected."""
    with told():
        from evals.making.command import review_command

        review_command(cases, _index(index), port=port, console=errors)


@contextmanager
def told(stopped: str = "stopped") -> Iterator[None]:
    """A fault as one line on stderr and its exit status, and no traceback."""
    try:
        yield
    except PinciteError as error:
        say(f"error: {error}")
        raise typer.Exit(error.exit_status) from None
    except OSError as error:  # a disk that is full, a folder that may not be written to
        say(f"error: {error.filename or 'the disk'}: {error.strerror or error}; make room or give another path")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        errors.print(stopped, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None


def say(line: str) -> None:
    """One line of a fault on stderr."""
    errors.print(line, style="red", markup=False, highlight=False, soft_wrap=True)


def _index(given: Path | None) -> Path:
    from rag import Settings

    return given or Settings.load().index


def _judge(name: str | None, cache: Path | None) -> "NamedJudge":
    from evals.judge.judges import LocalJudge

    if name is None:
        return LocalJudge()
    from evals.judge.qualifying import open_judge  # only those who want one need LangChain

    return open_judge(name, cache=cache)


def _prices(given: str | None) -> "Prices | None":
    from evals.summary import Prices

    if given is None:
        return None
    read, _, written = given.partition(":")
    try:
        prices = Prices(float(read), float(written))
        if not (0 <= prices.input < inf and 0 <= prices.output < inf):
            raise ValueError
    except ValueError:
        raise BadInput(f"--prices {given}: write it like 0.15:0.60, per million tokens read and written") from None
    return prices


def _columns(given: str | None) -> dict[str, str] | None:
    if given is None:
        return None
    pairs = [part.partition("=") for part in given.split(",")]
    if not all(name.strip() and column.strip() for name, _, column in pairs):
        raise BadInput(f"--columns {given}: write it like question=Frage,answers=Antwort")
    named = {name.strip(): column.strip() for name, _, column in pairs}
    if len(named) < len(pairs):
        raise BadInput(f"--columns {given}: a field is given twice; name one column for each")
    return named
