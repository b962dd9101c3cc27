"""Who may sign in where the page is served to several people: names and hashed passwords in one small file."""

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from rag.errors import BadInput, LibraryError

SHORTEST, LONGEST = 10, 1024
"""Characters of a password: NIST SP 800-63B, 3.1.1.2, asks for 8 at least and for no rules on which they are."""
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?")
_COST = {"n": 2**15, "r": 8, "p": 3}
"""RFC 7914 scrypt with 32 MiB, three times over: one of the settings of the OWASP Password Storage Cheat Sheet."""
_MEMORY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    id: str
    salt: bytes
    hash: bytes
    n: int
    r: int
    p: int


class Users:
    """The people in the file at `path`, which need not be there yet. Safe for threads and processes.

    The file is read anew whenever it has changed, so that what `pincite users` does counts at once. Raises
    `LibraryError` where it cannot be read.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._seen: tuple[int, int, int] | None = None
        self._held: dict[str, _Kept] = {}

    def names(self) -> list[str]:
        """Everyone who may sign in, by name."""
        return sorted(self._read(), key=str.lower)

    def id(self, name: str) -> str | None:
        """Under what that which is theirs is kept; another one for a later user of the same name. None for nobody."""
        kept = self._read().get(name)
        return None if kept is None else kept.id

    def name(self, id: str) -> str:
        """Who has this id; empty for nobody."""
        return next((name for name, kept in self._read().items() if kept.id == id), "")

    def add(self, name: str, password: str) -> None:
        """Lets `name` in with `password`. Raises `BadInput` where one cannot be used, or the name is taken."""
        if not _NAME.fullmatch(name):
            raise BadInput("a name has 1 to 64 letters (a to z), digits and . _ @ -, and begins and ends with no sign")
        with self._changing() as held:
            taken = next((one for one in held if one.lower() == name.lower()), None)
            if taken:
                raise BadInput(f"there is a user {taken} already; for a new password: pincite users password {taken}")
            held[name] = _kept(password, secrets.token_hex(8))

    def password(self, name: str, password: str) -> None:
        """Gives `name` another password, which ends their sessions. Raises `BadInput` for one that cannot be used."""
        with self._changing() as held:
            _refuse_unknown(name, held)
            held[name] = _kept(password, held[name].id)

    def remove(self, name: str) -> str:
        """Lets `name` in no longer; their sessions end. The id they had. Raises `BadInput` where there is none."""
        with self._changing() as held:
            _refuse_unknown(name, held)
            return held.pop(name).id

    def check(self, name: str, password: str) -> bool:
        """Whether this is the password of `name`. Takes as long for a name that is unknown."""
        kept = self._read().get(name)
        found = _hashed(password[:LONGEST], kept or _NOBODY)
        return hmac.compare_digest(found, (kept or _NOBODY).hash) and kept is not None

    def stamp(self, name: str) -> str | None:
        """What changes with the password of `name`, and tells nothing of it; None where there is no such user."""
        kept = self._read().get(name)
        return None if kept is None else hashlib.sha256(kept.salt + kept.hash).hexdigest()

    def _read(self) -> dict[str, _Kept]:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {}
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if stamp != self._seen:
            self._held = self._parsed()
            self._seen = stamp
        return self._held

    def _parsed(self) -> dict[str, _Kept]:
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            return {
                name: _Kept(one["id"], b64decode(one["salt"]), b64decode(one["hash"]), one["n"], one["r"], one["p"])
                for name, one in told["users"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LibraryError(f"the users in {self.path} cannot be read ({type(error).__name__}); mend it") from None

    def _changing(self) -> "_Change":
        return _Change(self)

    def _write(self, held: dict[str, _Kept]) -> None:
        """Whole or not at all, and readable by its owner alone."""
        told = {
            name: {"id": one.id, "salt": _text(one.salt), "hash": _text(one.hash), "n": one.n, "r": one.r, "p": one.p}
            for name, one in held.items()
        }
        handle, made = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")  # mode 600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"users": told}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(self.path)


class _Change:
    """One change of the file at a time, among all processes."""

    def __init__(self, users: Users) -> None:
        self._users = users
        users.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(users.path.with_name(f".{users.path.name}.lock"), mode=0o600)
        self._held: dict[str, _Kept] = {}

    def __enter__(self) -> dict[str, _Kept]:
        self._lock.acquire()
        self._held = dict(self._users._read())
        return self._held

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._users._write(self._held)
        finally:
            self._lock.release()


def _kept(password: str, id: str) -> _Kept:
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"a password has {SHORTEST} to {LONGEST} characters; a few words are easy to keep in mind")
    bare = _Kept(id, secrets.token_bytes(16), b"", **_COST)
    return replace(bare, hash=_hashed(password, bare))


def _hashed(password: str, by: _Kept) -> bytes:
    return hashlib.scrypt(password.encode(), salt=by.salt, n=by.n, r=by.r, p=by.p, maxmem=_MEMORY, dklen=32)


def _refuse_unknown(name: str, held: dict[str, _Kept]) -> None:
    if name not in held:
        raise BadInput(f"there is no user {name}; see: pincite users list")


def _text(value: bytes) -> str:
    return b64encode(value).decode()


_NOBODY = _Kept("", secrets.token_bytes(16), secrets.token_bytes(32), **_COST)
"""Stands for a name that is unknown."""
