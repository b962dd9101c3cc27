"""Files read in other processes: the same documents, the same errors, and no file takes another with it."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import LoadError
from rag.loaders import Raw, fetch, find, parse, pdf_pages, workers
from rag.loaders.ahead import Loader
from rag.loaders.pdf import join_parts, read_pdf
from rag.loaders.pdf_pages import read_part
from rag.loaders.workers import Workers
from tests import making_files as make

ROOT = Path(__file__).resolve().parent.parent
FAULTY = """
import os, sys, time
sys.path[:] = sys.argv[1:]
from rag.loaders import worker
whole = worker.answer
def answer(header, data):
    name = header["raw"]["name"]
    if name == "deadly.pdf":
        os.abort()
    if name == "endless.pdf":
        time.sleep(600)
    return whole(header, data)
worker.answer = answer
worker.main()
"""


def long_pdf(count: int = 7) -> bytes:
    names = ["Odesa", "Izmail", "Reni", "Batumi", "Varna", "Burgas", "Constanta"][:count]
    lines = [
        [
            f"A report {n}",
            f"On {name}",
            f"The harbour of {name} was built by hand and all the",
            f"men of {name} went home.",
        ]
        for n, name in enumerate(names, 1)
    ]
    return make.pdf(lines, title="Harbours of the coast", outline=[("On Odesa", 1), (f"On {names[-1]}", count)])


def outcome(reading: Callable[[], object]) -> object:
    try:
        return reading()
    except LoadError as error:
        return error.kind, str(error)


@pytest.mark.parametrize("parts", [2, 3, 7, 9])
def test_a_pdf_read_in_parts_is_the_same_pdf(parts: int) -> None:
    raw = make.raw(long_pdf(), "long.pdf")
    read = [read_part(raw, None, part, parts) for part in range(parts)]
    whole = read_pdf(raw)
    assert join_parts(raw.name, read) == whole
    assert [whole.text[one.start : one.end] for one in whole.headings] == ["On Odesa", "On Constanta"]
    assert len(whole.pages) == 7 and whole.title == "Harbours of the coast"


@given(st.lists(st.text("ab \n", max_size=8), max_size=9), st.integers(1, 4))
@settings(max_examples=50)
def test_parts_give_back_the_order_of_pages(texts: list[str], count: int) -> None:
    parts = [pdf_pages.Part(texts[part::count]) for part in range(count)]
    joined, whole = (outcome(lambda given=given: join_parts("x", given)) for given in (parts, [pdf_pages.Part(texts)]))
    assert joined == whole


def test_the_layout_is_read_as_pypdf_reads_it(seeds: Path) -> None:
    for page in pypdf.PdfReader(seeds / "ledger-briefing.pdf").pages:
        told = page.extract_text(extraction_mode="layout")
        given = page.raw_get("/Contents")
        with pdf_pages._parsed_once(page):
            assert pdf_pages._laid_out(page) == told and told
        assert page.raw_get("/Contents") is given


def test_workers_read_what_is_read_here(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SPLIT", 500)
    raws = [fetch(source, max_bytes=1_000_000) for source in find(seeds)]
    raws += [
        make.raw(long_pdf(), "long.pdf"),
        make.raw("An odd \ud83d mark.".encode(errors="surrogatepass"), "odd.txt"),
    ]
    locked = make.pdf([["Harbour"] * 30] * 3, password="sesame")
    raws += [make.raw(locked, "locked.pdf"), make.raw(b"%PDF-1.7 rubbish", "broken.pdf"), make.raw(b" ", "empty.txt")]
    for password in (None, "wrong", "sesame"):
        with Workers(2) as processes:
            begun = [processes.parse(raw, password) for raw in raws]
            for raw, finish in zip(raws, begun, strict=True):
                here = outcome(lambda given=(raw, password): parse(given[0], password=given[1]))
                assert outcome(finish) == here, raw.name


def test_a_file_that_stops_its_process_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", FAULTY)
    names = ["a.pdf", "deadly.pdf", "b.pdf", "deadly.pdf", "c.pdf"]
    with Workers(1) as processes:
        begun = [processes.parse(make.raw(long_pdf(2), name)) for name in names]
        read = [outcome(finish) for finish in begun]
    assert [isinstance(one, tuple) for one in read] == [False, True, False, True, False]
    assert read[1] == ("broken", "deadly.pdf: stops the program that reads it; save it anew, or split it")


def test_a_file_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", FAULTY)
    monkeypatch.setattr(workers, "_PATIENCE", 0.2)
    with Workers(1) as processes, pytest.raises(LoadError, match="takes longer than") as caught:
        processes.parse(make.raw(long_pdf(2), "endless.pdf"))()
    assert caught.value.kind == "broken"


def test_a_page_that_takes_for_ever_is_read_without_its_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(page: object) -> str:
        while True:
            pass

    raw = make.raw(long_pdf(1), "one.pdf")
    monkeypatch.setattr(pdf_pages, "_laid_out", endless)
    monkeypatch.setattr(pdf_pages, "_PATIENCE", 0.2)
    assert "harbour" in read_pdf(raw).text


@pytest.mark.parametrize("fault", ["no such program", "ends at once"])
def test_where_no_process_can_be_had_all_is_read_here(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "ends at once":
        monkeypatch.setattr(workers, "_PROGRAM", "raise SystemExit(1)")
    else:
        monkeypatch.setattr(sys, "executable", "/no/such/python")
    raw = make.raw(long_pdf(), "long.pdf")
    with Workers(2) as processes:
        assert processes.parse(raw)() == parse(raw)


def test_closing_ends_what_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", FAULTY)
    with Workers(1) as processes:
        running, queued = (processes.parse(make.raw(long_pdf(1), name)) for name in ("endless.pdf", "a.pdf"))
        while processes._workers[0]._process is None:
            pass
    assert not any(thread.name == "pincite-reader" for thread in threading.enumerate())
    for finish in (running, queued):
        with pytest.raises(CancelledError):
            finish()


def test_a_process_ends_with_the_one_that_started_it() -> None:
    command = [sys.executable, "-P", "-c", workers._PROGRAM, *sys.path]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    process.stdin.close()
    assert process.wait(timeout=60) == 0
    process.stdout.close()


def test_sources_come_back_in_order_and_only_costly_ones_in_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    whole = Workers.parse

    def parse_seen(self: Workers, raw: Raw, password: str | None = None) -> object:
        begun.append(raw.name)
        return whole(self, raw, password)

    monkeypatch.setattr(Workers, "parse", parse_seen)
    monkeypatch.setattr("rag.loaders.ahead._WORTH_IT", 2_000)
    monkeypatch.setattr("rag.loaders.ahead._AHEAD", 4_000)
    for name in ("a.txt", "d.txt"):
        (tmp_path / name).write_text("Words that stand here.")
    for name in ("b.pdf", "c.pdf", "e.pdf", "f.pdf"):
        (tmp_path / name).write_bytes(long_pdf(2))
    (tmp_path / "g.html").write_bytes(b"")
    sources = find(tmp_path)
    loaded = list(Loader(1_000_000, None, 2).load([*sources, "/no/such.pdf"], {}))
    assert [one.source for one in loaded] == [*sources, "/no/such.pdf"]
    assert [bool(one.document) for one in loaded] == [True] * 6 + [False, False]
    assert [one.error.kind for one in loaded if one.error] == ["empty", "unreachable"]
    assert begun == ["b.pdf", "c.pdf", "e.pdf", "f.pdf"]
    assert all(one.size == os.stat(one.source).st_size for one in loaded[:-1])
    known = {one.source: one.sha256 for one in loaded if one.document}
    again = list(Loader(1_000_000, None, 2).load(sources, known))
    assert not any(one.document for one in again) and [one.sha256 for one in again[:6]] == list(known.values())
    few = list(Loader(1_000_000, None, 1).load(sources, {}))
    assert [one.document for one in few] == [one.document for one in loaded[:-1]]
    monkeypatch.setattr("rag.loaders.ahead._WORTH_IT", 1_000_000)
    assert list(Loader(1_000_000, None, 2).load(sources, {}))[:6] == loaded[:6]
    assert len(begun) == 4
    assert all(one < two for one, two in pairwise(one.source for one in few))
