"""Haystack's first indexing pipeline: DocumentSplitter as it comes (200 words), MiniLM, InMemoryDocumentStore."""

from pathlib import Path

from harness import Search, measure, whole
from haystack import Document, Pipeline
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


class Haystack:
    def __init__(self, model: str, folder: Path) -> None:
        self._store = InMemoryDocumentStore()
        self._indexing = Pipeline()
        self._indexing.add_component("splitter", DocumentSplitter())
        self._indexing.add_component("embedder", SentenceTransformersDocumentEmbedder(model=model, progress_bar=False))
        self._indexing.add_component("writer", DocumentWriter(self._store))
        self._indexing.connect("splitter", "embedder")
        self._indexing.connect("embedder", "writer")
        self._indexing.warm_up()
        self._asking = Pipeline()
        self._asking.add_component("embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
        self._asking.add_component("retriever", InMemoryEmbeddingRetriever(self._store))
        self._asking.connect("embedder.embedding", "retriever.query_embedding")
        self._asking.warm_up()

    def index(self, documents: list[dict[str, str]]) -> None:
        given = [Document(content=whole(document), meta={"source": document["id"]}) for document in documents]
        self._indexing.run({"splitter": {"documents": given}})

    def ways(self) -> dict[str, Search]:
        return {"dense": self._search}

    def pieces(self) -> list[str]:
        return [document.content or "" for document in self._store.filter_documents()]

    def _search(self, question: str, k: int) -> list[str]:
        found = self._asking.run({"embedder": {"text": question}, "retriever": {"top_k": k}})
        return [document.meta["source"] for document in found["retriever"]["documents"]]


if __name__ == "__main__":
    measure(Haystack, ("haystack-ai", "sentence-transformers-haystack", "sentence-transformers", "torch"))
