"""Words at scale: each full range of passage numbers is also a tantivy index, which finds the best without scoring all.

Shards are snapshots derived from the library, never the truth: what they do not cover, or where one cannot be read,
SQLite's full-text search answers. Each holds stems and how often they occur, neither text nor the order of words.
Scores are SQLite's BM25: tantivy has the same k1 and b, title words are counted twice by writing them twice, and the
weight of a term over all shards is put right by a factor.
"""

import heapq
import math
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import tantivy
from tantivy import Occur, Query

from rag.stores.base import Found
from rag.text import stems

SHARD = 50_000
"""Passage numbers in a shard: SQLite's search is fast enough for what is left over."""
_MEMORY = 64_000_000
"""Bytes that tantivy gathers before it writes a segment."""


class Row(NamedTuple):
    """A passage as a shard is made of it."""

    number: int
    document: int
    title: str
    heading: str
    text: str


class Shard:
    """One tantivy index, open."""

    def __init__(self, index: tantivy.Index) -> None:
        self.schema = index.schema
        self.searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """The shard in `folder`; None where it is missing or torn."""
        try:
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual")  # a shard never changes, so nobody need watch its files
            return cls(index)
        except (ValueError, OSError):
            return None

    def search(self, query: Query, k: int) -> list[Found]:
        """The `k` best by score."""
        hits = self.searcher.search(query, k, count=False).hits
        numbers = self.searcher.fast_field_values("number", [address for _, address in hits])
        return [Found(int(number or 0), score) for number, (score, _) in zip(numbers, hits, strict=True)]


def build(folder: Path, rows: Iterable[Row]) -> None:
    """Make the shard of `rows` in `folder`, all or nothing."""
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        index = tantivy.Index(_schema(), str(partial))
        index.register_tokenizer("stems", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        writer = index.writer(_MEMORY, 1)
        for row in rows:
            title = stems(row.title)
            words = " ".join([*title, *title, *stems(row.heading), *stems(row.text)])
            entry = {"number": row.number, "document": row.document, "words": words}
            writer.add_document(tantivy.Document.from_dict(entry, index.schema))
        writer.commit()
        writer.wait_merging_threads()
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_unsigned_field("document", indexed=True)
    builder.add_text_field("words", tokenizer_name="stems", index_option="freq")
    return builder.build()


class Shards:
    """The shards of one library, the first ranges of its passage numbers without a gap, as one index."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._shards = shards
        self.last = len(shards) * SHARD
        """The highest number that they cover."""
        self.size = sum(shard.searcher.num_docs for shard in shards)

    def frequencies(self, terms: Sequence[str]) -> list[int]:
        """In how many passages each stem stands."""
        return [sum(shard.searcher.doc_freq("words", term) for shard in self._shards) for term in terms]

    def matching(self, words: Sequence[str], k: int, documents: Sequence[int] | None) -> list[Found]:
        """The `k` passages of highest BM25 for any of `words`, best first; of a word in parts, for all its parts."""
        parts = [terms for word in words if (terms := stems(word))]
        weights = {term: self._weight(term) for terms in parts for term in terms}
        found: list[Found] = []
        for shard in self._shards:
            query = _any_of([_all_of(shard, terms, weights) for terms in parts])
            if documents is not None:
                scope = Query.term_set_query(shard.schema, "document", documents)
                query = Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(scope, 0.0))])
            found.extend(shard.search(query, k))
        return heapq.nsmallest(k, found, key=lambda one: (-one.score, one.number))

    def _weight(self, term: str) -> float:
        """The inverse document frequency over all shards, as SQLite computes it."""
        (holding,) = self.frequencies([term])
        return max(1e-6, math.log((self.size - holding + 0.5) / (holding + 0.5)))


def _all_of(shard: Shard, terms: Sequence[str], weights: dict[str, float]) -> Query:
    """A word in parts, such as "cease-fire", weighs as much as one of them."""
    queries = [_weighted(shard, term, weights[term] / len(terms)) for term in terms]
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])


def _weighted(shard: Shard, term: str, weight: float) -> Query:
    """A term whose weight is this one instead of tantivy's, ln(1 + (N − n + ½) ÷ (n + ½)) within the shard."""
    total, holding = shard.searcher.num_docs, shard.searcher.doc_freq("words", term)
    own = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
    return Query.boost_query(Query.term_query(shard.schema, "words", term, "freq"), weight / own)


def _any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
