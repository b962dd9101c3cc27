"""How well a text answers a question: a cross-encoder that reads the two together."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models import weights
from rag.models.onnx import OnnxEncoder, logit


class Reranker(Protocol):
    """What scores texts against a question."""

    name: str

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n,) scores, higher is better; 0 where the model is of two minds (log-odds)."""
        ...


class PackagedMiniLM:
    """ms-marco-MiniLM-L-12-v2 in int8, trained on web questions and passages."""

    name = "minilm-l12"

    def __init__(self, threads: int = 0, longest: int = 256) -> None:
        place = weights.checked("minilm-l12")
        self._encoder = OnnxEncoder(place / "model.onnx", place / "tokenizer.json", threads, longest)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros(0, np.float32)
        return self._encoder.run([(question, text) for text in texts], logit)[:, 0]


class SentenceTransformersReranker:
    """Any cross-encoder with one output that sentence-transformers loads, by name or folder."""

    def __init__(self, name: str, threads: int = 0) -> None:
        import torch
        from sentence_transformers import CrossEncoder

        if threads:
            torch.set_num_threads(threads)
        try:
            self._model = CrossEncoder(name, device="cpu", activation_fn=torch.nn.Identity())
        except Exception as error:  # hub, file and format faults come as many types
            raise ModelError(f"reranker {name!r} cannot be loaded; give a model's folder or installed name") from error
        self.name = name

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros(0, np.float32)
        scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(scores, np.float32).reshape(len(texts))


def reranker(name: str = "minilm-l12", threads: int = 0) -> Reranker:
    """The reranker called `name`. Raises `ModelError` where it cannot be had."""
    return PackagedMiniLM(threads) if name == "minilm-l12" else SentenceTransformersReranker(name, threads)
