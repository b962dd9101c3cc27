"""Cases from answers that people judged on the page: a good one is a case at once, a bad one waits for a review."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from evals.cases import PROPOSED, Case, Evidence, Turn
from evals.making.proposing import short_name
from rag import Judged
from rag.errors import NoSuchSource
from rag.types import Citation, Document, Entry

JUDGED, FOLLOW_UP = "judged", "follow-up"
_PROVEN = {"supported", "partial"}


class Judgements(Protocol):
    """The part of `rag.Conversations` that is needed."""

    def judged(self) -> list[Judged]: ...


class Shelves(Protocol):
    """The part of `rag.Library` that is needed."""

    @property
    def conversations(self) -> Judgements: ...
    def documents(self) -> list[Entry]: ...
    def document(self, source: str) -> Document: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of the judgements."""

    cases: tuple[Case, ...]
    stale: int
    """Good answers that are left out: the words that they cite are no longer in their documents."""


def judged_cases(library: Shelves) -> Taken:
    """A case for each judged answer.

    A good answer gives one that counts at once: its cited words are the evidence, and its short answer, where it has
    one, is an accepted one; an abstention that was right gives an unanswerable one. A bad answer gives a proposal that
    says neither, with the note, to be completed in the review.
    """
    every = [entry.source for entry in library.documents()]
    made = [_case(one, library, every) for one in library.conversations.judged()]
    return Taken(tuple(case for case in made if case is not None), made.count(None))


def _case(judged: Judged, library: Shelves, every: Sequence[str]) -> Case | None:
    answer = judged.answer
    history = tuple(Turn(question=turn.question, answer=turn.text) for turn in judged.earlier)
    about = Case(
        id=f"{JUDGED}-{_digest(judged.id)}",
        group_id=f"{JUDGED}-{_digest(judged.conversation)}",
        question=answer.question,
        answerable=False,
        history=history,
        tags=(JUDGED, FOLLOW_UP) if history else (JUDGED,),
        note=judged.note,
    )
    if not judged.good:
        return about.model_copy(update={"answerable": True, "tags": (PROPOSED, *about.tags)})
    if answer.status == "abstained":
        return about
    evidence = tuple(found for one in _cited(judged) if (found := _evidence(one, library, every)))
    if not evidence:
        return None
    answers = (answer.short,) if answer.short else ()
    return about.model_copy(update={"answerable": True, "answers": answers, "evidence": evidence})


def _cited(judged: Judged) -> list[Citation]:
    """The places that the shown sentences rest on."""
    shown = [one for one in judged.answer.sentences if not one.withheld and one.verdict.label in _PROVEN]
    wanted = {marker for sentence in shown for marker in sentence.citations}
    return [one for one in judged.answer.citations if one.marker in wanted]


def _evidence(citation: Citation, library: Shelves, every: Sequence[str]) -> Evidence | None:
    """The cited place as a case names it; None where its document no longer has these words."""
    try:
        text = library.document(citation.source).text
    except NoSuchSource:
        return None
    source, at = short_name(citation.source, every), text.find(citation.quote)
    if at >= 0 and text.find(citation.quote, at + 1) < 0:
        return Evidence(source=source, quote=citation.quote)
    if text[citation.start : citation.end] == citation.quote:
        return Evidence(source=source, start=citation.start, end=citation.end)
    return None


def _digest(id: str) -> str:
    """Tells one from another, and not what its id is: who has that may open the answer."""
    return hashlib.sha256(id.encode()).hexdigest()[:8]
