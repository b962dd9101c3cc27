"""Two names that stand in each other's place: "A beat B" where the evidence says "B beat A"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.trust.alignment import FUNCTION_WORDS
from rag.trust.held import Held
from rag.trust.naming import TITLES, Word, runs
from rag.trust.slots import around, is_name, key
from rag.types import Span

_BE = frozenset("is was are were be been being am became become becomes remains remained".split())
_EITHER_WAY = frozenset(
    "and or nor & the with versus vs v between among both like than as equal equals met meet meets married marry"
    " marries wed divorced dated border borders bordered bordering resemble resembles joined neighbours neighbors"
    " alongside".split()
)
_DIRECTIONS = frozenset("from to by over against before after".split())
_NO_VERB = ("or", "er", "ion", "ist", "ship", "ness")
_SMALL = frozenset("a an the has have had also later then soon will would".split()) | TITLES
_LIGHT = frozenset("said says say became becomes become remained included includes including".split())


def exchanged(words: Sequence[Word], held: Held) -> Iterator[tuple[Span, str]]:
    """Pairs of names of one sentence whose places the evidence has the other way round, with the words that say so.

    The passive ("B was beaten by A") is no exchange, nor are lists, nor what is true either way ("A met B").
    """
    yield from _other_doer(words, held)
    named = [[word for word in run if is_name(word) and word.fold not in TITLES] for run in runs(words)]
    for one, other in combinations([run for run in named if run], 2):
        if _listed(words, one, other):
            continue
        told = [
            _Pair(number, said, ours, theirs)
            for number, said in held.sentences
            for ours in _all(said, one)
            for theirs in _all(said, other)
            if not set(map(id, ours)) & set(map(id, theirs))
        ]
        crossing = [pair for pair in told if pair.crosses(words, one, other)]
        if crossing and not any(pair.agrees(words, one, other) for pair in told):
            first, last = sorted((crossing[0].ours, crossing[0].theirs), key=lambda run: run[0].start)
            text = held.texts[crossing[0].number][0]
            yield Span(one[0].start, other[-1].end), text[first[0].start : last[-1].end]


@dataclass(frozen=True, slots=True)
class _Pair:
    """One sentence of the evidence with two names of ours."""

    number: int
    said: Sequence[Word]
    ours: Sequence[Word]
    theirs: Sequence[Word]

    def agrees(self, words: Sequence[Word], one: Sequence[Word], other: Sequence[Word]) -> bool:
        """Whether both names stand as much beside the same words as beside each other's."""
        straight = _weight(_shared(words, one, self.said, self.ours), _shared(words, other, self.said, self.theirs))
        across = _weight(_shared(words, one, self.said, self.theirs), _shared(words, other, self.said, self.ours))
        return straight > 0 and straight > across - 2

    def crosses(self, words: Sequence[Word], one: Sequence[Word], other: Sequence[Word]) -> bool:
        """Whether each name stands beside the words that the other one stands beside in the evidence."""
        met = _shared(words, one, self.said, self.theirs), _shared(words, other, self.said, self.ours)
        if all(met) and (
            not met[0] | met[1] <= FUNCTION_WORDS | _EITHER_WAY
            or met[0] | met[1] <= _DIRECTIONS
            or len(met[0]) + len(met[1]) > 2
        ):
            return True
        return self._same_deed(words, one, other)

    def _same_deed(self, words: Sequence[Word], one: Sequence[Word], other: Sequence[Word]) -> bool:
        """Whether both say the same between the two names, in the same voice, the names the other way round."""
        mine, his = _between(words, one, other), _between(self.said, self.theirs, self.ours)
        if any(word.fold in _BE or word.fold == "by" for word in (*mine, *his)):
            return False
        first, second = ({key(word) for word in part if word.fold not in FUNCTION_WORDS} for part in (mine, his))
        return bool(first) and first == second and not first <= _EITHER_WAY


def _other_doer(words: Sequence[Word], held: Held) -> Iterator[tuple[Span, str]]:
    """Deeds whose doer, in the evidence, is the one to whom this sentence has it done."""
    for deed in _deeds(words):
        if not deed.other:
            continue
        told = [
            (number, theirs) for number, said in held.sentences for theirs in _deeds(said) if theirs.verb == deed.verb
        ]
        doers = {key(theirs.doer[-1]) for _, theirs in told}
        if key(deed.doer[-1]) not in doers and key(deed.other[-1]) in doers:
            number, theirs = next(pair for pair in told if key(pair[1].doer[-1]) == key(deed.other[-1]))
            span = Span(min(deed.doer[0].start, deed.other[0].start), max(deed.doer[-1].end, deed.other[-1].end))
            ends = sorted((theirs.doer[0].start, theirs.doer[-1].end, *theirs.at))
            yield span, held.texts[number][0][ends[0] : ends[-1]]


@dataclass(frozen=True, slots=True)
class _Deed:
    verb: str
    at: Span
    doer: Sequence[Word]
    other: Sequence[Word]
    """Whom or what it is done to, where a name says so."""


def _deeds(words: Sequence[Word]) -> Iterator[_Deed]:
    """Who does what: "A beat B", "B was beaten by A"."""
    named = {word.start: run for run in runs(words) for word in run}
    for at, word in enumerate(words):
        if word.capital or word.fold in FUNCTION_WORDS or word.fold in _LIGHT | _EITHER_WAY:
            continue
        if word.fold.isdigit() or word.fold.endswith(_NO_VERB):
            continue
        after = [other for other in words[at + 1 : at + 5] if other.fold not in _SMALL]
        before = [other for other in words[max(0, at - 4) : at] if other.fold not in _SMALL and other.fold[-2:] != "ly"]
        behind = named.get(after[0].start, []) if after and after[0].glued else []
        if len(after) > 1 and after[0].fold == "by" and after[1].start in named:
            earlier = [run for run in named.values() if run[-1].end <= word.start]
            passive = bool(before) and before[-1].fold in _BE
            yield _Deed(
                key(word), Span(word.start, word.end), named[after[1].start], earlier[-1] if earlier and passive else []
            )
        elif before and before[-1].start in named and words[at].glued:
            yield _Deed(key(word), Span(word.start, word.end), named[before[-1].start], behind)


def _all(words: Sequence[Word], name: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Where a sentence has a name, by its last word."""
    for last, word in enumerate(words):
        if key(word) == key(name[-1]):
            first = last
            while first > 0 and words[first].glued and is_name(words[first - 1]):
                first -= 1
            yield words[first : last + 1]


def _weight(*shared: set[str]) -> int:
    return sum(1 if word in FUNCTION_WORDS else 2 for words in shared for word in words)


def _shared(words: Sequence[Word], name: Sequence[Word], said: Sequence[Word], found: Sequence[Word]) -> set[str]:
    """The words beside a name that also stand beside one of the evidence, on the same side."""
    pairs = zip(around(words, name), around(said, found), strict=True)
    return {mine for mine, his in pairs if mine and mine[:5] == his[:5]}


def _listed(words: Sequence[Word], one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether nothing but names and "and" stands between two names, or a word that holds either way."""
    between = words[words.index(one[-1]) + 1 : words.index(other[0])]
    plain = [word for word in between if not is_name(word)]
    return all(word.fold in _EITHER_WAY for word in plain) or bool(plain and plain[-1].fold in _EITHER_WAY)


def _between(words: Sequence[Word], one: Sequence[Word], other: Sequence[Word]) -> Sequence[Word]:
    inner = words[words.index(one[-1]) + 1 : words.index(other[0])]
    return [word for word in inner if not word.fold.endswith("ly")]
