"""The rooms of a library that cannot be opened, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag import Library
from rag.web import words
from tests.browser import CHROMIUM, picture, server, visit

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")

WHY = "cannot be used as a library"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shut")
    (folder / "broken").mkdir()
    (folder / "broken" / "library.sqlite").write_text("no library at all " * 99)
    Library(folder / "default").close()
    with server(str(folder / "default"), runs=folder / "runs") as served:
        yield served


def told(page: Page, place: str) -> None:
    expect(page.locator(place)).to_contain_text(WHY)


def test_every_room_says_why_and_gradio_says_nothing(browser: Browser, address: str, tmp_path: Path) -> None:
    with visit(browser, f"{address}?library=broken") as page:
        expect(page.locator("#masthead .chosen")).to_contain_text("broken")
        told(page, "#welcome")
        page.get_by_placeholder(words.PLACEHOLDER).fill("What do the eels climb?")
        page.keyboard.press("Enter")
        told(page, "#answer")
        picture(page, "shut-ask")
        page.get_by_role("button", name=words.PAST, exact=True).click()
        told(page, "#conversations")
        page.keyboard.press("Escape")
        page.get_by_role("tab", name=words.LIBRARY, exact=True).click()
        told(page, "#documents")
        (tmp_path / "eels.txt").write_text("The eels climb.")
        page.locator("#drop input[type=file]").first.set_input_files(tmp_path / "eels.txt")
        told(page, "#intake")
        picture(page, "shut-library")
        page.get_by_role("tab", name=words.EXPLORE, exact=True).click()
        told(page, "#finds")
        page.get_by_placeholder(words.LOOK_FOR).fill("eels")
        page.keyboard.press("Enter")
        told(page, "#finds")
        page.get_by_role("tab", name=words.MAP, exact=True).click()
        told(page, "#mapped")
        page.get_by_role("tab", name=words.TIMELINE, exact=True).click()
        told(page, "#timeline")
        picture(page, "shut-explore")
        page.get_by_role("tab", name=words.SETTINGS, exact=True).click()
        told(page, "#wishes")
        page.get_by_role("tab", name=words.EVALUATIONS, exact=True).click()
        expect(page.locator("#measure")).to_contain_text(words.MEASURE)
        expect(page.get_by_test_id("toast-body")).to_have_count(0)
