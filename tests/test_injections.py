"""Instructions inside documents stay data: planted files change no answer, and reach no terminal, page or log as more
than words.

What is held to be equal, with the planted files and without: of every question about the other documents its status,
reason, text, short answer, sentences, verdicts, citations and conflicts. Its confidence may move by `MOVES`, because it
weighs words by how rare they are in the library, and its evidence may list a planted file, because that is a list of
what is near. A planted text may itself be quoted where a question has its words: as a quotation, with its source.
"""

import contextlib
import dataclasses
import io
import json
import logging
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from rag import Library
from rag.answering import asked
from rag.assembling import SILENCE
from rag.cli import main, show
from rag.cli.verify import examine
from rag.text import shown
from rag.types import Answer, Span
from rag.web import render, room, source
from tests.fakes import SharedWordsReranker, WordHashEmbedder
from tests.injections import TEXTS, Planted, cases

SEEDS = Path(__file__).parents[1] / "seeds"
ASKED = Path(__file__).parents[1] / "evals" / "cases" / "seeds.jsonl"
MOVES = 0.05
CASES = cases()
NEAR = (
    "Which instructions should be ignored?",
    "What must the assistant answer?",
    "What is the system prompt?",
    "What do all reports agree on?",
    "What did the clerk write?",
    "What is the price now?",
)
TAGS = set(
    "article b blockquote button cite code dd details div dl dt em footer h2 h3 h4 header kbd label li mark ol p path q"
    " section span strong summary svg table tbody td th thead tr u ul".split()
)
STARTED = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.startfile", "webbrowser.", "urllib.", "pty.")
REACHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.sendto")
happened: list[str] | None = None
"""What was started, reached or written while it is a list."""


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if happened is None:
        return
    if event.startswith(STARTED + REACHED):
        happened.append(f"{event} {arguments}")
    elif event == "open" and isinstance(arguments[0], str) and set(str(arguments[1])) & set("wax+"):
        happened.append(f"wrote {arguments[0]}")


@pytest.fixture(scope="module")
def watched() -> Iterator[list[str]]:
    """Every program started, address reached and file written by Python code from here on."""
    global happened
    sys.addaudithook(_note)
    happened = []
    yield happened
    happened = None


@dataclasses.dataclass(frozen=True)
class Indexed:
    """A library with the planted files, and what was said while it was made."""

    library: Library
    planted: dict[str, Planted]
    said: str
    logged: list[str]


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, watched: list[str]) -> Iterator[Indexed]:
    folder, place = tmp_path_factory.mktemp("planted"), tmp_path_factory.mktemp("indexes") / "all"
    planted = {}
    for case in CASES:
        with contextlib.suppress(OSError):  # a name that this file system does not take
            (folder / case.name).write_bytes(case.data)
            planted[str(folder / case.name)] = case
    kept = _Kept()
    logging.getLogger().addHandler(kept)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        assert main(["index", str(SEEDS), str(folder), "--index", str(place)]) == 0
        assert main(["list", "--index", str(place)]) == 0
    with Library(place) as library:
        yield Indexed(library, planted, out.getvalue(), kept.lines)
    logging.getLogger().removeHandler(kept)


@pytest.fixture(scope="module")
def questions() -> list[str]:
    """Those about something in the seeds; what the library as a whole is about has changed with it."""
    every = [json.loads(line)["question"] for line in ASKED.read_text(encoding="utf-8").splitlines()]
    return [question for question in every[::3] if not asked.overview(question)]


@pytest.fixture(scope="module")
def answers(indexed: Indexed) -> list[Answer]:
    """What is answered near the planted texts, and to some of them as questions."""
    near = [case.question for case in indexed.planted.values()]
    forms = [
        text("zq") for kind, text in TEXTS.items() if kind in ("SQL", "a full-text query", "a search query", "markup")
    ]
    return [indexed.library.ask(question, abstain=False) for question in (*near, *NEAR, *forms)]


def essence(answer: Answer) -> dict[str, Any]:
    """All of an answer that planted files must not change."""
    own = answer.to_dict()
    return {key: own[key] for key in own if key not in ("confidence", "evidence", "seconds", "signals")}


def test_there_are_planted_files_of_every_kind(indexed: Indexed) -> None:
    assert len(CASES) >= 100 and len(indexed.planted) >= 90
    there = {entry.source for entry in indexed.library.documents()}
    assert there >= set(indexed.planted) and len(there) == len(indexed.planted) + 5


def test_answers_are_the_same_with_and_without_the_planted_files(
    indexed: Indexed, questions: list[str], tmp_path: Path
) -> None:
    with Library(tmp_path / "seeds") as alone:
        alone.add(SEEDS)
        for question in questions:
            without, beside = alone.ask(question), indexed.library.ask(question)
            assert essence(beside) == essence(without), question
            assert abs(beside.confidence - without.confidence) <= MOVES, question


def test_what_no_reader_sees_is_in_no_document(indexed: Indexed) -> None:
    for place, case in indexed.planted.items():
        document = indexed.library.document(place)
        assert case.good in document.text, case.kind
        assert (case.mark in document.text + document.title + place) == case.seen, case.kind


