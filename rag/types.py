"""The values that flow through Pincite: frozen, plain, standard library only.

Offsets are Unicode code points, half-open, into `Document.text`. Pages, ranks and markers count from 1.
Times are seconds. Scores are "higher is better", each on a named scale.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

Scale = Literal["cosine", "bm25", "fused", "rerank"]
Label = Literal["supported", "partial", "contradicted", "unsupported", "unchecked"]
Status = Literal["answered", "abstained"]
Reason = Literal["no_evidence", "weak_evidence", "unsupported", "false_premise"]

WITHHELD = "(A sentence is withheld: what it cites says otherwise.)"
"""What stands where a contradicted sentence would."""


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of `text` in this range."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paged document: its number from 1 and its range of characters."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a document: its depth from 1 (outermost) and its range of characters."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One document as its loader read it. Every span in Pincite points into `text`."""

    id: str
    """Derived from `source`: the same place keeps its id from version to version."""
    source: str
    """Absolute path or URL: the unique key."""
    sha256: str
    """Of the file's bytes, in hexadecimal: which version this is."""
    title: str
    text: str
    media_type: str
    date: str | None = None
    """The day the document bears, `YYYY-MM-DD`, or None where it bears none."""
    language: str | None = None
    """ISO 639-1 code, or None where the text is too short to tell."""
    pages: tuple[Page, ...] = ()
    """Empty for a document without pages."""
    headings: tuple[Heading, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document: the unit that is embedded and found."""

    id: str
    document_id: str
    source: str
    title: str
    start: int
    end: int
    text: str
    """Exactly `document.text[start:end]`."""
    heading: str = ""
    """The headings above the passage, outermost first, joined by " › ". Context, not part of the span."""
    page_first: int | None = None
    page_last: int | None = None
    media_type: str = "text/plain"
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question."""

    passage: Passage
    rank: int
    score: float
    scale: Scale
    """`cosine` −1..1, `bm25` ≥ 0, `fused` 0..1, `rerank` 0..1."""
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Its rank on each way that brought it: `dense`, `lexical`, `fused`, `rerank`."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """Its score on each way: cosine (also where meaning alone did not bring it), BM25, and twice 0..1."""


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words that support a sentence: `document.text[start:end] == quote`."""

    marker: int
    """The n of [n]."""
    source: str
    sha256: str
    """The version of the document that the offsets belong to."""
    title: str
    start: int
    end: int
    quote: str
    page: int | None = None
    """Page of the first quoted character, from 1; None for a document without pages."""
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the cited words support a sentence."""

    label: Label
    support: float | None = None
    """0 (not at all) .. 1 (fully); None where it was not judged."""
    span: Citation | None = None
    """The shortest cited words that suffice."""
    unsupported: tuple[Span, ...] = ()
    """The words of the sentence that nothing cited supports; offsets into the sentence."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer: `answer.text[start:end] == text`."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    """Markers of the citations that it rests on."""
    verdict: Verdict
    withheld: bool = False
    """True where the sentence was contradicted and is not shown."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict: what it says, and the citations that say so."""

    value: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that give different values for the same thing."""

    about: str
    sides: tuple[Side, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, with its evidence. `str(answer)` shows the marks, `answer.text` has none."""

    question: str
    status: Status
    reason: Reason | None
    """Why there is no answer; None where there is one."""
    confidence: float
    """Probability 0..1 that the library answers the question and this answer is right; given also when abstained."""
    text: str
    short: str | None
    """The answer's own words inside the text, where they could be told apart."""
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[Hit, ...]
    """The nearest passages, best first, whether or not they were cited."""
    conflicts: tuple[Conflict, ...] = ()
    model: str = "extractive"
    """What it was written by: a chat model's name, or `extractive` where all of it is quoted, also in its place."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Time by stage: `search`, `read`, `write` where a chat model was asked, `verify`, and `total`."""
    usage: Mapping[str, int] | None = None
    """Tokens by `input_tokens` and `output_tokens`, where a chat model was asked; 0 where its replies were kept ones,
    and where the provider told none."""
    written: Mapping[Label, int] | None = None
    """The sentences that a chat model wrote, by verdict, before any was mended, replaced or left out; None where none
    was asked."""
    signals: Mapping[str, float] = field(default_factory=dict)
    """What the confidence was reckoned from; see `rag.trust.abstention.Signals`."""
    judge: str = ""
    """Name and version of the judge that gave the verdicts; empty in answers made before it was kept."""
    understood: str | None = None
    """The question as it was searched and answered, where a follow-up was made standalone; None where it stands as
    asked."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how it was made: a chat model that failed, or what was left out of its words."""

    def __str__(self) -> str:
        marked = self.text
        for sentence in reversed(self.sentences):
            marks = "".join(f"[{marker}]" for marker in sentence.citations)
            shown = WITHHELD if sentence.withheld else sentence.text
            marked = marked[: sentence.start] + f"{shown} {marks}".rstrip() + marked[sentence.end :]
        return marked

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries under the field names above, ready for JSON."""
        return asdict(self)

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation and what was answered, as far as later questions may point back to it."""

    question: str
    """As it was asked."""
    text: str = ""
    """The words of the answer; empty where there was none."""
    understood: str | None = None
    """The question made standalone; None where it stands as asked."""
    answer: Answer | None = None
    """The answer with its own evidence; None where only its words are known."""

    @property
    def standalone(self) -> str:
        """The question as it was understood."""
        return self.understood or self.question


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed, and why: one row of the ledger."""

    source: str
    error: str
    kind: str = "broken"
    at: str = ""
    """When it failed, ISO 8601 in UTC."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know about a document that *was* indexed."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one `add` or `remove` did, by source."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    notices: tuple[Notice, ...] = ()
    seconds: float = 0.0

    def __str__(self) -> str:
        counts = {name: len(getattr(self, name)) for name in ("added", "updated", "unchanged", "removed", "failed")}
        return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing to do"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a library, as a list shows it."""

    document_id: str
    source: str
    title: str
    date: str | None
    language: str | None
    media_type: str
    sha256: str
    characters: int
    pages: int
    passages: int
    indexed_at: str
    """ISO 8601 in UTC."""
    searched: Literal["meaning and words", "words only"] = "meaning and words"
    """`words only` where the embedder does not know the document's language."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where long work stands: `done` of `total` sources, and the one at hand."""

    done: int
    total: int
    source: str
    stage: Literal["reading", "embedding", "stored", "failed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a streamed answer: `search`, `read` (as it grows by sentences), `verify`, `answer`.

    A `read` step without an answer says that a chat model begins to write, or still writes. An abstention shows no
    sentence before its `answer`.
    """

    stage: Literal["search", "read", "verify", "answer"]
    hits: tuple[Hit, ...] = ()
    """The passages found, from the `search` step on."""
    answer: Answer | None = None
    """The answer as far as it has got; whole and checked in the `answer` step."""
    understood: str | None = None
    """What a follow-up question was taken for; None where it stands as asked."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that `doctor` looked at."""

    name: str
    ok: bool
    detail: str
    advice: str = ""
    """What to do where it is not well."""
