"""Finding a stretch of one reading of a page in another reading of it: whole where it can be, else in pieces."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_CONTEXT = 200
"""Characters on each side by which places with the same words are told apart."""
_TELLING = 8
"""Characters of context in common that tell a place; with fewer, its order among the others does."""
_SEED = 4
_NEAR = 30.0
"""A piece may lie this many characters out of place for each character it is long, after the first ones."""
_LONG = 20
"""Characters of a piece that counts wherever on the page it stands."""


class Run(NamedTuple):
    """Characters in a row that both readings have."""

    start: int
    """In the stretch that was looked for."""
    at: int
    """In the other reading."""
    length: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a page: its letters and digits alone, and where its words begin."""

    text: str
    openings: frozenset[int]
    """Indices into `text`."""

    def stands_alone(self, at: int, end: int) -> bool:
        """Whether `text[at:end]` begins and ends where words do."""
        return at in self.openings and (end == len(self.text) or end in self.openings)


def runs(written: Reading, start: int, end: int, drawn: Reading) -> list[Run]:
    """Where `written.text[start:end]` stands in `drawn`: in one run, or in several without overlap, by `start`."""
    wanted = written.text[start:end]
    places = list(_places(wanted, drawn.text))
    if places:
        return [Run(0, _choose(written, start, end, drawn, places), len(wanted))]
    pieces = _pieces(written, start, end, drawn)
    return sorted([*pieces, *_small_words(written, start, end, drawn, pieces)])


def _places(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted)
    while wanted and at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _choose(written: Reading, start: int, end: int, drawn: Reading, places: Sequence[int]) -> int:
    """The one of `places` that `written.text[start:end]` is: by what stands around it, then by order."""
    length = end - start
    places = [at for at in places if drawn.stands_alone(at, at + length)] or places
    shared = {at: _shared(written.text, start, end, drawn.text, at) for at in places}
    most = max(shared.values())
    alike = [at for at in places if shared[at] == most] if most >= _TELLING else list(places)
    if len(alike) == 1:
        return alike[0]
    same = list(_places(written.text[start:end], written.text))
    if len(same) == len(places):
        placed = places[same.index(start)]
        if placed in alike:
            return placed
    share = start / len(written.text)
    return min(alike, key=lambda at: abs(at / len(drawn.text) - share))


def _shared(written: str, start: int, end: int, drawn: str, at: int) -> int:
    """Characters around both places, back and forth, that are the same."""
    before = after = 0
    while before < min(_CONTEXT, start, at) and written[start - 1 - before] == drawn[at - 1 - before]:
        before += 1
    to = at + end - start
    while after < min(_CONTEXT, len(written) - end, len(drawn) - to) and written[end + after] == drawn[to + after]:
        after += 1
    return before + after


def _pieces(written: Reading, start: int, end: int, drawn: Reading) -> list[Run]:
    """Pieces that begin with a word, longest first; each next one is weighed by how far it lies from where it should.

    A piece costs a character for each `_NEAR` characters that it is out of place, and `_LONG` at most.
    """
    wanted = written.text[start:end]
    left = _common(written, start, end, drawn)
    taken: list[Run] = []
    while left:
        best = max(left, key=lambda run: (_worth(run, taken), -run.start))
        if _worth(best, taken) < _SEED:
            break
        if not taken:
            level = [run.at for run in left if (run.start, run.length) == (best.start, best.length)]
            begins = start + best.start
            best = best._replace(at=_choose(written, begins, begins + best.length, drawn, level))
        taken.append(best)
        left = [run for one in left if (run := _clear(one, best)) and run.length >= min(_SEED, len(wanted))]
    return taken


def _common(written: Reading, start: int, end: int, drawn: Reading) -> list[Run]:
    """Every stretch from the beginning of a word on that both readings have, as long as it is."""
    wanted = written.text[start:end]
    seeds: dict[str, list[int]] = {}
    for at in sorted(drawn.openings):
        seeds.setdefault(drawn.text[at : at + _SEED], []).append(at)
    found: list[Run] = []
    reached: dict[int, int] = {}
    for begin in sorted(opening - start for opening in written.openings if start <= opening < end):
        for at in seeds.get(wanted[begin : begin + _SEED], ()):
            if reached.get(at - begin, 0) > begin:
                continue
            to = begin
            while to < len(wanted) and at + to - begin < len(drawn.text) and wanted[to] == drawn.text[at + to - begin]:
                to += 1
            reached[at - begin] = to
            found.append(Run(begin, at, to - begin))
    return found


def _worth(run: Run, taken: Sequence[Run]) -> float:
    if not taken:
        return run.length
    near = min(taken, key=lambda one: abs(one.start - run.start))
    astray = abs((run.at - run.start) - (near.at - near.start))
    return run.length - min(astray / _NEAR, _LONG)


def _clear(run: Run, taken: Run) -> Run | None:
    """What of `run` neither overlaps `taken` in the stretch nor in the other reading: its beginning or its end."""
    for shift in (taken.start - run.start, taken.at - run.at):
        if shift >= run.length or shift + taken.length <= 0:
            continue
        if shift > 0:
            run = run._replace(length=shift)
        else:
            cut = shift + taken.length
            run = Run(run.start + cut, run.at + cut, run.length - cut)
        if run.length <= 0:
            return None
    return run


def _small_words(written: Reading, start: int, end: int, drawn: Reading, pieces: Sequence[Run]) -> Iterator[Run]:
    """Words too short to be looked for alone, where they stand between two pieces that belong together."""
    ordered = sorted(pieces)
    edges = [*sorted(opening - start for opening in written.openings if start <= opening < end), end - start]
    for number, run in enumerate(ordered):
        begin, at = run.start + run.length, run.at + run.length
        following = ordered[number + 1] if number + 1 < len(ordered) else None
        to, limit = (following.start, following.at) if following else (end - start, at + 2 * (end - start - begin))
        if not at <= limit <= at + 4 * (to - begin):
            continue
        limit = min([limit, *(one.at for one in pieces if one.at >= at)])
        for opening, close in pairwise(edges):
            if begin <= opening and close <= to:
                word = written.text[start + opening : start + close]
                there = (at + one for one in _places(word, drawn.text[at:limit]))
                place = next((one for one in there if one in drawn.openings), -1)
                if place >= 0:
                    yield Run(opening, place, len(word))
                    at = place + len(word)
