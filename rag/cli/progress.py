"""A progress bar on standard error, and only where that is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from rag.cli.show import clean, console
from rag.types import Progress


@contextmanager
def shown() -> Iterator[Callable[[Progress], None] | None]:
    """Gives what `Library.add` may call with its progress, or None where nobody watches."""
    out = console(stderr=True)
    if not out.is_terminal:
        yield None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Bar(*columns, console=out, transient=True) as bar:
        task = bar.add_task("", total=None)

        def advance(step: Progress) -> None:
            name = PurePath(step.source).name or step.source
            bar.update(task, completed=step.done, total=step.total, description=f"{step.stage} {clean(name)}")

        yield advance


@contextmanager
def pulled(name: str) -> Iterator[Callable[[int, int], None] | None]:
    """Gives what a pull may call with the bytes that are here and those of the whole, or None where nobody watches."""
    out = console(stderr=True)
    if not out.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Bar(*columns, console=out, transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
