"""A chat model that says what a test wants it to say, piece by piece."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.models.chat import Message, Piece, Usage

Reply = str | Callable[[Sequence[Message]], str]
"""What is said, or made of what was asked. `{n:some words}` stands for the number of the evidence with these words."""


@dataclass
class ScriptedChat:
    """Gives its replies one after another, the last one ever after; then raises `fault`, if it has one."""

    replies: Sequence[Reply]
    fault: Exception | None = None
    name: str = "scripted:one"
    asked: list[Sequence[Message]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """The pieces given out, of all replies."""
    left: int = 0
    """Replies that were not heard to their end."""

    def stream(self, messages: Sequence[Message], *, limit: int, stop: Sequence[str] = ()) -> Iterator[Piece]:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(messages)
        text = numbered(reply if isinstance(reply, str) else reply(messages), messages)
        pieces, whole = re.findall(r"\s*\S{1,7}|\s+", text)[:limit], False
        try:
            for piece in pieces:
                self.said.append(piece)
                yield Piece(piece)
            if self.fault is not None:
                raise self.fault
            yield Piece("", Usage(100, len(pieces)))
            whole = True
        finally:
            self.left += not whole


def numbered(reply: str, messages: Sequence[Message]) -> str:
    """A reply with the numbers that the evidence has in what was asked."""
    return re.sub(r"\{n:([^}]+)\}", lambda match: number(match[1], messages), reply)


def number(words: str, messages: Sequence[Message]) -> str:
    """The number that stands last before `words` where they are told first in the last message; 0 for none."""
    before, _, _ = messages[-1].text.partition(words)
    return ["0", *re.findall(r"\[(\d+)\]", before)][-1]
