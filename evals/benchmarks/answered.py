"""Questions of public sets as they were answered: what each answer's confidence is fitted to, and its short answer."""

import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from evals.benchmarks.pools import Asked, Pool, unlearnt
from evals.metrics import contains
from rag import Library

FREE_WORDS = "clapnq"
"""Its answers are whole paragraphs in free words: that the passage has one is known, not whether ours is right."""
REMOVED = ", document removed"
ANSWERABLE, SHORT = "answerable", "short"
"""The signal of the reader, and the threshold of its margin from which its words are a short answer."""
SIGNALS = ("reading", "coverage", "rarest", "names", "agreement", ANSWERABLE)


def _calling_for(signals: Sequence[str], thresholds: Mapping[str, float]) -> Mapping[str, Any]:
    """A fit whose confidence says nothing."""
    size = len(signals)
    even = {"mean": np.zeros(size), "scale": np.ones(size), "weights": np.zeros(size), "intercept": 0.0}
    return {"signals": signals, **even, "thresholds": thresholds}


EVERYTHING = _calling_for(SIGNALS, {SHORT: -math.inf})
"""Every signal is worked out, and every short answer shown."""
UNREAD = _calling_for(SIGNALS[:-1], {})
"""What the reader gives is left out."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One question as it was answered."""

    kind: str
    group: str
    signals: Mapping[str, float]
    right: bool
    """The answer contains an accepted one; of free words, that there is one at all."""
    accepted: tuple[str, ...] = ()
    short: str | None = None
    """The short answer that there would be, however unsure the reader is of it."""


def ask(pool: Pool, each: int, *, learnt: bool) -> list[Seen]:
    """At most `each` questions of each kind, answered whatever the confidence, with every signal worked out.

    Those on articles that the reader learnt from are asked only where `learnt`, and then the reader is not.
    """
    console = Console(stderr=True)
    seen = []
    with tempfile.TemporaryDirectory() as place, Library(place, fit=UNREAD if learnt else EVERYTHING) as library:
        library.add_documents(pool.documents)
        asked = list(_asked(pool, each, learnt))
        for item, scope, kind in track(asked, "asking", console=console, disable=not console.is_terminal):
            answer = library.ask(item.question, sources=scope, abstain=False)
            right = scope is None and (item.set == FREE_WORDS or contains(answer.text, item.answers))
            seen.append(Seen(kind, item.group, answer.signals, right, item.answers, answer.short))
    return seen


def counts(seen: Sequence[Seen]) -> str:
    """How many there are of each kind."""
    kinds = [one.kind for one in seen]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))


def _asked(pool: Pool, each: int, learnt: bool) -> Iterator[tuple[Asked, list[str] | None, str]]:
    """Every question with its scope; of `nq` and `squad2` also without the documents that answer it."""
    titles = {document.source: document.title for document in pool.documents}
    questions = pool.questions if learnt else unlearnt(pool)
    for name in sorted({item.set for item in questions}):
        items = [item for item in questions if item.set == name]
        for item in items[:: max(1, len(items) // each)][:each]:
            yield item, None, name
            if name in ("nq", "squad2"):
                articles = {titles[source] for source in item.gold} if name == "squad2" else set()
                scope = [
                    source for source, title in titles.items() if source not in item.gold and title not in articles
                ]
                yield item, scope, f"{name}{REMOVED}"
