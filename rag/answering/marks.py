"""The sentences of a reply as it comes, and the marks in it that point at the numbered evidence.

A mark is `[1]`, `[1][2]`, `[1], [2]`, `[1, 2]`, `[1-3]`, `[[1]]`, `[^1]`, `【1】`, `【1†source】`, `[Source 1]`,
`([1])` or `(source 1)`. Prose are `(1)`, which numbers a list, `[2022]`, a year, `\\[1]`, `[text](url)`, also where
the text is a number, `[citation needed]`, and all that stands in code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.marking import Mark
from rag.answering.scanning import Cut, Scanner, Token
from rag.answering.window import SPACE
from rag.text import units

LONGEST = 1200
"""Characters after which a sentence that does not end is cut: the memory and the time that a reply may take."""
LONGEST_QUOTE = 300
"""Characters within which a quote or a parenthesis is waited for to close; a sentence does not end inside."""

_ENDS = re.compile(r"[.!?…:;。！？]\W*\Z")
_ENDS_CJK = re.compile(r"[。！？][”’\"'」』）)】]*\Z")
_CLOSE_UP = ".,;:!?…)]}”’\"'»\n。，！？」"
"""Before these goes the space that stood before a mark."""
_ALONE = re.compile(r"\W*(?:\d{1,3}|[a-zA-Z])?[.)]?\W*\Z")
"""A list's number or bullet, which the splitter takes for a sentence of its own."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a reply, list item, heading or block of code, and what it cites."""

    text: str
    """Its own characters without the marks, and without white space around it; empty where marks stand all alone."""
    marks: tuple[int, ...] = ()
    """The numbers of known evidence it cites, each once, in order."""
    unknown: tuple[str, ...] = ()
    """The numbers that stand for nothing, as they were written: `7`, `4-9`."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark at its place in the prose kept back."""

    mark: Mark
    at: int
    leads: bool
    """Whether its line began with a mark, so that marks come before their sentences there."""


