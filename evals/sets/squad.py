"""Sets in SQuAD's layout: one document per paragraph, answers as spans of it."""

import json
from pathlib import Path
from typing import Any

from evals.sets.question_set import Draft, checked, spans

SQUAD2 = "qa/squad2_dev.json"
XQUAD = "qa/xquad.en.json"


def squad2(folder: Path, draft: Draft) -> None:
    """SQuAD 2.0 (Rajpurkar et al. 2018), development questions; a question without an answer is unanswerable."""
    _read(folder / SQUAD2, draft)


def xquad(folder: Path, draft: Draft) -> None:
    """XQuAD (Artetxe et al. 2020), its English questions."""
    _read(folder / XQUAD, draft)


def _read(path: Path, draft: Draft) -> None:
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            _paragraph(title, paragraph, draft)


def _paragraph(title: str, paragraph: dict[str, Any], draft: Draft) -> None:
    context = paragraph["context"]
    document = draft.passage(title, context)
    cut = len(context) - len(context.lstrip())
    for item in paragraph["qas"]:
        answers = item["answers"]
        draft.ask(
            item["id"],
            item["question"],
            document.source,
            about=[document.source],
            answers=tuple(dict.fromkeys(answer["text"] for answer in answers)),
            evidence=spans(
                document,
                (
                    checked(document, answer["answer_start"] - cut, answer["text"], f"{draft.name} {item['id']}")
                    for answer in answers
                ),
            ),
        )
