"""Does the gate catch what it should, and keep quiet otherwise?

    python -m evals.benchmarks.gates [--set squad2] [--limit N] [--runs FOLDER]

A set is asked of its own documents four times: as the library is, without the reranker, with every citation moved to
the sentence beside it (and quoted exactly), and without abstention. Each of the three losses must fail a gate. Then the
unchanged library is compared with itself on other cases of the same set: halves of its groups that share none, and
groups drawn anew. With a margin of 0 a gate that keeps its word raises a false alarm in at most one of twenty.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel
from rich.console import Console

from evals.comparing import compare
from evals.comparing.differences import unpaired_change
from evals.comparing.gate import Gate
from evals.folder import Record, Run
from evals.harness import find_cases, open_library
from evals.manifest import Options
from evals.running import Plan, run_cases
from evals.shelf import Asked
from evals.statistics import SEED
from rag.types import Answer, Citation, Document, Entry

GATES = ("answer_found:2%", "decision_right:2%", "citation_recall:2%", "mrr:0.01")
"""Without the reranker the passages stand in another order; sentences are still chosen by reading."""
SENTENCE = re.compile(r"[^\s.!?][^.!?]*[.!?]*")
COMPARISONS = 20
MANY = 400
"""Comparisons that a rate of false alarms is taken from."""


@dataclass(frozen=True)
class Shifted:
    """A library whose every citation stands one sentence off; its quotes are exact all the same."""

    library: Asked

    @property
    def settings(self) -> BaseModel:
        return self.library.settings

    def ask(self, question: str, **options: Any) -> Answer:
        answer = self.library.ask(question, **options)
        return replace(answer, citations=tuple(self._shifted(citation) for citation in answer.citations))

    def documents(self) -> list[Entry]:
        return self.library.documents()

    def document(self, source: str, /) -> Document:
        return self.library.document(source)

    def weights(self) -> dict[str, str]:
        return self.library.weights()

    def _shifted(self, citation: Citation) -> Citation:
        """Moved to the next sentence of the document, or the one before where none follows."""
        text = self.document(citation.source).text
        spans = [match.span() for match in SENTENCE.finditer(text)]
        after = [span for span in spans if span[0] >= citation.end]
        before = [span for span in spans if span[1] <= citation.start]
        if not after and not before:
            return citation
        start, end = after[0] if after else before[-1]
        return replace(citation, start=start, end=end, quote=text[start:end])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="squad2", help="a public set with unanswerable questions")
    parser.add_argument("--limit", type=int, default=400, help="at most N questions")
    parser.add_argument("--runs", type=Path, help="keep the runs in this folder; those that stand there are not redone")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        runs = given.runs or Path(scratch)
        unchanged, losses = asked(given.set, given.limit, runs)
    for line in (*caught(unchanged, losses), *false_alarms(unchanged.records)):
        print(line)


def asked(name: str, limit: int, runs: Path) -> tuple[Run, dict[str, Run]]:
    """The run of the unchanged library, and one for each planted loss."""
    subject = find_cases(name, limit=limit)
    console = Console(stderr=True)
    with open_library(subject, None, console) as library:
        ways: dict[str, tuple[Asked, Options]] = {
            "unchanged": (library, Options()),
            "reranker off": (library, Options(rerank=False)),
            "citations one sentence off": (Shifted(library), Options()),
            "abstention off": (library, Options(abstain=False)),
        }
        done = {
            way: run_cases(own, subject.cases, subject.origin, runs / way.replace(" ", "-"), console, Plan(options))
            for way, (own, options) in ways.items()
        }
    return done.pop("unchanged"), done


def caught(unchanged: Run, losses: dict[str, Run], gates: Sequence[str] = GATES) -> Iterator[str]:
    """What every gate says of every planted loss."""
    for name, run in losses.items():
        found = compare(unchanged, run, [Gate.parse(gate) for gate in gates])
        failed = sum(outcome.state == "fails" for outcome in found.outcomes)
        yield f"{name}: {f'caught by {failed} of {len(gates)} gates' if failed else 'NOT CAUGHT'}"
        yield f"  {found.lost} cases lost, {found.won} won, of {found.cases} in {found.groups} groups"
        yield from (f"  {outcome.gate} {outcome.state}: {outcome.message}" for outcome in found.outcomes)


def false_alarms(records: Sequence[Record], gates: Sequence[str] = GATES, times: int = MANY) -> Iterator[str]:
    """How often a gate fails though nothing changed but the cases."""
    wanted = [Gate.parse(gate) for gate in gates]
    strict = [Gate(gate.metric, 0.0) for gate in wanted]
    for what, resampled in (("halves that share no group", halves), ("groups drawn anew", drawn_anew)):
        failed = [_failed(before, after, [*wanted, *strict]) for before, after in resampled(records, times)]
        alarms = sum(bool(one & set(wanted)) for one in failed[:COMPARISONS])
        yield f"unchanged, {what}: {alarms} of {COMPARISONS} comparisons raise a false alarm"
        for gate, bare in zip(wanted, strict, strict=True):
            with_margin, without = (sum(own in one for one in failed) / times for own in (gate, bare))
            yield f"  {gate} fails in {with_margin:.1%} of {times}, and with a margin of 0 in {without:.1%}"


def halves(records: Sequence[Record], times: int, seed: int = SEED) -> Iterator[tuple[list[Record], list[Record]]]:
    """Two halves of the groups that share none, cut at random each time."""
    random = np.random.default_rng(seed)
    groups = sorted({record["group_id"] for record in records})
    for _ in range(times):
        chosen = set(random.permutation(groups)[: len(groups) // 2].tolist())
        yield (
            [record for record in records if record["group_id"] in chosen],
            [record for record in records if record["group_id"] not in chosen],
        )


def drawn_anew(records: Sequence[Record], times: int, seed: int = SEED) -> Iterator[tuple[list[Record], list[Record]]]:
    """Two samples of as many groups as there are, drawn with replacement; a group drawn twice is two groups."""
    random = np.random.default_rng(seed)
    members: dict[str, list[Record]] = {}
    for record in records:
        members.setdefault(record["group_id"], []).append(record)
    groups = sorted(members)

    def sample() -> list[Record]:
        drawn = random.choice(groups, size=len(groups)).tolist()
        return [{**one, "group_id": str(place)} for place, group in enumerate(drawn) for one in members[group]]

    for _ in range(times):
        yield sample(), sample()


def _failed(before: Sequence[Record], after: Sequence[Record], gates: Sequence[Gate]) -> set[Gate]:
    """Which of the gates fail."""
    kept = [[record for record in own if record["error"] is None] for own in (before, after)]
    changes = {gate.metric: unpaired_change(gate.metric, *kept) for gate in gates}
    return {gate for gate in gates if gate.decide(changes[gate.metric]).state == "fails"}


if __name__ == "__main__":
    main()
