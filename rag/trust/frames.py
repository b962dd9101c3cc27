"""Two sentences that are the same but for one value in words: another name, a negation, a word that excludes it."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal

from rag.text import stems
from rag.trust import names
from rag.trust.alignment import Statement, Token
from rag.trust.said import Said, touch
from rag.types import Span

Kind = Literal["date", "figure", "name", "yes-no"]

LONGEST_NAME = 5
"""Words, at most, of a name."""
LONGEST_TAIL = 5
"""Words, at most, that are shown after a verb which the other sentence denies."""
TELLING = 6
"""Content words that a sentence must say of its subject to fit that one alone."""

_RELATING = frozenset("for against per a an each every to from".split())
_NOT = frozenset(("not", "no", "never", "cannot"))
_DO = frozenset(("do", "does", "did"))
_AUXILIARY = frozenset("is are was were be been has have had can could will would may might must shall should".split())
_ONE_MAKER = frozenset(
    stems(
        "design discover found invent write written wrote paint build built compose direct lead led establish create"
        " develop own author win won kill sculpt conduct chair"
    )
)
"""What one person, or one group of them, does or did: two names for it cannot both be right."""
_MANY = frozenset(stems("work live study teach taught attend visit play join belong serve vote speak spoke"))
_EXCLUDING = tuple(
    (frozenset(stems(one)), frozenset(stems(other)))
    for one, other in (
        ("approve accept adopt pass back endorse", "reject refuse veto oppose decline"),
        ("rise rose increase grow grew", "fall fell drop decrease decline shrink"),
        ("allow permit legalize", "ban forbid prohibit outlaw"),
        ("confirm admit", "deny"),
        ("convict", "acquit"),
        ("guilty", "innocent"),
        ("legal", "illegal"),
        ("safe", "unsafe dangerous"),
        ("true", "false"),
        ("succeed", "fail"),
        ("survive", "die"),
    )
)
"""Words of which only one is true of the same thing at the same time; opening and closing can both be."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The one value in which two sentences differ."""

    kind: Kind
    one: Span
    """In the first sentence."""
    other: Span
    """In the second."""
    may_meet: bool = False
    """Whether one date may include the other."""
    framed: bool = False
    """Whether the two sentences are word for word the same around it."""


def in_words(one: Said, other: Said, alike: bool) -> Difference | None:
    """A name in place of another, or a yes in place of a no, where all the other words are the same.

    Where the sentences are not `alike`, short as they are, only of a name that there is one of: who designed it, who is
    the mayor.
    """
    if denied := _denied(one.statement, other.statement):
        return Difference("yes-no", *denied, framed=True)
    if denied := _denied(other.statement, one.statement):
        return Difference("yes-no", *denied[::-1], framed=True)
    step = _one_step(one.statement, other.statement)
    if step is None:
        return None
    left, right = one.statement.tokens[step[0]], other.statement.tokens[step[1]]
    if len(left) == len(right) == 1 and _exclude(left[0], right[0]):
        return Difference("yes-no", left[0].span, right[0].span, framed=True)
    if not all(_is_name(run, said.statement) for run, said in ((left, one), (right, other))):
        return None
    if not _only_one(one.statement, step[0]) and (not alike or _of_many(one, step[0])):
        return None
    first, second = _whole(one, left), _whole(other, right)
    return None if _same_name(one, other, first, second) else Difference("name", first, second, framed=True)


def framed(one: Said, other: Said, first: Span, second: Span) -> bool:
    """Whether two sentences have the same words, in order, but for these values."""
    mine, theirs = (
        [token.word for token in said.statement.tokens if not touch(token.span, span)]
        for said, span in ((one, first), (other, second))
    )
    return mine == theirs


def other_thing(one: Said, other: Said, first: Span, second: Span) -> bool:
    """Whether the words around two figures tell that they are of two things: other names, `for adults`, `a week`."""
    apart = [
        any(not touch(finding.span, value) for finding in names.check(said.text, [its.text]))
        for said, its, value in ((one, other, first), (other, one, second))
    ]
    if all(apart):
        return True
    mine, theirs = one.statement.tokens, other.statement.tokens
    for tag, start, end, at, until in _steps(one.statement, other.statement):
        if tag != "replace" or not start or mine[start - 1].word not in _RELATING:
            continue
        if any(touch(token.span, first) for token in mine[start:end]):
            continue
        if not {key for token in mine[start:end] for key in token.keys} & {
            key for token in theirs[at:until] for key in token.keys
        }:
            return True
    return False


def _steps(one: Statement, other: Statement) -> list[tuple[str, int, int, int, int]]:
    mine, theirs = ([token.word for token in statement.tokens] for statement in (one, other))
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return [step for step in matcher.get_opcodes() if step[0] != "equal"]


