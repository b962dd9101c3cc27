"""Whether an answer says what an accepted one says, by its words."""

import re
import string
from collections import Counter
from collections.abc import Sequence

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = str.maketrans("", "", string.punctuation)
TYPOGRAPHY = str.maketrans("", "", "“”‘’„«»–—…")


def squad_normalise(text: str) -> str:
    """Lower case, no ASCII punctuation, no English articles, single spaces.

    `normalize_answer` of SQuAD's `evaluate-v2.0.py` (Rajpurkar et al. 2018, https://arxiv.org/abs/1806.03822).
    """
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def normalise(text: str) -> str:
    """`squad_normalise` without typographic quotes and dashes either, so that “25” is 25."""
    return squad_normalise(text.translate(TYPOGRAPHY))


def contains(text: str, accepted: Sequence[str]) -> bool:
    """Whether `text` has any accepted string as whole words, both normalised; "25" is not in "250"."""
    padded = f" {normalise(text)} "
    return any(f" {words} " in padded for words in map(normalise, accepted) if words)


def exact_match(text: str, accepted: Sequence[str]) -> float:
    """1.0 if `text` is an accepted string, both as `squad_normalise` has them, else 0.0.

    Accepted strings of which nothing is left are not counted; where none is left, as for a question without an
    answer, only an empty `text` is right. SQuAD's `evaluate-v2.0.py`, `compute_exact`.
    """
    return float(squad_normalise(text) in _golds(accepted))


def token_f1(text: str, accepted: Sequence[str]) -> float:
    """The harmonic mean of precision and recall of the words, each counted as often as it stands; the best of all.

    Where `text` or the accepted string has no words: 1.0 if neither has, else 0.0. Words and accepted strings as for
    `exact_match`. SQuAD's `evaluate-v2.0.py`, `compute_f1`.
    """
    return max(_f1(squad_normalise(text).split(), gold.split()) for gold in _golds(accepted))


def _golds(accepted: Sequence[str]) -> list[str]:
    return [words for words in map(squad_normalise, accepted) if words] or [""]


def _f1(said: list[str], gold: list[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    return 2 * (Counter(said) & Counter(gold)).total() / (len(said) + len(gold))
