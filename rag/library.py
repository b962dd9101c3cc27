"""A library of documents: add, remove, search, ask."""

import asyncio
import copy
import hashlib
import os
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from rag.asking import EXTRACTIVE, Answerer, Chat, Model, Question
from rag.conversation import Conversation, Standalone, as_asked, read, standalone, steps_as_asked
from rag.errors import BadInput, EmbedderMismatch, NoSuchSource
from rag.indexing import OWN, Indexer
from rag.models.chat import Speaker
from rag.models.embedding import Embedder, embedder
from rag.models.reranking import Reranker, reranker
from rag.models.verifying import Verifier, verifier
from rag.models.weights import PACKAGED
from rag.once import once
from rag.retrieval import Retriever
from rag.scope import resolve
from rag.settings import AnswerSettings, RetrievalSettings, Settings
from rag.stores.conversations import Conversations
from rag.stores.database import count
from rag.stores.freshness import check_files, taken
from rag.stores.local import LocalStore
from rag.stores.replies import Replies
from rag.trust import abstention
from rag.types import Answer, Check, Document, Entry, Failure, Hit, IngestReport, Passage, Progress, Step, Turn

if TYPE_CHECKING:
    from rag.chain import AnswerChain
    from rag.retriever import LibraryRetriever

Sources = str | Sequence[str] | None
Watcher = Callable[[Progress], None]


