"""Calls to chat models: a deadline, a few tries, and foreign errors as one clear line that never shows a key."""

import os
import queue
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from rag.errors import BadInput, ModelError, PinciteError

SECONDS = 120.0
"""Within which a model must reply."""
PAUSES = (2.0, 8.0)
"""Seconds between the tries where a provider is busy, slow or out of reach; so many tries and one more."""
LONGEST_PAUSE = 30.0
"""Seconds, at most, that a provider may ask for between two tries."""

LONGEST = 100_000
"""Characters of a reply that are read: one that goes on without end is not kept whole."""

KEYS = {
    "anthropic": "ANTHROPIC_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "huggingface": "HUGGINGFACEHUB_API_TOKEN",
    "mistralai": "MISTRAL_API_KEY",
    "openai": "OPENAI_API_KEY",
}
"""Variables that hold a provider's key, where it is not simply `PROVIDER_API_KEY`, or where many look for it."""

_STATUS = {401: "key", 403: "key", 404: "absent", 408: "slow", 429: "busy", 504: "slow"}
_NAMES = (
    ("RateLimit", "busy"),
    ("ResourceExhausted", "busy"),
    ("ServiceUnavailable", "busy"),
    ("Timeout", "slow"),
    ("DeadlineExceeded", "slow"),
    ("Authentication", "key"),
    ("Unauthenticated", "key"),
    ("PermissionDenied", "key"),
    ("NotFound", "absent"),
    ("ContextOverflow", "long"),
    ("Connect", "away"),
    ("RemoteProtocol", "away"),
    ("InternalServer", "busy"),
    ("Overloaded", "busy"),
    ("JSONDecode", "garbled"),
    ("LookupError", "garbled"),
    ("ResponseValidation", "garbled"),
)
"""Parts of the names that providers, httpx and LangChain give to their errors, and what they mean."""
_PASSING = {"busy", "slow", "away"}
_SECRET = re.compile(r"(?=[\w*.-]*\d)[\w*.-]{20,}|\b(?:sk|pk|key|gsk|hf|xai)[-_][\w*.-]+")
_LONG = re.compile(r"context (?:size|length|window)|maximum context|too many tokens", re.IGNORECASE)

T = TypeVar("T")


class ChatModel(Protocol):
    """A chat model that replies at once and whole: the part of LangChain's that judging and proposing need."""

    def invoke(self, messages: Any, /) -> Any: ...


def reply_of(
    model: ChatModel,
    messages: Sequence[tuple[str, str]],
    name: str,
    seconds: float = SECONDS,
    pauses: Sequence[float] | None = None,
) -> str:
    """What a chat model replies to (role, text) messages, as text, at most its first `LONGEST` characters, within
    `seconds` for each try.

    Tries again after each of `pauses`, in seconds (`PAUSES` unless given), where the provider is busy, slow or out of
    reach. Raises `BadInput` for a key that is refused and for a model that does not exist, `ModelError` for what else
    keeps it from replying.
    """
    for pause in (*(PAUSES if pauses is None else pauses), None):
        try:
            return text_of(_within(seconds, lambda: model.invoke(list(messages))))[:LONGEST]
        except Exception as error:
            if pause is None or not passing(error):
                raise told(name, error) from None
            time.sleep(pause_of(error, pause))
    raise AssertionError("the last try returns or raises")


def told(name: str, error: Exception, server: str = "") -> PinciteError:
    """A provider's error about the model called `name`, in one line; `server` is its address where one was set."""
    provider, _, model = name.partition(":")
    match _kind(error):
        case "key" if server and not private(server):
            return BadInput(
                f"{name}: the server at {server} wants a key; set {key_of(provider)}, and reach the server by https or "
                "on this machine: a key is not sent in the clear"
            )
        case "key":
            return BadInput(f"{name}: the provider refuses the key; set {key_of(provider)} to one that it accepts")
        case "absent":
            remedy = f"get it with: ollama pull {model}" if provider == "ollama" else "check the name"
            return BadInput(f"{name}: the provider has no such model; {remedy}")
        case "away":
            return ModelError(
                f"{name}: no server answers{f' at {server}' if server else ''}; {_start(provider, server)}"
            )
        case "slow":
            return ModelError(f"{name} did not reply in time; try again, or take a faster model")
        case "busy":
            return ModelError(f"{name}: the provider is busy or the quota is used up; try again later")
        case "long":
            return ModelError(f"{name}: what was sent is longer than the model can read; take one that reads more")
        case "garbled":
            return ModelError(f"{name}: what answers there is no chat model's server; check its address")
    return ModelError(f"{name} failed ({type(error).__name__}): {harmless(str(error))}")


def harmless(text: str) -> str:
    """The first line of a foreign text, short, and without anything that could be a key."""
    for variable in KEYS.values():
        held = os.environ.get(variable)
        text = text.replace(held, "…") if held else text
    return _SECRET.sub("…", (text.splitlines() or [""])[0])[:200]


def key_of(provider: str) -> str:
    """The environment variable that holds the key of a provider."""
    return KEYS.get(provider, f"{provider.upper()}_API_KEY")


def private(server: str) -> bool:
    """Whether nobody on the way to a server can read what is sent."""
    return server.startswith("https:") or here(server)


def here(server: str) -> bool:
    """Whether a server's address is this machine's own."""
    return re.match(r"https?://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/]|$)", server) is not None


def passing(error: BaseException) -> bool:
    """Whether the same call may well succeed a little later."""
    return _kind(error) in _PASSING


def pause_of(error: BaseException, pause: float) -> float:
    """Seconds to wait after an error: `pause`, or what the provider asks for in `Retry-After`, within bounds."""
    response = getattr(error, "response", None)
    asked = str(getattr(response, "headers", {}).get("retry-after", ""))
    return min(max(pause, float(asked)), LONGEST_PAUSE) if re.fullmatch(r"\d+(?:\.\d+)?", asked) else pause


def text_of(message: Any) -> str:
    """The words of a message: its content is a text, or a list of blocks of which some are texts."""
    content = getattr(message, "content", message)
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    texts = (block if isinstance(block, str) else block.get("text", "") for block in blocks)
    return "".join(text for text in texts if isinstance(text, str))


def _kind(error: BaseException) -> str:
    """What an error means: by its HTTP status, else by the names of its classes, else by those of its cause."""
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(status, int) and status >= 400:
        if status in (400, 413) and _LONG.search(str(error)):
            return "long"
        if status == 400 and re.search(r"api[ _]key not valid", str(error), re.IGNORECASE):
            return "key"
        return _STATUS.get(status, "busy" if status >= 500 else "refused")
    if isinstance(error, (ImportError, FileNotFoundError)):
        return "refused"
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    found = next((kind for part, kind in _NAMES if part in names), None)
    return found or (_kind(error.__cause__) if error.__cause__ else "refused")


def _start(provider: str, server: str) -> str:
    if provider == "ollama":
        return "start it with: ollama serve"
    return "start it, or correct answer.base_url" if server else "check the network and its address"


def _within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises; `TimeoutError` where it takes longer. A call that never ends holds up nothing."""
    done: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put((call(), None))
        except Exception as error:
            done.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        value, error = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # None only where the call gave it
