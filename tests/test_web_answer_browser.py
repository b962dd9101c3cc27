"""The answer in a real browser: its cards, keys, stages, ways out, and its faces at three widths."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rag.web import words
from rag.web.house import Choice, House
from tests.browser import CHROMIUM, MIDDLE, PHONE, WIDE, ask, picture, visit
from tests.web_answer_fakes import (
    COST,
    DENIED,
    DOUBTFUL,
    ENDLESS,
    LACKING,
    MISSING,
    SAID,
    SILENT,
    WRITTEN,
    Staged,
)
from tests.web_fakes import HARBOUR, REPORT

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's, which runs in this process
]

STAGES = """() => { window.told = []; window.aloud = [];
  const note = (list, one) => { if (one && list.at(-1) !== one.textContent) list.push(one.textContent); };
  new MutationObserver(() => {
    note(window.told, document.querySelector('#answer .stage--now'));
    note(window.aloud, document.querySelector('.said-aloud[role=status]'));
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def library() -> Staged:
    return Staged(delay=0.02)


class Two(House):
    """Two libraries, which are one under two names."""

    def __init__(self, library: Staged, runs: Path) -> None:
        super().__init__(library, runs)
        self._libraries["other papers"] = library

    def names(self) -> list[Choice]:
        return [Choice(name, name, 3) for name in self._libraries]


@pytest.fixture(scope="module")
def address(library: Staged, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page in this process, so that a test can look at what the library does meanwhile."""
    from rag.web.opening import opened

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        page = opened(Two(library, tmp_path_factory.mktemp("runs")), "127.0.0.1", port)
        yield page.local_url
        page.close(verbose=False)


def mark(page: Page, number: int) -> Locator:
    return page.locator("#answer .prose").get_by_role("button", name=f"Show source {number}", exact=False)


def card(page: Page) -> Locator:
    return page.locator(".peek:popover-open")


def quoted(page: Page) -> str:
    """The highlighted words of the source that is open."""
    return "".join(page.locator("#evidence [data-pane]:visible mark").all_text_contents())


def ended(page: Page, library: Staged, times: int) -> None:
    """Waits until so many endless answers were stopped."""
    for _ in range(200):
        if library.closed >= times:
            break
        page.wait_for_timeout(100)
    assert library.closed == times


def test_the_quote_is_shown_on_hovering_stays_under_the_pointer_and_goes_with_escape(
    browser: Browser, address: str
) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        mark(page, 2).hover()
        expect(card(page)).to_contain_text("The council's own engineers put the cost of the gate at 52 million crowns.")
        expect(card(page)).to_contain_text("council-summary.pdf · page 1 · 30 May 2024")
        picture(page, "answer-card")
        card(page).hover()
        page.wait_for_timeout(600)
        expect(card(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(card(page)).to_have_count(0)
        mark(page, 1).hover()
        expect(card(page)).to_contain_text("Harbour board weighs")
        page.mouse.move(5, 5)
        expect(card(page)).to_have_count(0)


def test_the_quote_is_shown_on_keyboard_focus_and_escape_leaves_the_focus(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        mark(page, 1).focus()
        page.keyboard.press("Tab")
        expect(mark(page, 2)).to_be_focused()
        expect(card(page)).to_contain_text("52 million crowns")
        page.keyboard.press("Escape")
        expect(card(page)).to_have_count(0)
        expect(mark(page, 2)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#evidence [data-pane='c2']")).to_be_visible()


@pytest.mark.parametrize("width", [1360, 900, 390])
def test_no_card_is_cut_off_at_an_edge(browser: Browser, address: str, width: int) -> None:
    with visit(browser, address, (width, 600)) as page:
        ask(page, COST)
        for one in page.locator("#answer [data-peek]").all():
            one.scroll_into_view_if_needed()
            one.hover()
            expect(card(page)).to_have_attribute("id", str(one.get_attribute("data-peek")))
            box = card(page).bounding_box()
            assert box and box["x"] >= 0 and box["y"] >= 0
            assert box["x"] + box["width"] <= width and box["y"] + box["height"] <= 600


def test_a_tap_opens_the_source_and_no_card(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    try:
        page = context.new_page()
        page.goto(address)
        ask(page, COST)
        mark(page, 2).tap()
        expect(page.locator("#evidence [data-pane='c2']")).to_be_visible()
        page.wait_for_timeout(500)
        expect(card(page)).to_have_count(0)
        expect(page.locator(".keys")).to_be_hidden()
    finally:
        context.close()


def test_what_is_missing_is_said_on_hovering_and_on_focus(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, DOUBTFUL)
        lacking = page.locator("#answer u", has_text=LACKING)
        lacking.hover()
        expect(card(page)).to_contain_text(MISSING)
        page.mouse.move(5, 5)
        expect(card(page)).to_have_count(0)
        page.get_by_placeholder(words.PLACEHOLDER).focus()
        for _ in range(12):
            page.keyboard.press("Tab")
            if lacking.evaluate("one => one === document.activeElement"):
                break
        expect(card(page)).to_contain_text(MISSING)
        expect(page.locator("#answer .verdict--partial .word").first).to_have_text("Partly supported")
        picture(page, "answer-doubtful")


def test_arrow_keys_walk_the_citations_and_escape_leads_back(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        mark(page, 1).focus()
        page.keyboard.press("ArrowRight")
        expect(mark(page, 2)).to_be_focused()
        expect(page.locator("#evidence [data-pane='c2']")).to_be_visible()
        assert quoted(page) in REPORT
        page.keyboard.press("ArrowDown")
        expect(page.locator("#evidence [data-pane='c3']")).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(mark(page, 3)).to_be_focused()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
        expect(mark(page, 1)).to_be_focused()
        expect(page.locator("#evidence [data-pane='c1']")).to_be_visible()
        assert quoted(page) in HARBOUR
        page.locator("#evidence [data-open='c2']").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(mark(page, 2)).to_be_focused()


def test_arrow_keys_walk_while_the_source_is_open_and_leave_text_fields_alone(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        box = page.get_by_placeholder(words.PLACEHOLDER)
        page.keyboard.press("ArrowRight")  # nothing is written yet in the box, which has the focus
        expect(mark(page, 2)).to_be_focused()
        page.keyboard.press("ArrowLeft")
        box.fill("ab")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("-/")
        expect(box).to_have_value("a-/b")
        expect(page.locator("#evidence [data-pane='c1']")).to_be_visible()
        page.locator("#answer h2").click()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#evidence [data-pane='c2']")).to_be_visible()
        page.keyboard.press("/")
        expect(box).to_be_focused()
        expect(box).to_have_value("a-/b")
        expect(page.locator(".keys")).to_contain_text(words.KEYS[1][1])


def test_the_stages_are_shown_and_said_aloud(browser: Browser, address: str, library: Staged) -> None:
    stages = {
        "Searching 3 documents": 1,
        "Reading 6 passages": 1,
        "Writing": 3,  # sentences
        "Checking 3 sentences against what they cite": 1,
    }
    with visit(browser, address) as page, library.step_by_step() as go_on:
        page.evaluate(STAGES)
        page.get_by_placeholder(words.PLACEHOLDER).fill(WRITTEN)
        page.keyboard.press("Enter")
        for stage, steps in stages.items():
            expect(page.locator("#answer .stage--now")).to_have_text(f"{stage}…")
            picture(page, f"answer-{stage.split()[0].lower()}")
            for _ in range(steps):
                go_on()
        page.locator("#answer section[data-done]").wait_for()
        assert page.evaluate("window.told") == [f"{stage}…" for stage in stages]
        assert page.evaluate("window.aloud") == [
            *stages,
            words.ANSWERED.format(sentences="2 sentences", sources="3 sources"),
        ]
        expect(page.locator("[aria-busy]")).to_have_count(0)


def test_stop_ends_the_work_and_leaves_the_page_ready(browser: Browser, address: str, library: Staged) -> None:
    with visit(browser, address) as page:
        box = page.get_by_placeholder(words.PLACEHOLDER)
        before = library.closed
        box.fill(ENDLESS)
        page.keyboard.press("Enter")
        page.locator("#answer .stages", has_text="Reading").wait_for()
        picture(page, "answer-stop")
        page.get_by_role("button", name=words.STOP, exact=True).click()
        expect(page.locator("#answer")).to_contain_text(words.STOPPED)
        expect(box).to_have_value(ENDLESS)
        expect(box).to_be_focused()
        ended(page, library, before + 1)
        ask(page, COST)
        expect(page.get_by_role("button", name=words.STOP, exact=True)).to_have_count(0)
        expect(page.locator("#past .turn")).to_have_count(0)


def test_a_new_conversation_ends_the_question_under_way(browser: Browser, address: str, library: Staged) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        before = library.closed
        page.get_by_placeholder(words.PLACEHOLDER).fill(ENDLESS)
        page.keyboard.press("Enter")
        page.locator("#answer .stages").wait_for()
        page.get_by_role("button", name=words.NEW_CONVERSATION).press("Enter")
        expect(page.locator("#welcome")).to_contain_text(words.WELCOME)
        ended(page, library, before + 1)
        expect(page.locator("#answer section")).to_have_count(0)
        ask(page, SILENT)
        expect(page.locator("#past .turn")).to_have_count(0)


def test_an_answer_is_copied_as_text_as_markdown_and_as_a_link(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        for label, part in (
            (words.COPY, "[2] Tide gate: summary for the council, council-summary.pdf, page 1"),
            (words.COPY_MARKDOWN, f"## {COST}"),
            (words.COPY_LINK, f"{address}?answer="),
        ):
            page.get_by_role("button", name=label, exact=True).click()
            expect(page.get_by_role("button", name=words.COPIED)).to_be_visible()
            assert part in page.evaluate("navigator.clipboard.readText()")
            expect(page.get_by_role("button", name=label, exact=True)).to_be_visible()


def test_a_saved_answer_is_whole_and_its_page_opens_without_a_network(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        files = {}
        for kind, name in words.SAVE_KINDS.items():
            with page.expect_download() as coming:
                page.get_by_role("link", name=words.SAVE_AS.format(kind=name), exact=True).click()
            files[kind] = tmp_path / coming.value.suggested_filename
            coming.value.save_as(files[kind])
        assert files["json"].name == "pincite-what-would-the-tide-gate-cost-48-or-52-million-crowns.json"
        assert json.loads(files["json"].read_text())["question"] == COST
        assert "[^2]: Tide gate: summary for the council" in files["md"].read_text()
    context = browser.new_context(offline=True)
    try:
        alone = context.new_page()
        asked: list[str] = []
        alone.on("request", lambda request: asked.append(request.url))
        alone.goto(files["html"].as_uri())
        expect(alone.locator("h1")).to_have_text(COST)
        alone.get_by_role("link", name="2").first.click()
        expect(alone.locator("#source-2")).to_contain_text("52 million crowns")
        assert len(asked) == 1 and alone.locator("script").count() == 0
        picture(alone, "answer-saved", whole=True)
    finally:
        context.close()


def test_a_permanent_link_brings_question_answer_and_source_back(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        page.wait_for_url("**/?answer=*")
        link = page.url
        page.get_by_role("button", name=words.NEW_CONVERSATION).click()
        expect(page.locator("#welcome")).to_contain_text(words.WELCOME)
        assert "answer=" not in page.url
        page.goto(link)
        expect(page.locator("#answer section[data-done] h2")).to_have_text(COST)
        expect(page.locator("#answer .since")).to_contain_text("Answered on")
        expect(page.locator("#evidence [data-pane='c1']")).to_be_visible()
        expect(page.locator("#welcome section")).to_be_hidden()
        mark(page, 2).click()
        assert quoted(page) in REPORT
        assert page.url == link
        ask(page, "How much would it weigh, each of the eleven steel leaves?")
        expect(page.locator("#past .turn h2")).to_have_text([COST])


def test_a_link_opens_the_library_that_it_names(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}?library=other+papers") as page:
        expect(page.locator("#masthead .chosen")).to_contain_text("other papers")
        ask(page, COST)
        page.wait_for_url("**/?*answer=*")
        assert "library=other" in page.url
        page.reload()
        expect(page.locator("#answer section[data-done] h2")).to_have_text(COST)
        expect(page.locator("#masthead .chosen")).to_contain_text("other papers")
        page.wait_for_timeout(1500)  # nothing that the choice of the library sets off takes the answer away
        expect(page.locator("#answer section[data-done] h2")).to_have_text(COST)
        expect(page.locator("#welcome section")).to_be_hidden()


def test_a_link_that_leads_nowhere_says_so_in_one_line(browser: Browser, address: str) -> None:
    for query in ("?answer=none&library=default", "?answer=none&library=..%2F..", "?answer="):
        with visit(browser, f"{address}{query}") as page:
            expect(page.locator("#answer").get_by_role("alert")).to_have_text(words.NO_ANSWER)
            ask(page, COST)
            expect(page.locator("#answer").get_by_role("alert")).to_have_count(0)


def test_a_saved_answer_says_which_document_has_changed_since(browser: Browser, address: str, library: Staged) -> None:
    from dataclasses import replace

    with visit(browser, address) as page:
        ask(page, COST)
        page.wait_for_url("**/?answer=*")
        whole = library.document("/docs/harbour/council-summary.pdf")
        library.put(replace(whole, sha256="0" * 64, text=whole.text.replace("52 million", "53 million")))
        try:
            page.reload()
            expect(page.locator("#answer .since")).to_contain_text(words.CHANGED_SINCE.format(title=whole.title))
            mark(page, 2).click()
            expect(page.locator("#evidence [data-pane='c2']")).to_contain_text("52 million")
            picture(page, "answer-changed-since")
        finally:
            library.put(whole)


def test_a_new_answer_leaves_past_marks_with_cards_of_their_own(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        ask(page, DOUBTFUL)
        page.locator("#past .mark").nth(1).hover()
        expect(card(page)).to_contain_text("52 million crowns")
        page.locator("#past .mark").first.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#past .mark").nth(1)).to_be_focused()
        expect(page.locator("#evidence .kept[data-turn='1'] [data-pane='c2']")).to_be_visible()


FACES = {"cost": COST, "doubtful": DOUBTFUL, "written": WRITTEN, "denied": DENIED, "silent": SILENT}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, MIDDLE, PHONE], ids=["wide", "middle", "phone"])
def test_every_face_fits(browser: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
    with visit(browser, address, size, scheme) as page:
        for name, question in FACES.items():
            page.goto(address)
            ask(page, question)
            assert page.evaluate("document.documentElement.scrollWidth") == size[0]
            picture(page, f"answer-{name}-{size[0]}-{scheme}", whole=True)


def test_silence_and_denial_have_faces_of_their_own(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, SILENT)
        expect(page.locator("#answer .verdictless")).to_have_text(words.ABSTAINED)
        expect(page.locator("#answer .came").first).to_contain_text(words.NEAREST_IN_MEANING)
        page.locator("#answer .card").first.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#answer .card").nth(1)).to_be_focused()
        expect(page.locator("#evidence [data-pane='p2']")).to_be_visible()
        ask(page, DENIED)
        asked, said = (page.locator("#answer .premise dd").nth(at).bounding_box() for at in (0, 1))
        assert asked and said and asked["x"] + asked["width"] <= said["x"]
        expect(page.locator("#answer .premise")).to_contain_text("eleven steel leaves")


def test_sides_are_columns_and_on_a_phone_stacked(browser: Browser, address: str) -> None:
    for size, beside in ((WIDE, True), (PHONE, False)):
        with visit(browser, address, size) as page:
            ask(page, COST)
            one, other = (page.locator(".side").nth(at).bounding_box() for at in (0, 1))
            assert one and other and (one["y"] == other["y"]) is beside and (one["x"] == other["x"]) is not beside
            expect(page.locator(".side mark").nth(1)).to_have_text("52 million crowns")


def test_a_written_answer_says_who_wrote_it_and_what_is_quoted(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, WRITTEN)
        expect(page.locator("#answer .prose")).to_contain_text(SAID)
        expect(page.locator("#answer q")).to_contain_text("The council's own engineers")
        page.get_by_text(words.MADE, exact=True).click()
        expect(page.locator(".made")).to_contain_text("1,812 read, 64 written")
        picture(page, "answer-made")


def test_on_a_narrow_page_escape_leads_from_the_source_back_to_its_mark(browser: Browser, address: str) -> None:
    with visit(browser, address, PHONE) as page:
        ask(page, COST)
        mark(page, 2).click()
        expect(page.locator("#evidence [data-pane='c2'] mark").first).to_be_in_viewport()
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#evidence [data-pane='c1'] mark").first).to_be_in_viewport()
        page.keyboard.press("Escape")
        expect(mark(page, 1)).to_be_focused()
        expect(mark(page, 1)).to_be_in_viewport()
