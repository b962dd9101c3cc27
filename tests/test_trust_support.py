"""The support judge: layers, labels, and what it says of a sentence."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Judge, verify
from rag.models.verifying import Found, Judgement
from rag.trust.alignment import Statement, best_windows, statements
from rag.trust.calibration import calibration
from rag.trust.entailment import NOTHING
from rag.trust.overlap import overlap

EVIDENCE = ["He left office in the fall of 2022, officials said.", "About 25 million men could be called up."]


class Blind:
    """A verifier that sees no support anywhere."""

    name = "blind"

    def judge(self, claim: str, evidence: Sequence[str]) -> list[Judgement]:
        return [Judgement(NOTHING, NOTHING, ()) for _ in evidence]

    def find(self, question: str, texts: Sequence[str]) -> list[Found]:
        raise AssertionError("nobody asks a question here")


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("He left office in the fall of 2022, officials said.", "supported"),
        ("Officials said he left office in the fall of 2022.", "supported"),
        ("Officials said that he left office in 2022.", "supported"),
        ("He left office in the fall of 2022.", "partial"),
        ("Officials said he left office in 2023.", "contradicted"),
        ("About 24 million men could be called up.", "contradicted"),
        ("Some 25,000,000 men could be called up.", "supported"),
        ("About 25 million men were called up.", "partial"),
        ("He never left office in the fall of 2022, officials said.", "contradicted"),
        ("Officials said he entered office in the fall of 2022.", "contradicted"),
        ("Bananas ripen quickly under warm tropical sunshine.", "unsupported"),
        ("Did he leave?", "unchecked"),
        ("I hope this helps!", "unchecked"),
        ("…", "unchecked"),
    ],
)
def test_verdicts(sentence: str, label: str) -> None:
    verdict = verify(sentence, EVIDENCE)
    assert verdict.label == label, verdict
    assert (verdict.support is None) == (label == "unchecked")


def test_a_verdict_names_what_the_evidence_says_instead() -> None:
    sentence = "About 24 million men could be called up."
    verdict = verify(sentence, EVIDENCE)
    assert [span.of(sentence) for span in verdict.unsupported] == ["24 million"]
    assert "24 million" in verdict.notes[0] and "25 million" in verdict.notes[0]
    reported = verify("He left office in the fall of 2022.", EVIDENCE)
    assert any("officials said" in note for note in reported.notes)


def test_word_for_word_is_proof_without_a_model() -> None:
    class Untouchable:
        name = "untouchable"

        def judge(self, claim: str, evidence: Sequence[str]) -> list[Judgement]:
            raise AssertionError("a quote needs no model")

        def find(self, question: str, texts: Sequence[str]) -> list[Found]:
            raise AssertionError("nobody asks a question here")

    judge = Judge(verifier=Untouchable())
    for sentence in [EVIDENCE[1], EVIDENCE[1].upper(), "  About 25 million men could be called up"]:
        assert judge.verdict(sentence, EVIDENCE).support == 1.0
    assert judge.verdict("A. B c d. E f g h.", ["A. B c d. E f g h."]).label == "supported"


def test_a_part_of_a_sentence_is_no_proof_of_what_the_whole_denies() -> None:
    evidence = ["Officials denied that he left office in the fall of 2022."]
    assert verify("He left office in the fall of 2022.", evidence).label in ("contradicted", "partial")
    assert verify("The talks were held in Geneva.", ["It is not true that the talks were held in Geneva."]).label in (
        "contradicted",
        "partial",
    )


def test_several_sentences_are_as_good_as_the_worst() -> None:
    good, bad = EVIDENCE[1], "Bananas ripen quickly under tropical sunshine."
    both = verify(f"{good} {bad}", EVIDENCE)
    assert (both.label, both.support) == ("unsupported", verify(bad, EVIDENCE).support)
    text = f"{good} {bad}"
    assert all(span.of(text) in bad for span in both.unsupported)
    assert verify(f"Is that so? {good}", EVIDENCE).label == "supported"
    assert verify("Hello! Is that so?", EVIDENCE).label == "unchecked"


def test_without_evidence_nothing_is_supported() -> None:
    for evidence in ([], [""], ["…"]):
        verdict = verify("He left office.", evidence)
        assert verdict.label == "unsupported" and verdict.support is not None


def test_support_grows_with_what_the_evidence_has() -> None:
    judge = Judge(verifier=Blind())
    full = judge.verdict(
        "Seven envoys met quietly in Geneva on a cold day.", ["Seven envoys met in Geneva on a day so cold."]
    )
    half = judge.verdict("Seven envoys met quietly in Geneva on a cold day.", ["Seven envoys ate lunch. It was cold."])
    none = judge.verdict("Seven envoys met quietly in Geneva on a cold day.", ["Bananas ripen."])
    assert (full.support or 0) > (half.support or 0) > (none.support or 0)


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=3))
def test_any_text_gets_a_verdict_with_spans_inside_it(text: str, evidence: list[str]) -> None:
    verdict = Judge(verifier=Blind()).verdict(text, evidence)
    assert (verdict.support is None) == (verdict.label == "unchecked")
    assert verdict.support is None or 0 <= verdict.support <= 1
    assert all(0 <= span.start < span.end <= len(text) for span in verdict.unsupported)


def test_a_document_always_supports_its_own_sentences(seeds: Path) -> None:
    text = next(seeds.glob("*.txt")).read_text(encoding="utf-8")
    judge = Judge(verifier=Blind())
    for statement in statements([text])[:60]:
        assert judge.verdict(statement.text, [text]).label in ("supported", "unchecked"), statement.text


def test_overlap_by_hand() -> None:
    """“Envoys met in Paris”: of three content words the evidence has two; of its pairs, (envoy, met) and (met, in)."""
    said, evidence = Statement("Envoys met in Paris"), statements(["The envoys met in Geneva. Nobody signed."])
    found = overlap(said, evidence, best_windows(said, evidence))
    assert (found.window, found.bigrams) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (found.missing, found.run) == (1, 1)


def test_windows_stay_within_a_piece_and_prefer_the_shorter() -> None:
    said = Statement("Seven envoys met and nobody signed")
    evidence = statements(["Seven envoys met in the old town.", "Nobody signed a thing on that day."])
    windows = best_windows(said, evidence)
    assert [len(window.statements) for window in windows] == [1]
    assert windows[0].text == "Seven envoys met in the old town."


def test_the_calibration_says_where_it_comes_from() -> None:
    written = json.loads(Path("rag/trust/support.json").read_text(encoding="utf-8"))
    assert {"data", "date", "command"} <= written.keys() and "wice" in written["data"]
    fitted = calibration("support")
    assert 0 < fitted.thresholds["partial"] <= fitted.thresholds["supported"] < 1
    assert Judge().version.startswith(f"support {written['date']} ")
    strict = replace(fitted, thresholds={"supported": 0.999, "partial": 0.998})
    assert Judge(fitted=strict).verdict("Officials said that he left office in 2022.", EVIDENCE).label == "partial"


def test_a_verifier_of_another_kind_can_take_its_place() -> None:
    sentence = "The officials say he quit his office in 2022."
    blind = Judge(verifier=Blind()).verdict(sentence, EVIDENCE)
    assert (blind.support or 0) < (verify(sentence, EVIDENCE).support or 0)