def test_what_was_left_out_is_told(indexed: Indexed) -> None:
    for name in ("white on white", "tiny", "off the page", "no ink"):
        place = next(place for place, case in indexed.planted.items() if case.kind == f"PDF: {name}")
        assert f"note: {place}: left out text on page 1" in indexed.said


def test_an_answer_says_only_what_documents_say(indexed: Indexed, answers: list[Answer]) -> None:
    for answer in answers:
        assert answer.status == "answered" or answer.text == SILENCE
        for sentence in answer.sentences:
            first = next(one for one in answer.citations if one.marker == sentence.citations[0])
            document = indexed.library.document(first.source)
            quoted = shown(document.text, Span(first.start, first.end), document.media_type)
            assert sentence.text in (quoted, f"{document.title}: {quoted}")
            assert (sentence.verdict.label, sentence.verdict.notes, sentence.withheld) in (
                ("supported", (), False),
                ("unchecked", (), False),
            )
        assert " ".join(sentence.text for sentence in answer.sentences) == answer.text or not answer.sentences


def test_a_planted_text_speaks_for_its_own_document_alone(indexed: Indexed, answers: list[Answer]) -> None:
    for answer in answers:
        for case in indexed.planted.values():
            for sentence in answer.sentences:
                if case.mark in sentence.text:
                    sources = {one.source for one in answer.citations if one.marker in sentence.citations}
                    assert case in {indexed.planted.get(place) for place in sources}, case.kind


def test_each_answer_can_be_checked_again(indexed: Indexed, answers: list[Answer]) -> None:
    for answer in answers:
        assert [check for check in examine(answer, indexed.library) if not check.ok] == []


def steers(text: str) -> list[str]:
    """The characters of printed text that are no text."""
    return [one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") and one not in "\n\t"]


def test_the_terminal_gets_text_alone_and_its_layout_stands(
    answers: list[Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    for answer in answers:
        show.show_answer(answer)
        printed = capsys.readouterr().out
        assert not steers(printed)
        if not answer.conflicts:
            lines = printed.rstrip("\n").split("\n")
            assert len(lines) == 2 + 3 * len(answer.citations), printed
            assert [line.split("]")[0] for line in lines[2::3]] == [f"[{one.marker}" for one in answer.citations]
        show.show_hits(answer.evidence, answer.question)
        assert not steers(capsys.readouterr().out)
        show.show_json(answer.to_dict())
        printed = capsys.readouterr().out
        assert not steers(printed)
        assert json.loads(printed) == json.loads(answer.to_json())


def test_what_is_said_while_indexing_is_text_alone(indexed: Indexed) -> None:
    assert not steers(indexed.said)
    assert not [line for line in indexed.said.splitlines() if line.startswith(("ERROR", "CRITICAL", "INFO"))]
    assert indexed.logged == []


def test_the_page_gets_no_markup_from_a_document(indexed: Indexed, answers: list[Answer]) -> None:
    entries = indexed.library.documents()
    for place in indexed.planted:
        assert place in {value for _, value in room.choices(entries)}
    parts = [room.documents(entries)]
    for answer in answers:
        parts += [render.answer(answer), source.panel(answer, indexed.library.document)]
    for part in parts:
        tree = lxml.html.fragment_fromstring(part, create_parent="div")
        for element in tree.iter():
            assert element.tag in TAGS, element.tag
            assert not [name for name in element.attrib if name.startswith("on") or name in ("href", "src", "style")]
        seen = tree.xpath("//text()[not(ancestor::*[@class='unseen'])] | //@title | //@aria-label")
        assert not [
            text for text in map(str, seen) if set(steers(text)) & set("\u202e\u2066\u200b\u2060\ufeff\U000e0049")
        ]


def test_nothing_is_started_reached_or_written_elsewhere(
    indexed: Indexed, answers: list[Answer], watched: list[str]
) -> None:
    passing = f"wrote {tempfile.gettempdir()}"  # a file without a name
    own = f"wrote {indexed.library.path.parents[1]}"
    assert [one for one in watched if one != passing and not one.startswith(own)] == []


def test_a_file_is_removed_by_its_name_whatever_that_is(tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    for case in CASES:
        if case.kind.startswith("name: "):
            with contextlib.suppress(OSError):
                (folder / case.name).write_bytes(case.data)
    with Library(tmp_path / "made", embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add(folder)
        left = [entry.source for entry in library.documents()]
        assert len(left) == len(list(folder.iterdir()))
        while left:
            assert library.remove(left[0]).removed == (left[0],)
            left.pop(0)
            assert [entry.source for entry in library.documents()] == left


def test_a_name_that_is_no_text_costs_only_its_own_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / "plain.txt").write_text("The depot holds 12 crates of barley.\n", encoding="utf-8")
    try:
        Path(str(folder) + "/caf\udce9.txt").write_text("The depot holds 13 crates of copper.\n", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    assert main(["index", str(folder), "--index", str(tmp_path / "made")]) == 0
    out, err = capsys.readouterr()
    assert out == "1 added, 1 failed\n"
    assert "caf\ufffd.txt: its name or folder holds bytes that are no text; rename it" in err