class MarkReader:
    """Reads one reply. Takes any text, never raises, and says the same however the text is cut into pieces.

    Every character of the reply is in exactly one sentence or one mark, but for white space around either.
    """

    def __init__(self, known: int) -> None:
        """With evidence numbered from 1 to `known`."""
        self._scanner = Scanner(known)
        self._prose = ""
        self._view = ""
        """The prose as the splitter sees it, character by character: code is one word."""
        self._placed: list[_Placed] = []
        self._cuts: list[int] = []
        """Where a block of code begins or ends."""
        self._worded = self._leading = False
        """Of the line at hand: whether it has words yet; whether a mark came before them."""
        self._after_mark = False
        """Whether a mark was the last thing read."""
        self._deferred = False
        """Whether a sentence may have ended inside a quote or a parenthesis that is still open."""

    def feed(self, text: str) -> list[Said]:
        """The sentences that are finished with `text`: those after which another one has begun."""
        return self._take(self._scanner.feed(text))

    def finish(self) -> list[Said]:
        """The rest, after the last piece."""
        said = self._take(self._scanner.finish())
        starts = self._starts(waiting=False)
        return said + self._emitted([*starts, len(self._prose)])

    def _take(self, tokens: list[Token]) -> list[Said]:
        said: list[Said] = []
        for token in tokens:
            if isinstance(token, Cut):
                self._cuts.append(len(self._prose))
            elif isinstance(token, Mark):
                self._place(token)
            else:
                for letter in token.text:
                    said += self._code_letter(letter) if token.code else self._letter(letter)
        return said

    def _place(self, mark: Mark) -> None:
        self._leading = self._leading or not self._worded
        at = len(self._prose.rstrip(SPACE))
        if self._placed and self._placed[-1].at == at:  # as many as there are, they are no more than their numbers
            mark = _together([self._placed.pop().mark, mark])
        self._placed.append(_Placed(mark, at, self._leading))
        self._after_mark = True

    def _letter(self, letter: str) -> list[Said]:
        """One more character of prose, and the sentences that it shows to be finished."""
        if self._after_mark:
            self._after_mark = False
            if letter in SPACE and self._prose[-1:] in SPACE:
                return []
            if letter in _CLOSE_UP:
                self._prose = self._prose.rstrip(SPACE)
                self._view = self._view[: len(self._prose)]
        ends_word = letter.isspace() and not self._view[-1:].isspace() and self._may_begin()
        said = self._emitted(self._starts(waiting=True)) if ends_word else []
        after_stop = bool(_ENDS_CJK.search(self._view[-8:]))
        self._append(letter, "\ufffd" if "\ud800" <= letter <= "\udfff" else letter)
        if after_stop and not letter.isspace() and not _ENDS_CJK.search(self._view[-8:]):
            said += self._emitted(self._starts(waiting=True))
        if letter == "\n":
            self._worded = self._leading = False
        return said + self._cut_short()

    def _code_letter(self, letter: str) -> list[Said]:
        self._after_mark = False
        self._append(letter, "x")
        return self._cut_short()

    def _append(self, text: str, view: str) -> None:
        self._prose += text
        self._view += view
        self._worded = self._worded or text.isalpha()

    def _may_begin(self) -> bool:
        """Whether the last word can be the first of a sentence."""
        first = max(self._view.rfind(" "), self._view.rfind("\n"), self._view.rfind("\t")) + 1
        before = self._view[:first].rstrip()
        return (
            self._deferred
            or bool(self._cuts)
            or any(placed.at > first for placed in self._placed)
            or "\n" in self._view[len(before) : first]
            or bool(_ENDS.search(before[-16:]))
        )

    def _starts(self, waiting: bool) -> list[int]:
        """Where sentences after the first begin; while more is `waiting`, none inside an open quote or parenthesis."""
        found = {span.start for span in units(self._view, media_type="text/x-reply")}
        for cut in self._cuts:
            found.add(cut + len(self._prose[cut:]) - len(self._prose[cut:].lstrip()))
        for placed in self._placed:  # "He left.[1]She stayed."
            if _ENDS.search(self._view[: placed.at][-16:]) and self._view[placed.at : placed.at + 1].isupper():
                found.add(placed.at)
        starts: list[int] = []
        began, self._deferred = 0, False
        for start in sorted(found):
            before = self._view[began:start]
            if not before.strip() or start >= len(self._prose) or (len(before) < 16 and _ALONE.match(before)):
                continue
            if waiting and len(self._view) - began < LONGEST_QUOTE and "\n" not in before and _open(before):
                self._deferred = True
                break
            starts.append(start)
            began = start
        return starts

    def _cut_short(self) -> list[Said]:
        """What is too long to be kept back, cut between two words, or anywhere where there are none."""
        if len(self._prose) <= LONGEST:
            return []
        at = max(self._view.rfind(" "), self._view.rfind("\n")) + 1
        end = at if self._prose[:at].strip() else len(self._prose)
        return self._emitted([*(start for start in self._starts(waiting=False) if start < end), end])

    def _emitted(self, ends: list[int]) -> list[Said]:
        """The sentences up to each of `ends`; what comes after is kept back."""
        said: list[Said] = []
        start = 0
        for end in ends:
            text = self._prose[start:end]
            mine = [placed for placed in self._placed if self._is_of(placed, start + len(text.rstrip()), end)]
            self._placed = [placed for placed in self._placed if placed not in mine]
            cited = _together([placed.mark for placed in mine])
            if text.strip() or mine:
                said.append(Said(text.strip(), cited.numbers, cited.unknown))
            start = end
        self._prose, self._view = self._prose[start:], self._view[start:]
        self._placed = [replace(placed, at=max(0, placed.at - start)) for placed in self._placed]
        self._cuts = [cut - start for cut in self._cuts if cut > start]
        return said

    def _is_of(self, placed: _Placed, closed: int, end: int) -> bool:
        """Whether a mark is of the sentence whose words end at `closed`, not of the one that begins at `end`."""
        between = closed <= placed.at <= end < len(self._prose) and "\n" not in self._prose[placed.at : end]
        if between and (placed.leads or self._prose[end].islower()):
            return False
        return placed.at <= end


def _together(marks: Sequence[Mark]) -> Mark:
    numbers = dict.fromkeys(number for mark in marks for number in mark.numbers)
    return Mark(tuple(numbers), tuple(dict.fromkeys(number for mark in marks for number in mark.unknown)))


def _open(text: str) -> bool:
    """Whether a quote or a parenthesis has been opened and not closed."""
    return (
        text.count('"') % 2 == 1
        or text.count("(") > text.count(")")
        or text.count("«") > text.count("»")
        or text.count("“") > text.count("”") + text.count("„")
    )
