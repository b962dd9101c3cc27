# ruff: noqa: S311 - nothing here is secret
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.judge import figures, formats, names, paraphrases, polarity
from evals.judge.english import data_lines, verb_of
from evals.judge.faults import EDITS, FAULTS, FROM_ANOTHER, WRONG_PASSAGE, Mutant, mutants, mutate
from evals.judge.mutation import KindScore, blind_kinds, score_kind, score_kinds, trials
from evals.judge.pairs import Pair, faithful_pairs
from evals.judge.swaps import forms
from evals.statistics import Estimate
from rag.types import Label, Verdict

PASSAGE = (
    "In October 1973, Anwar Sadat of Egypt led the talks in Geneva with Henry Kissinger, who had flown in from Paris."
    " Egypt said that 25,000 soldiers may return by the spring, and the price of oil rose by 70% to $5.11 a barrel."
)


def pair(text: str, evidence: str = PASSAGE, group: str = "g", source: str = "here") -> Pair:
    return Pair(f"{source}:{text}", source, group, text, (evidence,))


def changes(way: object, text: str, evidence: str = PASSAGE) -> set[str]:
    """What a rewrite makes of a text under many seeds."""
    found = {way(pair(text, evidence), Random(seed)) for seed in range(40)}  # type: ignore[operator]
    return {one for one in found if one is not None}


def test_a_number_becomes_one_that_the_evidence_does_not_have() -> None:
    found = changes(figures.number, "Up to 25,000 soldiers may return in October 1973.")
    assert len(found) > 2
    for text in found:
        new = re.fullmatch(r"Up to ([\d,]+) soldiers may return in October 1973\.", text)
        assert new is not None
        assert new[1] != "25,000"
    worded = changes(figures.number, "Two men left.", "Two men left, then five.")
    assert "Seven men left." in worded
    assert worded.isdisjoint({"Two men left.", "Five men left."})
    assert changes(figures.number, "He was born on 3 May 1970.", "He was born on 3 May 1970.") == set()


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("The talks were held in 1973.", r"The talks were held in (?!1973)\d{4}\."),
        ("The talks were held in October.", r"The talks were held in (?!October)[A-Z]\w+\."),
        ("It ended on 16 October.", r"It ended on (?:(?!16 )\d\d? October|16 (?!October)[A-Z]\w+)\."),
        ("They return in the spring.", r"They return in the (?:summer|autumn|winter)\."),
        ("They met on Monday.", r"They met on (?!Monday)\w+day\."),
        ("The oil crises of the 1970s hurt.", r"The oil crises of the (?!1970)\d{3}0s hurt\."),
    ],
)
def test_a_date_becomes_another(text: str, pattern: str) -> None:
    found = changes(figures.date, text)
    assert found
    assert all(re.fullmatch(pattern, one) for one in found), found


def test_a_unit_becomes_another_after_the_same_figure() -> None:
    assert changes(figures.unit, "It holds 25 million men.") == {"It holds 25 billion men."}
    assert changes(figures.unit, "It took two hours.") == {"It took two days."}
    assert changes(figures.unit, "It costs $5.") == {"It costs €5."}
    assert changes(figures.unit, "It rose by 70%.") == {"It rose by 70 percentage points."}
    assert changes(figures.unit, "Some 70% agreed, for hours.") == set()


def test_a_name_becomes_another_of_its_kind() -> None:
    text = "Anwar Sadat flew to Geneva."
    assert changes(names.entity_of_the_same, text) == {"Henry Kissinger flew to Geneva.", "Anwar Sadat flew to Paris."}
    others = [pair("x", "Later, Golda Meir spoke in Vienna to Anwar Sadat.", "h")]
    found = {names.entity_of_another(pair(text), others, Random(seed)) for seed in range(30)}
    assert found == {"Golda Meir flew to Geneva.", "Anwar Sadat flew to Vienna."}


def test_roles_are_swapped_only_where_the_verb_has_a_direction() -> None:
    evidence = "Then Brazil defeated Italy, and Brazil met Italy again."
    assert changes(names.role_swap, "Brazil defeated Italy in 1994.", evidence) == {"Italy defeated Brazil in 1994."}
    assert changes(names.role_swap, "Brazil was defeated by Italy.", evidence) == {"Italy was defeated by Brazil."}
    assert changes(names.role_swap, "He flew from Paris to Geneva.") == {"He flew from Geneva to Paris."}
    assert changes(names.role_swap, "Brazil met Italy in 1994.", evidence) == set()


@pytest.mark.parametrize(
    ("text", "one_of_them"),
    [
        ("The talks were long.", "The talks were not long."),
        ("He has won it.", "He has never won it."),
        ("He left the room.", "He did not leave the room."),
        ("She has two brothers.", "She does not have two brothers."),
        ("He won the race.", "He failed to win the race."),
        ("She has a brother.", "She has no brother."),
        ("The bridge was not built.", "The bridge was built."),
        ("He did not leave early.", "He left early."),
        ("He didn't leave early.", "He left early."),
        ("They failed to reach it.", "They reached it."),
        ("She has never won it.", "She has won it."),
    ],
)
def test_a_negation_is_put_in_or_taken_out(text: str, one_of_them: str) -> None:
    assert one_of_them in changes(polarity.negation, text)


