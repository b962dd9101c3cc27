"""The layer that reads: when the model is run, on what, and what becomes of the verdict."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Judge
from rag.models import weights
from rag.models.verifying import Found, Judgement, PackagedVerifier
from rag.text import words
from rag.trust.alignment import Statement, nearest, statements
from rag.trust.calibration import Calibration
from rag.trust.entailment import NOTHING, OTHERWISE, SIGNALS, read
from rag.types import Span

BASE = ("window", "bigrams", "missing", "run", "answers", "figures", "names")
EVIDENCE = ["The old hall by the river is painted scarlet today. A new bridge leads over it to the market."]
SAME = "Today the old hall by the river is painted scarlet."
OPPOSITE = "Today the old hall by the river is painted azure."
OTHER = "Today the old hall by the river is painted anew."


class Reads:
    """Reads colours: supported where all words are there, contradicted where another colour is."""

    name = "reads"
    colours = frozenset({"scarlet", "azure"})

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def judge(self, claim: str, evidence: Sequence[str]) -> list[Judgement]:
        self.asked.append((claim, list(evidence)))
        return [self._one(claim, text) for text in evidence]

    def find(self, question: str, texts: Sequence[str]) -> list[Found]:
        raise AssertionError("nobody asks a question here")

    def _one(self, claim: str, text: str) -> Judgement:
        said, there = ({span.of(one).casefold() for span in words(one)} for one in (claim, text))
        against = bool(said & self.colours) and bool(there & self.colours) and not said & there & self.colours
        tokens = []
        for span in words(claim):  # in two pieces, of which only the second tells
            middle = (span.start + span.end + 1) // 2
            odds = -3.0 if span.of(claim).casefold() in there else 3.0
            tokens += [(Span(span.start, middle), -3.0), (Span(middle, span.end), odds)]
        return Judgement(4.0 if said <= there else -4.0, 5.0 if against else -5.0, tuple(tokens))


class Untouchable(Reads):
    """A model that may not be run."""

    def judge(self, claim: str, evidence: Sequence[str]) -> list[Judgement]:
        raise AssertionError("no signal of it is named")

    def score(self, question: str, texts: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
        raise AssertionError("no signal of it is named")


class Even:
    """A cross-encoder of two minds, which counts how often it is asked."""

    name = "even"

    def __init__(self) -> None:
        self.times = 0

    def score(self, question: str, texts: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
        self.times += 1
        return np.zeros(len(texts), np.float32)


def fitted(*signals: str, **thresholds: float) -> Calibration:
    """Only `entails` speaks for support and `refutes` against it; without them a chance is one half."""
    signs = np.array([{"refutes": -0.5, "entails": 1.0}.get(name, 0.0) for name in signals])
    zeros, ones = np.zeros(len(signals)), np.ones(len(signals))
    limits = {"supported": 0.5, "partial": 0.3} | thresholds
    return Calibration(signals, zeros, ones, signs, 0.0, limits, "support 2026-01-01 00000000")


WITH = fitted(*BASE, *SIGNALS)


def test_a_calibration_runs_only_the_models_that_it_names() -> None:
    never = Untouchable()
    lone = Judge(never, fitted("window", "missing"), never)
    assert lone.verdict(OTHER, EVIDENCE).label == "supported"
    reads, even = Reads(), Even()
    assert Judge(even, fitted("window", "answers"), never).verdict(OTHER, EVIDENCE).support == 0.5
    assert even.times == 1
    assert Judge(never, fitted("entails"), reads).verdict(OTHER, EVIDENCE).label == "partial"
    assert len(reads.asked) == 1


def test_a_threshold_alone_runs_the_model_too() -> None:
    reads = Reads()
    judge = Judge(Even(), fitted(*BASE, supported=0.9, contradicted=4.0), reads)
    assert judge.verdict(OPPOSITE, EVIDENCE).label == "contradicted"
    assert len(reads.asked) == 1


def test_a_calibration_without_its_signals_judges_as_if_there_were_no_such_model() -> None:
    old = fitted(*BASE)
    for sentence in (SAME, OPPOSITE, OTHER, EVIDENCE[0], "Bananas ripen.", f"{OPPOSITE} {OTHER}"):
        plain = Judge(Even(), old, Untouchable())
        assert plain.verdict(sentence, EVIDENCE) == Judge(Even(), old).verdict(sentence, EVIDENCE)
        for _, found in plain.checked(sentence, EVIDENCE):
            assert set(found.signals) in ({*BASE}, set())
    (named,) = Judge(Even(), WITH, Reads()).checked(OTHER, EVIDENCE)
    assert set(named[1].signals) == {*BASE, *SIGNALS}


def test_word_for_word_needs_no_model() -> None:
    judge = Judge(Even(), fitted("entails", contradicted=-99.0, words=-99.0), Untouchable())
    for sentence in (EVIDENCE[0], "A new bridge leads over it", "The old hall by the river is painted scarlet"):
        verdict = judge.verdict(sentence, EVIDENCE)
        assert (verdict.label, verdict.support, verdict.unsupported) == ("supported", 1.0, ())


def test_the_model_reads_the_nearest_part_as_it_was_trained_to() -> None:
    filler = " ".join(f"The clerk of room {number} counted the chairs and wrote the sum down." for number in range(30))
    evidence = [f"{filler} {EVIDENCE[0]}"]
    reads = Reads()
    Judge(Even(), WITH, reads).verdict(SAME, evidence)
    assert reads.asked == [(SAME, [nearest(Statement(SAME), statements(evidence))])]
    assert len(reads.asked[0][1][0].split()) > 100


def test_signals_by_hand() -> None:
    """Of both sentences of the evidence together."""
    evidence = statements(["The gate is new.", "The old hall is painted scarlet."])
    said, reads = Statement("The old hall and gate is painted azure."), Reads()
    found = read(reads, said, evidence)
    assert reads.asked == [(said.text, [f"{evidence[0].text} {evidence[1].text}"])]
    assert found.signals == {"entails": -4.0, "refutes": 5.0}
    assert found.reaches(5.0) and not found.reaches(5.1) and not found.reaches(None)
    assert [span.of(said.text) for span in found.unsupported(3.0)] == ["and", "azure"]
    assert found.unsupported(None) == ()
    whole = read(Reads(), Statement("The new gate is painted scarlet."), evidence)
    assert whole.signals == {"entails": 4.0, "refutes": -5.0}
    never = read(Untouchable(), said, [])
    assert set(never.signals.values()) == {NOTHING} and never.words == ()


def test_what_the_evidence_says_otherwise_is_contradicted_from_the_threshold_on() -> None:
    on = Judge(Even(), fitted(*BASE, *SIGNALS, contradicted=4.5), Reads())
    found = on.verdict(OPPOSITE, EVIDENCE)
    assert found.label == "contradicted" and OTHERWISE in found.notes
    for judge in (
        Judge(Even(), WITH, Reads()),
        Judge(Even(), fitted(*BASE, *SIGNALS, contradicted=5.5), Reads()),
    ):
        other = judge.verdict(OPPOSITE, EVIDENCE)
        assert other.label == "unsupported" and OTHERWISE not in other.notes
        assert (found.support or 1.0) < (other.support or 0.0)
    assert on.verdict(OTHER, EVIDENCE).label == "partial"
    assert on.verdict(SAME, EVIDENCE).label == "supported"


def test_what_is_supported_all_the_same_is_not_contradicted() -> None:
    kind = Judge(Even(), fitted(*BASE, "refutes", supported=0.01, partial=0.001, contradicted=4.5), Reads())
    assert kind.verdict(OPPOSITE, EVIDENCE).label == "supported"  # a chance of .08


def test_an_exact_check_needs_no_second_note() -> None:
    judge = Judge(Even(), fitted(*BASE, *SIGNALS, contradicted=-9.0), Reads())
    verdict = judge.verdict("About 24 million men could be called up.", ["About 25 million men could be called up."])
    assert verdict.label == "contradicted"
    assert "25 million" in verdict.notes[0] and OTHERWISE not in verdict.notes


def test_words_that_are_not_borne_out_are_marked_whole_from_the_threshold_on() -> None:
    sentence = "The old hall is over there by the market."
    evidence = ["The old hall is by the river.", "A bridge goes over to the market there."]

    def marked(**thresholds: float) -> list[str]:
        judge = Judge(Even(), fitted("entails", **thresholds), OneSentence())
        return [span.of(sentence) for span in judge.verdict(sentence, evidence).unsupported]

    class OneSentence(Reads):
        """Holds the claim against the first sentence alone."""

        def _one(self, claim: str, text: str) -> Judgement:
            return super()._one(claim, text.partition(". ")[0])

    assert marked() == marked(words=3.5) == []
    assert marked(words=2.5) == ["over", "there", "market"]
    supported = Judge(Even(), fitted(*BASE, words=2.5), OneSentence()).verdict(sentence, evidence)
    assert supported.label == "supported" and supported.unsupported == ()


def test_marks_of_a_second_sentence_stand_in_it() -> None:
    text = f"{SAME} {OPPOSITE}"
    judge = Judge(Even(), fitted("entails", words=2.5), Reads())
    assert [span.of(text) for span in judge.verdict(text, EVIDENCE).unsupported] == ["azure"]


def test_the_version_tells_the_weights_where_they_have_a_say(monkeypatch: pytest.MonkeyPatch) -> None:
    old = fitted(*BASE)
    assert Judge(fitted=old).version == old.version
    first = Judge(fitted=WITH).version
    assert first == f"{old.version} verifier {weights.PACKAGED['verifier'].sha256[:8]}"
    monkeypatch.setitem(weights.PACKAGED, "verifier", replace(weights.PACKAGED["verifier"], sha256="f" * 64))
    assert Judge(fitted=WITH).version == f"{old.version} verifier ffffffff"
    assert Judge(fitted=old).version == old.version
    assert Judge(fitted=WITH, verifier=Reads()).version == f"{old.version} reads"


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=3))
def test_any_text_gets_a_verdict_with_spans_inside_it(text: str, evidence: list[str]) -> None:
    judge = Judge(Even(), fitted("entails", "refutes", contradicted=0.0, words=0.0), Reads())
    verdict = judge.verdict(text, evidence)
    assert (verdict.support is None) == (verdict.label == "unchecked")
    assert all(0 <= span.start < span.end <= len(text) for span in verdict.unsupported)


def test_the_packaged_model_is_loaded_when_it_is_needed() -> None:
    found = Judge(Even(), fitted("entails", supported=2.0, words=-99.0)).verdict(OTHER, EVIDENCE)
    (row,) = PackagedVerifier(threads=1).judge(OTHER, [nearest(Statement(OTHER), statements(EVIDENCE))])
    assert found.support == pytest.approx(1 / (1 + np.exp(-row.supported)), abs=0.02)
    assert list(found.unsupported) == words(OTHER)
