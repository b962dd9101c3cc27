"""Whether a sentence stands in the evidence word for word, whatever its case, spaces and punctuation."""

from collections.abc import Sequence

from rag.text import words
from rag.trust.alignment import Statement

MOST_SENTENCES = 4
"""A text may be so many whole sentences that follow each other."""


def is_part(said: Statement, evidence: Sequence[Statement]) -> bool:
    """Whether it stands inside one sentence of the evidence, as a part of it."""
    own = f" {_letters(said.text)} "
    return any(own in f" {_letters(one.text)} " for one in evidence)


def is_whole(text: str, evidence: Sequence[Statement], context: str) -> bool:
    """Whether it is a run of whole sentences of one piece, up to `MOST_SENTENCES`, also with the title in front."""
    own = _letters(text)
    return any(own == letters for letters in _wholes(evidence, context))


def _wholes(evidence: Sequence[Statement], context: str) -> set[str]:
    letters = [_letters(one.text) for one in evidence]
    runs = set()
    for start in range(len(evidence)):
        for end in range(start + 1, min(start + MOST_SENTENCES, len(evidence)) + 1):
            if evidence[start].piece == evidence[end - 1].piece:
                runs.add(" ".join(letters[start:end]))
    return runs | {f"{_letters(context)} {run}" for run in runs if context}


def _letters(text: str) -> str:
    return " ".join(span.of(text).casefold() for span in words(text))
