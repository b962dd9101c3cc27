"""A saved answer is a record: whatever of it no longer holds is found, and it is told apart what has changed."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Library
from rag.cli.verify import examine, read
from rag.errors import BadInput
from rag.trust.citing import verify_quote
from rag.trust.support import judge
from rag.types import Answer, Check, Citation, Conflict, Label, Page, Sentence, Side, Verdict
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

HARBOUR = "The harbour master counted 41 ships on Monday. Two of them were ferries."
COURIER = "Dockers say that 38 ships lay in the harbour on Monday. Nobody counted the rowing boats."
JUDGE = judge().version
LABELS: list[Label] = ["contradicted", "unsupported", "partial", "unchecked", "supported"]
BETTER: dict[Label, set[Label]] = {
    "contradicted": {"unsupported", "partial", "unchecked", "supported"},
    "unsupported": {"partial", "unchecked", "supported"},
    "partial": {"unchecked", "supported"},
    "supported": set(),
    "unchecked": {"supported"},
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    place = tmp_path_factory.mktemp("library")
    with Library(place, embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as made:
        pages = (Page(1, 0, 47), Page(2, 47, len(HARBOUR)))
        made.add_documents(
            [
                document(HARBOUR, "/docs/harbour.pdf", "The harbour", pages=pages, date="2024-05-06"),
                document(COURIER, "/docs/courier.txt", "Courier"),
            ]
        )
        yield made


def cite(library: Library, marker: int, source: str, quote: str) -> Citation:
    held = library.document(source)
    start = held.text.index(quote)
    page = next((page.number for page in held.pages if page.start <= start < page.end), None)
    return Citation(marker, source, held.sha256, held.title, start, start + len(quote), quote, page, held.date)


@pytest.fixture(scope="module")
def answer(library: Library) -> Answer:
    """Two quotes and a sentence of other words, as a chat model would write it; the sources differ."""
    citations = (
        cite(library, 1, "/docs/harbour.pdf", "The harbour master counted 41 ships on Monday."),
        cite(library, 2, "/docs/courier.txt", "Dockers say that 38 ships lay in the harbour on Monday."),
        cite(library, 3, "/docs/harbour.pdf", "Two of them were ferries."),
    )
    texts = [(citations[0].quote, (1,)), (citations[1].quote, (2,)), ("Ferries were there, painted blue.", (3,))]
    sentences: list[Sentence] = []
    text = ""
    for said, markers in texts:
        start = len(text) + bool(text)
        text = f"{text} {said}".strip()
        cited = [(one, library.document(one.source)) for one in citations if one.marker in markers]
        sentences.append(Sentence(said, start, len(text), markers, verify_quote(said, cited)))
    assert [one.verdict.label == "supported" for one in sentences] == [True, True, False]
    sides = (Side("41 ships", (1,)), Side("38 ships", (2,)))
    return Answer(
        question="How many ships?", status="answered", reason=None, confidence=0.5, text=text, short="41 ships",
        sentences=tuple(sentences), citations=citations, evidence=tuple(library.search("ships")),
        conflicts=(Conflict("ships", sides),), seconds={"total": 0.1}, signals={"reading": 1.0}, judge=JUDGE,
    )  # fmt: skip


def checked(changed: dict[str, Any], library: Library) -> list[Check]:
    return examine(read(json.dumps(changed)), library)


def faults(checks: list[Check]) -> dict[str, str]:
    return {check.name: check.detail for check in checks if not check.ok}


def test_an_answer_is_read_back_as_it_was_printed(answer: Answer, library: Library) -> None:
    assert read(answer.to_json()) == answer
    found = examine(answer, library)
    assert not faults(found)
    assert [check.name for check in found] == [
        "answer", "[1]", "[2]", "[3]", "sentence 1", "sentence 2", "sentence 3", "conflict 1", "summary",
    ]  # fmt: skip
    assert found[-1].detail == "3 of 3 quotes and 3 of 3 sentences hold"


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of every text, number and null in a piece of JSON."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def is_held(path: tuple[Any, ...]) -> bool:
    """Whether a change at this path must be noticed."""
    match path:
        case ("status" | "text" | "short",) | ("sentences", _, "text" | "start" | "end" | "withheld"):
            return True
        case (
            ("sentences", _, "citations", _)
            | ("citations", _, _)
            | ("conflicts", _, "sides", _, "value")
            | ("conflicts", _, "sides", _, "markers", _)
        ):
            return True
        case ("sentences", _, "verdict", "span", key):
            return key != "page"
        case _:
            return False


def is_free(path: tuple[Any, ...]) -> bool:
    """Whether a change at this path is none of the answer's quotes and sentences; `--help` names these."""
    match path:
        case ("question" | "confidence" | "model" | "usage" | "evidence" | "seconds" | "signals", *_):
            return True
        case ("sentences", _, "verdict", "support" | "notes", *_):
            return True
        case _:
            return False


