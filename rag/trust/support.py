"""Does the cited text support a sentence? Exact checks, shared words, a cross-encoder, and one calibrated number.

    sentence ─┬ figures, names, polarity, hedging → findings: what the evidence lacks or says otherwise
              └ overlap, cross-encoder → support 0..1, by the logistic regression in support.json

A finding keeps a sentence from being `supported` whatever its words share with the evidence. A quote is proved by its
characters. The coefficients and thresholds lie in support.json with the data, the date and the command that made them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property

from rag.models.reranking import Reranker, reranker
from rag.text import units, words
from rag.trust import figures, hedging, names, polarity
from rag.trust.alignment import Statement, Window, best_windows, copied, statements
from rag.trust.calibration import Calibration, calibration
from rag.trust.finding import Finding
from rag.trust.overlap import overlap
from rag.types import Label, Span, Verdict

READ = 256
"""Statements of the evidence, at most, that a sentence is held against: those nearest to it by words."""
ABOUT_THE_SAME = 0.6
"""Least share of a sentence's words in one window for the evidence to speak of the same thing."""
SAID_ALIKE = 0.55
"""Least share of its words in the evidence's own order for another figure or name there to contradict it: put in other
words, it may follow all the same."""
MOST = 2
"""Figures and names that the evidence lacks are counted up to here."""
NOTHING = -12.0
"""Log-odds of the cross-encoder where there is no evidence to read."""

_NO_CLAIM = re.compile(
    r"(?:hello|hi|sure|certainly|of course|great question|thank you|thanks|i hope (?:this|that) helps|you'?re welcome"
    r"|let me know|i (?:do not|don['’]t) know|i(?: am|['’]m) (?:not sure|sorry|unable)"
    r"|i could(?: not|n['’]t) find|the documents don['’]t say)\b",
    re.IGNORECASE,
)
_WORST_FIRST: tuple[Label, ...] = ("contradicted", "unsupported", "partial", "supported", "unchecked")


def verify(text: str, evidence: str | Sequence[str]) -> Verdict:
    """Judge a sentence, or several, against the text or texts that it cites.

    `support` is 0..1, calibrated on human labels (support.json names them); `supported` from its threshold on and only
    without findings, `contradicted` where the evidence says otherwise, `unchecked` for what makes no claim (a question,
    a greeting, no words). Several sentences are as good as the worst. Raises `ModelError` where the packaged
    cross-encoder cannot be loaded.
    """
    return judge().verdict(text, [evidence] if isinstance(evidence, str) else evidence)


