"""What stands on either side of a word, the other way round: “the cat chased the dog”, “Anna is older than Ben”."""

import re
from collections.abc import Iterator

from rag.trust import lexicon
from rag.trust.alignment import Statement, Token, stem_of
from rag.trust.finding import Finding
from rag.types import Span

_PASSIVE = re.compile(r"\bby\b", re.IGNORECASE)
_LISTED = re.compile(r"[,;:.–—]|\b(?:and|or|than|as|to|from|with|of|in|on|at)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(more \w+|less \w+|\w+(?<!rath)(?<!oth)er) than\b", re.IGNORECASE)
_THAN = re.compile(r"\b(more|less|fewer|\w+(?<!rath)(?<!oth)er)\b([^.;:]*?)\bthan\b", re.IGNORECASE)
_MUTUAL = frozenset(
    key
    for word in "meet marry equal resemble border join fight match date kiss divorce".split()
    for key in lexicon.keys(word)
)
"""Said of either side alike."""


def exchanged(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """What stands on either side of the same word, the other way round: “the cat chased the dog”."""
    if _PASSIVE.search(sentence.text) or _PASSIVE.search(other.text):
        return
    theirs = _triples(other)
    for (left, word, right), span in _triples(sentence).items():
        against = theirs.get((right, word, left))
        if against and word not in _MUTUAL and (left, word, right) not in theirs:
            note = f"the evidence says “{against.of(other.text)}”, the other way round"
            yield Finding(span, note, against.of(other.text))


def compared(sentence: Statement, other: Statement) -> Iterator[Finding]:
    """What is compared with what, the other way round: “Iceland exported more fish than Norway”."""
    ours, theirs = _sides(sentence), _sides(other)
    if not ours or not theirs or ours[1] != theirs[1]:
        return
    (left, _, right), (before, _, after) = ours, theirs
    mine = next((token for token in left if token.same(after)), None)
    their_own = next((token for token in before if token.same(right)), None)
    if mine and their_own and not right.same(after):
        words = other.text[their_own.span.start : after.span.end]
        yield Finding(Span(mine.span.start, right.span.end), f"the evidence says “{words}”, the other way round", words)


def _sides(statement: Statement) -> tuple[list[Token], str, Token] | None:
    """The content words before a comparison, how it compares, and the first after “than”; None where none is made."""
    match = _THAN.search(statement.text)
    before = [token for token in statement.content if match and token.span.end <= match.start()]
    after = next((token for token in statement.content if match and token.span.start >= match.end()), None)
    if match is None or not before or after is None or after.word[0].isdigit():
        return None
    return before, match[1].casefold(), after


def _triples(statement: Statement) -> dict[tuple[str, str, str], Span]:
    """Three content words that follow each other with only function words between, and where."""
    found = {}
    row = [token for token in statement.content if token.word != "less"]  # it goes with the word after it
    for left, word, right in zip(row, row[1:], row[2:], strict=False):
        span = Span(left.span.start, right.span.end)
        compared = _COMPARED.search(span.of(statement.text))
        said = f"{stem_of(word)} than" + " less" * compared[1].startswith("less") if compared else stem_of(word)
        if not _LISTED.search(_COMPARED.sub("", span.of(statement.text))) and word.word.isalpha():
            found[stem_of(left), said, stem_of(right)] = span
    return found
