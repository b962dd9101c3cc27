"""Questions and where a passage answers them, or that it does not."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from evals.sets.parts import article
from rag.trust.alignment import Statement
from rag.types import Span
from training.examples import NO_ANSWER, Example
from training.labelled import plain

NEIGHBOURS = 4
"""Every so many questions are also asked of the passage of their own article that shares most words with them."""


def questions(bench: Path) -> Iterator[Example]:
    """Every question of every set that a model may learn from; sets whose files are absent give none."""
    yield from squad(bench)
    yield from natural(bench)
    yield from clapnq(bench)


def squad(bench: Path) -> Iterator[Example]:
    """SQuAD 2.0, and its questions beside another paragraph of the same article."""
    path = bench / "qa/squad2_dev.json"
    if not path.exists():
        return
    for page in json.loads(path.read_text(encoding="utf-8"))["data"]:
        contexts = [paragraph["context"] for paragraph in page["paragraphs"]]
        read = [Statement(context) for context in contexts]
        group = article(page["title"])
        for place, paragraph in enumerate(page["paragraphs"]):
            for number, asked in enumerate(paragraph["qas"]):
                question, context = asked["question"].strip(), paragraph["context"]
                yield Example(
                    "squad2",
                    group,
                    question,
                    context,
                    answer=_first(asked["answers"]),
                    accepted=tuple(answer["text"] for answer in asked["answers"]),
                    by_people=True,
                )
                if asked["answers"] and number % NEIGHBOURS == 0:
                    other = _neighbour(question, asked["answers"], contexts, read, place)
                    if other is not None:
                        yield Example("squad2, another paragraph", group, question, other, answer=NO_ANSWER)


def natural(bench: Path) -> Iterator[Example]:
    """Natural Questions with the passage that answers them, and beside the most alike passage of another article."""
    path = bench / "qa/nq-open-oracle.jsonl"
    if not path.exists():
        return
    items = list(_lines(path))
    gold = [item["nq_annotated_gold"] for item in items]
    passages = [one["chunked_long_answer"] or one["long_answer"] for one in gold]
    read = [Statement(passage) for passage in passages]
    for place, (item, one) in enumerate(zip(items, gold, strict=True)):
        question = asked_for(item["question"])
        answers = [{"text": text, "answer_start": passages[place].find(text)} for text in one["short_answers"]]
        found = [given for given in answers if given["answer_start"] >= 0]
        group = article(one["title"])
        if found:
            yield Example(
                "nq",
                group,
                question,
                passages[place],
                answer=_first(found),
                accepted=tuple(item["answers"]),
                by_people=True,
            )
        if place % NEIGHBOURS == 0:
            wanted = [{"text": text} for text in item["answers"]]
            other = _neighbour(question, wanted, passages, read, place)
            if other is not None:
                yield Example("nq, another passage", group, question, other, answer=NO_ANSWER)


def clapnq(bench: Path) -> Iterator[Example]:
    """Questions of CLAPNQ that people found their passage not to answer."""
    path = bench / "qa/clapnq_dev_unanswerable.jsonl"
    if path.exists():
        for item in _lines(path):
            passage = item["passages"][0]
            yield Example(
                "clapnq-none",
                article(passage["title"]),
                asked_for(item["input"]),
                plain(passage["text"]),
                answer=NO_ANSWER,
                by_people=True,
            )


def asked_for(question: str) -> str:
    """A question typed without its mark, with it."""
    question = question.strip()
    return question if question.endswith("?") else f"{question}?"


def _first(answers: Sequence[dict[str, Any]]) -> Span:
    if not answers:
        return NO_ANSWER
    start = answers[0]["answer_start"]
    return Span(start, start + len(answers[0]["text"]))


def _neighbour(
    question: str, answers: Sequence[dict[str, Any]], passages: Sequence[str], read: Sequence[Statement], place: int
) -> str | None:
    """The other passage with most words of the question that holds none of its answers."""
    asked = Statement(question)
    ranked = sorted((at for at in range(len(passages)) if at != place), key=lambda at: -asked.share_in(read[at].keys))
    for at in ranked[:5]:
        if not any(answer["text"].casefold() in passages[at].casefold() for answer in answers):
            return passages[at]
    return None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def drawn(seed: object) -> Random:
    """Always the same draw for the same name."""
    return Random(str(seed))  # noqa: S311 - no secret
