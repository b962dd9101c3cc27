"""A chat model as a judge, where the judge that ships is unsure; what it quotes must stand in the evidence."""

import os
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sentencex import segment

from evals.judge.judges import LocalJudge, NamedJudge
from evals.judge.prompt import PROMPT, again, messages, proof, read
from evals.judge.replies import Replies, key
from rag import ChatModel, model_name, reply_of
from rag.errors import BadInput
from rag.types import Label, Span, Verdict

UNSURE = (0.2, 0.8)
"""Support between which a sentence is sent, if no exact check has found anything in it. On 80 texts each of BEGIN,
ExpertQA, WiCE, RAGTruth-QA and SummEdits-news that is 43 of 100 sentences, and 83 of the 131 texts that the local judge
gets wrong have one of them."""
LONGEST = 40_000
"""Characters of evidence, at most, that are sent."""

UNREADABLE = "the chat judge gave no reply that could be read; this is the local judge's verdict"
UNPROVED = "the chat judge said “{label}” without exact words that show it; this is the local judge's verdict"
TOO_LONG = "the evidence is too long for the chat judge; this is the local judge's verdict"

_WORST_FIRST: tuple[Label, ...] = ("contradicted", "unsupported", "partial", "supported", "unchecked")


def unsure(verdict: Verdict) -> bool:
    """Whether a local verdict is worth another opinion.

    What stands word for word in the evidence, what makes no claim, and what an exact check objects to (a note says
    so) is never sent.
    """
    support = verdict.support
    return support is not None and not verdict.notes and UNSURE[0] <= support <= UNSURE[1]


class ChatJudge:
    """Asks a chat model about the sentences of which another judge is unsure. Safe for threads."""

    def __init__(
        self,
        model: ChatModel,
        local: NamedJudge | None = None,
        cache: Replies | None = None,
        *,
        name: str = "",
        qualified: bool = False,
        seconds: float = 120.0,
    ) -> None:
        """`name` is `provider:model`, if the model does not tell; `qualified` is what `qualifying.qualified` says.

        Raises `BadInput` for a model with a temperature other than 0, whose verdicts would change from run to run.
        """
        heat = getattr(model, "temperature", None)
        if heat:
            raise BadInput(f"a judge must not guess: give the chat model the temperature 0, not {heat}")
        self.model = name or model_name(model)
        self.qualified = qualified
        self.tally: Counter[str] = Counter()
        """Sentences `judged`, `sent`, `decided` by the model, and those where it was `unreadable` or `unproved`."""
        self.fingerprints: set[str] = set()
        """What the provider called the model in its replies; nothing comes from the cache."""
        self._model = model
        self._local = local or LocalJudge()
        self._cache = cache
        self._seconds = seconds
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model, the version of the prompt, and the judge that decides the rest."""
        return f"{self.model} ({PROMPT}) over {self._local.name}"

    def ready(self) -> None:
        """Asks once, so that a missing key or server is told before the work begins. Raises as `verdict` does."""
        self._reply(messages("The ferry leaves at noon.", ["The ferry leaves at noon every day."]), pauses=())

    def invoke(self, asked: Any, /) -> Any:
        """What the model says itself, with note of what it calls itself."""
        said = self._model.invoke(asked)
        about = getattr(said, "response_metadata", None) or {}
        names = [str(about[key]) for key in ("model_name", "model", "system_fingerprint") if about.get(key)]
        if names:
            with self._lock:
                self.fingerprints.add(" ".join(dict.fromkeys(names)))
        return said

    def verdict(self, text: str, evidence: Sequence[str], /) -> Verdict:
        """The local verdict, or the model's where the local one is unsure and the model's quotes bear it out.

        Several sentences are as good as the worst. A verdict of the model has no support, and as its span the first
        words that it quoted, with offsets into the piece of evidence that `marker` numbers from 1. Raises `ModelError`
        or `BadInput` where the model cannot be asked.
        """
        parts = _sentences(text)
        first = [self._local.verdict(part.of(text), evidence) for part in parts]
        self._count(judged=len(parts), sent=sum(map(unsure, first)))
        if not any(map(unsure, first)):
            return first[0] if len(parts) == 1 else self._local.verdict(text, evidence)
        given = [
            _moved(self._asked(part.of(text), evidence, one) if unsure(one) else one, part.start)
            for part, one in zip(parts, first, strict=True)
        ]
        return _worst(given)

    def _asked(self, sentence: str, evidence: Sequence[str], local: Verdict) -> Verdict:
        if sum(map(len, evidence)) > LONGEST:
            return _noted(local, TOO_LONG)
        asked = messages(sentence, evidence)
        written = self._reply(asked)
        said = read(written) or read(self._reply(again(asked, written)))
        if said is None:
            self._count(unreadable=1)
            return _noted(local, UNREADABLE)
        shown = proof(said, sentence, evidence)
        if shown is None and said.label in ("supported", "contradicted"):
            self._count(unproved=1)
            return _noted(local, UNPROVED.format(label=said.label))
        self._count(decided=1)
        missing = () if said.label == "supported" else local.unsupported
        return Verdict(said.label, None, shown, missing)

    def _reply(self, asked: Sequence[tuple[str, str]], pauses: Sequence[float] | None = None) -> str:
        if self._cache is None:
            return reply_of(self, asked, self.model, self._seconds, pauses)
        place = key(self.model, _address(self._model, self.model), PROMPT, 0, asked)
        kept = self._cache.get(place)
        if kept is None:
            kept = reply_of(self, asked, self.model, self._seconds, pauses)
            self._cache.put(place, kept)
        return kept

    def _count(self, **more: int) -> None:
        with self._lock:
            self.tally.update(more)


def _address(model: Any, name: str) -> list[str]:
    """Where the model is served, as far as it or the environment tells: two servers may give two models one name."""
    own = [str(getattr(model, field, None) or "") for field in ("openai_api_base", "base_url")]
    provider = name.partition(":")[0].upper()
    told = (f"{provider}_{ending}" for ending in ("BASE_URL", "API_BASE", "HOST", "ENDPOINT"))
    return [*own, *(os.environ.get(variable, "") for variable in told)]


def _sentences(text: str) -> list[Span]:
    spans, at = [], 0
    for part in segment("en", text):
        bare = part.strip()
        at = text.index(bare, at)
        if bare:
            spans.append(Span(at, at + len(bare)))
        at += len(bare)
    return spans or [Span(0, len(text))]


def _noted(verdict: Verdict, note: str) -> Verdict:
    return replace(verdict, notes=(*verdict.notes, note))


def _moved(verdict: Verdict, by: int) -> Verdict:
    return replace(verdict, unsupported=tuple(Span(span.start + by, span.end + by) for span in verdict.unsupported))


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Several sentences as one: the worst of them, with everything that any of them lacks."""
    worst = min(verdicts, key=lambda one: _WORST_FIRST.index(one.label))
    missing = tuple(span for one in verdicts for span in one.unsupported)
    notes = tuple(dict.fromkeys(note for one in verdicts for note in one.notes))
    return replace(worst, unsupported=missing, notes=notes)
