"""The addresses of the source viewer: boxes, page images and text of the version that was cited, and of no other."""

import io
import os
import re
import threading
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.testclient import TestClient

from rag.loaders import fetch, parse
from rag.types import Document
from rag.web import originals, pages, words
from rag.web.house import House
from rag.web.originals import Originals, address
from rag.web.reading import LONGEST
from tests.inking import Leaf, inked, paragraph
from tests.web_fakes import FakeLibrary, document, harbour

GATE = "The gate would close about twelve times a year."
LETTER = Leaf(paragraph(50, 300, "The harbour board met on Monday to weigh a tide gate.", f"*{GATE}*", "So it said."))
SECOND = Leaf(paragraph(50, 300, "The second page tells of eels that climb the river in April."))


def loaded(path: Path) -> Document:
    return parse(fetch(str(path), max_bytes=10_000_000))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "gate.pdf"
    path.write_bytes(inked(LETTER, SECOND))
    return path


@pytest.fixture
def library(paper: Path) -> FakeLibrary:
    return FakeLibrary([loaded(paper), *harbour()])


def nobody(_: Request) -> str:
    return ""


def served(library: FakeLibrary, visitor: pages.Visitor = nobody) -> TestClient:
    app = FastAPI()
    pages.attach(app, House(library, Path("runs"), name="the harbour"), visitor)
    return TestClient(app)


def base(library: FakeLibrary, source: Path | str) -> str:
    return "/" + address("the harbour", library.document(str(source)))


def place(client: TestClient, library: FakeLibrary, source: Path | str, quote: str = GATE) -> dict[str, Any]:
    start = library.document(str(source)).text.index(quote)
    reply = client.get(f"{base(library, source)}/place", params={"start": start, "end": start + len(quote)})
    assert reply.status_code == 200 and reply.headers["cache-control"] == "no-store"
    return dict(reply.json())


def test_a_citation_is_placed_and_its_page_drawn(library: FakeLibrary, paper: Path) -> None:
    client = served(library)
    told = place(client, library, paper)
    assert told["state"] == "same" and told["heights"] == [0.8, 0.8]
    (page,) = told["pages"]
    ((left, top, width, height),) = page["boxes"]
    assert page["number"] == 1 and left == pytest.approx(10, abs=0.5) and 0 < top < 40 and width > 40 and height < 5
    image = client.get(f"{base(library, paper)}/pages/1", params={"width": 600})
    assert image.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(image.content)).size == (600, 480)


def test_headers_are_strict(library: FakeLibrary, paper: Path) -> None:
    client, start = served(library), base(library, paper)
    addresses = ("place?start=0&end=9", "pages/1?width=600", "text?start=0&end=9&before=0&after=0", "pages/9?width=600")
    for reply in (client.get(f"{start}/{end}") for end in addresses):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cross-origin-resource-policy"] == "same-origin"
        assert reply.headers["content-security-policy"].startswith("default-src 'none'")
        kept = reply.headers["cache-control"]
        assert kept == ("private, max-age=600" if reply.headers["content-type"] == "image/jpeg" else "no-store")


def test_a_changed_file_is_told_and_its_pages_are_not_shown(library: FakeLibrary, paper: Path) -> None:
    client = served(library)
    assert place(client, library, paper)["state"] == "same"
    paper.write_bytes(inked(SECOND))
    assert place(client, library, paper) == {"state": "changed"}
    assert client.get(f"{base(library, paper)}/pages/1?width=600").status_code == 404


