"""What the tests in a real browser share: a served page, a visitor who may not leave this machine, and pictures."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from rag.web import words

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "tests" / "screenshots"
PATIENCE = 60_000
"""Milliseconds for which a test waits for what it needs: a busy machine may be slow to show it."""
WIDE, MIDDLE, PHONE, SMALL = (1360, 900), (900, 1000), (390, 844), (320, 700)


@contextmanager
def server(*arguments: str, runs: Path, **variables: str) -> Iterator[str]:
    """The page's address, while a process of its own serves it beside a folder of evaluation runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.web_server", str(port), *arguments]
    environment = {**os.environ, "PINCITE_THREADS": "1", "PINCITE_RUNS": str(runs), **variables}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "the server ended before it was ready"
        yield address
        assert process.poll() is None, "the server ended by itself; it may have reached beyond this machine"
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def visit(browser: Browser, address: str, size: tuple[int, int] = WIDE, scheme: str = "light") -> Iterator[Page]:
    """A fresh visitor. Fails at the end if the page asked for anything elsewhere or met an error."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        reduced_motion="reduce" if size == PHONE else "no-preference",
        permissions=["clipboard-read"],
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    outside: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if _is_outside(request.url) else None)
    page.on("pageerror", lambda error: faults.append(error.stack or str(error)))
    page.goto(address)
    page.get_by_placeholder(words.PLACEHOLDER).wait_for()
    try:
        yield page
        assert not outside and not faults, (outside, faults)
    except BaseException:
        print(f"The page when the test failed, at {page.url}:\n{page.locator('body').inner_text()}")
        raise
    finally:
        context.close()


def _is_outside(url: str) -> bool:
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1"


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the whole answer."""
    page.get_by_role("tab", name=words.ASK, exact=True).click()
    page.get_by_placeholder(words.PLACEHOLDER).fill(question)
    page.keyboard.press("Enter")
    page.locator("#answer section[data-done] h2", has_text=question).wait_for()


def at_rest(page: Page) -> None:
    """Waits until nothing moves but what moves for ever."""
    page.wait_for_function(
        "document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations > 9)"
    )


def picture(page: Page, name: str, whole: bool = False) -> None:
    """A picture of the page as it stands, once nothing moves, in the folder `tests/screenshots`."""
    PICTURES.mkdir(exist_ok=True)
    at_rest(page)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)
