"""The library's room without a browser: documents taken in, removed and brought back, and the ledger worked through."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from rag import Library
from rag.errors import BadInput, LibraryError
from rag.types import Entry, Failure, IngestReport, Progress
from rag.web import facts, filtering, incoming, ledger, room, seeds, undoing, words
from rag.web.choosing import masthead
from rag.web.desk import Desk
from rag.web.filtering import Wanted
from rag.web.house import Choice, House
from rag.web.keeping import Keeper
from rag.web.uploads import Intake, Line, Upload, arrival
from tests.fakes import SharedWordsReranker, WordHashEmbedder
from tests.web_fakes import FakeLibrary, document, harbour

HOSTILE = "<img src=x onerror=alert(1)>"


def opened(path: Path) -> Library:
    return Library(path, embedder=WordHashEmbedder(), reranker=SharedWordsReranker())


def upload(folder: Path, name: str, data: bytes) -> Upload:
    path = folder / f"sent-{len(list(folder.iterdir()))}"
    path.write_bytes(data)
    return Upload(name, path)


def settled(keeper: Keeper) -> str:
    """How everything fared, once nothing is under way."""
    ends = time.monotonic() + 30
    while keeper.intake.busy:
        assert time.monotonic() < ends, "the intake did not come to rest"
        time.sleep(0.005)
    return text(keeper.told())


def text(markup: str) -> str:
    return " ".join(lxml.html.fragment_fromstring(markup or "<p></p>", create_parent="div").text_content().split())


def undo_of(told: str) -> str:
    return str(lxml.html.fragment_fromstring(told, create_parent="div").xpath("//@data-undo")[0])


# --- taking documents in


def test_each_file_is_told_by_itself_and_its_temporary_copy_goes(tmp_path: Path) -> None:
    library = FakeLibrary(harbour())
    same = b"Eels climb at night."
    library.add_bytes(same, "known.txt")
    keeper = Keeper(library)
    files = [
        upload(tmp_path, "new.txt", b"The lock keeper is called Tove."), upload(tmp_path, "known.txt", same),
        upload(tmp_path, "empty.txt", b""), upload(tmp_path, "odd.bin", b"\x00\x01"),
    ]  # fmt: skip
    keeper.add(files, [Line("film.pdf", "failed", "too large")])
    settled(keeper)
    lines = keeper.intake.lines()
    assert [line.state for line in lines] == ["added", "unchanged", "failed", "failed", "failed"]
    assert lines[3].detail == "odd.bin is not a file Pincite can read" and not list(tmp_path.iterdir())


def test_the_folders_of_a_file_stay_in_its_name_and_lead_nowhere_else(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as library:
        (tmp_path / "sent").mkdir()
        keeper = Keeper(library)
        keeper.add([
            upload(tmp_path / "sent", "reports/2024/../gate.txt", b"The gate closes at dusk."),
            upload(tmp_path / "sent", "..\\..\\reports\\2023\\gate.txt", b"The gate stood open all day."),
        ])  # fmt: skip
        settled(keeper)
        sources = [entry.source for entry in library.documents()]
        assert sorted(map(room.path_of, sources)) == ["reports/2023/gate.txt", "reports/2024/gate.txt"]
        assert all(Path(source).is_relative_to(library.path / "originals") for source in sources)
        library.remove(*sources)
        assert list((library.path / "originals").iterdir()) == []


class Slow(FakeLibrary):
    """Holds each file until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Semaphore(0), threading.Semaphore(0)

    def add_bytes(
        self, data: bytes, name: str, *, folder: str = "", progress: Callable[[Progress], None] | None = None
    ) -> IngestReport:
        if progress:
            progress(Progress(0, 1, name, "embedding"))
        self.begun.release()
        assert self.go.acquire(timeout=30)
        return super().add_bytes(data, name, folder=folder)


