"""Reports, possibilities, plans and conditions must not come out as plain fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.trust.hedging import lost

MISDIRECTION = (
    "Some American officials say it could be a familiar Kremlin attempt at misdirection and does not reflect genuine"
    " willingness by Mr. Putin to compromise."
)
FEELERS = (
    "Mr. Putin also sent out feelers for a deal a year earlier, in the fall of 2022, according to American officials."
)
WROTE = 'Since September, "Putin has been signaling that he is open to a ceasefire," The New York Times wrote.'


@pytest.mark.parametrize(
    ("sentence", "evidence", "against"),
    [
        ("It is a familiar Kremlin attempt at misdirection.", MISDIRECTION, "officials say"),
        ("Putin sent out feelers for a deal in the fall of 2022.", FEELERS, "according to American officials"),
        ("Putin has been signaling that he is open to a ceasefire.", WROTE, "The New York Times wrote"),
        ("Russia has annexed Kherson and Donetsk.", "Russia claims to have annexed Kherson and Donetsk.", "claims"),
        ("The suspect killed two guards.", "The suspect allegedly killed two guards.", "allegedly"),
        ("The guards were bribed.", "The guards are believed to have been bribed.", "believed"),
        ("The drug reduces pain.", "The study suggests that the drug reduces pain.", "suggests"),
        ("The plant will close in May.", "The plant could close in May.", "could"),
        ("The plant closed in May.", "The plant is expected to close in May.", "expected to"),
        ("The firm bought its rival.", "The firm plans to buy its rival.", "plans to"),
        ("The rebels received heavy weapons.", "The rebels asked for heavy weapons.", "asked for"),
        ("It is the oldest bridge in town.", "It is possibly the oldest bridge in town.", "possibly"),
        ("The road floods.", "The road floods if the river rises above five metres.", "if the river rises"),
        ("The cabinet will resign.", "If the vote fails on Tuesday, the cabinet will resign.", "If the vote fails"),
        ("All officials oppose the deal.", "Some officials oppose the deal.", "Some officials"),
        ("Swans always mate for life.", "Swans often mate for life.", "often mate"),
        ("Officials say Putin will change his mind.", "Officials say that Putin could change his mind.", "could"),
        (
            "Russia can mobilize 25 million men.",
            "He boasted that Russia could mobilize as many as 25 million men, the official recalled.",
            "boasted",
        ),
        ("The central bank will raise rates.", "Analysts expect the central bank to raise rates.", "expect"),
        ("The troops left Kyiv.", "The general ordered the troops to leave Kyiv.", "ordered the troops to"),
        ("The firm paid 3 million.", "The firm agreed to pay 3 million.", "agreed to"),
        ("He was fined 20 euros.", "He was threatened with a fine of 20 euros.", "threatened with"),
        ("Ten people died.", "Ten people nearly died.", "nearly"),
        ("The earthquake destroyed the town.", "The earthquake almost destroyed the town.", "almost"),
        ("Everyone survived.", "Three of the ninety passengers survived the crash.", "Three of the ninety passengers"),
        ("All passengers survived.", "Three of the ninety passengers survived the crash.", "Three of the ninety"),
        ("Every passenger survived.", "One of the passengers survived.", "One of the passengers"),
        ("The tenant shall pay.", "Either the tenant or the landlord shall pay.", "Either the tenant or the landlord"),
        (
            "The landlord shall pay.",
            "Either the tenant or the landlord shall pay.",
            "Either the tenant or the landlord",
        ),
        (
            "The inspection found cracks.",
            "The bridge opens in May, but officials say the inspection found cracks.",
            "say",
        ),
    ],
)
def test_what_was_lost_is_told(sentence: str, evidence: str, against: str) -> None:
    (one,) = lost(sentence, [evidence])
    assert one.against is not None and against in one.against
    assert one.against in evidence and one.against in one.note
    assert one.span.of(sentence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("It may be a Kremlin attempt at misdirection, according to officials.", MISDIRECTION),
        ("American officials describe it as a possible Kremlin attempt at misdirection.", MISDIRECTION),
        ("American officials say Putin sent out feelers for a deal in the fall of 2022.", FEELERS),
        ("The newspaper reported that Putin has been signaling that he is open to a ceasefire.", WROTE),
        ("The suspect is said to have killed two guards.", "The suspect allegedly killed two guards."),
        ("The plant may close in May.", "The plant could close in May."),
        ("The plant is likely to close in May.", "The plant is expected to close in May."),
        ("The firm wants to buy its rival.", "The firm plans to buy its rival."),
        (
            "The road floods when the river rises above five metres.",
            "The road floods if the river rises above five metres.",
        ),
        ("Many officials oppose the deal.", "Some officials oppose the deal."),
        ("The plant reportedly closed.", "The plant closed."),
        ("He was born in May in Paris.", "He was born in May 1960 in Paris."),
        ("They could not hear the music.", "They could not hear the music."),
        ("The company will cut 500 jobs.", "The company said on Monday it will cut 500 jobs."),
        ("The siege was nearly over.", "The siege was nearly over."),
        ("Prices doubled in May.", "Prices nearly doubled in May."),
        ("The general ordered the withdrawal from Kyiv.", "The general ordered the troops to withdraw from Kyiv."),
        ("The guests came to the party.", "They invited the guests, who came to the party."),
        ("The tenant or the landlord shall pay.", "Either the tenant or the landlord shall pay."),
        ("All passengers survived.", "Three of the ninety passengers were hurt, but all passengers survived."),
        ("Three of the passengers survived.", "Three of the ninety passengers survived the crash."),
        ("You are allowed to park here.", "Visitors may park here."),
        ("You can park here.", "You may park here."),
        (
            "The inspection isn't finished yet.",
            "Officials say the bridge opens in May, but the inspection isn't finished.",
        ),
        ("The inspection is unfinished.", "The inspection is unfinished; the bridge will open in May, officials say."),
        ("Bananas ripen under warm sunshine.", "Officials said that prices could fall."),
    ],
)
def test_nothing_is_lost(sentence: str, evidence: str) -> None:
    assert lost(sentence, [evidence]) == []


def test_a_plain_sentence_elsewhere_makes_it_plain() -> None:
    sentence, hedged = "Nine miners died in the blast.", "Nine miners died in the blast, police said."
    assert lost(sentence, [hedged])
    assert lost(sentence, [hedged, "The blast killed nine people: nine miners died there."]) == []


def test_only_what_is_reported_needs_the_report() -> None:
    evidence = ["Speaking in Riga on Sunday after the parade, the minister said that prices could fall."]
    assert lost("The minister was speaking in Riga on Sunday after the parade.", evidence) == []


@given(st.text(), st.text())
def test_any_text_is_read(sentence: str, evidence: str) -> None:
    for one in lost(sentence, [evidence]):
        assert 0 <= one.span.start < one.span.end <= len(sentence)


@given(st.lists(st.sampled_from(MISDIRECTION.split()), min_size=1, max_size=30))
def test_a_text_loses_nothing_of_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert lost(text, [text]) == []
