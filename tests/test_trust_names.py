"""Proper names: which the evidence has, in what forms, and which stand in the wrong place."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.trust.names import check, names, swapped

NEWS = (
    "Russian President Vladimir Putin met Chinese leader Xi Jinping in Beijing on Monday. "
    "The United Nations condemned the talks, and Dutch officials cancelled a visit to Kyiv."
)


def found(sentence: str, *evidence: str) -> list[str]:
    return [one.span.of(sentence) for one in check(sentence, evidence)]


def test_names_are_found_without_months_titles_and_first_words() -> None:
    text = "On Monday President Vladimir Putin's envoys met U.S. officials in St. Petersburg. Nobody signed in May."
    assert [name.span.of(text) for name in names(text)] == ["President Vladimir Putin", "U.S.", "St. Petersburg"]
    assert [name.normal for name in names(text)] == ["vladimir putin", "united states", "st petersburg"]
    assert names("nobody has a name here, not even putin") == []
    assert names("How Russian Officials Plan to Recruit New Contract Soldiers") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Putin received Xi in Beijing.",
        "Mr. Putin, the president of Russia, was in China.",
        "The UN condemned the talks.",
        "The U.N. condemned it.",
        "Officials from the Netherlands stayed away from Kiev.",
        "Europeans cancelled a visit to Ukraine's capital Kyiv.",
        "V. Putin travelled to Beijing.",
        "Visits to Kyiv were cancelled.",
        "Cancelling trips was the answer of Dutch officials.",
    ],
)
def test_other_forms_of_a_name_are_the_same_name(sentence: str) -> None:
    assert found(sentence, NEWS) in ([], ["Ukraine"])


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("American officials said so.", "U.S. officials said so."),
        ("The NYT reported it.", "The New York Times reported it."),
        ("The New York Times reported it.", "The NYT reported it."),
        ("Volodymyr Zelenskyy left.", "Mr. Zelensky left."),
        ("Bill Clinton won.", "William J. Clinton won."),
        ("John Fitzgerald Kennedy spoke.", "J. F. Kennedy spoke."),
        ("José Muñoz scored.", "Jose Munoz scored."),
        ("He lives in St. Louis.", "He lives in Saint Louis."),
        ("We train CNNs on it.", "A convolutional neural network is trained on it."),
        ("The Berliners cheered.", "Berlin cheered."),
        ("Activists dumped paint.", "Protesters dumped paint."),
        ("Skiing is popular.", "It is a popular sport."),
    ],
)
def test_spellings_acronyms_and_demonyms(sentence: str, evidence: str) -> None:
    assert found(sentence, evidence) == []


@pytest.mark.parametrize(
    ("sentence", "name", "against"),
    [
        ("Russian President Emmanuel Macron met Xi Jinping in Beijing on Monday.", "Emmanuel Macron", "Vladimir Putin"),
        ("Putin met Chinese leader Xi Jinping in Tokyo on Monday.", "Tokyo", "Beijing"),
        ("The European Union condemned the talks.", "European Union", "United Nations"),
        ("Danish officials cancelled a visit to Kyiv.", "Danish", "Dutch"),
        ("Dutch officials cancelled a visit to Warsaw.", "Warsaw", "Kyiv"),
    ],
)
def test_a_name_in_place_of_another_is_told_with_that_other(sentence: str, name: str, against: str) -> None:
    (one,) = check(sentence, [NEWS])
    assert one.span.of(sentence) == name
    assert one.against is not None and against in one.against
    assert name in one.note and one.against in one.note


def test_a_name_from_elsewhere_in_the_evidence_in_the_wrong_place() -> None:
    sentence = "Dutch officials cancelled a visit to Beijing."
    (one,) = check(sentence, [NEWS])
    assert (one.span.of(sentence), one.against) == ("Beijing", "Kyiv")
    assert found("Dutch officials cancelled a visit to Kyiv.", NEWS) == []
    both = ["He praised Paris in his speech.", "He also praised London in his speech."]
    assert found("He praised London in his speech.", *both) == []


@pytest.mark.parametrize(
    ("sentence", "evidence", "name"),
    [
        ("Iran fired first.", "Iraq fired first.", "Iran"),
        ("Austria won the cup.", "Australia won the cup.", "Austria"),
        ("John Smith resigned.", "Paul Smith resigned.", "John Smith"),
        ("John Smith resigned.", "John Carter resigned.", "Smith"),
        ("He moved to New Jersey.", "He moved to New York.", "New Jersey"),
        ("The WHO warned.", "The IMF warned.", "WHO"),
    ],
)
def test_near_names_are_different_names(sentence: str, evidence: str, name: str) -> None:
    assert found(sentence, evidence) == [name]


def test_added_first_names_and_unnamed_subjects_are_no_findings() -> None:
    assert found("Vladimir Putin resigned.", "Putin resigned.") == []
    assert found("Phillip Glass has written symphonies.", "He has written eleven symphonies.") == []
    assert found("Glass visited Tokyo in May.", "He visited Paris in May.") == ["Tokyo"]
    assert found("Macron has written eleven symphonies.", "Philip Glass is a composer. He has written symphonies.") == [
        "Macron"
    ]


def test_text_without_usable_capitals_has_no_findings() -> None:
    assert found("putin met macron in rome", "putin met xi in beijing") == []
    assert found("PUTIN MEETS MACRON IN ROME", "Putin met Xi in Beijing.") == []
    assert check("He left.", []) == [] and check("", ["Putin left."]) == []


@pytest.mark.parametrize(
    ("sentence", "evidence", "wrong"),
    [
        ("Croatia defeated Brazil in 2022.", "Brazil defeated Croatia in 2022.", True),
        ("Croatia was defeated by Brazil in 2022.", "Brazil defeated Croatia in 2022.", False),
        ("Croatia defeated Brazil.", "Brazil was defeated by Croatia.", False),
        ("Brazil was defeated by Croatia.", "Croatia was defeated by Brazil.", True),
        ("He flew from Paris to London.", "He flew from London to Paris.", True),
        ("China and Russia signed.", "Russia and China signed.", False),
        ("Obama married Michelle.", "Michelle married Obama.", False),
        ("Paris is the capital of France.", "France's capital is Paris.", False),
        ("Putin called Xi.", "Xi quickly called Putin on Monday.", True),
        ("Putin called Xi.", "Xi called Putin, and then Putin called Xi.", False),
    ],
)
def test_roles_exchanged(sentence: str, evidence: str, wrong: bool) -> None:
    assert bool(swapped(sentence, [evidence])) is wrong


@given(st.text(), st.text())
def test_any_text_is_read_and_spans_lie_within_it(sentence: str, evidence: str) -> None:
    for one in [*check(sentence, [evidence]), *swapped(sentence, [evidence])]:
        assert 0 <= one.span.start < one.span.end <= len(sentence)
        assert one.against is None or one.against in evidence
    for name in names(sentence):
        assert 0 <= name.span.start < name.span.end <= len(sentence)


@given(st.lists(st.sampled_from(NEWS.replace(",", " ,").split()), min_size=1, max_size=30))
@example(["Putin", "Russian", "Vladimir", "met", "Vladimir", "Vladimir"])
def test_a_text_has_its_own_names(words: list[str]) -> None:
    text = " ".join(words)
    assert check(text, [text]) == [] and swapped(text, [text]) == []