def test_cancelling_finishes_the_one_at_hand_and_drops_the_others(tmp_path: Path) -> None:
    library = Slow()
    keeper = Keeper(library)
    keeper.add([upload(tmp_path, f"{number}.txt", f"Paper {number}.".encode()) for number in range(4)])
    assert library.begun.acquire(timeout=30)
    library.go.release()
    assert library.begun.acquire(timeout=30)
    assert [line.state for line in keeper.intake.lines()] == ["added", "embedding", "waiting", "waiting"]
    assert "data-cancel" in keeper.told() and "1 of 4" in text(keeper.told())
    keeper.intake.cancel()
    assert "data-cancel" not in keeper.told()
    library.go.release()
    assert settled(keeper).startswith("2 added, 2 not added.")
    assert len(library.documents()) == 2 and not list(tmp_path.iterdir())


def test_later_files_join_those_under_way_and_a_finished_list_makes_room(tmp_path: Path) -> None:
    library = Slow()
    intake = Intake()
    intake.put([arrival(library, upload(tmp_path, "a.txt", b"A."))])
    assert library.begun.acquire(timeout=30)
    intake.put([arrival(library, upload(tmp_path, "b.txt", b"B."))])
    intake.clear()
    assert [line.name for line in intake.lines()] == ["a.txt", "b.txt"]
    library.go.release(2)
    while intake.busy:
        time.sleep(0.005)
    intake.put([], [Line("c.txt", "failed")])
    assert [line.name for line in intake.lines()] == ["c.txt"]


def test_an_unforeseen_error_is_logged_and_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeLibrary):
        def add_bytes(self, data: bytes, name: str, *, folder: str = "", progress: object = None) -> IngestReport:
            raise RuntimeError("/secret/path: disk on fire")

    keeper = Keeper(Broken())
    with caplog.at_level(logging.ERROR, "pincite.web"):
        keeper.add([upload(tmp_path, "a.txt", b"x"), Upload("b.txt", tmp_path / "gone")])
        told = settled(keeper)
    assert words.FAULT in told and "secret" not in told and "disk on fire" in caplog.text
    assert "No such file" in told


def test_of_many_files_those_at_hand_and_those_that_failed_are_told() -> None:
    lines = [Line(f"{number}.txt", "added") for number in range(30)]
    lines[4], lines[20] = Line("4.txt", "failed", "damaged"), Line("20.txt", "reading")
    shown = incoming.intake([*lines, *(Line(f"w{number}.txt") for number in range(9))], busy=True)
    names = lxml.html.fragment_fromstring(shown).xpath("//*[@class='file']/text()")
    assert len(names) == incoming.LINES and {"4.txt", "20.txt"} <= set(names) and "29 of 39" in text(shown)
    assert words.MORE_LINES.format(count=39 - incoming.LINES) in text(shown)


# --- removing and bringing back


def test_removal_names_the_document_and_refuses_what_is_not_listed() -> None:
    library = FakeLibrary(harbour())
    keeper = Keeper(library)
    assert "Removed A letter about eels." in keeper.remove("/docs/harbour/letter.eml")
    assert len(library.documents()) == 2
    library.add_bytes(b"", "empty.txt")
    assert "Forgot empty.txt." in keeper.remove(library.failures()[0].source) and library.failures() == []
    assert words.NOTHING_REMOVED in keeper.remove("/docs/harbour/*") and len(library.documents()) == 2


def test_a_removed_upload_comes_back_from_its_own_bytes(tmp_path: Path) -> None:
    (tmp_path / "sent").mkdir()
    with opened(tmp_path / "library") as library:
        keeper = Keeper(library)
        keeper.add([upload(tmp_path / "sent", "reports/gate.txt", b"The gate closes at dusk.")])
        settled(keeper)
        (before,) = library.documents()
        name = undo_of(keeper.remove(before.source))
        assert library.documents() == [] and not Path(before.source).exists()
        assert "Bringing back" in keeper.undo(name)
        settled(keeper)
        (after,) = library.documents()
        assert replace(after, indexed_at=before.indexed_at) == before
        assert Path(before.source).read_bytes() == b"The gate closes at dusk."
        assert words.TOO_LATE in keeper.undo(name)


