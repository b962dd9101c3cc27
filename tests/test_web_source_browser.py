"""The source viewer in a real browser: page images with the quoted words boxed, and text that one can go on reading."""

import io
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect

from rag.loaders import fetch, parse
from rag.web import words
from tests.browser import CHROMIUM, MIDDLE, PHONE, WIDE, ask, picture, visit
from tests.inking import Leaf, Line, inked, paragraph
from tests.web_fakes import FakeLibrary, document, harbour

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's, which runs in this process
]

COUNT = 60
BEACONS = (7, 31, 58)
QUESTION = "Which colours do the beacon lamps of the northern skerries show to sailors at night?"
BROKEN = "How did the pilot cutter Havfrue ground upon the sandbank in the winter fog?"
LONG = "What did the walrus of chapter five hundred whisper to the harbour master's parrot?"
STEAMER = "In which year was the paddle steamer Thora of the fjord sunk by a cow?"
FILLER = "A line about weather, of which there is much on this coast."


def beacon(number: int) -> str:
    return f"*The beacon lamps of the northern skerries show colour {number} to sailors at night.*"


def almanac() -> bytes:
    """Many pages; what the questions ask for is red."""
    leaves = []
    for number in range(1, COUNT + 1):
        head = Line(50, 360, f"Chapter {number}", size=18)
        lines = [f"{number}.{line}: {FILLER}" for line in range(1, 16)]
        if number in BEACONS:
            lines[6] = beacon(number)
        if number == 20:
            lines[14] = "*The pilot cutter Havfrue did ground upon*"
        if number == 21:
            head, lines[0] = Line(50, 395, ""), "*the sandbank in the winter fog of that year.*"
        leaves.append(Leaf([head, *paragraph(50, 330, *lines, size=10)]))
    return inked(*leaves)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The almanac, files that will be changed, vanish and stay, and a long text."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "almanac.pdf").write_bytes(almanac())
    changing = "*The lighthouse keeper of Skagerhead was dismissed in 1911 for sleeping.*"
    vanishing = "*The foghorn at Lindesnes was sounded by a mule until 1899.*"
    (folder / "changing.pdf").write_bytes(inked(Leaf(paragraph(50, 300, "The keepers.", changing, "So it was."))))
    (folder / "vanishing.pdf").write_bytes(inked(Leaf(paragraph(50, 300, "The foghorns.", vanishing, "So it was."))))
    steamer = "*The paddle steamer Thora of the fjord was sunk by a cow in the year 1887.*"
    (folder / "steamer.pdf").write_bytes(inked(Leaf(paragraph(50, 300, "The steamers.", steamer, "So it was."))))
    chapters = [f"Chapter {number}. {FILLER}" for number in range(1000)]
    chapters[500] += " The walrus of chapter five hundred did whisper to the harbour master's parrot: beware."
    (folder / "saga.txt").write_text("\n\n".join(chapters))
    return folder


