"""Documents that give different values for the same thing, and those that only seem to."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag import Answer, Document, Library
from rag.cli.verify import examine
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

BRIDGE = "The Lantern Bridge was opened by the harbour board in {} after a long delay."


def ask(folder: Path, question: str, texts: Sequence[str | Document]) -> Answer:
    """The answer, after a check that every quote stands where its citation says."""
    documents = [
        one if isinstance(one, Document) else document(one, f"/{at}.txt", f"Report {chr(65 + at)}")
        for at, one in enumerate(texts)
    ]
    with Library(folder / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add_documents(documents)
        answer = library.ask(question, abstain=False)
        assert all(check.ok for check in examine(answer, library))
    return answer


def values(answer: Answer) -> list[set[str]]:
    return [{side.value for side in conflict.sides} for conflict in answer.conflicts]


@pytest.mark.parametrize(
    ("question", "one", "other", "differ"),
    [
        ("When was the Lantern Bridge opened?", BRIDGE.format(1931), BRIDGE.format(1937), {"1931", "1937"}),
        (
            "When was the Lantern Bridge opened?",
            BRIDGE.format("May 1931"),
            BRIDGE.format("June 1931"),
            {"May 1931", "June 1931"},
        ),
        (
            "How many homes lie below the line in Lantern?",
            "Some 2,300 homes lie below the flood line in Lantern.",
            "Some 3,200 homes lie below the flood line in Lantern.",
            {"2,300", "3,200"},
        ),
        (
            "Who designed the Lantern Bridge?",
            "The Lantern Bridge was designed by Ines Halloran for the harbour board.",
            "The Lantern Bridge was designed by Marta Quill for the harbour board.",
            {"Ines Halloran", "Marta Quill"},
        ),
        (
            "Was the Lantern Bridge inspected before the flood?",
            "The Lantern Bridge was inspected by the harbour board before the flood.",
            "The Lantern Bridge was not inspected by the harbour board before the flood.",
            {"was inspected", "was not inspected"},
        ),
    ],
)
def test_a_date_a_figure_a_name_and_a_yes_that_differ_are_shown_with_both_quotes(
    tmp_path: Path, question: str, one: str, other: str, differ: set[str]
) -> None:
    answer = ask(tmp_path, question, [one, other])
    assert values(answer) == [differ]
    for side in answer.conflicts[0].sides:
        assert len(side.markers) == 1
        cited = next(citation for citation in answer.citations if citation.marker == side.markers[0])
        assert side.value in cited.quote
    assert {citation.source for citation in answer.citations} == {"/0.txt", "/1.txt"}


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("When was the Lantern Bridge opened?", BRIDGE.format("1931"), BRIDGE.format("May 1931")),
        ("When was the Lantern Bridge opened?", BRIDGE.format("5 May 1931"), BRIDGE.format("May 5, 1931")),
        (
            "How many men could be called up in the north?",
            "About 25 million men could be called up in the north.",
            "About 25,000,000 men could be called up in the north.",
        ),
        (  # another time is another state
            "How many people live in Lantern?",
            "In 2010 some 1,050 people lived in Lantern by the river.",
            "In 2020 some 1,480 people lived in Lantern by the river.",
        ),
        (  # born and died
            "When was Ines Halloran born?",
            "Ines Halloran was born in 1901 in the harbour town.",
            "Ines Halloran died in 1977 in the harbour town.",
        ),
        (  # other subjects
            "When was the Lantern Bridge opened?",
            BRIDGE.format(1931),
            "The Copper Tunnel was opened by the harbour board in 1937 after a long delay.",
        ),
        ("When was the Lantern Bridge opened?", BRIDGE.format(1931), BRIDGE.format(1931)),
    ],
)
def test_the_same_value_and_another_thing_are_no_conflict(tmp_path: Path, question: str, one: str, other: str) -> None:
    assert ask(tmp_path, question, [one, other]).conflicts == ()


def test_titles_tell_apart_what_a_sentence_leaves_unsaid(tmp_path: Path) -> None:
    towns = [
        document("The village had a population of 1,050 at the last count.", "/a.txt", "Amity"),
        document("The village had a population of 1,480 at the last count.", "/b.txt", "Alma"),
    ]
    assert ask(tmp_path / "towns", "What population had the village of Amity?", towns).conflicts == ()
    seasons = [
        document("The season was first shown on 3 May 2011 by Channel One.", "/a.txt", "Quay Stories (season 3)"),
        document("The season was first shown on 9 June 2012 by Channel One.", "/b.txt", "Quay Stories (season 4)"),
    ]
    assert ask(tmp_path / "seasons", "When was the season first shown?", seasons).conflicts == ()


def test_one_document_does_not_conflict_with_itself(tmp_path: Path) -> None:
    text = f"{BRIDGE.format(1931)} {BRIDGE.format(1937)}"
    assert ask(tmp_path, "When was the Lantern Bridge opened?", [text]).conflicts == ()


def test_near_copies_stand_on_one_side_and_the_note_counts_them_as_one_voice(tmp_path: Path) -> None:
    more = (
        " It spans the mouth of the river, where the ferries used to cross, and carries two lanes and a tramway."
        " The old ferry house still stands beside it, and is now kept as a small museum of the crossing."
    )
    copies = [BRIDGE.format(1931) + more, BRIDGE.format(1931) + more + " It rained."]
    answer = ask(tmp_path, "When was the Lantern Bridge opened?", [*copies, BRIDGE.format(1937)])
    (conflict,) = answer.conflicts
    markers = {side.value: len(side.markers) for side in conflict.sides}
    assert markers == {"1931": 2, "1937": 1}
    assert conflict.note == "“Report A” and “Report B” are near-copies, so they count as one voice."
    assert conflict.about.startswith("The date in “") and conflict.about.endswith("”.")


def test_a_sentence_says_where_the_documents_that_it_cites_are_one_voice(tmp_path: Path) -> None:
    more = " The Quay Courier reported this on Monday."
    answer = ask(tmp_path, "When was the Lantern Bridge opened?", [BRIDGE.format(1931) + more] * 2)
    (sentence,) = [sentence for sentence in answer.sentences if "1931" in sentence.text]
    assert len(sentence.citations) == 2 and answer.conflicts == ()
    assert sentence.verdict.notes == ("“Report A” and “Report B” are near-copies, so they count as one voice",)


def test_the_later_of_two_dated_documents_may_tell_of_a_later_state(tmp_path: Path) -> None:
    texts = [f"The Lantern ferry carries {count} cars on each crossing of the river." for count in (40, 65)]
    dated = [
        document(text, f"/{day}.txt", "Ferry", date=day)
        for text, day in zip(texts, ("2019-03-01", "2024-03-01"), strict=True)
    ]
    (conflict,) = ask(tmp_path, "How many cars carries the Lantern ferry on each crossing?", dated).conflicts
    assert conflict.note == "The documents date from 2019-03-01 to 2024-03-01, and the later may tell of a later state."


@pytest.mark.parametrize(
    "question",
    ["When did Putin first put out a feeler for a cease-fire?", "When did Putin first signal openness to a ceasefire?"],
)
def test_the_seeds_differ_on_when_the_first_overture_came(tmp_path: Path, seeds: Path, question: str) -> None:
    """With the packaged models: the words of the two sentences are too different for fakes."""
    with Library(tmp_path / "library") as library:
        library.add(seeds / "ledger-report.md", seeds / "wire-follow-up.html")
        answer = library.ask(question, abstain=False)
        assert all(check.ok for check in examine(answer, library))
    (conflict,) = answer.conflicts
    assert {side.value for side in conflict.sides} == {"fall of 2022", "September 2022"}
    cited = {citation.marker: citation for citation in answer.citations}
    assert all(cited[marker].date == "2023-12-23" for side in conflict.sides for marker in side.markers)
    assert conflict.note.startswith("One time may include the other: September 2022 may lie in the fall of 2022. “")
    assert "credits The Harbour Ledger" in conflict.note and conflict.note.endswith("count as one voice.")


def told(folder: Path, question: str, texts: Sequence[str], names: Sequence[str] = ("north", "river")) -> Answer:
    """The answer of the packaged models from one file for each text, every quote checked."""
    for name, text in zip(names, texts, strict=True):
        (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    with Library(folder / "library") as library:
        library.add(*(folder / f"{name}.txt" for name in names))
        answer = library.ask(question, abstain=False)
        assert all(check.ok for check in examine(answer, library))
    return answer


CLINIC = "The Marsh Lane clinic {} children."


@pytest.mark.parametrize(
    ("question", "one", "other", "differ"),
    [
        (
            "Who designed the Tolvik bridge?",
            "The Tolvik bridge was designed by Greta Sandholm.",
            "The Tolvik bridge was designed by Nils Aakre.",
            {"Greta Sandholm", "Nils Aakre"},
        ),
        (
            "What is the capital of Freeland?",
            "The capital of Freeland is Anso.",
            "The capital of Freeland is Brem.",
            {"Anso", "Brem"},
        ),
        (
            "Who is the mayor of Oakfield?",
            "Jane Porter is the mayor of Oakfield.",
            "Luke Dunne is the mayor of Oakfield.",
            {"Jane Porter", "Luke Dunne"},
        ),
        (
            "Who discovered the Orlov comet?",
            "The Orlov comet was discovered by Mira Okafor in 1987.",
            "The Orlov comet was discovered by Jan Petersen in 1987.",
            {"Mira Okafor", "Jan Petersen"},
        ),
        (
            "Does the Marsh Lane clinic treat children?",
            CLINIC.format("treats"),
            CLINIC.format("does not treat"),
            {"treats", "does not treat"},
        ),
        (
            "Does the Marsh Lane clinic treat children?",
            CLINIC.format("is treating"),
            CLINIC.format("isn't treating"),
            {"is treating", "isn't treating"},
        ),
        (
            "Did the Oakfield mill close?",
            "The Oakfield mill closed in 2019.",
            "The Oakfield mill never closed.",
            {"closed in 2019", "never closed"},
        ),
        (
            "Did Anna Berg resign?",
            "Anna Berg resigned in May.",
            "Anna Berg did not resign.",
            {"resigned in May", "did not resign"},
        ),
        (
            "Did the board approve the Halden merger?",
            "The board approved the Halden merger.",
            "The board rejected the Halden merger.",
            {"approved", "rejected"},
        ),
        (
            "Did the profit rise in 2022?",
            "The profit rose in 2022.",
            "The profit fell in 2022.",
            {"rose", "fell"},
        ),
        (
            "Are dogs allowed on the Vale beach?",
            "Dogs are allowed on the Vale beach in summer.",
            "Dogs are not allowed on the Vale beach in summer.",
            {"are allowed", "are not allowed"},
        ),
        (
            "How much did the new hall cost?",
            "The new hall cost 61 million crowns.",
            "The new hall cost 48 million crowns.",
            {"61 million crowns", "48 million crowns"},
        ),
        (
            "How many patients were in the trial?",
            "The trial had 4,120 patients.",
            "The trial had 3,950 patients.",
            {"4,120", "3,950"},
        ),
        (  # not what is asked, but quoted
            "How long is the Tolvik bridge?",
            "The Tolvik bridge is 340 metres long. The Tolvik bridge carries 12,000 vehicles a day.",
            "The Tolvik bridge is 340 metres long. The Tolvik bridge carries 15,000 vehicles a day.",
            {"12,000", "15,000"},
        ),
        (
            "When does the Vale shop open?",
            "The Vale shop opens at 9 am.",
            "The Vale shop opens at 10 am.",
            {"9 am", "10 am"},
        ),
    ],
)
@pytest.mark.parametrize("names", [("north", "river"), ("note-1", "note-2")])
def test_one_short_sentence_against_another_is_enough(
    tmp_path: Path, question: str, one: str, other: str, differ: set[str], names: Sequence[str]
) -> None:
    assert values(told(tmp_path, question, [one, other], names)) == [differ]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "How many goals did Leeds score?",
            "Leeds scored 3 goals against Hull.",
            "Leeds scored 2 goals against Derby.",
        ),
        ("How much is a ticket?", "A ticket costs 8 euros for adults.", "A ticket costs 4 euros for children."),
        (
            "How much does the plant process?",
            "The plant processes 20 tonnes a day.",
            "The plant processes 140 tonnes a week.",
        ),
        (
            "Who led the expedition?",
            "The expedition was led by R. Amadi.",
            "The expedition was led by Dr. Ruth Amadi.",
        ),
        ("Who opened the fair?", "Mayor Porter opened the fair in 2019.", "Mayor Dunne opened the fair in 2020."),
        (  # there may be many
            "Who works at the Marsh Lane clinic?",
            "Anna Berg works at the Marsh Lane clinic in Oakfield.",
            "Nils Aakre works at the Marsh Lane clinic in Oakfield.",
        ),
        (  # both can be
            "When does the Vale shop open?",
            "The Vale shop opens at 9 am.",
            "The Vale shop closes at 6 pm.",
        ),
        (
            "Does the Marsh Lane clinic treat children?",
            CLINIC.format("treats"),
            "The Marsh Lane clinic does not treat adults.",
        ),
        ("Did the profit rise in 2022?", "The profit rose in 2022.", "The profit fell in 2023."),
        (  # neither asked nor quoted
            "How much did the Tolvik bridge cost?",
            "The Tolvik bridge cost 61 million crowns. The Tolvik bridge opened in 1998.",
            "The Tolvik bridge cost 61 million crowns. The Tolvik bridge opened in 2001.",
        ),
    ],
)
def test_short_sentences_on_two_things_are_no_conflict(tmp_path: Path, question: str, one: str, other: str) -> None:
    assert told(tmp_path, question, [one, other]).conflicts == ()
