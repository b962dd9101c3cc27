"""The page in a real browser: asked, clicked, resized, given files; and nothing leaves this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from rag.web import words
from tests.browser import CHROMIUM, PHONE, SMALL, WIDE, ask, picture, server, visit
from tests.web_fakes import HARBOUR, REPORT, make_run

COST = "What would the tide gate cost, 48 or 52 million crowns?"
CHESS = "Who won the chess tournament in Reykjavik?"
FIRST = "How much would the tide gate cost?"
THEN = "When does it close, with which forecast?"
UNDERSTOOD = "When does the tide gate close, with which forecast?"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")


HOSTILE = "<img src=x onerror=window.harmed=1>"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four runs: a whole one with a comparison, one with a hostile name, one under way, a damaged one."""
    folder = tmp_path_factory.mktemp("runs")
    make_run(folder / "20260304-090500-seeds", errors={"q7": "the model is missing"})
    (folder / "20260304-090500-seeds" / "against-baseline.html").write_text("<h1>Compared</h1>")
    report = f"<h1>{HOSTILE}</h1><script>try {{ parent.harmed = 1; fetch('/config') }} catch {{}}</script>"
    make_run(folder / HOSTILE, made_at="2026-03-03T11:00:00+00:00", cases={"name": HOSTILE}, report=report)
    make_run(folder / "20260302-squad2", made_at="2026-03-02T08:00:00+00:00", metrics=None, report=None)
    make_run(folder / "20260301-old", made_at="2026-03-01T08:00:00+00:00")
    (folder / "20260301-old" / "metrics.json").write_text("{")
    return folder


@pytest.fixture(scope="module")
def address(runs: Path) -> Iterator[str]:
    with server(runs=runs) as served:
        yield served