def other(data: st.DataObject, value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return data.draw(st.integers(-3, 10_000).filter(lambda one: one != value))
    if isinstance(value, float):
        return data.draw(st.floats(-9, 9).filter(lambda one: one != value))
    if not isinstance(value, str):
        return data.draw(st.sampled_from([1, "2024-01-01"]))
    at = data.draw(st.integers(0, len(value)))
    letter = data.draw(st.characters(exclude_categories=["Cs"]))
    changes = [
        value[:at] + letter + value[at:],
        value[:at] + letter + value[at + 1 :],
        value[:at] + value[at + 1 :],
        "",
    ]
    return data.draw(st.sampled_from(changes).filter(lambda one: one != value))


def put(whole: dict[str, Any], path: tuple[Any, ...], value: Any) -> Any:
    inner: Any = whole
    for key in path[:-1]:
        inner = inner[key]
    before, inner[path[-1]] = inner[path[-1]], value
    return before


@given(data=st.data())
def test_any_one_change_to_what_an_answer_says_is_noticed(
    data: st.DataObject, answer: Answer, library: Library
) -> None:
    whole = json.loads(answer.to_json())
    path = data.draw(st.sampled_from([path for path in leaves(whole) if is_held(path)]))
    inner: Any = whole
    for key in path:
        inner = inner[key]
    changed = other(data, inner)
    if path == ("short",) and changed in answer.sentences[0].text:
        return  # other words of the same sentence
    put(whole, path, changed)
    with contextlib.suppress(BadInput):  # no answer at all
        assert faults(checked(whole, library)), f"{path}: {changed!r}"


@given(data=st.data())
def test_what_is_not_checked_may_change(data: st.DataObject, answer: Answer, library: Library) -> None:
    whole = json.loads(answer.to_json())
    path = data.draw(st.sampled_from([path for path in leaves(whole) if is_free(path)]))
    inner: Any = whole
    for key in path:
        inner = inner[key]
    put(whole, path, other(data, inner))
    with contextlib.suppress(BadInput):  # no answer at all
        assert not faults(checked(whole, library)), path


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("label", LABELS)
def test_a_label_made_better_is_noticed_and_one_made_worse_is_told(
    answer: Answer, library: Library, number: int, label: Label
) -> None:
    now = answer.sentences[number].verdict.label
    whole = json.loads(answer.to_json())
    whole["sentences"][number]["verdict"]["label"] = label
    found = {check.name: check for check in checked(whole, library)}[f"sentence {number + 1}"]
    assert found.ok == (label not in BETTER[now])
    if label != now:
        assert f"was judged {label} when it was made, and is {now} now by the same words" in found.detail


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        (lambda whole: whole["citations"].append({**whole["citations"][0], "marker": 4}), "answer", "cited by nothing"),
        (lambda whole: whole["citations"].append(whole["citations"][0]), "answer", "two of its quotes are marked [1]"),
        (lambda whole: whole["sentences"].pop(), "answer", "words outside its sentences: Ferries"),
        (lambda whole: whole["sentences"][0]["citations"].append(1), "sentence 1", "cites [1] twice"),
        (lambda whole: whole["conflicts"][0]["sides"].pop(), "conflict 1", "no two sides"),
        (lambda whole: whole["conflicts"][0]["sides"][0]["markers"].clear(), "conflict 1", "stands in none"),
        (lambda whole: whole["sentences"][0].update(withheld=True), "sentence 1", "is withheld, although"),
        (lambda whole: whole.update(status="abstained"), "answer", "abstains, and yet has sentences"),
    ],
)
def test_every_part_is_accounted_for(answer: Answer, library: Library, change: Any, name: str, said: str) -> None:
    whole = json.loads(answer.to_json())
    change(whole)
    assert said in faults(checked(whole, library))[name]


