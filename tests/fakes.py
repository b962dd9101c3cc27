"""Models with a meaning that a test can reckon with."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.models.onnx import unit
from rag.text import words
from rag.types import Document


def terms(text: str) -> list[str]:
    """The words of a text, in lower case and without a plural s."""
    return [span.of(text).casefold().rstrip("s") for span in words(text)]


@dataclass(frozen=True)
class WordHashEmbedder:
    """A text is the sum of its words, each a fixed random direction: texts that share words are near."""

    fingerprint: str = "word-hash:1"
    dimensions: int = 64
    languages: frozenset[str] | None = None

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [
            np.sum([self._direction(word) for word in terms(text)] or [np.zeros(self.dimensions)], axis=0)
            for text in texts
        ]
        return unit(np.asarray(rows, np.float32).reshape(len(texts), self.dimensions))

    def embed_question(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self.embed_passages([text])[0]
        return row

    def _direction(self, word: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest())
        return np.random.default_rng(seed).normal(size=self.dimensions)


class SharedWordsReranker:
    """Log-odds by the share of the question's words that a text has: all 8, none −12."""

    name = "shared-words"

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read.extend(texts)
        asked = set(terms(question)) - {
            "the",
            "what",
            "who",
            "when",
            "i",
            "of",
            "a",
            "did",
            "do",
            "wa",
            "how",
            "many",
            "in",
        }
        shares = [len(asked & set(terms(text))) / max(1, len(asked)) for text in texts]
        return np.asarray([20 * share - 12 for share in shares], np.float32)


def document(text: str, source: str = "/docs/one.txt", title: str = "One", **fields: object) -> Document:
    """A document as a loader would give it."""
    sha256 = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    key = hashlib.blake2b(source.encode(), digest_size=8).hexdigest()
    return Document(
        id=key, source=source, sha256=sha256, title=title, text=text, **{"media_type": "text/plain", **fields}
    )  # type: ignore[arg-type]
