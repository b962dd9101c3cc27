"""A chat model's sentence as it is shown: without Markdown's signs around it, and whole where a mark was a word."""

import re

from rag.answering.marks import Said

_LEAD = re.compile(
    r"\s*(?:[-*+•]\s+|#{1,6}\s+|>\s+|(?:\*\*)?Answer:(?:\*\*)?\s*|[,;:–—]\s*|-\s+)+",
    re.IGNORECASE,
)
_BOLD = re.compile(r"(?<!\w)(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_EMPTY_BOLD = re.compile(r"\*\*[\s:]*\*\*\s*")

_NAMED = (
    r"(?:the\s+)?(?:(?:provided|given|available|above|numbered)\s+)?"
    r"(?:sources?|documents?|passages?|evidence|texts?|context|information|excerpts?)(?:\s+(?:provided|given|above))?"
)
_TOLD = r"(?:stated|mentioned|described|noted|shown|seen|reported|given|found|said|written|explained|indicated)"
_BY = rf"(?:according to|as(?: \w+)? {_TOLD} (?:in|by)|based on|as per|per)"
_END = r"(?=\s*[.!?]?\s*\Z)"

_AS_ALL_TELL = re.compile(rf"(?:{_BY}|from)\s+{_NAMED}\s*,\s*(?=\w)", re.IGNORECASE)
"""Which names no document: "Based on the provided sources, he left"."""
_AS_TOLD = re.compile(rf"(?:{_BY}|in|from)(?:\s+{_NAMED})?(?:\s+and)?\s*,\s*(?=\w)", re.IGNORECASE)
"""What is left of "According to [1] and [2], he left" without its marks."""
_AS_TOLD_LAST = re.compile(rf",?\s+(?:{_BY}|see)(?:\s+{_NAMED})?(?:\s+and)?{_END}", re.IGNORECASE)
_SEE = re.compile(r"\s*\(\s*(?:see|cf\.?|sources?:?|evidence:?)\s*\)", re.IGNORECASE)
_LABEL = re.compile(r"(?:sources?|passages?|documents?|evidence)\s*:\s*(?=\w)", re.IGNORECASE)
_TELLS = re.compile(
    r"(?:(?:the\s+)?(?:sources?|passages?|documents?|evidence)\s+)?(?:and\s+)?"
    r"(?=(?:says?|states?|mentions?|notes?|explains?|reports?|describes?|shows?|indicates?)\b)",
    re.IGNORECASE,
)

_LIST_OF_SOURCES = re.compile(r"\W*(?:sources?|references?|citations?|footnotes?)\W*", re.IGNORECASE)
_CHATTER = re.compile(
    r"\W*(?:sure|certainly|of course|okay|ok|great question|good question|let me (?:help|answer)\b.*|answer"
    rf"|here(?:['’]s| is| are)\b.*:|based on {_NAMED}.*:)\W*",
    re.IGNORECASE,
)


def tidy(said: Said) -> str:
    """The words of a sentence on one line. A block of code stays as it is."""
    if said.text.startswith(("```", "~~~")):
        return said.text
    text = _BOLD.sub(r"\2", _EMPTY_BOLD.sub("", " ".join(said.text.split())))
    text = _without(_AS_ALL_TELL, _without(_LEAD, text, capital=False))
    return _whole(text) if said.marks or said.unknown else text


def lists_sources(text: str) -> bool:
    """Whether a sentence is the heading of a list of sources."""
    return bool(_LIST_OF_SOURCES.fullmatch(text))


def chatter(text: str) -> bool:
    """Whether a sentence only greets, or announces what comes."""
    return bool(_CHATTER.fullmatch(text))


def _whole(text: str) -> str:
    """A sentence that had marks, where one of them was its subject, or what it refers to."""
    text = _AS_TOLD_LAST.sub("", _SEE.sub("", text))
    text = _without(_LABEL, _without(_AS_TOLD, text))
    if tells := _TELLS.match(text):
        verb = text[tells.end() :]
        one = verb.split(" ")[0].endswith("s")
        return f"The {'document' if one else 'documents'} {verb}"
    return text


def _without(lead: re.Pattern[str], text: str, capital: bool = True) -> str:
    """`text` without such a beginning, and with a capital letter instead."""
    if not (found := lead.match(text)):
        return text
    rest = text[found.end() :]
    return rest[:1].upper() + rest[1:] if capital else rest