@pytest.fixture(scope="module")
def address(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from rag.web.house import House
    from rag.web.opening import opened

    library = FakeLibrary(harbour())
    for path in sorted(shelf.iterdir()):
        library.put(parse(fetch(str(path), max_bytes=10_000_000)))
    library.put(document("https://example.org/away.pdf", "The ice road", "The ice road over the fjord carried nine"
                         " sledges to the Christmas market.", "application/pdf"))  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        page = opened(House(library, tmp_path_factory.mktemp("runs")), "127.0.0.1", port)
        yield page.local_url
        page.close(verbose=False)


def pane(page: Page) -> Locator:
    """The pane that is open."""
    return page.locator("#evidence .kept:not([hidden]) .pane:not([hidden])")


def drawn(page: Page) -> Locator:
    """The page image in the open pane, once it is there."""
    image = pane(page).locator(".facsimile img")
    expect(image).to_have_js_property("complete", True)
    page.wait_for_function(
        "() => [...document.querySelectorAll('#evidence .kept:not([hidden]) .pane:not([hidden]) .facsimile img')]"
        ".some((one) => one.complete && one.naturalWidth > 0)"
    )
    return image


def assert_red_is_boxed(page: Page) -> None:
    """On the screen, the boxes hold the red words of the page and no others."""
    boxes = pane(page).locator(".box")
    expect(boxes.first).to_be_visible()
    drawn(page)
    sheet = None
    while sheet != (sheet := pane(page).locator(".sheet").bounding_box()):  # a panel may still scroll into sight
        page.wait_for_timeout(150)
    assert sheet
    page.evaluate("document.querySelectorAll('.box').forEach((one) => { one.style.visibility = 'hidden'; })")
    pixels = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)
    page.evaluate("document.querySelectorAll('.box').forEach((one) => { one.style.visibility = ''; })")
    inside = np.zeros(pixels.shape[:2], bool)
    inside[int(sheet["y"]) : int(sheet["y"] + sheet["height"]), int(sheet["x"]) : int(sheet["x"] + sheet["width"])] = 1
    red = inside & (pixels[..., 0] - pixels[..., 1:].max(axis=-1) > 80)
    boxed = np.zeros_like(inside)
    for box in boxes.all():
        at = box.bounding_box()
        assert at
        boxed[int(at["y"]) : int(at["y"] + at["height"]) + 1, int(at["x"]) : int(at["x"] + at["width"]) + 1] = 1
    dark = inside & (pixels.max(axis=-1) < 80) & boxed
    assert red.sum() > 50 and (red & boxed).sum() > 0.98 * red.sum() and dark.sum() < 0.05 * red.sum()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, MIDDLE, PHONE])
def test_a_citation_opens_its_page_with_the_quoted_words_boxed(
    browser: Browser, address: str, size: tuple[int, int], scheme: str
) -> None:
    with visit(browser, address, size, scheme) as page:
        ask(page, QUESTION)
        page.locator(".prose .mark").nth(2).click()
        number = BEACONS[2]
        expect(pane(page).locator(".which")).to_have_text(words.PAGE_OF.format(page=number, count=COUNT))
        assert_red_is_boxed(page)
        label = pane(page).get_by_role("img", name=re.compile(rf"^Quoted here: .*show colour {number} to sailors"))
        expect(label).to_be_visible()
        expect(pane(page).locator(".thumb[aria-current='page'] span")).to_have_text(str(number))
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        picture(page, f"source-page-{size[0]}-{scheme}")


