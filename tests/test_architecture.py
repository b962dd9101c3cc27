"""Lines that no linter holds: public names for evals, whole packages, one set of versions."""

import ast
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

import rag

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PUBLIC = {"rag", "rag.types", "rag.errors"}


def imported(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it; `from rag import stores` counts as `rag.stores`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"rag.{alias.name}" for alias in node.names if node.module == "rag" and _is_module(alias.name))
    return found


def _is_module(name: str) -> bool:
    return (ROOT / "rag" / name).is_dir() or (ROOT / "rag" / f"{name}.py").is_file()


def test_evals_uses_public_names_only() -> None:
    files = sorted((ROOT / "evals").rglob("*.py"))
    assert files
    for path in files:
        inside = {name for name in imported(path) if name.split(".")[0] == "rag"}
        assert inside <= PUBLIC, f"{path.relative_to(ROOT)} reaches into {inside - PUBLIC}"


def test_app_only_builds_and_launches() -> None:
    inside = {name for name in imported(ROOT / "app.py") if name.split(".")[0] in ("rag", "gradio", "evals")}
    assert inside <= {"rag", "rag.web", "rag.errors", "rag.settings"}


@pytest.mark.parametrize("name", rag.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert (getattr(rag, name).__doc__ or "").strip()


@pytest.mark.parametrize("package", ["rag", "evals"])
def test_every_data_file_is_packaged(package: str) -> None:
    patterns = [pattern.split("/")[-1] for pattern in PROJECT["tool"]["setuptools"]["package-data"][package]]
    for path in (ROOT / package).rglob("*"):
        relative = path.relative_to(ROOT / package)
        if path.is_dir() or path.suffix in (".py", ".pyc", ".md") or relative.parts[0] in ("runs", "judges"):
            continue
        assert any(fnmatch(path.name, pattern) for pattern in patterns), (
            f"{path.relative_to(ROOT)} would not be installed"
        )


def test_every_dependency_has_one_version_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {_canonical(line.split("==")[0]) for line in lines}
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert len(pinned) == len(lines)
    extras = PROJECT["project"]["optional-dependencies"]
    for requirement in [*PROJECT["project"]["dependencies"], *(one for extra in extras.values() for one in extra)]:
        assert _canonical(re.split(r"[\[<>=!~ ]", requirement)[0]) in pinned, f"{requirement} is not in constraints.txt"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
