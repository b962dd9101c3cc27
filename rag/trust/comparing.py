"""Two sentences side by side: do they speak of the same thing, and is there one value in which they differ?"""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from rag.trust import polarity
from rag.trust.alignment import Statement, Token
from rag.trust.figures import Figure, figures, overlaps, same
from rag.trust.frames import Difference, Kind, framed, in_words, other_thing
from rag.trust.said import Said, touch
from rag.types import Span

Weigh = Callable[[Token], float]
"""How much it says that two sentences share a word: more for a rare one."""

OWN_SUBJECT = 5
"""Words in common from which two sentences name their subject themselves."""
WORDING = 0.7
"""Share of words in common from which two sentences are compared word by word."""
NEAR = 6
"""Words on either side of a value that tell what it is the value of."""
_KINDS: dict[str, Kind] = {"date": "date", "time": "date", "number": "figure", "ordinal": "figure"}


def difference(one: Said, other: Said) -> Difference | None:
    """The one value in which two sentences on the same thing differ; None where they agree, or differ in more."""
    alike = 2 * len(one.keys & other.keys) >= WORDING * (len(one.keys) + len(other.keys))
    mine, theirs = _unmatched(one.figures, other.figures)
    if mine and theirs:
        return _in_figures(one, other, mine, theirs)
    if found := in_words(one, other, alike):
        return found
    if mine or theirs or not alike:
        return None
    clash = next(iter(polarity.clashes(one.statement, [other.statement])), None)
    if clash is None or not clash.against or (at := other.text.find(clash.against)) < 0:
        return None
    return Difference("yes-no", clash.span, Span(at, at + len(clash.against)))


def likeness(one: Said, other: Said, weigh: Weigh, apart: Difference | None = None) -> float:
    """0..1: the share of their content words that two sentences have in common, rare ones counting more (Dice 1945).

    Figures, and the words in which they differ, are left out.
    """
    first = [token for token in one.content if apart is None or not touch(token.span, apart.one)]
    second = [token for token in other.content if apart is None or not touch(token.span, apart.other)]
    shared = sum(weigh(token) for token in first if not token.keys.isdisjoint(other.keys))
    shared += sum(weigh(token) for token in second if not token.keys.isdisjoint(one.keys))
    return shared / (sum(map(weigh, first)) + sum(map(weigh, second)) or 1.0)


def same_slot(one: Said, other: Said, found: Difference) -> bool:
    """Whether the words nearest to the value, which tell what it is the value of, stand near the other one too."""
    mine, theirs = _around(one, found.one), _around(other, found.other)
    if not mine or not theirs:
        return False
    near, close = (frozenset(key for token in side for key in token.keys) for side in (theirs, mine))
    return not mine[0].keys.isdisjoint(near) and not theirs[0].keys.isdisjoint(close)


def one_subject(one: Said, other: Said, found: Difference) -> bool:
    """Whether two sentences can be about the same thing, which a sentence may leave to its document's title.

    Titles with different figures tell two seasons or two elections apart. A title that is but the name of a file says
    so little that two sentences with the same words speak for themselves; of its figures only a date counts.
    """
    first, second = _title_figures(one), _title_figures(other)
    if first and second and not all(any(same(mine, its) for its in second) for mine in first):
        return False
    if found.framed and _is_file(one) and _is_file(other):
        return True
    mine, theirs = ({token.keys for token in Statement(said.title).content} for said in (one, other))
    if 2 * len(mine & theirs) >= len(mine | theirs) or len(one.keys & other.keys) >= OWN_SUBJECT:
        return True
    return any(
        name.normal == its.normal or set(name.words) & set(its.words) for name in one.names for its in other.names
    )


def _is_file(said: Said) -> bool:
    """Whether the title is the name of the file."""
    return said.title in (PurePath(said.source).stem, PurePath(said.source).name)


def _title_figures(said: Said) -> list[Figure]:
    return [figure for figure in figures(said.title) if figure.when or not _is_file(said)]


def _unmatched(mine: Sequence[Figure], theirs: Sequence[Figure]) -> tuple[list[Figure], list[Figure]]:
    """The figures of each that the other does not have: one by one where both have as many, else wherever they stand.

    A figure that may be none, such as `one`, counts only where it is held against another one by one.
    """
    if len(mine) == len(theirs) and all(one.kind == other.kind for one, other in zip(mine, theirs, strict=True)):
        apart = [pair for pair in zip(mine, theirs, strict=True) if not agree(*pair)]
        if len(apart) <= 1:
            return [one for one, _ in apart], [other for _, other in apart]
    left = [one for one in mine if not one.weak and not any(agree(one, other) for other in theirs)]
    right = [other for other in theirs if not other.weak and not any(agree(other, one) for one in mine)]
    return left, right


def _in_figures(one: Said, other: Said, mine: Sequence[Figure], theirs: Sequence[Figure]) -> Difference | None:
    meeting = [(figure, its) for figure in mine for its in theirs if _may_meet(figure, its)]
    if meeting:
        return Difference("date", meeting[0][0].span, meeting[0][1].span, may_meet=True)
    if len(mine) != 1 or len(theirs) != 1 or not comparable(mine[0], theirs[0]):
        return None
    first, second = mine[0].span, theirs[0].span
    if other_thing(one, other, first, second):
        return None
    return Difference(_KINDS[mine[0].kind], first, second, framed=framed(one, other, first, second))


def agree(one: Figure, other: Figure) -> bool:
    """Whether two figures are the same, or one is only the less exact (2022 for September 2022)."""
    return not _may_meet(one, other) and (same(one, other) or overlaps(one, other))


def _may_meet(one: Figure, other: Figure) -> bool:
    """Whether one is a season and the other a month or day of it: they may be the same time, and need not be."""
    if one.when is None or other.when is None or one.when.year is None or one.when.year != other.when.year:
        return False
    month = one.when.month or other.when.month
    return _is_season(one) != _is_season(other) and month is not None and overlaps(one, other)


def comparable(one: Figure, other: Figure) -> bool:
    """Whether two figures could stand for the same value: of one kind, unit and thing counted."""
    if one.kind != other.kind or one.kind not in _KINDS or one.unit != other.unit or one.shift or other.shift:
        return False
    if one.bound != other.bound and "about" not in (one.bound, other.bound):
        return False
    if one.noun and other.noun and one.noun != other.noun:
        return False
    if one.when is None or other.when is None:
        return one.when is other.when
    return (one.when.year is None) == (other.when.year is None)


def _is_season(figure: Figure) -> bool:
    return figure.when is not None and figure.when.season is not None and figure.when.month is None


def _around(said: Said, value: Span) -> list[Token]:
    """The content words around a value, those before it first, nearest first."""
    at = [place for place, token in enumerate(said.statement.tokens) if touch(token.span, value)]
    if not at:
        return []
    tokens, content = said.statement.tokens, set(said.content)
    before = [token for token in reversed(tokens[max(0, at[0] - NEAR) : at[0]]) if token in content]
    after = [token for token in tokens[at[-1] + 1 : at[-1] + 1 + NEAR] if token in content]
    return before + after