@cache
def judge() -> "Judge":
    """The judge that ships, with the packaged cross-encoder loaded when it is first needed."""
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

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the exact checks object to."""
        return (*self.polarity, *self.figures, *self.names, *self.hedging)


class Judge:
    """Judges sentences against evidence. A model of another kind takes the place of `reader` or of the calibration."""

    def __init__(self, reader: Reranker | None = None, fitted: Calibration | None = None) -> None:
        self._given = reader
        self._fitted = fitted or calibration("support")

    @property
    def version(self) -> str:
        """Which calibration it judges by."""
        return self._fitted.version

    @cached_property
    def _reader(self) -> Reranker:
        return self._given or reranker()

    def verdict(self, text: str, evidence: Sequence[str]) -> Verdict:
        """The verdict on a text as `verify` gives it."""
        return self.of_statements(text, statements(evidence))

    def of_statements(self, text: str, evidence: Sequence[Statement], context: str = "") -> Verdict:
        """The same where the evidence is read already; `context` (titles) may hold words, and proves nothing."""
        parts = units(text) or [Span(0, len(text))]
        verdicts = [_moved(self._sentence(span.of(text), evidence, context), span.start) for span in parts]
        return verdicts[0] if len(verdicts) == 1 else _worst(verdicts)

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
        signals = {} if _verbatim(said, evidence) else self._signals(said, evidence, windows)
        counts = {"figures": float(min(MOST, len(unborne))), "names": float(min(MOST, len(unnamed)))}
        return Checked(
            signals | counts if signals else {},
            tuple(unborne),
            tuple(unnamed),
            (*polarity.clashes(said, evidence), *names.swapped(sentence, whole)),
            tuple(hedging.plainer(said, evidence)),
            missing,
            _share_of_rest(said, windows, [*unborne, *unnamed]),
            max((copied(said, one) for window in windows for one in window.statements), default=0.0),
        )

    def checked(self, text: str, evidence: Sequence[str]) -> list[Checked]:
        """What is found for each sentence of `text` that makes a claim, before it is weighed: for fitting."""
        read = statements(evidence)
        return [self.check(span.of(text), read) for span in units(text) if _claims(span.of(text))]

    def _signals(self, said: Statement, evidence: Sequence[Statement], windows: Sequence[Window]) -> dict[str, float]:
        texts = list(dict.fromkeys(window.text for window in windows))
        answers = float(max(self._reader.score(said.text, texts))) if texts else NOTHING
        return {**asdict(overlap(said, evidence, windows)), "answers": answers}

    def _sentence(self, sentence: str, evidence: Sequence[Statement], context: str) -> Verdict:
        if not _claims(sentence):
            return Verdict("unchecked")
        if any(_letters(sentence) == letters for letters in _wholes(evidence, context)):
            return Verdict("supported", 1.0)
        found = self.check(sentence, evidence, context)
        support = self._fitted.probability(found.signals) if found.signals else 1.0
        label, support = self._labelled(found, support)
        spans = [one.span for one in found.findings]
        return Verdict(
            label,
            round(support, 4),
            None,
            () if label == "supported" else _merged([*found.missing, *spans]),
            tuple(dict.fromkeys(one.note for one in found.findings)),
        )

    def _labelled(self, found: Checked, support: float) -> tuple[Label, float]:
        """A finding holds the support below what its label allows, in the order that the words gave."""
        supported, partial = self._fitted.thresholds["supported"], self._fitted.thresholds["partial"]
        same = found.share >= ABOUT_THE_SAME
        absent = [*found.figures, *found.names, *(one for one in found.polarity if not one.against)]
        alike = found.copied >= SAID_ALIKE
        if any(one.against for one in found.polarity) or (alike and any(one.against for one in absent)):
            return "contradicted", support * partial / 2
        if absent:
            return ("partial" if same else "unsupported"), support * partial
        if found.hedging:
            return "partial", min(support, supported) * 0.999
        if support >= supported:
            return "supported", support
        return ("partial" if support >= partial else "unsupported"), support


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


def _letters(text: str) -> str:
    return " ".join(span.of(text).casefold() for span in words(text))


def _wholes(evidence: Sequence[Statement], context: str) -> set[str]:
    """Every run of whole sentences of one piece, up to four, also with the title in front."""
    letters = [_letters(one.text) for one in evidence]
    runs = set()
    for start in range(len(evidence)):
        for end in range(start + 1, min(start + 5, len(evidence) + 1)):
            if evidence[start].piece == evidence[end - 1].piece:
                runs.add(" ".join(letters[start:end]))
    return runs | {f"{_letters(context)} {run}" for run in runs if context}


def _verbatim(said: Statement, evidence: Sequence[Statement]) -> bool:
    """Whether it stands inside one sentence of the evidence, as a part of it."""
    own = f" {_letters(said.text)} "
    return any(own in f" {_letters(one.text)} " for one in evidence)


def _moved(verdict: Verdict, by: int) -> Verdict:
    moved = tuple(Span(span.start + by, span.end + by) for span in verdict.unsupported)
    return replace(verdict, unsupported=moved)


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Several sentences as one: the worst label, the least support, everything that any of them lacks."""
    judged = [one for one in verdicts if one.label != "unchecked"]
    if not judged:
        return verdicts[0]
    worst = min(judged, key=lambda one: (_WORST_FIRST.index(one.label), one.support or 0.0))
    return Verdict(
        worst.label,
        min(one.support for one in judged if one.support is not None),
        None,
        tuple(span for one in judged for span in one.unsupported),
        tuple(dict.fromkeys(note for one in judged for note in one.notes)),
    )


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Overlapping spans as one, in order."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
