"""Indexing side by side: Pincite, and what people would use instead, on the same documents.

    python -m evals.benchmarks.ingest [--documents N] [--rivals langchain,…] [--envs DIR] [--json FILE]

Every system runs alone, in a process and an environment of its own, as its documentation's first pages have it. Speed,
memory and nDCG@10 are on SciFact abstracts, nDCG@10 also on Natural Questions with CLAPNQ. Cold start is from the
process's start to the first hit in a library of one document. "Embedded" counts the text that the encoder really read:
within its limit, and overlaps as often as they were read; "documents" counts every document once.
"""

import argparse
import datetime
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from evals.benchmarks.environments import NotInstalled, default_folder
from evals.benchmarks.pools import Pool, bench, natural_questions, scifact
from evals.benchmarks.sidebyside import CONTENDERS, Contender, Failed, measured, size, subset

DOCUMENTS = 1500
QUESTIONS = 300
SIDE = 2048
"""Rows and columns of the matrices whose product tells what the machine can do."""
BASE = CONTENDERS[0].name
"""What the others are compared with."""
RATIOS = ("embedded_mb_s", "document_mb_s", "passages_s", "peak_mb", "cold_s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--documents", type=int, help="of each set; without it 1,500 of SciFact and the other set whole"
    )
    parser.add_argument(
        "--rivals", default="langchain,llamaindex,haystack,txtai", help="which ones, with commas; or none"
    )
    parser.add_argument("--envs", type=Path, default=default_folder(), help="where their environments are kept")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    given = parser.parse_args()
    chosen = _chosen(parser, given.rivals)
    folder = bench()
    whole = natural_questions(folder)
    pools = {
        "scifact": subset(scifact(folder), given.documents or DOCUMENTS, QUESTIONS),
        "nq": subset(whole, given.documents or len(whole.documents), QUESTIONS),
    }
    result = _heading(pools)
    console = Console(stderr=True)
    for contender in chosen:
        with console.status(contender.name):
            result["systems"].append(_row(contender, pools, given.envs))
    compare(result["systems"])
    print("\n".join(report(result)))
    if given.json:
        given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _chosen(parser: argparse.ArgumentParser, rivals: str) -> list[Contender]:
    names = {name for name in rivals.split(",") if name and name != "none"}
    known = {contender.script for contender in CONTENDERS if not contender.embedder}
    if not names <= known:
        parser.error(f"unknown: {', '.join(sorted(names - known))}; known: {', '.join(sorted(known))}")
    return [contender for contender in CONTENDERS if contender.embedder or contender.script in names]


def _heading(pools: dict[str, Pool]) -> dict[str, Any]:
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": {
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "python": platform.python_version(),
            "fp32_tera_operations_s": peak(),
        },
        "sets": {
            name: {
                "documents": len(pool.documents),
                "megabytes": sum(size(document) for document in pool.documents) / 1e6,
                "questions": len(pool.questions),
            }
            for name, pool in pools.items()
        },
        "systems": [],
    }


def peak(side: int = SIDE, rounds: int = 5) -> float:
    """Tera-operations per second of NumPy's fp32 matrix product, the best of several."""
    left, right = np.random.default_rng(1).random((2, side, side), dtype=np.float32)
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        np.matmul(left, right)
        seconds.append(time.perf_counter() - begun)
    return 2 * side**3 / min(seconds) / 1e12


def _row(contender: Contender, pools: dict[str, Pool], environments: Path) -> dict[str, Any]:
    """A system that cannot be installed or fails is a row that says so."""
    try:
        return measured(contender, pools, environments)
    except (NotInstalled, Failed) as error:
        print(f"{contender.name}: {error}", file=sys.stderr)
        return {"system": contender.name, "error": str(error)}


def compare(systems: Sequence[dict[str, Any]]) -> None:
    """Give every measured system its ratios to the LangChain tutorial, where that was measured."""
    base = next((row for row in systems if row["system"] == BASE and "error" not in row), None)
    for row in systems:
        if base and "error" not in row:
            row["ratios"] = {name: row[name] / base[name] for name in RATIOS}


def report(result: dict[str, Any]) -> list[str]:
    """The tables, one line a row."""
    machine, sets = result["machine"], result["sets"]
    power = machine["fp32_tera_operations_s"]
    done = [row for row in result["systems"] if "error" not in row]
    lines = [
        f"{name}: {one['documents']} documents, {one['megabytes']:.2f} MB, {one['questions']} questions"
        for name, one in sets.items()
    ]
    lines += [
        f"{machine['cores']} cores, Python {machine['python']}; fp32 matrix product {power:.3f} Tera-operations/s",
        "",
        f"{'indexing':20}{'embedded MB/s':>16}{'documents MB/s':>17}{'passages/s':>17}{'peak MB':>17}"
        f"{'cold start s':>16}{'truncated':>11}{'Tera-op/s':>18}",
    ]
    for row in result["systems"]:
        lines.append(f"{row['system']:20}" + (f"  {row['error']}" if "error" in row else _speeds(row, power)))
    lines += ["", f"{'searching':42}{'p50 ms':>8}" + "".join(f"{f'nDCG@10 {name}':>26}" for name in sets)]
    for row in done:
        for way in row["ways"]:
            scores = "".join(f"{_interval(way['ndcg'][name]):>26}" for name in sets)
            lines.append(f"{row['system'] + ', ' + way['way']:42}{way['search_ms']:8.1f}{scores}")
    lines += ["", *(f"{row['system']}: {_versions(row)}" for row in done)]
    return lines


def _speeds(row: dict[str, Any], power: float) -> str:
    def with_ratio(name: str, digits: int, width: int) -> str:
        ratio = f" ({row['ratios'][name]:.2f}x)" if "ratios" in row else ""
        return f"{row[name]:.{digits}f}{ratio}".rjust(width)

    share = f"{row['tera_operations_s']:.3f} {row['precision']} ({row['tera_operations_s'] / power:.0%})"
    return (
        with_ratio("embedded_mb_s", 4, 16)
        + with_ratio("document_mb_s", 4, 17)
        + with_ratio("passages_s", 1, 17)
        + with_ratio("peak_mb", 0, 17)
        + with_ratio("cold_s", 1, 16)
        + f"{row['truncated']:11.1%}{share:>18}"
    )


def _interval(figure: Sequence[float | None]) -> str:
    value, low, high = figure
    if value is None:
        return "no question"
    return f"{value:.3f}" if low is None or high is None else f"{value:.3f}  [{low:.3f}, {high:.3f}]"


def _versions(row: dict[str, Any]) -> str:
    return ", ".join(f"{package} {version}" for package, version in row["versions"].items())


if __name__ == "__main__":
    main()
