"""The formulas against implementations by others, or against a plain loop over the published definition, to 1e-9."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

import numpy as np
import pytest
import pytrec_eval
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn
from sklearn.calibration import calibration_curve
from torchmetrics.functional.text import squad

from evals import metrics
from evals.metrics import Cited, Place

NEAR = 1e-9
K = 7
RANKINGS = st.lists(st.sampled_from("abcdefghijklmno"), unique=True, min_size=1)
GRADES = st.dictionaries(st.sampled_from("abcdefghijklmno"), st.integers(0, 4), min_size=1).filter(
    lambda own: any(own.values())
)
SHARES = st.floats(0, 1) | st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0])  # with ties, and on the bins' edges
CONFIDENCES = st.lists(st.tuples(SHARES, st.booleans()), min_size=1, max_size=40)
WORDS = st.lists(
    st.sampled_from(
        ["the", "An", "a", "x", "y", "Y.", "“x”", "it’s", "x-y", "É", "é", "-", "…", "\u00a0", "12%", "THE"]
    )
)
TEXTS = st.builds(lambda words, gap: gap.join(words), WORDS, st.sampled_from([" ", "  ", "", "\t"]))


def near(value: float | None) -> object:
    return pytest.approx(value, abs=NEAR, rel=0)


def trec_eval(ranked: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    measures = {f"ndcg_cut.{K}", f"success.{K}", f"recall.{K}", "recip_rank", "map", "num_rel", "num_rel_ret"}
    run = {"q": {name: float(-rank) for rank, name in enumerate(ranked)}}
    found: dict[str, float] = pytrec_eval.RelevanceEvaluator({"q": dict(grades)}, measures).evaluate(run)["q"]
    return found


@given(RANKINGS, GRADES)
def test_ranking_agrees_with_trec_eval(ranked: list[str], grades: dict[str, int]) -> None:
    theirs = trec_eval(ranked, grades)
    right = [name for name, grade in grades.items() if grade]
    binary = trec_eval(ranked, dict.fromkeys(right, 1))
    found, evidence = ([Place(name, 0, 9) for name in names] for names in (ranked, right))
    assert metrics.ndcg_at(K, ranked, grades) == near(theirs[f"ndcg_cut_{K}"])
    assert metrics.ndcg_at(K, ranked, right) == near(binary[f"ndcg_cut_{K}"])
    assert metrics.hit_at(K, found, evidence) == near(theirs[f"success_{K}"])
    assert metrics.source_hit_at(K, found, evidence) == near(theirs[f"success_{K}"])
    assert metrics.recall_at(K, found, evidence) == near(theirs[f"recall_{K}"])
    assert metrics.share_within(K, ranked, right) == near(theirs[f"recall_{K}"])
    assert metrics.reciprocal_rank(found, evidence) == near(theirs["recip_rank"])
    assert metrics.context_recall(found, evidence) == near(theirs["num_rel_ret"] / theirs["num_rel"])
    # Average precision divides by all that is right, context precision by what of it was found.
    assert metrics.context_precision(found, evidence) == near(
        theirs["map"] * theirs["num_rel"] / max(theirs["num_rel_ret"], 1)
    )


@pytest.fixture(scope="module")
def doubles() -> Iterator[None]:
    """Tensors of 64 bits, which torchmetrics takes the default to be."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(usual)


@pytest.mark.usefixtures("doubles")
@given(TEXTS, st.lists(st.builds("{} 7 {}".format, TEXTS, TEXTS), max_size=3))
def test_exact_match_and_f1_agree_with_torchmetrics(text: str, accepted: list[str]) -> None:
    """Which is made after SQuAD's first script; the second one's rule, no answer as an empty string, is given to it."""
    theirs = squad(
        {"id": "q", "prediction_text": text}, {"id": "q", "answers": {"text": accepted or [""], "answer_start": [0]}}
    )
    assert metrics.exact_match(text, accepted) == near(theirs["exact_match"].item() / 100)
    assert metrics.token_f1(text, accepted) == near(theirs["f1"].item() / 100)


@given(CONFIDENCES)
def test_auroc_brier_and_reliability_agree_with_scikit_learn(cases: list[tuple[float, bool]]) -> None:
    sure, right = [case[0] for case in cases], [case[1] for case in cases]
    if len(set(right)) == 2:
        assert metrics.auroc(sure, right) == near(sklearn.roc_auc_score(right, sure))
    assert metrics.brier(sure, right) == near(sklearn.brier_score_loss(right, sure))
    shares, means = calibration_curve(right, sure, n_bins=10, pos_label=True)
    curve = metrics.reliability_curve(sure, right)
    assert [one.right for one in curve] == near(list(shares))
    assert [one.confidence for one in curve] == near(list(means))
    assert sum(one.n for one in curve) == len(cases)


@given(CONFIDENCES, st.integers(1, 12))
def test_calibration_error_agrees_with_its_definition(cases: list[tuple[float, bool]], bins: int) -> None:
    edges = np.linspace(0, 1, bins + 1)
    error = 0.0
    for low, high in pairwise(edges):
        own = [case for case in cases if low < case[0] <= high or case[0] == low == 0]
        error += abs(sum(right - sure for sure, right in own)) / len(cases)
    assert metrics.ece(*zip(*cases, strict=True), bins=bins) == near(error)


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=30), st.randoms())
def test_aurc_agrees_with_its_definition_in_any_order(cases: list[tuple[float, float]], random: Random) -> None:
    risks = []
    for threshold, _ in cases:
        kept = [loss for sure, loss in cases if sure >= threshold]
        risks.append(sum(kept) / len(kept))
    sure, losses = zip(*random.sample(cases, len(cases)), strict=True)
    assert metrics.aurc(sure, losses) == near(sum(risks) / len(risks))
    curve = metrics.risk_coverage_curve(sure, losses)
    assert [one.coverage for one in curve] == sorted({sum(s >= t for s, _ in cases) / len(cases) for t, _ in cases})
    assert sorted({round(one.risk, 9) for one in curve}) == sorted({round(one, 9) for one in risks})


@given(st.lists(st.lists(st.integers(0, 9), max_size=4, unique=True), min_size=1, max_size=5), st.integers())
def test_citation_recall_and_precision_agree_with_alces_steps(cited: list[list[int]], seed: int) -> None:
    """Recall by sentence; precision by citation: of several, one that fails alone and that the others do without."""

    def supports(text: str, quotes: Sequence[str]) -> bool:
        return Random(f"{seed} {text} {sorted(quotes)}").random() < 0.6  # noqa: S311

    sentences = [Cited(str(number), [str(one) for one in own]) for number, own in enumerate(cited)]
    entailed = precise = 0
    for text, quotes, _ in sentences:
        if not quotes or not supports(text, quotes):
            continue
        entailed += 1
        if len(quotes) == 1:
            precise += 1
            continue
        for quote in quotes:
            others = [one for one in quotes if one != quote]
            precise += supports(text, [quote]) or not supports(text, others)
    total = sum(map(len, cited))
    assert metrics.citation_recall(sentences, supports) == near(entailed / len(sentences))
    assert metrics.citation_precision(sentences, supports) == (near(precise / total) if total else None)
