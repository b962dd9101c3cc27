"""LangChain chat models by name: `provider:model`, anywhere that speaks as OpenAI does, or `local:model`."""

import os
import re
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rag.errors import BadInput
from rag.models.local.server import Address, served
from rag.models.providers import here, key_of, private, told
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EXTRAS = {
    "anthropic": "langchain_anthropic",
    "google_genai": "langchain_google_genai",
    "local": "langchain_openai",
    "ollama": "langchain_ollama",
    "openai": "langchain_openai",
}
"""The package that each provider with an extra of its own needs."""
_NO_RETRIES = {"anthropic": {"max_retries": 0}, "google_genai": {"max_retries": 1}, "openai": {"max_retries": 0}}
"""Pincite itself tries again, the same for all; for Google the number is of tries."""
_NO_KEY = "none"
"""Servers without a key take any; clients insist on one."""


def chat_model(name: str, settings: Settings | None = None) -> "BaseChatModel":
    """The LangChain chat model called `provider:model`, at temperature 0; for `local:model` its server is started.

    `settings` tell where an `openai:` or `ollama:` model is served, and where local ones lie; without them only the
    provider's own variables do. Raises `BadInput` that says what to do where the name is of no known kind, or the
    provider's package or key is missing, and `ModelError` for a local model that is not there or cannot run.
    """
    provider, colon, model = name.partition(":")
    if not (provider and colon and model):
        raise BadInput(f"{name!r} names no chat model; give provider:model, such as ollama:qwen3 or openai:gpt-4.1")
    if provider in EXTRAS and not find_spec(EXTRAS[provider]):
        extra = provider.replace("_genai", "")
        raise BadInput(f"{name} needs a package that is not here; install it with: pip install 'pincite[{extra}]'")
    if provider == "local":
        return _local(model, served(model, settings or Settings.load()))
    return _made(name, **(_NO_RETRIES.get(provider, {}) | _placed(provider, server_of(name, settings))))


def server_of(name: str, settings: Settings | None = None) -> str:
    """The address that is set for the provider of a model; empty where its own is used, or it has none."""
    provider = name.partition(":")[0]
    if provider not in ("openai", "ollama"):
        return ""
    given = settings.answer.base_url if settings else None
    if given or provider == "ollama":
        return given or ""
    return os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE") or ""


def model_name(model: Any) -> str:
    """A chat model by its kind and its own name, as far as it tells."""
    kind = str(getattr(model, "_llm_type", type(model).__name__))
    return ":".join(filter(None, (kind, str(getattr(model, "model_name", "") or getattr(model, "model", "")))))


@lru_cache(maxsize=4)
def _local(model: str, address: Address) -> "BaseChatModel":
    return _made(f"openai:{model}", **_openai(address))


def _placed(provider: str, server: str) -> dict[str, Any]:
    if not server:
        return {}
    if provider == "ollama":
        return {"base_url": server, "client_kwargs": {"trust_env": not here(server)}}
    key = os.environ.get(key_of(provider))
    return _openai(Address(server, key if key and private(server) else _NO_KEY))


def _openai(address: Address) -> dict[str, Any]:
    """Arguments for a server that speaks as OpenAI does; one on this machine is never sought through a proxy."""
    from openai import DefaultAsyncHttpxClient, DefaultHttpxClient

    own: dict[str, Any] = {"trust_env": not here(address.url), "headers": {"Connection": "close"}}
    return {
        "base_url": address.url,
        "api_key": address.key,
        "max_retries": 0,
        "stream_usage": True,
        "stream_chunk_timeout": None,
        "use_responses_api": False,
        "http_client": DefaultHttpxClient(**own),
        "http_async_client": DefaultAsyncHttpxClient(**own),
    }


def _made(name: str, **arguments: Any) -> "BaseChatModel":
    """What LangChain makes of a name. Its errors name a package or a key that is missing, each in its own way."""
    from langchain.chat_models import init_chat_model

    provider = name.partition(":")[0]
    try:
        model: BaseChatModel = init_chat_model(name, temperature=0, **arguments)
    except ImportError as error:
        package = re.search(r"pip install ([\w.-]+)", str(error))
        remedy = f"install it with: pip install {package[1]}" if package else "install its LangChain package"
        raise BadInput(f"{name} needs a package that is not here; {remedy}") from None
    except Exception as error:
        if isinstance(error, ValueError) and re.search("unsupported provider|infer model provider", str(error), re.I):
            raise BadInput(
                f"LangChain knows no provider called {provider!r}; give one such as openai or ollama"
            ) from None
        variable = re.search(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN)\b", str(error))
        if variable or re.search(r"api[_ -]?key|credential|token", str(error), re.I):
            raise BadInput(f"{name} needs a key; set {variable[0] if variable else key_of(provider)}") from None
        raise told(name, error) from None
    secret = getattr(model, "anthropic_api_key", None)  # the one that does without until the first question
    if secret is not None and not secret.get_secret_value():
        raise BadInput(f"{name} needs a key; set {key_of(provider)}")
    return model
