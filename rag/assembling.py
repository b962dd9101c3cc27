"""Drafted sentences → an Answer: numbered citations, verdicts, voices, conflicts; or the answer that says nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.draft import DraftSentence, Place
from rag.chunking import heading_at, page_of
from rag.errors import LibraryError
from rag.stores.base import Store
from rag.text import shown
from rag.trust import voices
from rag.trust.citing import Cited, looked_for, necessary, verify_quote
from rag.trust.premise import DENIAL, FalsePremise
from rag.trust.sides import Disagreement
from rag.trust.support import judge
from rag.types import Answer, Citation, Conflict, Document, Hit, Sentence, Side, Span, Verdict

UNCHECKED = Verdict("unchecked")
SILENCE = "The documents don't say."
"""All that an abstention says, but for a false premise."""


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence after it was held to its sources."""

    text: str
    verdict: Verdict
    """Its span bears the marker that its citation has here."""
    cited: Cited
    """What it needs of what it cites."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Where that stands."""
        return tuple(Place(one.source, Span(one.start, one.end)) for one, _ in self.cited)


class Documents:
    """The documents an answer cites, each read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, Document] = {}

    def fetch(self, source: str) -> Document:
        """The document of `source`. Raises `LibraryError` where it was removed meanwhile."""
        if source not in self._read:
            document = self._store.document(source)
            if document is None:
                raise LibraryError(f"{source} was removed while it was read; ask again")
            self._read[source] = document
        return self._read[source]


def assemble(question: str, drafts: Sequence[DraftSentence], documents: Documents) -> Answer:
    """Sentences laid out in one text, and their places as numbered citations in order of appearance."""
    citations: dict[Place, Citation] = {}
    sentences: list[Sentence] = []
    text = ""
    for draft in drafts:
        for place in draft.places:
            citations.setdefault(place, cite(len(citations) + 1, place, documents.fetch(place.source)))
        start = len(text) + 1 if text else 0
        text = f"{text} {draft.text}" if text else draft.text
        markers = tuple(citations[place].marker for place in draft.places)
        sentences.append(Sentence(draft.text, start, len(text), markers, UNCHECKED))
    return Answer(question, "answered", None, 0.0, text, None, tuple(sentences), tuple(citations.values()), ())


def cite(marker: int, place: Place, document: Document) -> Citation:
    """The citation of one place, its words taken from the document."""
    return Citation(
        marker=marker,
        source=document.source,
        sha256=document.sha256,
        title=document.title,
        start=place.span.start,
        end=place.span.end,
        quote=place.span.of(document.text),
        page=page_of(document.pages, place.span.start),
        date=document.date,
    )


def checked(answer: Answer, hits: Sequence[Hit], documents: Documents) -> Answer:
    """The answer with a verdict on each sentence, and the citations that each needs.

    Superfluous ones are dropped; where those of a sentence do not support it, `hits` are looked through for what does.
    A contradicted sentence is withheld.
    """
    at = {citation.marker: citation for citation in answer.citations}
    held = [
        hold(one.text, [(at[marker], documents.fetch(at[marker].source)) for marker in one.citations], hits, documents)
        for one in answer.sentences
    ]
    return with_verdicts(answer, held)


def hold(text: str, cited: Cited, hits: Sequence[Hit], documents: Documents) -> Held:
    """A sentence held to what it cites; where that does not support it, `hits` are looked through for what does."""
    verdict, needed = necessary(text, cited)
    if verdict.label in ("partial", "unsupported") and (found := looked_for(text, hits, documents.fetch)):
        verdict, needed = necessary(text, cited_at([Place(*found)], documents))
    return Held(text, verdict, tuple(needed))


def cited_at(places: Sequence[Place], documents: Documents) -> Cited:
    """Places as citations, numbered from 1, each with its document."""
    fetched = [documents.fetch(place.source) for place in places]
    return [
        (cite(marker, place, document), document)
        for marker, (place, document) in enumerate(zip(places, fetched, strict=True), 1)
    ]


def with_verdicts(answer: Answer, held: Sequence[Held]) -> Answer:
    """The answer with the verdict on each of its sentences, and the citations that they need, numbered anew."""
    numbers: dict[Place, int] = {}
    kept: list[Citation] = []
    sentences = []
    for sentence, one in zip(answer.sentences, held, strict=True):
        needed = one.cited
        for citation, _ in needed:
            place = Place(citation.source, Span(citation.start, citation.end))
            if place not in numbers:
                numbers[place] = len(numbers) + 1
                kept.append(replace(citation, marker=numbers[place]))
        markers = tuple(numbers[Place(one.source, Span(one.start, one.end))] for one, _ in needed)
        verdict = replace(one.verdict, span=_numbered(one.verdict.span, needed, markers))
        withheld = verdict.label == "contradicted"
        sentences.append(replace(sentence, citations=markers, verdict=verdict, withheld=withheld))
    return replace(answer, sentences=tuple(sentences), citations=tuple(kept), judge=judge().version)


def _numbered(
    span: Citation | None, needed: Sequence[tuple[Citation, Document]], markers: Sequence[int]
) -> Citation | None:
    """The verdict's span under the marker that its citation now has."""
    if span is None:
        return None
    return next(
        (replace(span, marker=new) for (one, _), new in zip(needed, markers, strict=True) if one.marker == span.marker),
        None,
    )


