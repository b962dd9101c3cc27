"""What a question is about: which sentences answer it together, and whether a value is of the kind asked for."""

import re

from rag.answering.draft import Place
from rag.retrieval import Evidence, search_terms
from rag.text import stems
from rag.trust.abstention import Frequencies, rarity
from rag.trust.frames import Difference, Kind
from rag.trust.said import Said, touch

ON_SUBJECT = 0.8
"""Share, by weight, of the question's words in either sentence and its title that both must have."""
AS_MUCH = 0.75
"""How many of the question's words two sentences must have, as a share of what the sentence with most has."""
ANSWERS = 1.0
"""Log-odds below the best sentence down to which one is about what is asked, whatever words it has."""

_EXTENT = re.compile(r"\bhow (?:long|tall|high|far|deep|wide|large|big|heavy|fast)\b", re.IGNORECASE)
_ASKED: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"\b(?:when|(?:what|which) (?:year|date|day|month))\b", re.IGNORECASE), "date"),
    (re.compile(r"\bhow (?:many|much)\b", re.IGNORECASE), "figure"),
    (_EXTENT, "figure"),
    (re.compile(r"^\W*who(?:m|se)?\b", re.IGNORECASE), "name"),
)


class Matter:
    """What the question is about, by its words: two sentences answer it together or not at all."""

    def __init__(self, question: str, evidence: Evidence, frequencies: Frequencies) -> None:
        terms = list(dict.fromkeys(stems(" ".join(search_terms(question)))))
        self._weights = dict(zip(terms, rarity(*frequencies(terms)), strict=True))
        self._most = max(
            (
                len(self._weights.keys() & {*stems(reading.text), *stems(reading.passage.title)})
                for reading in evidence.readings
            ),
            default=0,
        )
        best = max((reading.score for reading in evidence.readings), default=0.0)
        self._answering = {
            Place(reading.passage.source, reading.span)
            for reading in evidence.readings
            if reading.score >= best - ANSWERS
        }
        self._kind = next((kind for asks, kind in _ASKED if asks.search(question)), None)
        self._extent = bool(_EXTENT.search(question))

    def is_shared(self, one: Said, other: Said, found: Difference) -> bool:
        """Whether both, with their titles, have the same of the question's words, rare ones counting more.

        Also nearly as many of them as any sentence, unless one of the two is read as well as the best. A word in which
        the two differ counts for both: `reject` where it asks who approved.
        """
        differ = {
            key
            for said, value in ((one, found.one), (other, found.other))
            for token in said.statement.tokens
            if found.kind == "yes-no" and touch(token.span, value)
            for key in token.keys
        }
        mine, theirs = (_keys(said) | differ for said in (one, other))
        held = [term for term in self._weights if term in mine or term in theirs]
        shared = sum(self._weights[term] for term in held if term in mine and term in theirs)
        if len(held) < AS_MUCH * self._most and self._answering.isdisjoint((one.place, other.place)):
            return False
        return shared >= ON_SUBJECT * sum(self._weights[term] for term in held)

    def is_of_its_kind(self, said: Said, found: Difference) -> bool:
        """Whether the value in `said` is one that the question may ask for; so is any yes and no."""
        if found.kind == "yes-no" or self._kind is None:
            return True
        if not self._extent:
            return found.kind == self._kind
        return any(touch(figure.span, found.one) and bool(figure.unit) for figure in said.figures)


def _keys(said: Said) -> frozenset[str]:
    """The stems of a sentence and its title, irregular forms by their base too (`rose`, `rise`)."""
    return said.stems | said.keys | frozenset(stems(said.title))
