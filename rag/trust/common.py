"""Words that are common, and so are no names because they have a capital at the start of a sentence.

`data/common_words.txt` is made from WordNet 3.0 by `python -m rag.trust.wordnet FOLDER`: the stems of all words that
stand in lower case there and were met in its tagged texts.
"""

from functools import cache

from rag.text import stems
from rag.trust.spelling import data_lines


def is_common_word(word: str) -> bool:
    """Whether any common word has the stem of `word`."""
    return not _common().isdisjoint(stems(word))


@cache
def _common() -> frozenset[str]:
    return frozenset(data_lines("common_words.txt"))
