"""Opening a citation in a long PDF, in a real browser: from the click to the page with its boxes on the screen.

    python -m evals.benchmarks.opening [--pages N] [--questions N]

A PDF of N pages is made and indexed, and its page served by a process of its own. Each question is asked by a fresh
visitor, whose browser has kept nothing, and its third citation is opened: a page that nobody has looked at before.
"""

import argparse
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from rich.console import Console

from rag import Library

WORDS = (
    "harbour tide gate river council survey fisher engine berth levy storm forecast crowns autumn vote cost works steel"
    " leaf bed surge season homes line ladder eels spring"
).split()
READING = 1500
"""Milliseconds between the answer and the click."""
CLICK = """async () => {
  const began = performance.now();
  document.querySelectorAll("#answer .mark")[2].click();
  for (;;) {
    await new Promise(requestAnimationFrame);
    const pane = document.querySelector("#evidence .kept:not([hidden]) .pane:not([hidden])");
    const image = pane && pane.querySelector(".facsimile img"), box = pane && pane.querySelector(".box");
    if (image && box && image.complete && image.naturalWidth) {
      await new Promise(requestAnimationFrame);
      return performance.now() - began;
    }
    if (performance.now() - began > 10000) return null;
  }
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--questions", type=int, default=20)
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("skipped: there is no Chromium on this machine; install the package chromium")
    with tempfile.TemporaryDirectory() as folder:
        paper, index = Path(folder) / "long.pdf", Path(folder) / "long"
        _make(paper, given.pages)
        with Console(stderr=True).status(f"indexing {given.pages} pages"), Library(index) as library:
            library.add(paper)
        with _served(index) as address:
            took = _opened(address, chromium, given.pages, given.questions)
        size = paper.stat().st_size
    for line in report(given.pages, size, took):
        print(line)


def report(pages: int, size: int, took: Sequence[float | None]) -> list[str]:
    """One line per figure; `took` in milliseconds, None for what never came."""
    seen = np.array([one for one in took if one is not None])
    middle, late = np.quantile(seen, [0.5, 0.95])
    return [
        f"pages, megabytes                 {pages}, {size / 1e6:.1f}",
        f"third citations opened           {len(took)}, {len(took) - len(seen)} never came",
        f"milliseconds, p50, p95, most     {middle:.0f}, {late:.0f}, {seen.max():.0f}",
    ]


def _make(path: Path, pages: int) -> None:
    """Prose of drawn words; every page says once when its lighthouse was painted."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    style, drawn = getSampleStyleSheet()["BodyText"], random.Random(1)  # noqa: S311
    told: list[object] = []
    for number in range(1, pages + 1):
        for place in range(6):
            prose = (" ".join(drawn.choices(WORDS, k=12)).capitalize() + "." for _ in range(6))
            told.append(Paragraph(" ".join(prose), style))
            if place == 3:
                said = f"The lighthouse number {number} was painted in the year {1600 + number} by its keeper."
                told.append(Paragraph(said, style))
        told.append(PageBreak())
    SimpleDocTemplate(str(path)).build(told)


@contextmanager
def _served(index: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rag.cli", "serve", "--index", str(index), "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603
        command, env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}, stdout=subprocess.PIPE, text=True
    )
    try:
        for line in process.stdout or ():
            if "http" in line:
                break
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def _opened(address: str, chromium: str, pages: int, questions: int) -> list[float | None]:
    from playwright.sync_api import sync_playwright

    took: list[float | None] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for number in np.linspace(2, pages - 1, questions).astype(int):
            context = browser.new_context(viewport={"width": 1360, "height": 900})
            page = context.new_page()
            page.goto(address)
            box = page.locator("#question textarea")
            box.fill(f"In which year was the lighthouse number {number} painted?")
            box.press("Enter")
            page.locator("#answer section[data-done]").wait_for(timeout=120_000)
            page.locator("#evidence .pane:not([hidden]) .thumb img[src]").first.wait_for()
            page.wait_for_timeout(READING)
            if page.locator("#answer .mark").count() >= 3:
                took.append(page.evaluate(CLICK))
            context.close()
        browser.close()
    return took


if __name__ == "__main__":
    main()
