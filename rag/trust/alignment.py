"""A sentence beside the evidence: words with their stems, the evidence in sentences, and which of them say the most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from rag.text import plain, units, words
from rag.trust import lexicon
from rag.types import Span

FUNCTION_WORDS = frozenset(
    "a about also am an and any are as at be because been being but by can could did do does done except for from had"
    " has have he her hers him his how i if in into is it its itself just may me might more most much must my no nor"
    " not of off on only or other our out over own s shall she should since so some such t than that the their theirs"
    " them then there these they this those through to too under until up upon us very was we were what when where"
    " which while who whom whose why will with within without would yet you your".split()
)
LARGEST_WINDOW = 3
"""Sentences that may support one sentence together."""
NEAREST = 150
"""Words of the evidence that are read together with a sentence: some 200 tokens, which leaves room for it."""


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text."""

    span: Span
    word: str
    """In lower case."""
    keys: frozenset[str]
    """Stems; two tokens are the same word where these meet."""
    content: bool
    """False for function words."""

    def same(self, other: "Token") -> bool:
        """Whether the two are forms of one word."""
        return not self.keys.isdisjoint(other.keys)


@dataclass(frozen=True)
class Statement:
    """One sentence, read."""

    text: str
    """As a person reads it."""
    piece: int = 0
    """Which piece of evidence it is from, from 0."""
    span: Span = NOWHERE
    """Where it stands in that piece."""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All its words."""
        return tuple(_tokens(self.text))

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """Its words that say something; all of them where none does."""
        return tuple(token for token in self.tokens if token.content) or self.tokens

    @cached_property
    def keys(self) -> frozenset[str]:
        """The stems of all its words."""
        return frozenset(key for token in self.tokens for key in token.keys)

    def has(self, token: Token) -> bool:
        """Whether the word stands in it, in any form."""
        return not token.keys.isdisjoint(self.keys)

    def share_in(self, keys: frozenset[str]) -> float:
        """The share 0..1 of its content words that are among `keys`."""
        held = sum(not token.keys.isdisjoint(keys) for token in self.content)
        return held / len(self.content) if self.content else 0.0


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences of one piece of evidence that follow each other."""

    statements: tuple[Statement, ...]
    share: float
    """0..1: of the judged sentence's content words, those that stand here."""

    @property
    def text(self) -> str:
        """Its sentences, joined by spaces."""
        return " ".join(statement.text for statement in self.statements)


def statements(
    evidence: Sequence[str], media_types: Sequence[str] = (), languages: Sequence[str | None] = ()
) -> list[Statement]:
    """The sentences of the evidence, in order; Markdown's marks dropped where a piece's media type says so."""
    found: list[Statement] = []
    for piece, text in enumerate(evidence):
        media_type = media_types[piece] if media_types else "text/plain"
        language = languages[piece] if languages else None
        spans = units(text, media_type=media_type, language=language)
        found.extend(Statement(plain(span.of(text), media_type), piece, span) for span in spans)
    return found


def best_windows(sentence: Statement, evidence: Sequence[Statement]) -> list[Window]:
    """For one, two and three sentences of one piece the window that has most of the sentence's content words.

    The first of equals; fewer windows where the evidence has fewer sentences; none for no evidence.
    """
    held = [_held(sentence, statement) for statement in evidence]
    total = len(sentence.content) or 1
    found = []
    for size in range(1, LARGEST_WINDOW + 1):
        best = max(
            (at for at in range(len(evidence) - size + 1) if evidence[at].piece == evidence[at + size - 1].piece),
            key=lambda at: (_together(held[at : at + size]).bit_count(), -at),
            default=None,
        )
        if best is not None:
            share = _together(held[best : best + size]).bit_count() / total
            found.append(Window(tuple(evidence[best : best + size]), share))
    return found


def nearest(sentence: Statement, evidence: Sequence[Statement], most: int = NEAREST) -> str:
    """The part of the evidence that says most of the sentence, in its order: all of it up to `most` words.

    The sentences that share most words with it, and those beside them, until the words are used up.
    """
    sizes = [len(statement.text.split()) for statement in evidence]
    if sum(sizes) > most:
        ranked = sorted(range(len(evidence)), key=lambda at: (-sentence.share_in(evidence[at].keys), at))
        kept: set[int] = set()
        for at in (near for best in ranked for near in (best, best - 1, best + 1)):
            if 0 <= at < len(evidence) and (not kept or sum(sizes[one] for one in kept | {at}) <= most):
                kept.add(at)
        evidence = [evidence[at] for at in sorted(kept)]
    return " ".join(statement.text for statement in evidence)


def copied(sentence: Statement, other: Statement) -> float:
    """The share 0..1 of a sentence's words that stand in the other in the same order: 1 for a copy."""
    matcher = SequenceMatcher(None, stems_of(sentence), stems_of(other), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / (len(sentence.tokens) or 1)


def stems_of(statement: Statement) -> list[str]:
    """One stem for each of its words."""
    return [stem_of(token) for token in statement.tokens]


def stem_of(token: Token) -> str:
    """One stem, the same for all forms of a word; the word itself where it has none (a lone “s”)."""
    return min(token.keys, default=token.word)


def _held(sentence: Statement, other: Statement) -> int:
    """The content words that both have, as bits."""
    return sum(1 << at for at, token in enumerate(sentence.content) if other.has(token))


def _together(bits: Sequence[int]) -> int:
    joined = 0
    for one in bits:
        joined |= one
    return joined


def _tokens(text: str) -> Iterator[Token]:
    for span in words(text):
        word = span.of(text).casefold().replace("’", "'")
        keys = lexicon.keys(word) | (lexicon.keys(word.replace("-", "")) if "-" in word else frozenset())
        yield Token(span, word, keys, word.removesuffix("'s") not in FUNCTION_WORDS)
