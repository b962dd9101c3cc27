"""The library's room in a real browser: libraries chosen, folders dropped, passwords given, removals undone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from rag.web import words
from tests.browser import CHROMIUM, MIDDLE, PHONE, WIDE, ask, picture, server, visit

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium")

HOSTILE = "<img src=x onerror=window.harmed=1>"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two libraries; `ferry` holds one document."""
    from rag import Library

    folder = tmp_path_factory.mktemp("indexes")
    with Library(folder / "default"), Library(folder / "ferry") as ferry:
        ferry.add_bytes(b"# The ferry\n\nThe ferry to Skerry Island leaves at 7:40 every morning.\n", "ferry.md")
    return folder


@pytest.fixture(scope="module")
def real(shelf: Path) -> Iterator[str]:
    with server(str(shelf / "default"), runs=shelf / "runs") as address:
        yield address


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(runs=tmp_path_factory.mktemp("runs")) as address:
        yield address


def enter(page: Page) -> None:
    page.get_by_role("tab", name=words.LIBRARY).click()
    expect(page.locator("#drop")).to_be_visible()


def make(page: Page, name: str) -> None:
    page.locator(".chosen").click()
    page.get_by_role("menuitem", name=words.NEW_LIBRARY).click()
    page.get_by_label(words.NEW_NAME).fill(name)
    page.keyboard.press("Enter")


def at_rest(page: Page) -> None:
    expect(page.locator(".sending")).to_be_hidden()
    expect(page.locator(".intake")).to_have_attribute("data-busy", "false")