def test_a_change_that_leaves_size_and_time_as_they_were_is_seen_before_the_file_was_read(
    library: FakeLibrary, paper: Path
) -> None:
    data, status = bytearray(paper.read_bytes()), paper.stat()
    data[-2] ^= 1
    paper.write_bytes(data)
    os.utime(paper, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert place(served(library), library, paper) == {"state": "changed"}


def test_a_file_that_was_touched_only_is_still_the_same(library: FakeLibrary, paper: Path) -> None:
    client = served(library)
    assert place(client, library, paper)["state"] == "same"
    os.utime(paper, (1, 1))
    assert place(client, library, paper)["state"] == "same"


@pytest.mark.parametrize("how", ["removed", "folder"])
def test_a_vanished_file_is_told(library: FakeLibrary, paper: Path, how: str) -> None:
    paper.unlink()
    if how == "folder":
        paper.mkdir()
    client = served(library)
    assert place(client, library, paper) == {"state": "gone"}
    assert client.get(f"{base(library, paper)}/pages/1?width=600").status_code == 404


def test_texts_too_tell_that_their_file_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "gate.md"
    path.write_text(f"# The gate\n\n{GATE}\n")
    library = FakeLibrary([loaded(path)])
    client = served(library)
    assert place(client, library, path) == {"state": "same"}
    path.write_text("Something else.")
    assert place(client, library, path) == {"state": "changed"}


def test_what_was_read_from_an_address_has_no_file(paper: Path) -> None:
    there = document("https://example.org/gate.pdf", "The gate", GATE, "application/pdf")
    library = FakeLibrary([there])
    assert place(served(library), library, there.source) == {"state": "away"}


def test_a_pdf_under_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(inked(LETTER, password="oyster"))
    library = FakeLibrary([parse(fetch(str(path), max_bytes=10_000_000), password="oyster")])
    told = place(served(library), library, path)
    assert told == {"state": "password", "why": "sealed.pdf: protected by a password; its pages are not shown"}


def test_a_span_that_is_not_on_the_page_has_no_boxes(library: FakeLibrary, paper: Path) -> None:
    known = library.document(str(paper))
    library.put(Document(known.id, known.source, known.sha256, "x", "Words of another text." * 5, known.media_type,
                         pages=known.pages[:1]))  # fmt: skip
    told = place(served(library), library, paper, "Words of another text.")
    assert told["state"] == "same" and told["pages"] == []


@pytest.mark.parametrize(
    "ending",
    [
        "pages/0?width=600", "pages/3?width=600", "pages/-1?width=600", "pages/1?width=601", "pages/1?width=99999999",
        "place?start=0&end=100000000", "place?start=-5&end=5", "place?start=9&end=3",
        "text?start=0&end=100000000&before=0&after=0",
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(library: FakeLibrary, paper: Path, ending: str) -> None:
    assert served(library).get(f"{base(library, paper)}/{ending}").status_code == 404


@pytest.mark.parametrize("ending", ["pages/one?width=600", "pages/1", "place?start=a&end=9",
                                    f"text?start=0&end=9&before=0&after={LONGEST + 1}"])  # fmt: skip
def test_what_makes_no_sense_is_refused(library: FakeLibrary, paper: Path, ending: str) -> None:
    assert served(library).get(f"{base(library, paper)}/{ending}").status_code == 422


def test_only_documents_of_the_library_in_that_version_are_served(library: FakeLibrary, paper: Path) -> None:
    client, known = served(library), library.document(str(paper))
    secret = paper.parent / "secret.pdf"
    secret.write_bytes(inked(SECOND))
    other = loaded(secret)
    for name, one, sha in (
        ("the harbour", "d-unknown", known.sha256),
        ("the harbour", known.id, other.sha256),
        ("the harbour", other.id, other.sha256),
        ("another library", known.id, known.sha256),
        ("..", known.id, known.sha256),
        ("the harbour", "..", known.sha256),
        ("the harbour", str(secret).replace("/", "%2F"), known.sha256),
        ("the harbour", f"..%2F..%2F{secret.name}", known.sha256),
    ):
        for ending in ("place?start=0&end=5", "pages/1?width=600", "text?start=0&end=5&before=0&after=0"):
            reply = client.get(f"/originals/{name}/{one}/{sha}/{ending}")
            assert reply.status_code == 404, (name, one, sha, ending)
            assert "eels" not in reply.text and str(paper.parent) not in reply.text


def test_who_may_not_enter_gets_nothing(library: FakeLibrary, paper: Path) -> None:
    def stranger(_: Request) -> str:
        raise HTTPException(401, words.SIGN_IN_FIRST)

    client = served(library, stranger)
    for ending in ("place?start=0&end=5", "pages/1?width=600", "text?start=0&end=5&before=0&after=0"):
        assert client.get(f"{base(library, paper)}/{ending}").status_code == 401


def test_one_reads_on_before_and_after(tmp_path: Path) -> None:
    hostile = "<script>window.harmed=1</script>"
    told = "\n\n".join(f"Paragraph {number} of the book {hostile}." for number in range(2000))
    book = document(str(tmp_path / "book.txt"), "The book", told, "text/plain")
    library = FakeLibrary([book])
    start = told.index("Paragraph 1000")
    client, span = served(library), {"start": start, "end": start + 14}

    def text(before: int, after: int) -> str:
        reply = client.get(f"{base(library, book.source)}/text", params={**span, "before": before, "after": after})
        assert reply.headers["content-type"].startswith("text/html")
        return reply.text

    near, far = text(1500, 1500), text(6000, 1500)
    assert "<mark" in near and "<script" not in near and "&lt;script&gt;" in near
    assert "Paragraph 950 " not in near and "Paragraph 950 " in far and "Paragraph 1100 " not in far
    assert 'data-before="6000" data-after="1500"' in near and 'data-before="24000" data-after="1500"' in far
    whole = text(LONGEST, LONGEST)
    assert "Paragraph 0 " in whole and "Paragraph 1999 " in whole and "<button" not in whole


def test_a_file_is_read_once_however_many_pages_are_drawn(
    library: FakeLibrary, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests: list[object] = []
    digest = originals.hashlib.file_digest
    monkeypatch.setattr(originals.hashlib, "file_digest", lambda *given: digests.append(given) or digest(*given))
    client = served(library)
    for width in (120, 600, 800):
        for number in (1, 2):
            assert client.get(f"{base(library, paper)}/pages/{number}?width={width}").status_code == 200
    assert len(digests) == 1


def test_the_script_asks_for_widths_that_are_drawn() -> None:
    script = resources.files("rag.web").joinpath("scripts/pages.js").read_text(encoding="utf-8")
    drawn = re.search(r"DRAWN = \[([\d, ]+)\]", script)
    thumb = re.search(r"THUMB = (\d+);", script)
    assert drawn and thumb
    assert tuple(map(int, [thumb[1], *drawn[1].split(",")])) == originals.WIDTHS


def test_what_is_kept_in_memory_is_bounded() -> None:
    kept: originals._Kept[int, bytes] = originals._Kept(100, len)
    made: list[int] = []

    def make(key: int, size: int = 30) -> bytes:
        made.append(key)
        return b"x" * size

    for key in (1, 2, 3, 1, 4, 1, 2):
        kept.get(key, lambda key=key: make(key))  # type: ignore[misc]
    assert made == [1, 2, 3, 4, 2]
    assert len(kept.get(9, lambda: make(9, 500))) == 500 and kept.get(9, lambda: make(0)) and made[-1] == 9


def test_many_visitors_at_once_get_the_right_pages(tmp_path: Path) -> None:
    library = FakeLibrary()
    paths = [tmp_path / f"{number}.pdf" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(inked(*(Leaf(paragraph(50, 300, f"File {number}, page {page}.")) for page in range(4))))
        library.put(loaded(path))
    shelf, drawn = Originals(), {}

    def look(number: int) -> None:
        one = library.document(str(paths[number % 3]))
        for page in range(1, 5):
            drawn[number, page] = shelf.page(one.source, one.sha256, page, 600)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 48 and len(set(drawn.values())) == 12
    assert all(drawn[number, page] == drawn[number % 3, page] for number, page in drawn)
