"""`pincite ask --model …` and an evaluation run with `--model`, with a chat model that is scripted."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from rag.cli import main
from rag.errors import BadInput, ModelError
from rag.web import render, words
from tests.scripted_chat import ScriptedChat
from tests.test_cli import FERRY, Ran

CARRIES = "The night ferry to Aarle carries 240 passengers."
ASKED = "How many passengers does the night ferry carry?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    place = str(tmp_path_factory.mktemp("indexes") / "made")
    assert main(["index", str(folder), "--index", place]) == 0
    return place


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Ran:
    return Ran(capsys)


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> ScriptedChat:
    scripted = ScriptedChat([f"There are 240 passengers on the night ferry to Aarle [{{n:{CARRIES}}}]."])
    monkeypatch.setattr("rag.models.chat.speaker", lambda *_: scripted)
    return scripted


def test_ask_names_the_model_in_json_and_shows_its_sentence(run: Ran, library: str, chat: ScriptedChat) -> None:
    assert run("ask", ASKED, "--index", library, "--model", "scripted:one", "--json") == 0
    answer = json.loads(run.out)
    assert (
        answer["model"] == "scripted:one" and answer["usage"]["output_tokens"] > 0 and answer["seconds"]["write"] >= 0
    )
    assert answer["sentences"][0]["verdict"]["label"] == "supported" and answer["citations"][0]["quote"] == CARRIES
    assert run("ask", ASKED, "--index", library, "--model", "scripted:one") == 0
    assert run.out.startswith("There are 240 passengers on the night ferry to Aarle. [1]")


def test_the_settings_name_a_model_and_extractive_sets_it_aside(
    run: Ran, library: str, chat: ScriptedChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_ANSWER__MODEL", "scripted:one")
    assert run("ask", ASKED, "--index", library, "--json") == 0 and json.loads(run.out)["model"] == "scripted:one"
    assert run("ask", ASKED, "--index", library, "--model", "extractive", "--json") == 0
    assert json.loads(run.out)["model"] == "extractive" and len(chat.asked) == 1


def test_a_model_that_fails_is_told_and_quoted_around(run: Ran, library: str, chat: ScriptedChat) -> None:
    chat.replies, chat.fault = [""], ModelError("scripted:one: no server answers; start it with: scripted serve")
    assert run("ask", ASKED, "--index", library, "--model", "scripted:one") == 0
    lines = run.out.splitlines()
    assert CARRIES in lines[0] and lines[1].startswith("! scripted:one: no server answers; start it with:")
    assert "Traceback" not in run.out + run.err


def test_a_model_that_cannot_be_asked_is_one_line(run: Ran, library: str, chat: ScriptedChat) -> None:
    chat.replies, chat.fault = [""], BadInput("scripted:one: set SCRIPTED_API_KEY")
    assert "SCRIPTED_API_KEY" in run.refused("ask", ASKED, "--index", library, "--model", "scripted:one")


def test_a_saved_answer_of_a_model_is_verified_again(
    run: Ran, library: str, chat: ScriptedChat, tmp_path: Path
) -> None:
    run("ask", ASKED, "--index", library, "--model", "scripted:one", "--json")
    (tmp_path / "answer.json").write_text(run.out, encoding="utf-8")
    assert run("verify", str(tmp_path / "answer.json"), "--index", library) == 0


def test_a_run_with_a_model_names_it_and_counts_its_tokens(library: str, chat: ScriptedChat, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    evidence = [{"source": "ferry.md", "quote": CARRIES}]
    case = {
        "id": "one",
        "group_id": "one",
        "question": ASKED,
        "answerable": True,
        "answers": ["240"],
        "evidence": evidence,
    }
    (tmp_path / "cases.jsonl").write_text(json.dumps(case) + "\n", encoding="utf-8")
    told = CliRunner().invoke(
        app,
        ["run", str(tmp_path / "cases.jsonl"), "--index", library, "--out", str(folder), "--model", "scripted:one"],
    )
    assert told.exit_code == 0, told.output
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["options"]["model"] == manifest["models"]["answer"] == "scripted:one"
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["usage"]["output_tokens"] > 0 and metrics["metrics"]["answer_found"]["value"] == 1.0


def test_the_page_shows_notes_the_model_and_its_tokens(library: str, chat: ScriptedChat) -> None:
    from rag import Library

    chat.replies = [*chat.replies, ""]
    with Library(library) as opened:
        written, empty = (opened.ask(ASKED, model="scripted:one") for _ in range(2))
        chat.replies = ["The documents don't say."]
        refused = opened.ask(ASKED, model="scripted:one")
    shown, took = render.answer(written), written.usage or {}
    tokens = words.TOKENS_OF.format(read=took["input_tokens"], written=took["output_tokens"])
    assert "<dd>scripted:one</dd>" in shown and f"<dd>{tokens}</dd>" in shown and 'class="notes"' not in shown
    assert "scripted:one replied nothing" in render.answer(empty)
    assert "scripted:one finds no answer" in render.answer(refused)
