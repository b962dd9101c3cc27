"""The formulas, one function each, for one case; a metric is their mean over the cases that are eligible.

Plain values in, plain values out, and nothing is ever NaN: a case that a formula does not apply to is None, which is
not 0.0 and is not counted.
"""

import math
import re
import string
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from rag.types import Answer, Document

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = frozenset(string.punctuation + "“”‘’„«»–—…")
HELD = 0.5
"""Share of the shorter of two places that must be common to both for one to hold the other."""


class Place(NamedTuple):
    """A half-open range of characters of one document."""

    source: str
    start: int
    end: int

    def holds(self, other: "Place") -> bool:
        """Whether the two share at least `HELD` of the shorter one."""
        if self.source != other.source:
            return False
        shared = min(self.end, other.end) - max(self.start, other.start)
        return shared > 0 and shared >= HELD * min(self.end - self.start, other.end - other.start)


class Cited(NamedTuple):
    """A sentence of an answer and the words that it cites, each with its document's title in front."""

    text: str
    quotes: Sequence[str]


Supports = Callable[[str, Sequence[str]], bool]
"""Whether quotes together support a sentence."""


def normalise(text: str) -> str:
    """Lower case, no punctuation, no articles, single spaces: SQuAD's `normalize_answer`, typographic marks included.

    Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250, `evaluate-v2.0.py`.
    """
    bare = "".join(character for character in text.lower() if character not in PUNCTUATION)
    return " ".join(ARTICLES.sub(" ", bare).split())


def contains(text: str, accepted: Sequence[str]) -> bool:
    """Whether `text` has any accepted string as whole words, both normalised; "25" is not in "250"."""
    padded = f" {normalise(text)} "
    return any(f" {words} " in padded for words in map(normalise, accepted) if words)


def hit_at(k: int, found: Sequence[Place], evidence: Sequence[Place]) -> float:
    """1.0 if any of the first `k` places found holds any of the evidence, else 0.0."""
    return float(any(place.holds(gold) for place in found[:k] for gold in evidence))


def source_hit_at(k: int, found: Sequence[Place], evidence: Sequence[Place]) -> float:
    """1.0 if any of the first `k` places found lies in a document that has evidence, else 0.0."""
    return float(bool({place.source for place in found[:k]} & {gold.source for gold in evidence}))


def recall_at(k: int, found: Sequence[Place], evidence: Sequence[Place]) -> float:
    """The share of the evidence that the first `k` places found hold. `evidence` must not be empty."""
    return sum(any(place.holds(gold) for place in found[:k]) for gold in evidence) / len(evidence)


def reciprocal_rank(found: Sequence[Place], evidence: Sequence[Place]) -> float:
    """1 ÷ the rank of the first place found that holds any of the evidence, or 0.0 where none does.

    Its mean over cases is the MRR of Voorhees 1999, "The TREC-8 Question Answering Track Report".
    """
    for rank, place in enumerate(found, start=1):
        if any(place.holds(gold) for gold in evidence):
            return 1 / rank
    return 0.0


def ndcg_at(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """Normalised discounted cumulative gain of the first `k`, a hit in `gold` counting 1 ÷ log2(1 + its rank).

    Divided by what the best order of `gold` would gather (Järvelin and Kekäläinen 2002, "Cumulated Gain-Based
    Evaluation of IR Techniques", with binary relevance). `gold` must not be empty.
    """
    gained = sum(1 / math.log2(1 + rank) for rank, name in enumerate(ranked[:k], start=1) if name in gold)
    return gained / sum(1 / math.log2(1 + rank) for rank in range(1, min(k, len(gold)) + 1))


def share_within(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """The share of `gold` among the first `k` (recall at k). `gold` must not be empty."""
    return len(set(ranked[:k]).intersection(gold)) / len(gold)


def cited_sentences(answer: Answer) -> list[Cited]:
    """The sentences of an answer that make a claim, with their quotes; an unknown mark has none."""
    quotes = {one.marker: f"{one.title}: {one.quote}" for one in answer.citations}
    return [
        Cited(one.text, [quotes[marker] for marker in one.citations if marker in quotes])
        for one in answer.sentences
        if one.verdict.label != "unchecked" and not one.withheld
    ]


def citation_faults(answer: Answer, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """What is wrong with the citations of an answer; empty where every one is exact and every sentence covered.

    `documents` has each source's document. A citation is exact when its quote equals its document's characters at
    its offsets, in the version that is indexed. A sentence is covered when it has at least one mark and each of its
    marks has a citation; a sentence whose verdict is `unchecked` is no claim and needs none.
    """
    faults = []
    for citation in answer.citations:
        name = f"[{citation.marker}]"
        document = documents.get(citation.source)
        if document is None:
            faults.append(f"{name} names a document that the library does not have")
        elif citation.sha256 != document.sha256:
            faults.append(f"{name} cites another version of its document")
        elif not citation.quote or document.text[citation.start : citation.end] != citation.quote:
            faults.append(f"{name} does not quote its document exactly")
    known = {citation.marker for citation in answer.citations}
    for number, sentence in enumerate(answer.sentences, start=1):
        unknown = [marker for marker in sentence.citations if marker not in known]
        if unknown:
            faults.append(f"sentence {number} has the mark [{unknown[0]}], which stands for nothing")
        elif not sentence.citations and sentence.verdict.label != "unchecked":
            faults.append(f"sentence {number} has no citation")
    if not answer.sentences:
        faults.append("the answer has no sentences")
    return tuple(faults)


def citation_recall(sentences: Sequence[Cited], supports: Supports) -> float | None:
    """Of the sentences, the share that their quotes together support; None without any.

    `supports` judges a sentence by quotes; one without quotes has none. Gao et al. 2023 (ALCE), section 4.2,
    https://arxiv.org/abs/2305.14627, on quotes instead of passages.
    """
    if not sentences:
        return None
    return sum(bool(one.quotes) and supports(one.text, one.quotes) for one in sentences) / len(sentences)


def citation_precision(sentences: Sequence[Cited], supports: Supports) -> float | None:
    """Of all citations, the share that is not superfluous; None without any.

    A quote counts where its sentence has recall, and it supports the sentence alone or the others do not without it
    (ALCE, as above).
    """
    counted = []
    for text, quotes in sentences:
        recalled = bool(quotes) and supports(text, quotes)
        for at, quote in enumerate(quotes):
            rest = [*quotes[:at], *quotes[at + 1 :]]
            needed = not rest or supports(text, [quote]) or not supports(text, rest)
            counted.append(recalled and needed)
    return sum(counted) / len(counted) if counted else None


def coverage(kept: bool) -> float:
    """1.0 for a question that was answered. Its mean is the coverage: answered ÷ all."""
    return float(kept)


def risk(kept: bool, answerable: bool) -> float | None:
    """1.0 for an answer to what cannot be answered; None where nothing was answered.

    Its mean is the risk of selective prediction: answered although unanswerable ÷ answered.
    """
    return float(not answerable) if kept else None


def kept_unanswerable(kept: bool, answerable: bool) -> float | None:
    """1.0 for an unanswerable question that was answered; None for an answerable one.

    Its mean is answered although unanswerable ÷ unanswerable.
    """
    return None if answerable else float(kept)


def abstention_accuracy(kept: bool, answerable: bool) -> float:
    """1.0 for answering what can be answered and for abstaining from what cannot; its mean is the accuracy."""
    return float(kept == answerable)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` (0..1] of the values do not exceed (nearest rank); None of none."""
    if not values:
        return None
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 1)
    return ordered[max(0, int(rank) - 1)]
