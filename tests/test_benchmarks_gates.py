"""The benchmark of the gate on scripted runs: planted losses are caught, and an unchanged system is left in peace."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from evals.benchmarks.gates import SENTENCE, Shifted, caught, drawn_anew, false_alarms, halves
from evals.folder import Record, Run
from rag import Settings
from rag.errors import NoSuchSource
from rag.types import Answer, Citation, Document, Entry
from tests.fakes import document
from tests.scripted_runs import record, run_of

TEXT = document("The bridge opened in May 2021. It cost 12 million crowns! Who paid? The town.", "/docs/news.txt")
GATES = ("answer_found:2%", "decision_right:2%", "citation_recall:2%")


class Quoting:
    """Answers with the sentence of the one document that starts with the question."""

    def __init__(self) -> None:
        self.settings = Settings()

    def documents(self) -> list[Entry]:
        return []

    def document(self, source: str) -> Document:
        if source != TEXT.source:
            raise NoSuchSource(source)
        return TEXT

    def weights(self) -> dict[str, str]:
        return {}

    def ask(self, question: str, *, abstain: bool = True, rerank: bool = True, model: str | None = None) -> Answer:
        start = TEXT.text.index(question)
        end = start + len(question)
        citation = Citation(1, TEXT.source, TEXT.sha256, TEXT.title, start, end, None, question)
        return Answer(
            question=question,
            status="answered",
            reason=None,
            confidence=0.5,
            text=question,
            short=None,
            sentences=(),
            citations=(citation,),
            evidence=(),
            conflicts=(),
            model="quotes",
            seconds={},
            usage=None,
        )


@pytest.mark.parametrize(
    ("quoted", "beside"),
    [
        ("The bridge opened in May 2021.", "It cost 12 million crowns!"),
        ("Who paid?", "The town."),
        ("The town.", "Who paid?"),
    ],
)
def test_a_shifted_citation_quotes_the_sentence_beside_it_exactly(quoted: str, beside: str) -> None:
    (citation,) = Shifted(Quoting()).ask(quoted).citations
    assert citation.quote == beside
    assert TEXT.text[citation.start : citation.end] == beside


def test_sentences_end_with_their_marks() -> None:
    assert SENTENCE.findall("One two. Three?! Four") == ["One two.", "Three?!", "Four"]


def asked_once(hard: Sequence[float], seed: int) -> list[Record]:
    """Ten questions on each of 40 articles; the chance of a right answer is the article's own."""
    random = np.random.default_rng(seed)
    records = []
    for group, chance in enumerate(hard):
        for number in range(10):
            right = float(random.random() < chance)
            scores = {"answer_found": right, "decision_right": right, "citation_recall": 1.0}
            records.append(record(f"{group}-{number}", scores, group=f"article {group}"))
    return records


@pytest.fixture(scope="module")
def unchanged() -> list[Record]:
    return asked_once(np.random.default_rng(5).beta(8, 2, size=40).tolist(), seed=6)


def changed(records: Sequence[Record], **scores: float) -> Run:
    """Every third case gets these scores."""
    return run_of([{**one, "scores": one["scores"] | scores} if n % 3 == 0 else one for n, one in enumerate(records)])


def test_planted_losses_are_caught_by_the_gates_that_see_them(unchanged: list[Record]) -> None:
    losses = {
        "reading worse": changed(unchanged, answer_found=0.0),
        "citations off": changed(unchanged, citation_recall=0.0),
        "always answering": changed(unchanged, decision_right=0.0),
        "nothing at all": run_of(unchanged),
    }
    lines = list(caught(run_of(unchanged), losses, GATES))
    assert [line for line in lines if not line.startswith(" ")] == [
        "reading worse: caught by 1 of 3 gates",
        "citations off: caught by 1 of 3 gates",
        "always answering: caught by 1 of 3 gates",
        "nothing at all: NOT CAUGHT",
    ]
    failing = [line.split()[0] for line in lines if " fails: " in line]
    assert failing == ["answer_found:0.02", "citation_recall:0.02", "decision_right:0.02"]


def test_an_unchanged_system_on_other_cases_raises_few_alarms(unchanged: list[Record]) -> None:
    lines = list(false_alarms(unchanged, GATES, times=120))
    alarms = [int(found[1]) for line in lines if (found := re.search(r": (\d+) of 20 comparisons", line))]
    assert len(alarms) == 2
    assert all(number <= 2 for number in alarms)
    bare = [float(found[1]) for line in lines if (found := re.search(r"margin of 0 in ([\d.]+)%", line))]
    assert len(bare) == 6
    assert all(rate <= 10 for rate in bare)  # 5% are promised; 120 comparisons tell it to about 4 points


def test_halves_share_no_group_and_samples_have_as_many_groups(unchanged: list[Record]) -> None:
    for before, after in halves(unchanged, 3):
        assert not {one["group_id"] for one in before} & {one["group_id"] for one in after}
        assert len(before) + len(after) == len(unchanged)
    for before, after in drawn_anew(unchanged, 3):
        assert len({one["group_id"] for one in before}) == len({one["group_id"] for one in after}) == 40
        assert len({one["id"] for one in before}) < len(before)  # some articles were drawn twice