def test_a_participle_is_not_taken_for_a_verb() -> None:
    assert polarity.insert_do("The bridge built in 1932 fell.") == "The bridge built in 1932 did not fall."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prices rose sharply.", {"Prices fell sharply.", "Prices rose slightly."}),
        ("Prices have risen.", {"Prices have fallen."}),
        ("It caused an increase.", {"It prevented an increase.", "It caused a decrease."}),
        ("He sang before dinner.", {"He sang after dinner."}),
        ("He would accept it.", {"He would reject it."}),
        ("New York grew.", {"New York shrank."}),
    ],
)
def test_an_antonym_stands_in_the_same_form(text: str, expected: set[str]) -> None:
    assert changes(polarity.antonym, text, "") == expected


def test_the_lists_are_long_enough_and_have_no_pair_twice() -> None:
    for name, least in (("antonyms.txt", 150), ("synonyms.txt", 120), ("spelling.txt", 80)):
        lines = data_lines(name)
        assert len(lines) == len(set(lines)) >= least
    assert not {one for one, ways in forms("synonyms.txt").items() for way in ways if way.new == one}


def test_a_quantity_becomes_one_that_does_not_follow_from_it() -> None:
    assert changes(polarity.quantifier, "He met some of the men.") == {
        "He met all of the men.",
        "He met none of the men.",
    }
    assert "Few men left." in changes(polarity.quantifier, "Most men left.", "most men left")
    assert changes(polarity.quantifier, "At least 5 men left.", "at least") == {"At most 5 men left."}
    assert not any("some" in way.casefold() for way in changes(polarity.quantifier, "All men left.", "all men left"))


def test_a_hedge_is_dropped_only_where_the_evidence_has_it() -> None:
    text = "They may be back by the spring."
    assert changes(polarity.hedge_removed, text) == {"They will be back by the spring."}
    assert changes(polarity.hedge_removed, text, "They are back.") == set()
    said = "Egypt said that the soldiers would be back by the spring."
    assert changes(polarity.hedge_removed, said) == {"The soldiers would be back by the spring."}


@pytest.mark.parametrize(
    ("way", "text", "expected"),
    [
        (formats.figure_format, "It holds 25 million men.", {"It holds 25,000,000 men."}),
        (formats.figure_format, "It holds 1.5 billion of them.", {"It holds 1,500,000,000 of them."}),
        (formats.figure_format, "It has 25,000,000 of them.", {"It has 25 million of them."}),
        (formats.figure_format, "About 5% of them.", {"About 5 percent of them."}),
        (formats.figure_format, "It has 4 doors.", {"It has four doors."}),
        (formats.date_format, "On Dec. 23, 2023 it fell.", {
            "On 23 December 2023 it fell.", "On December 23, 2023 it fell.", "On 2023-12-23 it fell."}),
        (formats.contraction, "He did not go.", {"He didn't go."}),
        (formats.contraction, "He didn’t go.", {"He did not go."}),
        (formats.spelling, "The colour faded.", {"The color faded."}),
        (paraphrases.reordered, "In 2022, he left the old town.", {"He left the old town in 2022."}),
        (paraphrases.reordered, "The envoys came to Geneva in 1973.", {"In 1973, the envoys came to Geneva."}),
        (paraphrases.passive, "Brazil defeated the hosts in 1994.", {"The hosts were defeated by Brazil in 1994."}),
        (paraphrases.shortened, "Sadat, the president, left.", {"Sadat left."}),
        (paraphrases.shortened, "He quickly left.", {"He left."}),
        (paraphrases.also_added, "He was in Geneva.", {"He was also in Geneva."}),
        (paraphrases.also_added, "He left the room.", {"He also left the room."}),
    ],
)  # fmt: skip
def test_an_edit_keeps_the_meaning(way: object, text: str, expected: set[str]) -> None:
    assert changes(way, text) == expected


def test_a_pronoun_stands_for_a_name_only_where_the_evidence_tells_which() -> None:
    text = "Anwar Sadat was in Geneva."
    assert changes(paraphrases.pronoun, text, "Anwar Sadat spoke. He left.") == {"He was in Geneva."}
    assert changes(paraphrases.pronoun, text, "Anwar Sadat spoke. She left.") == {"She was in Geneva."}
    assert changes(paraphrases.pronoun, text, "Anwar Sadat spoke. He met her; she left.") == set()


@pytest.mark.parametrize(
    ("base", "past", "participle", "gerund"),
    [("win", "won", "won", "winning"), ("rise", "rose", "risen", "rising"), ("stop", "stopped", "stopped", "stopping"),
     ("deny", "denied", "denied", "denying"), ("die", "died", "died", "dying"),
     ("reach", "reached", "reached", "reaching")],
)  # fmt: skip
def test_verbs_have_their_forms(base: str, past: str, participle: str, gerund: str) -> None:
    verb = verb_of(base)
    assert (verb.past, verb.participle, verb.gerund) == (past, participle, gerund)


