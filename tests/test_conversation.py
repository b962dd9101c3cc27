"""Follow-up questions: what they point back to, what stands alone, and conversations that keep their evidence."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Library, Settings
from rag.conversation import Standalone, retold, standalone
from rag.errors import BadInput, EmptyQuestion, ModelError
from rag.following.mentions import mentions, pair, things
from rag.models.chat import Message
from rag.settings import ConversationSettings
from rag.types import Turn
from tests.fakes import SharedWordsReranker, WordHashEmbedder
from tests.scripted_chat import ScriptedChat

GATE = Turn("How much would the tide gate cost?", "The engineers' estimate is 48 million crowns.")
SHOIGU = Turn("Who is the Russian defense minister?", "Sergei Shoigu, the defense minister, boasted at a meeting.")
MEETING = Turn(
    "How long did Grigory Yavlinsky's meeting with Putin last?", "The meeting with Mr. Putin lasted 90 minutes."
)
REGIONS = Turn(
    "Which four Ukrainian regions does Russia claim to have annexed?",
    "Russia claims to have annexed four Ukrainian regions: Kherson, Zaporizhzhia, Donetsk and Luhansk.",
)
SPIES = Turn("Where did William Burns and Sergei Naryshkin last meet?", "They spoke in Turkey about a year ago.")
CHIEF = Turn("Where did William Burns last meet Sergei Naryshkin?", "They met in Turkey in 2022.")
BRIDGE = Turn("When was the Golden Gate Bridge built?", "It was built in 1937.")
PESKOV = Turn("Did Peskov give the Ledger an interview?", "Dmitri Peskov, Mr. Putin's spokesman, turned it down.")
HALLORAN = Turn("What does Ines Halloran say?", "Ms Halloran argues with Oskar Brandt about the wall.")

FOLLOW_UPS = [
    (
        Turn("What did Vladimir Putin announce?", "An operation."),
        "When did he resign?",
        "When did Vladimir Putin resign?",
    ),
    (Turn("What did Vladimir Putin say? "), "And when did Putin's press man, and why? ", None),
    (SHOIGU, "When was he born?", "When was Sergei Shoigu born?"),
    (PESKOV, "How did he answer the questions?", "How did Dmitri Peskov answer the questions?"),
    (HALLORAN, "And what did she tell the board?", "What did Ines Halloran tell the board?"),
    (Turn("Who resigned?", "Boris Johnson resigned."), "Who is his wife?", "Who is Boris Johnson's wife?"),
    (Turn("Who resigned?", "Boris Johnson resigned."), "Who succeeded him?", "Who succeeded Boris Johnson?"),
    (MEETING, "What did he offer to do for Putin?", "What did Grigory Yavlinsky offer to do for Putin?"),
    (
        MEETING,
        "And how long did he have to wait for it?",
        "How long did Grigory Yavlinsky have to wait for Grigory Yavlinsky's meeting?",
    ),
    (GATE, "When does it open?", "When does the tide gate open?"),
    (GATE, "Who is against it?", "Who is against the tide gate?"),
    (GATE, "What is its height?", "What is the tide gate's height?"),
    (GATE, "How long would that gate take to build?", "How long would the tide gate take to build?"),
    (Turn("What is an account?"), "How can I create one?", "How can I create an account?"),
    (Turn("What is the capital of France?", "Paris is the capital."), "How big is it?", "How big is Paris?"),
    (BRIDGE, "How long is that bridge?", "How long is the Golden Gate Bridge?"),
    (BRIDGE, "What else happened in that year?", "What else happened in 1937?"),
    (REGIONS, "How many of them does it hold?", "How many of the four Ukrainian regions does Russia hold?"),
    (CHIEF, "Why did they meet?", "Why did William Burns and Sergei Naryshkin meet?"),
    (CHIEF, "Who else lives there?", "Who else lives in Turkey?"),
    (SPIES, "What did the latter say?", "What did Sergei Naryshkin say?"),
    (Turn("Did William Burns or Sergei Naryshkin speak?"), "And the former?", "Did William Burns speak?"),
    (Turn("When did Russia invade Ukraine?", "In February 2022."), "Why?", "Why did Russia invade Ukraine?"),
    (Turn("Who resigned?", "Boris Johnson."), "Why?", "Who resigned, and why?"),
    (Turn("Who resigned?", "Boris Johnson."), "Who else?", "Who else resigned?"),
    (GATE, "Why?", "How much would the tide gate cost, and why?"),
    (Turn("How many cars were sold in 2020?"), "And in 2021?", "How many cars were sold in 2021?"),
    (Turn("How many cars were sold?"), "And in 2021?", "How many cars were sold in 2021?"),
    (Turn("In which part of Ukraine is Luhansk?"), "What about Kherson?", "In which part of Ukraine is Kherson?"),
    (GATE, "What about the eels?", "What about the eels (How much would the tide gate cost)?"),
    (PESKOV, "Is that true?", "Is that true (Did Peskov give the Ledger an interview)?"),
    (
        Turn("What's the difference between Market Cap and NAV?"),
        "Which is more important?",
        "Which is more important: Market Cap or NAV?",
    ),
]

STANDS_ALONE = [
    "When did Vladimir Putin resign?",
    "Who said that Russia could mobilize 25 million men?",
    "What did Putin say he would do with his army?",
    "What does it mean to fuse the spine?",
    "Is it safe to invest in options?",
    "How long does it take to build a bridge?",
    "What time is it in Kyiv?",
    "Who was it that described the structure of dna?",
    "when did they stop making pull tabs on beer cans",
    "where did they film season 8 of the walking dead",
    "who sang his eye is on the sparrow",
    "who wrote he ain't heavy he's my brother lyrics",
    "who sings stop listen what's that sound",
    "what is the number one song",
    "how many seasons are there for lost girl",
    "how old was sasuke when his clan died",
    "Which is the fastest train in India?",
    "What is the population of New York, and what is it called by its people?",
    "How tall is the tower?",
    "The board",
    "",
    "?",
]


@pytest.mark.parametrize(("before", "question", "expected"), FOLLOW_UPS)
def test_a_follow_up_gets_what_it_leaves_to_the_turn_before(before: Turn, question: str, expected: str | None) -> None:
    found = standalone(question, [before])
    assert found.text == (question if expected is None else expected)
    assert found.changed == (expected is not None) and bool(found.why) == found.changed


@pytest.mark.parametrize("question", STANDS_ALONE)
@pytest.mark.parametrize("before", [GATE, MEETING, REGIONS, CHIEF])
def test_a_question_that_stands_alone_is_left_as_it_is(question: str, before: Turn) -> None:
    assert standalone(question, [before]) == Standalone(question)


def test_without_earlier_turns_nothing_can_be_pointed_at() -> None:
    assert standalone("When did he resign?", []) == Standalone("When did he resign?")


def test_a_pronoun_reaches_past_a_turn_that_has_nobody_for_it_and_ignores_an_abstention() -> None:
    turns = [SHOIGU, Turn("How many ships are in the port?")]
    assert standalone("When was he born?", turns).text == "When was Sergei Shoigu born?"
    far = [SHOIGU, *(Turn(f"How many ships lie at quay {number}?") for number in range(3))]
    assert "Shoigu" not in standalone("When was he born?", far).text


def test_the_question_before_counts_as_it_was_understood() -> None:
    turns = retold([("What did Vladimir Putin announce?", "An operation."), ("When did he resign?", "In 1999.")])
    assert turns[1].understood == "When did Vladimir Putin resign?"
    assert standalone("Why?", turns).text == "Why did Vladimir Putin resign?"


def test_a_bracket_holds_the_plain_question_however_long_the_conversation() -> None:
    said = [(GATE.question, GATE.text), *[("What about the eels?", "They climb.")] * 4]
    assert all(turn.standalone.count("(") <= 1 for turn in retold(said))


def test_names_come_with_their_kind_and_phrases_without_their_verbs() -> None:
    kinds = {one.text: one.kind for one in mentions("Mr. Putin met William Burns of the CIA in Turkey.")}
    assert kinds == {"Putin": "person", "William Burns": "person", "CIA": "thing", "Turkey": "place"}
    assert things(GATE.question) == ["the tide gate"]
    assert things("Does physical activity increase a child's attention span?")[0] == "physical activity"
    assert things("When did the director of the CIA meet his rival?") == ["the director of the CIA"]
    assert pair(SPIES.question) == ("William Burns", "Sergei Naryshkin") and pair(CHIEF.question) is None


@given(st.text(max_size=300), st.lists(st.tuples(st.text(max_size=120), st.text(max_size=200)), max_size=3))
def test_any_text_at_all_is_understood_without_a_fault_and_unchanged_where_nothing_was_taken(
    question: str, said: list[tuple[str, str]]
) -> None:
    found = standalone(question, retold(said))
    assert found.changed or found.text == question
    assert not found.changed or found.why


WORDS = st.sampled_from(
    "when why who what did does is was he she it they him them his its their that this bridge gate Putin Kherson 2021"
    " and about one there other how many of in the a Ines Halloran open".split()
)


@given(st.lists(WORDS, min_size=1, max_size=9), st.sampled_from([GATE, SHOIGU, MEETING, REGIONS, SPIES, HALLORAN]))
def test_a_rewriting_brings_in_no_name_and_no_figure_of_its_own(asked: list[str], before: Turn) -> None:
    question = f"{' '.join(asked)}?"
    known = f"{question} {before.question} {before.text}".casefold()
    for word in re.findall(r"[A-Z][\w]+|\d+", standalone(question, [before]).text[1:]):
        assert word.casefold() in known


@pytest.mark.parametrize("name", ["nq-open-oracle.jsonl", "squad2_dev.json"])
def test_questions_of_public_sets_stay_as_they_are_after_an_unrelated_turn(bench: Path, name: str) -> None:
    """At most 1 of 100; a few of SQuAD's own questions cannot be understood alone."""
    text = (bench / "qa" / name).read_text(encoding="utf-8")
    if name.endswith("jsonl"):
        questions = [json.loads(line)["question"] for line in text.splitlines()]
    else:
        parts = [part for about in json.loads(text)["data"] for part in about["paragraphs"]]
        questions = [one["question"] for part in parts for one in part["qas"]]
    asked = questions[:: len(questions) // 300][:300]
    turns = [GATE, SHOIGU, MEETING, REGIONS, SPIES, BRIDGE, PESKOV]
    changed = [one for at, one in enumerate(asked) if standalone(one, [turns[at % len(turns)]]).changed]
    assert len(changed) <= 3, changed


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("When did Sergei Shoigu take office?", "When did Sergei Shoigu take office?"),
        ("Question: When did Sergei Shoigu take office?\nHe did so in 2012.", "When did Sergei Shoigu take office?"),
        ("When did Vladimir Medinsky take office?", None),
        ("When did Sergei Shoigu take office in 2012?", None),
        ("He took office in November.", None),
        ("", None),
        ("\n\n", None),
        (f"When did Sergei Shoigu {'really ' * 90} take office?", None),
    ],
)
def test_a_chat_model_rewords_but_brings_in_nothing_of_its_own(reply: str, expected: str | None) -> None:
    speaker = ScriptedChat([reply])
    found = standalone("When did he take office?", [SHOIGU], speaker)
    assert found.text == (expected or "When did Sergei Shoigu take office?")
    assert ("scripted:one" in found.why) == (expected is not None)
    assert "Last question: When did he take office?" in speaker.asked[0][-1].text


