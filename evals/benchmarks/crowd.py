"""Many people asking at once: whether each gets an answer, and how long it takes.

    python -m evals.benchmarks.crowd [--count 50] [--open] [--json FILE]

The page is served as `pincite serve` does, over a library of `seeds/`, and asked over HTTP as a browser asks it: each
visitor has a session of their own, sends one question of `evals/cases/seeds.jsonl` at the same moment as all the
others, and reads the stream of events until the answer is whole. With `--open` each also has the page open, whose clock
asks every few seconds whether anything has changed.
"""

import argparse
import asyncio
import html
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from evals.cases import load_cases

COUNT = 50
EVERY = 4.0
"""Seconds between two looks of an open page."""
LONGEST = 300.0
"""Seconds after which a visitor gives up."""
SEEDS, CASES = Path("seeds"), Path("evals/cases/seeds.jsonl")


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visitor met."""

    question: str
    first: float | None
    """Seconds until the page said anything; None where it said nothing."""
    whole: float | None
    """Seconds until the answer was whole; None where it never was."""
    fault: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT, help="visitors")
    parser.add_argument("--open", action="store_true", help="each has the page open")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "seeds") as address:
        asyncio.run(crowd(address, questions(1)))  # the models are loaded
        visits = asyncio.run(crowd(address, questions(given.count), given.open))
    figures = told(visits)
    for name, value in figures.items():
        print(f"{name:<26}{value}")
    if given.json:
        given.json.write_text(json.dumps({**figures, "visits": [asdict(one) for one in visits]}, indent=1))


@contextmanager
def served(index: Path) -> Iterator[str]:
    """The address of the page over a new library of the seeds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pincite = [sys.executable, "-m", "rag.cli"]
    subprocess.run([*pincite, "index", str(SEEDS), "--index", str(index)], check=True, capture_output=True)  # noqa: S603
    command = [*pincite, "serve", "--index", str(index), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))  # noqa: S603
    try:
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://\S+", line)
        if found is None:
            raise SystemExit("the page could not be served")
        yield found[0]
    finally:
        process.terminate()
        process.wait()


def questions(count: int) -> list[str]:
    """So many questions that the seeds answer, over and over where there are fewer."""
    asked = [case.question for case in load_cases(CASES) if case.answerable]
    return [asked[number % len(asked)] for number in range(count)]


async def crowd(address: str, asked: Sequence[str], opened: bool = False) -> list[Visit]:
    """What came of each question, all of them sent at the same moment."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=LONGEST, limits=limits, trust_env=False) as client:
        page = (await client.get("/config")).raise_for_status().json()
        over = asyncio.Event()
        looking = [asyncio.create_task(_look(client, page, over)) for _ in asked] if opened else []
        if opened:
            await asyncio.sleep(EVERY)
        visits = await asyncio.gather(*(_ask(client, page, question) for question in asked))
        over.set()
        await asyncio.gather(*looking)
    return list(visits)


def told(visits: Sequence[Visit]) -> dict[str, Any]:
    """The figures, seconds rounded to a tenth."""
    whole = sorted(one.whole for one in visits if one.whole is not None)
    first = sorted(one.first for one in visits if one.first is not None)
    faults = [one.fault for one in visits if one.fault]
    return {
        "visitors": len(visits),
        "answered": len(whole),
        "errors": len(faults),
        **({"first error": faults[0]} if faults else {}),
        "first word, s: p50, p95": _middle(first),
        "whole answer, s: p50, p95": _middle(whole),
        "answers a second": round(len(whole) / max(whole), 1) if whole else None,
    }


def _middle(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return ", ".join(f"{one:.1f}" for one in seconds)
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return f"{cuts[9]:.1f}, {cuts[18]:.1f}"


async def _ask(client: httpx.AsyncClient, page: dict[str, Any], question: str) -> Visit:
    box = next(one for one in page["components"] if one["props"].get("elem_id") == "question")
    asking = next(one for one in page["dependencies"] if [box["id"], "submit"] in one["targets"])
    session, began = secrets.token_hex(6), time.perf_counter()
    first: float | None = None
    try:
        await _join(client, page, asking, session, {box["id"]: question})
        async for message in _messages(client, session):
            text = json.dumps(message, ensure_ascii=False)
            if "aria-busy" in text and first is None:
                first = time.perf_counter() - began
            if message["msg"] == "process_completed":
                if not message["success"]:
                    return Visit(question, first, None, str(message["output"].get("error") or "the page failed"))
                break
            if "data-done" in text:
                fault = "" if _said(question) in text else "the answer to another question came"
                return Visit(question, first, time.perf_counter() - began, fault)
    except (httpx.HTTPError, KeyError, ValueError) as error:
        return Visit(question, first, None, f"{type(error).__name__}: {error}"[:200])
    return Visit(question, first, None, "the stream ended without a whole answer")


def _said(question: str) -> str:
    """A question as it stands on the page, in JSON."""
    return json.dumps(html.escape(question), ensure_ascii=False)[1:-1]


async def _look(client: httpx.AsyncClient, page: dict[str, Any], over: asyncio.Event) -> None:
    """An open page: at each tick of its clock, every event that hangs on it."""
    clocks = {one["id"] for one in page["components"] if one["type"] == "timer" and one["props"]["active"]}
    ticks = [one for one in page["dependencies"] if any(target[0] in clocks for target in one["targets"])]
    ticks = [one for one in ticks if one["queue"] is False]
    session = secrets.token_hex(6)
    while not over.is_set():
        began = time.perf_counter()
        try:
            for one in ticks:
                body = {"data": _values(page, one, {}), "fn_index": one["id"], "session_hash": session}
                (await client.post("/gradio_api/run/predict", json=body)).raise_for_status()
        except httpx.HTTPError:
            pass
        await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - began)))


async def _join(
    client: httpx.AsyncClient, page: dict[str, Any], event: dict[str, Any], session: str, given: dict[int, str]
) -> None:
    """Sends an event with the values that its inputs have on a page just opened, or those `given`."""
    body = {"data": _values(page, event, given), "fn_index": event["id"], "session_hash": session}
    (await client.post("/gradio_api/queue/join", json=body)).raise_for_status()


def _values(page: dict[str, Any], event: dict[str, Any], given: dict[int, str]) -> list[Any]:
    known = {one["id"]: one["props"].get("value") for one in page["components"] if one["type"] != "state"}
    return [given.get(one, known.get(one)) for one in event["inputs"]]


async def _messages(client: httpx.AsyncClient, session: str) -> Any:
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        stream.raise_for_status()
        async for line in stream.aiter_lines():
            if line.startswith("data:"):
                message = json.loads(line.removeprefix("data:"))
                if message["msg"] == "close_stream":
                    return
                yield message


if __name__ == "__main__":
    main()
