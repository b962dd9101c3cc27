"""What each word is said with: “died in Malmö” where the evidence has “born in Malmö and died in Lund”."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.trust import lexicon
from rag.trust.alignment import Statement, Token
from rag.trust.finding import Finding
from rag.trust.negation import negations
from rag.trust.opposites import are_opposite
from rag.types import Span

_PREPOSITIONS = frozenset("in on at by for from to with as into over under against about during".split())
_SMALL = frozenset("a an the this that these those his her its their my our your".split())
_JOINING = re.compile(r"[;,]|\b(?:and|but|or|while|whereas)\b", re.IGNORECASE)
_OTHER_CLAUSE = re.compile(r";|,? (?:while|whereas|but(?! also))\b", re.IGNORECASE)
"""What a clause with a subject of its own begins after."""
_HELPING = re.compile(r"\b(?:is|are|was|were|be|been|being|has|have|had|will|would|can|could|may|might|must|did)\b")
_NO_DEED = frozenset("men women children people feet teeth lives wives leaves data media".split())
"""Irregular forms that are nouns."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two content words that follow each other, and what stands between them."""

    head: Token
    between: str
    word: Token

    @property
    def preposition(self) -> str | None:
        """The one that joins them; empty where nothing does, None where more than that stands between."""
        if _JOINING.search(self.between):
            return None
        words = [word for word in self.between.casefold().split() if word not in _SMALL]
        if not words:
            return ""
        return words[0] if len(words) == 1 and words[0] in _PREPOSITIONS else None


def elsewhere(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """Words of the sentence that the evidence has too, but not together: each with another word in its place.

    Where either denies anything there is none: it may deny just that.
    """
    if negations(sentence) or negations(other):
        return
    there = links(other)
    for link in links(sentence):
        if link.preposition is None:
            continue
        alike = [one for one in there if one.preposition == link.preposition]
        own = [one for one in alike if one.head.same(link.head)]
        if any(one.word.same(link.word) for one in own):
            continue
        against = [one for one in own if link.preposition and _has_another(one, link, sentence, other, there)]
        if own:
            against += [one for one in alike if one.word.same(link.word) and are_opposite(one.head, link.head)]
        if against:
            words = other.text[against[0].head.span.start : against[0].word.span.end]
            span = Span(link.head.span.start, link.word.span.end)
            yield Finding(span, f"the evidence says “{words}”, not “{span.of(sentence.text)}”", words)


def turned_round(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """“From B to A” where the evidence has “from A to B”."""
    theirs = list(_ways(other))
    for start, end in _ways(sentence):
        back = [(one, two) for one, two in theirs if one.same(end) and two.same(start)]
        if back and not any(one.same(start) and two.same(end) for one, two in theirs):
            words = other.text[back[0][0].span.start : back[0][1].span.end]
            span = Span(start.span.start, end.span.end)
            yield Finding(span, f"the evidence says “{words}”, the other way round", words)


def of_another(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """Words said of what begins the sentence that stand in an earlier clause, and in its own clause not one of them:
    “visitors come in for free” where the evidence says “students come in for free; visitors pay”."""
    if negations(sentence) or negations(other):
        return
    subject, rest = sentence.content[0], sentence.content[1:]
    for start, end in _clauses(other)[1:]:
        own = [token for token in other.content if start <= token.span.start < end]
        before = [token for token in other.content if token.span.start < start]
        theirs = frozenset(key for token in other.content if token not in own for key in token.keys)
        told = [token for token in rest if other.has(token)]
        if (
            len(own) > 1
            and told
            and own[0].same(subject)
            and subject.keys.isdisjoint(theirs)
            and all(any(token.same(one) for one in before) for token in told)
            and not any(token.same(one) for token in told for one in own)
        ):
            yield Finding(subject.span, f"the evidence says that of another than “{subject.span.of(sentence.text)}”")


def links(statement: Statement) -> list[Link]:
    """Every two content words of a sentence that follow each other."""
    text = statement.text
    return [Link(one, text[one.span.end : two.span.start], two) for one, two in pairwise(statement.content)]


def _ways(statement: Statement) -> Iterator[tuple[Token, Token]]:
    """Where something goes or changes from and to, in words; figures are compared as values elsewhere."""
    for one, two in pairwise(links(statement)):
        words = one.word.word, two.word.word
        if (one.preposition, two.preposition) == ("from", "to") and all(map(str.isalpha, words)):
            yield one.word, two.word


def _clauses(statement: Statement) -> list[tuple[int, int]]:
    """Where each clause with a subject of its own begins and ends."""
    ends = [0, *(match.end() for match in _OTHER_CLAUSE.finditer(statement.text)), len(statement.text)]
    return list(pairwise(ends))


def _has_another(one: Link, link: Link, sentence: Statement, other: Statement, there: Sequence[Link]) -> bool:
    """Whether the evidence says `one.word` in the place of `link.word`, which it says with another deed."""
    if _kind(one.word, other) != _kind(link.word, sentence) or one.word.word in ("one", "ones"):
        return False
    told = [each for each in there if each.word.same(link.word)]
    return bool(told) and all(
        each.preposition
        and not sentence.has(each.head)
        and _another_deed(there, *sorted((there.index(one), there.index(each))))
        for each in told
    )


def _another_deed(there: Sequence[Link], first: int, second: int) -> bool:
    """Whether a deed of its own begins between two links, after “and” or its like: “… and died in”."""
    return any(_JOINING.search(each.between) and _is_deed(each) for each in there[first + 1 : second])


def _is_deed(link: Link) -> bool:
    word = link.word.word
    irregular = len(lexicon.keys(word)) > 1 and word not in _NO_DEED
    return word.endswith("ed") or irregular or bool(_HELPING.search(link.between))


def _kind(token: Token, statement: Statement) -> str:
    sign = statement.text[token.span.start]
    return "figure" if sign.isdigit() else "name" if sign.isupper() else "word"
