"""Does the evidence say the opposite? Negations and opposites, each bound to the word that it turns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.trust import lexicon
from rag.trust.alignment import Statement, Token, best_windows
from rag.trust.common import is_common_word
from rag.trust.finding import Finding
from rag.types import Span

ALIKE = 0.5
"""Least share of a sentence's other content words that a sentence of the evidence must have to speak of the same."""
SAID_AGAIN = 0.7
"""Share of a sentence's content words from which on a sentence of the evidence says it again, in whatever order."""
NEAR_COPY = 0.7
"""Least share of a sentence's words that follow each other as in the evidence, for the two to be one but for edits."""
NEAR = 8
"""Words on either side within which two words stand in the same clause."""

_CUE = re.compile(
    r"\b(?:(?:not|never) (?:true|the case|correct) that|untrue that|false that"
    r"|not|never|no longer|no|none|nobody|nothing|nowhere|neither|nor|without|cannot|hardly|barely|scarcely"
    r"|fail(?:ed|s|ing|ure)? to|refus(?:ed|es|ing|al|e) to|declin(?:ed|es|ing|e) to|unable to|unwilling to"
    r"|lack(?:ed|s|ing)?(?: of)?|absence of|instead of|rather than|ruled out"
    r"|(?:prevent|stopp?)(?:ed|s|ing)?\b[^.;,]{0,40}? from|den(?:y|ied|ies|ying)(?: that)?|ceased to|stopped"
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
"""These turn a thing that may well stand elsewhere in the sentence: “founded without Wayne, who sold his share”."""
_NEGATIVE = re.compile(
    _CUE.pattern + r"|\b(?:\w+less|few|fewer|little|less|rare(?:ly)?|only"
    r"|refus\w+|declin\w+|reject\w+|avoid\w*|exclud\w+|except|unless|until|absent|unlike|but|however|although|though"
    r"|despite|los[et]\w*|fail\w*|stop\w*|end(?:ed|s)?|ceas\w+|ban\w*|prohibit\w*|prevent\w*|den(?:y|ied|ies|ial)"
    r"|oppos\w+|against|wrong\w*|false\w*|myth|doubt\w*|too|former(?:ly)?|instead|rather|other than|remov\w+|zero"
    r"|different|free)\b",
    re.IGNORECASE,
)
"""Any word that may say a negation in another way."""
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


def clashes(sentence: Statement, evidence: Sequence[Statement]) -> list[Finding]:
    """Where the evidence that speaks of the same thing turns one of the sentence's words the other way.

    None where any equally close sentence of the evidence agrees.
    """
    shares = [(sentence.share_in(other.keys), other) for other in evidence]
    close = sorted((pair for pair in shares if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    found: list[Finding] = []
    for share, other in close:
        if share < close[0][0] - 0.1:
            break
        clash = _once([*_negated(sentence, other), *_opposed(sentence, other), *_put_in_place(sentence, other)])
        if not clash:
            found = []
            break
        found = found or clash
    windows = best_windows(sentence, evidence)
    near = [*(other for _, other in close), *(other for window in windows[-1:] for other in window.statements)]
    return found or list(_unheard(sentence, near))


def _unheard(sentence: Statement, near: Sequence[Statement]) -> Iterator[Finding]:
    """A negation of the sentence where nothing that speaks of the same has any negative word at all."""
    ours = [one for one in negations(sentence) if one.scope and not _SETTING_ASIDE.match(one.cue.of(sentence.text))]
    if not ours or any(_NEGATIVE.search(other.text) or any(map(_prefixed, other.tokens)) for other in near):
        return
    for negation in ours:
        span = Span(negation.cue.start, negation.scope[0].span.end)
        yield Finding(span, f"“{negation.cue.of(sentence.text)}” is not in the evidence")


def _prefixed(token: Token) -> bool:
    """Whether it is a word with a prefix that turns it: unlikely, impossible."""
    match = _PREFIX.match(token.word)
    return match is not None and is_common_word(token.word[match.end() :])


def _negated(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """A word that one of the two turns, and the other leaves as it is."""
    ours, theirs = negations(sentence), negations(other)
    for negation in ours:
        if (met := _left_alone(negation, sentence, other, theirs)) and not _beside(negation, sentence, ours):
            around = _around(met, other)
            note = f"“{negation.cue.of(sentence.text)}” is not in the evidence, which says “{around}”"
            yield Finding(Span(negation.cue.start, negation.scope[0].span.end), note, around)
    for negation in theirs:
        if (met := _left_alone(negation, other, sentence, ours)) and not _beside(negation, other, theirs):
            against = other.text[negation.cue.start : negation.scope[0].span.end]
            yield Finding(met.span, f"the evidence says “{against}”", against)


def _left_alone(negation: Negation, one: Statement, other: Statement, others: Sequence[Negation]) -> Token | None:
    """The word turned in `one` as it stands in `other` among the same words and turned by nothing; None if turned."""
    if not negation.scope:
        return None
    turned = negation.scope[0]
    met = [
        token
        for token in other.content
        if not token.keys.isdisjoint(turned.keys)
        and (_same_place(turned, one, token, other) or _same_place(turned, one, token, other, negation.cue.end))
    ]
    if _SETTING_ASIDE.match(negation.cue.of(one.text)):
        met = [token for token in met if other.text[: token.span.start].casefold().rstrip().endswith("with")]
    return None if any(_turned(token, others) for token in met) else next(iter(met), None)


def _beside(negation: Negation, statement: Statement, own: Sequence[Negation]) -> bool:
    """Whether the sentence itself also has the word without the negation: it says both, each of something else."""
    keys = negation.scope[0].keys
    return any(
        not token.keys.isdisjoint(keys) and token not in negation.scope and not _turned(token, own)
        for token in statement.content
    )


def _turned(token: Token, negations: Sequence[Negation]) -> bool:
    """Whether any negation could turn the word: it stands in its scope, or close after it."""
    for negation in negations:
        if token in negation.scope or 0 <= token.span.start - negation.cue.end < 25:
            return True
        if negation.cue.start <= token.span.start < negation.cue.end:
            return True
    return False


def _opposed(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """A word of the sentence whose opposite stands in its place in the evidence."""
    ours, theirs = negations(sentence), negations(other)
    missing = [token for token in sentence.tokens if not other.has(token)]
    said_again = sentence.share_in(other.keys) >= SAID_AGAIN
    extra = [token for token in other.tokens if not sentence.has(token)]
    for token in missing:
        for against in extra:
            if not _opposite(token, against):
                continue
            if not (said_again or _same_place(token, sentence, against, other)):
                continue
            if _turned(token, ours) != _turned(against, theirs):
                continue
            note = f"the evidence says “{against.span.of(other.text)}”, not “{token.span.of(sentence.text)}”"
            yield Finding(token.span, note, _around(against, other))


def _put_in_place(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """In a near copy: a word whose opposite stands in its very place, even if the evidence has both words."""
    matcher = SequenceMatcher(None, _stems(sentence), _stems(other), autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < NEAR_COPY * len(sentence.tokens):
        return
    for tag, start, end, at, until in matcher.get_opcodes():
        if tag == "replace" and end - start == until - at:
            for token, against in zip(sentence.tokens[start:end], other.tokens[at:until], strict=True):
                if _opposite(token, against):
                    note = f"the evidence says “{against.span.of(other.text)}”, not “{token.span.of(sentence.text)}”"
                    yield Finding(token.span, note, _around(against, other))


def _stems(statement: Statement) -> list[str]:
    return [min(token.keys, default=token.word) for token in statement.tokens]


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """The first finding on each span."""
    return list({finding.span: finding for finding in reversed(findings)}.values())[::-1]


def _opposite(one: Token, other: Token) -> bool:
    """Whether two words are opposites; of hyphenated ones (left-wing) a part, where another part is the same."""
    hyphenated = "-" in one.word or "-" in other.word
    if hyphenated == one.keys.isdisjoint(other.keys) or _joined(one) == _joined(other):
        return False
    return any(lexicon.opposite(mine, theirs) for mine in one.keys for theirs in other.keys)


def _joined(token: Token) -> str:
    return token.word.replace("-", "")


def _same_place(one: Token, here: Statement, other: Token, there: Statement, after: int = 0) -> bool:
    """Whether two words stand among the same content words: at least half of the nearest ones, in either sentence.

    With `after`, only words from that character on count in the first sentence: what “officials denied that” reports.
    """
    ours = [token for token in _neighbours(one, here) if token.span.start >= after]
    theirs = _neighbours(other, there)
    if not ours or not theirs:
        return not after
    near = frozenset(key for token in theirs for key in token.keys)
    close = frozenset(key for token in ours for key in token.keys)
    met = sum(not token.keys.isdisjoint(near) for token in ours[:3])
    back = sum(not token.keys.isdisjoint(close) for token in theirs[:3])
    return met * 2 >= min(3, len(ours)) and back * 3 >= min(3, len(theirs))


def _neighbours(token: Token, statement: Statement) -> list[Token]:
    """The content words around one, nearest first."""
    at = statement.tokens.index(token)
    window = [
        (abs(place - at), near)
        for place, near in enumerate(statement.tokens[max(0, at - NEAR) : at + NEAR + 1], max(0, at - NEAR))
        if near.content and place != at
    ]
    return [near for _, near in sorted(window, key=lambda pair: pair[0])]


def _around(token: Token, statement: Statement) -> str:
    """A few words around one, to be quoted."""
    at = statement.tokens.index(token)
    first, last = statement.tokens[max(0, at - 2)], statement.tokens[min(len(statement.tokens) - 1, at + 2)]
    return statement.text[first.span.start : last.span.end]
