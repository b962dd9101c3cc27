"""Sets of one domain or kind: medicine, conversations, company filings."""

import json
from pathlib import Path
from typing import Any

from evals.cases import Evidence, Turn
from evals.sets.files import lines
from evals.sets.question_set import Draft, whole
from rag.errors import BadInput

PUBMEDQA = "qa/pubmedqa_pqal.json"
MTRAGUN = "qa/mtragun_reference.jsonl"
FINANCEBENCH = "qa/financebench/questions.jsonl"
FILINGS = "qa/financebench/pdfs"

_REFUSED = {"UNANSWERABLE", "UNDERSPECIFIED"}


def pubmedqa(folder: Path, draft: Draft) -> None:
    """PubMedQA, labelled by experts (Jin et al. 2019): questions that are titles of papers, on their abstracts.

    Its labels `yes`, `no` and `maybe` are decisions that a reader draws from the results, not words of the text: an
    answer with the word "no" in it, as in "no significant difference", may well mean yes. So they are tags and never
    accepted strings. The authors' conclusion is not part of the document; it is the `reference`. Evidence is the
    whole abstract, since the set marks no sentence in it. A document's title is its number, because the real title
    is the question.
    """
    for number, item in json.loads((folder / PUBMEDQA).read_text(encoding="utf-8")).items():
        document = draft.passage(f"PubMed {number}", "\n\n".join(item["CONTEXTS"]))
        draft.ask(
            number,
            item["QUESTION"],
            number,
            about=[document.source],
            evidence=[whole(document)],
            tags=[f"decision {item['final_decision']}"],
            references=[item["LONG_ANSWER"]],
        )


def mtragun(folder: Path, draft: Draft) -> None:
    """MTRAG-UN (Rosenthal et al. 2026): the last question of a conversation, with its earlier turns.

    `ANSWERABLE` and `PARTIAL` (the passages say something of it) are answerable, any passage that was shown with
    them being evidence. `UNANSWERABLE` is not; nor is `UNDERSPECIFIED`, where the right thing is to ask back: to
    answer would be to guess. Passages shown with these stay in the pool. Answers are free words: `references`.
    """
    for item in lines(folder / MTRAGUN):
        label = item["answerability"][0]
        shown = [draft.passage(given.get("title") or item["Collection"], given["text"]) for given in item["contexts"]]
        *earlier, last = item["input"]
        passages = {document.source: document for document in shown}
        evidence = [] if label in _REFUSED else [whole(document) for document in passages.values()]
        if not evidence and label not in _REFUSED:
            raise BadInput(f"{draft.name} {item['task_id']}: {label} without a passage; get the set again")
        draft.ask(
            item["task_id"],
            last["text"],
            item["conversation_id"],
            about=passages,
            evidence=evidence,
            history=_turns(earlier),
            tags=[label.lower(), item["Collection"], *(kind.lower() for kind in item["Multi-Turn"] if kind != "N/A")],
            references=[target["text"] for target in item["targets"]],
        )


def financebench(folder: Path, draft: Draft) -> None:
    """FinanceBench (Islam et al. 2023): questions on filings of companies, with the pages that answer them.

    The documents are PDFs, so its pages, counted from 0, become pages from 1. Figures that were worked out
    (`metrics-generated`) are accepted strings, and need every page they were worked out from; other answers are
    free words and so `references`. A group is a company, whose filings are asked alike.
    """
    draft.files.extend(sorted((folder / FILINGS).glob("*.pdf")))
    names = {path.name for path in draft.files}
    for item in lines(folder / FINANCEBENCH):
        source = f"{item['doc_name']}.pdf"
        if source not in names:
            raise BadInput(f"{folder / FILINGS / source} is missing; get the set again")
        pages = dict.fromkeys(place["evidence_page_num"] + 1 for place in item["evidence"])
        figure = item["question_type"] == "metrics-generated"
        draft.ask(
            item["financebench_id"],
            item["question"],
            item["company"],
            about=[source],
            answers=_written(item["answer"]) if figure else (),
            evidence=[Evidence(source=source, page=page) for page in pages],
            tags=[item["question_type"], *(["multi-source"] if figure and len(pages) > 1 else [])],
            references=[item["answer"]],
        )


def _turns(said: list[dict[str, Any]]) -> list[Turn]:
    """What user and agent said by turns."""
    return [
        Turn(question=user["text"], answer=agent["text"]) for user, agent in zip(said[::2], said[1::2], strict=True)
    ]


def _written(figure: str) -> tuple[str, ...]:
    """A figure as the set prints it, and as a filing does: `$11588.00` is there `11,588`."""
    amount = figure.strip().lstrip("$")
    return (figure, f"{int(amount.removesuffix('.00')):,}") if amount.endswith(".00") else (figure,)
