"""`python -m evals make` and `python -m evals review`."""

import socket
from contextlib import closing
from pathlib import Path

from rich.console import Console

from evals.cases import PROPOSED
from evals.making.judged import judged_cases
from evals.making.keeping import CaseFile
from evals.making.proposing import picked, propose
from rag import Library
from rag.errors import BadInput, NoSuchSource


def make_command(
    cases: Path,
    index: Path,
    *,
    count: int = 50,
    source: str | None = None,
    seed: int = 0,
    model: str | None = None,
    console: Console,
) -> int:
    """Add up to `count` proposals on the library at `index` to the file `cases`; how many.

    Raises `BadInput` for a file that holds something else, `NoSuchSource` where there is no library or document, and
    what `propose` raises for a chat model.
    """
    kept = _cases(cases)
    known = kept.known()
    _refuse_no_folder(cases)
    with closing(_library(index)) as library:
        made = propose(library, count, seed, model, source=source, known=known)
        read = set(picked([entry.source for entry in library.documents()], source))
        foreign = sum(entry.language not in (None, "en") for entry in library.documents() if entry.source in read)
    added = kept.append(made) if made else 0
    answerable = sum(case.answerable for case in made)
    say = f"{cases}: {_counted(added, 'proposal')} added, {answerable} answerable and {len(made) - answerable} not."
    if model is not None:
        say += f" {sum('written' in case.tags for case in made)} written by {model}, the others by rules."
    if added < count:
        say += f" The rules find no more that is good and new; {count} {'was' if count == 1 else 'were'} wanted."
        if foreign:
            say += f" They pass over {_counted(foreign, 'document')} not in English; --model PROVIDER:NAME reads any."
    console.print(say, markup=False, highlight=False, soft_wrap=True)
    if added:
        told = f"Review them: python -m evals review {cases} --index {index}"
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    return added


def judged_command(cases: Path, index: Path, *, console: Console) -> int:
    """Add a case for each answer of the library at `index` that was judged on the page to the file `cases`; how many.

    Raises `BadInput` for a file that holds something else, `NoSuchSource` where there is no library.
    """
    kept = _cases(cases)
    _refuse_no_folder(cases)
    with closing(_library(index)) as library:
        taken = judged_cases(library)
    added = kept.append(taken.cases) if taken.cases else 0
    say = f"{cases}: {_counted(added, 'case')} added of {_counted(len(taken.cases) + taken.stale, 'judged answer')}."
    if taken.stale:
        say += f" {taken.stale} left out: the words that they cite are no longer in their documents."
    console.print(say, markup=False, highlight=False, soft_wrap=True)
    if left := sum(PROPOSED in line.case.tags for line in kept.lines()):
        told = f"{left} to be completed: python -m evals review {cases} --index {index}"
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    return added


def review_command(cases: Path, index: Path, *, port: int = 0, console: Console) -> None:
    """Serve the review page of `cases` on 127.0.0.1, at a free port unless one is given, until it is stopped.

    Raises `BadInput` for a file that cannot be read or a port that is taken, `NoSuchSource` where there is no library.
    """
    import uvicorn

    from evals.making.review import review_app

    kept = _cases(cases)
    if not cases.is_file():
        raise BadInput(f"there is no file {cases}; make proposals with: python -m evals make {cases} --index {index}")
    left = len(kept.proposed())
    with closing(_library(index)) as library, socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError as error:
            raise BadInput(f"port {port} cannot be used ({error.strerror}); leave out --port for a free one") from None
        port = listening.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        console.print(f"{left} to review: {address} (stop with Ctrl+C)", markup=False, highlight=False, soft_wrap=True)
        app = review_app(kept, library, port)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).run(sockets=[listening])


def _cases(path: Path) -> CaseFile:
    """The file of cases; `run` would take one of another ending for a table. Raises `BadInput`."""
    if path.suffix != ".jsonl" and not path.is_dir():
        raise BadInput(f"{path} does not end in .jsonl; cases are kept one JSON object a line, such as my-cases.jsonl")
    return CaseFile(path)


def _refuse_no_folder(cases: Path) -> None:
    if not cases.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {cases.absolute().parent}; make it, or give another path")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _library(index: Path) -> Library:
    if not Library.exists(index):
        raise NoSuchSource(f"there is no library at {index}; make one with: pincite index PATH --index {index}")
    return Library(index)
