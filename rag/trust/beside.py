"""Where a word stands in its sentence: among which others."""

from rag.trust.alignment import Statement, Token

NEAR = 8
"""Words on either side within which two words stand in the same clause."""


def same_place(one: Token, here: Statement, other: Token, there: Statement, after: int = 0) -> bool:
    """Whether two words stand among the same content words: at least half of the nearest ones, in either sentence.

    With `after`, only words from that character on count in the first sentence: what “officials denied that” reports.
    """
    ours = [token for token in neighbours(one, here) if token.span.start >= after]
    theirs = neighbours(other, there)
    if not ours or not theirs:
        return not after
    near = frozenset(key for token in theirs for key in token.keys)
    close = frozenset(key for token in ours for key in token.keys)
    met = sum(not token.keys.isdisjoint(near) for token in ours[:3])
    back = sum(not token.keys.isdisjoint(close) for token in theirs[:3])
    return met * 2 >= min(3, len(ours)) and back * 3 >= min(3, len(theirs))


def neighbours(token: Token, statement: Statement) -> list[Token]:
    """The content words around one, nearest first."""
    at = statement.tokens.index(token)
    window = [
        (abs(place - at), near)
        for place, near in enumerate(statement.tokens[max(0, at - NEAR) : at + NEAR + 1], max(0, at - NEAR))
        if near.content and place != at
    ]
    return [near for _, near in sorted(window, key=lambda pair: pair[0])]


def around(token: Token, statement: Statement) -> str:
    """A few words around one, to be quoted."""
    at = statement.tokens.index(token)
    first, last = statement.tokens[max(0, at - 2)], statement.tokens[min(len(statement.tokens) - 1, at + 2)]
    return statement.text[first.span.start : last.span.end]
