"""The LangChain tutorial: recursive splitting at 1,000 characters with 200 of overlap, MiniLM, FAISS."""

from pathlib import Path

from harness import Search, measure, whole
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


class LangChain:
    def __init__(self, model: str, folder: Path) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=model)

    def index(self, documents: list[dict[str, str]]) -> None:
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        self._splits = splitter.split_documents(
            [Document(page_content=whole(document), metadata={"source": document["id"]}) for document in documents]
        )
        self._store = FAISS.from_documents(self._splits, self._embeddings)

    def ways(self) -> dict[str, Search]:
        return {"dense": self._search}

    def pieces(self) -> list[str]:
        return [split.page_content for split in self._splits]

    def _search(self, question: str, k: int) -> list[str]:
        return [found.metadata["source"] for found in self._store.similarity_search(question, k=k)]


if __name__ == "__main__":
    measure(LangChain, ("langchain-core", "langchain-community", "faiss-cpu", "sentence-transformers", "torch"))
