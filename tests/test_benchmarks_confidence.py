"""The arithmetic behind the confidence of an answer and the threshold of a short one; the figures are measured."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.benchmarks import shorts
from evals.benchmarks.answered import EVERYTHING, SIGNALS, Seen
from evals.benchmarks.confidence import fitted, held_out
from evals.benchmarks.pools import Asked, Pool, unlearnt
from evals.benchmarks.sureness import area, figures
from evals.sets.parts import article, part
from rag import Library
from rag.trust import abstention
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document
from tests.reading_fakes import FIVE, KindFinder


def seen(kind: str, number: int, right: bool, **more: object) -> Seen:
    signals = {**dict.fromkeys(FIVE, 0.0), "answerable": 3.0 if right else -3.0}
    return Seen(kind, f"d{number}", signals, right, **more)  # type: ignore[arg-type]


HALF = [seen(kind, number, kind == "squad2") for number in range(10) for kind in ("squad2", "squad2-none")]


def test_risk_falls_with_coverage_where_confidence_tells_and_the_fits_stand_beside_each_other() -> None:
    chances = np.array([0.9 if one.right else 0.1 for one in HALF])
    lines = list(figures(HALF, {"told, ": chances, "untold, ": np.full(20, 0.5)}))
    assert any(line.startswith("  told, answerable or not: AUROC 1.000") for line in lines)
    assert any(line.startswith("  untold, answerable or not: AUROC 0.500") for line in lines)
    assert any(line.startswith("  answerable or not by `answerable` alone: AUROC 1.000") for line in lines)
    assert any(line.startswith("  answerable or not by `reading` alone: AUROC 0.500") for line in lines)
    assert any(line.startswith("  answerable or not: AUROC gained 0.500") for line in lines)
    told = next(line for line in lines if line.startswith("  told, accuracy"))
    assert "50% 1.000" in told and "100% 0.500" in told
    assert "  told, risk at 10% … 100% coverage: 0.00 0.00 0.00 0.00 0.00 0.17 0.29 0.38 0.44 0.50" in lines


def test_the_area_under_the_curve_by_hand() -> None:
    """Of four pairs two are in order and one is tied: 2.5 ÷ 4."""
    assert area(np.array([True, True, False, False]), np.array([3.0, 1.0, 1.0, 2.0])) == 2.5 / 4
    assert area(np.array([True, True]), np.array([1.0, 2.0])) is None


def test_what_is_written_is_a_fit_of_the_signals_named_with_its_thresholds() -> None:
    """The one signal that tells is ±3: standardised ±1, and its weight is all there is."""
    written = fitted(HALF, (*FIVE, "answerable"), {"short": 2.5}, "command")
    assert list(written) == [
        *("signals", "mean", "scale", "weights", "intercept", "thresholds", "data", "date", "command"),
    ]
    assert written["signals"] == [*FIVE, "answerable"] and written["thresholds"] == {"short": 2.5}
    assert (written["mean"][-1], written["scale"][-1]) == (0.0, 3.0) and written["data"].startswith("20 questions: ")
    assert written["weights"][-1] > 1 and written["weights"][:-1] == [0.0] * 5
    assert fitted(HALF, FIVE, {}, "command")["signals"] == list(FIVE)
    with_it, without = held_out(HALF, (*FIVE, "answerable")), held_out(HALF, FIVE)
    assert all((chance > 0.5) == one.right for chance, one in zip(with_it, HALF, strict=True))
    assert without == pytest.approx(np.full(20, 0.5))


def test_what_is_only_measured_is_not_fitted_to() -> None:
    more = [*HALF, *(replace(one, kind="clapnq", signals=dict.fromkeys(one.signals, 99.0)) for one in HALF)]
    assert fitted(more, FIVE, {}, "") == fitted(HALF, FIVE, {}, "")


def shown(margin: float, short: str | None, kind: str = "nq") -> Seen:
    return replace(seen(kind, 0, True, accepted=("Anna Berg",), short=short), signals={"answerable": margin})


def test_the_threshold_of_short_answers_is_the_least_one_that_keeps_its_promise() -> None:
    """From 2 on 60 of 75 overlap (80%), from 1.5 on 60 of 76; what has no short answer is not counted."""
    answers = [*[shown(4.0, "Berg")] * 60, *[shown(2.0, "Bergen")] * 15, shown(1.5, "Oslo"), *[shown(9.0, None)] * 50]
    assert shorts.threshold(answers) == 2.0
    assert shorts.threshold(answers[25:]) == 2.5  # 35 of 50 are right, and all of the surer ones
    assert shorts.threshold(answers[60:]) is None
    assert shorts.threshold([replace(one, kind="clapnq") for one in answers]) is None


def test_short_answers_are_counted_at_each_margin() -> None:
    answers = [shown(4.0, "Anna Berg"), shown(4.0, "Berg"), shown(2.0, "Oslo"), shown(9.0, None)]
    none = [replace(shown(4.0, "Oslo", "squad2-none"), right=False), replace(shown(0.0, "x", "nq"), kind="nq, removed")]
    lines = list(shorts.lines([*answers, none[0], replace(none[1], right=False)], 2.0))
    (chosen,) = [line for line in lines if "chosen" in line]
    assert "shown 0.75; of these exactly right 0.33, contains or is contained 0.67" in chosen
    assert "token F1 ≥ 0.5 0.67; shown where there is no answer 0.50" in chosen
    assert any("margin ≥   4.0: shown 0.50; of these exactly right 0.50" in line for line in lines)


def test_what_is_asked_for_measuring_has_every_signal_and_every_short_answer(tmp_path: Path) -> None:
    with Library(
        tmp_path, embedder=WordHashEmbedder(), reranker=SharedWordsReranker(), verifier=KindFinder(), fit=EVERYTHING
    ) as library:
        library.add_documents([document("The bridge of Narvik was opened in 1987.")])
        answer = library.ask("When was the bridge of Narvik opened?", abstain=False)
        unsure = library.ask("When did the ferry of Narvik sink?", abstain=False)
    assert tuple(answer.signals) == SIGNALS == tuple(abstention.Signals.__slots__) and answer.confidence == 0.5
    assert answer.short == unsure.short == "1987" and answer.signals["answerable"] > unsure.signals["answerable"]


def test_questions_that_the_reader_learnt_from_are_left_out() -> None:
    names = [f"Article {number}" for number in range(40)]
    pool = Pool(
        tuple(document(name, f"/{name}", name.replace(" ", "_")) for name in names),
        tuple(Asked("q", (), frozenset({f"/{name}"}), "nq") for name in names),
    )
    kept = {min(one.gold)[1:] for one in unlearnt(pool)}
    assert 0 < len(kept) < 40 and kept == {name for name in names if part(article(name)) != "train"}
