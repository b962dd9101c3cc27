"""Each formula by hand, of words, places and rankings. `test_evals_metrics_agree.py` holds them against others'."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import metrics
from evals.metrics import Place


def test_normalising_drops_case_marks_and_articles() -> None:
    assert metrics.normalise("  The “25 million” men, a  boast! ") == "25 million men boast"


def test_contains_asks_for_whole_words_of_any_accepted_string() -> None:
    assert metrics.contains("Up to 25 million men.", ["26 million", "the 25 million"])
    assert not metrics.contains("Up to 250 million men.", ["25"])
    assert not metrics.contains("Anything at all", ["", "the"])  # nothing is left of these to look for


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Eiffel Tower", "eiffel tower"),
        ("an apple, a pear and the fig.", "apple pear and fig"),
        ("theatre another area", "theatre another area"),  # articles are whole words
        ("U.S.A.", "usa"),
        ("well-known", "wellknown"),  # punctuation goes before words are told apart
        ("a-b", "ab"),  # and before articles do
        ("it's the '90s", "its 90s"),
        ("25%  of\t$1,000\n", "25 of 1000"),
        ("“quoted” – yes…", "“quoted” – yes…"),  # typographic marks are no punctuation of ASCII
        ("“the” men", "“ ” men"),  # though they end a word
        ("ÉCOLE Straße", "école straße"),
        ("non\u00a0breaking", "non breaking"),
        ("The.", ""),
        ("", ""),
    ],
)
def test_squads_normalisation_by_its_rules(text: str, expected: str) -> None:
    assert metrics.squad_normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "accepted", "exact", "f1"),
    [
        ("The Normans", ["Normans"], 1, 1),
        ("the Normans, of Normandy", ["Normans"], 0, 1 / 2),  # P 1/3, R 1: 2 · 1/3 ÷ 4/3
        ("in the 10th century", ["10th century", "10th and 11th centuries"], 0, 4 / 5),  # P 2/3, R 1
        ("x x y", ["x y y"], 0, 2 / 3),  # 2 in common: x once, y once
        ("x", ["y"], 0, 0),
        ("“x”", ["x"], 0, 0),
        ("", ["x"], 0, 0),
        ("the", ["x"], 0, 0),  # nothing is left of it
        ("x", [], 0, 0),  # no answer is the only right one
        ("", [], 1, 1),
        ("the", [], 1, 1),
        ("", ["", "."], 1, 1),  # nothing is left of what is accepted
        ("", ["", "x"], 0, 0),  # and what is left is an answer
    ],
)
def test_exact_match_and_f1_by_squads_rules(text: str, accepted: list[str], exact: float, f1: float) -> None:
    assert metrics.exact_match(text, accepted) == exact
    assert metrics.token_f1(text, accepted) == pytest.approx(f1, abs=1e-12)


def test_a_place_holds_another_that_shares_half_of_the_shorter() -> None:
    passage = Place("a", 0, 100)
    assert passage.holds(Place("a", 95, 105))  # 5 of 10 characters
    assert not passage.holds(Place("a", 96, 106))  # 4 of 10
    assert Place("a", 10, 14).holds(passage)  # all of the 4 characters quoted
    assert not passage.holds(Place("b", 0, 100))
    assert not passage.holds(Place("a", 100, 110))


def test_hits_ranks_and_recall_by_hand() -> None:
    found = [Place("a", 0, 50), Place("b", 0, 50), Place("c", 0, 50)]
    gold = [Place("b", 10, 20), Place("c", 10, 20), Place("d", 0, 9), Place("a", 80, 90)]
    assert metrics.hit_at(1, found, gold) == 0.0  # the right document, the wrong place
    assert metrics.hit_at(2, found, gold) == 1.0
    assert metrics.source_hit_at(1, found, gold) == 1.0
    assert metrics.recall_at(2, found, gold) == 0.25  # 1 of 4
    assert metrics.recall_at(3, found, gold) == 0.5  # 2 of 4
    assert metrics.reciprocal_rank(found, gold) == 0.5  # second: 1 ÷ 2
    assert metrics.reciprocal_rank(found[:1], gold) == 0.0
    assert metrics.hit_at(5, [], gold) == 0.0


def test_context_precision_and_recall_by_hand() -> None:
    found = [Place("a", 0, 50), Place("x", 0, 50), Place("b", 0, 50), Place("y", 0, 50)]
    gold = [Place("a", 10, 20), Place("b", 10, 20), Place("c", 10, 20)]
    assert metrics.context_precision(found, gold) == pytest.approx((1 / 1 + 2 / 3) / 2)  # P@1 and P@3
    assert metrics.context_precision(found[1:2], gold) == 0.0
    assert metrics.context_precision([], gold) == 0.0
    assert metrics.context_recall(found, gold) == pytest.approx(2 / 3)  # "c" is missing
    assert metrics.context_recall([], gold) == 0.0


def test_ndcg_by_hand() -> None:
    ranked = ["x", "a", "b"]
    assert metrics.ndcg_at(3, ranked, {"a"}) == pytest.approx(1 / log2(3))
    assert metrics.ndcg_at(1, ranked, {"a"}) == 0.0
    assert metrics.ndcg_at(3, ranked, {"a": 1, "b": 3}) == pytest.approx(
        (1 / log2(3) + 3 / log2(4)) / (3 + 1 / log2(3))
    )
    assert metrics.ndcg_at(3, ["b", "a"], {"a": 1, "b": 3, "x": 0}) == pytest.approx(1.0)  # the best order
    assert metrics.ndcg_at(1, ["a"], {"a": 1, "b": 3}) == pytest.approx(1 / 3)


def test_cited_characters_by_hand() -> None:
    gold = [Place("a", 0, 10), Place("b", 0, 30)]
    cited = [Place("a", 5, 15), Place("a", 8, 25), Place("b", 20, 40), Place("c", 0, 10)]
    # cited: 5–25 of a, 20–40 of b, 10 of c = 50; gold: 40; shared: 5 of a, 10 of b
    assert metrics.span_precision(cited, gold) == 15 / 50
    assert metrics.span_recall(cited, gold) == 15 / 40
    assert metrics.span_f1(cited, gold) == pytest.approx(2 * 15 / 90)
    assert metrics.span_precision([], gold) is None
    assert metrics.span_recall([], gold) == metrics.span_f1([], gold) == 0.0


SPANS = st.lists(st.builds(Place, st.sampled_from("ab"), st.integers(0, 20), st.integers(0, 20)), max_size=6)


@given(SPANS, SPANS)
def test_spans_agree_with_sets_of_characters(cited: list[Place], gold: list[Place]) -> None:
    said, wanted = (
        {(place.source, at) for place in own for at in range(place.start, place.end)} for own in (cited, gold)
    )
    both = len(said & wanted)
    assert metrics.span_recall(cited, gold) == (both / len(wanted) if wanted else None)
    assert metrics.span_precision(cited, gold) == (both / len(said) if said and wanted else None)
    assert metrics.span_f1(cited, gold) == (2 * both / (len(said) + len(wanted)) if wanted else None)


def test_what_does_not_apply_is_none_and_not_zero() -> None:
    assert metrics.risk(kept=False, answerable=False) is None
    assert metrics.kept_unanswerable(kept=True, answerable=True) is None
    assert metrics.percentile([], 0.5) is None
    place = [Place("a", 0, 9)]
    ranking = (metrics.reciprocal_rank, metrics.context_precision, metrics.context_recall)
    spans = (metrics.span_precision, metrics.span_recall, metrics.span_f1)
    assert [formula(place, []) for formula in (*ranking, *spans)] == [None] * 6
    assert [formula(5, place, []) for formula in (metrics.hit_at, metrics.source_hit_at, metrics.recall_at)] == [
        None
    ] * 3
    assert metrics.ndcg_at(5, ["a"], []) is metrics.ndcg_at(5, ["a"], {"a": 0}) is None
    assert metrics.share_within(5, ["a"], []) is None
    assert metrics.aurc([], []) is metrics.brier([], []) is metrics.ece([], []) is None
    assert metrics.risk_coverage_curve([], []) == metrics.reliability_curve([], []) == []
    assert metrics.auroc([0.1, 0.2], [True, True]) is metrics.auroc([0.1], [False]) is metrics.auroc([], []) is None


def test_a_cost_is_by_the_million_tokens() -> None:
    assert metrics.cost(2_000_000, 500_000, 0.5, 4.0) == 3.0  # 2 · 0.5 + 0.5 · 4


def test_percentiles_by_nearest_rank() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert metrics.percentile(values, 0.5) == 3.0  # rank ⌈2.5⌉ = 3
    assert metrics.percentile(values, 0.95) == 5.0  # rank ⌈4.75⌉ = 5
    assert metrics.percentile(values, 0.2) == 1.0  # rank 1
    assert metrics.percentile([7.0], 0.01) == pytest.approx(7.0)
    assert metrics.percentile([float(n) for n in range(1, 101)], 0.07) == 7.0  # though 100 · 0.07 > 7 in floating point
    assert metrics.percentile(values, 1.0) == 5.0
