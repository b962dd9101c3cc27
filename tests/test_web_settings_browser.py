"""Settings in a real browser: what is changed counts for the next question, and the theme stays in the browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.web import words
from tests.browser import CHROMIUM, MIDDLE, PHONE, WIDE, ask, picture, server, visit

COST = "How much would the tide gate cost?"
PLANTED = "sk-planted-4f9c1d7ab2e84c55"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(runs=tmp_path_factory.mktemp("runs"), OPENAI_API_KEY=PLANTED) as served:
        yield served


def settings(page: Page) -> None:
    page.get_by_role("tab", name=words.SETTINGS, exact=True).click()
    page.locator(".settings .row").first.wait_for()


def told(page: Page, text: str) -> None:
    expect(page.locator("#wishes")).to_contain_text(text)


def test_a_change_counts_for_the_next_question_and_can_be_taken_back(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        marks = page.locator("#answer .mark")
        assert marks.count() == 3
        settings(page)
        page.get_by_label("Sentences quoted").fill("1")
        page.keyboard.press("Tab")
        told(page, words.SETTINGS_SAVED)
        picture(page, "settings-changed")
        ask(page, COST)
        expect(marks).to_have_count(1)
        settings(page)
        expect(page.get_by_label("Sentences quoted")).to_have_value("1")
        page.get_by_role("button", name=words.SETTINGS_BACK).click()
        told(page, words.SETTINGS_ARE)
        expect(page.get_by_label("Sentences quoted")).to_have_value("3")
        ask(page, COST)
        expect(marks).to_have_count(3)


def test_sure_enough_is_obeyed_and_another_visitor_is_not_touched(browser: Browser, address: str) -> None:
    with visit(browser, address) as page, visit(browser, address) as other:
        settings(page)
        slider = page.get_by_label("Sure enough to answer")
        slider.fill("95")
        slider.dispatch_event("change")
        expect(page.locator("output")).to_have_text("95%")
        told(page, words.SETTINGS_SAVED)
        ask(page, COST)
        expect(page.locator("#answer")).to_contain_text(words.ABSTAINED)
        ask(other, COST)
        expect(other.locator("#answer .mark")).to_have_count(3)
        page.reload()
        ask(page, COST)
        expect(page.locator("#answer .mark")).to_have_count(3)


def test_a_value_that_cannot_be_used_goes_back_and_says_why(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        settings(page)
        page.get_by_label("Search depth").fill("5000")
        page.keyboard.press("Tab")
        expect(page.get_by_role("alert")).to_have_text("Give a number from 1 to 1000.")
        expect(page.get_by_label("Search depth")).to_have_value("100")
        picture(page, "settings-refused")


def test_a_model_is_typed_in_and_checked(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        settings(page)
        chosen = page.get_by_label("Answer written by")
        chosen.select_option("other")
        typed = page.get_by_label(words.OTHER_LABEL)
        expect(typed).to_be_focused()
        typed.fill("nobody")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("names no chat model")
        expect(chosen).to_have_value("extractive")
        chosen.select_option("other")
        typed.fill("ollama:qwen3")
        page.keyboard.press("Enter")
        told(page, words.SETTINGS_SAVED)
        expect(chosen).to_have_value("ollama:qwen3")


def test_the_theme_is_kept_in_the_browser_and_wins_over_the_system(browser: Browser, address: str) -> None:
    with visit(browser, address, scheme="dark") as page:
        expect(page.locator("body.dark")).to_have_count(1)
        settings(page)
        expect(page.get_by_role("radio", name=words.THEMES["system"])).to_be_checked()
        page.get_by_role("radio", name=words.THEMES["light"]).check()
        expect(page.locator("body.dark")).to_have_count(0)
        page.reload()
        page.get_by_placeholder(words.PLACEHOLDER).wait_for()
        expect(page.locator("body.dark")).to_have_count(0)
        settings(page)
        expect(page.get_by_role("radio", name=words.THEMES["light"])).to_be_checked()
        page.get_by_role("radio", name=words.THEMES["system"]).check()
        expect(page.locator("body.dark")).to_have_count(1)


def test_no_key_reaches_the_page(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        settings(page)
        row = page.locator(".kept", has_text="OPENAI_API_KEY")
        expect(row).to_contain_text(words.KEY_SET)
        assert PLANTED not in page.content()


def test_every_control_is_reached_by_the_keyboard_and_has_a_name(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        settings(page)
        controls = page.locator(".settings :is(input, select, button):not([hidden])")
        for number in range(controls.count()):
            control = controls.nth(number)
            assert control.evaluate("(one) => one.labels?.length || one.getAttribute('aria-label') || one.textContent")
        page.get_by_label("Sentences quoted").focus()
        reached = []
        for _ in range(6):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.dataset.set"))
        assert reached == ["depth", "evidence", "confidence", "strict", "theme", None]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, MIDDLE, PHONE])
def test_nothing_runs_out_of_the_page(browser: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
    with visit(browser, address, size, scheme) as page:
        settings(page)
        page.get_by_label("Sentences quoted").fill("2")
        page.keyboard.press("Tab")
        told(page, words.SETTINGS_SAVED)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture(page, f"settings-{size[0]}-{scheme}", whole=True)
