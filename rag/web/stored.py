"""What Pincite keeps, where, and how much of it; and which providers have a key, never the key itself."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.models.connecting import EXTRAS
from rag.models.providers import key_of
from rag.settings import FILE, Settings
from rag.web import words


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that is kept."""

    name: str
    about: str
    path: Path
    size: int | None
    """Bytes on disk; None where there is nothing yet."""


@dataclass(frozen=True, slots=True)
class Key:
    """Whether a provider can be asked."""

    provider: str
    variable: str
    """The environment variable that holds its key."""
    is_set: bool


def places(folder: Path | None, settings: Settings, runs: Path, users: Path | None) -> list[Place]:
    """Everything that is kept for the library in `folder`, and for all libraries."""
    found = [] if folder is None else [*_of_library(folder, settings)]
    found.append(_place(words.KEPT_MODELS, words.KEPT_MODELS_MORE, settings.models))
    found.append(_place(words.KEPT_RUNS, words.KEPT_RUNS_MORE, runs))
    if users is not None:
        found.append(_place(words.KEPT_USERS, words.KEPT_USERS_MORE, users))
    found.append(_place(words.KEPT_SETTINGS, words.KEPT_SETTINGS_MORE, Path(FILE)))
    return found


def keys() -> list[Key]:
    """The providers that have an extra of their own and take a key."""
    wanted = [provider for provider in EXTRAS if provider not in ("local", "ollama")]
    return [Key(provider, key_of(provider), bool(os.environ.get(key_of(provider)))) for provider in sorted(wanted)]


def _of_library(folder: Path, settings: Settings) -> Iterator[Place]:
    beside = {
        "map.npz": (words.KEPT_MAP, words.KEPT_MAP_MORE),
        "originals": (words.KEPT_UPLOADS, words.KEPT_UPLOADS_MORE),
        "conversations.sqlite": (words.KEPT_TALKS, words.KEPT_TALKS_MORE if settings.conversation.keep else words.OFF),
        "replies.sqlite": (words.KEPT_REPLIES, words.KEPT_REPLIES_MORE if settings.answer.cache else words.OFF),
    }
    whole = _size(folder) or 0
    held = {name: _size(folder / name) for name in beside}
    yield Place(words.KEPT_INDEX, words.KEPT_INDEX_MORE, folder, whole - sum(size or 0 for size in held.values()))
    for name, (title, about) in beside.items():
        yield Place(title, about, folder / name, held[name])


def _place(name: str, about: str, path: Path) -> Place:
    return Place(name, about, path.absolute(), _size(path))


def _size(path: Path) -> int | None:
    """Bytes of a file with SQLite's own beside it, or of everything in a folder; None where there is none."""
    if path.is_file():
        return sum(
            _bytes(one) for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))
        )
    if not path.is_dir():
        return None
    return sum(_bytes(Path(folder) / name) for folder, _, names in os.walk(path) for name in names)


def _bytes(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
