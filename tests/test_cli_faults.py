"""Help, wrong usage, faults and interruptions: one line, the right status, no traceback."""

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.library
from rag.cli import main
from rag.cli.commands import app, models
from rag.cli.show import clean, show_answer
from rag.types import Answer, Citation, Conflict, Sentence, Side, Span, Verdict

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("torch", "transformers", "sentence_transformers", "gradio", "faiss", "langchain", "onnxruntime")


def commands() -> list[list[str]]:
    """Every command there is, as its words."""
    plain = [[info.name or info.callback.__name__] for info in app.registered_commands if info.callback]
    return plain + [
        ["models", info.name or info.callback.__name__] for info in models.registered_commands if info.callback
    ]


def modules_after(code: str, cwd: Path) -> set[str]:
    """The top-level modules that a fresh Python has loaded after `code`."""
    code += "\nimport sys; print('\\n' + ' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


class Failing:
    """A library that is there, and fails as told at the first question."""

    fault: BaseException = AssertionError("not told how to fail")

    def __init__(self, *_: object, **__: object) -> None:
        pass

    @staticmethod
    def exists(path: object) -> bool:
        return True

    def __enter__(self) -> "Failing":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, question: str, **_: object) -> Answer:
        raise self.fault


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> type[Failing]:
    monkeypatch.setattr(rag.library, "Library", Failing)
    return Failing


@pytest.mark.parametrize("command", [[], *(one for one in commands() if one != ["eval"])], ids=" ".join)
def test_every_command_has_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    assert "Usage: pincite" in capsys.readouterr().out


def test_eval_hands_over_to_the_evaluation(tmp_path: Path) -> None:
    for arguments, status in ((["--help"], 0), (["run", "--help"], 0), (["run", "absent.jsonl"], 2), (["nonsense"], 2)):
        command = [sys.executable, "-m", "rag.cli", "eval", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=_environment(), capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["nonsense"],
        ["ask"],
        ["ask", "who", "said", "so"],
        ["search", "x", "-k", "0"],
        ["list", "--colour"],
        ["models", "x"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_that_names_the_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("pincite: ")
    assert err.endswith("--help)\n")
    assert err.count("\n") == 1


def test_an_unforeseen_fault_is_one_line(failing: type[Failing], capsys: pytest.CaptureFixture[str]) -> None:
    failing.fault = ZeroDivisionError("division\nby \x1b[31mzero")
    assert main(["ask", "Why?"]) == 1
    assert capsys.readouterr().err == "pincite: ZeroDivisionError: division by zero; `pincite --debug …` shows where\n"
    assert main(["--debug", "ask", "Why?"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_the_keyboard_stops_it_with_130(failing: type[Failing], capsys: pytest.CaptureFixture[str]) -> None:
    failing.fault = KeyboardInterrupt()
    assert main(["ask", "Why?"]) == 130
    assert capsys.readouterr().err.startswith("pincite: stopped")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("pincite 0.")


def test_importing_rag_or_asking_for_help_loads_nothing_heavy(tmp_path: Path) -> None:
    assert modules_after("import rag", ROOT).isdisjoint({*HEAVY, "langchain_core", "numpy", "pydantic"})
    code = "from rag.cli import main; assert main(['--help']) == 0"
    assert modules_after(code, ROOT).isdisjoint({*HEAVY, "langchain_core", "numpy", "pydantic"})


def test_asking_loads_neither_torch_nor_gradio(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The tower is 31 metres high.\n", encoding="utf-8")
    assert main(["index", str(tmp_path / "one.txt"), "--index", str(tmp_path / "made")]) == 0
    ask = ["ask", "How high is the tower?", "--index", str(tmp_path / "made")]
    loaded = modules_after(f"from rag.cli import main; assert main({ask!r}) == 0", ROOT)
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers", "gradio"})
    assert "faiss" in loaded, "the check looks at the wrong process"


def test_doubts_and_differences_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    cited = tuple(
        Citation(n, f"/docs/{n}.pdf", "0" * 64, f"Report {n}", 0, 9, f"{n}0 metres", page=n, date="2020-02-02")
        for n in (1, 2)
    )
    text = "It is 10 metres high."
    verdict = Verdict("partial", 0.5, unsupported=(Span(0, 2),), notes=("the height differs",))
    answer = Answer(
        question="How high?", status="answered", reason=None, confidence=0.5, text=text, short=None,
        sentences=(Sentence(text, 0, len(text), (1,), verdict),), citations=cited, evidence=(),
        conflicts=(Conflict("The height.", (Side("10 metres", (1,)), Side("20 metres", (2,))), "One is older."),),
    )  # fmt: skip
    show_answer(answer)
    out = capsys.readouterr().out
    assert "It is 10 metres high. [1]\n" in out
    assert "! partial: It is 10 metres high. (the height differs)" in out
    assert "! The sources differ. The height: 10 metres [1] / 20 metres [2]. One is older." in out
    assert "[2] Report 2, p. 2, 2020-02-02\n    /docs/2.pdf\n    “20 metres”\n" in out


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaned_text_cannot_steer_a_terminal(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not [char for char in cleaned if unicodedata.category(char) == "Cc" and char not in "\n\t"]
    if text.isprintable():
        assert cleaned == text


@pytest.mark.parametrize(
    "hidden", ["\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\", "\x9b31m", "\u202e", "\r", "\x1bc"]
)
def test_escape_sequences_go_whole(hidden: str) -> None:
    assert clean(f"a{hidden}b") == "ab"


def test_a_reader_that_stops_early_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The tower is 31 metres high.\n", encoding="utf-8")
    main(["index", str(tmp_path / "one.txt"), "--index", str(tmp_path / "made")])
    command = [sys.executable, "-m", "rag.cli", "list", "--index", str(tmp_path / "made")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
