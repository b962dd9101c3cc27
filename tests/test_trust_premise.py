"""Questions that take for granted what the documents contradict, and those that do not."""

import json
from pathlib import Path

import pytest

from rag import Answer, Library
from rag.cli.show import show_answer
from rag.cli.verify import examine, read
from rag.trust.premise import said_instead
from rag.web import render, source
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

TEXTS = [
    "The digital service of the harbour radio was officially launched on 1 October 1998.",
    "In 1940 the census reported a white population of 94 percent in Lantern.",
    "The envoy announced on Monday that she would step down as leader of the board.",
    "The harbour board meets on Wednesday afternoons in the old ferry house.",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(tmp_path_factory.mktemp("premise"), embedder=WordHashEmbedder(), reranker=SharedWordsReranker())
    made.add_documents(document(text, f"/{at}.txt", f"Report {at}") for at, text in enumerate(TEXTS))
    return made


@pytest.mark.parametrize(
    ("question", "assumed", "at"),
    [
        ("When was the digital service of the harbour radio unofficially launched?", "unofficially", 0),
        ("What white population did the census of 1942 report in Lantern?", "1942", 1),
        ("Which envoy announced on Monday that she would not step down as leader?", "not step", 2),
    ],
)
def test_a_false_premise_is_named_and_the_words_against_it_are_quoted(
    library: Library, question: str, assumed: str, at: int
) -> None:
    answer = library.ask(question)
    assert (answer.status, answer.reason) == ("abstained", "false_premise")
    assert answer.text == f"The question takes “{assumed}” for granted; the documents say otherwise: {TEXTS[at]}"
    assert str(answer) == f"{answer.text} [1]"
    (sentence,), (citation,) = answer.sentences, answer.citations
    assert answer.text[sentence.start : sentence.end] == sentence.text == citation.quote == TEXTS[at]
    assert (sentence.verdict.label, answer.confidence <= 0.05, answer.conflicts) == ("supported", True, ())


@pytest.mark.parametrize(
    "question",
    [
        "When was the digital service of the harbour radio officially launched?",
        "When was the digital service of the harbour radio launched?",
        "What white population did the census of 1940 report in Lantern?",
        "Which envoy announced on Monday that she would step down as leader?",
        "Why does the harbour board meet in the old ferry house?",
        "What did the census of 1942 say of the ferries?",
        "Was the digital service of the harbour radio unofficially launched?",
        "Didn't the envoy announce on Monday that she would not step down as leader?",
    ],
)
def test_a_premise_that_the_documents_share_or_do_not_speak_of_is_left_alone(library: Library, question: str) -> None:
    assert library.ask(question).reason != "false_premise"


def test_a_premise_that_another_document_bears_out_is_not_denied(tmp_path: Path) -> None:
    question = "What white population did the census of 1942 report in Lantern?"
    with Library(tmp_path / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add_documents([document(TEXTS[1]), document("In 1942 a census was held in Lantern.", "/b.txt", "B")])
        assert library.ask(question).reason != "false_premise"


def test_no_premise_is_denied_where_an_answer_is_wanted_always(library: Library) -> None:
    question = "When was the digital service of the harbour radio unofficially launched?"
    assert library.ask(question, abstain=False).status == "answered"


@pytest.fixture(scope="module")
def denied(library: Library) -> Answer:
    return library.ask("When was the digital service of the harbour radio unofficially launched?")


def test_the_terminal_and_the_page_show_the_quote(
    library: Library, denied: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    show_answer(denied)
    printed = capsys.readouterr().out
    assert "takes “unofficially” for granted" in printed and f"“{TEXTS[0]}”" in printed
    assert "Nearest passages" not in printed
    page = render.answer(denied)
    assert "takes “unofficially” for granted" in page and 'data-open="c1"' in page
    assert 'data-pane="c1"' in source.panel(denied, library.document)


def test_it_can_be_checked_again_and_says_nothing_of_its_own(library: Library, denied: Answer) -> None:
    given = denied.to_json()
    assert all(check.ok for check in examine(read(given), library))
    changed = json.loads(given)
    changed["text"] = changed["text"].replace("unofficially", "gladly unkind", 1)
    assert not all(check.ok for check in examine(read(json.dumps(changed)), library))
    changed = json.loads(given)
    changed["reason"] = "weak_evidence"
    assert not all(check.ok for check in examine(read(json.dumps(changed)), library))


@pytest.mark.parametrize(
    ("assumed", "sentence", "instead"),
    [
        ("twelve leaves", "The gate is to be built of eleven steel leaves.", "eleven"),
        ("1942", "In 1940 the census reported a white population of 94 percent in Lantern.", "1940"),
        ("1942", "In 1940 and in 1950 the census reported it.", ""),
        ("leaves", "The gate was built.", ""),
    ],
)
def test_the_words_against_a_premise_are_found_where_they_are_plain(assumed: str, sentence: str, instead: str) -> None:
    assert said_instead(f"Why was it {assumed}?", assumed, sentence) == instead
