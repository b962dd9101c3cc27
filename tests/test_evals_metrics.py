from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import metrics
from evals.metrics import Cited, Place
from rag.types import Answer, Citation, Document, Sentence, Verdict
from tests.fakes import document

TEXT = "He left in May. She stayed."


def test_normalising_drops_case_marks_and_articles() -> None:
    assert metrics.normalise("  The “25 million” men, a  boast! ") == "25 million men boast"


def test_contains_asks_for_whole_words_of_any_accepted_string() -> None:
    assert metrics.contains("Up to 25 million men.", ["26 million", "the 25 million"])
    assert not metrics.contains("Up to 250 million men.", ["25"])
    assert not metrics.contains("Anything at all", ["", "the"])  # nothing is left of these to look for


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


def cited(
    *markers: int, start: int = 0, quote: str = "He left in May.", label: str = "supported"
) -> tuple[Answer, Document]:
    source = document(TEXT)
    citation = Citation(1, source.source, source.sha256, source.title, start, start + len(quote), quote)
    sentence = Sentence("He left in May.", 0, 15, markers, Verdict(label))  # type: ignore[arg-type]
    return Answer("q", "answered", None, 0.9, "He left in May.", None, (sentence,), (citation,), ()), source


def faults(answer: Answer, source: Document) -> tuple[str, ...]:
    return metrics.citation_faults(answer, {source.source: source})


def test_an_exact_covered_answer_has_no_faults() -> None:
    assert faults(*cited(1)) == ()


def test_each_broken_citation_is_told_apart() -> None:
    assert faults(*cited(1, start=1)) == ("[1] does not quote its document exactly",)
    assert faults(*cited(1, quote="")) == ("[1] does not quote its document exactly",)
    assert faults(*cited(2)) == ("sentence 1 has the mark [2], which stands for nothing",)
    assert faults(*cited()) == ("sentence 1 has no citation",)
    assert faults(*cited(label="unchecked")) == ()
    answer, source = cited(1)
    assert metrics.citation_faults(answer, {}) == ("[1] names a document that the library does not have",)
    assert faults(answer, replace(source, sha256="0" * 64)) == ("[1] cites another version of its document",)
    assert faults(replace(answer, sentences=()), source) == ("the answer has no sentences",)


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_only_the_true_offsets_of_a_quote_are_exact(start: int, end: int) -> None:
    answer, source = cited(1)
    moved = replace(answer, citations=(replace(answer.citations[0], start=start, end=end),))
    assert (not faults(moved, source)) == ((start, end) == (0, 15))


def test_abstention_by_hand() -> None:
    # answered: 3 answerable, 1 unanswerable; abstained: 1 answerable, 3 unanswerable
    decisions = [(True, True)] * 3 + [(True, False)] + [(False, True)] + [(False, False)] * 3

    def mean(values: list[float | None]) -> float:
        taken = [value for value in values if value is not None]
        return sum(taken) / len(taken)

    assert mean([metrics.coverage(kept) for kept, _ in decisions]) == 4 / 8
    assert mean([metrics.risk(*decision) for decision in decisions]) == 1 / 4
    assert mean([metrics.kept_unanswerable(*decision) for decision in decisions]) == 1 / 4
    assert mean([metrics.abstention_accuracy(*decision) for decision in decisions]) == 6 / 8


def test_what_does_not_apply_is_none_and_not_zero() -> None:
    assert metrics.risk(kept=False, answerable=False) is None
    assert metrics.kept_unanswerable(kept=True, answerable=True) is None
    assert metrics.percentile([], 0.5) is None


def test_percentiles_by_nearest_rank() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert metrics.percentile(values, 0.5) == 3.0  # rank ⌈2.5⌉ = 3
    assert metrics.percentile(values, 0.95) == 5.0  # rank ⌈4.75⌉ = 5
    assert metrics.percentile(values, 0.2) == 1.0  # rank 1
    assert metrics.percentile([7.0], 0.01) == pytest.approx(7.0)


def test_citation_recall_and_precision_by_hand() -> None:
    """Each quote supports the words it has: ALCE's "insufficient alone, and the rest still entails" is superfluous."""

    def supports(sentence: str, quotes: Sequence[str]) -> bool:
        return set(sentence.split()) <= set(" ".join(quotes).split())

    both = Cited("a b", ["a x", "b y"])  # neither alone
    spare = Cited("a b", ["a b", "c"])  # "c" is superfluous
    either = Cited("a", ["a x", "a y"])  # each is enough
    none = Cited("a b", ["a", "c"])  # no recall: neither counts
    bare = Cited("a", [])
    assert metrics.citation_recall([both, spare, either, none, bare], supports) == 3 / 5
    assert metrics.citation_precision([both, spare, either, none, bare], supports) == 5 / 8  # 2 + 1 + 2 of 8
    assert metrics.citation_recall([], supports) is None and metrics.citation_precision([bare], supports) is None


def test_only_claims_that_are_shown_are_asked_of_their_citations() -> None:
    answer, _ = cited(1, 7)
    assert metrics.cited_sentences(answer) == [Cited("He left in May.", ["One: He left in May."])]
    assert metrics.cited_sentences(cited(1, label="unchecked")[0]) == []
    withheld = replace(answer, sentences=(replace(answer.sentences[0], withheld=True),))
    assert metrics.cited_sentences(withheld) == []
