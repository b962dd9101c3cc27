"""Questions that people typed into a search engine, with the passages of Wikipedia that answer them.

The three sets come from Natural Questions and share articles, and QED and NQ share questions: a group is an article,
called by its title in all three, so that a question is in the same group in each.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.sets.files import key, lines
from evals.sets.question_set import Draft, checked, spans, whole
from rag.types import Document

NQ = "qa/nq-open-oracle.jsonl"
CLAPNQ = "qa/clapnq_dev_answerable.jsonl"
CLAPNQ_NONE = "qa/clapnq_dev_unanswerable.jsonl"
QED = "qa/qed-dev.jsonlines"

Asked = tuple[dict[str, Any], Document]


def nq(folder: Path, draft: Draft) -> None:
    """Natural Questions, open (Lee et al. 2019), with gold passages; evidence is wherever an accepted answer stands."""
    asked, _, _ = _pool(folder, draft)
    for item, document in asked:
        found = spans(document, _occurrences(document.text, item["answers"]))
        if not found:
            draft.remark("Accepted answers that do not stand in the passage as words, so that all of it is evidence")
        draft.ask(
            f"nq-{key(item['question'])}",
            item["question"],
            document.title,
            about=[document.source],
            answers=item["answers"],
            evidence=found or (whole(document),),
        )


def clapnq(folder: Path, draft: Draft) -> None:
    """CLAPNQ (Rosenthal et al. 2025): long answers from gold sentences, and questions that their passage leaves open.

    Answers are paragraphs in free words, so they are `references`: none is expected to stand in an answer.
    """
    _, asked, left_open = _pool(folder, draft)
    for item, document in asked:
        chosen = {sentence.strip() for output in item["output"] for sentence in output["selected_sentences"]}
        where = f"clapnq {item['id']}"
        draft.ask(
            item["id"],
            item["input"],
            document.title,
            about=[document.source],
            evidence=spans(
                document, (checked(document, document.text.find(text), text, where) for text in chosen if text)
            )
            or (whole(document),),
            references=[output["answer"] for output in item["output"]],
        )
    for item, document in left_open:
        draft.ask(item["id"], item["input"], document.title, about=[document.source])


def qed(folder: Path, draft: Draft) -> None:
    """QED (Lamm et al. 2021): the one sentence that implies the answer, or the answer where several are needed.

    Where its experts found that the passage does not answer the question after all (`none`), the question is left
    out: Natural Questions says that it does. Accepted are the experts' answer and those of Natural Questions.
    """
    for item in lines(folder / QED):
        annotation, name = item["annotation"], str(item["example_id"])
        if annotation["explanation_type"] == "none":
            draft.remark("Questions that experts found no right answer to in the passage, left out")
            continue
        document = draft.passage(item["title_text"], item["paragraph_text"])
        marked = [answer for annotator in item["original_nq_answers"] for answer in annotator]
        own = [answer["paragraph_reference"] for answer in annotation.get("answer", ())]
        chosen = [annotation["selected_sentence"]] if "selected_sentence" in annotation else marked
        draft.ask(
            name,
            item["question_text"],
            document.title,
            about=[document.source],
            answers=tuple(dict.fromkeys(answer["string"] for answer in (*own, *marked))),
            evidence=spans(
                document, (checked(document, span["start"], span["string"].rstrip(), f"qed {name}") for span in chosen)
            ),
            tags=[annotation["explanation_type"].replace("_", " ")],
        )


def _pool(folder: Path, draft: Draft) -> tuple[list[Asked], list[Asked], list[Asked]]:
    """The items of NQ, of CLAPNQ and of CLAPNQ's unanswerable half with their passages, all in one pool."""

    def read(file: str, passages: str) -> list[Asked]:
        return [
            (item, draft.passage(item[passages][0]["title"], item[passages][0]["text"]))
            for item in lines(folder / file)
        ]

    return read(NQ, "ctxs"), read(CLAPNQ, "passages"), read(CLAPNQ_NONE, "passages")


def _occurrences(text: str, answers: list[str]) -> Iterator[tuple[int, int]]:
    for answer in answers:
        for found in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text):
            yield found.span()