def _one_step(one: Statement, other: Statement) -> tuple[slice, slice] | None:
    """The one run of words in which two sentences differ, in each; None where they differ in more places, or none."""
    steps = _steps(one, other)
    return (slice(*steps[0][1:3]), slice(*steps[0][3:])) if len(steps) == 1 else None


def _denied(one: Statement, other: Statement) -> tuple[Span, Span] | None:
    """Where `other` says of the same words that it is not so; `one` may go on to tell when or where it is."""
    turned = [at for at, token in enumerate(other.tokens) if _is_not(token)]
    if len(turned) != 1 + sum(map(_is_not, one.tokens)):
        return None
    return next((found for at in turned if (found := _denied_at(at, one, other))), None)


def _denied_at(at: int, one: Statement, other: Statement) -> tuple[Span, Span] | None:
    """The same, for the negation at this word of `other`."""
    cue = other.tokens[at]
    before = [(token, token.keys) for token in other.tokens[:at] if token.word not in _DO]
    before += [(cue, frozenset(stems(helper)))] if (helper := _helper(cue)) in _AUXILIARY else []
    kept = [*before, *((token, token.keys) for token in other.tokens[at + 1 :])]
    mine = [token for token in one.tokens if token.word not in _DO]
    if len(before) == len(kept) or len(kept) > len(mine):
        return None
    if any(token.keys.isdisjoint(keys) for token, (_, keys) in zip(mine, kept, strict=False)):
        return None
    verb = next((place for place in range(len(before), len(kept)) if kept[place][0].content), len(kept) - 1)
    last = verb if len(mine) == len(kept) else min(len(mine) - 1, verb + LONGEST_TAIL)
    helped = bool(before) and (before[-1][0] is cue or before[-1][0].word in _AUXILIARY)
    did = other.tokens[at - (other.tokens[at - 1].word in _DO)]
    start = before[-1][0] if helped else did
    first = mine[len(before) - helped]
    return Span(first.span.start, mine[last].span.end), Span(start.span.start, kept[verb][0].span.end)


def _is_not(token: Token) -> bool:
    return token.word in _NOT or bool(_helper(token))


def _helper(token: Token) -> str:
    """The verb that a `not` is joined to: `is` of `isn't`; empty where there is none."""
    word = token.word.replace("’", "'")
    helper = word.removesuffix("n't")
    return {"ca": "can", "wo": "will"}.get(helper, helper) if helper != word else ""


def _exclude(one: Token, other: Token) -> bool:
    """Whether only one of two words can be true."""
    return any(
        (one.keys & first and other.keys & second) or (one.keys & second and other.keys & first)
        for first, second in _EXCLUDING
    )


def _is_name(run: tuple[Token, ...], statement: Statement) -> bool:
    """Whether these words are a name: capitals, and not merely the first word of a sentence."""
    content = [token for token in run if token.content]
    capitals = all(token.span.of(statement.text)[0].isupper() for token in content)
    return bool(content) and capitals and len(run) <= LONGEST_NAME and run != statement.tokens[:1]


def _only_one(statement: Statement, run: slice) -> bool:
    """Whether the words around a name say that there is one of it: `designed by`, `the mayor is`, `is the mayor`."""
    words = [token.word for token in statement.tokens]
    before, after = words[: run.start], words[run.stop :]
    if before[-1:] == ["by"]:
        return len(before) > 1 and bool(statement.tokens[run.start - 2].keys & _ONE_MAKER)
    if before[:1] == ["the"] and before[-1:] == ["is"]:
        return True
    if run.start or after[1:2] != ["the"]:
        return False
    return after[0] == "is" or bool(statement.tokens[run.stop].keys & _ONE_MAKER)


def _of_many(said: Said, run: slice) -> bool:
    """Whether what is said of a name that begins the sentence may be true of others too: so little, or `works at`."""
    after = said.statement.tokens[run.stop :]
    if run.start or not after:
        return False
    return len([token for token in after if token.content]) < TELLING or bool(after[0].keys & _MANY)


def _whole(said: Said, run: tuple[Token, ...]) -> Span:
    """The name that these words are, or are part of."""
    span = Span(run[0].span.start, run[-1].span.end)
    met = [name.span for name in said.names if touch(name.span, span)]
    return Span(min(part.start for part in (span, *met)), max(part.end for part in (span, *met)))


def _same_name(one: Said, other: Said, first: Span, second: Span) -> bool:
    """Whether two names are forms of one: an initial, a title before it, another spelling, an acronym."""
    found = chain(names.check(one.text, [other.text]), names.check(other.text, [one.text]))
    if next(found, None) is None:
        return True
    mine, theirs = (span.of(said.text).casefold().split() for said, span in ((one, first), (other, second)))
    return len(mine) > 1 and mine[-1] == theirs[-1] and len(theirs) > 1 and mine[0][0] == theirs[0][0]
