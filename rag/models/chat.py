"""Chat models, one way to speak with all of them: messages in, pieces of text out as they come."""

import re
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from rag.errors import ModelError, PinciteError
from rag.models import providers
from rag.models.connecting import chat_model, model_name, server_of
from rag.models.local.server import ready
from rag.models.providers import passing, pause_of, text_of, told
from rag.models.streams import Cut, read
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

CHARACTERS = 16
"""Of one token, on average at most: what is longer than the limit's tokens at that is cut off."""

_LIMITS = ("max_tokens", "max_output_tokens", "num_predict")
"""What providers call the most tokens that a reply may have."""
_ENDED = ("finish_reason", "stop_reason", "done_reason")
"""What providers call the reason why a reply has ended."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation with a chat model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one reply, as the provider counts them."""

    read: int
    """Of what was sent."""
    written: int
    """Of what came back."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a reply: what came, as it came."""

    text: str
    """May be empty, as in the last piece, which often tells the usage alone, and while the provider lets one wait."""
    usage: Usage | None = None
    """Of the whole reply, in one piece at the most; None where the provider has not told."""


class Speaker(Protocol):
    """A chat model that replies piece by piece. Safe for threads."""

    @property
    def name(self) -> str:
        """`provider:model`."""
        ...

    def stream(self, messages: Sequence[Message], *, limit: int, stop: Sequence[str] = ()) -> Iterator[Piece]:
        """The reply to `messages`, of `limit` tokens at the most, ending before any of the texts in `stop`.

        Closing the iterator (`close()`, or leaving it to be collected) ends the call. Raises `BadInput` for a missing
        package, a missing or refused key and a model that does not exist, `ModelError` for what else keeps it from
        replying; also after some pieces, where the connection breaks.
        """
        ...


def speaker(model: "str | BaseChatModel", settings: Settings) -> Speaker:
    """A chat model by name (`provider:model`, `local:model`), or one of LangChain's, to be spoken with.

    A local model's server starts with the first message. Raises `BadInput` for a name of no known kind, a package or
    a key that is missing, and `ModelError` for a local model that has not been pulled.
    """
    seconds = settings.answer.timeout
    if not isinstance(model, str):
        return _Spoken(lambda: model, model_name(model), seconds)
    provider, _, name = model.partition(":")
    if provider == "local" and name:
        ready(name, settings)
        return _Spoken(lambda: chat_model(model, settings), model, seconds, checked=True)
    made = chat_model(model, settings)
    return _Spoken(lambda: made, model, seconds, server_of(model, settings), checked=provider == "openai")


class _Spoken:
    """One of LangChain's chat models."""

    def __init__(
        self, make: "Callable[[], BaseChatModel]", name: str, seconds: float, server: str = "", *, checked: bool = False
    ) -> None:
        """`server` is its address, where one was set; `checked` that it always says why a reply has ended."""
        self.name = name
        self._make = make
        self._seconds = seconds
        self._server = server
        self._checked = checked
        self._refused: set[str] = set()
        """Of `temperature` and `stop`, what the model does not take."""

    def stream(self, messages: Sequence[Message], *, limit: int, stop: Sequence[str] = ()) -> Iterator[Piece]:
        """See `Speaker`. Until the first piece has come it tries again where the provider is busy, slow or away."""
        model = self._make()
        pauses, waiting = [*providers.PAUSES], Piece("")
        until = time.monotonic() + self._seconds
        while True:
            began = False
            try:
                left = until - time.monotonic()
                with closing(read(lambda: self._pieces(model, messages, limit, stop), left, waiting)) as pieces:
                    for piece in pieces:
                        began = began or piece is not waiting
                        yield piece
                return
            except Exception as error:
                if began:
                    raise _broken(self.name, error) from None
                if self._learnt(error):
                    continue
                pause = pause_of(error, pauses.pop(0)) if pauses else self._seconds
                if not passing(error) or _nobody(error) or time.monotonic() + pause >= until:
                    raise told(self.name, error, self._server) from None
                time.sleep(pause)

    async def _pieces(
        self, model: "BaseChatModel", messages: Sequence[Message], limit: int, stop: Sequence[str]
    ) -> AsyncGenerator[Piece, None]:
        """One try: the pieces up to a stop or the limit, which not every server keeps, and last the usage."""
        options: dict[str, Any] = {"stop": list(stop)} if stop and "stop" not in self._refused else {}
        asked = [(message.role, message.text) for message in messages]
        cut, usage, length, ended = Cut(stop), None, 0, not self._checked
        reply = cast("AsyncGenerator[Any, None]", self._bounded(model, limit).astream(asked, **options))
        async with aclosing(reply) as chunks:
            async for chunk in chunks:
                usage = _added(usage, getattr(chunk, "usage_metadata", None))
                ended = ended or any(chunk.response_metadata.get(key) for key in _ENDED)
                text = cut.feed(text_of(chunk))
                length += len(text)
                if text:
                    yield Piece(text)
                if cut.done or length >= CHARACTERS * limit:
                    ended = True
                    break
        if not ended:
            raise ConnectionError("the reply has no end")
        yield Piece(cut.rest(), usage)

    def _bounded(self, model: "BaseChatModel", limit: int) -> "BaseChatModel":
        """The model with no more than `limit` tokens for its reply, as far as it can be told so."""
        field = next((one for one in _LIMITS if one in type(model).model_fields), None)
        changed: dict[str, Any] = {} if field is None else {field: min(limit, getattr(model, field) or limit)}
        if "temperature" in self._refused:
            changed["temperature"] = None
        return model.model_copy(update=changed) if changed else model

    def _learnt(self, error: Exception) -> bool:
        """Whether the model has just refused an option that it can do without; from now on it is left out."""
        if getattr(error, "status_code", None) != 400:
            return False
        named = re.search(r"[\"'`](temperature|stop)[\"'`]", str(error))
        new = named is not None and named[1] not in self._refused
        if named is not None:
            self._refused.add(named[1])
        return new


def _added(usage: Usage | None, more: Any) -> Usage | None:
    """The usage with what another piece tells: LangChain's pieces add up."""
    if not more:
        return usage
    before = usage or Usage(0, 0)
    return Usage(before.read + more["input_tokens"], before.written + more["output_tokens"])


def _broken(name: str, error: Exception) -> PinciteError:
    if isinstance(error, TimeoutError):
        return ModelError(f"{name} did not come to an end in time; ask again, or take a faster model")
    return ModelError(f"{name} broke off in the middle of its reply; ask again")


def _nobody(error: BaseException | None) -> bool:
    """Whether no server listens at all, so that waiting would not help."""
    if error is None:
        return False
    refused = isinstance(error, ConnectionRefusedError) or "connection refused" in str(error).lower()
    return refused or _nobody(error.__cause__ or error.__context__)
