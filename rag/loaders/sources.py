"""Where documents come from: finding files, folders, patterns and addresses, and fetching their bytes."""

import glob
import hashlib
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rag.errors import LoadError, NoSuchSource
from rag.loaders.drafts import valid

_QUIET_SECONDS = 20.0
"""How long a server may stay silent."""
_WHOLE_SECONDS = 120.0
"""How long one address may take altogether."""


@dataclass(frozen=True, slots=True)
class Raw:
    """The bytes of one source, as fetched."""

    source: str
    """Absolute path or URL."""
    name: str
    """Short name for display: the file's, or the last part of the address."""
    data: bytes
    sha256: str
    """Of `data`, in hexadecimal."""
    media_type: str | None = None
    """The Content-Type that the server gave, parameters included; None for a file."""


def document_id(source: str) -> str:
    """The id of the document at `source`: 16 hexadecimal digits of its BLAKE2b, the same from version to version."""
    return hashlib.blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def is_address(target: str) -> bool:
    """Whether `target` is an http or https address."""
    return target.lower().startswith(("http://", "https://"))


def find(target: str | Path) -> list[str]:
    """The sources that `target` stands for, sorted: a file, every file below a folder, a pattern's matches, an address.

    Hidden files and folders are skipped; a folder that links lead to twice is read once.
    Raises `NoSuchSource` where there is nothing.
    """
    given = str(target)
    if is_address(given):
        return [given]
    path = os.path.abspath(os.path.expanduser(given))
    if os.path.isdir(path):
        found = _below(path)
        if not found:
            raise NoSuchSource(f"{given}: the folder holds no files; give a folder with documents in it")
        return found
    if os.path.isfile(path):
        return [path]
    if os.path.lexists(path):
        raise NoSuchSource(f"{given}: neither a file nor a folder; give a document or a folder of documents")
    if glob.has_magic(path):
        found = _matching(path)
        if found:
            return found
        raise NoSuchSource(f"{given}: the pattern matches no files; check it, and quote it so that ** reaches Pincite")
    raise NoSuchSource(f"{given}: no such file or folder; check the path, or give an http(s) address")


def _matching(pattern: str) -> list[str]:
    parts = Path(pattern).parts
    first = next(place for place, part in enumerate(parts) if glob.has_magic(part))
    root = Path(*parts[:first])
    found: set[str] = set()
    for match in root.glob(str(Path(*parts[first:]))):
        if any(part.startswith(".") for part in match.relative_to(root).parts):
            continue
        if match.is_dir():
            found.update(_below(str(match)) if parts[-1] != "**" else ())
        elif match.is_file():
            found.add(str(match))
    return sorted(found)


def _below(folder: str) -> list[str]:
    found: list[str] = []
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            status = os.stat(here)
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            entries = list(os.scandir(here))
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                waiting.append(entry.path)
            elif entry.is_file():
                found.append(entry.path)
    return sorted(found)


def fetch(source: str, *, max_bytes: int) -> Raw:
    """The bytes of a file or an http(s) address.

    Raises `LoadError`: `unreachable`, `too_large` (more than `max_bytes`) or `empty`.
    """
    if is_address(source):
        data, media_type = _download(source, max_bytes)
        parts = urlsplit(source)
        name = unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.netloc
    else:
        name = os.path.basename(source)
        if valid(source) != source:
            raise LoadError("unreachable", f"{valid(name)}: its name or folder holds bytes that are no text; rename it")
        data, media_type = _read(source, max_bytes), None
    if not data:
        raise LoadError("empty", f"{name}: the file is empty; nothing to index")
    return Raw(source, name, data, hashlib.sha256(data).hexdigest(), media_type)


def _read(path: str, max_bytes: int) -> bytes:
    name = os.path.basename(path)
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise LoadError("unreachable", f"{name}: not a regular file; copy its content into one")
        if status.st_size > max_bytes:
            raise _too_large(name, max_bytes)
        with open(path, "rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LoadError(
            "unreachable", f"{name}: cannot be read ({reason}); check that it is there and readable"
        ) from None
    if len(data) > max_bytes:
        raise _too_large(name, max_bytes)
    return data


def _download(address: str, max_bytes: int) -> tuple[bytes, str | None]:
    import httpx

    ends = time.monotonic() + _WHOLE_SECONDS
    data = bytearray()
    headers = {"User-Agent": "Pincite (document reader)", "Accept": "*/*"}
    try:
        with httpx.stream("GET", address, follow_redirects=True, timeout=_QUIET_SECONDS, headers=headers) as response:
            if response.status_code >= 400:
                said = f"{response.status_code} {response.reason_phrase}".strip()
                raise LoadError("unreachable", f"{address}: the server answered {said}; check the address")
            for piece in response.iter_bytes():
                data += piece
                if len(data) > max_bytes:
                    raise _too_large(address, max_bytes)
                if time.monotonic() > ends:
                    raise LoadError(
                        "unreachable",
                        f"{address}: took longer than {_WHOLE_SECONDS:.0f} s; download it, then add the file",
                    )
            return bytes(data), response.headers.get("content-type")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise LoadError(
            "unreachable", f"{address}: cannot be fetched ({reason}); check the address and the connection"
        ) from None


def _too_large(name: str, max_bytes: int) -> LoadError:
    size = f"{max_bytes / 1e6:.0f} MB" if max_bytes >= 1_000_000 else f"{max_bytes:,} bytes"
    return LoadError("too_large", f"{name}: larger than {size}; split it, or raise the setting max_file_mb")
