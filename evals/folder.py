"""A run on disk: manifest.json, results.jsonl, metrics.json and report.html in one folder."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import BadInput

MANIFEST, RESULTS, METRICS_FILE, REPORT = "manifest.json", "results.jsonl", "metrics.json", "report.html"

ABOUT = ("judge", "made_at")
"""What a manifest must say for its run to be compared."""

Record = dict[str, Any]
"""One line of results.jsonl: the case's fields, and beside them

`answer`   everything the answer has (`Answer.to_dict`), or None where asking raised
`error`    what it raised, one line, or None
`scores`   by metric: a number, or None where the metric does not apply; empty where asking raised
`right`    whether the answer was right or, where it was held back, would have been; None where that is not known
`failed`   the checks that failed, each a line a person can read
`fell`     where the answer was lost: one of `evals.scoring.STAGES`, or None where it was not
`claims`   each checkable sentence: `text`, `label`, `support`, `verbatim` (it stands word for word in what it cites)
`gold`     where the case's evidence stands: `source`, `start`, `end`, `grade`
`shown`    each citation with the text around it
`seconds`  for the whole call
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a finished run says."""

    folder: Path
    about: Mapping[str, Any]
    """manifest.json."""
    summary: Mapping[str, Any]
    """metrics.json."""
    records: Sequence[Record]
    """results.jsonl, in the order of the cases."""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def report(self) -> Path:
        """The page that people read."""
        return self.folder / REPORT

    @classmethod
    def load(cls, folder: str | Path) -> "Run":
        """The run in `folder`. Raises `BadInput` where there is none, it is not finished, or a file is damaged."""
        place = Path(folder)
        if not (place / MANIFEST).is_file():
            raise BadInput(f"{place} holds no run; give a folder that `python -m evals run` made")
        if not (place / METRICS_FILE).is_file():
            raise BadInput(f"the run in {place} is not finished; go on with the same command and --out {place}")
        about, summary = read_json(place / MANIFEST), read_json(place / METRICS_FILE)
        records = list(whole_lines(place / RESULTS))
        if missing := [key for key in ABOUT if key not in about]:
            raise BadInput(f"{place / MANIFEST} does not say {missing[0]!r}; run again into another --out")
        if len(records) != summary.get("cases"):
            has = f"{len(records)} results for {summary.get('cases')} cases"
            raise BadInput(f"the run in {place} has {has}; go on with the same command and --out {place}")
        return cls(place, about, summary, records)


def whole_lines(results: Path) -> Iterator[Record]:
    """The results written so far; what follows the last newline was torn off by a crash. Raises `BadInput`."""
    try:
        lines = results.read_text(encoding="utf-8", errors="replace").split("\n") if results.exists() else []
    except OSError as error:
        raise BadInput(f"{results}: {error.strerror or error}") from None
    for number, line in enumerate(lines[:-1], start=1):
        try:
            record = json.loads(line)
            if not isinstance(record, dict) or not record.keys() >= {"id", "question", "error", "scores", "answer"}:
                raise ValueError
        except ValueError:
            raise BadInput(f"{results}:{number} is damaged; delete that line and run again") from None
        yield record


def read_json(path: Path) -> Record:
    """A JSON object. Raises `BadInput` where the file is not one."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}); run again into another --out") from None
    if not isinstance(value, dict):
        raise BadInput(f"{path} is no JSON object; run again into another --out")
    return value


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Whole or not at all; NaN is refused."""
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    partial.replace(path)
