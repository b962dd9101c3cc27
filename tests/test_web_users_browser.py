"""Several people in a real browser: each signs in, sees their own conversations, and signs out."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.users import Users
from rag.web import words
from tests.browser import CHROMIUM, MIDDLE, PATIENCE, PHONE, WIDE, ask, picture, server

ANNA, BEN = ("anna", "correct horse battery"), ("ben", "a wholly other one")
COST, EELS = "How much would the tide gate cost?", "What do the eels climb every spring?"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Users:
    found = Users(tmp_path_factory.mktemp("users") / "users.json")
    for name, password in (ANNA, BEN):
        found.add(name, password)
    return found


@pytest.fixture(scope="module")
def address(users: Users, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(runs=tmp_path_factory.mktemp("runs"), PINCITE_USERS=str(users.path)) as served:
        yield served


@contextmanager
def visitor(browser: Browser, size: tuple[int, int] = WIDE, scheme: str = "light") -> Iterator[Page]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def sign_in(page: Page, who: tuple[str, str]) -> None:
    page.get_by_label(words.SIGN_IN_NAME).fill(who[0])
    page.get_by_label(words.SIGN_IN_PASSWORD).fill(who[1])
    page.keyboard.press("Enter")


def inside(page: Page) -> None:
    page.get_by_placeholder(words.PLACEHOLDER).wait_for()


def past(page: Page) -> list[str]:
    page.get_by_role("button", name=words.PAST, exact=True).click()
    page.locator("#conversations .shelf").wait_for()
    return page.locator(".reopen b").all_text_contents()


def test_one_signs_in_asks_and_signs_out(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        page.goto(address)
        expect(page.get_by_label(words.SIGN_IN_NAME)).to_be_focused()
        sign_in(page, ("anna", "not the password"))
        expect(page.get_by_role("alert")).to_have_text(words.SIGN_IN_WRONG)
        expect(page.get_by_label(words.SIGN_IN_NAME)).to_have_value("anna")
        expect(page.get_by_label(words.SIGN_IN_PASSWORD)).to_be_focused()
        sign_in(page, ANNA)
        inside(page)
        assert page.url == address
        ask(page, COST)
        page.get_by_role("tab", name=words.SETTINGS, exact=True).click()
        expect(page.locator(".who")).to_contain_text("Signed in as anna")
        picture(page, "signed-in")
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("button", name=words.SIGN_OUT).click()
        expect(page.get_by_label(words.SIGN_IN_NAME)).to_be_visible()
        page.goto(address)
        expect(page.get_by_label(words.SIGN_IN_NAME)).to_be_visible()


def test_nobody_sees_anothers_conversations_nor_answers(browser: Browser, address: str) -> None:
    with visitor(browser) as anna, visitor(browser) as ben:
        for page, who, question in ((anna, ANNA, COST), (ben, BEN, EELS)):
            page.goto(address)
            sign_in(page, who)
            inside(page)
            ask(page, question)
        link = anna.locator("#answer [data-link]").get_attribute("data-link") or ""
        file = anna.get_by_role("link", name=words.SAVE_AS.format(kind="JSON"), exact=True).get_attribute("href") or ""
        assert set(past(anna)) == {COST} and past(ben) == [EELS]
        assert anna.request.get(address + file).ok and ben.request.get(address + file).status == 404
        ben.goto(address + link)
        expect(ben.locator("#answer")).to_contain_text(words.NO_ANSWER)
        ben.context.clear_cookies()
        ben.goto(address + link)
        sign_in(ben, ANNA)
        expect(ben.locator("#answer h2")).to_have_text(COST)


def test_a_session_that_has_ended_leads_to_the_form_and_back(browser: Browser, address: str, users: Users) -> None:
    users.add("carla", "some words to begin")
    with visitor(browser) as page:
        page.goto(f"{address}?library=default")
        sign_in(page, ("carla", "some words to begin"))
        inside(page)
        assert page.url == f"{address}?library=default"
        users.remove("carla")
        page.reload()
        expect(page.get_by_label(words.SIGN_IN_NAME)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, MIDDLE, PHONE])
def test_the_form_fits(browser: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
    with visitor(browser, size, scheme) as page:
        page.goto(address)
        sign_in(page, ("anna", f"wrong in {scheme} at {size[0]}"))
        page.get_by_role("alert").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
        picture(page, f"sign-in-{size[0]}-{scheme}")
