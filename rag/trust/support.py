"""Does the cited text support a sentence? Exact checks, shared words, models that read, and one calibrated number.

    sentence ─┬ figures, names, polarity, hedging → findings: what the evidence lacks or says otherwise
              └ overlap, cross-encoder, entailment → support 0..1, by the logistic regression in support.json

A finding keeps a sentence from being `supported` whatever its words share with the evidence. A quote is proved by its
characters. The coefficients and thresholds lie in support.json with the data, the date and the command that made them;
a model whose signals it does not name is never loaded.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache, cached_property

from rag.models.reranking import Reranker, reranker
from rag.models.verifying import PackagedVerifier, Verifier, verifier
from rag.text import units, words
from rag.trust import entailment, figures, hedging, names, polarity, verbatim
from rag.trust.alignment import Statement, Window, best_windows, copied, statements
from rag.trust.calibration import Calibration, calibration
from rag.trust.entailment import NOT_READ, NOTHING, Reading
from rag.trust.finding import Finding
from rag.trust.joining import merged, moved, worst
from rag.trust.overlap import Overlap, overlap
from rag.types import Label, Span, Verdict

READ = 256
"""Statements of the evidence, at most, that a sentence is held against: those nearest to it by words."""
SAYS_SOME = 0.3
"""Least share of its words in one window for a sentence that is not supported to be so in part: where it best parts
what people call partly supported from what they call not supported, in WiCE (Kamoi et al. 2023)."""
SAID_ALIKE = 0.55
"""Least share of its words in the evidence's own order for another figure or name there to contradict it: put in other
words, it may follow all the same."""
MOST = 2
"""Figures and names that the evidence lacks are counted up to here."""

_NO_CLAIM = re.compile(
    r"(?:hello|hi|sure|certainly|of course|great question|thank you|thanks|i hope (?:this|that) helps|you'?re welcome"
    r"|let me know|i (?:do not|don['’]t) know|i(?: am|['’]m) (?:not sure|sorry|unable)"
    r"|i could(?: not|n['’]t) find|the documents don['’]t say)\b",
    re.IGNORECASE,
)


def verify(text: str, evidence: str | Sequence[str]) -> Verdict:
    """Judge a sentence, or several, against the text or texts that it cites.

    `support` is 0..1, calibrated on human labels (support.json names them); `supported` from its threshold on and only
    without findings, `contradicted` where the evidence says otherwise, `unchecked` for what makes no claim (a question,
    a greeting, no words). Several sentences are as good as the worst. Raises `ModelError` where a packaged
    model cannot be loaded.
    """
    return judge().verdict(text, [evidence] if isinstance(evidence, str) else evidence)


@cache
def judge() -> "Judge":
    """The judge that ships, with the packaged models loaded when they are first needed."""
    return Judge()


@dataclass(frozen=True, slots=True)
class Checked:
    """What the layers found for one sentence."""

    signals: Mapping[str, float]
    """What the support is reckoned from, by name; empty where the sentence stands in the evidence word for word."""
    figures: tuple[Finding, ...] = ()
    names: tuple[Finding, ...] = ()
    polarity: tuple[Finding, ...] = ()
    """With names that exchanged their roles."""
    hedging: tuple[Finding, ...] = ()
    missing: tuple[Span, ...] = ()
    """Words that stand nowhere in the evidence."""
    share: float = 0.0
    """0..1: of its content words that no figure or name check objects to, those in the best window."""
    copied: float = 0.0
    """0..1: of its words, those that stand in one sentence of the evidence in the same order."""
    reading: Reading = NOT_READ
    """What the model of its own says; of what stands word for word, or where it is not asked, nothing."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the exact checks object to."""
        return (*self.polarity, *self.figures, *self.names, *self.hedging)


