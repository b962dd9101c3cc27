"""Stands for `python -m evals` where it is only started and watched: 8 cases, one each `PINCITE_TEST_BEAT` seconds.

While a file named `hold` lies among the runs the last case is not answered, for two minutes at most.
"""

import json
import os
import sys
import time
from pathlib import Path

from tests.web_fakes import FIGURES, REPORT_PAGE

COUNT = 8
BEAT = float(os.environ.get("PINCITE_TEST_BEAT", "0.4"))


def main(arguments: list[str]) -> int:
    if arguments[0] == "make":
        Path(arguments[1]).write_text("{}\n")
        return 0
    if "broken.jsonl" in arguments[1]:
        print("looking\nerror: the cases are broken; mend them", file=sys.stderr)
        return 2
    folder = Path(arguments[arguments.index("--out") + 1])
    folder.mkdir(parents=True, exist_ok=True)
    cases = {"name": Path(arguments[1]).name, "sha256": "c1", "count": COUNT}
    about = {
        "name": folder.name, "made_at": "2026-03-05T09:00:00+00:00", "cases": cases, "data": {"sha256": "d1"},
        "judge": {"name": "local"}, "command": arguments,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(about))
    asked = folder / "results.jsonl"
    hold, patience = folder.parent / "hold", time.monotonic() + 120
    done = len(asked.read_text().splitlines()) if asked.exists() else 0
    with asked.open("a") as results:
        for number in range(done, COUNT):
            time.sleep(BEAT)
            while number == COUNT - 1 and hold.exists() and time.monotonic() < patience:
                time.sleep(0.05)
            results.write(json.dumps({"id": f"q{number}"}) + "\n")
            results.flush()
    (folder / "report.html").write_text(REPORT_PAGE)
    (folder / "metrics.json").write_text(json.dumps({"cases": COUNT, "errors": {}, "metrics": FIGURES}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
