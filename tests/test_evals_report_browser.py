"""The report in a real browser: read wide and on a phone, by day and by night, by keyboard and by find."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evals.comparing import compare
from evals.comparing.gate import Gate
from evals.report import write_comparison, write_report
from rag.types import Span
from tests.browser import CHROMIUM, PATIENCE, picture
from tests.evals_report_fakes import ABOUT, figures, record, results, run

WIDE, PHONE = (1280, 900), (360, 780)
LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of ordinary size."""
TEXTS = (
    ".lead", ".facts", ".note", ".card dt", ".card .value", ".card .range", ".steps .name", ".steps .amount",
    "th small", "thead th", "td", ".group .why", ".question", ".question small", ".state", ".checks li", ".pair > dt",
    ".answer p", ".verdict.supported", ".verdict.partial", ".verdict.contradicted", ".verdict.unsupported", ".mark",
    "blockquote", "mark", ".rank.found", ".about", "footer summary", ".gates b", ".gates span", ".tags",
)  # fmt: skip
CONTRAST = """(element) => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (one) => one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4;
  const light = (colour) => {
    const [red, green, blue] = channels(colour).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let behind = element;
  while (behind && channels(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
  const [one, two] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(light);
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}"""
COLOURS = "(element) => getComputedStyle(element).color + getComputedStyle(element).backgroundColor"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The address of a run's page and of a comparison's, both with long words that must not widen the page."""
    folder = tmp_path_factory.mktemp("pages")
    long = "Donaudampfschifffahrt" * 6
    records = [
        *results(),
        record(
            long, question=f"What of {long}?", title=long, source=f"/docs/{long}.txt", tags=(long,), text=f"{long}.",
            labels=("partial", "unsupported"), unsupported=(Span(0, 5),), marks=(1, 9), fell="citation", failed=(long,),
        ),
        record("arabic", question="متى بني الجسر؟"),
    ]  # fmt: skip
    write_report(folder / "run.html", ABOUT | {"cases": ABOUT["cases"] | {"name": long}}, figures(records), records)
    after = [record("right", fell="reading", failed=("wrong",), text="It cost a lot."), *records[1:]]
    before = [record("right", text="It cost a lot."), *records[1:]]
    gates = [Gate.parse("answer_found:0.01"), Gate.parse("hit_5:0.9")]
    write_comparison(folder / "both.html", compare(run(long, before), run("new", after), gates))
    return {name: (folder / f"{name}.html").as_uri() for name in ("run", "both")}


@contextmanager
def visit(
    browser: Browser, address: str, size: tuple[int, int] = WIDE, scheme: str = "light", script: bool = True
) -> Iterator[Page]:
    """A fresh reader. Fails at the end if the page asked for anything, or said anything on its console."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, java_script_enabled=script
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    try:
        yield page
        assert {url.partition("#")[0] for url in asked} == {address} and not said
    finally:
        context.close()


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate("document.querySelectorAll('.case').forEach((one) => { one.style.contentVisibility = 'visible'; })")