@pytest.mark.parametrize("meanwhile", ["same", "changed", "gone"])
def test_a_document_comes_back_as_it_was_whatever_became_of_its_file(tmp_path: Path, meanwhile: str) -> None:
    paper = tmp_path / "gate.txt"
    paper.write_text("The gate closes at dusk.")
    with opened(tmp_path / "library") as library:
        library.add(paper)
        keeper = Keeper(library)
        name = undo_of(keeper.remove(str(paper)))
        if meanwhile == "changed":
            paper.write_text("The gate never closes.")
        if meanwhile == "gone":
            paper.unlink()
        keeper.undo(name)
        settled(keeper)
        assert library.document(str(paper)).text == "The gate closes at dusk."
        assert library.search("When does the gate close?", k=1)[0].passage.source == str(paper)


def test_a_removal_is_kept_for_a_while_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "KEPT", 0.01)
    with opened(tmp_path / "library") as library:
        library.add_bytes(b"The gate closes at dusk.", "gate.txt")
        keeper = Keeper(library)
        name = undo_of(keeper.remove(library.documents()[0].source))
        folder = keeper._bin._folder
        assert folder is not None
        ends = time.monotonic() + 10
        while list(folder.iterdir()) and time.monotonic() < ends:
            time.sleep(0.01)
        assert not list(folder.iterdir()) and words.TOO_LATE in keeper.undo(name)


