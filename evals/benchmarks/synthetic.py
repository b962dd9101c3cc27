"""A library larger than its real texts: sentences spliced, words exchanged, vectors moved."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from rag import Document, Embedder

Vectors = NDArray[np.float32]
WORDS = 7_500
"""Of a spliced document: about fifty passages."""
SENTENCES = 6
"""Of a paragraph."""
EXCHANGED = 7
"""One word in so many is exchanged."""
NEAR, FAR = 0.3, 0.9
"""How far a vector is moved, in differences between two others."""


def spliced(documents: Sequence[Document], seed: int) -> Iterator[Document]:
    """Documents without end, each of sentences from all over `documents`, under the title of one of them."""
    random = np.random.default_rng(seed)
    sentences = [
        sentence.split() for document in documents for sentence in re.split(r"(?<=[.!?])\s+", document.text) if sentence
    ]
    words = [word for sentence in sentences for word in sentence]
    paragraphs = round(WORDS * len(sentences) / len(words) / SENTENCES)

    def paragraph() -> str:
        made = [word for at in random.integers(len(sentences), size=SENTENCES) for word in sentences[at]]
        places = random.integers(len(made), size=len(made) // EXCHANGED)
        for place, other in zip(places, random.integers(len(words), size=len(places)), strict=True):
            end = "." if made[place].endswith(".") else ""
            made[place] = words[other].rstrip(".") + end
        return " ".join(made)

    for number in range(10**9):
        title = documents[int(random.integers(len(documents)))].title
        text = "\n\n".join(paragraph() for _ in range(paragraphs))
        sha256 = blake2b(f"{number} {text}".encode(), digest_size=32).hexdigest()
        yield Document(sha256[:16], f"spliced:{number}", sha256, title, text, "text/plain", language="en")


@dataclass
class Synthesiser:
    """Embeds for real, each text once, until `moving`: then it gives these vectors moved, at random by the text."""

    inner: Embedder
    moving: bool = False
    _real: dict[str, Vectors] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The real one's: questions are embedded by it."""
        return self.inner.fingerprint

    @property
    def dimensions(self) -> int:
        return self.inner.dimensions

    @property
    def languages(self) -> frozenset[str] | None:
        return self.inner.languages

    def embed_question(self, text: str) -> Vectors:
        return self.inner.embed_question(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions): the real vectors, or a + s·(b − c) of them at length 1."""
        if self.moving:
            return self._moved(texts)
        new = list(dict.fromkeys(text for text in texts if text not in self._real))
        self._real.update(zip(new, self.inner.embed_passages(new), strict=True))
        return np.stack([self._real[text] for text in texts])

    def _moved(self, texts: Sequence[str]) -> Vectors:
        draws = np.frombuffer(b"".join(blake2b(text.encode(), digest_size=16).digest() for text in texts), "<u4")
        a, b, c = (self._matrix[draws[at::4] % len(self._matrix)] for at in range(3))
        far = NEAR + (FAR - NEAR) * (draws[3::4, None] / 2**32)
        moved = a + far.astype(np.float32) * (b - c)
        rows: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return rows

    @cached_property
    def _matrix(self) -> Vectors:
        return np.stack(list(self._real.values()))
