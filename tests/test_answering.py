"""Quoted answers: which sentences, in which order, and what they bring along."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag import Answer, Document, Library
from rag.answering import asked
from rag.answering.extractive import alike
from rag.asking import OVERVIEW
from rag.types import Heading
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document


def answer(folder: Path, documents: Sequence[Document], question: str) -> Answer:
    with Library(folder / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add_documents(documents)
        found = library.ask(question, abstain=False)
        by_source = {document.source: document for document in documents}
        for citation in found.citations:
            assert by_source[citation.source].text[citation.start : citation.end] == citation.quote
        for sentence in found.sentences:
            assert found.text[sentence.start : sentence.end] == sentence.text
            assert sentence.verdict.label == "supported"
        return found


def test_the_best_sentence_is_quoted_whole_with_its_place(tmp_path: Path) -> None:
    text = "Apples are red.\n\nThe minister counted 25 million\nmen in the autumn. Nobody else counted."
    found = answer(tmp_path, [document(text, date="2023-12-23")], "How many men did the minister count in autumn?")
    assert found.text.startswith("The minister counted 25 million men in the autumn.")
    assert found.citations[0].quote == "The minister counted 25 million\nmen in the autumn."
    assert (found.citations[0].marker, found.citations[0].date) == (1, "2023-12-23")
    assert str(found).startswith("The minister counted 25 million men in the autumn. [1]")


def test_a_pronoun_brings_the_sentence_that_names_it(tmp_path: Path) -> None:
    text = "Sergei Shoigu met the envoys. He boasted of 25 million soldiers ready to march. The weather was bad."
    found = answer(tmp_path, [document(text)], "Who boasted of 25 million soldiers ready to march?")
    assert [sentence.text for sentence in found.sentences] == [
        "Sergei Shoigu met the envoys.",
        "He boasted of 25 million soldiers ready to march.",
    ]


def test_where_nothing_stands_before_a_pronoun_the_title_names_it(tmp_path: Path) -> None:
    made = document("He boasted of 25 million soldiers.", title="Sergei Shoigu")
    found = answer(tmp_path, [made], "Who boasted of 25 million soldiers?")
    assert found.text == "Sergei Shoigu: He boasted of 25 million soldiers."
    assert found.citations[0].quote == "He boasted of 25 million soldiers."


def test_an_announced_list_comes_with_its_items(tmp_path: Path) -> None:
    text = "The plan names four regions:\n\n- Kherson\n- Luhansk\n- Donetsk\n- Zaporizhzhia\n\nIt rained."
    found = answer(tmp_path, [document(text, media_type="text/markdown")], "Which four regions does the plan name?")
    assert found.text == "The plan names four regions: Kherson Luhansk Donetsk Zaporizhzhia"


def test_a_reported_question_comes_with_its_reply(tmp_path: Path) -> None:
    text = "The president asked whether Kyiv was bombed. “Yes, I did,” said the host. Later they ate."
    found = answer(tmp_path, [document(text)], "What did the president hear when he asked whether Kyiv was bombed?")
    assert "“Yes, I did,” said the host." in found.text


def test_a_row_of_a_table_is_quoted_with_its_headings(tmp_path: Path) -> None:
    text = "Region: Kherson; Claimed: 2022; Held: partly\nRegion: Luhansk; Claimed: 2022; Held: fully"
    found = answer(tmp_path, [document(text, media_type="text/csv")], "Which region is held fully, Luhansk?")
    assert found.sentences[0].text == "Region: Luhansk; Claimed: 2022; Held: fully"


def test_the_same_sentence_in_two_documents_is_said_once_and_cites_both(tmp_path: Path) -> None:
    said = "The envoys met in Geneva on Monday."
    made = [document(said, "/a.txt", "A"), document(f"{said} It rained.", "/b.txt", "B")]
    found = answer(tmp_path, made, "Where did the envoys meet on Monday?")
    assert found.text.count("Geneva") == 1
    assert {citation.source for citation in found.citations if "Geneva" in citation.quote} == {"/a.txt", "/b.txt"}


def test_headings_and_titles_are_not_quoted_as_answers(tmp_path: Path) -> None:
    text = "Number of envoys in Geneva\n\nSeven envoys were seen in Geneva.\n"
    made = document(text, headings=(Heading(1, 0, 26),), title="Number of envoys in Geneva")
    found = answer(tmp_path, [made], "What was the number of envoys in Geneva?")
    assert found.text == "Seven envoys were seen in Geneva."


def test_what_is_this_about_quotes_the_opening_of_each_document(tmp_path: Path) -> None:
    made = [
        document("Fruit\n\nThis report looks at apples in seven northern towns. More.", "/a.txt", "Fruit"),
        document("The second report looks at pears in the whole of the south.", "/b.txt", "Pears"),
    ]
    found = answer(tmp_path, made, "What are these documents about?")
    assert {sentence.text for sentence in found.sentences} == {
        "This report looks at apples in seven northern towns.",
        "The second report looks at pears in the whole of the south.",
    }


def test_a_question_about_one_document_quotes_that_one(tmp_path: Path) -> None:
    made = [
        document("Present at the meeting were the chair and two members.", "/minutes.docx", "Board minutes"),
        document("Welcome to the rowing club, which was founded in 1987.", "/club.md", "Handbook"),
    ]
    for question in ("Summarise the minutes", "What are the minutes about?"):
        found = answer(tmp_path, made, question)
        assert {citation.source for citation in found.citations} == {"/minutes.docx"}


def test_a_title_that_shares_but_a_word_with_what_is_asked_about_is_not_meant(tmp_path: Path) -> None:
    made = [
        document("Marvin is a male given name of Welsh descent.", "/marvin.txt", "Marvin (name)"),
        document("Welcome to the rowing club, which was founded in 1987.", "/club.md", "Handbook"),
    ]
    found = answer(tmp_path, made, "What is Mercy Mercy Me by Marvin Gaye about?")
    assert found.confidence != OVERVIEW


def test_a_row_of_a_markdown_table_cites_its_column_headings_too(tmp_path: Path) -> None:
    text = "# Boats\n\n| Name | Seats |\n|---|---|\n| Heron | 2 |\n| Albatross | 8 |\n"
    made = document(text, title="Boats", media_type="text/markdown", headings=(Heading(1, 2, 7),))
    found = answer(tmp_path, [made], "How many seats has the Albatross?")
    assert found.text == "Name: Albatross; Seats: 8"
    assert [citation.quote for citation in found.citations] == ["| Albatross | 8 |", "| Name | Seats |"]


@pytest.mark.parametrize(
    "question",
    [
        "What is this about?",
        "Summarise the report",
        "What are the documents about?",
        "Give me an overview",
        "What’s the gist?",
    ],
)
def test_questions_about_the_whole(question: str) -> None:
    assert asked.overview(question)


def test_questions_for_something_in_particular() -> None:
    assert not asked.overview("What did he say about the cease-fire?")
    assert asked.several("Which regions were annexed?") and not asked.several("Who left?")


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How many men?", "About 25 million men.", 1.0),
        ("How many men?", "Many men.", 0.0),
        ("When did he leave?", "He left in the fall.", 1.0),
        ("When was the 2022 offer made?", "The 2022 offer was made.", 0.0),
        ("Who spoke?", "Then spoke Peskov.", 1.0),
        ("Why?", "Because.", 0.5),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, text: str, expected: float) -> None:
    assert asked.has_kind(question, [text]) == expected


def test_alike_is_by_words() -> None:
    assert alike("The envoys met in Geneva.", "the envoys met, in Geneva")
    assert not alike("The envoys met in Geneva.", "The envoys met in Kyiv.")