def test_a_forgotten_file_of_the_ledger_comes_back_to_it(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as library:
        library.add_bytes(b"", "empty.txt")
        keeper = Keeper(library)
        name = undo_of(keeper.remove(library.failures()[0].source))
        assert library.failures() == []
        keeper.undo(name)
        settled(keeper)
        assert [room.path_of(failure.source) for failure in library.failures()] == ["empty.txt"]


# --- the ledger


def sealed(name: str = "minutes.pdf") -> tuple[FakeLibrary, str]:
    library, source = FakeLibrary(harbour()), f"/docs/harbour/{name}"
    error = f"{name}: protected by a password; give it with --password"
    library._failures[source] = Failure(source, error, "password", "2024-05-28T10:12:00Z")
    return library, source


def test_a_password_opens_the_file_and_is_kept_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    library, source = sealed()
    keeper = Keeper(library)
    with caplog.at_level(logging.DEBUG):
        assert "needs its password" in keeper.retry(source)
        keeper.retry(source, "wrong key")
        assert "could not be read" in settled(keeper) and len(library.failures()) == 1
        keeper.retry(source, "open sesame")
        assert settled(keeper).startswith("1 added.") and library.failures() == []
    kept = f"{vars(keeper)} {vars(keeper.intake)} {keeper.told()} {caplog.text}"
    assert "open sesame" not in kept and "wrong key" not in kept


@pytest.mark.parametrize(
    "kind", ["password", "no_text_layer", "too_large", "broken", "empty", "unsupported", "unreachable"]
)
def test_every_kind_of_failure_says_what_to_do(kind: str) -> None:
    failure = Failure("/docs/plan.docx", "plan.docx: the reason; the advice of a terminal", kind)
    shown = text(ledger.ledger([failure]))
    assert words.ADVICE[kind] in shown and "the reason." in shown and "terminal" not in shown
    assert "data-retry" in ledger.ledger([failure])


def test_only_a_pdf_asks_for_its_password() -> None:
    pdf = ledger.ledger(sealed()[0].failures())
    assert 'type="password"' in pdf and words.ADVICE["pdf"] in text(pdf) and "data-retry" not in pdf
    assert 'type="password"' not in ledger.ledger(sealed("minutes.docx")[0].failures())
    assert ledger.ledger([]) == ""


def test_a_file_that_is_gone_or_not_listed_is_one_clear_line(tmp_path: Path) -> None:
    paper = tmp_path / "gate.txt"
    paper.write_text("")
    with opened(tmp_path / "library") as library:
        library.add(paper)
        keeper = Keeper(library)
        paper.unlink()
        keeper.retry(str(paper))
        assert words.FILE_GONE.format(name="gate.txt") in settled(keeper)
        assert words.NOT_IN_LEDGER in keeper.retry("/etc/passwd")
        paper.write_text("The gate closes at dusk.")
        keeper.retry(str(paper))
        assert settled(keeper).startswith("1 added.") and library.failures() == []


# --- what the room shows


def test_the_library_in_figures(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as library:
        library.add_bytes(b"The gate closes at dusk.", "gate.txt")
        before = library.size()
        (library.path / "a-file-of-ours.pdf").write_bytes(b"x" * 50_000)
        assert library.size() == before > 20_000
        library.add_bytes(b"y" * 60_000, "long.txt")
        assert library.size() > before + 60_000
        shelf = Desk(library).shelf()
        shown = text(shelf.figures)
        assert f"Kept in{library.path}" in shown and "Documents2" in shown and "On disk" in shown
    assert room.figures(facts.in_figures([])) == ""
    entries = FakeLibrary(harbour()).documents()
    told = facts.in_figures([*entries, replace(entries[0], language=None), replace(entries[0], language="cy")])
    assert "English, Welsh" in text(room.figures(told)) and "1 June 2024, 09:00 UTC" in text(room.figures(told))


def test_documents_are_found_by_title_folder_kind_and_language() -> None:
    entries = FakeLibrary(harbour()).documents()
    entries[0] = replace(entries[0], source="/l/originals/" + "a" * 64 + "/reports/2024/courier.md")

    def titles(wanted: str) -> list[str]:
        return lxml.html.fragment_fromstring(room.found(entries, wanted)).xpath("//h3//text()")

    assert titles("EELS") == ["A letter about eels"] and titles("reports 2024") == [entries[0].title]
    assert titles("pdf english") == ["Tide gate: summary for the council"] and titles("gate chess") == []
    assert words.FOUND_NONE in room.found(entries, "chess")


def test_a_long_list_is_cut_and_stands_in_the_order_of_its_names() -> None:
    entry = FakeLibrary(harbour()).documents()[0]
    entries = [
        replace(entry, source=f"/docs/paper-{number}.md", title=f"Paper {number}") for number in range(250, 0, -1)
    ]
    shown = lxml.html.fragment_fromstring(room.documents(entries))
    titles = shown.xpath("//h3//text()")
    assert titles[:3] == ["Paper 1", "Paper 2", "Paper 3"] and len(titles) == room.SHOWN
    assert words.MORE_DOCUMENTS.format(count=50) in shown.text_content()


def test_a_document_opens_to_be_read_and_what_it_says_is_no_markup() -> None:
    library = FakeLibrary([document("/docs/a.txt", HOSTILE, f"Dusk. {HOSTILE} " * 9, "text/plain")])
    shown = Keeper(library).read("/docs/a.txt")
    assert HOSTILE in lxml.html.fragment_fromstring(shown).text_content() and "<img" not in shown
    assert "no document" in Keeper(library).read("/docs/b.txt")


def test_what_names_say_is_no_markup() -> None:
    entry = replace(FakeLibrary(harbour()).documents()[0], title=HOSTILE, source=f"/docs/{HOSTILE}", language=HOSTILE)
    parts = [
        room.documents([entry]), room.found([entry], "img"), room.figures(facts.in_figures([entry], 1, Path(HOSTILE))),
        incoming.intake([Line(HOSTILE, "failed", HOSTILE)], busy=True),
        room.removed(HOSTILE, HOSTILE, is_document=True),
        ledger.ledger([Failure(f"/docs/{HOSTILE}.pdf", HOSTILE, "password", HOSTILE)]),
        masthead([Choice(HOSTILE, HOSTILE, 1)], HOSTILE, can_grow=True, making=HOSTILE, told=HOSTILE),
        filtering.fields([HOSTILE, "PDF"], HOSTILE),
    ]  # fmt: skip
    assert not any("<img" in part for part in parts) and all("img" in part for part in parts)


def test_the_list_is_made_anew_only_when_the_library_changes() -> None:
    class Counting(FakeLibrary):
        looked = 0

        def documents(self) -> list[Entry]:
            self.looked += 1
            return super().documents()

    library = Counting(harbour())
    desk = Desk(library)
    first = desk.shelf()
    assert desk.shelf() is first and library.looked == 1
    library._failures["/docs/a.pdf"] = Failure("/docs/a.pdf", "damaged")
    assert "a.pdf" in desk.shelf().ledger
    library.put(document("/docs/new.txt", "A new paper", "Words.", "text/plain"))
    assert "A new paper" in desk.shelf().documents


# --- the seeds


def test_an_empty_library_offers_the_examples_and_takes_them_in(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as library:
        keeper, desk = Keeper(library), Desk(library)
        assert "data-examples" in desk.shelf().documents
        assert keeper.add_examples() == ""
        settled(keeper)
        assert len(library.documents()) == 5 and library.failures() == []
        assert words.EXAMPLES[0] in text(desk.shelf().welcome) and "data-examples" not in desk.shelf().documents


def test_where_the_examples_are_missing_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "folder", lambda: None)
    library = FakeLibrary()
    assert words.NO_SEEDS in text(Desk(library).shelf().documents)
    assert words.NO_SEEDS in text(Keeper(library).add_examples())


# --- the filter


def wanted(text: str) -> Wanted:
    return filtering.wanted(text)


def test_the_filter_leaves_the_documents_that_fit() -> None:
    entries = FakeLibrary(harbour()).documents()
    undated = [*entries, replace(entries[1], source="/docs/undated.pdf", date=None)]
    names = [Path(source).name for source in filtering.scope(undated, (), Wanted(("PDF",))).sources]
    assert names == ["council-summary.pdf", "undated.pdf"]
    spring = filtering.scope(undated, (), Wanted((), "2024-03-04", "2024-04-12"))
    assert [Path(source).name for source in spring.sources] == ["courier.md", "letter.eml"] and spring.undated == 1
    one = filtering.scope(undated, ["/docs/harbour/courier.md"], Wanted((), "2024-03-05"))
    assert one.sources == () and one.undated == 0


@pytest.mark.parametrize("said", ["", "{", "[]", '{"kinds": "PDF", "first": "soon", "last": 7}', "null"])
def test_a_filter_that_says_nothing_sensible_limits_nothing(said: str) -> None:
    assert wanted(said).is_open


def test_the_question_goes_to_what_is_left_and_nowhere_where_nothing_is() -> None:
    desk = Desk(FakeLibrary(harbour()))
    mail = wanted('{"kinds": ["E-mail"], "first": "", "last": ""}')
    told = [*desk.ask("What do the fishermen want beside the gate?", want=mail)]
    assert "letter.eml" in told[-1].evidence and "courier.md" not in told[-1].evidence
    assert "Searches 1 of 3 documents." in text(desk.remaining((), mail))
    late = wanted('{"kinds": [], "first": "2025-01-01", "last": ""}')
    told = [*desk.ask("What would the gate cost?", want=late)]
    assert len(told) == 1 and words.NOTHING_LEFT in told[0].answer and told[0].box == "What would the gate cost?"
    assert words.NOTHING_LEFT in text(desk.remaining((), late)) and desk.remaining((), Wanted()) == ""


# --- several libraries


@pytest.fixture
def house(tmp_path: Path) -> House:
    shelf = tmp_path / "indexes"
    first = opened(shelf / "default")
    with opened(shelf / "harbour") as other:
        other.add_bytes(b"The gate closes at dusk.", "gate.txt")
    (shelf / "evals" / "run").mkdir(parents=True)
    (shelf / "evals" / "run" / "library.sqlite").touch()
    (shelf / "broken").mkdir()
    (shelf / "broken" / "library.sqlite").write_text("no library at all " * 99)
    return House(first, tmp_path / "runs")


def test_the_libraries_are_those_beside_the_first(house: House) -> None:
    assert [(one.name, one.documents) for one in house.names()] == [("default", 0), ("broken", None), ("harbour", 1)]
    assert "gate" in house.desk("harbour").shelf().documents and house.library("harbour") is house.library("harbour")


def test_a_library_that_cannot_be_opened_says_so_and_the_others_go_on(house: House) -> None:
    with pytest.raises(LibraryError, match="cannot be used as a library"):
        house.library("broken")
    assert "cannot be used as a library" in text(house.desk("broken").shelf().documents)
    keeper = house.keeper("broken")
    assert "cannot be used as a library" in text(keeper.remove("x")) and "cannot be used" in text(keeper.read("x"))
    assert "gate" in house.desk("harbour").shelf().documents


@pytest.mark.parametrize("name", ["..", "../indexes/harbour", "harbour/", "/etc", "evals", "gone", "", "."])
def test_no_name_leads_out_of_the_folder(house: House, name: str) -> None:
    with pytest.raises(BadInput, match="no library called"):
        house.library(name)
    assert "no library called" in text(house.desk(name).shelf().documents)


def test_a_new_library_is_made_beside_the_first(house: House, tmp_path: Path) -> None:
    made = house.make("  Board   papers ")
    assert made.name == "Board papers" and (tmp_path / "indexes" / "Board papers" / "library.sqlite").is_file()
    assert house.desk("Board papers").shelf().documents and "Board papers" in [one.name for one in house.names()]


@pytest.mark.parametrize(
    "name", ["", " ", "../x", "a/b", "a\\b", ".hidden", "HARBOUR", "evals", "x" * 61, "a\nb\0", "a."]
)
def test_a_name_that_is_taken_or_no_folder_makes_nothing(house: House, tmp_path: Path, name: str) -> None:
    before = sorted((tmp_path / "indexes").iterdir())
    with pytest.raises(BadInput):
        house.make(name)
    assert sorted((tmp_path / "indexes").iterdir()) == before and not (tmp_path / "x").exists()


def test_libraries_share_their_models_and_answer_each_from_its_own_documents(tmp_path: Path) -> None:
    with opened(tmp_path / "one") as one, one.beside(tmp_path / "two") as two:
        one.add_bytes(b"The gate closes at dusk.", "gate.txt")
        two.add_bytes(b"The ferry leaves at dawn.", "ferry.txt")
        assert one._embedder is two._embedder and one._reranker is two._reranker
        assert [hit.passage.title for hit in two.search("When does the gate close?")] == ["ferry"]
        assert Library.count(tmp_path / "two") == 1 and Library.count(tmp_path / "none") is None


def test_a_library_of_another_embedder_is_refused_in_one_line(house: House, tmp_path: Path) -> None:
    with Library(
        tmp_path / "indexes" / "other", embedder=WordHashEmbedder("other:2"), reranker=SharedWordsReranker()
    ) as other:
        other.add_bytes(b"The ferry leaves at dawn.", "ferry.txt")
    assert "was made with the embedder other:2" in text(house.desk("other").shelf().documents)


def test_one_library_in_memory_has_no_chooser() -> None:
    alone = House(FakeLibrary(harbour()), Path("runs"))
    assert "chooser" not in masthead(alone.names(), "default", can_grow=alone.can_grow)
    with pytest.raises(BadInput):
        alone.make("another")
