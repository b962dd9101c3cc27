"""`pincite doctor`: what is installed, which weights and settings are in force, and whether the library is sound."""

import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rag.errors import PinciteError
from rag.library import Library
from rag.models.local.registry import PULLED
from rag.models.local.registry import fault as unfit
from rag.models.weights import PACKAGED, check
from rag.settings import FILE, Settings
from rag.types import Check

_PACKAGES = (
    "pincite",
    "faiss-cpu",
    "onnxruntime",
    "langchain",
    "langchain-core",
    "gradio",
    "sentence-transformers",
    "torch",
)
_REINSTALL = "run `make install`, or install pincite again"


def examine(index: Path | None = None) -> list[Check]:
    """Every check, in the order of a diagnosis; imports none of the packages that it reports on."""
    checks = [*_versions()]
    try:
        settings = Settings.load(**({} if index is None else {"index": index}))
    except PinciteError as error:
        known = ", ".join(Settings.model_fields)
        return [*checks, Check("settings", False, str(error), f"correct {FILE} or the environment; keys: {known}")]
    return [
        *checks,
        _in_force(settings),
        *_weights(settings),
        *_pulled(settings),
        *_library(settings, asked=index is not None),
    ]


def _versions() -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), sys.version.split()[0], "Pincite needs Python 3.11 or newer")
    yield _sqlite()
    for package in _PACKAGES:
        try:
            yield Check(package, True, version(package), "")
        except PackageNotFoundError:
            yield Check(package, False, "not installed", _REINSTALL)


def _sqlite() -> Check:
    with sqlite3.connect(":memory:") as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    connection.close()
    found = "ENABLE_FTS5" in options
    detail = sqlite3.sqlite_version + ("" if found else ", without FTS5")
    return Check("sqlite", found, detail, "" if found else "use a Python whose sqlite3 has full-text search (FTS5)")


def _in_force(settings: Settings) -> Check:
    where = str(Path(FILE).resolve()) if Path(FILE).is_file() else f"no {FILE} here"
    changed = ", ".join(f"{name}={getattr(settings, name)}" for name in sorted(settings.model_fields_set))
    return Check("settings", True, f"{where}; {changed or 'defaults'}", "")


def _weights(settings: Settings) -> Iterator[Check]:
    for weights in PACKAGED.values():
        fault = check(weights)
        if fault is None:
            yield Check(weights.name, True, f"weights in place, {weights.licence}", "")
        elif weights.name in (settings.embedder, settings.reranker):
            yield Check(weights.name, False, fault, _REINSTALL)
        else:
            yield Check(weights.name, True, f"not in use ({fault})", "")


def _pulled(settings: Settings) -> Iterator[Check]:
    """The chat models of this machine; one that is not here is a fault only where it is the one that answers."""
    for gguf in PULLED.values():
        name = f"local:{gguf.name}"
        fault = unfit(gguf, settings.models)
        if fault is None:
            yield Check(name, True, f"in {settings.models}, {gguf.licence}", "")
        elif settings.answer.model == name or (settings.models / gguf.file).exists():
            yield Check(name, False, fault, "")
        else:
            yield Check(name, True, f"not in use ({fault})", "")


def _library(settings: Settings, *, asked: bool) -> Iterator[Check]:
    if not (settings.index / "library.sqlite").is_file():
        yield Check("library", not asked, f"none in {settings.index} yet", "make one: pincite index PATH")
        return
    try:
        with Library(settings.index, settings=settings) as library:
            yield from library.health()
    except PinciteError as error:
        yield Check("library", False, str(error), "")
