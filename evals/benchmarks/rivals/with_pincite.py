"""Pincite as it comes: `Library(folder).add_documents(…)`, then searches with reranking and without."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from harness import Search, measure, whole

from rag import Document, Library, Settings


class Pincite:
    def __init__(self, model: str, folder: Path) -> None:
        self._library = Library(folder, settings=Settings.load(embedder=model))
        self._library.warm()

    def index(self, documents: list[dict[str, str]]) -> None:
        self._library.add_documents([_document(document) for document in documents])

    def ways(self) -> dict[str, Search]:
        return {
            "fused and reranked": lambda question, k: self._search(question, k, True),
            "fused": lambda question, k: self._search(question, k, False),
        }

    def pieces(self) -> list[str]:
        """The embedder sees a passage under its document's title; there are no headings in these documents."""
        rows = "SELECT title || char(10) || passages.text FROM passages JOIN documents ON documents.id = document"
        with closing(sqlite3.connect(self._library.path / "library.sqlite")) as library:
            return [text for (text,) in library.execute(rows)]

    def _search(self, question: str, k: int, rerank: bool) -> list[str]:
        return [hit.passage.source for hit in self._library.search(question, k, rerank=rerank)]


def _document(given: dict[str, str]) -> Document:
    digest = sha256(whole(given).encode()).hexdigest()
    return Document(given["id"], given["id"], digest, given["title"], given["text"], "text/plain", language="en")


if __name__ == "__main__":
    measure(Pincite, ("pincite", "onnxruntime", "faiss-cpu"))
