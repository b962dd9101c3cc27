"""txtai: a hybrid index with content, MiniLM, and chunks of whole sentences.

Its rule-based sentences need data that NLTK downloads, so the chunker of its guide to chunking stands in, at 1,000
characters, which the model reads whole; it repeats nothing.
"""

from pathlib import Path

from harness import Search, measure, whole
from txtai import Embeddings
from txtai.pipeline import Segmentation


class Txtai:
    def __init__(self, model: str, folder: Path) -> None:
        self._segment = Segmentation(chunker="sentence", chunk_size=1000)
        self._embeddings = Embeddings(path=model, content=True, hybrid=True)

    def index(self, documents: list[dict[str, str]]) -> None:
        self._rows = [(document["id"], piece) for document in documents for piece in self._segment(whole(document))]
        self._embeddings.index(self._rows)

    def ways(self) -> dict[str, Search]:
        return {"hybrid": self._search}

    def pieces(self) -> list[str]:
        return [text for _, text in self._rows]

    def _search(self, question: str, k: int) -> list[str]:
        return [found["id"] for found in self._embeddings.search(question, k)]


if __name__ == "__main__":
    measure(Txtai, ("txtai", "chonkie", "faiss-cpu", "transformers", "torch"))
