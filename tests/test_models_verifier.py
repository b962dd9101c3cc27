"""The model that Pincite trained: what it says of plain cases, and that its outputs come back in their places."""

import numpy as np
import pytest

from rag.models.onnx import OnnxEncoder
from rag.models.verifying import LONGEST, PackagedVerifier, best_span
from rag.models.weights import checked
from rag.types import Span

EVIDENCE = "In 1967, Celtic became the first British team to win the European Cup."


@pytest.fixture(scope="module")
def verifier() -> PackagedVerifier:
    return PackagedVerifier(threads=2)


def test_what_the_evidence_says_is_told_from_its_opposite(verifier: PackagedVerifier) -> None:
    said = "Celtic won the European Cup in 1967."
    (right,) = verifier.judge(said, [EVIDENCE])
    (denied,) = verifier.judge("Celtic did not win the European Cup.", [EVIDENCE])
    (lost,) = verifier.judge("Celtic lost the European Cup in 1967.", [EVIDENCE])
    assert right.supported > 0 > max(denied.supported, lost.supported)
    assert min(denied.contradicted, lost.contradicted) > 0 > right.contradicted
    worst = max(lost.unsupported, key=lambda token: token[1])
    assert worst[0].of("Celtic lost the European Cup in 1967.") == "lost"


def test_every_piece_of_evidence_has_its_own_judgement_in_the_order_given(verifier: PackagedVerifier) -> None:
    said = "Celtic won the European Cup in 1967."
    longer = f"{EVIDENCE} The final was played in Lisbon, and more than sixty thousand people came to see it."
    together = verifier.judge(said, [longer, "Graz lies on the Mur.", EVIDENCE])
    alone = [verifier.judge(said, [text])[0] for text in (longer, "Graz lies on the Mur.", EVIDENCE)]
    assert [one.supported for one in together] == pytest.approx(
        [one.supported for one in alone], abs=0.6
    )  # int8 rounds by batch
    assert together[1].supported < min(together[0].supported, together[2].supported)


def test_an_answer_is_found_where_it_stands_with_or_without_a_question_mark(verifier: PackagedVerifier) -> None:
    for question in ("when did celtic win the european cup", "When did Celtic win the European Cup?"):
        (found,) = verifier.find(question, [EVIDENCE])
        assert found.span.of(EVIDENCE) == "1967"
        assert found.margin > verifier.find(question, ["Graz lies on the Mur, in Styria."])[0].margin


def test_a_text_without_a_word_holds_no_answer(verifier: PackagedVerifier) -> None:
    (found,) = verifier.find("when?", [""])
    assert found.span == Span(0, 0)
    assert found.margin < -1e6
    assert verifier.find("when?", []) == verifier.judge("It rained.", []) == []


def test_a_long_text_is_read_as_far_as_it_was_trained(verifier: PackagedVerifier) -> None:
    text = f"{EVIDENCE} " + "The river rose. " * 400
    (found,) = verifier.find("when did celtic win the european cup", [text])
    assert found.span.end < 8 * LONGEST
    (judged,) = verifier.judge("river " * 600, [EVIDENCE])
    assert 0 < len(judged.unsupported) < LONGEST


def test_the_best_span_is_short_runs_forwards_and_is_weighed_against_none() -> None:
    tokens = np.zeros((40, 2))
    tokens[0] = 1.0, 0.5
    tokens[5, 0] = tokens[30, 1] = 9.0  # too far apart
    tokens[12, 0], tokens[14, 1] = 4.0, 3.0
    tokens[20, 1], tokens[21, 0] = 5.0, 5.0  # the end before the start
    readable = np.arange(40) > 2
    first, last, margin = best_span(tokens, readable)
    assert first <= last < first + 24
    assert margin == pytest.approx(tokens[first, 0] + tokens[last, 1] - 1.5)
    tokens[5, 0] = tokens[30, 1] = tokens[20, 1] = tokens[21, 0] = 0.0
    assert best_span(tokens, readable) == (12, 14, 5.5)
    readable[12] = False
    assert best_span(tokens, readable)[:2] != (12, 14)


def test_rows_keep_the_tokens_of_each_text_and_no_padding() -> None:
    place = checked("verifier")
    encoder = OnnxEncoder(place / "model.onnx", place / "tokenizer.json", threads=2, longest=64)
    texts = [("a claim", "word " * size) for size in (40, 3, 17)]
    rows = encoder.rows(texts)
    assert [len(row.encoding.ids) for row in rows] == [len(row.outputs[1]) for row in rows]
    assert [row.outputs[0].shape for row in rows] == [(3,)] * 3
    assert len(rows[0].encoding.ids) > len(rows[2].encoding.ids) > len(rows[1].encoding.ids)
