"""The room of evaluations in a real browser: started, watched, stopped, and its figures over time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evals.cases import load_cases
from rag import Library
from rag.web import words
from rag.web.measuring import JUDGED, judged_cases
from tests.browser import CHROMIUM, MIDDLE, PHONE, WIDE, ask, picture, server, visit
from tests.scripted_evals import COUNT
from tests.test_web_measuring import runs

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "runs"
    runs(place, 0.81, 0.86, 0.84, 0.9)
    runs(place, 0.93, 0.959, data="d2")
    return place


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with server(runs=folder) as served:
        yield served


@pytest.fixture
def hold(folder: Path) -> Path:
    """While it lies there, no run comes to its end."""
    (folder / "hold").touch()
    return folder / "hold"


def enter(page: Page) -> None:
    page.get_by_role("tab", name=words.EVALUATIONS).click()
    page.get_by_role("button", name=words.MEASURE_SEEDS).wait_for()


def test_the_examples_cases_are_run_and_come_into_the_list(browser: Browser, address: str, hold: Path) -> None:
    with visit(browser, address) as page, visit(browser, address) as other:
        enter(page)
        enter(other)
        expect(page.locator(".run")).to_have_count(6)
        page.get_by_role("button", name=words.MEASURE_SEEDS).press("Enter")
        bar = page.get_by_role("progressbar", name=words.MEASURING["seeds"])
        expect(bar).to_have_attribute("max", str(COUNT))
        expect(other.get_by_role("progressbar", name=words.MEASURING["seeds"])).to_be_visible()
        picture(page, "measuring")
        hold.unlink()
        expect(page.locator("#progress")).to_contain_text(words.MEASURED["done"])
        expect(page.locator(".run")).to_have_count(7)
        expect(page.get_by_role("button", name=words.MEASURE_SEEDS)).to_be_enabled()


def test_a_run_is_stopped_and_says_how_to_go_on(browser: Browser, address: str, hold: Path) -> None:
    with visit(browser, address) as page:
        enter(page)
        page.get_by_role("button", name=words.MEASURE_SEEDS).click()
        page.locator("progress[value]").wait_for()
        page.get_by_role("button", name=words.MEASURE_STOP, exact=True).press("Enter")
        expect(page.locator("#progress")).to_contain_text("Stopped after")
        expect(page.locator(".run--unfinished")).to_have_count(1)
        picture(page, "measuring-stopped")
        hold.unlink()
        page.get_by_role("button", name=words.MEASURE_AGAIN, exact=True).click()
        expect(page.locator("#progress")).to_contain_text(words.MEASURED["done"])
        expect(page.locator(".run--unfinished")).to_have_count(0)


def test_a_point_leads_to_the_report_of_its_run(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        enter(page)
        with page.context.expect_page() as opened:
            page.locator(".trend").first.locator("a").nth(2).click()
        opened.value.wait_for_load_state()
        assert opened.value.url.endswith("/runs/run-03/report.html")
        expect(opened.value.locator("h1")).to_have_text("Nothing but figures")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, MIDDLE, PHONE])
def test_figures_over_time_fit_every_width(browser: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
    with visit(browser, address, size, scheme) as page:
        enter(page)
        expect(page.locator(".trend")).to_have_count(len(words.FIGURES))
        picture(page, f"evaluations-{size[0]}-{scheme}", whole=True)
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_ones_own_judged_cases_are_made_and_run(browser: Browser, tmp_path: Path, seeds: Path) -> None:
    question = "Who met Naryshkin, and where?"
    with Library(tmp_path / "library") as library:
        library.add(seeds / "wire-timeline.txt")
    with server(str(tmp_path / "library"), runs=tmp_path / "runs") as address, visit(browser, address) as page:
        enter(page)
        expect(page.get_by_role("button", name=words.MEASURE_JUDGED)).to_be_disabled()
        ask(page, question)
        page.locator("#answer").get_by_role("button", name=words.GOOD).click()
        expect(page.locator("#answer .heard")).to_have_text(words.JUDGED[True])
        enter(page)
        expect(page.locator("#measure")).to_contain_text("1 judged answer")
        page.get_by_role("button", name=words.MEASURE_JUDGED).click()
        expect(page.locator("#progress")).to_contain_text(words.MEASURED["done"])
        expect(page.locator(".run h3")).to_have_text(JUDGED)
        expect(page.locator(".run .figures")).to_contain_text("100%")
    (case,) = load_cases(judged_cases(tmp_path / "runs", tmp_path / "library"))
    assert case.question == question and "Turkey" in (case.evidence[0].quote or "")