def test_an_abstention_says_nothing_of_its_own(library: Library) -> None:
    silent = library.ask("Who painted the opera house?")
    assert silent.status == "abstained"
    assert not faults(examine(silent, library))
    told = faults(examine(replace(silent, text="Rubens, they say."), library))
    assert told["answer"] == "it abstains, and yet says: Rubens, they say."


def test_a_conflict_rests_on_quotes_that_hold(answer: Answer, library: Library) -> None:
    moved = replace(answer.citations[1], start=3, end=58)
    told = faults(examine(replace(answer, citations=(answer.citations[0], moved, answer.citations[2])), library))
    assert set(told) == {"[2]", "sentence 2", "conflict 1", "summary"}
    assert told["sentence 2"] == told["conflict 1"] == "rests on [2], which does not hold"
    assert told["summary"] == "2 of 3 quotes and 2 of 3 sentences hold"


@pytest.mark.parametrize(
    ("made_by", "said"),
    [(JUDGE, f"by the same judge ({JUDGE})"), ("older 0", f"(by older 0, now {JUDGE})"), ("", "by the same words: ")],
)
def test_another_judge_is_told_from_another_document(
    answer: Answer, library: Library, monkeypatch: pytest.MonkeyPatch, made_by: str, said: str
) -> None:
    def strict(sentence: str, cited: object) -> Verdict:
        return Verdict("partial", 0.5, notes=("one word is not there",))

    monkeypatch.setattr("rag.cli.verify.verify_quote", strict)
    told = faults(examine(replace(answer, judge=made_by), library))
    assert "[1]" not in told and "answer" not in told
    assert said in told["sentence 1"] and "one word is not there" in told["sentence 1"]
    monkeypatch.setattr("rag.cli.verify.verify_quote", lambda sentence, cited: Verdict("supported", 1.0))
    assert not faults(examine(replace(answer, judge=made_by), library))


def test_what_became_of_a_document_is_said(tmp_path: Path) -> None:
    ship = tmp_path / "ship.txt"
    ship.write_text("The ship Aurora sank in 1911. Her captain survived.\n", encoding="utf-8")
    with Library(tmp_path / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add(ship)
        saved = library.ask("When did the ship Aurora sink?", abstain=False)
        assert saved.judge == JUDGE and not faults(examine(saved, library))

        ship.write_text("Corrected. The ship Aurora sank in 1911. Her captain survived.\n", encoding="utf-8")
        assert "has changed since it was cited" in faults(examine(saved, library))["[1]"]
        library.add(ship)
        told = faults(examine(saved, library))
        assert "has changed since; the quote now stands at 11–40" in told["[1]"]
        assert told["summary"].endswith(f"hold; changed since: {ship}")

        ship.write_text("The ship Aurora sank in 1912.\n", encoding="utf-8")
        library.add(ship)
        assert "the quote is gone" in faults(examine(saved, library))["[1]"]

        again = library.ask("When did the ship Aurora sink?", abstain=False)
        ship.unlink()
        found = {check.name: check for check in examine(again, library)}
        assert found["[1]"].ok and found["[1]"].detail.endswith("; its file is no longer there")
        library.remove(str(ship))
        assert "is not in the library" in faults(examine(again, library))["[1]"]


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"text": "x"}', '{"status": "sure"}'])
def test_what_is_no_answer_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput, match=r"^old\.json is not (JSON|an answer)"):
        read(text, "old.json")


def test_an_answer_saved_before_follow_ups_were_understood_reads_and_checks_as_it_did(
    library: Library, answer: Answer
) -> None:
    saved = answer.to_dict()
    del saved["understood"]
    old = read(json.dumps(saved))
    assert old == answer and examine(old, library) == examine(answer, library)
