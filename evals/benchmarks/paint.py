"""Opening the page, in a real browser: from the address to the first thing that is seen, and to where one can ask.

    python -m evals.benchmarks.paint [--loads N]

The seeds are indexed and served by a process of its own, started for this. Each load is a fresh visitor's, whose
browser has kept nothing; the first one also meets a server that has served nobody yet. First contentful paint is
Chromium's own figure (https://www.w3.org/TR/paint-timing/).
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.benchmarks.crowd import served

SETTLING = 500
"""Milliseconds for what the page fetches once one can ask."""
BOX = "#question textarea"
WATCH = f"""const told = setInterval(() => {{
  if (!document.querySelector("{BOX}")) return;
  window.asking = performance.now();
  clearInterval(told);
}}, 4);"""
LOADED = """() => {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const bytes = all.reduce((sum, one) => sum + one.transferSize, 0);
  return { painted: paint.startTime, asking: window.asking, requests: all.length, bytes };
}"""


@dataclass(frozen=True, slots=True)
class Load:
    """One opening of the page."""

    painted: float
    """Milliseconds until the first text or image was drawn."""
    asking: float
    """Milliseconds until there was a box to ask in."""
    requests: int
    bytes: int
    """As they were sent, headers included."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", type=int, default=20)
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("skipped: there is no Chromium on this machine; install the package chromium")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "seeds") as address:
        loads = _opened(address, chromium, given.loads)
    for line in report(loads):
        print(line)


def report(loads: Sequence[Load]) -> list[str]:
    """One line per figure."""
    first, painted = loads[0], np.array([load.painted for load in loads])
    middle, late = np.quantile(painted, [0.5, 0.95])
    return [
        f"requests, kilobytes              {first.requests}, {first.bytes / 1000:.0f}",
        f"first paint, ms: the first load  {first.painted:.0f}",
        f"first paint, ms: p50, p95, most  {middle:.0f}, {late:.0f}, {painted.max():.0f} of {len(loads)}",
        f"box to ask in, ms: p50           {np.median([load.asking for load in loads]):.0f}",
    ]


def _opened(address: str, chromium: str, count: int) -> list[Load]:
    from playwright.sync_api import sync_playwright

    loads: list[Load] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(count):
            context = browser.new_context(viewport={"width": 1360, "height": 900})
            page = context.new_page()
            page.add_init_script(WATCH)
            page.goto(address)
            page.locator(BOX).wait_for()
            page.wait_for_timeout(SETTLING)
            loads.append(Load(**page.evaluate(LOADED)))
            context.close()
        browser.close()
    return loads


if __name__ == "__main__":
    main()
