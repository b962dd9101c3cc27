"""What is asked of citations and claims, by hand."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from evals import metrics
from evals.metrics import Cited
from rag.types import Answer, Citation, Document, Sentence, Verdict
from tests.fakes import document

TEXT = "He left in May. She stayed."


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


def test_quote_validity_is_the_share_of_exact_quotes() -> None:
    answer, source = cited(1)
    right = answer.citations[0]
    wrong = (
        replace(right, start=1),
        replace(right, sha256="0" * 64),
        replace(right, quote="", end=right.start),
    )
    documents = {source.source: source}
    assert metrics.quote_validity(answer, documents) == 1.0
    assert metrics.quote_validity(replace(answer, citations=(right, *wrong)), documents) == 1 / 4
    assert metrics.quote_validity(answer, {}) == 0.0
    assert metrics.quote_validity(replace(answer, citations=()), documents) is None


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_only_the_true_offsets_of_a_quote_are_exact(start: int, end: int) -> None:
    answer, source = cited(1)
    moved = replace(answer, citations=(replace(answer.citations[0], start=start, end=end),))
    assert (not faults(moved, source)) == ((start, end) == (0, 15))


def test_faithfulness_counts_what_can_be_checked() -> None:
    assert metrics.faithfulness(["supported", "partial", "unchecked", "contradicted", "supported"]) == 2 / 4
    assert metrics.faithfulness(["unsupported"]) == 0.0
    assert metrics.faithfulness(["unchecked"]) is metrics.faithfulness([]) is None  # neither 1 nor 0


def test_citation_recall_and_precision_by_hand() -> None:
    """Each quote supports the words it has: ALCE's "insufficient alone, and the rest still entails" is superfluous."""

    def supports(sentence: str, quotes: Sequence[str]) -> bool:
        return set(sentence.split()) <= set(" ".join(quotes).split())

    both = Cited("a b", ["a x", "b y"])  # neither alone
    spare = Cited("a b", ["a b", "c"])  # "c" is superfluous
    either = Cited("a", ["a x", "a y"])  # each is enough
    none = Cited("a b", ["a", "c"])  # no recall: neither counts
    bare = Cited("a", [])
    strange = Cited("a", ["a"], known=False)  # another mark of it stands for nothing: out of range
    assert metrics.citation_recall([both, spare, either, none, bare], supports) == 3 / 5
    assert metrics.citation_precision([both, spare, either, none, bare], supports) == 5 / 8  # 2 + 1 + 2 of 8
    assert metrics.citation_recall([spare, strange], supports) == 1 / 2
    assert metrics.citation_precision([spare, strange], supports) == 1 / 3
    assert metrics.citation_recall([], supports) is None and metrics.citation_precision([bare], supports) is None


def test_only_claims_that_are_shown_are_asked_of_their_citations() -> None:
    answer, _ = cited(1, 7)
    assert metrics.cited_sentences(answer) == [Cited("He left in May.", ["One: He left in May."], known=False)]
    assert metrics.cited_sentences(cited(1)[0]) == [Cited("He left in May.", ["One: He left in May."])]
    assert metrics.cited_sentences(cited(1, label="unchecked")[0]) == []
    withheld = replace(answer, sentences=(replace(answer.sentences[0], withheld=True),))
    assert metrics.cited_sentences(withheld) == []