def test_only_what_is_opened_is_fetched_and_thumbnails_as_they_come_into_sight(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/originals/" in request.url else None)
        ask(page, QUESTION)
        drawn(page)
        assert sum("/place?" in url for url in asked) == 1
        pages = [found for url in asked if (found := re.search(r"/pages/(\d+)\?width=(\d+)", url))]
        assert {found[1] for found in pages if found[2] != "120"} == {str(BEACONS[0])}
        expect(pane(page).locator(".thumb")).to_have_count(COUNT)
        pane(page).locator(f".thumb[data-to='{BEACONS[0]}'] img[src]").wait_for()
        assert 1 <= sum(url.endswith("width=120") for url in asked) < COUNT / 2
        page.locator(".prose .mark").nth(1).click()
        expect(pane(page).locator(".box").first).to_be_visible()
        assert sum("/place?" in url for url in asked) == 2
        page.locator(".prose .mark").nth(0).click()
        expect(pane(page).locator(".box").first).to_be_visible()
        assert sum("/place?" in url for url in asked) == 2


def test_one_walks_from_citation_to_citation_and_from_page_to_page(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, QUESTION)
        steps = page.locator("#evidence .steps")
        expect(steps).to_contain_text("1 of 3")
        expect(steps.get_by_role("button", name=words.CITATION_BEFORE)).to_be_disabled()
        steps.get_by_role("button", name=words.CITATION_AFTER).click()
        expect(steps).to_contain_text("2 of 3")
        which = pane(page).locator(".which")
        expect(which).to_have_text(f"Page {BEACONS[1]} of {COUNT}")
        expect(page.locator(".prose .mark").nth(1)).to_have_attribute("aria-current", "true")
        assert_red_is_boxed(page)
        pane(page).get_by_role("button", name=words.PAGE_AFTER).click()
        expect(which).to_have_text(f"Page {BEACONS[1] + 1} of {COUNT}")
        expect(pane(page).locator(".box")).to_have_count(0)
        drawn(page)
        pane(page).locator(f".thumb[data-to='{BEACONS[1] - 2}']").click()
        expect(which).to_have_text(f"Page {BEACONS[1] - 2} of {COUNT}")
        pane(page).get_by_role("button", name=words.TO_CITED.format(page=BEACONS[1])).click()
        expect(pane(page).locator(".box")).to_have_count(1)
        assert_red_is_boxed(page)


def test_zoom_makes_the_page_larger_and_sharper_and_keeps_the_boxes_on_the_words(
    browser: Browser, address: str
) -> None:
    with visit(browser, address) as page:
        ask(page, QUESTION)
        image = drawn(page)
        before, width = image.bounding_box(), image.evaluate("one => one.naturalWidth")
        assert before
        for _ in range(3):
            pane(page).get_by_role("button", name=words.ZOOM_IN).click()
        page.wait_for_function(
            "width => document.querySelector('#evidence .pane:not([hidden]) .facsimile img').naturalWidth > width",
            arg=width,
        )
        after = image.bounding_box()
        assert after and after["width"] > 1.5 * before["width"]
        pane(page).locator(".sheet").evaluate("one => { one.scrollLeft = 0; }")
        assert_red_is_boxed(page)
        picture(page, "source-zoomed")
        pane(page).locator(".sheet").press("0")
        again = image.bounding_box()
        assert again and again["width"] == pytest.approx(before["width"], abs=1)


def test_a_page_can_be_read_as_text_and_the_choice_holds_for_the_next_citation(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, QUESTION)
        pane(page).get_by_role("button", name=words.AS_TEXT).click()
        expect(pane(page).locator("mark.cited").first).to_be_in_viewport()
        expect(pane(page).locator(".sheet")).to_be_hidden()
        picture(page, "source-as-text")
        page.locator(".prose .mark").nth(2).click()
        expect(pane(page).locator("mark.cited").first).to_be_in_viewport()
        pane(page).get_by_role("button", name=words.AS_PAGE).click()
        assert_red_is_boxed(page)


def test_a_quote_over_a_page_break_is_boxed_on_both_pages(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, BROKEN)
        expect(pane(page).locator(".which")).to_have_text(f"Page 20 of {COUNT}")
        assert_red_is_boxed(page)
        pane(page).get_by_role("button", name=words.GOES_ON.format(page=21)).click()
        expect(pane(page).locator(".which")).to_have_text(f"Page 21 of {COUNT}")
        assert_red_is_boxed(page)
        expect(pane(page).get_by_role("button", name=words.GOES_ON.format(page=20))).to_be_visible()


@pytest.mark.parametrize(
    ("name", "question", "quote", "state"),
    [
        (
            "changing",
            "When was the lighthouse keeper of Skagerhead dismissed for sleeping?",
            "dismissed in 1911",
            "changed",
        ),
        ("vanishing", "Until when was the foghorn at Lindesnes sounded by a mule?", "by a mule until 1899", "gone"),
        ("away", "How many sledges did the ice road over the fjord carry to market?", "carried nine sledges", "away"),
    ],
)
def test_what_became_of_a_file_is_told_above_its_indexed_text(
    browser: Browser, address: str, shelf: Path, name: str, question: str, quote: str, state: str
) -> None:
    if name == "changing":
        (shelf / "changing.pdf").write_bytes(inked(Leaf(paragraph(50, 300, "Other words altogether."))))
    if name == "vanishing":
        (shelf / "vanishing.pdf").unlink()
    with visit(browser, address) as page:
        ask(page, question)
        if state != "away":
            expect(pane(page).get_by_role("status")).to_have_text(words.FILE_STATES[state])
        expect(pane(page).locator("mark.cited").first).to_contain_text(quote)
        expect(pane(page).locator("mark.cited").first).to_be_in_viewport()
        expect(pane(page).locator(".facsimile img")).to_have_count(0 if state == "away" else 1)
        picture(page, f"source-{state}")


def test_a_long_text_can_be_read_on_both_ways(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, LONG)
        reading = pane(page).locator(".reading")
        expect(reading.locator("mark").first).to_contain_text("The walrus of chapter five hundred")
        expect(reading).not_to_contain_text("Chapter 460.")
        reading.get_by_role("button", name=words.EARLIER[1]).click()
        expect(reading).to_contain_text("Chapter 460.")
        expect(reading).not_to_contain_text("Chapter 540.")
        reading.get_by_role("button", name=words.LATER[1]).click()
        expect(reading).to_contain_text("Chapter 540.")
        expect(reading.locator("mark").first).to_contain_text("The walrus of chapter five hundred")
        for _ in range(2):
            before = str(reading.text_content())
            reading.get_by_role("button", name=words.EARLIER[1]).click()
            expect(reading).not_to_have_text(before)
        expect(reading).to_contain_text("Chapter 0.")
        picture(page, "source-read-on")


def test_earlier_turns_keep_their_pages(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, QUESTION)
        drawn(page)
        for later in (BROKEN, LONG, STEAMER):
            ask(page, later)
            page.locator("#past .mark").nth(1).click()
            expect(pane(page).locator(".which")).to_have_text(f"Page {BEACONS[1]} of {COUNT}")
            assert_red_is_boxed(page)
            expect(pane(page).locator(".thumb")).to_have_count(COUNT)


def test_one_source_takes_the_place_of_another_whole(browser: Browser, address: str) -> None:
    """Straight from one answer to another, and from one passage that was found to another."""
    with visit(browser, address) as page:
        for question in (BROKEN, STEAMER):
            ask(page, question)
            page.get_by_role("button", name=words.NEW_CONVERSATION).click()
            expect(page.locator("#answer section")).to_have_count(0)
        for question, where in ((BROKEN, f"20 of {COUNT}"), (STEAMER, "1 of 1"), (BROKEN, f"20 of {COUNT}")):
            page.get_by_role("button", name=words.PAST, exact=True).click()
            page.get_by_role("button", name=question).first.click()
            expect(page.locator("#answer .question")).to_have_text(question)
            expect(pane(page).locator(".which")).to_have_text(f"Page {where}")
            assert_red_is_boxed(page)
        page.get_by_role("tab", name=words.EXPLORE).click()
        page.get_by_placeholder(words.LOOK_FOR).fill(QUESTION)
        page.keyboard.press("Enter")
        page.locator("#finds [data-done]").wait_for()
        for at in (0, 1, 0):
            page.locator("#finds .card").nth(at).click()
            expect(page.locator("#beside .which")).to_have_text(f"Page {BEACONS[at]} of {COUNT}")
            image = page.locator("#beside .facsimile img")
            expect(image).to_have_attribute("src", re.compile(rf"/pages/{BEACONS[at]}\?"))
            expect(page.locator("#beside .box").first).to_be_visible()


def test_a_place_that_comes_late_is_let_go(browser: Browser, address: str) -> None:
    held: list[Route] = []
    with visit(browser, address) as page:
        page.route("**/place?*", lambda route: held.append(route))
        with page.expect_request("**/place?*"):
            ask(page, QUESTION)
        ask(page, LONG)
        with page.expect_response("**/place?*"):
            held[0].fulfill(json={"state": "gone"})
        page.unroute("**/place?*")
        ask(page, BROKEN)
        expect(pane(page).locator(".which")).to_have_text(f"Page 20 of {COUNT}")
        expect(pane(page).locator(".box")).to_have_count(1)


def test_the_nearest_passages_of_an_abstention_open_as_pages(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, "Who is Havfrue?")
        expect(page.locator("#answer")).to_contain_text(words.ABSTAINED)
        page.locator("#answer .card").first.click()
        drawn(page)
        expect(pane(page).locator(".pages--near .box").first).to_be_visible()
        picture(page, "source-nearest")