@pytest.mark.parametrize("name", ["run", "both"])
@pytest.mark.parametrize(("size", "kind"), [(WIDE, "wide"), (PHONE, "phone")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_width_and_its_texts_stand_out(
    browser: Browser, pages: dict[str, str], name: str, size: tuple[int, int], kind: str, scheme: str
) -> None:
    with visit(browser, pages[name], size, scheme) as page:
        picture(page, f"report-{name}-{kind}-{scheme}", whole=True)
        open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        present = [text for text in TEXTS if page.locator(text).count()]
        assert len(present) > 20
        faint = {text: page.locator(text).first.evaluate(CONTRAST) for text in present}
        assert not {text: ratio for text, ratio in faint.items() if ratio < LEAST_CONTRAST}
        picture(page, f"report-{name}-{kind}-{scheme}-open", whole=True)


@pytest.mark.parametrize("name", ["run", "both"])
def test_night_has_colours_of_its_own(browser: Browser, pages: dict[str, str], name: str) -> None:
    def colours(scheme: str) -> list[str]:
        with visit(browser, pages[name], scheme=scheme) as page:
            parts = ("body", ".brand", ".mark", ".verdict.contradicted")
            return [page.locator(part).first.evaluate(COLOURS) for part in parts]

    assert not set(colours("light")) & set(colours("dark"))


@pytest.mark.parametrize("script", [True, False])
def test_a_bar_leads_to_its_cases_and_a_mark_to_its_quote(
    browser: Browser, pages: dict[str, str], script: bool
) -> None:
    with visit(browser, pages["run"], script=script) as page:
        page.get_by_role("link", name=re.compile("Lost at reading")).press("Enter")
        lost = page.locator("#fell-reading .case")
        expect(lost).to_be_in_viewport()
        expect(lost).to_have_count(1)
        lost.locator("summary").press("Enter")
        lost.locator(".answer .mark").first.click()
        quote = lost.locator(".quote")
        expect(quote).to_be_in_viewport()
        assert quote.evaluate("(one) => one.matches(':target')")


def test_a_link_opens_a_folded_group(browser: Browser, tmp_path: Path) -> None:
    records = [*(record(f"{number}") for number in range(40)), *results()]
    write_report(tmp_path / "long.html", ABOUT, figures(records), records)
    with visit(browser, (tmp_path / "long.html").as_uri()) as page:
        right = page.locator("#fell-right .case")
        expect(right.first).to_be_hidden()
        page.get_by_role("link", name=re.compile("Answered rightly")).click()
        expect(right.first).to_be_in_viewport()


def test_find_keeps_the_cases_with_every_word_and_gives_all_back(browser: Browser, pages: dict[str, str]) -> None:
    with visit(browser, pages["run"]) as page:
        everything = shown(page.locator(".case")).count()
        page.get_by_label("Find").fill("#number built it?")
        expect(page.locator(".find output")).to_have_text("1 found")
        expect(shown(page.locator(".case"))).to_contain_text("Who built it?")
        expect(shown(page.locator(".group"))).to_have_count(1)
        page.get_by_label("Find").fill("#num")
        expect(page.locator(".find output")).to_have_text("0 found")
        page.get_by_label("Find").fill("")
        expect(shown(page.locator(".case"))).to_have_count(everything)
        page.locator("#tags").get_by_role("link", name="none", exact=True).click()
        expect(page.locator(".find output")).to_have_text("2 found")


def shown(some: Locator) -> Locator:
    return some.locator("visible=true")


def test_without_script_everything_can_be_read(browser: Browser, pages: dict[str, str]) -> None:
    with visit(browser, pages["run"], script=False) as page:
        expect(page.locator(".find")).to_be_hidden()
        case = page.locator(".case", has_text="Who is the mayor?")
        case.locator("summary").click()
        expect(case.locator(".answer")).to_contain_text("48 million")


def test_on_paper_closed_cases_are_printed_too(browser: Browser, pages: dict[str, str]) -> None:
    with visit(browser, pages["run"]) as page:
        answer = page.locator("#fell-reading .answer")
        assert answer.bounding_box() is None or not answer.is_visible()
        page.emulate_media(media="print")
        expect(answer).to_be_visible()
        expect(page.locator(".find")).to_be_hidden()


def test_both_answers_stand_side_by_side_or_on_a_phone_below_each_other(
    browser: Browser, pages: dict[str, str]
) -> None:
    def places(size: tuple[int, int]) -> list[dict[str, float]]:
        with visit(browser, pages["both"], size) as page:
            sides = page.locator("#lost .sides > div")
            expect(sides).to_have_count(2)
            return [dict(one.bounding_box() or {}) for one in sides.all()]

    (left, right), (first, second) = places(WIDE), places(PHONE)
    assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]
    assert first["x"] == second["x"] and first["y"] + first["height"] <= second["y"]