class Judge:
    """Judges sentences against evidence. Models of another kind take the place of `reader`, `verifier` or `fitted`."""

    def __init__(
        self, reader: Reranker | None = None, fitted: Calibration | None = None, verifier: Verifier | None = None
    ) -> None:
        self._given = reader
        self._given_verifier = verifier
        self._fitted = fitted or calibration("support")
        self._scores = "answers" in self._fitted.signals
        self._reads = entailment.needed(self._fitted)

    SIGNALS = (*(one.name for one in fields(Overlap)), "answers", *entailment.SIGNALS, "figures", "names")
    """Every signal that it knows, by name."""

    @classmethod
    def finding_all(cls, threads: int = 0) -> "Judge":
        """One that finds every signal, whatever the calibration names: for fitting, never to be asked for a verdict."""
        fitted = replace(calibration("support"), signals=cls.SIGNALS)
        return cls(reranker(threads=threads), fitted, PackagedVerifier(threads))

    @property
    def version(self) -> str:
        """Which calibration it judges by, and which model of its own where that is asked."""
        return " ".join([self._fitted.version, *([entailment.version(self._given_verifier)] if self._reads else [])])

    @cached_property
    def _reader(self) -> Reranker:
        return self._given or reranker()

    @cached_property
    def _verifier(self) -> Verifier:
        return self._given_verifier or verifier()

    def verdict(self, text: str, evidence: Sequence[str]) -> Verdict:
        """The verdict on a text as `verify` gives it."""
        return self.of_statements(text, statements(evidence))

    def of_statements(self, text: str, evidence: Sequence[Statement], context: str = "") -> Verdict:
        """The same where the evidence is read already; `context` (titles) may hold words, and proves nothing."""
        parts = units(text) or [Span(0, len(text))]
        verdicts = [moved(self._sentence(span.of(text), evidence, context), span.start) for span in parts]
        return verdicts[0] if len(verdicts) == 1 else worst(verdicts)

    def check(self, sentence: str, evidence: Sequence[Statement], context: str = "") -> Checked:
        """The findings and signals for one sentence, before they are weighed."""
        said = Statement(sentence)
        evidence = _nearest(said, evidence)
        pieces = sorted({one.piece for one in evidence})
        whole = [" ".join(one.text for one in evidence if one.piece == piece) for piece in pieces]
        shown = [*whole, context] if context else whole
        windows = best_windows(said, evidence)
        held = frozenset[str]().union(Statement(context).keys, *(one.keys for one in evidence))
        missing = tuple(token.span for token in said.content if token.keys.isdisjoint(held))
        unborne, unnamed = figures.check(sentence, shown), names.check(sentence, shown)
        quoted = verbatim.is_part(said, evidence)
        asked = self._reads and not quoted
        reading = entailment.read(self._verifier, said, evidence) if asked else NOT_READ
        read = reading.signals if asked else {}
        counts = {"figures": float(min(MOST, len(unborne))), "names": float(min(MOST, len(unnamed)))}
        return Checked(
            {} if quoted else self._signals(said, evidence, windows) | read | counts,
            tuple(unborne),
            tuple(unnamed),
            (*polarity.clashes(said, evidence), *names.swapped(sentence, whole)),
            tuple(hedging.plainer(said, evidence)),
            missing,
            _share_of_rest(said, windows, [*unborne, *unnamed]),
            max((copied(said, one) for window in windows for one in window.statements), default=0.0),
            reading,
        )

    def checked(self, text: str, evidence: Sequence[str]) -> list[tuple[Span, Checked]]:
        """What is found for each sentence of `text` that makes a claim, and where it stands: for fitting."""
        read = statements(evidence)
        return [(span, self.check(span.of(text), read)) for span in units(text) if _claims(span.of(text))]

    def _signals(self, said: Statement, evidence: Sequence[Statement], windows: Sequence[Window]) -> dict[str, float]:
        shared = asdict(overlap(said, evidence, windows))
        if not self._scores:
            return shared
        texts = list(dict.fromkeys(window.text for window in windows))
        return {**shared, "answers": float(max(self._reader.score(said.text, texts))) if texts else NOTHING}

    def _sentence(self, sentence: str, evidence: Sequence[Statement], context: str) -> Verdict:
        if not _claims(sentence):
            return Verdict("unchecked")
        if verbatim.is_whole(sentence, evidence, context):
            return Verdict("supported", 1.0)
        found = self.check(sentence, evidence, context)
        support = self._fitted.probability(found.signals) if found.signals else 1.0
        label, support = self._labelled(found, support)
        spans = [one.span for one in found.findings]
        notes = [one.note for one in found.findings]
        if label == "contradicted" and not any(one.against for one in (*found.polarity, *found.figures, *found.names)):
            notes.append(entailment.OTHERWISE)
        unsupported = found.reading.unsupported(self._fitted.thresholds.get("words"))
        return Verdict(
            label,
            round(support, 4),
            None,
            () if label == "supported" else merged([*found.missing, *spans, *unsupported]),
            tuple(dict.fromkeys(notes)),
        )

    def _labelled(self, found: Checked, support: float) -> tuple[Label, float]:
        """A finding, or a reading to the contrary, holds the support below what its label allows, in the order that
        the words gave."""
        supported, partial = self._fitted.thresholds["supported"], self._fitted.thresholds["partial"]
        some = found.share >= SAYS_SOME and not found.reading.reaches(0.0)
        absent = [*found.figures, *found.names, *(one for one in found.polarity if not one.against)]
        alike = found.copied >= SAID_ALIKE
        if any(one.against for one in found.polarity) or (alike and any(one.against for one in absent)):
            return "contradicted", support * partial / 2
        if support < supported and found.reading.reaches(self._fitted.thresholds.get("contradicted")):
            return "contradicted", support * partial / 2
        if absent:
            return ("partial" if some else "unsupported"), support * partial
        if found.hedging:
            return "partial", min(support, supported) * 0.999
        if support >= supported:
            return "supported", support
        return ("partial" if some else "unsupported"), support


def _claims(sentence: str) -> bool:
    bare = sentence.strip()
    return bool(words(bare)) and not bare.endswith("?") and not _NO_CLAIM.match(bare)


def _nearest(said: Statement, evidence: Sequence[Statement]) -> Sequence[Statement]:
    """The part of long evidence that shares most words with the sentence, in its order."""
    if len(evidence) <= READ:
        return evidence
    ranked = sorted(range(len(evidence)), key=lambda at: -said.share_in(evidence[at].keys))[: READ // 3]
    kept = {near for at in ranked for near in (at - 1, at, at + 1) if 0 <= near < len(evidence)}
    return [evidence[at] for at in sorted(kept)]


def _share_of_rest(said: Statement, windows: Sequence[Window], findings: Sequence[Finding]) -> float:
    """How much of a sentence the evidence says, apart from what it does not have: whether it speaks of the same."""
    rest = [
        token
        for token in said.content
        if not any(one.span.start <= token.span.start < one.span.end for one in findings)
    ]
    shares = [
        sum(any(statement.has(token) for statement in window.statements) for token in rest) / len(rest)
        for window in windows
        if rest
    ]
    return max(shares, default=0.0)
