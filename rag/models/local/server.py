"""Pulled models served on this machine: one server each per process, started by the first question, gone with it."""

import atexit
import json
import os
import secrets
import subprocess
import sys
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rag.errors import BadInput, ModelError
from rag.models.local import serving
from rag.models.local.registry import fault, known
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server that speaks as OpenAI does is reached, and the key it takes."""

    url: str
    key: str


_lock = threading.Lock()
_servers: dict[Path, tuple[subprocess.Popen[str], Address]] = {}


def ready(name: str, settings: Settings) -> Path:
    """The file of a local model that could be served. Raises `BadInput` or `ModelError` that say what is missing."""
    gguf = known(name)
    if not find_spec("xllamacpp"):
        raise BadInput(f"local:{name} needs a package that is not here; install it with: pip install 'pincite[local]'")
    path = settings.models / gguf.file
    if not path.is_file():
        raise ModelError(fault(gguf, settings.models))
    return path


def served(name: str, settings: Settings) -> Address:
    """Where the model called `name` is served; the first call starts it, once its file has passed its SHA-256.

    Safe for threads, which share one server; one that died is started anew. Raises as `ready` does, and `ModelError`
    for a file that was altered or a model that cannot be loaded.
    """
    path = ready(name, settings).resolve()
    with _lock:
        if path not in _servers or _servers[path][0].poll() is not None:
            wrong = fault(known(name), settings.models)
            if wrong:
                raise ModelError(wrong)
            _servers[path] = _start(name, path, settings.threads or os.cpu_count() or 1)
        return _servers[path][1]


def _start(name: str, path: Path, threads: int) -> tuple[subprocess.Popen[str], Address]:
    """Starts a server and waits until it has loaded its model.

    Its threads sleep while they wait. Spinning, they would take the time of the judge that checks the first sentences
    while the next are written: on two busy cores 1.4 tokens/s instead of 17.
    """
    key = secrets.token_urlsafe()
    process = subprocess.Popen(  # noqa: S603 - our own file
        [sys.executable, "-P", serving.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"OMP_WAIT_POLICY": "passive", **os.environ},
        start_new_session=True,  # Ctrl-C is for the one who asks
    )
    told: dict[str, str] = {"error": "its process ended"}
    try:
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        process.stdin.write(json.dumps({"path": str(path), "threads": threads, "key": key}) + "\n")
        process.stdin.flush()
        told = json.loads(process.stdout.readline() or json.dumps(told))
    finally:
        if "url" not in told:
            _end(process)
    if "url" not in told:
        raise ModelError(f"local:{name} cannot be run ({told['error']}); is there enough memory?")
    return process, Address(told["url"], key)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@atexit.register
def _stop() -> None:
    while _servers:
        _end(_servers.popitem()[1][0])
