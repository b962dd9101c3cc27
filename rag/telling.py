"""The words that tell one group of texts from the others."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from rag.retrieval import STOP_WORDS
from rag.text import stems, words

COMMON = 0.2
"""A word that stands in more than this share of all texts tells nothing."""
ENOUGH = 20
"""Texts, at least, for that share to mean something."""


def telling_words(groups: Sequence[Sequence[str]], count: int) -> list[tuple[str, ...]]:
    """At most `count` words for each group of texts, the most telling first, as they are mostly written there.

    A word weighs its frequency in the group × ln(1 + A ÷ its frequency in all), where A is the mean number of words
    in a group (class-based TF-IDF: Grootendorst 2022, BERTopic). Words are compared by stem; figures do not count.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    known: dict[str, str] = {}
    texts: Counter[str] = Counter()
    held = [_counted(group, forms, known, texts) for group in groups]
    everywhere: Counter[str] = Counter()
    for group in held:
        everywhere.update(group)
    size = sum(map(len, groups))
    most = COMMON * size if size >= ENOUGH else math.inf
    mean = everywhere.total() / max(1, len(groups))

    def told(group: Counter[str]) -> tuple[str, ...]:
        weights = {
            stem: number * math.log(1 + mean / everywhere[stem])
            for stem, number in group.items()
            if texts[stem] <= most
        }
        best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:count]
        return tuple(min(forms[stem], key=lambda form: (-forms[stem][form], form)) for stem in best)

    return [told(one) for one in held]


def _counted(
    group: Sequence[str], forms: dict[str, Counter[str]], known: dict[str, str], texts: Counter[str]
) -> Counter[str]:
    """How often each stem stands in `group`; notes the forms it has there, and in how many texts it stands."""
    found: Counter[str] = Counter()
    for text in group:
        here = [span.of(text) for span in words(text)]
        for word in here:
            if word not in known:
                known[word] = _stem(word)
        told = [word for word in here if known[word]]
        for word in told:
            forms[known[word]][word] += 1
        found.update(known[word] for word in told)
        texts.update({known[word] for word in told})
    return found


def _stem(word: str) -> str:
    """Empty for a word that tells nothing by itself."""
    bare = word.casefold().removesuffix("'s").removesuffix("’s")
    if bare in STOP_WORDS or not any(letter.isalpha() for letter in bare) or any(sign.isdigit() for sign in bare):
        return ""
    return "" if len(bare) < 3 and bare.isascii() else "-".join(stems(bare))
