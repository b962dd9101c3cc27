"""The names of the evidence, and whether a name of a sentence is among them."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from rag.trust.naming import LINKS, TITLES, Word, cut, is_common, read, runs, units
from rag.trust.places import within
from rag.trust.spelling import nearly, one_person, one_word


class Held:
    """The evidence as words, and the names that it has."""

    def __init__(self, evidence: Sequence[str]) -> None:
        self.texts = [(text, read(text)) for text in evidence]
        words = [word for _, text in self.texts for word in text]
        self._folds = {part for word in words for part in word.parts}
        self._places = {place for word in words if word.place for place in within(word.place)}

    def has(self, word: Word) -> bool:
        """Whether a word stands in the evidence in any form; a place also as its people, or as a part of it."""
        if word.place:
            return word.place in self._places
        if word.fold in self._folds or (word.fold[-1:] == "s" and word.fold[:-1] in self._folds):
            return True
        return any(one_word(word.fold, fold) for fold in self._near[word.fold[:1]])

    def lacks(self, unit: Sequence[Word]) -> bool:
        """Whether the evidence does not have this name: neither as it is nor by its last word alone."""
        missing = [word for word in unit if not self.has(word)]
        if 0 < len(missing) < len(unit):
            missing = [word for word in missing if not self._misspelt(word)]
        if not missing:
            return len(unit) > 1 and self._other_first(unit)
        if self._abbreviated(unit):
            return False
        if len(missing) == len(unit):
            return not (len(unit) == 1 and unit[0].initial and is_common(unit[0]))
        if unit[-1] in missing:
            return self._goes_on(unit)
        return self._other_first(unit) if unit[0] in missing else 2 * len(missing) > len(unit)

    def _misspelt(self, word: Word) -> bool:
        """Whether the evidence has it but for one letter."""
        return len(word.fold) > 4 and any(nearly(word.fold, fold) for fold in self._near[word.fold[:1]])

    def _other_first(self, unit: Sequence[Word]) -> bool:
        """Whether the evidence has another first name before the last word, and never this one."""
        firsts = {first for before in self._before[unit[-1].fold] for first in before}
        if not firsts or unit[-1].place or (unit[-2].fold, unit[-1].fold) in self._pairs or unit[0].fold in self._alone:
            return False
        return not any(one_person(word.fold, first) for word in unit[:-1] for first in firsts)

    def _goes_on(self, unit: Sequence[Word]) -> bool:
        """Whether another word goes on where the sentence's name has its last."""
        lead = next(word for word in reversed(unit[:-1]) if self.has(word))
        return bool(self._after[lead.fold]) or is_common(lead)

    def abbreviates(self, run: Sequence[Word]) -> bool:
        """Whether the evidence has the acronym of a name of several words."""
        parts = [part for word in run for part in word.parts]
        letters = ("".join(part[0] for part in parts), "".join(part[0] for part in parts if part not in LINKS))
        return len(parts) > 1 and any(one in short for one in letters if len(one) > 1 for short in self._acronyms)

    def _abbreviated(self, unit: Sequence[Word]) -> bool:
        """Whether the evidence has the acronym of a name, or the name of an acronym, or writes it in one word."""
        if self.abbreviates(unit):
            return True
        joined = "".join(word.fold.replace(" ", "") for word in unit)
        if unit[0].shouted and len(unit) == 1 and 2 <= len(joined) <= 6:
            spelt = any(joined in initials for initials in self._initials)
            return spelt or (len(joined) > 2 and joined in self._letters)
        return len(joined) > 5 and joined in self._squeezed

    @cached_property
    def sentences(self) -> list[tuple[int, list[Word]]]:
        """The sentences, each with the number of the text that it stands in."""
        return [(number, one) for number, (_, words) in enumerate(self.texts) for one in cut(words)]

    @cached_property
    def _near(self) -> dict[str, set[str]]:
        """All its words by the letter that they begin with; letters that stand for one sound together."""
        near: dict[str, set[str]] = defaultdict(set)
        for fold in self._folds:
            for letter in "ckqg" if fold[:1] in "ckqg" else "yj" if fold[:1] in "yj" else fold[:1]:
                near[letter].add(fold)
        return near

    @cached_property
    def _runs(self) -> list[list[Word]]:
        return [run for _, words in self.texts for run in runs(words)]

    @cached_property
    def _before(self) -> dict[str, list[list[str]]]:
        """What stands before each word inside the evidence's names, by that word."""
        before: dict[str, list[list[str]]] = defaultdict(list)
        for run in self._runs:
            unit = [word for word in run if word.fold not in TITLES]
            for at, word in enumerate(unit[1:], 1):
                if not unit[at - 1].place and not (unit[at - 1].initial and is_common(unit[at - 1])):
                    before[word.fold].append([other.fold for other in unit[:at]])
        return before

    @cached_property
    def _after(self) -> dict[str, list[str]]:
        after: dict[str, list[str]] = defaultdict(list)
        for run in self._runs:
            for word, following in pairwise(run):
                after[word.fold].append(following.fold)
        return after

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        texts = [words for _, words in self.texts]
        names = [unit for run in self._runs for unit in units(run)]  # what stands between their words may be left out
        return {(one.fold, other.fold) for words in [*texts, *names] for one, other in pairwise(words)}

    @cached_property
    def _alone(self) -> set[str]:
        """Words that are the last of a name."""
        return {run[-1].fold for run in self._runs}

    @cached_property
    def _acronyms(self) -> set[str]:
        return {word.fold for _, words in self.texts for word in words if word.shouted}

    @cached_property
    def _initials(self) -> set[str]:
        """The first letters of each name, with and without its small words."""
        parts = [[part for word in run for part in word.parts] for run in self._runs]
        whole = {"".join(part[0] for part in run) for run in parts}
        return whole | {"".join(part[0] for part in run if part not in LINKS) for run in parts}

    @cached_property
    def _letters(self) -> str:
        return "".join(part[0] for _, words in self.texts for word in words for part in word.parts)

    @cached_property
    def _squeezed(self) -> str:
        return "".join(word.fold.replace(" ", "") for _, words in self.texts for word in words)