class Library:
    """A library on disk at `path`, opened, or made where there is none.

    Safe to use from several threads and processes; models load when first needed. `fit` is what turns an answer's
    signals into its confidence, under the keys of `rag/trust/abstention.json`, in place of what that holds: for
    measuring. Raises `LibraryError` where the folder cannot be used and `EmbedderMismatch` where it was made with
    another embedder.
    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        settings: Settings | None = None,
        embedder: Embedder | None = None,
        reranker: Reranker | None = None,
        verifier: Verifier | None = None,
        fit: Mapping[str, Any] | None = None,
    ) -> None:
        self.settings = settings or Settings.load()
        self.path = Path(path or self.settings.index).absolute()
        self._given_embedder, self._given_reranker, self._given_verifier = embedder, reranker, verifier
        self._fitted = abstention.shipped() if fit is None else abstention.given(fit)
        self._speakers: dict[str, Speaker] = {}
        self._lender: Library | None = None
        self._store = LocalStore(self.path)
        self._refuse_other_embedder(None if embedder else self.settings.embedder, embedder)

    @staticmethod
    def exists(path: str | Path) -> bool:
        """Whether there is a library at `path`."""
        return (Path(path) / "library.sqlite").is_file()

    @staticmethod
    def count(path: str | Path) -> int | None:
        """How many documents the library at `path` has, without opening it; None where that cannot be told."""
        return count(Path(path))

    def beside(self, path: str | Path) -> "Library":
        """Another library, at `path`, that works with this one's settings and shares its models."""
        other = Library(
            path,
            settings=self.settings,
            embedder=self._given_embedder,
            reranker=self._given_reranker,
            verifier=self._given_verifier,
        )
        other._fitted, other._lender = self._fitted, self
        return other

    def tuned(self, *, answer: AnswerSettings | None = None, retrieval: RetrievalSettings | None = None) -> "Library":
        """This library as it answers with other settings; it shares everything with this one, which stays its owner."""
        other = copy.copy(self)
        for made in ("_retriever", "_answerer", "chain"):
            other.__dict__.pop(made, None)
        changed = {"answer": answer or self.settings.answer, "retrieval": retrieval or self.settings.retrieval}
        other.settings = self.settings.model_copy(update=changed)
        other._lender = self
        return other

    # --- documents

    def add(
        self,
        *targets: str | Path,
        password: str | None = None,
        sync: bool = False,
        progress: Watcher | None = None,
    ) -> IngestReport:
        """Index files, folders (with everything below), glob patterns and http(s) addresses.

        Unchanged files cost nothing, changed ones are replaced, unreadable ones go to the ledger. With `sync`,
        documents that have vanished under a target are removed. Raises `NoSuchSource` for a target that does not exist.
        """
        report = self._indexer(progress).add(targets, password=password, sync=sync)
        self._settle(report)
        return report

    def add_bytes(self, data: bytes, name: str, *, folder: str = "", progress: Watcher | None = None) -> IngestReport:
        """Index an upload. Its bytes are kept at `originals/<sha256>/<folder>/<name>` inside the library.

        `folder` is the one it came from, such as `reports/2024`, so that it can be told apart. Raises `BadInput`.
        """
        safe = Path(name.replace("\\", "/")).name.replace("\0", "")
        if safe in ("", ".", ".."):
            raise BadInput("the upload has no file name; give it one")
        above = [part for part in folder.replace("\\", "/").replace("\0", "").split("/") if part not in ("", ".", "..")]
        place = self.path.joinpath("originals", hashlib.sha256(data).hexdigest(), *above, safe)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = place.with_name(f".{os.getpid()}.part")
            partial.write_bytes(data)
            partial.replace(place)
        return self.add(place, progress=progress)

    def add_documents(self, documents: Iterable[Document]) -> IngestReport:
        """Index documents that were read elsewhere; `source` and `sha256` tell what is new."""
        report = self._indexer(None).add_documents(documents)
        self._settle(report)
        return report

    def remove(self, *sources: str) -> IngestReport:
        """Remove documents, by path, address, folder or glob pattern, with their vectors, copies and quotes.

        Kept answers that quote one of them go with it; of those conversations the questions stay.

        Raises `NoSuchSource` where one matches nothing; then none is removed.
        """
        failed = [failure.source for failure in self.failures()]
        gone = resolve(sources, dict.fromkeys([*self._store.stamps(), *failed]))
        self._store.remove(gone)
        self._replies.forget(gone)
        self.conversations.purge(gone)
        self._store.save_snapshot()
        for source in gone:
            self._purge_original(Path(source))
        return IngestReport(removed=tuple(gone))

    def documents(self) -> list[Entry]:
        """Every document, by source."""
        return self._store.entries()

    def entry(self, document_id: str) -> Entry:
        """One document as the list shows it, by its id. Raises `NoSuchSource`."""
        entry = self._store.entry(document_id)
        if entry is None:
            raise NoSuchSource("this document is not in this library; see: pincite list")
        return entry

    def failures(self) -> list[Failure]:
        """The ledger: files that could not be indexed, and why."""
        return self._store.failures()

    def document(self, source: str) -> Document:
        """One document whole, by its exact source. Raises `NoSuchSource`."""
        document = self._store.document(source)
        if document is None:
            raise NoSuchSource(f"{source} is not in this library; see: pincite list")
        return document

    # --- questions

    def search(self, query: str, k: int = 10, *, sources: Sources = None, rerank: bool = True) -> list[Hit]:
        """The `k` best passages, best first.

        Raises `EmptyQuestion`, and `NoSuchSource` for `sources` that match nothing.
        """
        evidence = self._retriever.find(query, self._scope(sources))
        if rerank:
            evidence = self._retriever.read(query, evidence)
        return list(evidence.hits[:k])

    def ask(
        self,
        question: str,
        *,
        sources: Sources = None,
        abstain: bool = True,
        rerank: bool = True,
        model: Model = None,
        earlier: Sequence[Turn] = (),
    ) -> Answer:
        """The answer to `question`, every sentence with its citation and verdict.

        `sources` limits it to documents by path, address, folder or glob; `abstain=False` always answers, for
        measuring. A question that points back to `earlier` turns is understood by them. `model` is a chat model that
        writes it, as `provider:name` or as LangChain has it; `extractive` for quotes whatever the settings name. A
        model that fails is quoted around, and the answer's notes say so. Raises `EmptyQuestion`, `NoSuchSource`,
        `ModelError`, and `BadInput` for a model that cannot be asked as things are set up.
        """
        meant = self._meant(question, earlier, model)
        answer = self._answerer.answer(self._question(meant.text, sources, abstain, rerank, model, earlier))
        return as_asked(answer, question, meant)

    async def aask(
        self,
        question: str,
        *,
        sources: Sources = None,
        abstain: bool = True,
        rerank: bool = True,
        model: Model = None,
        earlier: Sequence[Turn] = (),
    ) -> Answer:
        """`ask`, without holding up the event loop."""
        meant = await asyncio.to_thread(self._meant, question, earlier, model)
        answer = await self.chain.ainvoke(self._question(meant.text, sources, abstain, rerank, model, earlier))
        return as_asked(answer, question, meant)

    def stream(
        self,
        question: str,
        *,
        sources: Sources = None,
        abstain: bool = True,
        rerank: bool = True,
        model: Model = None,
        earlier: Sequence[Turn] = (),
    ) -> Generator[Step, None, None]:
        """`ask` step by step: what was found, the answer as it grows, and the answer checked and whole.

        Closing it ends the work, also that of a chat model.
        """
        meant = self._meant(question, earlier, model)
        steps = self._answerer.steps(self._question(meant.text, sources, abstain, rerank, model, earlier))
        return steps_as_asked(steps, question, meant)

    def batch(
        self,
        questions: Sequence[str],
        *,
        sources: Sources = None,
        abstain: bool = True,
        rerank: bool = True,
        model: Model = None,
    ) -> list[Answer]:
        """`ask` for several questions, in the order given."""
        asked: list[Question | str] = [
            self._question(question, sources, abstain, rerank, model) for question in questions
        ]
        return self.chain.batch(asked, config={"max_concurrency": os.cpu_count() or 1})

    def chat(
        self,
        *,
        sources: Sources = None,
        abstain: bool = True,
        rerank: bool = True,
        model: Model = None,
        turns: Sequence[Turn] | str = (),
    ) -> Conversation:
        """A conversation with this library, in which later questions may point back to earlier ones.

        `turns` are those of an earlier conversation, or what its `to_json` gave. Raises `BadInput` for other text.
        """

        def ask(question: str, earlier: Sequence[Turn]) -> Generator[Step, None, None]:
            return self.stream(question, sources=sources, abstain=abstain, rerank=rerank, model=model, earlier=earlier)

        kept = read(turns) if isinstance(turns, str) else turns
        return Conversation(ask, kept, limit=self.settings.conversation.turns)

    @once
    def chain(self) -> "AnswerChain":
        """retrieve → answer → verify, as a LangChain Runnable from a question (or `Question`) to an `Answer`."""
        from rag.chain import AnswerChain

        return AnswerChain(self._answerer)

    def as_retriever(self, k: int = 10, *, sources: Sources = None, rerank: bool = True) -> "LibraryRetriever":
        """This library as a LangChain retriever."""
        from rag.retriever import LibraryRetriever

        return LibraryRetriever(search=lambda query: self.search(query, k, sources=sources, rerank=rerank))

    @once
    def conversations(self) -> Conversations:
        """Past conversations on the page, and what people thought of their answers."""
        kept = self.settings.conversation
        return Conversations(self.path / "conversations.sqlite", kept.answers if kept.keep else 0)

    # --- the library itself

    def generation(self) -> int:
        """A number that grows with every change of the documents, whichever process made it."""
        return self._store.generation()

    def size(self) -> int:
        """Bytes on disk of what the library keeps for itself; documents that lie beside it do not count."""
        return taken(self.path, OWN)

    def health(self) -> list[Check]:
        """What `pincite doctor` reports of this library."""
        checks = self._store.check()
        checks.extend(check_files(self._store.stamps()))
        failures = self.failures()
        checks.append(Check("ledger", True, f"{len(failures)} files could not be read", "see: pincite list"))
        return checks

    def sample(self, most: int) -> tuple[list[Passage], NDArray[np.float32]]:
        """At most `most` passages, evenly from all over the library, and their vectors (n, dimensions) of length 1.

        Passages of documents that are searched by words only have no vector and are left out.
        """
        return self._store.sample(most)

    def vectors(self, passages: Sequence[Passage]) -> dict[str, NDArray[np.float32]]:
        """The vectors of those `passages` that have one, by the passage's id."""
        return self._store.vectors_by_id(passages)

    def weights(self) -> dict[str, str]:
        """What the models in use are: the SHA-256 of packaged weights by name, else what tells a model from others."""
        embedder_of, reranker_of = self._given_embedder, self._given_reranker
        packaged = self.settings.embedder in PACKAGED
        kept = None if packaged else self._store.setting("fingerprint")
        other = {
            self.settings.embedder: embedder_of.fingerprint if embedder_of else kept,
            self.settings.reranker: reranker_of.name if reranker_of else None,
        }
        if abstention.reads(self._fitted):
            other["verifier"] = self._given_verifier.name if self._given_verifier else None
        return {name: known or (PACKAGED[name].sha256 if name in PACKAGED else name) for name, known in other.items()}

    def warm(self) -> None:
        """Load the models and the index now, so that the first question does not wait for them."""
        self._store.nearest(self._embedder.embed_question("ready"), 1, None)
        self._reranker.score("ready", ["ready"])
        if abstention.reads(self._fitted):
            self._verifier.find("ready", ["ready"])

    def close(self) -> None:
        """Give back files and memory."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- inside

    @once
    def _embedder(self) -> Embedder:
        lent = self._lender._embedder if self._lender else self._given_embedder
        made = lent or embedder(self.settings.embedder, self.settings.threads)
        self._refuse_other_embedder(None, made)
        return made

    @once
    def _reranker(self) -> Reranker:
        lent = self._lender._reranker if self._lender else self._given_reranker
        return lent or reranker(self.settings.reranker, self.settings.threads)

    @once
    def _verifier(self) -> Verifier:
        lent = self._lender._verifier if self._lender else self._given_verifier
        return lent or verifier()

    @once
    def _retriever(self) -> Retriever:
        return Retriever(self._store, self._embedder, self._reranker, self.settings.retrieval)

    @once
    def _answerer(self) -> Answerer:
        kept = self._replies if self.settings.answer.cache else None
        opened, reader = self._speaker, lambda: self._verifier
        return Answerer(self._store, self._retriever, self.settings.answer, opened, kept, reader, self._fitted)

    @once
    def _replies(self) -> Replies:
        return Replies(self.path / "replies.sqlite", self.settings.answer.cache)

    def _speaker(self, model: Chat) -> Speaker:
        """The chat model; one that is named is made once, and shared by all who ask it."""
        from rag.models.chat import speaker

        if not isinstance(model, str):
            return speaker(model, self.settings)
        return self._speakers.get(model) or self._speakers.setdefault(model, speaker(model, self.settings))

    def _refuse_other_embedder(self, name: str | None, given: Embedder | None) -> None:
        kept_name, kept = self._store.setting("embedder"), self._store.setting("fingerprint")
        if (name and kept_name and name != kept_name) or (given and kept and given.fingerprint != kept):
            raise EmbedderMismatch(
                f"{self.path} was made with the embedder {kept_name}, not {name or (given and given.fingerprint)};"
                f" set PINCITE_EMBEDDER={kept_name}, or index into another --index"
            )

    def _indexer(self, progress: Watcher | None) -> Indexer:
        return Indexer(self._store, self._embedder_for_good, self.settings, self.path, progress or (lambda _: None))

    def _embedder_for_good(self) -> Embedder:
        """The embedder, which from now on is the only one for this library."""
        made = self._embedder
        if self._store.setting("fingerprint") is None:
            self._store.keep("fingerprint", made.fingerprint)
            self._store.keep("embedder", self.settings.embedder if self._given_embedder is None else made.fingerprint)
        return made

    def _settle(self, report: IngestReport) -> None:
        self._replies.forget([*report.updated, *report.removed])
        self.conversations.purge(report.removed)
        if report.added or report.updated or report.removed:
            self._store.save_snapshot()

    def _meant(self, question: str, earlier: Sequence[Turn], model: Model) -> Standalone:
        """The question made standalone, by the model that answers where there is one."""
        chosen = model or self.settings.answer.model or EXTRACTIVE
        return standalone(question, earlier, self._speaker(chosen) if earlier and chosen != EXTRACTIVE else None)

    def _question(
        self,
        text: str,
        sources: Sources,
        abstain: bool,
        rerank: bool,
        model: Model,
        earlier: Sequence[Turn] = (),
    ) -> Question:
        scope = self._scope(sources)
        return Question(text, None if scope is None else tuple(scope), abstain, rerank, model, tuple(earlier))

    def _scope(self, sources: Sources) -> list[str] | None:
        if sources is None:
            return None
        return resolve([sources] if isinstance(sources, str) else sources, self._store.stamps())

    def _purge_original(self, place: Path) -> None:
        originals = self.path / "originals"
        if place.is_relative_to(originals):
            place.unlink(missing_ok=True)
            while place.parent != originals and place.parent.is_dir() and not any(place.parent.iterdir()):
                place = place.parent
                place.rmdir()


def ask(
    question: str,
    index: str | Path | None = None,
    *,
    sources: Sources = None,
    abstain: bool = True,
    rerank: bool = True,
    model: Model = None,
) -> Answer:
    """`Library(index).ask(question, …)` in one call. Raises `NoSuchSource` where there is no library at `index`."""
    path = Path(index or Settings.load().index)
    if not Library.exists(path):
        raise NoSuchSource(f"there is no library at {path}; make one with: pincite index PATH --index {path}")
    with Library(path) as library:
        return library.ask(question, sources=sources, abstain=abstain, rerank=rerank, model=model)
