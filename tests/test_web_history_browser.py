"""Past conversations and thumbs in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.web import words
from tests.browser import CHROMIUM, MIDDLE, PHONE, WIDE, ask, picture, server, visit

COST = "What would the tide gate cost, 48 or 52 million crowns?"
EELS = "What do the eels climb every spring?"
CHESS = "Who won the chess tournament in Reykjavik?"
THEN = "When does it close, with which forecast?"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A page of its own for each test, so that none sees another's conversations."""
    with server(runs=tmp_path / "runs") as served:
        yield served


def recall(page: Page) -> None:
    page.get_by_role("button", name=words.PAST, exact=True).click()
    expect(page.locator("#history")).to_be_visible()
    page.locator("#conversations .shelf").wait_for()
    on_top = "document.elementFromPoint(30, y).closest('#history') !== null"
    assert page.evaluate(f"[20, 120, 300].every((y) => {on_top})"), "nothing of the page shows through the list"


def afresh(page: Page) -> None:
    page.get_by_role("button", name=words.NEW_CONVERSATION).click()
    expect(page.locator("#answer section")).to_have_count(0)


def listed(page: Page, *titles: str) -> None:
    expect(page.locator(".reopen b")).to_have_text(list(titles))


def test_a_past_conversation_is_opened_again_and_gone_on_with(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        recall(page)
        expect(page.locator("#conversations")).to_contain_text(words.PAST_NONE)
        picture(page, "history-none")
        page.keyboard.press("Escape")
        expect(page.locator("#history")).to_be_hidden()
        expect(page.get_by_role("button", name=words.PAST, exact=True)).to_be_focused()
        ask(page, COST)
        ask(page, THEN)
        afresh(page)
        ask(page, EELS)
        recall(page)
        listed(page, EELS, COST)
        expect(page.locator(".reopen[aria-current]")).to_contain_text(EELS)
        expect(page.locator(".reopen").nth(1)).to_contain_text("2 questions")
        picture(page, "history-list")
        page.get_by_role("button", name=COST).first.click()
        expect(page.locator("#history")).to_be_hidden()
        expect(page.locator("#past .question")).to_have_text(COST)
        expect(page.locator("#answer .question")).to_have_text(THEN)
        expect(page.locator("#answer")).to_contain_text("Answered on")
        page.locator("#past .mark").first.click()
        expect(page.locator("#evidence .kept:not([hidden]) .pane:not([hidden])")).to_be_visible()
        picture(page, "history-reopened", whole=True)
        ask(page, "How many homes lie below the line?")
        recall(page)
        listed(page, COST, EELS)
        expect(page.locator(".reopen").first).to_contain_text("3 questions")


def test_another_visit_finds_what_was_kept(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
    with visit(browser, address) as page:
        recall(page)
        listed(page, COST)


def test_a_conversation_is_renamed_and_deleted_from_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        recall(page)
        page.get_by_role("button", name=words.PAST_RENAME_LABEL.format(title=COST)).press("Enter")
        field = page.get_by_role("textbox", name=words.PAST_TITLE)
        expect(field).to_be_focused()
        field.fill("<b>The gate</b> & its price")
        picture(page, "history-renaming")
        field.press("Enter")
        expect(page.locator(".reopen b")).to_have_text("<b>The gate</b> & its price")
        delete = page.get_by_role("button", name="Delete “<b>The gate</b> & its price”")
        delete.press("Enter")
        keep = page.locator(".sure").get_by_role("button", name=words.REMOVE_NO)
        expect(keep).to_be_focused()
        picture(page, "history-deleting")
        keep.press("Enter")
        expect(delete).to_be_focused()
        delete.press("Enter")
        page.locator(".sure").get_by_role("button", name=words.PAST_DELETE).press("Enter")
        expect(page.locator("#conversations")).to_contain_text(words.PAST_NONE)
        expect(page.locator("#answer section")).to_have_count(0)
        expect(page.locator("#welcome")).to_contain_text(words.WELCOME)


def test_many_conversations_can_be_searched(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        recall(page)
        expect(page.get_by_role("searchbox")).to_be_hidden()
        page.keyboard.press("Escape")
        for number in range(7):
            ask(page, f"{EELS[:-1]} number {number}?")
            afresh(page)
        ask(page, COST)
        recall(page)
        page.get_by_role("searchbox", name=words.PAST_SEARCH).fill("crowns 52")
        expect(page.locator(".reopen")).to_have_count(1)
        expect(page.get_by_role("searchbox")).to_be_focused()
        picture(page, "history-search")
        page.get_by_role("searchbox").fill("zzz")
        expect(page.locator("#conversations")).to_contain_text(words.PAST_NOT_FOUND.format(words="zzz"))
        expect(page.get_by_role("searchbox")).to_be_visible()


def test_thumbs_and_a_note_are_kept_with_the_answer(browser: Browser, address: str) -> None:
    note = "The <b>levy</b> is missing."
    with visit(browser, address) as page:
        ask(page, COST)
        good, bad = (page.locator("#answer").get_by_role("button", name=name) for name in (words.GOOD, words.BAD))
        expect(good).to_have_attribute("aria-pressed", "false")
        good.press("Enter")
        expect(page.locator("#answer .heard")).to_have_text(words.JUDGED[True])
        expect(good).to_have_attribute("aria-pressed", "true")
        bad.click()
        expect(good).to_have_attribute("aria-pressed", "false")
        page.locator("#answer").get_by_label(words.JUDGE_NOTE).fill(note)
        page.get_by_role("button", name=words.JUDGE_NOTE_KEEP).click()
        expect(page.locator("#answer .heard")).to_have_text(words.NOTED)
        picture(page, "thumbs-note")
        ask(page, THEN)
        earlier = page.locator("#past .judging")
        expect(earlier.get_by_role("button", name=words.BAD)).to_have_attribute("aria-pressed", "true")
        expect(earlier.get_by_label(words.JUDGE_NOTE)).to_have_value(note)
        earlier.get_by_role("button", name=words.BAD).click()
        expect(earlier.locator(".heard")).to_have_text(words.JUDGED[None])
        expect(earlier.get_by_label(words.JUDGE_NOTE)).to_be_hidden()


def test_a_note_is_shown_with_its_own_answer_alone(browser: Browser, address: str) -> None:
    notes = {EELS: "They climb the river.", COST: "Who pays is missing."}
    with visit(browser, address) as page:
        box = page.locator("#answer").get_by_label(words.JUDGE_NOTE)
        for question, note in notes.items():
            ask(page, question)
            page.locator("#answer").get_by_role("button", name=words.BAD).click()
            box.fill(note)
            page.get_by_role("button", name=words.JUDGE_NOTE_KEEP).click()
            expect(page.locator("#answer .heard")).to_have_text(words.NOTED)
            if question == EELS:
                afresh(page)
        for question in (EELS, COST, EELS):
            recall(page)
            page.get_by_role("button", name=question).first.click()
            expect(page.locator("#answer .question")).to_have_text(question)
            expect(box).to_have_value(notes[question])
            box.fill("A word that is not kept.")


def test_what_is_being_written_stays_while_another_answer_comes(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        ask(page, THEN)
        earlier = page.locator("#past .judging").first
        earlier.get_by_role("button", name=words.BAD).click()
        expect(earlier.locator(".heard")).to_have_text(words.JUDGED[False])
        earlier.get_by_label(words.JUDGE_NOTE).fill("Half a")
        ask(page, EELS)
        expect(page.locator("#past .question")).to_have_count(2)
        expect(earlier.get_by_label(words.JUDGE_NOTE)).to_have_value("Half a")


def test_the_answers_of_a_removed_document_are_gone_and_said_to_be(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        page.get_by_role("tab", name=words.LIBRARY).click()
        page.get_by_role("button", name="Remove Tide gate: summary for the council").click()
        page.locator("[data-remove]:visible").click()
        expect(page.locator("#told")).to_contain_text("Removed")
        page.get_by_role("tab", name=words.ASK, exact=True).click()
        afresh(page)
        recall(page)
        page.locator(".reopen").click()
        expect(page.locator("#past")).to_contain_text(words.ANSWER_GONE)
        expect(page.locator("#past .question")).to_have_text(COST)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, MIDDLE, PHONE])
def test_the_list_fits_every_width(browser: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
    with visit(browser, address, size, scheme) as page:
        for question in (COST, CHESS, EELS):
            ask(page, question)
            page.locator("#answer").get_by_role("button", name=words.GOOD).click()
            expect(page.locator("#answer .heard")).to_have_text(words.JUDGED[True])
            picture(page, f"thumbs-{size[0]}-{scheme}", whole=True)
            afresh(page)
        recall(page)
        picture(page, f"history-{size[0]}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        box = page.locator("#history").bounding_box()
        assert box and box["x"] == 0 and box["width"] <= size[0]
