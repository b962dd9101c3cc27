"""The folder of evaluation runs, read from its files alone: one row a run, whatever state it is in."""

import json
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

HEADLINES = (
    "answer_found",
    "faithfulness",
    "citations_exact",
    "decision_right",
    "hit_5",
    "kept_unanswerable",
)
"""Figures of metrics.json that a row shows, in this order; `words.FIGURES` has their titles."""
LISTED = 100
"""Runs that are listed, newest first."""
LARGEST = 32 * 1024 * 1024
"""Bytes of a JSON file, at most: no run writes larger ones."""
LONGEST = 200
"""Characters of a title that are shown."""
REPORT = "report.html"
_FILES = ("manifest.json", "metrics.json", "results.jsonl")


@dataclass(frozen=True, slots=True)
class Figure:
    """A share 0..1 with its 95% interval; both bounds are None where there is none."""

    name: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the page lists it."""

    name: str
    """The folder's name, as it can be shown."""
    state: Literal["finished", "unfinished", "damaged"]
    made_at: str
    """ISO 8601, of the manifest or else of the folder."""
    cases: str = ""
    """What the cases are called."""
    count: int | None = None
    """Cases of the run; None where the manifest does not say."""
    done: int = 0
    """Of these, those that were asked."""
    errors: int = 0
    """Of those asked, the ones that ended in an error."""
    figures: tuple[Figure, ...] = ()
    pages: tuple[str, ...] = ()
    """Files that can be opened: report.html first, then comparisons."""
    measure: str = ""
    """The same for runs that asked the same cases of the same documents and judged alike; empty where not known."""


def listed(folder: Path) -> tuple[list[RunRow], int]:
    """The newest runs in `folder`, newest first, and how many there are in all. Other folders are passed over."""
    try:
        inside = list(folder.resolve().iterdir())
    except OSError:
        return [], 0
    found = [row for row in map(_row, filter(_is_run, inside)) if row is not None]
    rows = sorted(found, key=lambda row: (row.made_at, row.name), reverse=True)
    return rows[:LISTED], len(rows)


def page(folder: Path, name: str, file: str) -> Path | None:
    """The page called `file` of the run called `name`, or None where the folder of runs holds no such file itself.

    What a link or a name with dots or slashes leads to lies elsewhere, and is not given.
    """
    try:
        place = folder.resolve() / name / file
        known = place.suffix == ".html" and place.resolve() == place and place.parent.parent == folder.resolve()
        return place if known and stat.S_ISREG(place.lstat().st_mode) else None
    except (OSError, ValueError):
        return None


def _is_run(place: Path) -> bool:
    try:
        known = not place.name.startswith(".") and not place.is_symlink() and place.is_dir()
        return known and any((place / name).is_file() for name in _FILES)
    except OSError:  # one that may not be entered
        return False


def _row(place: Path) -> RunRow | None:
    """None where the folder went away meanwhile."""
    try:
        changed = place.stat().st_mtime
    except OSError:
        return None
    about, summary = _read(place / "manifest.json"), _read(place / "metrics.json")
    pages = tuple(_pages(place))
    made_at = _moment(about.get("made_at") if about else None, changed)
    if about is None or (summary is None and (place / "metrics.json").exists()):
        return RunRow(_words(place.name), "damaged", made_at, pages=pages)
    cases = _within(about, "cases")
    named = _words(cases.get("name"))
    if summary is None:
        done = _lines(place / "results.jsonl")
        return RunRow(_words(place.name), "unfinished", made_at, named, _count(cases.get("count")), done, pages=pages)
    asked = _count(summary.get("cases")) or 0
    errors = summary.get("errors")
    count = len(errors) if isinstance(errors, dict) else _count(errors) or 0
    figures = tuple(_figures(_within(summary, "metrics")))
    measure = _measure(about)
    return RunRow(_words(place.name), "finished", made_at, named, asked, asked, count, figures, pages, measure)


def _measure(about: Mapping[str, Any]) -> str:
    cases, data, judge = (_within(about, name) for name in ("cases", "data", "judge"))
    told = (cases.get("sha256"), cases.get("limit"), data.get("sha256"), judge.get("name"))
    return repr(told) if told[0] and told[2] and told[3] else ""


def _figures(metrics: Mapping[str, Any]) -> Iterator[Figure]:
    for name in HEADLINES:
        found = _within(metrics, name)
        value = _share(found.get("value"))
        if value is not None:
            yield Figure(name, value, _share(found.get("low")), _share(found.get("high")))


def _pages(place: Path) -> Iterator[str]:
    if not place.name.isprintable():  # no address can name it, or no reader could tell it from another
        return
    names = sorted(one.name for one in place.glob("*.html") if page(place.parent, place.name, one.name))
    yield from sorted((name for name in names if name.isprintable()), key=lambda name: name != REPORT)


def _read(path: Path) -> Mapping[str, Any] | None:
    """A JSON object, or None where the file is not one."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            return None
        return _parsed(path, found.st_mtime_ns, found.st_size)
    except OSError:
        return None


@lru_cache(maxsize=2 * LISTED)
def _parsed(path: Path, changed: int, size: int) -> Mapping[str, Any] | None:
    """Kept for as long as the file stays as it is."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _lines(path: Path) -> int:
    try:
        found = path.lstat()
        return _counted(path, found.st_mtime_ns, found.st_size) if stat.S_ISREG(found.st_mode) else 0
    except OSError:
        return 0


@lru_cache(maxsize=LISTED)
def _counted(path: Path, changed: int, size: int) -> int:
    with path.open("rb") as lines:
        return sum(block.count(b"\n") for block in iter(lambda: lines.read(1 << 20), b""))


def _within(outer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = outer.get(name)
    return inner if isinstance(inner, dict) else {}


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _share(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1 else None


def _words(value: object) -> str:
    """A text that can be sent, and not a whole book."""
    return value[:LONGEST].encode(errors="replace").decode() if isinstance(value, str) else ""


def _moment(written: object, changed: float) -> str:
    """When a run was made, in UTC, so that moments sort as texts."""
    try:
        found = datetime.fromisoformat(written) if isinstance(written, str) else datetime.fromtimestamp(changed, UTC)
        return (found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")
