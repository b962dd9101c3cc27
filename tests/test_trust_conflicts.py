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
            {"was inspected by", "was not inspected by"},
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
    assert conflict.note == "“Report A” and “Report B” are near-copies, so they count as one voice"


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
    assert conflict.note == "the documents date from 2019-03-01 to 2024-03-01, and the later may tell of a later state"


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
    assert conflict.note.startswith("one of the times may include the other; ")
    assert "credits The Harbour Ledger" in conflict.note and conflict.note.endswith("count as one voice")