def test_a_model_is_not_asked_about_what_stands_alone() -> None:
    speaker = ScriptedChat(["Who is against it?"])
    assert not standalone("When did Vladimir Putin resign?", [GATE], speaker).changed and speaker.asked == []


def test_where_a_model_leaves_a_follow_up_as_it_is_the_rules_decide() -> None:
    speaker = ScriptedChat(["Who is against it?"])
    assert standalone("Who is against it?", [GATE], speaker).text == "Who is against the tide gate?"
    assert speaker.asked


def test_a_model_that_fails_is_done_without() -> None:
    speaker = ScriptedChat(["When"], fault=ModelError("the server is gone"))
    assert standalone("When was he born?", [SHOIGU], speaker).text == "When was Sergei Shoigu born?"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "gate.txt").write_text("The tide gate costs 48 million crowns. The tide gate opens in spring 2029.")
    (docs / "eels.txt").write_text("Eels climb the river every night. Nobody counts the eels.")
    settings = Settings(conversation=ConversationSettings(turns=3))
    models = {"embedder": WordHashEmbedder(), "reranker": SharedWordsReranker()}
    with Library(tmp_path / "library", settings=settings, **models) as made:  # type: ignore[arg-type]
        made.add(docs)
        yield made


def test_a_conversation_understands_its_follow_ups_and_each_turn_keeps_its_evidence(library: Library) -> None:
    chat = library.chat(abstain=False)
    first = chat.ask("What does the tide gate cost?")
    second = chat.ask("When does it open?")
    assert first.understood is None
    assert (second.question, second.understood) == ("When does it open?", "When does the tide gate open?")
    assert "spring 2029" in second.text
    assert [turn.answer for turn in chat.turns] == [first, second]
    for turn in chat.turns:
        assert turn.answer is not None and turn.answer.evidence
        for cited in turn.answer.citations:
            assert library.document(cited.source).text[cited.start : cited.end] == cited.quote


