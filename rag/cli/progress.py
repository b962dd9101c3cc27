"""A progress bar on standard error, and only where that is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
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
