"""Looking around in a real browser: the search, the map with the mouse and from the keyboard, the timeline."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.web import words
from tests.browser import CHROMIUM, MIDDLE, PHONE, WIDE, picture, server, visit

QUERY = "What would the tide gate cost?"
HOSTILE = "<img src=x onerror=window.harmed=1>"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(runs=tmp_path_factory.mktemp("runs")) as served:
        yield served


def look(page: Page, query: str = QUERY) -> None:
    page.get_by_role("tab", name=words.EXPLORE).click()
    page.get_by_role("tab", name=words.PASSAGES).click()
    page.get_by_placeholder(words.LOOK_FOR).fill(query)
    page.keyboard.press("Enter")
    page.locator("#finds [data-done]").wait_for()


def chart(page: Page) -> None:
    page.get_by_role("tab", name=words.EXPLORE).click()
    page.get_by_role("tab", name=words.MAP).click()
    page.locator("#map .point").first.wait_for()
    page.locator("#places .place").first.wait_for()


def point(page: Page, title: str) -> tuple[float, float]:
    """Where on the screen a passage of the document of that title lies."""
    x, y = page.evaluate(
        """(title) => { const plot = document.querySelector('#map .js-plotly-plot');
             const trace = plot.data.find((one) => one.customdata.some((mark) => mark[1] === title));
             const at = trace.customdata.findIndex((mark) => mark[1] === title);
             const point = plot.querySelectorAll('.trace')[plot.data.indexOf(trace)].querySelectorAll('.point')[at];
             const box = point.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }""",
        title,
    )
    return x, y


def fits(page: Page, width: int) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("size", "scheme", "name"),
    [
        (WIDE, "light", "wide-light"), (WIDE, "dark", "wide-dark"), (MIDDLE, "light", "middle-light"),
        (PHONE, "light", "phone-light"), (PHONE, "dark", "phone-dark"),
    ],
)  # fmt: skip
def test_the_room_is_seen_at_every_width(
    browser: Browser, address: str, size: tuple[int, int], scheme: str, name: str
) -> None:
    with visit(browser, address, size, scheme) as page:
        page.get_by_role("tab", name=words.EXPLORE).click()
        expect(page.locator("#finds")).to_contain_text(words.EXPLORE_LEAD)
        picture(page, f"explore-{name}-welcome")
        look(page)
        assert fits(page, size[0])
        picture(page, f"explore-{name}-found", whole=size != WIDE)
        chart(page)
        assert fits(page, size[0])
        page.locator("#mapped").scroll_into_view_if_needed()
        picture(page, f"explore-{name}-map", whole=size != WIDE)
        page.get_by_role("tab", name=words.TIMELINE).click()
        page.locator("#timeline .bars").wait_for()
        assert fits(page, size[0])
        picture(page, f"explore-{name}-timeline", whole=size != WIDE)


def test_a_search_shows_passages_with_why_and_opens_them(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        look(page)
        card = page.locator("#finds .card").first
        marked = {text.lower() for text in card.locator("mark").all_text_contents()}
        assert marked and marked <= {"tide", "gate", "cost"}
        expect(page.locator("#finds .ways").first).to_contain_text("1st")
        page.get_by_text(words.WHY).first.click()
        expect(page.locator("#finds .why")).to_contain_text(words.WAYS["meaning"][1])
        card.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#finds .card").nth(1)).to_be_focused()
        page.keyboard.press("Enter")
        title = page.locator("#finds .card b").nth(1).text_content()
        expect(page.locator("#beside .pane h2")).to_have_text(str(title))
        expect(page.locator("#finds .card").nth(1)).to_have_attribute("aria-current", "true")
        picture(page, "explore-opened")


def test_an_empty_search_brings_the_welcome_back_and_one_of_signs_is_refused(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        look(page)
        page.get_by_placeholder(words.LOOK_FOR).fill("?!")
        page.keyboard.press("Enter")
        expect(page.locator("#finds").get_by_role("alert")).to_contain_text("the question is empty")
        page.get_by_placeholder(words.LOOK_FOR).fill("")
        page.keyboard.press("Enter")
        expect(page.locator("#finds")).to_contain_text(words.EXPLORE_LEAD)


def test_plotly_is_fetched_from_here_and_only_for_the_map(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url) if "plotly" in request.url.lower() else None)
        page.reload()
        look(page)
        assert not fetched
        chart(page)
        assert fetched and all(url.startswith(address) for url in fetched)


def test_a_mark_on_the_map_says_what_it_is_and_opens_its_passage(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        chart(page)
        x, y = point(page, "A letter about eels")
        page.mouse.move(x, y)
        card = page.locator("#map .hovered")
        expect(card).to_contain_text("A letter about eels")
        expect(card).to_contain_text("letter.eml")
        picture(page, "explore-map-hovered")
        page.mouse.click(x, y)
        expect(page.locator("#beside .pane h2")).to_have_text("A letter about eels")
        right = "document.querySelector('{}').getBoundingClientRect().right"
        page.wait_for_function(f"{right.format('#map .main-svg')} <= {right.format('#around')} + 1")
        page.mouse.move(5, 5)
        expect(card).to_be_hidden()


def test_what_was_found_is_lit_on_the_map_and_dark_again_without_a_search(browser: Browser, address: str) -> None:
    data = "document.querySelector('#map .js-plotly-plot').data"
    rings = f"{data}.filter((one) => one.meta === 'lit').map((one) => one.x.length)"
    with visit(browser, address) as page:
        look(page, "eels climb the river")
        chart(page)
        told = str(page.locator("#lit [data-lit]").text_content())
        page.wait_for_function(f"{rings}.length === 1")
        assert told.startswith(f"{page.evaluate(rings)[0]} of the ")
        first = page.evaluate("JSON.parse(document.querySelector('#lit [data-lit]').dataset.lit)[0]")
        assert first[2] == 1 and first[4] == "A letter about eels"
        picture(page, "explore-map-lit")
        page.get_by_placeholder(words.LOOK_FOR).fill("")
        page.keyboard.press("Enter")
        page.wait_for_function(f"{rings}.length === 0")
        expect(page.locator("#lit [data-lit]")).to_have_count(0)


def test_the_map_can_be_read_as_a_list_from_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        chart(page)
        expect(page.locator("#map .js-plotly-plot")).to_have_attribute("aria-label", words.MAP_LABEL)
        assert page.locator("#places .place b").count() == 3
        first = page.locator("#places .unfold").first
        first.focus()
        page.keyboard.press("Enter")
        expect(first).to_have_attribute("aria-expanded", "true")
        expect(first).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#places .dot").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#beside .pane h2")).to_have_text(
            str(page.locator("#places .place b").first.text_content())
        )
        picture(page, "explore-map-list", whole=True)
        first.press("Enter")
        expect(page.locator("#places .dot")).to_have_count(0)


def test_the_map_moves_nearer_and_back(browser: Browser, address: str) -> None:
    axis = "document.querySelector('#map .js-plotly-plot')._fullLayout.yaxis"
    reach = f"{axis}.range[1] - {axis}.range[0]"
    with visit(browser, address) as page:
        chart(page)
        whole = page.evaluate(reach)
        page.get_by_role("button", name=words.NEARER).press("Enter")
        assert page.evaluate(reach) == pytest.approx(whole / 1.5, rel=0.01)
        page.get_by_role("button", name=words.WHOLE_MAP).press("Enter")
        assert page.evaluate(reach) == pytest.approx(whole, rel=0.01)


def test_the_colours_of_the_map_follow_the_dress_of_the_page(browser: Browser, address: str) -> None:
    fill = "getComputedStyle(document.querySelector('#map .point')).fill"
    with visit(browser, address) as page:
        chart(page)
        before = page.evaluate(fill)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(f"{fill} !== '{before}'")


def test_a_date_lists_its_documents_and_opens_them(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        page.get_by_role("tab", name=words.EXPLORE).click()
        page.get_by_role("tab", name=words.TIMELINE).click()
        rows = page.locator("#timeline .times .day")
        expect(rows).to_have_count(3)
        expect(page.locator("#timeline .undated summary")).to_have_text(
            words.WITHOUT_DATE.format(documents="1 document")
        )
        april = page.get_by_role("button", name="April 2024: 1 document")
        april.press("Enter")
        expect(rows).to_have_count(1)
        expect(april).to_have_attribute("aria-pressed", "true")
        expect(april).to_be_focused()
        rows.first.press("Enter")
        expect(page.locator("#beside .pane h2")).to_have_text("A letter about eels")
        expect(page.locator("#beside .pane mark")).to_have_count(0)
        picture(page, "explore-timeline-opened")
        april.press("Enter")
        expect(rows).to_have_count(3)


def test_on_a_phone_the_passage_follows_and_leads_back(browser: Browser, address: str) -> None:
    with visit(browser, address, PHONE) as page:
        look(page)
        card = page.locator("#finds .card").nth(2)
        card.click()
        expect(page.locator("#beside .pane")).to_be_in_viewport()
        picture(page, "explore-phone-opened")
        page.locator("#beside").get_by_role("button", name=words.BACK).click()
        expect(card).to_be_focused()
        expect(card).to_be_in_viewport()


def test_a_real_library_from_empty_to_a_map_with_hostile_words_in_it(browser: Browser, tmp_path: Path) -> None:
    from rag import Library

    folder, papers = tmp_path / "library", tmp_path / "papers"
    papers.mkdir()
    with server(str(folder), runs=tmp_path / "runs") as address, visit(browser, address) as page:
        page.get_by_role("tab", name=words.EXPLORE).click()
        expect(page.locator("#finds")).to_contain_text(words.EMPTY_LIBRARY)
        page.get_by_role("tab", name=words.MAP).click()
        expect(page.locator("#mapped")).to_contain_text(words.EMPTY_LIBRARY)
        picture(page, "explore-empty")
        page.get_by_role("tab", name=words.TIMELINE).click()
        expect(page.locator("#timeline")).to_contain_text(words.EMPTY_LIBRARY)
        (papers / "ferry.md").write_text("# The ferry\n\nThe ferry to Skerry Island leaves at 7:40 every morning.\n")
        with Library(folder) as library:
            library.add(papers)
        page.get_by_role("tab", name=words.MAP).click()
        expect(page.locator("#mapped")).to_contain_text(words.NO_MAP)
        expect(page.locator("#places")).to_contain_text("The ferry")
        picture(page, "explore-one-passage")
        for number in range(4):
            (papers / f"{number} {HOSTILE}.md").write_text(
                f"# {HOSTILE} {number}\n\n{HOSTILE} The tram {number} to the lighthouse was opened in 193{number}.\n"
            )
        with Library(folder) as library:
            library.add(papers)
        page.get_by_role("tab", name=words.TIMELINE).click()
        chart(page)
        look(page, f"the tram {HOSTILE}")
        chart(page)
        x, y = page.evaluate(
            "(() => { const box = document.querySelector('#map .point').getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        page.mouse.move(x, y)
        expect(page.locator("#map .hovered")).to_be_visible()
        page.locator("#places .unfold").first.click()
        page.locator("#places .dot").first.click()
        expect(page.locator("#beside .pane")).to_be_visible()
        assert page.evaluate("window.harmed") is None
        assert page.locator("#explore img[src=x], #explore script, #map a").count() == 0
        assert HOSTILE.split()[0] in " ".join(page.locator("#map .annotation-text, #places b").all_text_contents())
        picture(page, "explore-hostile")
    assert (folder / "map.npz").is_file() and not list(folder.glob("*.tmp")), os.listdir(folder)