def overlap(one: FloatRect | None, other: FloatRect | None) -> bool:
    assert one and other
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def highlighted(page: Page) -> str:
    """The text of the marks in the open pane, as it stands in the document."""
    return str(
        page.locator("#evidence [data-pane]:not([hidden]) mark").evaluate_all(
            "all => all.map(e => e.textContent).join('')"
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mark_opens_its_source_at_the_exact_words(browser: Browser, address: str, scheme: str) -> None:
    with visit(browser, address, scheme=scheme) as page:
        picture(page, f"wide-{scheme}-welcome")
        ask(page, COST)
        first, second = "The engineers'", "The council's own engineers put the cost"
        assert highlighted(page).startswith(first) and highlighted(page) in HARBOUR
        picture(page, f"wide-{scheme}-answer")
        page.locator(".prose").get_by_role("button", name="Show source 2").click()
        expect(page.locator("#evidence [data-pane='c2']")).to_be_visible()
        assert highlighted(page).startswith(second) and highlighted(page) in REPORT
        expect(page.locator("#evidence [data-pane='c2'] mark").first).to_be_in_viewport()
        expect(page.locator(".prose .mark").nth(1)).to_have_attribute("aria-current", "true")
        picture(page, f"wide-{scheme}-second-source")


def test_everything_can_be_done_from_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        mark = page.locator(".prose .mark").nth(1)
        mark.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#evidence [data-pane='c2']")).to_be_visible()
        page.get_by_role("tab", name=words.LIBRARY).press("Enter")
        page.get_by_role("button", name="Remove A letter about eels").press("Enter")
        expect(page.locator("[data-remove]").nth(2)).to_be_focused()
        page.get_by_role("button", name=words.REMOVE_NO).press("Enter")
        expect(page.get_by_role("button", name="Remove A letter about eels")).to_be_focused()


def test_on_a_phone_the_source_follows_the_answer_and_leads_back(browser: Browser, address: str) -> None:
    with visit(browser, address, PHONE) as page:
        picture(page, "phone-welcome")
        ask(page, COST)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        picture(page, "phone-answer", whole=True)
        mark = page.locator(".prose .mark").nth(1)
        mark.click()
        expect(page.locator("#evidence [data-pane='c2'] mark").first).to_be_in_viewport()
        picture(page, "phone-source")
        page.get_by_role("button", name=words.BACK).click()
        expect(mark).to_be_focused()
        expect(mark).to_be_in_viewport()


@pytest.mark.parametrize(("size", "name"), [(WIDE, "wide"), (PHONE, "phone")])
def test_an_abstention_says_so_and_its_passages_open(
    browser: Browser, address: str, size: tuple[int, int], name: str
) -> None:
    with visit(browser, address, size) as page:
        ask(page, CHESS)
        expect(page.locator("#answer")).to_contain_text(words.ABSTAINED)
        expect(page.get_by_placeholder(words.PLACEHOLDER)).to_have_value(CHESS)
        picture(page, f"{name}-abstention")
        page.locator("#answer .card").nth(1).click()
        expect(page.locator("#evidence [data-pane='p2'] mark").first).to_be_in_viewport()


def test_the_scope_limits_the_question(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        page.get_by_role("combobox").click()
        page.get_by_role("option", name="Tide gate: summary").click()
        picture(page, "wide-scope")
        page.keyboard.press("Escape")
        ask(page, COST)
        files = page.locator("#evidence .source .about > span").all_text_contents()
        assert files and all(text.startswith("council-summary.pdf") for text in files)


def test_the_answer_can_be_copied_with_its_footnotes(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        ask(page, COST)
        page.get_by_role("button", name=words.COPY).click()
        expect(page.get_by_role("button", name=words.COPIED)).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(COST)
        assert "[2] Tide gate: summary for the council, council-summary.pdf, page 1" in copied


def test_an_empty_question_is_one_clear_line(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        page.get_by_placeholder(words.PLACEHOLDER).fill("?")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("the question is empty; write a few words")


def test_what_others_wrote_never_becomes_markup(browser: Browser, address: str, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=window.harmed=1><script>window.harmed=1</script>${window.harmed=1}{{1}}"
    paper = tmp_path / "<img src=x onerror=window.harmed=1>.txt"
    paper.write_text(f"{hostile}\n\nThe heron nests in the {hostile} bell tower of Quayside.")
    with visit(browser, address) as page:
        add(page, paper)
        ask(page, f"Where does the heron nest {hostile} in Quayside?")
        page.get_by_role("tab", name=words.LIBRARY).click()
        assert page.evaluate("window.harmed") is None
        assert page.locator("#rooms img, #answer script, #evidence script, #documents script").count() == 0
        assert (
            "<script>window.harmed=1</script>${window.harmed=1}{{1}}"
            in page.locator("#evidence mark").first.text_content()
        )
        remove(page, hostile)


def add(page: Page, *papers: Path) -> None:
    page.get_by_role("tab", name=words.LIBRARY).click()
    page.locator("#drop input[type=file]").set_input_files(papers)
    page.locator(".upload").first.wait_for()
    expect(page.locator(".upload--waiting, .upload--reading, .upload--embedding")).to_have_count(0)


def remove(page: Page, title: str) -> None:
    row = page.locator(".document", has=page.get_by_role("heading", name=title, exact=True))
    row.get_by_role("button", name=words.REMOVE).click()
    row.locator("[data-remove]").click()
    expect(row).to_have_count(0)


def test_files_are_added_told_one_by_one_asked_about_and_removed(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    paper, empty = tmp_path / "Lock keeper (draft).md", tmp_path / "nothing.txt"
    paper.write_text("# The lock keeper\n\nThe lock keeper at Quayside is called **Tove Lindqvist**.\n")
    empty.write_text("")
    with visit(browser, address) as page, visit(browser, address) as other:
        add(page, paper, empty)
        assert page.locator(".upload .file").all_text_contents() == ["Lock keeper (draft).md", "nothing.txt"]
        assert page.locator(".upload .state").all_text_contents() == ["Added", "Could not be read"]
        expect(page.locator("#ledger")).to_contain_text("the file is empty")
        picture(page, "wide-light-library", whole=True)
        other.get_by_role("tab", name=words.LIBRARY).click()
        expect(other.locator("#documents")).to_contain_text("The lock keeper")
        ask(page, "Who is the lock keeper at Quayside?")
        expect(page.locator(".prose")).to_contain_text("Tove Lindqvist")
        page.get_by_role("tab", name=words.LIBRARY).click()
        remove(page, "The lock keeper")
        expect(page.locator("#told")).to_contain_text("Removed The lock keeper.")
        expect(other.locator("#documents")).not_to_contain_text("The lock keeper")


@pytest.mark.parametrize(("size", "scheme", "name"), [(WIDE, "dark", "wide-dark"), (PHONE, "light", "phone")])
def test_the_library_room_fits(browser: Browser, address: str, size: tuple[int, int], scheme: str, name: str) -> None:
    with visit(browser, address, size, scheme) as page:
        page.get_by_role("tab", name=words.LIBRARY).click()
        page.get_by_role("button", name="Remove A letter about eels").click()
        expect(page.get_by_text(words.REMOVE_ASK).locator("visible=true")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        picture(page, f"{name}-library", whole=True)


def test_a_real_library_from_empty_to_cited_and_across_processes(browser: Browser, tmp_path: Path) -> None:
    from rag import Library

    paper, later = tmp_path / "ferry.md", tmp_path / "tram.txt"
    paper.write_text("# The ferry\n\nThe ferry to Skerry Island leaves at 7:40 every morning. It carries 36 cars.\n")
    later.write_text("The tram to the lighthouse was opened in 1931 by the harbour company.\n")
    runs = tmp_path / "runs"
    with server(str(tmp_path / "library"), runs=runs) as address, visit(browser, address) as page:
        expect(page.locator("#welcome")).to_contain_text(words.EMPTY_LIBRARY)
        picture(page, "wide-light-empty")
        page.get_by_role("button", name=words.ADD_DOCUMENTS).click()
        add(page, paper)
        ask(page, "When does the ferry to Skerry Island leave?")
        expect(page.locator(".prose")).to_contain_text("7:40")
        assert highlighted(page) == "The ferry to Skerry Island leaves at 7:40 every morning."
        with Library(tmp_path / "library") as elsewhere:
            elsewhere.add(later)
        page.get_by_role("tab", name=words.LIBRARY).click()
        expect(page.locator("#documents")).to_contain_text("tram")
        ask(page, "When was the tram to the lighthouse opened?")
        assert "1931" in highlighted(page)
        page.get_by_role("tab", name=words.EVALUATIONS).click()
        expect(page.locator("#runs")).to_contain_text(words.FIRST_RUN)
        picture(page, "wide-light-no-runs")
        make_run(runs / "first")
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Report of first").click()
        expect(opened.value.get_by_role("heading")).to_have_text("Nothing but figures")


@pytest.mark.parametrize(
    ("size", "scheme", "name"),
    [(WIDE, "light", "wide-light"), (WIDE, "dark", "wide-dark"), (PHONE, "dark", "phone"), (SMALL, "light", "small")],
)
def test_the_runs_are_listed_and_fit(
    browser: Browser, address: str, size: tuple[int, int], scheme: str, name: str
) -> None:
    with visit(browser, address, size, scheme) as page:
        page.get_by_role("tab", name=words.EVALUATIONS).click()
        rows = page.locator(".run")
        expect(rows).to_have_count(4)
        assert page.locator(".run h3").all_text_contents() == [
            "seeds.jsonl", HOSTILE, "seeds.jsonl", "20260301-old",
        ]  # fmt: skip
        brand, tab = page.locator(".brand h1"), page.get_by_role("tab", name=words.ASK)
        assert not overlap(brand.bounding_box(), tab.bounding_box())
        expect(rows.nth(0)).to_contain_text("1 error counted apart")
        expect(rows.nth(2)).to_contain_text("Not finished: 1 of 63 asked.")
        expect(rows.nth(3)).to_contain_text(words.RUN_DAMAGED)
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        picture(page, f"{name}-runs", whole=True)


def test_a_report_opens_in_a_tab_of_its_own_and_reaches_nothing(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        page.get_by_role("tab", name=words.EVALUATIONS).click()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="against-baseline").click()
        expect(opened.value.get_by_role("heading")).to_have_text("Compared")
        with page.context.expect_page() as opened:
            page.get_by_role("link", name=f"Report of {HOSTILE}").click()
        report = opened.value
        expect(report.locator("h1 img")).to_have_count(1)
        assert report.evaluate("window.origin") == "null" and report.evaluate("window.opener") is None
        assert report.evaluate("fetch('/config').then(() => 'reached', () => 'refused')") == "refused"
        assert page.evaluate("window.harmed") is None and page.locator("#runs img").count() == 0
        expect(page.locator(".run")).to_have_count(4)


def test_what_lies_beside_the_runs_is_not_served(browser: Browser, address: str, runs: Path) -> None:
    (runs.parent / "secret.html").write_text("SECRET")
    with visit(browser, address) as page:
        base = f"{address.rstrip('/')}/runs"
        assert page.request.get(f"{base}/20260304-090500-seeds/report.html").status == 200
        for path in ("..%2fsecret.html", "%2e%2e/secret.html", "20260301-old/results.jsonl", "none/report.html"):
            answer = page.request.get(f"{base}/{path}")
            assert answer.status == 404 and "SECRET" not in answer.text(), path


@pytest.mark.parametrize(
    ("size", "name", "scheme"),
    [(WIDE, "wide-light", "light"), (PHONE, "phone", "light"), (WIDE, "wide-dark", "dark")],
)
def test_a_follow_up_is_understood_and_what_came_before_stays(
    browser: Browser, address: str, size: tuple[int, int], name: str, scheme: str
) -> None:
    with visit(browser, address, size, scheme) as page:
        ask(page, FIRST)
        expect(page.locator(".understood")).to_have_count(0)
        expect(page.locator("#past .turn")).to_have_count(0)
        picture(page, f"{name}-talk-first")
        ask(page, THEN)
        expect(page.locator("#answer .understood")).to_have_text(words.UNDERSTOOD.format(question=UNDERSTOOD))
        expect(page.locator("#past .turn h2")).to_have_text([FIRST])
        expect(page.get_by_placeholder(words.PLACEHOLDER)).to_be_in_viewport()
        picture(page, f"{name}-talk-second")
        now = page.locator("#evidence mark:visible").first.text_content()
        earlier = page.locator("#past .turn").get_by_role("button", name="Show source 2")
        earlier.press("Enter")
        expect(earlier).to_have_attribute("aria-current", "true")
        expect(page.locator("#answer [aria-current]")).to_have_count(0)
        shown = "".join(page.locator("#evidence mark:visible").all_text_contents())
        assert shown in HARBOUR + REPORT and not shown.startswith(str(now))
        picture(page, f"{name}-talk-earlier-source")
        page.locator("#answer .prose").get_by_role("button", name="Show source 1").press("Enter")
        assert page.locator("#evidence mark:visible").first.text_content() == now
        expect(page.locator("#past [aria-current]")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_a_new_conversation_forgets_the_earlier_one_and_another_visitor_never_sees_it(
    browser: Browser, address: str
) -> None:
    with visit(browser, address) as page, visit(browser, address) as other:
        ask(page, FIRST)
        ask(other, THEN)
        expect(other.locator(".understood")).to_have_count(0)
        expect(other.locator("#past .turn")).to_have_count(0)
        page.get_by_role("button", name=words.NEW_CONVERSATION).press("Enter")
        expect(page.locator("#welcome")).to_contain_text(words.WELCOME)
        expect(page.locator("#answer section")).to_have_count(0)
        expect(page.get_by_role("button", name=words.NEW_CONVERSATION)).to_have_count(0)
        expect(page.get_by_placeholder(words.PLACEHOLDER)).to_be_focused()
        ask(page, THEN)
        expect(page.locator(".understood")).to_have_count(0)
        expect(page.locator("#past .turn")).to_have_count(0)
