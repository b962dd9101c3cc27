"""Negations: the words that turn others, and which those are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.trust.alignment import Statement, Token
from rag.trust.common import is_common_word
from rag.types import Span

_CUE = re.compile(
    r"\b(?:(?:not|never) (?:true|the case|correct) that|untrue that|false that"
    r"|not|never|no longer|no one|no|none|nobody|nothing|nowhere|neither|nor|without|cannot|hardly|barely|scarcely"
    r"|fail(?:ed|s|ing|ure)? to|refus(?:ed|es|ing|al|e) to|declin(?:ed|es|ing|e) to|unable to|unwilling to"
    r"|lack(?:ed|s|ing)?(?: of)?|absence of|except(?: for| on)?|exception of|other than|instead of|rather than"
    r"|ruled out|(?:prevent|stopp?)(?:ed|s|ing)?\b[^.;,]{0,40}? from|den(?:y|ied|ies|ying)(?: that)?|ceased to|stopped"
    r"|avoid(?:ed|s|ing)?(?: the| to)?)\b|\w+n ?['’]t\b|\bn['’]t\b",
    re.IGNORECASE,
)
_NO_CUE = re.compile(
    r"\b(?:(?:not|\w+n['’]t) (?:only|just|merely|simply|least|to mention|until)"
    r"|no (?:doubt|fewer than|less than|more than|sooner|matter|one but)"
    r"|whether or not|or not|or without|if not|why not|nothing (?:but|less)|no\. ?\d|no \d|no,)",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?:un|in|im|il|ir|dis|non|mis)(?=[a-z]{3})")
_SETTING_ASIDE = re.compile(r"without|instead of|rather than", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:only|prohibit\w*|forb[ia]d\w*|bann?(?:ed|s)?|barred|refrain\w*|\w+-free|free (?:of|from)|exempt\w*"
    r"|abstain\w*|exclud\w+|dropp(?:ed|ing)|drops|discontinu\w+|abolish\w*|abandon\w*|acquit\w*)\b",
    re.IGNORECASE,
)
"""Words that deny something of others than those they name, or without a “not”."""
_UNTIL = re.compile(r"\b(?:until|unless)\b", re.IGNORECASE)
"""After a negation these say yes: “it did not arrive until Friday”."""
_NEGATIVE = re.compile(
    _CUE.pattern + r"|\b(?:\w+less|few|fewer|little|less|rare(?:ly)?|only"
    r"|refus\w+|declin\w+|reject\w+|avoid\w*|exclud\w+|except|unless|until|absent|unlike|but|however|although|though"
    r"|despite|los[et]\w*|fail\w*|stop\w*|end(?:ed|s)?|ceas\w+|ban\w*|prohibit\w*|prevent\w*|den(?:y|ied|ies|ial)"
    r"|oppos\w+|against|wrong\w*|false\w*|myth|doubt\w*|too|former(?:ly)?|instead|rather|other than|remov\w+|zero"
    r"|different|free|drop\w*|discontinu\w+|abolish\w*|abandon\w*|abstain\w*|acquit\w*)\b",
    re.IGNORECASE,
)
"""Any word that may say a negation in another way."""
_EXCEPTION = re.compile(r"\b(?:except|exception of|but)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.;:!?]|,|\b(?:but|because|although|though|while|whereas|which|who|and)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Negation:
    """One cue, and the words that it turns."""

    cue: Span
    scope: tuple[Token, ...]
    """The content words after it in its clause, the turned one first."""


def negations(statement: Statement) -> list[Negation]:
    """The negations of one sentence."""
    text = statement.text
    blocked = [match.start() for match in _NO_CUE.finditer(text)]
    found = []
    for match in _CUE.finditer(text):
        if any(match.start() <= at < match.end() or at <= match.start() < at + 12 for at in blocked):
            continue
        stop = _CLAUSE_END.search(text, match.end() + 1)
        end = stop.start() if stop else len(text)
        after = [one for one in statement.content if match.end() <= one.span.start < end and one.word[0].isalpha()]
        found.append(Negation(Span(*match.span()), tuple(_turned_first(after))))
    return found


def _turned_first(tokens: Sequence[Token]) -> Iterator[Token]:
    """Adverbs after the word that they go with: “not fully understood” turns “understood”."""
    adverbs = [token for token in tokens[:1] if token.word.endswith("ly")] if len(tokens) > 1 else []
    yield from (token for token in tokens if token not in adverbs)
    yield from adverbs


def balanced(one: Statement, other: Statement, ours: Sequence[Negation], theirs: Sequence[Negation]) -> bool:
    """Whether what one sentence denies the other may deny as well, in another place or with another word.

    “No deal was reached” and “a deal was not reached”; “members only” and “non-members cannot”.
    """
    mine, their_own = _count(one, ours), _count(other, theirs)
    if mine and their_own:
        return mine == their_own
    if max(mine, their_own) == 2 and (
        any(sets_aside(each, one) for each in ours) or any(sets_aside(each, other) for each in theirs)
    ):
        return True  # “shall not sublet without consent”
    plain, turned = (one, other) if their_own else (other, one)
    return bool(_DENIES.search(plain.text)) or says_until(turned)


def says_until(statement: Statement) -> bool:
    """Whether its negation holds only for a time or on a condition, so that it says yes as well."""
    return bool(_UNTIL.search(statement.text))


def sets_aside(negation: Negation, statement: Statement) -> bool:
    """Whether it turns a thing that may well stand elsewhere in the sentence: “without Wayne, who sold his share”."""
    return bool(_SETTING_ASIDE.match(negation.cue.of(statement.text)))


def sets_apart(negation: Negation, statement: Statement) -> bool:
    """Whether it takes one thing out of what is said of all others: “every day except Monday”."""
    return bool(_EXCEPTION.match(negation.cue.of(statement.text)))


def excepted(sentence: Statement, other: Statement, theirs: Sequence[Negation]) -> list[tuple[Token, Span]]:
    """The words of the sentence, without an exception of its own, that are one in the evidence; and what says so."""
    if _EXCEPTION.search(sentence.text):
        return []
    return [
        (token, negation.cue)
        for negation in theirs
        if sets_apart(negation, other) and negation.scope
        for token in sentence.content
        if token.same(negation.scope[0])
    ]


def is_turned(token: Token, negations: Sequence[Negation]) -> bool:
    """Whether any negation could turn the word: it stands in its scope, or close after it."""
    return any(token in negation.scope or 0 <= token.span.start - negation.cue.end < 25 for negation in negations)


def is_negative(statement: Statement) -> bool:
    """Whether any word of it may say a negation, in whatever way."""
    return bool(_NEGATIVE.search(statement.text)) or any(map(_prefixed, statement.tokens))


def _count(statement: Statement, found: Sequence[Negation]) -> int:
    """Its negations, “neither … nor” being one."""
    return sum(negation.cue.of(statement.text).casefold() != "nor" for negation in found)


def _prefixed(token: Token) -> bool:
    """Whether it is a word with a prefix that turns it: unlikely, impossible."""
    match = _PREFIX.match(token.word)
    return match is not None and is_common_word(token.word[match.end() :])
