"""The place of a name in its sentence, and what stands there in the evidence."""

from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from functools import cached_property

from rag.trust.alignment import FUNCTION_WORDS
from rag.trust.held import Held
from rag.trust.naming import CLASSES, TITLES, Word, in_name, is_common, runs
from rag.trust.places import within
from rag.trust.spelling import nearly, one_person
from rag.types import Span

_POINTERS = (
    frozenset("he his him himself".split()),
    frozenset("she her hers herself".split()),
    frozenset("it its itself this these".split()),
    frozenset("they their them theirs both".split()),
    frozenset("i we my our me us".split()),
)
_PREPOSITIONS = frozenset(
    "in at from of to on near around during after before since for with under over between".split()
)
_ALIKE = 0.6
"""Least share of a sentence's content words that a sentence of the evidence must have to say the same."""
_NEARLY = 0.8
"""Share of the best one's words from which another sentence of the evidence may say it as well."""
_VERBATIM = 0.8
"""Share of its words that a sentence must have in the evidence's order to be taken for a copy but for some words."""
_SKIPPED = TITLES | frozenset("a an the".split())
_FORMS_OF_ADDRESS = frozenset("mr mrs ms miss dr prof sir".split())
_EARLY = 4
"""Words within which a sentence's subject begins."""
_NARROW = 6
"""Most words that may stand in one place."""

_Place = tuple[Sequence[Word], Sequence[Word], Sequence[Word], Sequence[Word]]


