"""Negations and opposites: what the evidence says the other way, and what only looks so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.trust import lexicon
from rag.trust.alignment import Statement, statements
from rag.trust.negation import negations
from rag.trust.polarity import clashes


def notes(sentence: str, evidence: str) -> list[str]:
    return [finding.note for finding in clashes(Statement(sentence), statements([evidence]))]


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("He did not leave office in 2022.", "He left office in the fall of 2022, officials said."),
        ("He left office in 2022.", "He never left office in 2022."),
        ("The company failed to meet its targets.", "The company met its targets in 2020."),
        ("He signed the treaty with France.", "He refused to sign the treaty with France."),
        ("He left office in the fall of 2022.", "Officials denied that he left office in the fall of 2022."),
        ("Mars has no moons.", "Mars has two moons, Phobos and Deimos."),
        ("Prices fell sharply in March.", "Prices rose sharply in March, the bank said."),
        ("He won the election against Smith.", "He lost the election against Smith."),
        ("The drug is safe for children.", "The drug is unsafe for children."),
        ("The talks ended before the summit.", "The talks ended after the summit."),
        ("The late church and the late tower stand.", "The early church and the late tower stand."),
        ("All members signed the letter.", "Some members signed the letter."),
        ("A left-wing party rules the town.", "A right-wing party rules the town."),
        ("The officers avoided the old bridge.", "The officers crossed the old bridge."),
        ("Spain voted yes.", "Spain voted no."),
        ("The library lends DVDs.", "The library doesn't lend DVDs any more, but it still lends audiobooks."),
        ("The museum shop is open on Monday.", "The museum shop is open except on Monday."),
        ("The cat chased the dog.", "The dog chased the cat."),
        ("The strike ended in May.", "The strike continued in May."),
        ("The council passed a plan to charge tolls.", "The council voted down a plan to charge tolls in 2016."),
        ("The senate struck down the bill in June.", "The senate passed the bill in June."),
        ("Anna is older than Ben.", "Ben is older than Anna."),
        ("Pears are less expensive than apples.", "Apples are less expensive than pears."),
        ("The museum is open on Mondays.", "The museum is open every day except Monday."),
        ("Monday is a day of rest.", "All days are days of rest, with the exception of Monday."),
        ("Many passengers were hurt.", "No one of the passengers was hurt."),
        ("Two people were hurt in the crash.", "No one was hurt in the crash, police said."),
        ("Version 3 added support for Linux.", "Version 3 dropped support for Linux."),
        ("The referendum succeeded.", "The referendum failed."),
        ("She died in Lund.", "She was born in Lund and died in Malmö."),
        ("The house was renovated in 1890.", "The house was built in 1890 and renovated in 1975."),
        ("The vaccine is approved for children.", "The vaccine is approved for adults and is tested in children."),
        ("Sales rose in Asia.", "Sales rose in Europe but fell in Asia."),
        ("The price includes taxes.", "The price includes breakfast but excludes taxes."),
        ("The meeting was moved from Thursday to Tuesday.", "The meeting was moved from Tuesday to Thursday."),
        ("Iceland exported more fish than Norway.", "Norway exported more fish than Iceland in 2020."),
        (
            "Those given placebo lived longer than those given the drug.",
            "Those given the drug lived longer than placebo.",
        ),
        ("Visitors come in for free.", "Students come in for free; visitors pay 5 euros a day."),
        ("Italy signed the treaty.", "The treaty was signed by France and Spain, while Italy abstained."),
    ],
)
def test_what_is_said_the_other_way(sentence: str, evidence: str) -> None:
    assert notes(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("He did not win the election against Smith.", "He lost the election against Smith."),
        ("The company did not meet its targets.", "The company failed to meet its targets in 2020."),
        ("He isn't a member of the club.", "He is not a member of the club."),
        ("It was not until 1823 that the name appeared.", "The name first appeared in 1823."),
        ("They came with or without tickets.", "Tickets or not, they came."),
        ("Apple was founded in 1977, and Wayne sold his share.", "Apple was founded in 1977 without Wayne, who sold."),
        ("No, a meal does not cause a headache.", "A headache does not come from a meal."),
        ("Non-invasive testing is common in the clinic.", "Noninvasive testing is common in the clinic."),
        ("Kyiv accepted the offer of talks.", "Bananas do not ripen quickly in the cold."),
        ("It attacks the person, not the argument.", "It attacks the person rather than the argument."),
        ("The rate rose in May.", "The rate rose in May. The rate fell in June."),
        ("The study did not find evidence of harm.", "The study found no evidence of harm."),
        ("The study found no evidence of harm.", "The study did not find evidence of harm."),
        ("No deal was reached.", "A deal was not reached."),
        ("None of the passengers were hurt.", "The passengers were not hurt."),
        ("Neither Anna nor Ben voted.", "Anna and Ben did not vote."),
        ("Non-members cannot vote.", "Only members may vote."),
        ("The parcel did not arrive until Friday.", "The parcel arrived on Friday."),
        ("The firm has no debt.", "The firm is debt-free."),
        ("Colon Street is a historical street in town.", "Colon Street is a historical street in town, they say."),
        ("The tenant may sublet with consent.", "The tenant shall not sublet without consent."),
        ("You may not smoke in the building.", "Smoking is prohibited in the building."),
        ("Peter bought the house from Maria.", "Maria sold the house to Peter."),
        ("Maria is older than Peter.", "Peter is younger than Maria."),
        ("Anna arrived after Ben.", "Ben arrived before Anna."),
        ("Add salt, pepper and garlic.", "Add garlic, pepper and salt."),
        ("The dog was chased by the cat.", "The cat chased the dog."),
        ("The council rejected a plan to charge tolls.", "The council voted down a plan to charge tolls."),
        ("The council passed a plan to vote.", "The council passed a plan to vote down the hill."),
        ("Pears are less expensive than apples.", "Apples are more expensive than pears."),
        ("Anna drinks tea rather than coffee.", "Rather than coffee Anna drinks tea."),
        ("The museum is closed on Mondays.", "The museum is open every day except Monday."),
        ("It is open every day except Monday.", "The museum is open every day except Monday."),
        ("On Monday the museum is not open.", "The museum is open every day except Monday."),
        ("All but Anna signed the letter.", "All members except Anna signed the letter."),
        ("Anna wrote the letter.", "All members except Anna signed the letter."),
        ("She died in Malmö.", "She was born in Lund and died in Malmö."),
        ("Ben works in Malmö.", "Anna works in Lund and Ben in Malmö."),
        ("He lived in Lund.", "He lived in a house with a garden and a pond in Lund."),
        ("She lived in Malmö.", "She lived in Lund for years and in Malmö until her death."),
        ("He was born in 1950.", "He was born in a small town near Lund in 1950."),
        ("Sales of trucks fell by 8%.", "Sales of cars fell by 5% and of trucks by 8%."),
        ("He died in Sweden.", "He died in Lund, in southern Sweden."),
        ("He retired in Lund.", "In Lund he was appointed in May and retired in June."),
        ("In 2020 Norway exported more fish than Iceland.", "Norway exported more fish than Iceland in 2020."),
        ("Iceland exported less fish than Norway.", "Norway exported more fish than Iceland in 2020."),
        ("The plan would raise taxes for firms.", "The plan would cut taxes for families and raise them for firms."),
        ("Two people were hurt in the fire.", "No one was hurt in the crash, but two were hurt in the fire."),
        ("Visitors pay 5 euros.", "Students come in for free; visitors pay 5 euros a day."),
        ("The council approved the plan.", "The council met on Monday; it approved the plan."),
        ("German is spoken by her.", "She speaks French but also German."),
        ("Berg designed the bridge.", "The bridge was designed by Ada Berg; Berg also built a tower."),
        ("Python 3.8 is no longer supported.", "Version 3.2 dropped support for Python 3.8."),
        ("Taxes are not included in the price.", "The price includes breakfast but excludes taxes."),
        ("Women were not included in the study.", "The study included only men."),
        ("He drove from Lund to Malmö.", "He drove from Lund to Malmö, and back from Malmö to Lund."),
    ],
)
def test_what_only_looks_so(sentence: str, evidence: str) -> None:
    assert notes(sentence, evidence) == []


def test_an_equally_close_sentence_that_agrees_settles_it() -> None:
    assert (
        notes("Seven envoys signed the pact.", "Seven envoys refused to sign the pact. Seven envoys signed the pact.")
        == []
    )


def test_a_negation_turns_the_words_after_it_in_its_clause() -> None:
    (found,) = negations(Statement("He did not fully understand the plan, but he signed."))
    assert next(token.word for token in found.scope) == "understand"
    assert "signed" not in [token.word for token in found.scope]
    assert negations(Statement("Not only did he sign, there is no doubt about it.")) == []


def test_the_note_quotes_the_evidence() -> None:
    (finding,) = clashes(Statement("Prices fell in March."), statements(["Prices rose in March."]))
    assert finding.against == "Prices rose in March" and "rose" in finding.note and "fell" in finding.note


def test_a_comparison_is_quoted_from_what_is_compared() -> None:
    evidence = "By the report of May, Norway exported more fish than Iceland in 2020."
    (finding,) = clashes(Statement("In May, Iceland exported more fish than Norway."), statements([evidence]))
    assert finding.against == "Norway exported more fish than Iceland"


def test_words_are_looked_up_in_any_form() -> None:
    assert lexicon.keys("fell") == {"fell", "fall"} and lexicon.keys("16th") == {"16"}
    assert lexicon.keys("succeeds") == lexicon.keys("succeed") == lexicon.keys("succeeding")
    assert any(lexicon.opposite(one, two) for one in lexicon.keys("rose") for two in lexicon.keys("falling"))
    assert lexicon.opposite("happi", "unhappi") and lexicon.opposite("unhappi", "happi")
    assert not lexicon.opposite("bank", "river")


@given(st.text("no ts'-éß中7.", max_size=60), st.text("no ts'-éß中7.", max_size=60))
def test_any_two_texts_can_be_held_against_each_other(sentence: str, evidence: str) -> None:
    said = Statement(sentence)
    for finding in clashes(said, statements([evidence])):
        assert 0 <= finding.span.start < finding.span.end <= len(sentence)


def test_a_word_without_a_stem_is_no_fault() -> None:
    assert notes("Plan s b is s here s now", "Plan s b is s here s now, they say.") == []
