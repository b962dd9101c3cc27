"""What has come of a text and is not told yet."""

from dataclasses import dataclass

SPACE = " \t\xa0"
"""White space within a line."""
LONGEST_GAP = 4
"""Characters of white space within a row of marks, at most."""


class MoreNeededError(Exception):
    """What stands here cannot be told before more has come."""


@dataclass
class Window:
    """A text as far as it has come.

    Every look ahead goes through `peek`, which refuses to tell what has not come: hence nothing that is told depends
    on how the text was cut into pieces.
    """

    text: str = ""
    ended: bool = False
    """Whether nothing more will come."""

    def peek(self, at: int) -> str:
        """The character at `at`; empty after the end. Raises `MoreNeededError` where it has not come."""
        if at < len(self.text):
            return self.text[at]
        if self.ended:
            return ""
        raise MoreNeededError

    def skip(self, at: int) -> int:
        """Where the white space at `at` ends, within the line."""
        end = at
        while end - at < LONGEST_GAP and self.peek(end) and self.peek(end) in SPACE:
            end += 1
        return end

    def run(self, at: int, letter: str, most: int = 12) -> int:
        """Where the row of the same `letter` at `at` ends."""
        end = at
        while end - at < most and self.peek(end) == letter:
            end += 1
        return end
