"""What an answer is copied and saved as: nothing in it is markup but what Pincite puts there."""

import json
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from starlette.testclient import TestClient

from rag.conversation import turn
from rag.stores.conversations import Conversations, Saved
from rag.trust.premise import DENIAL
from rag.types import Answer, Citation, Conflict, Sentence, Side, Verdict
from rag.web import exports, saved, words
from rag.web.saved import Link
from tests.web_fakes import FakeLibrary, harbour

COST = "What would the tide gate cost, 48 or 52 million crowns?"
HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=alert(2)>![x](http://x.example/y)[a](b)\"'&"


def asked(question: str = COST) -> Answer:
    answer = [*FakeLibrary(harbour()).stream(question)][-1].answer
    assert answer is not None
    return answer


def hostile(text: str = HOSTILE) -> Answer:
    """An answer all of whose words are `text`."""
    verdict = Verdict("partial", 0.5, notes=(text,))
    cited = Citation(1, f"/docs/{text}", text, text, 0, len(text), text, 1, text)
    conflict = Conflict(text, (Side(text, (1,)), Side(text, (1, 9))), text)
    sentence = Sentence(text, 0, len(text), (1, 9), verdict)
    return Answer(
        text, "answered", None, 0.5, text, None, (sentence,), (cited,), (), (conflict,), text, understood=text,
        notes=(text,),
    )  # fmt: skip


def test_the_copy_is_plain_text_with_marks_and_exact_footnotes() -> None:
    text = exports.text(asked())
    assert "[1] Harbour board weighs the new tide gate, courier.md, 4 March 2024: “The engineers' estimate" in text
    assert "council-summary.pdf, page 1, 30 May 2024" in text and text.startswith(COST)


def test_the_copy_says_where_the_sources_differ_and_each_footnote_has_its_mark() -> None:
    found = asked()
    about = replace(found.conflicts[0], about="The cost of the gate.", note="One is older.")
    only_differs = replace(found, text="", sentences=(), citations=found.citations[:2], conflicts=(about,))
    text = exports.text(only_differs)
    line = "The sources differ. The cost of the gate: 48 million crowns [1] / 52 million crowns [2]. One is older."
    assert line in text.splitlines()
    above = text[: text.index("\n[1] ")]
    assert all(f"[{citation.marker}]" in above for citation in only_differs.citations)


def test_markdown_has_a_footnote_for_each_mark_and_says_what_is_not_wholly_supported() -> None:
    found = asked()
    doubtful = replace(found.sentences[1], verdict=Verdict("partial", 0.5))
    text = exports.markdown(replace(found, sentences=(found.sentences[0], doubtful, *found.sentences[2:])))
    assert text.startswith(f"## {COST}\n\nThe engineers' estimate is 48 million crowns")
    assert "crowns.[^2] *(Partly supported)*" in text and "Supported" not in text.replace("Partly supported", "")
    notes = [line for line in text.splitlines() if line.startswith("[^")]
    assert [note[:5] for note in notes] == ["[^1]:", "[^2]:", "[^3]:"]
    assert "page 1, 30 May 2024" in notes[1] and "**The sources differ.**" in text


ANY = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60) | st.text(
    "*_`[]()<>!#|~-+=1.:\\&; \n\tahttp@/", max_size=30
)
QUIET = {"text", "paragraph_open", "paragraph_close", "inline", "softbreak", "text_special"}


@given(ANY)
def test_any_text_is_inert_in_markdown(text: str) -> None:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = reader.parse(exports.inert(text))
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert kinds <= QUIET
    assert "".join(child.content for token in tokens for child in token.children or ()) == " ".join(
        exports.visible(text).split()
    )


@given(ANY)
def test_no_text_makes_a_footnote_or_an_address_of_its_own(text: str) -> None:
    shown = exports.inert(text)
    assert (
        "[^" not in shown.replace("\\[", "").replace("\\^", "") and "://" not in shown and "www." not in shown.lower()
    )


def test_the_page_stands_alone_without_scripts_and_names_what_it_rests_on() -> None:
    found = asked()
    whole = lxml.html.document_fromstring(exports.page(found, "2026-03-04T09:05:00+00:00"))
    assert not whole.xpath("//script | //img | //link | //iframe | //form") and not whole.xpath("//*[@src]")
    assert all(link.startswith("#source-") for link in whole.xpath("//@href"))
    policy = whole.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy and "script-src" not in policy
    for citation in found.citations:
        (note,) = whole.xpath(f"//li[@id='source-{citation.marker}']")
        said = note.text_content()
        assert exports.plain(citation.quote) in said and citation.title in said and citation.sha256 in said
    assert "page 1, 30 May 2024" in whole.text_content() and "4 March 2026, 09:05 UTC" in whole.text_content()
    assert [one.text_content() for one in whole.xpath("//*[contains(@class, 'verdict')]")] == ["Supported"] * 3


