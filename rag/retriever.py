"""A library as a LangChain retriever."""

from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from rag.types import Hit


class LibraryRetriever(BaseRetriever):
    """Passages of a library as LangChain documents; each carries its source, span and pages in `metadata`."""

    search: Callable[[str], list[Hit]]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [as_langchain(hit) for hit in self.search(query)]


def as_langchain(hit: Hit) -> LangChainDocument:
    """One hit as a LangChain document."""
    passage = hit.passage
    metadata: dict[str, Any] = {
        "source": passage.source,
        "title": passage.title,
        "heading": passage.heading,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page_first,
        "rank": hit.rank,
        "score": hit.score,
    }
    return LangChainDocument(page_content=passage.text, metadata=metadata, id=passage.id)
