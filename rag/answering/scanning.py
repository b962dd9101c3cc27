"""Characters of a reply told apart as they come: prose, code, and marks that point at numbered evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.answering.marking import OPENS, Mark, marks_at
from rag.answering.window import MoreNeededError, Window

LONGEST_CODE = 300
"""Characters of code between backticks, at most."""

_SPECIAL, _FENCING = re.compile(r"[\[【［(`~]"), re.compile(r"[`~]")


@dataclass(frozen=True, slots=True)
class Prose:
    """Characters as they stand."""

    text: str
    code: bool = False
    """Whether they stand in code, where nothing is a mark and nothing ends a sentence."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A block of code begins or ends."""


Token = Prose | Mark | Cut


class Scanner:
    """Tells what a reply's characters are. How far it looks ahead is bounded, and so is what it keeps."""

    def __init__(self, known: int) -> None:
        self._known = known
        self._window = Window()
        """What is not told yet, after one character that is."""
        self._at = 0
        self._fence = ""
        """The fence of the block of code at hand."""
        self._line_bare = True
        """Whether the line has only white space yet."""

    def feed(self, text: str) -> list[Token]:
        """What can be told with `text`, in order."""
        self._window.text += text
        return self._tokens()

    def finish(self) -> list[Token]:
        """The rest."""
        self._window.ended = True
        return self._tokens()

    def _tokens(self) -> list[Token]:
        tokens: list[Token] = []
        try:
            while self._at < len(self._window.text):
                tokens.extend(self._next())
        except MoreNeededError:
            pass
        kept = max(0, self._at - 1)
        self._window.text, self._at = self._window.text[kept:], self._at - kept
        return tokens

    def _next(self) -> Iterator[Token]:
        """The tokens at hand; moves on only once all of them are told."""
        letter = self._window.text[self._at]
        if letter in "`~" and self._line_bare and (fence := self._fenced(letter)):
            yield from fence
        elif self._fence:
            yield self._passed(self._until(_FENCING), code=True)
        elif letter == "`":
            end, code = self._code()
            yield self._passed(end, code)
        elif letter in OPENS and (found := marks_at(self._window, self._at, self._known)):
            self._at, mark = found
            self._line_bare = False
            yield mark
        else:
            yield self._passed(self._until(_SPECIAL))

    def _until(self, special: re.Pattern[str]) -> int:
        """Where, after this character, something else may begin."""
        found = special.search(self._window.text, self._at + 1)
        return found.start() if found else len(self._window.text)

    def _passed(self, end: int, code: bool = False) -> Prose:
        text = self._window.text[self._at : end]
        self._at = end
        line = text.rpartition("\n")[2]
        self._line_bare = (self._line_bare or "\n" in text) and not line.strip()
        return Prose(text, code)

    def _fenced(self, letter: str) -> list[Token]:
        """The fence that opens a block of code here, or closes it; none where this is no fence."""
        end = self._window.run(self._at, letter)
        length = end - self._at
        if length < 3:
            return []
        if not self._fence:
            self._fence = letter * length
            return [Cut(), self._passed(end, code=True)]
        if letter != self._fence[0] or length < len(self._fence):
            return []
        self._fence = ""
        return [self._passed(end, code=True), Cut()]

    def _code(self) -> tuple[int, bool]:
        """Where the code between backticks ends; where it does not in this line, where the backticks do, and False."""
        opened = at = self._window.run(self._at, "`")
        while at - opened < LONGEST_CODE and (letter := self._window.peek(at)) not in ("", "\n"):
            if letter != "`":
                at += 1
                continue
            end = self._window.run(at, "`")
            if end - at == opened - self._at:
                return end, True
            at = end
        return opened, False
