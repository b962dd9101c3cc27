"""A chat model's reply becomes sentences with the places that its marks stand for, as it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

import pytest

from rag.answering.generative import LONGEST_TOKEN, STOPS, Writer, Written
from rag.answering.refusing import REFUSAL
from rag.errors import ModelError
from rag.models import streams
from rag.models.chat import Message, Piece, Usage
from rag.retrieval import Evidence
from rag.settings import AnswerSettings
from rag.types import Turn
from tests.evidence import evidence
from tests.fakes import document

QUESTION = "How many men did the minister count?"
MADE = document("The minister counted 25 men. Rain fell on Kyiv. Nobody left.", title="Harvest")
READ = evidence(MADE, scores={"The": 3.0, "Rain": 2.0, "Nobody": 1.0})
COUNTED, FELL, LEFT = "The minister counted 25 men.", "Rain fell on Kyiv.", "Nobody left."
USAGE = Usage(120, 20)


@dataclass
class Scripted:
    """Says its pieces; keeps what it was asked, how many it gave out, and whether it was left before the end."""

    pieces: Iterator[str] | Sequence[str]
    fault: Exception | None = None
    name: str = "scripted:one"
    given: int = 0
    left: bool = False
    asked: list[Message] = field(default_factory=list)
    limit: int = 0
    stop: Sequence[str] = ()

    def stream(self, messages: Sequence[Message], *, limit: int, stop: Sequence[str] = ()) -> Iterator[Piece]:
        self.asked, self.limit, self.stop = list(messages), limit, stop
        try:
            for piece in self.pieces:
                self.given += 1
                yield Piece(piece)
            if self.fault:
                raise self.fault
            yield Piece("", USAGE)
        except GeneratorExit:
            self.left = True
            raise


def writing(speaker: Scripted, read: Evidence = READ, **given: int) -> Iterator[Written]:
    return Writer(speaker, AnswerSettings(**given)).write(QUESTION, read, {MADE.source: MADE}.__getitem__)


def written(*pieces: str) -> list[Written]:
    return list(writing(Scripted(pieces)))


def quoted(one: Written) -> list[str]:
    return [place.span.of(MADE.text) for place in one.places]


def test_each_sentence_has_the_places_of_its_marks_and_the_last_the_usage() -> None:
    first, second = written(*"He counted 25 men [1][3]. It rained [2, 9] there.")
    assert (first.text, quoted(first), first.unknown, first.usage) == ("He counted 25 men.", [COUNTED, LEFT], (), None)
    assert (second.text, quoted(second), second.unknown) == ("It rained there.", [FELL], ("9",))
    assert second.usage == USAGE and not second.refused and not second.cut


def test_a_sentence_is_given_as_soon_as_the_next_has_begun() -> None:
    speaker = Scripted(["He counted 25 men [1]. ", "It ", "rained ", "[2]. ", "Nobody left."])
    assert next(writing(speaker)).text == "He counted 25 men."
    assert speaker.given == 2


def test_leaving_ends_the_call() -> None:
    speaker = Scripted(repeat("He counted 25 men [1]. "))
    writer = writing(speaker)
    next(writer)
    writer.close()  # type: ignore[attr-defined]
    assert speaker.left


def test_it_can_be_left_while_the_first_sentence_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = ["He ", "counted ", "25 men [1]. ", "It ", "rained [2]."]
    without = written(*pieces)
    monkeypatch.setattr(streams, "BEAT", 0.0)
    speaker = Scripted(pieces)
    writer = writing(speaker)
    assert next(writer) == Written("", waits=True)
    writer.close()  # type: ignore[attr-defined]
    assert speaker.left and speaker.given == 1
    assert [one for one in written(*pieces) if not one.waits] == without


def test_the_model_is_asked_with_the_numbered_evidence_and_what_was_said_before() -> None:
    speaker = Scripted(["Yes."])
    turns = [Turn("Who fell?", "Rain.")]
    list(Writer(speaker, AnswerSettings(reply=50)).write(QUESTION, READ, {MADE.source: MADE}.__getitem__, turns))
    asked = speaker.asked[-1].text
    assert f"[1] Harvest: {COUNTED}\n[2] {FELL}\n[3] {LEFT}\n" in asked
    assert asked.startswith("Asked before: Who fell?\nAnswered: Rain.") and asked.endswith(QUESTION)
    assert (speaker.limit, speaker.stop) == (50, STOPS)


@pytest.mark.parametrize("reply", [REFUSAL, "I don't know.", "The sources do not mention this. [1]"])
def test_a_refusal_is_told(reply: str) -> None:
    (only,) = written(*reply)
    assert only.refused and only.usage == USAGE


def test_after_a_refusal_nothing_more_is_heard() -> None:
    speaker = Scripted([f"{REFUSAL} ", "However, ", "he was ", *repeat("mad ", 50)])
    (only,) = writing(speaker)
    assert only == Written(REFUSAL, refused=True)
    assert speaker.left and speaker.given == 2
    first, second = written(f"He counted 25 men [1]. {REFUSAL} Then he left.")
    assert (first.refused, second.refused, second.text) == (False, True, REFUSAL)


def test_a_sentence_that_goes_on_after_a_denial_is_no_refusal() -> None:
    (only,) = written("The documents don't say why, but he counted 25 men [1].")
    assert not only.refused and quoted(only) == [COUNTED]
    (only,) = written("The documents do not mention that he left [1].")
    assert not only.refused and quoted(only) == [COUNTED]


def test_a_row_of_a_table_is_cited_with_its_column_headings() -> None:
    made = document("| Office | Men |\n|---|---|\n| Kyiv | 25 |\n", media_type="text/markdown")
    (only,) = Writer(Scripted(["25 [1]."]), AnswerSettings()).write(QUESTION, evidence(made), lambda _: made)
    assert [place.span.of(made.text) for place in only.places] == ["| Kyiv | 25 |", "| Office | Men |"]


@pytest.mark.parametrize("reply", [[], [""], [" ", "\n\n"], ["..."], ["[1]"], ["Sure!"]])
def test_an_empty_reply_is_told(reply: list[str]) -> None:
    assert written(*reply) == [Written("", usage=USAGE)]


def test_without_evidence_the_model_is_not_asked() -> None:
    speaker = Scripted(["Yes."])
    assert list(writing(speaker, Evidence(()))) == [Written(REFUSAL, refused=True)]
    assert not speaker.asked


@pytest.mark.parametrize("unit", ["He counted 25 men [1]. ", "and ", "x", "[", "\n", "[1]"])
def test_a_reply_without_end_is_stopped_and_that_is_told(unit: str) -> None:
    speaker = Scripted(repeat(unit))
    *_, last = writing(speaker, reply=100)
    assert last == Written("", cut=True)
    assert speaker.left and speaker.given <= 100 * LONGEST_TOKEN / len(unit) + 2


def test_what_was_said_before_the_connection_broke_is_given_and_the_fault_raised() -> None:
    writer = writing(Scripted(["He counted 25 men [1]. It rained"], ModelError("the server is gone; start it")))
    assert next(writer).text == "He counted 25 men."
    with pytest.raises(ModelError, match="start it"):
        next(writer)


@pytest.mark.parametrize(
    ("reply", "texts"),
    [
        ("Sure! Here is the answer:\nHe counted 25 men [1].", ["He counted 25 men."]),
        ("**Answer:** He counted **25 men** [1].", ["He counted 25 men."]),
        ("# Men\n- He counted 25 men [1]\n* It rained [2]", ["Men", "He counted 25 men", "It rained"]),
        ("According to [1], he counted 25 men.", ["He counted 25 men."]),
        ("As stated in source [1] and [2], he counted 25 men.", ["He counted 25 men."]),
        ("He counted 25 men, according to [1].", ["He counted 25 men."]),
        ("He counted 25 men (see [1]).", ["He counted 25 men."]),
        ("[1] says that he counted 25 men.", ["The document says that he counted 25 men."]),
        ("[1] and [2] say that he counted 25 men.", ["The documents say that he counted 25 men."]),
        ("He counted 25 men (Source: [1]).", ["He counted 25 men."]),
        ("Source [1] says that he counted 25 men.", ["The document says that he counted 25 men."]),
        ("Source [1]: He counted 25 men.", ["He counted 25 men."]),
        ("**[1]** He counted 25 men.", ["He counted 25 men."]),
        ("Based on the provided sources, he counted 25 men.", ["He counted 25 men."]),
        ("-5 degrees were measured [1].", ["-5 degrees were measured."]),
        ("In total, he counted 25 men per day [1].", ["In total, he counted 25 men per day."]),
        ("[1]: He counted 25 men.", ["He counted 25 men."]),
        ("According to Smith, he counted 25 men [1].", ["According to Smith, he counted 25 men."]),
        ("In 2022, he counted 25 men [1].", ["In 2022, he counted 25 men."]),
        ("It is 2 * 3 * 4 and a_b__c d__e [1].", ["It is 2 * 3 * 4 and a_b__c d__e."]),
        ("```\na[1]\n```", ["```\na[1]\n```"]),
    ],
)
def test_a_sentence_is_tidied_where_a_mark_was_one_of_its_words(reply: str, texts: list[str]) -> None:
    assert [one.text for one in written(*reply)] == texts


def test_a_list_of_sources_at_the_end_is_not_part_of_the_answer() -> None:
    first, last = written("He counted 25 men [1].\n\nSources:\n[1] Harvest\n[2] Harvest")
    assert (first.text, last.text) == ("He counted 25 men.", "")
