"""Text to unit vectors: the packaged bge-small by default, any sentence-transformers model by name or folder."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models import weights
from rag.models.onnx import OnnxEncoder, Pool, first_token, mean_token, unit

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """What turns text into vectors of length 1."""

    @property
    def fingerprint(self) -> str:
        """Name and version of the weights: vectors of different fingerprints are never compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 codes that it was trained for; None for any."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions), each row of length 1, in the order given."""
        ...

    def embed_question(self, text: str) -> Vectors:
        """(dimensions,), of length 1."""
        ...


@dataclass(frozen=True)
class OnnxEmbedder:
    """An ONNX encoder with the pooling, prefix and length that it was trained with."""

    encoder: OnnxEncoder
    pool: Pool
    fingerprint: str
    dimensions: int
    languages: frozenset[str] | None
    question_prefix: str = ""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return self.encoder.run(texts, self.pool)

    def embed_question(self, text: str) -> Vectors:
        row: Vectors = self.encoder.run([self.question_prefix + text], self.pool)[0]
        return row


def bge_small(threads: int = 0) -> OnnxEmbedder:
    """bge-small-en-v1.5 in int8: [CLS] pooling, 512 tokens, and a prefix on questions (BAAI's model card)."""
    place = weights.checked("bge-small")
    return OnnxEmbedder(
        encoder=OnnxEncoder(place / "model.onnx", place / "tokenizer.json", threads),
        pool=first_token,
        fingerprint=f"bge-small:{weights.PACKAGED['bge-small'].sha256[:16]}:cls",
        dimensions=384,
        languages=frozenset({"en"}),
        question_prefix="Represent this sentence for searching relevant passages: ",
    )


def minilm(threads: int = 0) -> OnnxEmbedder:
    """all-MiniLM-L6-v2 in int8: mean pooling, 256 tokens, no prefix (its model card). Half the layers of bge-small."""
    place = weights.checked("minilm")
    return OnnxEmbedder(
        encoder=OnnxEncoder(place / "model.onnx", place / "tokenizer.json", threads, longest=256),
        pool=mean_token,
        fingerprint=f"minilm:{weights.PACKAGED['minilm'].sha256[:16]}:mean",
        dimensions=384,
        languages=frozenset({"en"}),
    )


class SentenceTransformers:
    """Any model that sentence-transformers loads, by name or folder; its own prompts, pooling and length."""

    languages: frozenset[str] | None = None

    def __init__(self, name: str, threads: int = 0) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        if threads:
            torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except Exception as error:  # hub, file and format faults come as many types
            reason = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
            raise ModelError(
                f"embedder {name!r} cannot be loaded ({reason}); give a model's folder or installed name"
            ) from error
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = f"sentence-transformers:{Path(name).name}:{_digest(self._model)}"

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return unit(np.asarray(self._model.encode_document(list(texts), show_progress_bar=False), np.float32))

    def embed_question(self, text: str) -> Vectors:
        row: Vectors = unit(np.asarray(self._model.encode_query([text], show_progress_bar=False), np.float32))[0]
        return row


OWN: dict[str, Callable[[int], OnnxEmbedder]] = {"bge-small": bge_small, "minilm": minilm}
"""Embedders that run without torch."""


def embedder(name: str = "bge-small", threads: int = 0) -> Embedder:
    """The embedder called `name`. Raises `ModelError` where it cannot be had."""
    if name in OWN:
        return OWN[name](threads)
    if name in weights.PACKAGED:
        return SentenceTransformers(str(weights.checked(name)), threads)
    return SentenceTransformers(name, threads)


def _digest(model: Any) -> str:
    """16 hexadecimal digits of the weights' own bytes, so that a retrained folder is another embedder."""
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().numpy().tobytes())
    return digest.hexdigest()[:16]
