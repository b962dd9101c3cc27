"""Does the question take for granted what the documents contradict?

A wrong accusation is worse than silence: the sentence that says otherwise must have nearly all of the question's words,
and no other sentence at hand may have its premise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.draft import Place
from rag.retrieval import Evidence, Reading, search_terms
from rag.text import stems
from rag.trust import polarity
from rag.trust.alignment import Statement
from rag.trust.comparing import comparable
from rag.trust.figures import Figure, figures, overlaps, same

DENIAL = "The question takes “{assumed}” for granted; the documents say otherwise:"
"""What stands before the sentence that contradicts a premise."""
READ_WELL = 2.0
"""Least log-odds that a sentence answers the question."""
COVERED = 0.75
"""Least share of the question's other words that the sentence must have."""
LEAST_SHARED = 3
"""And how many of them, at least."""
AT_HAND = 12
"""Sentences, best first, that must not have the premise."""

_ASKS_WHETHER = re.compile(
    r"\W*(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?\b",
    re.IGNORECASE,
)
"""Such a question takes nothing for granted: the answer to it is yes or no."""


@dataclass(frozen=True, slots=True)
class FalsePremise:
    """What a question takes for granted, and the sentence that says otherwise."""

    assumed: str
    """The question's own words."""
    said: str
    """The sentence's words instead."""
    place: Place


def false_premise(question: str, evidence: Evidence) -> FalsePremise | None:
    """The premise that the sentence nearest to the question contradicts; None where none is plainly contradicted."""
    ranked = sorted(evidence.readings, key=lambda reading: -reading.score)[:AT_HAND]
    if not ranked or ranked[0].score < READ_WELL or _ASKS_WHETHER.match(question):
        return None
    best = ranked[0]
    return _wrong_figure(question, best, ranked) or _turned(question, best, ranked)


def said_instead(question: str, assumed: str, sentence: str) -> str:
    """The words of `sentence` that stand against what `question` assumes; empty where they cannot be told apart."""
    for figure in figures(assumed):
        others = [its for its in figures(sentence) if comparable(figure, its) and not _agree(figure, its)]
        if len(others) == 1:
            return others[0].span.of(sentence)
    clash = next(iter(polarity.clashes(Statement(question), [Statement(sentence)])), None)
    against = (clash.against if clash else None) or ""
    return against if 2 * len(against) <= len(sentence) and against in sentence else ""


def _turned(question: str, best: Reading, ranked: Sequence[Reading]) -> FalsePremise | None:
    """A negation that only one of the two has, or a word whose opposite stands in its place."""
    asked, sentence = Statement(question), Statement(best.text)
    clash = next(iter(polarity.clashes(asked, [sentence])), None)
    if clash is None or not clash.against:
        return None
    assumed = clash.span.of(question)
    if not _covers(question, assumed, best):
        return None
    word = stems(assumed)
    if any(set(word) <= set(stems(reading.text)) for reading in ranked):
        return None
    return FalsePremise(assumed, clash.against, _place(best))


def _wrong_figure(question: str, best: Reading, ranked: Sequence[Reading]) -> FalsePremise | None:
    """A figure or date of the question for which the sentence has another one."""
    held = [its for reading in ranked for its in figures(f"{reading.passage.title}. {reading.text}")]
    for figure in (one for one in figures(question) if not one.weak):
        if any(_agree(figure, its) for its in held):
            continue
        others = [its for its in figures(best.text) if comparable(figure, its)]
        if len(others) == 1 and _covers(question, figure.span.of(question), best):
            return FalsePremise(figure.span.of(question), others[0].span.of(best.text), _place(best))
    return None


def _covers(question: str, assumed: str, best: Reading) -> bool:
    """Whether the sentence has nearly all that the question asks about beside the words assumed."""
    terms = set(stems(" ".join(search_terms(question)))) - set(stems(assumed))
    held = terms & set(stems(best.text))
    return len(held) >= LEAST_SHARED and len(held) >= COVERED * len(terms)


def _agree(one: Figure, other: Figure) -> bool:
    return same(one, other) or overlaps(one, other)


def _place(reading: Reading) -> Place:
    return Place(reading.passage.source, reading.span)