def with_voices(answer: Answer, documents: Documents) -> Answer:
    """The answer, in which a sentence says where two of its documents are no two witnesses."""
    sources = {citation.marker: citation.source for citation in answer.citations}
    sentences = []
    for sentence in answer.sentences:
        cited = [documents.fetch(source) for source in dict.fromkeys(sources[marker] for marker in sentence.citations)]
        ties = [f"{'; '.join(one.why)}, so they count as one voice" for one in voices.voices(cited) if one.why]
        verdict = replace(sentence.verdict, notes=(*sentence.verdict.notes, *ties))
        sentences.append(replace(sentence, verdict=verdict) if ties else sentence)
    return replace(answer, sentences=tuple(sentences))


def with_conflicts(answer: Answer, found: Sequence[Disagreement], documents: Documents) -> Answer:
    """The answer with its conflicts; places that it does not cite yet become citations after the others."""
    citations = {Place(one.source, Span(one.start, one.end)): one for one in answer.citations}
    for place in (place for one in found for side in one.sides for place in side.places):
        citations.setdefault(place, cite(len(citations) + 1, place, documents.fetch(place.source)))
    conflicts = tuple(
        Conflict(
            one.about,
            tuple(Side(side.value, tuple(citations[place].marker for place in side.places)) for side in one.sides),
            one.note,
        )
        for one in found
    )
    return replace(answer, citations=tuple(citations.values()), conflicts=conflicts)


def in_context(drafts: Sequence[DraftSentence], documents: Documents) -> list[str]:
    """Each drafted sentence with the title and headings that it stands under."""
    texts = []
    for draft in drafts:
        document = documents.fetch(draft.places[0].source)
        texts.append(f"{document.title} {heading_at(document, draft.places[0].span.start)} {draft.text}")
    return texts


def denied(answer: Answer, premise: FalsePremise, documents: Documents) -> Answer:
    """The answer that names a false premise, and quotes the sentence that contradicts it."""
    document = documents.fetch(premise.place.source)
    citation = cite(1, premise.place, document)
    quote = shown(document.text, premise.place.span, document.media_type)
    lead = f"{DENIAL.format(assumed=premise.assumed)} "
    verdict = verify_quote(quote, [(citation, document)])
    sentence = Sentence(quote, len(lead), len(lead) + len(quote), (1,), verdict)
    found = replace(silence(answer), reason="false_premise", text=lead + quote)
    return replace(found, sentences=(sentence,), citations=(citation,))


def silence(answer: Answer) -> Answer:
    """The answer that says nothing, and says so."""
    return replace(answer, status="abstained", text=SILENCE, short=None, sentences=(), citations=())
