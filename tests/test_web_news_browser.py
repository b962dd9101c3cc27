"""What another process changes reaches a page that is open, by itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rag import Library
from rag.web import words
from tests.browser import CHROMIUM, picture, server, visit

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


def test_documents_that_another_process_adds_and_removes_are_seen(
    browser: Browser, tmp_path: Path, seeds: Path
) -> None:
    Library(tmp_path / "library").close()
    with server(str(tmp_path / "library"), runs=tmp_path / "runs") as address, visit(browser, address) as page:
        expect(page.locator("#welcome")).to_contain_text(words.EMPTY_LIBRARY)
        with Library(tmp_path / "library") as other:
            other.add(seeds / "wire-timeline.txt")
        expect(page.locator("#masthead")).to_contain_text("1 document")
        expect(page.locator("#welcome")).not_to_contain_text(words.EMPTY_LIBRARY)
        page.get_by_role("tab", name=words.LIBRARY, exact=True).click()
        expect(page.locator("#documents article, #documents li").first).to_be_visible()
        picture(page, "news-from-another-process")
        with Library(tmp_path / "library") as other:
            other.remove(str(seeds / "wire-timeline.txt"))
        expect(page.locator("#masthead")).not_to_contain_text("1 document")
