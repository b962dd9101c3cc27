"""Pincite: question answering over your own documents where every sentence of the answer proves itself.

>>> from rag import Library
>>> library = Library("indexes/default")
>>> library.add("reports/")
>>> print(library.ask("Who said so?"))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.asking import Question
    from rag.chain import AnswerChain
    from rag.conversation import Conversation, retold
    from rag.errors import PinciteError
    from rag.library import Library, ask
    from rag.loaders.pdf_images import OpenPdf
    from rag.loaders.pdf_words import Located, locate
    from rag.models.connecting import chat_model, model_name
    from rag.models.embedding import Embedder, embedder
    from rag.models.providers import ChatModel, reply_of
    from rag.models.reranking import Reranker, reranker
    from rag.models.verifying import Found, Judgement, Verifier, verifier
    from rag.settings import Settings
    from rag.stores.conversations import Judged
    from rag.trust.support import Checked, Judge, verify
    from rag.types import Answer, Citation, Document, Hit, IngestReport, Passage, Sentence, Turn, Verdict

_HOMES = {
    "rag.asking": ("Question",),
    "rag.chain": ("AnswerChain",),
    "rag.conversation": ("Conversation", "retold"),
    "rag.errors": ("PinciteError",),
    "rag.library": ("Library", "ask"),
    "rag.loaders.pdf_images": ("OpenPdf",),
    "rag.loaders.pdf_words": ("Located", "locate"),
    "rag.models.connecting": ("chat_model", "model_name"),
    "rag.models.embedding": ("Embedder", "embedder"),
    "rag.models.providers": ("ChatModel", "reply_of"),
    "rag.models.reranking": ("Reranker", "reranker"),
    "rag.models.verifying": ("Found", "Judgement", "Verifier", "verifier"),
    "rag.settings": ("Settings",),
    "rag.stores.conversations": ("Judged",),
    "rag.trust.support": ("Checked", "Judge", "verify"),
    "rag.types": ("Answer", "Citation", "Document", "Hit", "IngestReport", "Passage", "Sentence", "Turn", "Verdict"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "AnswerChain",
    "ChatModel",
    "Checked",
    "Citation",
    "Conversation",
    "Document",
    "Embedder",
    "Found",
    "Hit",
    "IngestReport",
    "Judge",
    "Judged",
    "Judgement",
    "Library",
    "Located",
    "OpenPdf",
    "Passage",
    "PinciteError",
    "Question",
    "Reranker",
    "Sentence",
    "Settings",
    "Turn",
    "Verdict",
    "Verifier",
    "ask",
    "chat_model",
    "embedder",
    "locate",
    "model_name",
    "reply_of",
    "reranker",
    "retold",
    "verifier",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that importing `rag` itself costs nothing."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
