"""Does the evidence say the opposite?

a sentence of the evidence ─┬ negation    a word that one of the two turns, and the other leaves as it is
                            ├ opposites   a word, and its contrary in its place
                            ├ order       two things, the other way round
                            └ attachment  words that the evidence has, but not together
"""

from collections.abc import Iterator, Sequence

from rag.trust import attachment, order
from rag.trust.alignment import Statement, Token, best_windows
from rag.trust.beside import around, neighbours, same_place
from rag.trust.finding import Finding
from rag.trust.negation import (
    Negation,
    balanced,
    excepted,
    is_negative,
    is_turned,
    negations,
    says_until,
    sets_apart,
    sets_aside,
)
from rag.trust.opposites import are_opposite, opposed, put_in_place
from rag.types import Span

ALIKE = 0.5
"""Least share of a sentence's other content words that a sentence of the evidence must have to speak of the same."""
_NOBODY = frozenset(("no one", "nobody"))
"""What turns a word for everybody, whoever else is named."""


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
                *_not_excepted(sentence, other),
                *opposed(sentence, other),
                *put_in_place(sentence, other),
                *order.exchanged(sentence, other),
                *order.compared(sentence, other),
                *attachment.turned_round(sentence, other),
                *attachment.elsewhere(sentence, other),
                *attachment.of_another(sentence, other),
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
            against = around(met, other)
            note = f"“{negation.cue.of(sentence.text)}” is not in the evidence, which says “{against}”"
            yield Finding(Span(negation.cue.start, negation.scope[0].span.end), note, against)
    for negation in theirs:
        if sets_apart(negation, other):
            continue
        if (met := _left_alone(negation, other, sentence, ours)) and not _beside(
            negation, met, other, sentence, theirs
        ):
            against = other.text[negation.cue.start : negation.scope[0].span.end]
            yield Finding(met.span, f"the evidence says “{against}”", against)


def _left_alone(negation: Negation, one: Statement, other: Statement, others: Sequence[Negation]) -> Token | None:
    """The word turned in `one` as it stands in `other` among the same words and turned by nothing; None if turned."""
    if not negation.scope or any(are_opposite(negation.scope[0], token) for token in other.content):
        return None
    turned = negation.scope[0]
    of_all = negation.cue.of(one.text).casefold() in _NOBODY and sum(token.same(turned) for token in one.content) == 1
    met = [
        token
        for token in other.content
        if token.same(turned)
        and (of_all or same_place(turned, one, token, other) or same_place(turned, one, token, other, negation.cue.end))
    ]
    if sets_aside(negation, one):
        met = [token for token in met if other.text[: token.span.start].casefold().rstrip().endswith("with")]
    return None if any(is_turned(token, others) for token in met) else next(iter(met), None)


def _beside(
    negation: Negation, met: Token, statement: Statement, counterpart: Statement, own: Sequence[Negation]
) -> bool:
    """Whether the sentence also has the word without the negation, of the same thing as its counterpart does."""
    close = frozenset(key for token in neighbours(met, counterpart)[:2] for key in token.keys)
    return any(
        token.same(negation.scope[0])
        and token not in negation.scope
        and not is_turned(token, own)
        and any(not near.keys.isdisjoint(close) for near in neighbours(token, statement)[:2])
        for token in statement.content
    )


def _not_excepted(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """What the evidence says of all but one thing, said of that one: “open daily except Monday”, “open on Monday”."""
    theirs = negations(other)
    if negations(sentence) or any(are_opposite(one, against) for one in sentence.content for against in other.content):
        return
    for token, cue in excepted(sentence, other, theirs):
        rest = [one for one in sentence.content if one is not token]
        before = frozenset(key for one in other.content if one.span.end <= cue.start for key in one.keys)
        if rest and sum(not one.keys.isdisjoint(before) for one in rest) * 2 > len(rest):
            against = other.text[cue.start : cue.end] + " " + token.span.of(sentence.text)
            yield Finding(token.span, f"the evidence says “{against}”", against)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """The first finding on each span."""
    return list({finding.span: finding for finding in reversed(findings)}.values())[::-1]
