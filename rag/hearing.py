"""What a chat model says while it speaks: which sentences count, which are left out and why, and when it is enough."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answering.extractive import MARGIN, alike
from rag.answering.generative import Written
from rag.assembling import Held
from rag.binding import Binder, Bound, lost
from rag.models.reranking import Reranker
from rag.retrieval import Evidence
from rag.text import count_words, words
from rag.trust.alignment import Statement
from rag.types import Label

MOST = 20
"""Sentences after which a reply counts as endless."""
REPEATED = 3
"""Sentences said again after which it does."""
TOKENS_A_WORD = 4 / 3
"""Of English, roughly, where a provider does not count them."""
BESIDE = 2 * MARGIN
"""Log-odds by which what a sentence rests on may answer worse than the best that was read: set by judgement."""

LEFT_OUT = "left out of what {name} wrote: {what}"
TWICE, NO_CLAIM, BESIDE_THE_QUESTION = "said before", "without a claim", "beside the question"
FAILED = "not borne out"
FAILURES: dict[Label, str] = {
    "supported": FAILED,  # but not beyond doubt
    "partial": FAILED,
    "unsupported": FAILED,
    "contradicted": "contradicted by what it cites",
}
_ASKS_FOR = re.compile(r"\W*(?:[\w-]+\W+){0,2}?(?:who|whom|whose|what|when|where|which|why|how)\b", re.IGNORECASE)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir"})
_ENDS = re.compile(r"[.!?…。！？][\W_]*\Z")


@dataclass
class Hearing:
    """The sentences of one reply, each held to its sources as it comes."""

    question: str
    read: Evidence
    binder: Binder
    reranker: Reranker
    limit: int
    """Tokens that the reply may have."""
    said: list[Bound] = field(default_factory=list)
    """What counts, in the model's order."""
    left_out: list[str] = field(default_factory=list)
    """Why each of the others does not."""
    judged: Counter[Label] = field(default_factory=Counter)
    """The verdicts on all that made a claim, as it was first written."""
    endless: bool = False
    """Whether the reply has become longer than an answer is."""
    _words: int = 0

    @property
    def standing(self) -> list[Bound]:
        """Of what counts, what may be shown as it is."""
        return [one for one in self.said if one.stands]

    def hear(self, written: Written) -> bool:
        """Hold a sentence to its sources; True where all that was said so far may be shown, and this is new."""
        self._words += count_words(written.text)
        tokens = written.usage.written if written.usage else self._words * TOKENS_A_WORD
        cut = written.cut or tokens >= self.limit  # so that it may be but half a sentence
        taken = bool(written.text) and (not cut or _ENDS.search(written.text) is not None) and self._take(written)
        self.endless = cut or len(self.said) >= MOST or self.left_out.count(TWICE) >= REPEATED
        return taken and len(self.standing) == len(self.said)

    def notes(self, name: str) -> list[str]:
        """What was left out of the words of the model called `name`, and the unknown marks that went with it."""
        counts = [f"{self.left_out.count(what)} {what}" for what in dict.fromkeys(self.left_out)]
        left_out = [LEFT_OUT.format(name=name, what=", ".join(counts))] if counts else []
        gone = not {*FAILURES.values()}.isdisjoint(self.left_out)
        marks = [mark for one in self.said for mark in one.unknown] if gone else []
        return [*left_out, lost(marks)] if marks else left_out

    def _take(self, written: Written) -> bool:
        if any(alike(written.text, one.held.text) for one in self.said):
            return self._leave_out(TWICE)
        if echoes(written.text, self.question) or not any(one.content for one in Statement(written.text).tokens):
            return self._leave_out(NO_CLAIM)
        bound = self.binder.bind(written.text, written.places, written.unknown)
        if bound.label == "unchecked":
            return self._leave_out(NO_CLAIM)
        self.judged[bound.label] += 1
        if bound.label == "supported" and self._beside(bound.held):
            return self._leave_out(BESIDE_THE_QUESTION)
        self.said.append(bound)
        return True

    def _leave_out(self, why: str) -> bool:
        self.left_out.append(why)
        return False

    def _beside(self, held: Held) -> bool:
        """Whether it rests on words that speak of something else, as an order in a document does that was obeyed."""
        texts = [f"{citation.title}. {citation.quote}" for citation, _ in held.cited] + [held.text]
        best = max((reading.score for reading in self.read.readings), default=0.0)
        return max(scores(self.reranker, self.question, texts)) < best - BESIDE


def scores(reranker: Reranker, question: str, texts: Sequence[str]) -> list[float]:
    """Log-odds that each text answers the question."""
    return [float(score) for score in reranker.score(question, texts)]


def echoes(text: str, question: str) -> bool:
    """Whether a sentence only says the question again.

    What asks whether something is so ("Would Kyiv …?") is answered in its own words ("Kyiv would …").
    """
    first, asked = (next((span.of(one).casefold() for span in words(one)), "") for one in (text, question))
    if not _ASKS_FOR.match(question):
        return first == asked and alike(text, question)
    known = Statement(question).keys
    return all(token.word in _TITLES or not token.keys.isdisjoint(known) for token in Statement(text).content)
