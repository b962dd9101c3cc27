"""Whether citations are exact, and whether they are enough and no more than enough."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rag.types import Answer, Citation, Document


class Cited(NamedTuple):
    """A sentence of an answer and the words that it cites, each with its document's title in front."""

    text: str
    quotes: Sequence[str]
    known: bool = True
    """Whether each of its marks stands for a citation."""


Supports = Callable[[str, Sequence[str]], bool]
"""Whether quotes together support a sentence."""


def cited_sentences(answer: Answer) -> list[Cited]:
    """The sentences of an answer that make a claim and are shown, with their quotes."""
    quotes = {one.marker: f"{one.title}: {one.quote}" for one in answer.citations}
    return [
        Cited(
            one.text,
            [quotes[marker] for marker in one.citations if marker in quotes],
            all(marker in quotes for marker in one.citations),
        )
        for one in answer.sentences
        if one.verdict.label != "unchecked" and not one.withheld
    ]


def citation_faults(answer: Answer, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """What is wrong with the citations of an answer; empty where every one is exact and every sentence covered.

    `documents` has each source's document. A citation is exact when its quote equals its document's characters at
    its offsets, in the version that is indexed. A sentence is covered when it has at least one mark and each of its
    marks has a citation; a sentence whose verdict is `unchecked` is no claim and needs none.
    """
    faults = [f"[{one.marker}] {fault}" for one in answer.citations if (fault := _fault(one, documents))]
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


def quote_validity(answer: Answer, documents: Mapping[str, Document]) -> float | None:
    """Of the quotes of an answer, the share that is exact, as `citation_faults` has it; None without any.

    The promise of Pincite itself: `document.text[start:end] == quote`, in the version that the citation names.
    """
    exact = [_fault(citation, documents) is None for citation in answer.citations]
    return sum(exact) / len(exact) if exact else None


def citation_recall(sentences: Sequence[Cited], supports: Supports) -> float | None:
    """Of the sentences, the share that has quotes, no unknown mark, and quotes that together support it.

    None without sentences. Gao et al. 2023 (ALCE), section 4.2, https://arxiv.org/abs/2305.14627, `eval.py`, on
    quotes instead of passages.
    """
    if not sentences:
        return None
    return sum(_recalled(one, supports) for one in sentences) / len(sentences)


def citation_precision(sentences: Sequence[Cited], supports: Supports) -> float | None:
    """Of all quotes, the share that is not superfluous; None without any.

    A quote counts where its sentence has recall, and it supports the sentence alone or the others do not without it
    (ALCE, as above). Where a sentence has an unknown mark, its quotes count against the answer, as the paper has it;
    the script leaves them out.
    """
    counted = []
    for one in sentences:
        recalled = _recalled(one, supports)
        for at, quote in enumerate(one.quotes):
            rest = [*one.quotes[:at], *one.quotes[at + 1 :]]
            counted.append(recalled and (not rest or supports(one.text, [quote]) or not supports(one.text, rest)))
    return sum(counted) / len(counted) if counted else None


def _recalled(one: Cited, supports: Supports) -> bool:
    return one.known and bool(one.quotes) and supports(one.text, one.quotes)


def _fault(citation: Citation, documents: Mapping[str, Document]) -> str | None:
    document = documents.get(citation.source)
    if document is None:
        return "names a document that the library does not have"
    if citation.sha256 != document.sha256:
        return "cites another version of its document"
    if not citation.quote or document.text[citation.start : citation.end] != citation.quote:
        return "does not quote its document exactly"
    return None
