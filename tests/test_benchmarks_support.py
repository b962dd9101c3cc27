"""What the fit of the support judge is drawn from, and the thresholds for contradictions and words."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.benchmarks import beside, fits, labelled, marked, thresholds
from evals.benchmarks.labelled import BASE, ELSEWHERE, SIGNALS, Seen, Text, Words
from evals.benchmarks.support import _names, written
from evals.judge.readers import flagged
from evals.sets.parts import part
from rag.trust.support import Checked
from rag.types import Span

ENTAILS, REFUTES = SIGNALS.index("entails"), SIGNALS.index("refutes")


def row(entails: float = 0.0, refutes: float = -3.0, window: float = 0.5) -> tuple[float, ...]:
    signals = dict.fromkeys(SIGNALS, 0.0) | {"window": window, "entails": entails, "refutes": refutes}
    return tuple(signals[name] for name in SIGNALS)


def told(number: int, supported: bool, *rows: tuple[float, ...], name: str = "wice") -> Seen:
    return Seen(name, f"group {number}", supported, False, rows or (row(),))


def test_nothing_that_the_model_learnt_from_is_fitted_to(bench: Path) -> None:
    found = labelled.texts(bench, 60)
    assert {one.set for one in found} == set(labelled.KINDS)
    assert {part(one.group) for one in found} == {"held", "select"}
    own = [one for one in found if one.set == ELSEWHERE]
    assert sum(one.neutral for one in own) == len(own) / 2
    assert all(one.supported != one.neutral for one in own)
    words = list(marked.marked(bench, 60))
    assert {part(one.group) for one in [*words, *marked.three_way(bench, 60)]} == {"held", "select"}
    for one in words:
        assert one.wrong is not None and all(span.of(one.text).strip() for span in one.wrong)
        assert not (one.supported and one.wrong)


def test_marked_tokens_are_followed_through_a_claim() -> None:
    assert flagged("He (Tom) ran.", ["He", "(", "Tom", ")", "ran", "."], [False, False, True, False, True, False]) == (
        Span(4, 7),
        Span(9, 12),
    )
    assert flagged("He ran.", ["He", "walked"], [False, True]) is None


def test_words_of_a_sentence_are_told_apart_by_who_marks_them() -> None:
    """“Ann left Rome” is the second sentence: people marked “Rome”, the evidence lacks “left”, the model both."""
    text = "It rained. Ann left Rome."
    from rag.trust.entailment import Reading

    odds = ((Span(0, 3), -2.0), (Span(4, 8), 1.0), (Span(9, 13), 2.0))
    checked = Checked(dict.fromkeys(SIGNALS, 1.0), missing=(Span(4, 8),), reading=Reading(words=odds))
    one = Text("wice tokens", "g", text, ("E.",), False, wrong=(Span(20, 24),))
    (seen,) = labelled.seen([one], {(text, ("E.",)): [(Span(0, 10), Checked({})), (Span(11, 25), checked)]})
    (words,) = seen.words
    assert words == Words((-2.0, 1.0, 2.0), (False, True, False), (False, False, True))
    assert seen.signals == ((1.0,) * len(SIGNALS),)
    (unmarked,) = labelled.seen([replace(one, wrong=None)], {(text, ("E.",)): [(Span(11, 25), checked)]})
    assert unmarked.words == ()


def test_a_fit_by_some_signals_knows_nothing_of_the_others() -> None:
    texts = [told(n, n % 2 == 0, row(entails=3.0 if n % 2 == 0 else -3.0)) for n in range(60)]
    by_model, by_words = (fits.least(fits.held_out(texts, names)) for names in (SIGNALS, BASE))
    labels = np.array([one.supported for one in texts])
    assert by_model[labels].min() > 0.8 and by_model[~labels].max() < 0.2
    assert np.ptp(by_words) < 0.2


def test_both_judges_stand_beside_each_other_with_the_difference() -> None:
    """By words alone all texts look alike, so that none can be called supported; the model tells them all apart."""
    texts = [told(n, n % 2 == 0, row(entails=3.0 if n % 2 == 0 else -3.0)) for n in range(200)]
    without, with_it = (beside.Folded.of(texts, names) for names in (BASE, SIGNALS))
    lines = list(beside.beside(texts, without, with_it))
    (auroc, accuracy) = [line.split() for line in lines if line.startswith("wice")]
    assert auroc[1] == "200" and auroc[3] == "1.000" and float(auroc[2]) < 0.7
    assert accuracy[2:5] == ["0.500", "1.000", "+0.500"] and float(accuracy[5]) > 0.3
    assert lines[-1].split()[1:5] == accuracy[1:5]  # the mean of one set
    lost = {
        line.split()[0]: float(line.split()[1])
        for line in beside.left_out(texts, SIGNALS)
        if "+" in line or " -" in line
    }
    assert lost["entails"] < -0.2 and abs(lost["window"]) < 0.01


def fired(texts: list[Seen], chances: list[float]) -> float | None:
    own = [np.full(len(one.signals), chance) for one, chance in zip(texts, chances, strict=True)]
    found = thresholds.contradicted(texts, own, 0.5)
    return next((one.odds for one in found if one.holds), None)


def test_a_contradiction_is_called_where_supported_texts_are_not() -> None:
    """Supported texts have log-odds up to 1, the others 2: the least threshold between them holds."""
    texts = [told(n, n % 2 == 0, row(refutes=1.0 if n % 2 == 0 else 2.0)) for n in range(400)]
    assert fired(texts, [0.2] * 400) == 1.25
    above = [0.9 if one.supported else 0.2 for one in texts]
    assert fired(texts, above) == thresholds.ODDS[0]  # what is supported is never called contradicted
    assert fired(texts, [0.9] * 400) is None


def test_one_supported_text_in_a_hundred_is_let_pass_and_no_more() -> None:
    texts = [told(n, n % 2 == 0, row(refutes=1.0 if n % 2 == 0 else 2.0)) for n in range(400)]
    high = {0: row(refutes=2.0), 2: row(refutes=2.0)}
    two = [replace(one, signals=(high.get(n, one.signals[0]),)) for n, one in enumerate(texts)]
    assert fired(two, [0.2] * 400) == 1.25  # 2 of 200
    three = [replace(one, signals=(row(refutes=2.0),)) if n == 4 else one for n, one in enumerate(two)]
    assert fired(three, [0.2] * 400) is None


def test_a_text_that_its_evidence_leaves_open_may_not_be_called_contradicted() -> None:
    texts = [told(n, n % 2 == 0, row(refutes=-3.0 if n % 2 == 0 else 2.0)) for n in range(100)]
    elsewhere = [replace(one, set=ELSEWHERE, neutral=not one.supported) for one in texts]
    assert fired([*texts, *elsewhere], [0.2] * 200) is None
    lower = [replace(one, signals=(row(refutes=min(1.0, one.signals[0][REFUTES])),)) for one in elsewhere]
    assert fired([*texts, *lower], [0.2] * 200) == 1.25


def test_a_text_is_contradicted_by_any_sentence_that_is_not_supported() -> None:
    two = told(0, False, row(refutes=3.0), row(refutes=1.0))
    assert thresholds.highest(two, np.array([0.2, 0.2]), 0.5) == 3.0
    assert thresholds.highest(two, np.array([0.9, 0.2]), 0.5) == 1.0
    assert thresholds.highest(two, np.array([0.9, 0.9]), 0.5) == -np.inf


WRONG = Words((3.0, 1.0, -2.0), (False, False, True), (True, False, True))


def test_agreement_by_hand() -> None:
    """People mark the first and the last of three words; the exact checks mark the last, the model from 3 the first."""
    texts = [replace(told(0, False), words=(WRONG,))]
    low = [np.array([0.2])]
    assert thresholds.agreement(texts, low, 0.5, float("inf")) == {"wice": pytest.approx(2 / 3)}
    assert thresholds.agreement(texts, low, 0.5, 3.0) == {"wice": 1.0}
    assert thresholds.agreement(texts, low, 0.5, 0.0) == {"wice": pytest.approx(4 / 5)}
    assert thresholds.agreement(texts, [np.array([0.9])], 0.5, 3.0) == {"wice": 0.0}
    objected = [replace(texts[0], words=(replace(WRONG, objected=True),))]
    assert thresholds.agreement(objected, [np.array([0.9])], 0.5, 3.0) == {"wice": 1.0}


def test_words_are_marked_where_that_agrees_best_and_not_at_all_where_nothing_is_gained() -> None:
    low = [np.array([0.2])]
    assert thresholds.words([replace(told(0, False), words=(WRONG,))], low, 0.5) == 3.0
    useless = replace(WRONG, odds=(-5.0, 9.0, -5.0))
    assert thresholds.words([replace(told(0, False), words=(useless,))], low, 0.5) is None


def test_what_is_written_is_what_the_calibration_reads(tmp_path: Path) -> None:
    texts = [told(n, n % 2 == 0, row(window=0.8 if n % 2 == 0 else 0.2)) for n in range(40)]
    fit = fits.fit(texts, ("window", "entails"))
    made = json.loads(json.dumps(written(fit, ("window", "entails"), {"supported": 0.5}, texts, "the command")))
    assert made["signals"] == ["window", "entails"] and made["data"].startswith("40 texts: 40 wice, 0 expertqa")
    assert len(made["mean"]) == len(made["scale"]) == len(made["weights"]) == 2
    assert {"date", "intercept", "thresholds"} <= made.keys() and made["command"] == "the command"


def test_a_signal_that_is_not_known_is_one_clear_line() -> None:
    from argparse import ArgumentTypeError

    assert _names("window, entails") == ("window", "entails")
    for wrong in ("window,nonesuch", ""):
        with pytest.raises(ArgumentTypeError, match="known: window"):
            _names(wrong)
