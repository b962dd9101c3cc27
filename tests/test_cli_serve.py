"""`pincite serve` as a person runs it: it prints its address, answers there, and stops with Ctrl-C."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from rag.cli import main

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def serving(index: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "rag.cli", "serve", "--index", str(index), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_serve_prints_its_address_answers_there_and_stops_with_the_keyboard(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The tower is 31 metres high.\n", encoding="utf-8")
    assert main(["index", str(tmp_path / "one.txt"), "--index", str(tmp_path / "made")]) == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(tmp_path / "made", port) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=30).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) in (0, 130)
        assert "Traceback" not in process.stderr.read()


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(tmp_path / "made", port) as process:
            out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out == ""
    assert err.startswith("pincite: ")
    assert str(port) in err
    assert "--port" in err
    assert err.count("\n") == 1