def test_a_streamed_follow_up_says_at_once_how_it_is_understood_and_counts_once_it_is_whole(library: Library) -> None:
    chat = library.chat(abstain=False)
    chat.ask("What does the tide gate cost?")
    steps = chat.stream("When does it open?")
    assert next(steps).understood == "When does the tide gate open?"
    steps.close()
    assert len(chat.turns) == 1
    last = [*chat.stream("When does it open?")][-1]
    assert last.answer is not None and last.answer.understood == last.understood and len(chat.turns) == 2


def test_a_conversation_forgets_its_oldest_turns_or_all_of_them(library: Library) -> None:
    chat = library.chat()
    for number in range(5):
        chat.ask(f"What does gate {number} cost?")
    assert [turn.question for turn in chat.turns] == [f"What does gate {number} cost?" for number in (2, 3, 4)]
    chat.clear()
    assert chat.turns == () and chat.ask("When does it open?").understood is None


def test_a_question_that_fails_leaves_the_conversation_as_it_was(library: Library) -> None:
    chat = library.chat()
    chat.ask("What does the tide gate cost?")
    with pytest.raises(EmptyQuestion):
        chat.ask("?")
    assert len(chat.turns) == 1


def test_what_an_abstention_says_is_nothing_to_point_at(library: Library) -> None:
    chat = library.chat()
    assert chat.ask("Who won the chess tournament in Reykjavik?").status == "abstained"
    assert chat.turns[0].text == ""


