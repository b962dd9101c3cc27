"""The arithmetic of the benchmarks on trust: thresholds, curves, planted conflicts."""

import numpy as np
import pytest

from evals.benchmarks import disagreements, thresholds
from evals.benchmarks.labelled import Seen
from evals.benchmarks.pools import Asked as Question
from rag.types import Answer, Citation, Conflict, Side
from tests.fakes import document


def seen(number: int, supported: bool, objected: bool = False) -> Seen:
    return Seen("wice", f"group {number}", supported, objected, ((0.0,),))


def test_thresholds_keep_their_promise_where_the_chances_tell_all() -> None:
    """Supported texts have chances from .6 on, the others up to .4: both thresholds lie between."""
    texts = [seen(number, number % 2 == 0) for number in range(200)]
    chances = np.array(
        [0.6 + number / 1000 if one.supported else 0.4 - number / 1000 for number, one in enumerate(texts)]
    )
    found = thresholds.thresholds(texts, chances)
    assert 0.2 < found["supported"] <= 0.61 and found["partial"] <= found["supported"]
    called = chances >= found["supported"]
    labels = np.array([one.supported for one in texts])
    assert labels[called].mean() >= thresholds.TRUE


def test_thresholds_promise_nothing_that_chance_would_not_keep() -> None:
    texts = [seen(number, number % 2 == 0) for number in range(100)]
    assert thresholds.thresholds(texts, np.full(100, 0.5))["supported"] == 0.99  # half of them, whatever the threshold


def test_what_an_exact_check_objects_to_is_not_counted_as_called_supported() -> None:
    """Of twenty with high chances ten are supported; the checks object to the others, so all that is left is right."""
    texts = [seen(number, number < 10, objected=number >= 10) for number in range(20)]
    assert thresholds.thresholds(texts, np.full(20, 0.9))["supported"] == pytest.approx(0.02)


def test_a_planted_conflict_changes_the_sentence_that_answers_and_is_told_by_its_source() -> None:
    made = document("The hall is old. The bridge opened in 1987 with a parade. It was cold.", source="/a.txt")
    question = Question("When did the bridge open?", ("1987",), frozenset({"/a.txt"}), "nq")
    changed = disagreements._changed("date", question, made)
    assert changed is not None and changed.source != made.source and changed.sha256 != made.sha256
    assert "1987" not in changed.text and "The hall is old." in changed.text and "It was cold." in changed.text
    planted = disagreements.Planted("date", question, changed)
    citation = Citation(1, changed.source, changed.sha256, "One", 0, 3, "The")
    conflict = Conflict("the year", (Side("1987", ()), Side("1990", (1,))))
    answer = Answer("q", "answered", None, 0.9, "", None, (), (citation,), (), (conflict,))
    assert disagreements._shows(answer, planted)
    assert not disagreements._shows(Answer("q", "answered", None, 0.9, "", None, (), (citation,), ()), planted)
    assert disagreements._changed("date", Question("q", ("nowhere",), frozenset({"/a.txt"}), "nq"), made) is None
