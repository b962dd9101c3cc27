"""The map of a library: where its passages lie by meaning, which words tell its documents, and how it is kept."""

import contextlib
import hashlib
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rag.projection import place, project
from rag.telling import telling_words
from rag.text import plain
from rag.types import Entry, Passage

MOST = 4_000
"""Passages on a map, at most: laying them out takes about 9 seconds, and a browser still draws them at once."""
COLOURED = 8
"""Documents, at most, that have a colour and a shape of their own: people tell no more apart."""
LISTED = 100
"""Documents, at most, that stand in the list beside the map."""
TOLD = 5
"""Words that tell a document."""
REGIONS = 12
"""Parts of the map with a word each, where there are more documents than colours."""
FEWEST = 3
"""Passages without which there is nothing to see."""

Floats = NDArray[np.float32]


class Mapped(Protocol):
    """The part of `rag.Library` that a map is made of."""

    def generation(self) -> int: ...
    def documents(self) -> list[Entry]: ...
    def sample(self, most: int, /) -> tuple[list[Passage], Floats]: ...
    def vectors(self, passages: Sequence[Passage], /) -> dict[str, Floats]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """One document on the map."""

    source: str
    title: str
    dots: tuple[int, ...]
    """Its passages, by their number in `Atlas.passages`."""
    told: tuple[str, ...]
    """The words that tell it from the others."""
    near: str
    """The title of the document nearest in meaning; empty where there is no other."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the map, and words that tell it."""

    told: tuple[str, ...]
    x: float
    y: float


@dataclass(frozen=True)
class Atlas:
    """The map of one generation of a library."""

    generation: int
    passages: tuple[Passage, ...]
    positions: Floats = field(repr=False)
    """(n, 2), each −1..1."""
    vectors: Floats = field(repr=False)
    places: tuple[Place, ...]
    """The `LISTED` largest documents; the first `COLOURED` have a colour."""
    documents: int
    """Documents on the map."""
    regions: tuple[Region, ...]
    total: int
    """Passages in the library."""
    unplaced: int
    """Passages of documents that are searched by words only, and so have no place."""

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each passage on the map, by its id."""
        return {passage.id: number for number, passage in enumerate(self.passages)}

    def locate(self, passages: Sequence[Passage], library: Mapped) -> dict[str, tuple[float, float]]:
        """Where `passages` lie, by id: those left out of the sample are placed amid what is like them."""
        known = {one.id: self.number_of[one.id] for one in passages if one.id in self.number_of}
        found = {key: (float(self.positions[n, 0]), float(self.positions[n, 1])) for key, n in known.items()}
        others = library.vectors([one for one in passages if one.id not in known]) if len(self.passages) else {}
        if others:
            placed = place(np.stack(list(others.values())), self.vectors, self.positions)
            found |= {key: (float(x), float(y)) for key, (x, y) in zip(others, placed, strict=True)}
        return found


def draw(library: Mapped, kept: Path | None) -> Atlas:
    """The map of `library` as it is now; its layout is read from `kept`, and written there where it is another."""
    generation, entries = library.generation(), library.documents()
    passages, vectors = library.sample(MOST)
    ids = [passage.id for passage in passages]
    digest = hashlib.sha256("".join(ids).encode() + np.ascontiguousarray(vectors).tobytes()).hexdigest()
    positions = _read(kept, digest) if kept else None
    if positions is None:
        positions = project(vectors)
        if kept and len(ids):
            _write(kept, digest, positions)
    places, documents = _places(passages, vectors)
    regions = _regions(passages, positions) if documents > COLOURED else ()
    total = sum(entry.passages for entry in entries)
    unplaced = sum(entry.passages for entry in entries if entry.searched == "words only")
    return Atlas(generation, tuple(passages), positions, vectors, places, documents, regions, total, unplaced)


def _places(passages: Sequence[Passage], vectors: Floats) -> tuple[tuple[Place, ...], int]:
    """The largest documents, the largest first, and how many there are."""
    dots: dict[str, list[int]] = defaultdict(list)
    for number, passage in enumerate(passages):
        dots[passage.source].append(number)
    titles = {source: passages[held[0]].title for source, held in dots.items()}
    order = sorted(dots, key=lambda source: (-len(dots[source]), titles[source], source))
    rest = [number for source in order[LISTED:] for number in dots[source]]
    told = _told([*(dots[source] for source in order[:LISTED]), rest], passages, TOLD)
    centres = np.stack([vectors[dots[source]].mean(axis=0) for source in order]) if order else vectors
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    places = []
    for at, (source, words) in enumerate(zip(order[:LISTED], told, strict=False)):
        likeness = centres @ centres[at]
        likeness[at] = -2
        near = titles[order[int(likeness.argmax())]] if len(order) > 1 else ""
        places.append(Place(source, titles[source], tuple(dots[source]), words, near))
    return tuple(places), len(order)


def _regions(passages: Sequence[Passage], positions: Floats) -> tuple[Region, ...]:
    """The map cut into parts by k-means, each with two words, at its most central passage."""
    from sklearn.cluster import KMeans

    count = min(REGIONS, len(passages) // FEWEST)
    made = KMeans(count, n_init=1, random_state=0).fit(positions)
    groups = [np.flatnonzero(made.labels_ == one).tolist() for one in range(count)]
    told = _told(groups, passages, 2)
    return tuple(
        Region(words, float(x), float(y)) for words, (x, y) in zip(told, made.cluster_centers_, strict=True) if words
    )


def _told(groups: Sequence[Sequence[int]], passages: Sequence[Passage], count: int) -> list[tuple[str, ...]]:
    return telling_words([[plain(passages[n].text, passages[n].media_type) for n in held] for held in groups], count)


def _read(path: Path, digest: str) -> Floats | None:
    """The layout that was kept for just these passages; None where there is none, or a damaged one."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
            positions: Floats = held["positions"]
            return positions if str(held["digest"]) == digest else None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _write(path: Path, digest: str, positions: Floats) -> None:
    """A map that cannot be kept is drawn again next time."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with contextlib.suppress(OSError):
        try:
            with temporary.open("wb") as stream:
                np.savez(stream, digest=np.array(digest), positions=positions)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
