"""Does the evidence say the opposite? Negations and opposites, each bound to the word that it turns."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rag.trust import lexicon
from rag.trust.alignment import Statement, Token, best_windows, copied, stem_of, stems_of
from rag.trust.finding import Finding
from rag.trust.negation import Negation, balanced, is_negative, negations, says_until, sets_aside
from rag.types import Span

ALIKE = 0.5
"""Least share of a sentence's other content words that a sentence of the evidence must have to speak of the same."""
SAID_AGAIN = 0.7
"""Share of a sentence's content words from which on a sentence of the evidence says it again, in whatever order."""
NEAR_COPY = 0.7
"""Least share of a sentence's words that follow each other as in the evidence, for the two to be one but for edits."""
NEAR = 8
"""Words on either side within which two words stand in the same clause."""
_PASSIVE = re.compile(r"\bby\b", re.IGNORECASE)
_LISTED = re.compile(r"[,;:.–—]|\b(?:and|or|than|as|to|from|with|of|in|on|at)\b", re.IGNORECASE)
_MUTUAL = frozenset(
    key
    for word in "meet marry equal resemble border join fight match date kiss divorce".split()
    for key in lexicon.keys(word)
)
"""Said of either side alike."""


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
        clash = _once(
            [
                *_negated(sentence, other),
                *_opposed(sentence, other),
                *_put_in_place(sentence, other),
                *_exchanged(sentence, other),
            ]
        )
        if not clash:
            found = []
            break
        found = found or clash
    windows = best_windows(sentence, evidence)
    near = [*(other for _, other in close), *(other for window in windows[-1:] for other in window.statements)]
    return found or list(_unheard(sentence, near))


def _unheard(sentence: Statement, near: Sequence[Statement]) -> Iterator[Finding]:
    """A negation of the sentence where nothing that speaks of the same has any negative word at all."""
    ours = [one for one in negations(sentence) if one.scope and not sets_aside(one, sentence)]
    if not ours or says_until(sentence) or any(map(is_negative, near)):
        return
    for negation in ours:
        span = Span(negation.cue.start, negation.scope[0].span.end)
        yield Finding(span, f"“{negation.cue.of(sentence.text)}” is not in the evidence")


def _negated(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """A word that one of the two turns, and the other leaves as it is."""
    ours, theirs = negations(sentence), negations(other)
    if balanced(sentence, other, ours, theirs):
        return
    for negation in ours:
        if (met := _left_alone(negation, sentence, other, theirs)) and not _beside(
            negation, met, sentence, other, ours
        ):
            around = _around(met, other)
            note = f"“{negation.cue.of(sentence.text)}” is not in the evidence, which says “{around}”"
            yield Finding(Span(negation.cue.start, negation.scope[0].span.end), note, around)
    for negation in theirs:
        if (met := _left_alone(negation, other, sentence, ours)) and not _beside(
            negation, met, other, sentence, theirs
        ):
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
    if sets_aside(negation, one):
        met = [token for token in met if other.text[: token.span.start].casefold().rstrip().endswith("with")]
    return None if any(_turned(token, others) for token in met) else next(iter(met), None)


def _beside(
    negation: Negation, met: Token, statement: Statement, counterpart: Statement, own: Sequence[Negation]
) -> bool:
    """Whether the sentence also has the word without the negation, of the same thing as its counterpart does."""
    around = frozenset(key for token in _neighbours(met, counterpart)[:2] for key in token.keys)
    return any(
        not token.keys.isdisjoint(negation.scope[0].keys)
        and token not in negation.scope
        and not _turned(token, own)
        and any(not near.keys.isdisjoint(around) for near in _neighbours(token, statement)[:2])
        for token in statement.content
    )


def _turned(token: Token, negations: Sequence[Negation]) -> bool:
    """Whether any negation could turn the word: it stands in its scope, or close after it."""
    return any(token in negation.scope or 0 <= token.span.start - negation.cue.end < 25 for negation in negations)


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
            if _converse(token, sentence, against, other):
                continue
            if _turned(token, ours) != _turned(against, theirs):
                continue
            note = f"the evidence says “{against.span.of(other.text)}”, not “{token.span.of(sentence.text)}”"
            yield Finding(token.span, note, _around(against, other))


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


def _exchanged(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """What stands on either side of the same word, the other way round: “the cat chased the dog”."""
    if _PASSIVE.search(sentence.text) or _PASSIVE.search(other.text):
        return
    theirs = _triples(other)
    for (left, word, right), span in _triples(sentence).items():
        against = theirs.get((right, word, left))
        if against and word not in _MUTUAL and (left, word, right) not in theirs:
            note = f"the evidence says “{against.of(other.text)}”, the other way round"
            yield Finding(span, note, against.of(other.text))


def _triples(statement: Statement) -> dict[tuple[str, str, str], Span]:
    """Three content words that follow each other with only function words between, and where."""
    found = {}
    for left, word, right in zip(statement.content, statement.content[1:], statement.content[2:], strict=False):
        span = Span(left.span.start, right.span.end)
        if not _LISTED.search(span.of(statement.text)) and word.word.isalpha():
            found[stem_of(left), stem_of(word), stem_of(right)] = span
    return found


def _put_in_place(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """In a near copy: a word whose opposite stands in its very place, even if the evidence has both words."""
    if copied(sentence, other) < NEAR_COPY:
        return
    matcher = SequenceMatcher(None, stems_of(sentence), stems_of(other), autojunk=False)
    for tag, start, end, at, until in matcher.get_opcodes():
        if tag == "replace" and end - start == until - at:
            for token, against in zip(sentence.tokens[start:end], other.tokens[at:until], strict=True):
                if _opposite(token, against):
                    note = f"the evidence says “{against.span.of(other.text)}”, not “{token.span.of(sentence.text)}”"
                    yield Finding(token.span, note, _around(against, other))


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
