"""Which words of a question point back to what was said before. A question that stands alone has none.

Told from the shape of the question alone, and in doubt it stands: a pronoun counts only where nothing before it in the
question could be what it means, and "it" and "they" not where they mean nothing in particular ("is it safe to", "when
did they stop making").
"""

import re
from dataclasses import dataclass
from typing import Literal

from rag.following.mentions import ASKING, AUXILIARIES, STOPS

What = Literal[
    "person", "thing", "several", "one", "place", "kind", "clause", "other", "which", "instead", "bare", "else"
]

_LEAD = r"(?:(?:and|but|so|then|ok|okay|also|well|now)\b[,.]?\s+)*"
_AUX = r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?"
_PREPOSITION = r"(?:in|on|at|for|by|with|from|to|of|since|until|before|after|during|about|under|over)"
_ASKED = (
    rf"(?:(?:{_PREPOSITION}\s+)?(?:when|where|why|whom|who|whose)|(?:{_PREPOSITION}\s+)?(?:how|what|which)"
    rf"(?:\s+(?!(?:who|what|which|when|where|why|how|{_AUX})\b)[\w'’-]+){{0,4}}?)\s+"
)
_PRONOUN = r"(?P<word>he|she|it|they|him|her|them|his|hers|its|their|theirs)\b(?!['’])"
_INVERTED = re.compile(rf"{_LEAD}(?:{_ASKED})?{_AUX}\s+{_PRONOUN}", re.IGNORECASE)
"""The pronoun is, or owns, the subject of the question: "When did he", "How old is his"."""
_ACTED = re.compile(
    rf"{_LEAD}(?:who|what|which)\s+(?:[a-z]+\s+)?(?!{_AUX}\b)[a-z]+\s+(?:{_PREPOSITION}\s+)?{_PRONOUN}", re.IGNORECASE
)
"""The pronoun is what somebody asked for acts on: "Who succeeded him", "What happened to it"."""
_TOLD = re.compile(
    rf"{_LEAD}(?:please\s+)?(?:tell me|say|explain|describe|show me|what do you know|anything)\s+(?:more\s+)?"
    rf"(?:about\s+)?{_PRONOUN}",
    re.IGNORECASE,
)
_DONE = re.compile(
    rf"{_LEAD}(?:{_ASKED})?{_AUX}\s+(?:i|we|you|one|people|someone)\s+[a-z]+\s+(?:{_PREPOSITION}\s+)?"
    r"(?P<word>it|them|one)\b",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?:his|its|their)\b|her(?=\s+(?!(?:in|on|at|for|by|with|from|to|of|and|or|then|now)\b)\w)", re.IGNORECASE
)
_EMPTY = re.compile(
    r"it\b(?:['’]s|.*\b(?:that|if|when|while|like|since)\b|\s+(?:[\w-]+\s+){0,2}to\s+(?!the\b|it\b)[a-z]+"
    r"|\s+(?:[\w-]+\s+){0,6}for\s+\w+(?:\s+\w+)?\s+to\b|\s+(?:time|rain|snow|hot|cold|dark|today|now)\b"
    r"|.*\btakes? .*\bto\b)",
    re.IGNORECASE,
)
_TIMED = re.compile(r"\b(?:time|day|date|year|month|season)\s+(?:is|was|will|would)\s+$", re.IGNORECASE)
_MEANT = re.compile(
    r"it\s+(?:have to|had to|need to|going to|used to|able to|want to|belong to|lead to|due to)", re.IGNORECASE
)
_ANYBODY = frozenset(
    "film put stop start begin make use find call say add play hold show get build sell shoot grow keep write change"
    " take come have do name give let celebrate speak".split()
)
_AGAIN = re.compile(rf"{_LEAD}(?P<word>(?:what|how) about|and)\s+(?P<rest>.+)", re.IGNORECASE)
_PHRASE = re.compile(rf"(?P<rest>{_PREPOSITION}\s+.+)", re.IGNORECASE)
_BARE = re.compile(
    rf"{_LEAD}(?P<word>why not|why|when|where|who|how many|how much|how long|how often|how far|how|since when|by whom"
    r"|with whom|for how long|until when|which ones?|what for)",
    re.IGNORECASE,
)
_ELSE = re.compile(
    rf"{_LEAD}(?P<word>(?:who|what|where|when|why|how|anything|anyone|anybody)\s+else)(?P<rest>\s+\S+)?", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?P<word>the (?:other|second|first) one|the (?:other|former|latter))"
    r"(?=\s*$|\s+(?:do|does|did|is|was|were|has|have|in|on|say|said|cost)\b)",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    rf"{_LEAD}which(?:\s+one)?\s+(?:of (?:the two|them|these|those)\s+)?(?:is|was|are|were)\s+(?:more|less|the\s+)?\s*"
    r"(?:\w+er|better|worse|best|worst|important|expensive|likely|popular|common|recent)",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"(?:^|(?<=\s))(?P<word>(?P<which>this|that|these|those)\s+(?P<noun>[a-z]+))\b(?=\s*$|\s+[a-z])", re.IGNORECASE
)
_BEFORE_KIND = frozenset(
    "in on at for by with from to of since until before after during about under over near".split()
)
_CLAUSE = re.compile(
    rf"{_LEAD}(?:(?:why|how|when|where|what)\s+)?(?:{_AUX}\s+)?(?P<word>this|that|these|those)"
    r"(?:\s+(?:true|mean|means|happen|happened|work|so|right|correct|legal|safe|possible|important))?",
    re.IGNORECASE,
)
_THERE = re.compile(r"\b(?P<word>there)$", re.IGNORECASE)
_NOT_ONE = frozenset(
    "which this that no any some every number the first world part season than another each just".split()
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A word of a question, or all of it, that points back."""

    what: What
    """`person`, `thing`, `several`: pronouns. `one`: "create one". `place`: "there". `kind`: "that bridge".
    `clause`: "Is that true?". `other`: "the latter". `which`: "Which is better?". `instead`: "What about Kherson?".
    `bare`: "Why?". `else`: "Who else?"."""
    start: int
    end: int
    word: str
    owns: bool = False
    """Whether it is a possessive."""
    rest: str = ""
    """Of `instead`: what is to stand in the earlier question; of `kind`: the noun."""


def pointer(question: str) -> Pointer | None:
    """The first word of `question` that points back, or None where it stands alone."""
    bare = question.strip().rstrip("?!. ").strip()
    if not bare:
        return None
    return _whole(bare) or _pronoun(bare) or _other(bare) or _demonstrative(bare) or _there(bare)


def chosen(words: str) -> Pointer | None:
    """`words` as one of two: "the former", "the other one"."""
    return _other(words) if _OTHER.fullmatch(words) else None


def lead(question: str) -> str:
    """The words such as "And" before a question proper."""
    found = re.match(_LEAD, question, re.IGNORECASE)
    return found.group() if found else ""


def _whole(question: str) -> Pointer | None:
    """A question that is nothing without the one before."""
    if found := _BARE.fullmatch(question):
        return Pointer("bare", *found.span("word"), found["word"])
    if found := _ELSE.fullmatch(question):
        return Pointer("else", *found.span("word"), found["word"])
    found = _AGAIN.fullmatch(question)
    if found and (found["word"].casefold() != "and" or _is_phrase(found["rest"])):
        return Pointer("instead", *found.span("rest"), found["word"], rest=found["rest"])
    found = _PHRASE.fullmatch(question)
    if found and len(question.split()) <= 3 and _is_phrase(found["rest"]):
        return Pointer("instead", *found.span("rest"), "", rest=found["rest"])
    if (
        (found := _COMPARED.match(question))
        and len(question.split()) <= 9
        and not re.search(r"[:,]| or |\bthe\b.*\bin\b", question)
    ):
        return Pointer("which", *found.span(), found.group())
    return None


def _pronoun(question: str) -> Pointer | None:
    found = next((one for pattern in (_INVERTED, _ACTED, _TOLD, _DONE) if (one := pattern.match(question))), None)
    partly = re.match(
        rf"{_LEAD}(?:how many|which|what|how much|some|all|any|most|one|none)\s+of\s+(?P<word>them|these|those)\b",
        question,
        re.IGNORECASE,
    )
    if partly:
        return Pointer("several", *partly.span("word"), partly["word"])
    if found is None:
        return None
    word, at = found["word"].casefold(), found.start("word")
    after = question[found.end("word") :].split()
    acted = not _INVERTED.match(question)
    if acted and (len(after) > 3 or (after and after[0].casefold() in AUXILIARIES | ASKING)):
        return None
    owns = bool(_OWNER.match(question, at))
    if word == "one":
        return None if question[:at].split()[-1].casefold() in _NOT_ONE else Pointer("one", *found.span("word"), word)
    if acted and owns and len(question.split()) > 6:
        return None  # "who sang his eye is on the sparrow"
    if word in ("he", "she", "him", "her", "his", "hers"):
        return Pointer("person", *found.span("word"), word, owns)
    if word in ("it", "its"):
        empty = _EMPTY.match(question, at) and not _MEANT.match(question, at)
        return (
            None
            if empty or _TIMED.search(question, 0, at) or "it that" in question
            else Pointer("thing", *found.span("word"), word, owns)
        )
    anybody = bool(after) and after[0].casefold() in _ANYBODY and len(after) > 2
    return None if anybody or len(after) > 8 else Pointer("several", *found.span("word"), word, owns)


def _other(question: str) -> Pointer | None:
    found = _OTHER.search(question)
    return Pointer("other", *found.span("word"), found["word"]) if found else None


def _demonstrative(question: str) -> Pointer | None:
    if found := _CLAUSE.fullmatch(question):
        return Pointer("clause", *found.span("word"), found["word"])
    for found in _KIND.finditer(question):
        if found["noun"].casefold() in STOPS or re.match(r"\s+of\b", question[found.end() :], re.IGNORECASE):
            continue
        before = question[: found.start()].split()
        last = before[-1].casefold() if before else ""
        if not before or last in _BEFORE_KIND | AUXILIARIES | ASKING | {"and", "but", "so"}:
            return Pointer("kind", *found.span("word"), found["word"], rest=found["noun"])
    return None


def _there(question: str) -> Pointer | None:
    found = _THERE.search(question)
    before = question.split()[:-1]
    if found is None or len(before) < 2 or before[-1].casefold() in AUXILIARIES | {"out", "over", "from"}:
        return None
    return Pointer("place", *found.span("word"), found["word"])


def _is_phrase(rest: str) -> bool:
    """Whether it is a few words without a verb that asks, and no question of its own."""
    tokens = [word.casefold().strip("?,.") for word in rest.split()]
    return len(tokens) <= 5 and not any(token in AUXILIARIES | ASKING for token in tokens)