PAIRS = faithful_pairs(None)


def test_the_seeds_alone_give_pairs_and_the_same_mutants_each_time() -> None:
    assert len(PAIRS["seeds"]) > 30
    assert all(one.text not in ("", one.passage) for one in PAIRS["seeds"])
    assert mutants(PAIRS, 5) == mutants(PAIRS, 5)


@given(st.sampled_from(PAIRS["seeds"]), st.sampled_from([*FAULTS, *EDITS]), st.integers(0, 100))
def test_a_mutant_differs_from_its_pair_in_text_or_evidence(one: Pair, kind: str, seed: int) -> None:
    mutant = mutate(kind, one, PAIRS["seeds"], Random(seed))
    if mutant is not None:
        assert (mutant.text, mutant.evidence) != (one.text, one.evidence) or kind == "in people's own words"
        assert mutant.text.strip() == mutant.text
        assert "  " not in mutant.text
        assert (mutant.evidence == one.evidence) == (kind != WRONG_PASSAGE)


def test_mutants_come_from_all_sources_and_groups_in_turn() -> None:
    pairs = {
        name: [pair(f"The men of town {place} were not there {number} times.", f"{place} {number}", str(place), name)
               for place in range(3) for number in range(9)]
        for name in ("one", "two")
    }  # fmt: skip
    made = mutants(pairs, 6)["negation"]
    assert {(mutant.pair.source, mutant.pair.group) for mutant in made} == {
        (s, str(g)) for s in pairs for g in range(3)
    }


def test_another_passage_is_of_another_group_and_shares_few_words() -> None:
    one = pair("Sadat led the talks in Geneva.", "Sadat led the talks in Geneva in 1973.", "a")
    same = pair("x", "Some other passage.", "a")
    alike = pair("y", "The talks in Geneva that Sadat led.", "b")
    apart = pair("z", "Bread is made of flour.", "c")
    mutant = mutate(WRONG_PASSAGE, one, [one, same, alike, apart], Random(1))
    assert mutant is not None
    assert (mutant.text, mutant.evidence) == (one.text, apart.evidence)
    assert mutate(WRONG_PASSAGE, one, [one, same, alike], Random(1)) is None
    assert mutate(FROM_ANOTHER, one, [one], Random(1)) is None


def judge_by_words(text: str, evidence: object) -> Verdict:
    """Supported where every word is in the evidence, contradicted where "not" is not."""
    held = set(" ".join(evidence).lower().replace(".", "").split())  # type: ignore[call-overload]
    missing = set(text.lower().replace(".", "").split()) - held
    label: Label = "contradicted" if "not" in missing else "unsupported" if missing else "supported"
    return Verdict(label, 1.0 if label == "supported" else 0.0)


def test_a_kind_counts_what_was_caught_and_apart_what_was_clear_before() -> None:
    clear = pair("the men left", "the men left", "a")
    doubtful = pair("the women stayed", "the men left", "b")
    made = {
        "negation": [
            Mutant("negation", one, one.text.replace("men", "men did not"), one.evidence, one.text)
            for one in (clear, doubtful)
        ],
        "synonym": [
            Mutant("synonym", clear, "the left men", clear.evidence, clear.text),
            Mutant("synonym", clear, "the men departed", clear.evidence, clear.text),
        ],
    }
    negation, synonym = score_kinds(trials(judge_by_words, made))
    assert (negation.fault, synonym.fault) == (True, False)
    assert (negation.objected.value, negation.objected.n) == (1.0, 2)
    assert (negation.objected_if_clear.value, negation.objected_if_clear.n) == (1.0, 1)
    assert negation.untouched_objected.value == 0.5
    assert negation.contradicted.value == 1.0
    assert negation.gap == 0.5
    assert (synonym.objected.value, synonym.untouched_objected.value) == (0.5, 0.0)


def test_each_kind_can_fail_and_a_broken_score_is_told() -> None:
    made = {kind: own for kind, own in mutants(PAIRS, 6).items() if own}
    assert blind_kinds(made) == []

    def broken(kind: str, done: object) -> KindScore:
        one, none = Estimate(1.0, None, None, 6, 6), Estimate(0.0, None, None, 6, 6)
        return KindScore(kind, kind in FAULTS, one if kind in FAULTS else none, one, none, one)

    lines = blind_kinds(made, broken)
    assert {line.partition(":")[0] for line in lines} == set(made)
    assert any(line.startswith("number: cannot fail: a judge that guesses comes out as well") for line in lines)


def test_a_score_that_nobody_can_pass_is_told() -> None:
    made = {"number": mutants(PAIRS, 4)["number"]}

    def broken(kind: str, done: object) -> KindScore:
        return score_kind(kind, [])

    assert blind_kinds(made, broken) == ["number: cannot be passed: the labels themselves come out as wrong"]
