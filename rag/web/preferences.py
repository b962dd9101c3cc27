"""How one visitor wants to be answered: what they changed of the settings, until they load the page again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, TypeVar

from annotated_types import Ge, Le
from pydantic import ValidationError

from rag.asking import EXTRACTIVE
from rag.errors import BadInput
from rag.models.chat import speaker
from rag.models.local.registry import PULLED
from rag.settings import AnswerSettings, RetrievalSettings, Settings
from rag.web import words

Tuned = TypeVar("Tuned", bound="Tunable")
LONGEST = 120
"""Characters of a model's name, at most."""


class Tunable(Protocol):
    """The part of `rag.Library` that preferences need."""

    @property
    def settings(self) -> Settings: ...
    def tuned(self, *, answer: AnswerSettings | None = None, retrieval: RetrievalSettings | None = None) -> Self: ...


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a visitor changed; None for what the settings say."""

    model: str | None = None
    """As `Library.ask` takes it."""
    depth: int | None = None
    evidence: int | None = None
    sentences: int | None = None
    confidence: float | None = None
    strict: bool | None = None

    def of(self, settings: Settings) -> tuple[AnswerSettings, RetrievalSettings]:
        """The settings with what was changed. Raises `ValidationError` for a value out of range."""
        wanted = {name: getattr(self, name) for name in ANSWER if getattr(self, name) is not None}
        deep = {} if self.depth is None else {"depth": self.depth}
        answer = AnswerSettings.model_validate({**settings.answer.model_dump(), **wanted})
        return answer, RetrievalSettings.model_validate({**settings.retrieval.model_dump(), **deep})

    def applied(self, library: Tuned) -> Tuned:
        """The library as this visitor asks it."""
        if self == Preferences():
            return library
        answer, retrieval = self.of(library.settings)
        return library.tuned(answer=answer, retrieval=retrieval)


DEFAULTS = Preferences()
"""Of one who has changed nothing."""
ANSWER = ("model", "evidence", "sentences", "confidence", "strict")
"""The preferences that are settings of the answer; `depth` is one of retrieval."""


def changed(before: Preferences, field: str, value: object, settings: Settings, *, free: bool) -> Preferences:
    """The preferences with one field changed to what came from the page; a value like the settings' is no change.

    With `free` any chat model may be named, else those on offer alone. Raises `BadInput`, and `ModelError` for a model
    that cannot be asked.
    """
    now = replace(before, **{field: _read(field, value)})
    try:
        answer, retrieval = now.of(settings)
    except ValidationError:
        low, high = bounds(field)
        raise BadInput(words.OUT_OF_RANGE.format(low=low, high=high)) from None
    if field == "model" and now.model != (settings.answer.model or EXTRACTIVE):
        _refuse_unfit(now.model or EXTRACTIVE, settings, free)
    same = (answer, retrieval) == (settings.answer, settings.retrieval)
    return Preferences() if same else _without_defaults(now, settings)


def offered(settings: Settings) -> list[str]:
    """The models to choose from: quotes alone, the settings' one, and those that were pulled."""
    pulled = [f"local:{gguf.name}" for gguf in PULLED.values() if (settings.models / gguf.file).is_file()]
    return list(dict.fromkeys([EXTRACTIVE, *filter(None, [settings.answer.model]), *pulled]))


def in_force(preferences: Preferences, settings: Settings) -> Mapping[str, Any]:
    """Each preference's value as it counts now, by its name."""
    answer, retrieval = preferences.of(settings)
    told = {name: getattr(answer, name) for name in ANSWER}
    return {**told, "model": answer.model or EXTRACTIVE, "depth": retrieval.depth}


def bounds(field: str) -> tuple[int, int]:
    """The least and the greatest value of a preference that is a number."""
    group = RetrievalSettings if field == "depth" else AnswerSettings
    limits = {type(limit): limit for limit in group.model_fields[field].metadata}
    return int(limits[Ge].ge), int(limits[Le].le)


def _refuse_unfit(model: str, settings: Settings, free: bool) -> None:
    if model == EXTRACTIVE:
        return
    if not free and model not in offered(settings):
        raise BadInput(words.ONLY_OFFERED)
    speaker(model, settings)


def _without_defaults(now: Preferences, settings: Settings) -> Preferences:
    said = in_force(Preferences(), settings)
    return replace(now, **{name: None for name, value in said.items() if getattr(now, name) == value})


def _whole(value: object) -> int:
    return int(str(value))


def _flag(value: object) -> bool:
    return {"true": True, "false": False}[str(value).lower()]


def _model(value: object) -> str:
    name = str(value).strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise ValueError
    return name


_READ = {
    "model": _model,
    "depth": _whole,
    "evidence": _whole,
    "sentences": _whole,
    "confidence": lambda value: _whole(value) / 100,
    "strict": _flag,
}
"""How each is read from the page; the confidence comes in per cent."""


def _read(field: str, value: object) -> Any:
    try:
        return _READ[field](value)
    except (ValueError, KeyError):
        raise BadInput(words.NO_SUCH_VALUE) from None