def drop(page: Page, *paths: Path) -> None:
    """Drops files or folders as the desktop does, with their entries."""
    box = page.locator(".zone").bounding_box()
    assert box
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    place = {"x": box["x"] + 20, "y": box["y"] + 20, "data": data}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **place})


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder as people have them: folders in it, a hidden one, a picture, an empty file, an odd name."""
    folder = tmp_path / "Reports"
    (folder / "2024").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "2024" / "tide gate.md").write_text("# The gate\n\nThe tide gate cost 61 million crowns in the end.\n")
    (folder / f"{HOSTILE}.txt").write_text("The eel ladder beside the tide gate was opened by the fishermen in May.\n")
    (folder / "empty.txt").write_text("")
    (folder / ".git" / "config.txt").write_text("hidden")
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


def test_a_library_is_chosen_from_the_keyboard_and_a_reload_keeps_it(browser: Browser, real: str) -> None:
    with visit(browser, real) as page:
        chosen = page.locator(".chosen")
        expect(chosen).to_contain_text("0 documents")
        chosen.press("Enter")
        expect(page.get_by_role("menuitemradio", name="default")).to_be_focused()
        picture(page, "library-chooser")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(chosen).to_contain_text("ferry")
        expect(chosen).to_be_focused()
        assert page.url.endswith("?library=ferry")
        ask(page, "When does the ferry to Skerry Island leave?")
        expect(page.locator("#answer .prose")).to_contain_text("7:40")
        page.reload()
        expect(chosen).to_contain_text("ferry 1 document")
        enter(page)
        expect(page.locator("#documents")).to_contain_text("The ferry")
        chosen.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(page.locator(".libraries")).to_be_hidden()
        expect(chosen).to_be_focused()
        chosen.click()
        page.get_by_role("menuitemradio", name="default").click()
        expect(page.locator("#documents")).to_contain_text(words.EMPTY_LIBRARY)
        assert "library=" not in page.url


def test_a_library_that_is_gone_is_said_to_be(browser: Browser, real: str) -> None:
    with visit(browser, f"{real}?library=../ferry") as page:
        expect(page.get_by_role("alert")).to_have_text(words.LOST_LIBRARY.format(name="../ferry", first="default"))
        assert "library=" not in page.url


def test_a_new_library_begins_with_the_examples(browser: Browser, real: str) -> None:
    with visit(browser, real) as page:
        make(page, "ferry")
        expect(page.locator("#wrong-name")).to_contain_text("already; choose another name")
        expect(page.get_by_label(words.NEW_NAME)).to_be_focused()
        expect(page.get_by_label(words.NEW_NAME)).to_have_value("ferry")
        picture(page, "library-name-taken")
        page.get_by_label(words.NEW_NAME).fill("News")
        page.get_by_role("button", name=words.MAKE, exact=True).click()
        expect(page.locator(".chosen")).to_contain_text("News")
        expect(page.locator("#documents")).to_contain_text(words.EMPTY_LIBRARY)
        picture(page, "library-empty")
        page.get_by_role("button", name=words.ADD_EXAMPLES).click()
        at_rest(page)
        expect(page.locator(".upload--added")).to_have_count(5)
        expect(page.locator("#figures")).to_contain_text("Documents5")
        expect(page.locator(".document")).to_have_count(5)
        picture(page, "library-examples", whole=True)
        page.get_by_role("tab", name=words.ASK, exact=True).click()
        page.get_by_role("button", name=words.EXAMPLES[0]).click()
        expect(page.locator("#answer section[data-done]")).to_contain_text("25 million")


def test_a_folder_is_dropped_and_its_names_stay_readable(browser: Browser, real: str, reports: Path) -> None:
    with visit(browser, real) as page:
        make(page, "Dropped")
        expect(page.locator(".chosen")).to_contain_text("Dropped")
        expect(page.locator("#drop")).to_be_visible()
        drop(page, reports)
        expect(page.locator(".upload")).to_have_count(3)
        at_rest(page)
        assert sorted(page.locator(".upload .file").all_text_contents()) == [
            "Reports/2024/tide gate.md", f"Reports/{HOSTILE}.txt", "Reports/empty.txt",
        ]  # fmt: skip
        expect(page.locator("#told")).to_have_text(words.LEFT_OUT_ONE)
        expect(page.locator("#documents")).to_contain_text("Reports/2024/tide gate.md")
        expect(page.locator("#ledger")).to_contain_text("The file is empty.", ignore_case=True)
        picture(page, "library-folder", whole=True)
        assert page.evaluate("window.harmed") is None
        ask(page, "What did the tide gate cost?")
        expect(page.locator("#answer .prose")).to_contain_text("61 million")


def test_a_folder_can_also_be_chosen(browser: Browser, real: str, reports: Path) -> None:
    with visit(browser, real) as page:
        make(page, "Chosen")
        expect(page.locator(".chosen")).to_contain_text("Chosen")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name=words.UPLOAD_FOLDER).click()
        chooser.value.set_files(reports)
        at_rest(page)
        expect(page.locator("#documents")).to_contain_text("Reports/2024/tide gate.md")
        assert ".git" not in page.locator("#library").inner_text()


def test_what_is_cancelled_is_not_added_and_what_was_added_stays(browser: Browser, fake: str, tmp_path: Path) -> None:
    papers = [tmp_path / f"{number}.txt" for number in range(80)]
    for number, paper in enumerate(papers):
        paper.write_text(f"Paper {number} of the harbour.")
    with visit(browser, fake) as page:
        enter(page)
        documents = page.locator("#figures dd").first
        before = int(documents.inner_text())
        page.locator("#drop input[type=file]").set_input_files(papers)
        page.locator(".intake[data-busy=true] .upload--added").first.wait_for()
        picture(page, "library-adding")
        page.locator("#intake").get_by_role("button", name=words.CANCEL).click()
        at_rest(page)
        told = page.locator(".intake .sum p").inner_text()
        added, cancelled = (int(number) for number in re.findall(r"\d+", told))
        assert told == f"{added} added, {cancelled} not added." and added >= 1 and added + cancelled <= 80
        expect(documents).to_have_text(str(before + added))
        picture(page, "library-cancelled")
        page.get_by_role("button", name=words.CLEAR).click()
        expect(page.locator(".upload")).to_have_count(0)
        expect(documents).to_have_text(str(before + added))


def test_a_password_is_given_in_the_ledger_and_stays_nowhere(
    browser: Browser, real: str, shelf: Path, tmp_path: Path
) -> None:
    sealed = tmp_path / "minutes.pdf"
    canvas = Canvas(str(sealed), encrypt=StandardEncryption("open sesame", ownerPassword="owner"))
    canvas.drawString(72, 720, "The harbour board met behind closed doors on 4 May 2024.")
    canvas.save()
    with visit(browser, real) as page:
        make(page, "Sealed")
        expect(page.locator(".chosen")).to_contain_text("Sealed")
        page.locator("#drop input[type=file]").set_input_files(sealed)
        field = page.get_by_label(words.PASSWORD_LABEL.format(name="minutes.pdf"))
        field.fill("not this one")
        picture(page, "library-password")
        field.press("Enter")
        expect(page.locator("#ledger")).to_contain_text("this password does not open it", ignore_case=True)
        expect(field).to_have_value("")
        field.fill("open sesame")
        page.get_by_role("button", name=words.OPEN_WITH_IT, exact=True).click()
        expect(page.locator("#documents")).to_contain_text("minutes.pdf")
        expect(page.locator("#ledger")).to_be_empty()
        assert "open sesame" not in page.content()
        remove(page, "minutes")
        page.get_by_role("button", name=words.UNDO).click()
        expect(page.locator("#documents")).to_contain_text("minutes.pdf")
    kept = [path for path in (shelf / "Sealed").rglob("*") if path.is_file()]
    assert kept and not any(b"open sesame" in path.read_bytes() for path in kept)


def remove(page: Page, title: str) -> None:
    row = page.locator(".document", has=page.get_by_role("heading", name=title, exact=True))
    row.locator("[data-ask]").click()
    row.locator("[data-remove]").click()
    expect(row).to_have_count(0)


def test_a_removal_is_undone(browser: Browser, fake: str) -> None:
    with visit(browser, fake) as page:
        enter(page)
        remove(page, "A letter about eels")
        undo = page.get_by_role("button", name=words.UNDO)
        expect(undo).to_be_focused()
        picture(page, "library-undo")
        undo.press("Enter")
        expect(page.locator("#documents")).to_contain_text("A letter about eels")
        expect(page.locator("#told")).to_contain_text("Bringing back A letter about eels.")


def test_a_file_of_the_ledger_is_tried_again(browser: Browser, fake: str) -> None:
    with visit(browser, fake) as page:
        enter(page)
        expect(page.locator("#ledger")).to_contain_text(words.ADVICE["no_text_layer"])
        page.get_by_role("button", name=words.RETRY_LABEL.format(name="scan.pdf")).click()
        expect(page.locator(".upload--failed")).to_contain_text("scan.pdf")


def test_a_document_is_read_and_closed_again(browser: Browser, fake: str) -> None:
    with visit(browser, fake) as page:
        enter(page)
        title = page.get_by_role("button", name="Harbour board weighs the new tide gate", exact=True)
        title.click()
        paper = page.get_by_role("dialog")
        expect(paper).to_contain_text("We are arguing about who pays for the wall.")
        picture(page, "library-reading")
        page.keyboard.press("Escape")
        expect(paper).to_be_hidden()
        expect(title).to_be_focused()
        title.click()
        expect(paper).to_be_visible()


def test_the_filter_says_what_is_left_and_limits_the_question(browser: Browser, fake: str) -> None:
    with visit(browser, fake) as page:
        page.locator("#narrow summary").press("Enter")
        page.get_by_label("PDF").check()
        left = page.locator("#remaining")
        expect(left).to_contain_text(re.compile(r"Searches 1 of \d+ documents\."))
        picture(page, "ask-narrowed")
        ask(page, "What would the tide gate cost, 48 or 52 million crowns?")
        expect(page.locator("#answer .prose")).to_contain_text("52 million")
        expect(page.locator("#answer .prose")).not_to_contain_text("estimate is 48 million")
        expect(page.get_by_label(words.FROM, exact=True)).to_be_hidden()
        page.locator("#narrow summary").click()
        page.get_by_label(words.FROM, exact=True).fill("2025-01-01")
        expect(left).to_contain_text(words.NOTHING_LEFT)
        picture(page, "ask-nothing-left")
        page.get_by_placeholder(words.PLACEHOLDER).fill("What would the gate cost?")
        page.keyboard.press("Enter")
        expect(page.locator("#answer").get_by_role("alert")).to_have_text(words.NOTHING_LEFT)
        page.get_by_role("button", name=words.OPEN_AGAIN).click()
        expect(left).to_be_empty()
        expect(page.get_by_label("PDF")).not_to_be_checked()
        ask(page, "What would the tide gate cost, 48 or 52 million crowns?")
        expect(page.locator("#answer .prose")).to_contain_text("48 million")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "name"), [(WIDE, "wide"), (MIDDLE, "middle"), (PHONE, "phone")])
def test_the_room_and_the_chooser_fit(
    browser: Browser, real: str, size: tuple[int, int], name: str, scheme: str
) -> None:
    with visit(browser, f"{real}?library=ferry", size, scheme) as page:
        expect(page.locator(".chosen")).to_contain_text("ferry")
        enter(page)
        expect(page.locator("#documents")).to_contain_text("The ferry")
        page.locator(".chosen").click()
        menu = page.locator(".libraries").bounding_box()
        assert menu and menu["x"] >= 0 and menu["x"] + menu["width"] <= size[0]
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        picture(page, f"library-{name}-{scheme}", whole=True)


def test_looking_around_is_narrowed_too(browser: Browser, fake: str) -> None:
    with visit(browser, fake) as page:
        page.get_by_role("tab", name=words.EXPLORE).click()
        page.locator("#narrow_explore summary").click()
        page.locator("#narrow_explore").get_by_label("E-mail").check()
        expect(page.locator("#remaining_explore")).to_contain_text("Searches 1 of")
        page.locator("#query textarea, #query input").first.fill("tide gate")
        page.keyboard.press("Enter")
        expect(page.locator("#finds")).to_contain_text("A letter about eels")
        expect(page.locator("#finds")).not_to_contain_text("Harbour board")
        picture(page, "explore-narrowed")
