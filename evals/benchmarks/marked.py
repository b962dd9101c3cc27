"""Texts whose words people marked, or which they called contradicted or untold: to choose the judge's last thresholds.

RAGTruth has the spans of every response, WiCE the tokens of claims borne out in part; SciFact tells claims that an
abstract refutes from those that it says nothing about.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.benchmarks.labelled import NOT_LEARNT, Text
from evals.judge.readers import flagged
from evals.judge.sets import SETS, in_parts, read_set, some_groups
from evals.sets import load_set
from evals.sets.parts import article, group_of, part
from rag.errors import BadInput
from rag.types import Span

RAGTRUTH = ("ragtruth-qa", "ragtruth-summary", "ragtruth-data2txt")
WICE = "judge_faith/wice/non_supported_tokens_dev.jsonl"
SCIFACT = "scifact"
_VERDICTS = {"supported", "refuted", "no verdict"}


def marked(folder: Path, limit: int) -> Iterator[Text]:
    """Texts with the words that people marked, about `limit` of each set (0 for all)."""
    for name in RAGTRUTH:
        spans = dict(_ragtruth(folder / SETS[name].path))
        for item in some_groups(in_parts(name, read_set(name, folder) or [], NOT_LEARNT), limit):
            group = group_of(name, item.group)
            yield Text(name, group, item.text, item.evidence, item.supported, wrong=spans[item.id])
    for line in _lines(folder / WICE):
        group = article(line["meta"]["claim_title"])
        wrong = flagged(line["claim"], line["claim_tokens"], line["non_supported_spans"])
        if part(group) in NOT_LEARNT and wrong:
            chosen = next((found for found in line["supporting_sentences"] if found), ())
            evidence = tuple(line["evidence"][at] for at in chosen if at < len(line["evidence"]))
            yield Text("wice tokens", group, line["claim"], evidence, False, wrong=wrong)


def three_way(folder: Path, limit: int) -> list[Text]:
    """SciFact's claims beside the one abstract that they were written from, with all three verdicts; about `limit`."""
    found = list(_scifact(folder))
    return found[:: max(1, round(len(found) / limit))] if limit else found


def _scifact(folder: Path) -> Iterator[Text]:
    try:
        found = load_set(SCIFACT, folder)
    except BadInput:  # it is not there
        return
    by_source = {document.source: document for document in found.documents}
    for case in found.cases:
        (verdict,) = _VERDICTS.intersection(case.tags)
        document = by_source[case.evidence[0].source]
        one = Text(SCIFACT, f"scifact:{document.title}", case.question, (document.text,), verdict == "supported")
        if len(case.evidence) == 1 and part(one.group) in NOT_LEARNT:
            yield replace(one, neutral=verdict == "no verdict")


def _ragtruth(path: Path) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """For each response, by the id that `read_set` gives it, the spans that people marked."""
    for item in _lines(path):
        for number, response in enumerate(item["responses"]):
            spans = tuple(Span(span["start"], span["end"]) for span in response["labels"])
            yield f"{item['source_id']}:{number}:{response['model']}", spans


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open(encoding="utf-8") as stream:
            yield from map(json.loads, stream)
