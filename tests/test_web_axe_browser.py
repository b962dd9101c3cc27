"""What axe-core can check of WCAG 2.2 AA holds: in every room and state, light and dark, wide and on a phone.

Nothing is left out of what it looks at. On the way through all rooms, nothing but this machine is asked for anything.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from rag.loaders import fetch, parse
from rag.types import Failure
from rag.users import Users
from rag.web import words
from rag.web.house import Choice, House
from tests.browser import CHROMIUM, PHONE, ROOT, WIDE, ask, at_rest, visit
from tests.inking import Leaf, inked, paragraph
from tests.test_web_measuring import runs
from tests.web_answer_fakes import COST, DENIED, DOUBTFUL, ENDLESS, SILENT, Staged
from tests.web_fakes import FakeLibrary

AXE = Path(os.environ.get("AXE_CORE") or ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js")
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
OTHERWISE = {"light": "dark", "dark": "light"}
BEACON = "Which colours do the beacon lamps of the northern skerries show to sailors at night?"
EMPTY = "empty shelf"
CHECK = """async (only) => {
  const rules = only.type === "tag" ? { "target-size": { enabled: true } } : {};  // switched off unless asked for
  const found = await axe.run({ runOnly: only, rules, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")} ${node.html.slice(0, 160)}`));
}"""
DRAWN = "() => [...document.querySelectorAll('.facsimile img')].some((one) => one.naturalWidth)"

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium"),
    pytest.mark.skipif(
        not AXE.is_file(), reason="no axe-core; `npm install --prefix tests --no-save axe-core`, or set AXE_CORE"
    ),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's, which runs in this process
]


class Two(House):
    """The harbour, and a library without documents."""

    def __init__(self, library: Staged, runs: Path) -> None:
        super().__init__(library, runs)
        self._libraries[EMPTY] = FakeLibrary(())

    @property
    def can_grow(self) -> bool:
        return True

    def names(self) -> list[Choice]:
        return [Choice(name, name, len(library.documents())) for name, library in self._libraries.items()]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Two:
    """With a PDF whose pages can be seen, a file that wants a password, one that cannot be read, and five runs."""
    folder = tmp_path_factory.mktemp("axe")
    lamps = "*The beacon lamps of the northern skerries show colour 7 to sailors at night.*"
    weather = [f"{line}: A line about weather, of which there is much on this coast." for line in range(12)]
    leaf = Leaf(paragraph(50, 330, *weather[:6], lamps, *weather[6:], size=10))
    (folder / "almanac.pdf").write_bytes(inked(leaf, leaf))
    library = Staged(delay=0.02)
    library.put(parse(fetch(str(folder / "almanac.pdf"), max_bytes=10_000_000)))
    for name, kind in (("sealed.pdf", "password"), ("scan.pdf", "no_text_layer")):
        source = f"/docs/{name}"
        library._failures[source] = Failure(source, f"{name} is {kind}", kind, "2024-05-28T10:12:00Z")
    runs(folder / "runs", 0.81, 0.86, 0.84, 0.9)
    runs(folder / "runs", 0.93, data="d2")
    return Two(library, folder / "runs")


@contextmanager
def opened_at(house: House) -> Iterator[str]:
    from rag.web.opening import opened

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        page = opened(house, "127.0.0.1", port)
        yield page.local_url
        page.close(verbose=False)


@pytest.fixture(scope="module")
def address(house: Two) -> Iterator[str]:
    with opened_at(house) as served:
        yield served


class Checked:
    """A page whose faults are gathered by the state they were found in."""

    def __init__(self, page: Page, name: str, scheme: str) -> None:
        self.page = page
        self.name = name
        self.scheme = scheme
        self.faults: list[str] = []
        page.evaluate(AXE.read_text(encoding="utf-8"))

    def look(self, state: str) -> None:
        """All rules as the page is dressed, and those of colour in the other dress."""
        for scheme, only in ((self.scheme, ALL), (OTHERWISE[self.scheme], OF_COLOUR)):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            dark = str(scheme == "dark").lower()
            self.page.wait_for_function(f"document.body.classList.contains('dark') === {dark}")
            at_rest(self.page)
            found: list[Any] = self.page.evaluate(CHECK, only)
            self.faults += [f"{state} ({self.name}, {scheme}): {one}" for one in found]
        self.page.emulate_media(color_scheme=self.scheme)  # type: ignore[arg-type]


def room(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def asking(page: Page, now: Checked) -> None:
    now.look("welcome")
    page.locator("#narrow summary").click()
    now.look("narrowing")
    page.locator("#narrow summary").click()
    page.get_by_placeholder(words.PLACEHOLDER).fill("?")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    now.look("fault")
    page.get_by_placeholder(words.PLACEHOLDER).fill(ENDLESS)
    page.keyboard.press("Enter")
    page.locator("#answer .stages").wait_for()
    now.look("under way")
    page.get_by_role("button", name=words.STOP).click()
    page.locator("#answer").get_by_text(words.STOPPED).wait_for()
    ask(page, DOUBTFUL)
    page.evaluate("document.querySelectorAll('#answer details').forEach((one) => { one.open = true; })")
    now.look("doubts")
    page.locator("#answer .mark").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.locator(".peek:popover-open").wait_for()
    now.look("card")
    for name, question in (("silence", SILENT), ("denial", DENIED), ("disagreement", COST), ("page", BEACON)):
        ask(page, question)
        if name == "page":
            page.wait_for_function(
                "() => [...document.querySelectorAll('.facsimile img')].some((one) => one.naturalWidth)"
            )
            page.locator(".thumb:visible").first.wait_for()
        now.look(name)
    page.get_by_role("button", name=words.AS_TEXT, exact=True).locator("visible=true").click()
    now.look("text")
    page.get_by_role("button", name=words.PAST, exact=True).click()
    page.locator("#conversations .shelf").wait_for()
    now.look("past")
    page.keyboard.press("Escape")


def keeping(page: Page, now: Checked) -> None:
    room(page, words.LIBRARY)
    page.locator(".document").first.wait_for()
    now.look("library")
    page.get_by_role("button", name="Remove A letter about eels").click()
    now.look("removal")
    page.keyboard.press("Escape")
    page.locator("[data-read]").first.click()
    page.locator("#paper dialog[open]").wait_for()
    now.look("paper")
    page.keyboard.press("Escape")
    page.locator(".chosen").click()
    now.look("chooser")
    page.get_by_role("menuitem", name=words.NEW_LIBRARY).click()
    now.look("new library")
    page.keyboard.press("Escape")


def around(page: Page, now: Checked) -> None:
    room(page, words.EXPLORE)
    page.locator("#finds").get_by_text(words.EXPLORE_LEAD).wait_for()
    now.look("explore")
    page.get_by_placeholder(words.LOOK_FOR).fill(COST)
    page.keyboard.press("Enter")
    page.locator("#finds [data-done]").wait_for()
    page.locator("#finds .card").first.click()
    page.locator("#beside .pane").first.wait_for()
    page.evaluate("document.querySelectorAll('#finds details').forEach((one) => { one.open = true; })")
    now.look("found")
    page.get_by_role("tab", name=words.MAP).click()
    page.locator("#map .point").first.wait_for()
    page.locator("#places .place").first.wait_for()
    now.look("map")
    page.get_by_role("tab", name=words.TIMELINE).click()
    page.locator("#timeline .bars").wait_for()
    now.look("timeline")


def figures(page: Page, now: Checked) -> None:
    room(page, words.EVALUATIONS)
    page.locator(".trend").first.wait_for()
    now.look("evaluations")
    room(page, words.SETTINGS)
    page.locator(".settings .row").first.wait_for()
    now.look("settings")


def emptiness(page: Page, now: Checked) -> None:
    page.locator(".chosen").click()
    page.get_by_role("menuitemradio", name=EMPTY).click()
    for name in (words.LIBRARY, words.EXPLORE, words.ASK):
        room(page, name)
        page.get_by_text(words.EMPTY_LIBRARY).locator("visible=true").first.wait_for()
        now.look(f"empty {name}")


@pytest.mark.parametrize(("size", "scheme", "name"), [(WIDE, "light", "wide"), (PHONE, "dark", "phone")])
def test_no_room_breaks_a_rule(browser: Browser, address: str, size: tuple[int, int], scheme: str, name: str) -> None:
    with visit(browser, address, size, scheme) as page:
        now = Checked(page, name, scheme)
        for walk in (asking, keeping, around, figures, emptiness):
            walk(page, now)
    assert not now.faults, "\n".join(now.faults)


def test_signing_in_breaks_no_rule(browser: Browser, house: Two, tmp_path: Path) -> None:
    users = Users(tmp_path / "users.json")
    users.add("anna", "correct horse battery")
    with opened_at(House(Staged(), house.runs, users=users)) as address:
        context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, bypass_csp=True)
        page = context.new_page()
        page.goto(address)
        now = Checked(page, "wide", "light")
        now.look("sign-in")
        page.get_by_label(words.SIGN_IN_NAME).fill("anna")
        page.get_by_label(words.SIGN_IN_PASSWORD).fill("no")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        now = Checked(page, "phone", "light")
        now.look("sign-in refused")
        context.close()
    assert not now.faults, "\n".join(now.faults)


def test_a_fault_would_be_seen(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html lang="en"><title>A</title><main><h1>A</h1><button></button>'
                     '<p style="color: #aaa; background: #fff">pale</p></main></html>')  # fmt: skip
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert sorted(one.split(":")[0] for one in page.evaluate(CHECK, ALL)) == ["button-name", "color-contrast"]
    assert [one.split(":")[0] for one in page.evaluate(CHECK, OF_COLOUR)] == ["color-contrast"]
    page.close()
