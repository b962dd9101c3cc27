"""A chat model's sentence is bound to the places it cites, judged by them, and mended where they do not bear it out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.answering.draft import DraftSentence, Place
from rag.assembling import Documents, Held, cited_at, hold
from rag.text import count_words
from rag.trust.alignment import Statement, statements
from rag.trust.citing import Cited, looked_for, verify_quote
from rag.types import Hit, Label, Span

BRIEF = 4
"""Words, at most, of a reply that names the answer and says nothing about it: set by judgement."""
BORNE_OUT = 0.7
"""Support from which a sentence in a model's own words is shown as it is: of 40 with less, read by hand, half were
wrong."""
CLOSE = 0.4
"""Least share of a sentence's content words that a quote has which may stand in its place: set by judgement."""
UNKNOWN = "the model cited {marks}, which it was not given"
REWORDED = "the model said this anew, because its first sentence was not borne out"
QUOTED = "quoted in place of a sentence of the model that was not borne out"

Rewording = Callable[[Cited], str]
"""What a model makes of the words cited, in one sentence; empty where it makes nothing of them."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A sentence for an answer, held to its sources."""

    held: Held
    unknown: tuple[str, ...] = ()
    """Marks that the model set and was never given."""
    own: bool = True
    """Whether the words are the model's, and not a quote in their place."""
    short: str = ""
    """Of a quote: the few words of it that the model gave for an answer."""

    @property
    def chosen(self) -> bool:
        """Whether the model wrote it, or named what it is quoted for."""
        return self.own or bool(self.short)

    @property
    def stands(self) -> bool:
        """Whether it may be shown as it is: supported and, where it is in a model's own words, beyond doubt."""
        support = self.held.verdict.support
        return self.label == "supported" and (not self.own or support is None or support >= BORNE_OUT)

    @property
    def label(self) -> Label:
        """Its verdict's."""
        return self.held.verdict.label


@dataclass(frozen=True)
class Binder:
    """Holds what a chat model writes to the documents."""

    hits: Sequence[Hit]
    """The passages that are looked through where what a sentence cites does not support it."""
    quotes: Sequence[DraftSentence]
    """What would be quoted without a model."""
    documents: Documents

    def bind(self, text: str, places: Sequence[Place], unknown: Sequence[str] = ()) -> Bound:
        """The sentence with its verdict and the narrowest places that suffice; it fails where it has `unknown` marks.

        Places that do not support it give way to one among the passages that does. A few words of a sentence that is
        cited, such as "Lady Gaga", claim nothing that could be judged: that sentence stands for them.
        """
        held = hold(text, cited_at(list(dict.fromkeys(places)), self.documents), self.hits, self.documents)
        if held.verdict.label == "contradicted" and (found := looked_for(text, self.hits, self.documents.fetch)):
            held = hold(text, cited_at([Place(*found)], self.documents), (), self.documents)
        marks = tuple(dict.fromkeys(unknown))
        if not marks and (told := self._told_in(held)):
            return told
        held = _noted(_narrowed(held), lost(marks)) if marks else _narrowed(held)
        if marks and held.verdict.label in ("supported", "partial"):
            held = replace(held, verdict=replace(held.verdict, label="unsupported", span=None))
        return Bound(held, marks)

    def mend(self, failing: Bound, reword: Rewording | None) -> Bound:
        """A failing sentence said anew from the evidence closest to it, else that as a quote, else itself as judged.

        Without `reword` no model is asked.
        """
        closest = self._closest(failing.held)
        cited = closest.cited if closest else failing.held.cited
        if reword and cited and (said := reword(cited)):
            anew = self.bind(said, [Place(one.source, Span(one.start, one.end)) for one, _ in cited])
            if anew.stands:
                return self._instead(failing, anew.held, REWORDED, own=True)
        return failing if closest is None else self._instead(failing, closest, QUOTED, own=False)

    def quote(self, draft: DraftSentence) -> Bound:
        """A sentence of the documents, held to them like any other."""
        return Bound(hold(draft.text, cited_at(draft.places, self.documents), self.hits, self.documents), own=False)

    def _told_in(self, held: Held) -> Bound | None:
        """The sentence cited that has these few words in it, with them as its short answer; None for a longer text."""
        words = held.text.strip(" .")
        if held.verdict.label not in ("supported", "unchecked") or count_words(words) > BRIEF:
            return None
        inside = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
        for one in _sentences(held):
            found = inside.search(one.text)
            if found and count_words(one.text) > count_words(words):
                return Bound(self.quote(one).held, own=False, short=found[0])
        return None

    def _instead(self, failing: Bound, held: Held, why: str, own: bool) -> Bound:
        notes = (lost(failing.unknown), why) if failing.unknown else (why,)
        return Bound(_noted(held, *notes), failing.unknown, own)

    def _closest(self, held: Held) -> Held | None:
        """The sentence that has most of its words: one that would be quoted without a model, or one that it cites."""
        said = Statement(held.text)
        shares = {quote: said.share_in(Statement(quote.text).keys) for quote in (*self.quotes, *_sentences(held))}
        best = max(shares, key=lambda quote: shares[quote], default=None)
        if best is None or shares[best] < CLOSE:
            return None
        quoted = self.quote(best).held
        return quoted if quoted.verdict.label == "supported" else None


def _sentences(held: Held) -> list[DraftSentence]:
    """The sentences that it cites, each citing itself."""
    read = statements(
        [citation.quote for citation, _ in held.cited],
        [document.media_type for _, document in held.cited],
        [document.language for _, document in held.cited],
    )
    found = []
    for one in read:
        citation = held.cited[one.piece][0]
        span = Span(citation.start + one.span.start, citation.start + one.span.end)
        found.append(DraftSentence(one.text, (Place(citation.source, span),)))
    return found


def _narrowed(held: Held) -> Held:
    """A supported sentence that cites no more of each place than the words that suffice."""
    if held.verdict.label != "supported":
        return held
    if len(held.cited) == 1:
        narrow = held.verdict.span
        return held if narrow is None else replace(held, cited=((narrow, held.cited[0][1]),))
    shortest = [(verify_quote(held.text, [one]).span or one[0], one[1]) for one in held.cited]
    cited = tuple({(one.source, one.start, one.end): (one, document) for one, document in shortest}.values())
    verdict = verify_quote(held.text, cited)
    return Held(held.text, verdict, cited) if verdict.label == "supported" else held


def _noted(held: Held, *notes: str) -> Held:
    return replace(held, verdict=replace(held.verdict, notes=tuple(dict.fromkeys((*held.verdict.notes, *notes)))))


def lost(marks: Sequence[str]) -> str:
    """What is said of marks that stand for nothing."""
    return UNKNOWN.format(marks=", ".join(f"[{mark}]" for mark in dict.fromkeys(marks)))
