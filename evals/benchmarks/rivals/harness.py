"""What every system of the side-by-side benchmark is asked to do, alone in a process. Standard library only.

    python with_NAME.py JOB.json

JOB.json names the documents and questions (JSON lines), the model, an empty folder to work in, the moment at which the
process was started, and where the figures go. Nothing is counted or scored here: every system is told apart only by
what it does with `System`.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

DEPTH = 30
"""Pieces asked for per question, so that ten different documents are among them."""

Search = Callable[[str, int], list[str]]
"""A question and a number of pieces to the documents' ids, best first; a document may come up more than once."""


class System(Protocol):
    """One way of making documents searchable, as its documentation's first pages do it."""

    def index(self, documents: list[dict[str, str]]) -> None:
        """Make documents (`id`, `title`, `text`) searchable."""
        ...

    def ways(self) -> dict[str, Search]:
        """The ways of searching by name, the default one first."""
        ...

    def pieces(self) -> list[str]:
        """Every text that went to the encoder while indexing, whole."""
        ...


def whole(document: dict[str, str]) -> str:
    """Title and text, for systems that know no titles."""
    return f"{document['title']}\n{document['text']}"


def measure(make: Callable[[str, Path], System], packages: tuple[str, ...]) -> None:
    """Make the system from a model and a folder with everything loaded, index, search, and write down the figures."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    documents = list(_lines(Path(job["documents"])))
    questions = [line["text"] for line in _lines(Path(job["questions"]))]
    system = make(job["model"], Path(job["folder"]))
    begun = time.perf_counter()
    system.index(documents)
    indexing = time.perf_counter() - begun
    ways, first_hit = {}, 0.0
    for name, search in system.ways().items():
        rankings, milliseconds = [], []
        for question in questions:
            begun = time.perf_counter()
            found = search(question, DEPTH)
            milliseconds.append(1000 * (time.perf_counter() - begun))
            first_hit = first_hit or time.time() - job["started"]
            rankings.append(list(dict.fromkeys(found))[:10])
        ways[name] = {"milliseconds": milliseconds, "rankings": rankings}
    figures = {
        "index_s": indexing,
        "first_hit_s": first_hit,
        "peak_mb": _peak_mb(),
        "ways": ways,
        "versions": {package: version(package) for package in packages},
        "pieces": system.pieces(),
    }
    Path(job["figures"]).write_text(json.dumps(figures), encoding="utf-8")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _peak_mb() -> float:
    """Peak resident memory. Linux lets `ru_maxrss` start from the parent's peak, so its own account goes first."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS
