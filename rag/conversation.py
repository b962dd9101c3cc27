"""Conversations: follow-up questions made standalone, and turns that each keep their own evidence."""

import json
import re
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter, ValidationError

from rag.errors import BadInput, LibraryError
from rag.following.pointing import pointer
from rag.following.referring import resolve
from rag.following.restating import reworded
from rag.models.chat import Speaker
from rag.types import Answer, Step, Turn

_TURNS = TypeAdapter(tuple[Turn, ...])


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question as it is to be searched and answered."""

    text: str
    changed: bool = False
    why: str = ""
    """What was taken for what; empty where nothing was changed."""


def standalone(question: str, earlier: Sequence[Turn], speaker: Speaker | None = None) -> Standalone:
    """`question` with what it leaves to the earlier turns, so that it can be understood alone.

    One that stands alone is handed back as it is. By rules for pronouns, "that bridge", "And in 2021?" and their like;
    where there is a chat model (`speaker`) it words the question, and where it brings in a name or a figure that nobody
    has mentioned, or fails, the rules' wording counts.
    """
    found = pointer(question) if earlier else None
    if found is None:
        return Standalone(question)
    text = reworded(question, earlier, speaker) if speaker is not None else None
    if speaker is not None and text and _plain(text) != _plain(question):
        return Standalone(text, True, f"reworded by {speaker.name}")
    meant = resolve(question.strip(), found, earlier)
    if meant is None or _plain(meant.text) == _plain(question):
        return Standalone(question)
    return Standalone(meant.text, True, meant.why)


def retold(said: Sequence[tuple[str, str]], speaker: Speaker | None = None) -> tuple[Turn, ...]:
    """Turns from questions and the words of their answers, each question understood by those before it."""
    turns: list[Turn] = []
    for question, text in said:
        meant = standalone(question, turns, speaker)
        turns.append(Turn(question, text, meant.text if meant.changed else None))
    return tuple(turns)


def as_asked(answer: Answer, question: str, meant: Standalone) -> Answer:
    """The answer to `meant`, under the question as it was asked."""
    return replace(answer, question=question, understood=meant.text) if meant.changed else answer


def steps_as_asked(steps: Generator[Step, None, None], question: str, meant: Standalone) -> Generator[Step, None, None]:
    """The steps of the answer to `meant`, each saying what the question was taken for."""
    with closing(steps):
        for step in steps:
            answer = step.answer and as_asked(step.answer, question, meant)
            yield replace(step, answer=answer, understood=meant.text if meant.changed else None)


def turn(answer: Answer) -> Turn:
    """What later questions may point back to in `answer`: nothing of what an abstention says."""
    text = " ".join(one.text for one in answer.sentences if not one.withheld)
    return Turn(answer.question, text if answer.status == "answered" else "", answer.understood, answer)


Ask = Callable[[str, Sequence[Turn]], Generator[Step, None, None]]


class Conversation:
    """Questions to one library, each understood by those before it. Made by `Library.chat`.

    Safe for threads; of two questions asked at the same time neither knows of the other.
    """

    def __init__(self, ask: Ask, turns: Sequence[Turn] = (), *, limit: int = 12) -> None:
        """`ask` gives the steps of an answer from a question and the earlier turns, of which `limit` are kept."""
        self._ask, self._limit = ask, limit
        self._lock = threading.Lock()
        self._turns = tuple(turns)[-limit:]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered, the oldest first; no more than the limit."""
        with self._lock:
            return self._turns

    def ask(self, question: str) -> Answer:
        """The answer to `question`, which may be a follow-up; what it was taken for is `Answer.understood`.

        Raises what `Library.ask` raises; then the conversation stays as it was.
        """
        *_, last = self.stream(question)
        if last.answer is None:
            raise LibraryError("the answer was not finished; ask again")
        return last.answer

    def stream(self, question: str) -> Generator[Step, None, None]:
        """`ask` step by step. The turn is kept once its answer is whole; closing it ends the work."""
        with closing(self._ask(question, self.turns)) as steps:
            for step in steps:
                if step.stage == "answer" and step.answer is not None:
                    self._keep(turn(step.answer))
                yield step

    def clear(self) -> None:
        """Forget every turn."""
        with self._lock:
            self._turns = ()

    def to_json(self) -> str:
        """The turns with their answers and evidence; `Library.chat(turns=read(text))` goes on from there."""
        return json.dumps([asdict(one) for one in self.turns], ensure_ascii=False)

    def _keep(self, one: Turn) -> None:
        with self._lock:
            self._turns = (*self._turns, one)[-self._limit :]


def read(text: str) -> tuple[Turn, ...]:
    """The turns that `Conversation.to_json` wrote. Raises `BadInput`."""
    try:
        return _TURNS.validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise BadInput(f"not a conversation ({key}: {first['msg']}); begin a new one") from None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