def test_a_conversation_goes_on_from_its_json_and_refuses_other_text(library: Library) -> None:
    chat = library.chat(abstain=False)
    chat.ask("What does the tide gate cost?")
    chat.ask("When does it open?")
    again = library.chat(abstain=False, turns=chat.to_json())
    assert again.turns == chat.turns
    assert again.ask("Who is against it?").understood == "Who is against the tide gate?"
    for broken in ("", "{}", '[{"question": 1}]', "[1]"):
        with pytest.raises(BadInput, match="not a conversation"):
            library.chat(turns=broken)


def test_one_question_can_be_asked_after_earlier_turns_without_a_conversation(library: Library) -> None:
    answer = library.ask("When does it open?", abstain=False, earlier=[GATE])
    assert answer.understood == "When does the tide gate open?" and "spring 2029" in answer.text


def test_the_model_that_answers_also_words_the_follow_ups(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def reply(messages: Sequence[Message]) -> str:
        if "Last question:" in messages[-1].text:
            return "When does the tide gate open, in which spring?"
        return "The tide gate opens in spring 2029 [{n:The tide gate opens}]."

    speaker = ScriptedChat([reply])
    monkeypatch.setattr("rag.models.chat.speaker", lambda *_: speaker)
    chat = library.chat(abstain=False, model="scripted:one")
    chat.ask("What does the tide gate cost?")
    asked = len(speaker.asked)
    answer = chat.ask("When does it open?")
    assert answer.understood == "When does the tide gate open, in which spring?"
    assert "Last question: When does it open?" in speaker.asked[asked][-1].text
    assert answer.model == "scripted:one" and [one.verdict.label for one in answer.sentences] == ["supported"]
