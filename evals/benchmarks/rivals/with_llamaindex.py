"""LlamaIndex's starter example: SentenceSplitter as it comes, MiniLM, VectorStoreIndex."""

from pathlib import Path

from harness import Search, measure, whole
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


class LlamaIndex:
    def __init__(self, model: str, folder: Path) -> None:
        self._embedding = HuggingFaceEmbedding(model_name=model)

    def index(self, documents: list[dict[str, str]]) -> None:
        self._index = VectorStoreIndex.from_documents(
            [Document(text=whole(document), doc_id=document["id"]) for document in documents],
            embed_model=self._embedding,
            transformations=[SentenceSplitter()],
        )

    def ways(self) -> dict[str, Search]:
        return {"dense": self._search}

    def pieces(self) -> list[str]:
        return [node.get_content(metadata_mode=MetadataMode.EMBED) for node in self._index.docstore.docs.values()]

    def _search(self, question: str, k: int) -> list[str]:
        found = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [one.node.ref_doc_id for one in found]


if __name__ == "__main__":
    measure(LlamaIndex, ("llama-index-core", "llama-index-embeddings-huggingface", "sentence-transformers", "torch"))
