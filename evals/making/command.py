"""`python -m evals make` and `python -m evals review`."""

import socket
from contextlib import closing
from pathlib import Path

from rich.console import Console

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
    if not cases.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {cases.absolute().parent}; make it, or give another path")
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


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _library(index: Path) -> Library:
    if not Library.exists(index):
        raise NoSuchSource(f"there is no library at {index}; make one with: pincite index PATH --index {index}")
    return Library(index)
