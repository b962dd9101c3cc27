"""What no rule checks by itself: keys, names, languages, and how much is told aloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.web import words
from tests.browser import CHROMIUM, PHONE, SMALL, WIDE, ask, server, visit

COST = "How much would the tide gate cost?"
ROOMS = (words.ASK, words.LIBRARY, words.EXPLORE, words.EVALUATIONS, words.SETTINGS)
TOLD = """() => { window.told = [];
  new MutationObserver(() => {
    const now = document.querySelector(".said-aloud[role=status]");
    if (now && window.told.at(-1) !== now.textContent) window.told.push(now.textContent);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
FOCUS = """() => {
  const here = document.activeElement, near = [here, here.nextElementSibling];
  if (here === document.body) return null;
  for (let above = here.parentElement; near.length < 5; above = above.parentElement) near.push(above);
  const look = () => near.filter(Boolean).map((one) => {
    const { outlineStyle, outlineWidth, outlineColor, borderColor, boxShadow } = getComputedStyle(one);
    return [outlineStyle, outlineWidth, outlineColor, borderColor, boxShadow].join();
  }).join();
  const focused = look();
  here.blur();
  const otherwise = look();
  here.focus({ focusVisible: true });
  return [here.outerHTML.slice(0, 120), focused !== otherwise];
}"""
"""What has the focus, and whether it, its frame or its drawing then looks otherwise."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(runs=tmp_path_factory.mktemp("runs")) as served:
        yield served


def room(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def test_arrow_keys_lead_from_tab_to_tab(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        tabs = [page.get_by_role("tab", name=name, exact=True) for name in ROOMS]
        tabs[0].press("ArrowRight")
        expect(tabs[1]).to_be_focused()
        expect(tabs[0]).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(tabs[1]).to_have_attribute("aria-selected", "true")
        page.keyboard.press("End")
        expect(tabs[-1]).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(tabs[0]).to_be_focused()


def test_the_boxes_are_called_by_their_own_words_alone(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        expect(page.get_by_role("textbox", name=words.QUESTION, exact=True)).to_be_visible()
        room(page, words.EXPLORE)
        expect(page.get_by_role("textbox", name=words.LOOK_FOR, exact=True)).to_be_visible()


def test_a_sign_by_itself_is_a_key_only_where_the_answer_has_the_focus(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        box = page.get_by_placeholder(words.PLACEHOLDER)
        tab = page.get_by_role("tab", name=words.ASK, exact=True)
        tab.press("/")
        expect(tab).to_be_focused()
        page.locator("#answer h2").click()
        page.keyboard.press("/")
        expect(box).to_be_focused()


def test_taking_in_documents_is_told_at_its_beginning_and_its_end(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    papers = [tmp_path / f"{number}.txt" for number in range(5)]
    for number, paper in enumerate(papers):
        paper.write_text(f"Paper {number} of the lighthouse.")
    with visit(browser, address) as page:
        room(page, words.LIBRARY)
        page.evaluate(TOLD)
        page.locator("#drop input[type=file]").set_input_files(papers)
        expect(page.locator(".intake")).to_have_attribute("data-busy", "false")
        expect(page.locator(".said-aloud[role=status]")).to_contain_text("5 added")
        told = page.evaluate("window.told.filter(Boolean)")
        assert len(told) == 2 and told[0].startswith("Adding documents") and told[1].startswith("5 added")


def test_a_document_says_in_which_language_it_is(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, "Pa lanw yn codi bob blwyddyn?")
        expect(page.locator("#evidence .reading[lang=cy]").first).to_contain_text("llanw")
        ask(page, COST)
        expect(page.locator("#evidence .reading:visible")).to_have_attribute("lang", "en")


def test_whatever_has_the_focus_is_seen_to_have_it(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        page.emulate_media(reduced_motion="reduce")
        ask(page, COST)
        for name in ROOMS:
            room(page, name)
            page.get_by_role("tab", name=name, exact=True).focus()
            for _ in range(24):
                page.keyboard.press("Tab")
                found = page.evaluate(FOCUS)
                if found is None:
                    break
                assert found[1], found[0]


@pytest.mark.parametrize("size", [PHONE, SMALL])
def test_no_room_is_wider_than_a_phone(browser: Browser, address: str, size: tuple[int, int]) -> None:
    with visit(browser, address, size) as page:
        ask(page, COST)
        for name in ROOMS:
            room(page, name)
            page.wait_for_timeout(300)
            assert page.evaluate("document.documentElement.scrollWidth") == size[0], name


def test_the_page_says_its_language_and_title(browser: Browser, address: str) -> None:
    with visit(browser, address, WIDE) as page:
        assert page.evaluate("document.documentElement.lang") == "en"
        expect(page).to_have_title(words.NAME)