@given(ANY | st.just(HOSTILE))
def test_no_text_becomes_an_element_of_the_page(text: str) -> None:
    shown, plain = (lxml.html.document_fromstring(exports.page(hostile(one))) for one in (f"x{text}", "plain"))
    assert [one.tag for one in shown.iter() if isinstance(one.tag, str)] == [
        one.tag for one in plain.iter() if isinstance(one.tag, str)
    ]
    assert {name for one in shown.iter() for name in one.attrib} == {
        name for one in plain.iter() for name in one.attrib
    }


def test_what_is_denied_keeps_its_lead_in_every_form() -> None:
    lead, quote = f"{DENIAL.format(assumed='sixty leaves')} ", "The gate is to be built of eleven steel leaves."
    cited = replace(asked().citations[1], marker=1)
    sentence = Sentence(quote, len(lead), len(lead) + len(quote), (1,), Verdict("supported", 1.0))
    denied = Answer(COST, "abstained", "false_premise", 0.0, lead + quote, None, (sentence,), (cited,), ())
    for text in (exports.text(denied), exports.markdown(denied), exports.page(denied)):
        assert "sixty leaves" in text and "eleven steel leaves" in text


def test_a_withheld_sentence_is_withheld_in_every_form() -> None:
    found = asked()
    first = replace(found.sentences[0], withheld=True, verdict=Verdict("contradicted", 0.0))
    found = replace(found, sentences=(first, *found.sentences[1:]), citations=found.citations[1:], conflicts=())
    for text in (exports.text(found), exports.markdown(found), exports.page(found)):
        assert "48 million crowns, and the gate" not in text and "withheld" in text


# --- served


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.sqlite")


def client(conversations: Conversations, user: str = "") -> TestClient:
    from fastapi import FastAPI

    app = FastAPI()
    saved.attach(app, lambda name: conversations, lambda request: user)
    return TestClient(app)


def test_an_answer_is_served_as_a_file_under_strict_headers(conversations: Conversations) -> None:
    found = asked()
    link = Link("my library", conversations.keep("talk", "", turn(found)))
    for kind, media in (("json", "application/json"), ("html", "text/html"), ("md", "text/markdown")):
        got = client(conversations).get(f"/{link.file(kind)}")
        assert got.status_code == 200 and got.headers["content-type"].startswith(media)
        assert got.headers["content-disposition"] == (
            f'attachment; filename="pincite-what-would-the-tide-gate-cost-48-or-52-million-crowns.{kind}"'
        )
        assert "sandbox" in got.headers["content-security-policy"] and got.headers["cache-control"] == "no-store"
        assert got.headers["x-content-type-options"] == "nosniff"
    assert json.loads(client(conversations).get(f"/{link.file('json')}").text) == json.loads(found.to_json())


def test_a_file_is_for_its_own_user_alone_and_says_when_there_is_none(conversations: Conversations) -> None:
    link = Link("default", conversations.keep("talk", "ann", turn(asked())))
    assert client(conversations, "ann").get(f"/{link.file('md')}").status_code == 200
    for user, path in (
        ("bob", link.file("md")),
        ("", link.file("md")),
        ("ann", link.file("txt")),
        ("ann", "answers/x/y.md"),
    ):
        got = client(conversations, user).get(f"/{path}")
        assert got.status_code == 404 and "48 million" not in got.text and "This link leads to no answer" in got.text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("../../etc/passwd\r\nX: y", "pincite-etc-passwd-x-y"),
        ("Ä", "pincite-answer"),
        ("w " * 99, "pincite-" + "w-" * 29 + "w"),
    ],
)
def test_no_question_reaches_a_header_as_it_is(question: str, name: str) -> None:
    one = Saved("id", "talk", "", "2026-03-04T09:05:00+00:00", replace(asked(), question=question))
    assert saved.response(one, "md").headers["content-disposition"] == f'attachment; filename="{name}.md"'


def test_a_link_carries_any_name_of_a_library(conversations: Conversations) -> None:
    link = Link("a&b =c/é", "x-1_")
    assert link.query == "?answer=x-1_&library=a%26b+%3Dc%2F%C3%A9"
    assert link.file("json") == "answers/a%26b%20%3Dc%2F%C3%A9/x-1_.json"


def test_changed_and_vanished_documents_are_named(conversations: Conversations) -> None:
    library = FakeLibrary(harbour())
    one = Saved("id", "talk", "", "2026-03-04T09:05:00+00:00", asked())
    given = words.GIVEN.format(when="4 March 2026, 09:05 UTC")
    assert saved.changes(one, library.document) == (given,)
    first, second = one.answer.citations[:2]
    library.put(replace(library.document(first.source), sha256="0" * 64))
    library.remove(second.source)
    assert saved.changes(one, library.document) == (
        given, words.CHANGED_SINCE.format(title=first.title), words.GONE_SINCE.format(title=second.title),
    )  # fmt: skip
