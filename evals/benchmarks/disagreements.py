"""Sources that disagree, and false premises: how many are shown, and how many of those are none.

    python -m evals.benchmarks.disagreements [--each N]

Conflicts: questions of Natural Questions asked of their passages as they are, where each conflict found is printed, to
be read; then, of every kind of change, N passages stand beside a copy with one value changed in the sentence that has
the answer. False premises: N answerable and N unanswerable questions of SQuAD 2.0, whose unanswerable ones often take
for granted what the paragraph denies.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from rich.console import Console
from rich.progress import track
from sentencex import segment

from evals.benchmarks.pools import Asked, Pool, bench, natural_questions, some, squad
from evals.judge.faults import REWRITTEN
from evals.judge.pairs import Pair
from evals.metrics import contains
from evals.statistics import SEED, estimate
from rag import Answer, Document, Library

CHANGES = ("date", "number", "entity, from the same passage", "negation")
console = Console(stderr=True)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Planted:
    """A question, and a copy of the passage that answers it with one value changed."""

    kind: str
    asked: Asked
    copy: Document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=60)
    each = parser.parse_args().each
    folder = bench()
    for line in (*_conflicts(natural_questions(folder), each), *_premises(squad(folder), each * 5)):
        print(line, flush=True)


def _conflicts(pool: Pool, each: int) -> Iterator[str]:
    asked = [item for item in pool.questions if item.set == "nq"]
    planted = list(_planted(pool, asked, each))
    with tempfile.TemporaryDirectory() as place, Library(place) as library:
        library.add_documents(pool.documents)
        answers = [library.ask(item.question) for item in _track(some(asked, each * 8))]
        shown = [(answer.question, conflict) for answer in answers for conflict in answer.conflicts]
        yield f"as they are: {len(answers)} questions, {len(shown)} conflicts"
        for question, conflict in shown:
            yield f"  {question}: {' / '.join(side.value for side in conflict.sides)}"
        library.add_documents([one.copy for one in planted])
        found = [_shows(library.ask(one.asked.question), one) for one in _track(planted)]
    for kind in CHANGES:
        own = [(hit, one) for hit, one in zip(found, planted, strict=True) if one.kind == kind]
        figure = estimate([float(hit) for hit, _ in own], [one.asked.group for _, one in own])
        yield f"planted, {kind + ':':32} shown {figure} of {len(own)}"


def _planted(pool: Pool, asked: Sequence[Asked], each: int) -> Iterator[Planted]:
    documents = {document.source: document for document in pool.documents}
    for kind in CHANGES:
        made = 0
        for item in asked:
            document = documents[min(item.gold)]
            changed = _changed(kind, item, document)
            if changed and made < each:
                made += 1
                yield Planted(kind, item, changed)


def _changed(kind: str, item: Asked, document: Document) -> Document | None:
    """The passage with one change in the first sentence that has the answer, as another source."""
    sentence = next((one.strip() for one in segment("en", document.text) if contains(one, item.answers)), "")
    pair = Pair(document.source, "nq", document.source, sentence, (document.text,))
    other = REWRITTEN[kind](pair, Random(f"{SEED}:{kind}:{document.source}")) if sentence else None  # noqa: S311
    if not other or other == sentence:
        return None
    text = document.text.replace(sentence, other, 1)
    source = f"planted:{kind}:{document.source}"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return replace(document, id=sha256[:16], source=source, sha256=sha256, text=text)


def _shows(answer: Answer, planted: Planted) -> bool:
    sources = {citation.marker: citation.source for citation in answer.citations}
    told = {sources[marker] for one in answer.conflicts for side in one.sides for marker in side.markers}
    return planted.copy.source in told


def _premises(pool: Pool, each: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as place, Library(place) as library:
        library.add_documents(pool.documents)
        for name in ("squad2", "squad2-none"):
            asked = some([item for item in pool.questions if item.set == name], each)
            named = [library.ask(item.question).reason == "false_premise" for item in _track(asked)]
            figure = estimate([float(one) for one in named], [item.group for item in asked])
            yield f"{name + ':':12} a false premise is named {sum(named)} of {len(named)} times: {figure}"


def _track(items: Sequence[T]) -> Iterator[T]:
    return iter(track(items, "asking", console=console, disable=not console.is_terminal))


if __name__ == "__main__":
    main()
