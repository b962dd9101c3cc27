"""What a library needs of its storage. Passages are known to a store by number; a number is never used twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.types import Document, Entry, Failure, Passage


class Found(NamedTuple):
    """A passage's number and how well it matches, higher is better."""

    number: int
    score: float


class Named(NamedTuple):
    """A heading with its words as a person reads them."""

    level: int
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells an unchanged file without reading it, and the hash of what was read."""

    sha256: str
    size: int = -1
    """Bytes; −1 where there is no file (an address)."""
    mtime_ns: int = -1


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be stored."""

    document: Document
    passages: Sequence[Passage]
    vectors: NDArray[np.float32] | None
    """(passages, dimensions); None where the document is searched by words only."""
    stamp: Stamp
    digests: Sequence[bytes] = ()
    """16 bytes for each passage that tell the text that was embedded; empty where its vectors are not to be found
    by it."""


class Store(Protocol):
    """Storage of one library. Reading is safe from several threads; every write is one transaction."""

    def generation(self) -> int:
        """A number that grows with every committed change, whoever made it."""
        ...

    def put(self, prepared: Iterable[Prepared]) -> None:
        """Store documents, each replacing the version before it, all in one transaction."""
        ...

    def embedded(self, digests: Collection[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """The vectors, by digest, of texts that some passage of the library already has."""
        ...

    def touch(self, stamps: Mapping[str, Stamp]) -> None:
        """Note files that were rewritten with the same content."""
        ...

    def remove(self, sources: Collection[str]) -> None:
        """Remove documents, their passages, vectors and ledger rows."""
        ...

    def fail(self, failure: Failure) -> None:
        """Write a row of the ledger; a document indexed earlier from that source stays."""
        ...

    def stamps(self) -> dict[str, Stamp]:
        """The stamp of every document, by source."""
        ...

    def entries(self) -> list[Entry]:
        """Every document, by source."""
        ...

    def entry(self, document_id: str) -> Entry | None:
        """The entry of one document, by its id."""
        ...

    def failures(self) -> list[Failure]:
        """The ledger."""
        ...

    def document(self, source: str) -> Document | None:
        """One document whole."""
        ...

    def headings(self, source: str) -> list[Named]:
        """The headings of the document of `source`, in order."""
        ...

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Passages by number; numbers that are gone are left out."""
        ...

    def nearest(self, vector: NDArray[np.float32], k: int, within: Collection[str] | None) -> list[Found]:
        """The `k` passages of highest cosine with `vector`, best first; only of the sources `within`, if given."""
        ...

    def cosines(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> dict[int, float]:
        """The cosine of `vector` with each of these passages; those without a vector are left out."""
        ...

    def matching(self, words: Sequence[str], k: int, within: Collection[str] | None) -> list[Found]:
        """The `k` passages of highest BM25 for any of `words`, best first."""
        ...

    def frequencies(self, stems: Sequence[str]) -> tuple[int, list[int]]:
        """How many passages there are, and in how many a word of each of these stems stands."""
        ...

    def close(self) -> None:
        """Give back what is held open."""
        ...
