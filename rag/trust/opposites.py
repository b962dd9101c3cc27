"""Opposites: a word of the sentence that the evidence turns into its contrary (“rose”, “fell”)."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from rag.trust import lexicon
from rag.trust.alignment import Statement, Token, copied, stems_of
from rag.trust.beside import around, same_place
from rag.trust.finding import Finding
from rag.trust.negation import balanced, excepted, is_turned, negations
from rag.types import Span

SAID_AGAIN = 0.7
"""Share of a sentence's content words from which on a sentence of the evidence says it again, in whatever order."""
NEAR_COPY = 0.7
"""Least share of a sentence's words that follow each other as in the evidence, for the two to be one but for edits."""


def opposed(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """A word of the sentence whose opposite stands in its place in the evidence."""
    ours, theirs = negations(sentence), negations(other)
    if excepted(sentence, other, theirs) or (bool(ours) != bool(theirs) and balanced(sentence, other, ours, theirs)):
        return
    missing = [(token, _whole(token, sentence)) for token in sentence.tokens if not other.has(token)]
    said_again = sentence.share_in(other.keys) >= SAID_AGAIN
    extra = [(token, _whole(token, other)) for token in other.tokens if not sentence.has(token)]
    for token, said in missing:
        for against, turned in extra:
            if not are_opposite(said, turned):
                continue
            if not (said_again or same_place(token, sentence, against, other)):
                continue
            if _converse(token, sentence, against, other):
                continue
            if is_turned(token, ours) != is_turned(against, theirs):
                continue
            note = f"the evidence says “{turned.span.of(other.text)}”, not “{said.span.of(sentence.text)}”"
            yield Finding(said.span, note, around(against, other))


def put_in_place(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """In a near copy: a word whose opposite stands in its very place, even if the evidence has both words.

    Not where the copy leaves out a part that has the word itself: “raise taxes for companies” of “cut taxes for
    families and raise them for companies”.
    """
    if copied(sentence, other) < NEAR_COPY:
        return
    matcher = SequenceMatcher(None, stems_of(sentence), stems_of(other), autojunk=False)
    edits = matcher.get_opcodes()
    put_in = [token for tag, _, _, at, until in edits[:-1] if tag == "insert" for token in other.tokens[at:until]]
    for tag, start, end, at, until in edits:
        if tag == "replace" and end - start == until - at:
            for token, against in zip(sentence.tokens[start:end], other.tokens[at:until], strict=True):
                if are_opposite(token, against) and all(token.keys.isdisjoint(one.keys) for one in put_in):
                    note = f"the evidence says “{against.span.of(other.text)}”, not “{token.span.of(sentence.text)}”"
                    yield Finding(token.span, note, around(against, other))


def are_opposite(one: Token, other: Token) -> bool:
    """Whether two words are opposites; of hyphenated ones (left-wing) a part, where another part is the same."""
    hyphenated = "-" in one.word or "-" in other.word
    if hyphenated == one.keys.isdisjoint(other.keys) or _joined(one) == _joined(other):
        return False
    return any(lexicon.opposite(mine, theirs) for mine in one.keys for theirs in other.keys)


def _whole(token: Token, statement: Statement) -> Token:
    """The word together with the particle after it, where the two are one verb (“voted down”)."""
    after = statement.tokens[statement.tokens.index(token) + 1 :][:1]
    meant = lexicon.as_one(token.keys, after[0].word) if after else None
    return replace(token, span=Span(token.span.start, after[0].span.end), keys=meant) if meant else token


def _converse(one: Token, here: Statement, other: Token, there: Statement) -> bool:
    """Whether the two sides of a word have changed places with it: “A bought it from B”, “B sold it to A”."""
    if copied(here, there) >= NEAR_COPY:
        return False
    left, right = _sides(one, here)
    before, after = _sides(other, there)
    return not left.isdisjoint(after) and not right.isdisjoint(before)


def _sides(token: Token, statement: Statement) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of the content words before and after a word."""
    before = (key for one in statement.content if one.span.end <= token.span.start for key in one.keys)
    after = (key for one in statement.content if one.span.start >= token.span.end for key in one.keys)
    return frozenset(before), frozenset(after)


def _joined(token: Token) -> str:
    return token.word.replace("-", "")
