"""The short answer: the few words of a quoted sentence that answer by themselves."""

import re
from dataclasses import replace

from rag.text import count_words, stems
from rag.types import Answer, Span

LARGEST_SHARE = 0.6
"""Of a sentence's words: more of them are no shorter answer."""
_YES_OR_NO = re.compile(
    r"\s*(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[$£€¥]?(?:\d+(?:[.,]\d+)+\w*|\w+)%?")
"""A word or figure with what must not be cut off it."""
_EDGES = frozenset(" \t\n\r\u00a0,;:!?–—")
_PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", "«": "»", '"': '"'}
_OPENING = {closing: opening for opening, closing in _PAIRS.items()}
_ABBREVIATED = re.compile(r"\b(?:[^\W\d_]|Jr|Sr|Inc|Ltd|Co|Corp|Bros|St|Dr|etc)\.$")


def told(answer: Answer, sentence: int, words: str) -> str | None:
    """`words` where they can be the short answer, found in the sentence at that place; else None.

    They are clearly fewer than the sentence's, they would be shown in it and in no other, and the question does not ask
    whether something is so, which no few words of a sentence answer.
    """
    most = LARGEST_SHARE * count_words(answer.sentences[sentence].text)
    if not 0 < count_words(words) <= most or _YES_OR_NO.match(answer.understood or answer.question):
        return None
    shown = where(replace(answer, short=words))
    return words if shown and shown[0] == sentence else None


def tidied(text: str, span: Span) -> Span:
    """The span widened to whole words and figures, and without the marks and blanks at its edges.

    Brackets and quotation marks go where the other of the pair is left out, or where they enclose all of it.
    """
    touched = [one.span() for one in _WORD.finditer(text) if one.start() < span.end and span.start < one.end()]
    start, end = min([span.start, *(one[0] for one in touched)]), max([span.end, *(one[1] for one in touched)])
    while start < end:
        inner = text[start:end]
        left, right = _loose(inner)
        if not left and not right:
            break
        start, end = start + left, end - right
    return Span(start, max(start, end))


def standing(text: str, words: str) -> Span | None:
    """Where `words` first stand in `text`, not cut out of a longer word; None where they do not."""
    found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) if words else None
    return Span(*found.span()) if found else None


def where(answer: Answer) -> tuple[int, Span] | None:
    """The sentence that the short answer is shown in (its place among them) and its characters there.

    Of several that have the words, the one that has most of the question's words, the first of equals; none that is
    withheld. None where there is no short answer, or it stands nowhere.
    """
    if not answer.short:
        return None
    asked = set(stems(answer.understood or answer.question))
    found = [
        (at, span, len(asked.intersection(stems(sentence.text))))
        for at, sentence in enumerate(answer.sentences)
        if not sentence.withheld and (span := standing(sentence.text, answer.short))
    ]
    best = max(found, key=lambda one: one[2], default=None)
    return None if best is None else best[:2]


def _loose(inner: str) -> tuple[int, int]:
    """How many characters at its two ends are no part of an answer."""
    first, last = inner[0], inner[-1]
    if first in _EDGES:
        return 1, 0
    if last in _EDGES or (last == "." and not _ABBREVIATED.search(inner)):
        return 0, 1
    if len(inner) > 1 and _PAIRS.get(first) == last and last not in inner[1:-1]:
        return 1, 1
    if first in _PAIRS and _PAIRS[first] not in inner[1:]:
        return 1, 0
    return (0, 1) if last in _OPENING and _OPENING[last] not in inner[:-1] else (0, 0)
