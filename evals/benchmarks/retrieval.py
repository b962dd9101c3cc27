"""Ways of finding side by side: words, meaning, the two fused, and reranked, for each embedder, on public sets.

    python -m evals.benchmarks.retrieval [--sets nq,scifact,squad,filings] [--embedders bge-small,minilm]
                                         [--settings JSON] [--limit N] [--tried] [--json FILE]

nDCG@10, hit@1 and R@100 of the documents that hold the answer, with 95% intervals, each document counted once at its
best passage. `filings` (FinanceBench) asks instead how often a gold page is among the first five passages within the
named PDF. `--tried` adds other ways of fusing and reranking, worked out from the scores that each hit carries;
`--settings` measures with others than the defaults, such as '{"chunking": {"words": 250}}'.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track

from evals.benchmarks.pools import Asked, Pool, bench, financebench, natural_questions, scifact, some, squad
from evals.benchmarks.tried import ALONE, TRIED, Ranking, by
from evals.metrics import contains, ndcg_at, share_within
from evals.statistics import Estimate, estimate
from rag import Hit, Library, Settings

FIRST = 5
"""Passages of a filing that may hold the page."""
console = Console(stderr=True)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Row:
    """How one way of finding does on one set."""

    embedder: str
    way: str
    ndcg: Estimate
    hit1: Estimate
    recall100: Estimate
    ms: float | None = None
    """Median milliseconds of a search, where this is a way that `Library.search` goes."""

    def __str__(self) -> str:
        took = "" if self.ms is None else f"{self.ms:8.0f}"
        return f"{self.embedder:12}{self.way:34}{self.ndcg!s:24}{self.hit1!s:24}{self.recall100!s:24}{took}"


def _answerable(folder: Path) -> Pool:
    pool = squad(folder)
    return Pool(pool.documents, tuple(item for item in pool.questions if item.answers))


SETS: Mapping[str, Callable[[Path], Pool]] = {"nq": natural_questions, "scifact": scifact, "squad": _answerable}
FILINGS = "filings"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=",".join((*SETS, FILINGS)))
    parser.add_argument("--embedders", default="bge-small,minilm")
    parser.add_argument("--settings", type=json.loads, default={}, help="other settings than the defaults, as JSON")
    parser.add_argument("--limit", type=int, help="only every n-th question, so that about LIMIT are asked of each set")
    parser.add_argument("--tried", action="store_true", help="other ways of fusing and reranking too")
    parser.add_argument("--json", type=Path, help="where to write the figures as well")
    given = parser.parse_args()
    folder, embedders = bench(), [Settings(**given.settings, embedder=name) for name in given.embedders.split(",")]
    found: dict[str, Any] = {}
    for name in given.sets.split(","):
        if name == FILINGS:
            print("\nfilings: a gold page among the first five passages")
            found[name] = {one.embedder: asdict(filings(folder, one)) for one in embedders}
            continue
        pool = SETS[name](folder)
        asked = some(pool.questions, given.limit)
        print(f"\n{name}: {len(asked)} questions, {len(pool.documents)} documents")
        print(f"{'embedder':12}{'way':34}{'nDCG@10':24}{'hit@1':24}{'R@100':24}{'ms p50':>8}")
        rows = [row for one in embedders for row in compare(pool, asked, one, given.tried)]
        found[name] = {"questions": len(asked), "documents": len(pool.documents), "rows": [_plain(row) for row in rows]}
    if given.json:
        given.json.write_text(json.dumps({"sets": found}, indent=1))


def compare(pool: Pool, asked: Sequence[Asked], settings: Settings, tried: bool) -> list[Row]:
    """One set with one embedder: a row for each way, printed as it is known."""
    with tempfile.TemporaryDirectory() as folder, Library(folder, settings=settings) as library:
        with console.status(f"indexing {len(pool.documents)} documents with {settings.embedder}"):
            library.add_documents(pool.documents)
        library.warm()
        quick = [_timed(library, item.question, False)[1] for item in _watched(asked, "searching")]
        read = [_timed(library, item.question, True) for item in _watched(asked, "reading")]
    hits = [found for found, _ in read]
    took = {"fused": quick, "fused and reranked": [seconds for _, seconds in read]}
    ways: dict[str, Ranking] = {**ALONE, **(TRIED if tried else {}), "fused": by("fused"), "fused and reranked": list}
    rows = []
    for way, ranking in ways.items():
        ranked = [_documents(ranking(found)) for found in hits]
        rows.append(score(settings.embedder, way, ranked, asked, took.get(way)))
        print(rows[-1], flush=True)
    missed, held = misses(hits, asked)
    if any(item.answers for item in asked):
        print(f"{settings.embedder:12}{missed} times another comes first; {held} of these hold an accepted answer too")
    return rows


def misses(hits: Sequence[Sequence[Hit]], asked: Sequence[Asked]) -> tuple[int, int]:
    """How often the first document is not the one that counts, and how often its passage has an accepted answer."""
    wrong = [(found[0], item) for found, item in zip(hits, asked, strict=True) if _is_wrong(found, item)]
    return len(wrong), sum(contains(first.passage.text, item.answers) for first, item in wrong)


def _is_wrong(found: Sequence[Hit], item: Asked) -> bool:
    return bool(found and item.answers) and found[0].passage.source not in item.gold


def score(
    embedder: str,
    way: str,
    ranked: Sequence[Sequence[str]],
    asked: Sequence[Asked],
    took: Sequence[float] | None = None,
) -> Row:
    """The figures of one way; `took` in seconds."""
    groups = [item.group for item in asked]
    pairs = list(zip(ranked, asked, strict=True))
    return Row(
        embedder,
        way,
        estimate([ndcg_at(10, names, item.gold) for names, item in pairs], groups),
        estimate([float(names[:1] != [] and names[0] in item.gold) for names, item in pairs], groups),
        estimate([share_within(100, names, item.gold) for names, item in pairs], groups),
        1000 * median(took) if took else None,
    )


def filings(folder: Path, settings: Settings) -> Estimate:
    """How often a gold page is among the first `FIRST` passages within the named filing, reranked; printed."""
    asked, pdfs = financebench(folder), folder / "qa/financebench/pdfs"
    with tempfile.TemporaryDirectory() as place, Library(place, settings=settings) as library:
        with console.status(f"indexing the filings with {settings.embedder}"):
            library.add(pdfs)
        right = []
        for item in _watched(asked, "reading"):
            hits = library.search(item.question, FIRST, sources=str((pdfs / f"{item.filing}.pdf").absolute()))
            right.append(float(any(item.pages.intersection(_pages(hit)) for hit in hits)))
    found = estimate(right, [item.filing for item in asked])
    print(f"{settings.embedder:12}{found}  ({len(asked)} questions)", flush=True)
    return found


def _pages(hit: Hit) -> Iterable[int]:
    passage = hit.passage
    return range(passage.page_first or 0, (passage.page_last or 0) + 1)


def _timed(library: Library, question: str, rerank: bool) -> tuple[list[Hit], float]:
    began = time.perf_counter()
    hits = library.search(question, 1000, rerank=rerank)
    return hits, time.perf_counter() - began


def _documents(hits: Sequence[Hit]) -> list[str]:
    """Sources, best first, each once."""
    return list(dict.fromkeys(hit.passage.source for hit in hits))


def _watched(items: Sequence[Item], doing: str) -> Iterable[Item]:
    return track(items, doing, console=console, disable=not console.is_terminal)


def _plain(row: Row) -> dict[str, Any]:
    figures = {name: [value.value, value.low, value.high] for name, value in _figures(row)}
    return {"embedder": row.embedder, "way": row.way, **figures, "ms": row.ms}


def _figures(row: Row) -> list[tuple[str, Estimate]]:
    return [("ndcg", row.ndcg), ("hit1", row.hit1), ("recall100", row.recall100)]


if __name__ == "__main__":
    main()
