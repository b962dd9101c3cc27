"""What kind of thing a question asks for, told from its words alone."""

import re
from collections.abc import Sequence

from rag.text import words

_WHOLE = r"this|these|that|it|they|the (?:\w+ )?(?:documents?|files?|reports?|texts?|articles?|papers?)"
_ABOUT = re.compile(
    rf"\b(?:what(?:['’]s| is| are| was| were)? (?:{_WHOLE})(?: \w+){{0,3}} about"
    r"|summar(?:y|i[sz]e)|overview|main (?:points?|topics?|ideas?)|gist)\b",
    re.IGNORECASE,
)
_ABOUT_SOMETHING = re.compile(r"\bwhat(?:['’]s| is| are| was| were) .+ about\b", re.IGNORECASE)
_GENERIC = re.compile(
    r"\b(?:what(?:['’]s)?|is|are|was|were|this|these|that|it|they|the|a|an|of|in|me|give|about|main|points?|topics?|ideas?"
    r"|gist|overview|summar(?:y|i[sz]e)|documents?|files?|texts?|articles?|papers?)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:list|which|what are|name (?:the|all|some)|who are|steps|reasons|examples|types|kinds)\b", re.IGNORECASE
)

_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion|half|twice)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d{2}|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|fall|winter|century|today|yesterday|year|month|week)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z][\w'’.-]+")
_KINDS = (
    (
        re.compile(
            r"\bhow (?:many|much|long|old|far|tall|big|often|large|high)\b"
            r"|\bwhat (?:share|number|percentage|proportion|amount)\b",
            re.IGNORECASE,
        ),
        _FIGURE,
    ),
    (
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month)\b", re.IGNORECASE),
        _DATE,
    ),
    (
        re.compile(r"\bwho(?:m|se)?\b|\bwhere\b|\bwhich (?:country|city|person|company|newspaper)\b", re.IGNORECASE),
        _NAME,
    ),
)


def overview(question: str) -> bool:
    """Whether it asks what the documents are about rather than for something in them."""
    return bool(_ABOUT.search(question))


def perhaps_overview(question: str) -> bool:
    """Whether it is one about the whole if what it names is a document: "What is the handbook about?"."""
    return bool(_ABOUT_SOMETHING.search(question))


def subject(question: str) -> str:
    """What is left of a question about the whole when the words that make it one are taken out."""
    return _GENERIC.sub(" ", question)


def several(question: str) -> bool:
    """Whether it may want several things."""
    return bool(_SEVERAL.search(question))


def has_kind(question: str, texts: Sequence[str]) -> float:
    """1 where `texts` have the kind of thing asked for (figure, date, name) beyond what the question itself names.

    0 where they have not, 0.5 where the question does not tell its kind.
    """
    named = {span.of(question).casefold() for span in words(question)}
    for asks, kind in _KINDS:
        if asks.search(question):
            found = (match.group().casefold().strip(".,'’") for text in texts for match in kind.finditer(text))
            return float(any(word not in named for word in found))
    return 0.5