class Beside:
    """A sentence beside the sentence of the evidence that has most of its words."""

    def __init__(self, words: Sequence[Word], held: Held) -> None:
        self._words, self._held = words, held
        self._own = {key(word) for word in words}
        content = {key(word) for word in words if word.fold not in FUNCTION_WORDS}
        met = [len(content.intersection(map(key, other))) for _, other in held.sentences]
        most = max(met, default=0)
        self._at = met.index(most) if met else -1
        self._text, self._other = held.sentences[self._at] if met else (0, [])
        self._alike = {
            key(word)
            for (_, other), count in zip(held.sentences, met, strict=True)
            if most > count >= _NEARLY * most
            for word in other
        }
        self.share = most / len(content) if content else 0.0

    def displaced(self) -> Iterator[tuple[Span, str]]:
        """The names that stand where the evidence, saying the same, has another; with that other."""
        here = {key(word) for word in self._other} | {wider for word in self._other for wider in within(word.place)}
        verbatim = sum(block.size for block in self._blocks) >= _VERBATIM * len(self._words)
        for mine, other, around in self._facing():
            kept = [word for word in other if verbatim or key(word) not in self._own]
            telling = sum(word.fold not in FUNCTION_WORDS for word in around)
            if not kept or (self.share < _ALIKE and (not telling or len(around) < 2)):
                continue
            elsewhere = self._alike if verbatim else self._alike | here
            if any(all(word.fold in _FORMS_OF_ADDRESS for word in part) for part in (mine, other)):
                continue
            if any(key(word) in elsewhere for word in mine) or self._same(mine, other):
                continue
            yield Span(mine[0].start, mine[-1].end), self._quoted(kept)

    def _same(self, mine: Sequence[Word], other: Sequence[Word]) -> bool:
        """Whether two names that stand in one place may mean the same."""
        if any(
            one_person(word.fold, theirs.fold) or nearly(word.fold, theirs.fold) for word in mine for theirs in other
        ):
            return True
        return not Held([self._quoted(other)]).lacks(mine)

    def _facing(self) -> Iterator[tuple[Sequence[Word], Sequence[Word], Sequence[Word]]]:
        """The names that stand in one place of both, and the words that both have beside it."""
        for before, ours, theirs, after in self._places:
            goes_on = bool(after) and after[0].glued and in_name(after[0])
            came_on = bool(before) and ours[0].glued and in_name(before[-1])
            ends = self._other[self._other.index(theirs[-1]) + 1 :][:1]
            if not goes_on or (ends and ends[0].glued):
                mine, other = _leading(ours, -1), _leading(theirs, -1)
                if mine and other and not (came_on and mine[0] is ours[0]) and (after or other[0] is theirs[0]):
                    yield mine, other, after
            if not came_on or theirs[0].glued:
                mine, other = _leading(ours), _leading(theirs)
                if mine and other and not (goes_on and mine[-1] is ours[-1]) and (before or other[-1] is theirs[-1]):
                    yield mine, other, before
            if len(ours) <= _NARROW >= len(theirs) and not (goes_on or came_on):
                mine, other = ([word for word in words if is_name(word)] for words in (ours, theirs))
                if mine and other and all(word.glued for word in (*mine[1:], *other[1:])):
                    yield mine, other, [*before, *after]

    def taken_by(self, unit: Sequence[Word]) -> str | None:
        """The evidence's name between the words that the sentence's stands between; None where it has none there."""
        for _, ours, theirs, _ in self._places:
            if any(word in unit for word in ours) and len(theirs) <= _NARROW:
                other = [word for word in theirs if is_name(word) and key(word) not in self._own]
                pointed = any(self._kind(word) for word in theirs)
                return self._quoted(other) if other and not pointed else None
        return None

    def likely(self, unit: Sequence[Word]) -> str | None:
        """The evidence's name that goes with the word that the sentence's goes with: "visited", or "in" of one name."""
        strangers = list(self._strangers(self._other))
        left, right = around(self._words, unit)
        for run in strangers:
            before, after = around(self._other, run)
            met = {word for word in (left if before == left else "", right if after == right else "") if word}
            if met - FUNCTION_WORDS or len(met) > 1 or (met and len(strangers) == 1 and self.share >= _ALIKE):
                return self._quoted(run)
        return None

    def points_at(self, unit: Sequence[Word]) -> bool:
        """Whether the evidence may well speak of a name without saying it: as "he", and it never says who that is."""
        pointer = next((at for at in range(len(self._other)) if self._points(at)), None)
        if pointer is None or any(self._may_be_meant(run) for run in runs(self._other[:pointer])):
            return False
        if self._words.index(unit[0]) > _EARLY and around(self._words, unit)[0] != "by":
            return False
        earlier = (other for _, other in self._held.sentences[: self._at])
        return not any(runs(other) for other in earlier)

    @cached_property
    def _blocks(self) -> list[Match]:
        """The runs of words that both have, in the order of both; an empty one last."""
        one, other = [key(word) for word in self._words], [key(word) for word in self._other]
        return SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()

    @cached_property
    def _places(self) -> list[_Place]:
        """What each has between the same words, and the same words before and after it."""
        found: list[_Place] = []
        for last, (one, other, size) in zip([Match(0, 0, 0), *self._blocks], self._blocks, strict=False):
            ours, theirs = self._words[last.a + last.size : one], self._other[last.b + last.size : other]
            if ours and theirs:
                before, after = self._words[last.a : last.a + last.size], self._words[one : one + size]
                found.append((before, ours, theirs, after))
        return found

    def _strangers(self, words: Sequence[Word]) -> Iterator[list[Word]]:
        """The names in some words of the evidence of which this sentence has nothing."""
        return (run for run in runs(words) if not any(key(word) in self._own for word in run))

    def _points(self, at: int) -> bool:
        """Whether a word of the evidence stands for something named elsewhere, and the sentence has no such word."""
        fold = self._other[at].fold
        if fold == "the":
            after = self._other[at + 1] if at + 1 < len(self._other) else None
            if after is None or after.capital:
                return False
            return at == 0 or (after.fold in CLASSES | TITLES and key(after) not in self._own)
        kind = self._kind(self._other[at])
        return bool(kind) and not any(word.fold in kind for word in self._words)

    @staticmethod
    def _kind(word: Word) -> frozenset[str]:
        return next((kind for kind in _POINTERS if word.fold in kind), frozenset())

    def _may_be_meant(self, run: Sequence[Word]) -> bool:
        """Whether a later "he" may go back to this name: not to one after a preposition."""
        return around(self._other, run)[0] not in _PREPOSITIONS

    def _quoted(self, words: Sequence[Word]) -> str:
        return self._held.texts[self._text][0][words[0].start : words[-1].end]


def around(words: Sequence[Word], unit: Sequence[Word]) -> tuple[str, str]:
    """The words on either side of a name, articles and titles left out; empty at the ends."""
    first, last = words.index(unit[0]), words.index(unit[-1])
    before = next((word.fold for word in reversed(words[:first]) if word.fold not in _SKIPPED), "")
    after = next((word.fold for word in words[last + 1 :] if word.fold not in _SKIPPED), "")
    return before, after


def _leading(words: Sequence[Word], step: int = 1) -> list[Word]:
    """The name that some words begin with; with a `step` of -1 the one that they end with."""
    found: list[Word] = []
    for word in words[::step]:
        if is_name(word):
            found.append(word)
        elif found or word.fold not in _SKIPPED:
            break
    return found[::step]


def is_name(word: Word) -> bool:
    """Whether a word is a name's, and not perhaps a common word."""
    return in_name(word) and len(word.fold) > 1 and not (word.initial and is_common(word))


def key(word: Word) -> str:
    """What forms of one word share, near enough: the place, or the first letters."""
    return word.place or word.fold[:5]
