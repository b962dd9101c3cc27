"""One model of every setting: `pincite.toml` < `PINCITE_*` < arguments. Unknown keys are errors."""

import os
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from rag.errors import SettingsError

FILE = "pincite.toml"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChunkingSettings(_Group):
    """How documents are cut into passages."""

    words: int = Field(150, ge=20, le=400)
    """About how many words a passage has; whole sentences, so a little more or less."""
    overlap: int = Field(1, ge=0, le=5)
    """Sentences that a passage repeats from the one before."""


class RetrievalSettings(_Group):
    """How passages are found."""

    depth: int = Field(100, ge=1, le=1000)
    """Candidates that each way (dense, lexical) brings."""
    dense_weight: float = Field(0.8, ge=0, le=1)
    """Share of the dense score in the fused one; the rest is lexical."""
    reading_weight: float = Field(0.5, ge=0, le=1)
    """Share of the best sentence's score in a reranked passage's."""
    read: int = Field(6, ge=1, le=50)
    """Passages, best first, whose sentences the reranker reads."""
    windows: int = Field(32, ge=1, le=500)
    """Sentences, at most, that the reranker reads for one question."""
    reading_words: int = Field(1000, ge=20, le=20_000)
    """Words that they have, at most, titles and headings included: this bounds the time."""


class AnswerSettings(_Group):
    """How an answer is made."""

    model: str | None = None
    """None quotes the documents; `provider:name` asks a LangChain chat model, `local:name` one that was pulled."""
    base_url: str | None = Field(None, pattern=r"^https?://[^\s@?#]+$")
    """Where a model called `openai:…` or `ollama:…` is served, such as `http://127.0.0.1:8080/v1`; it may not hold a
    name or password: keys come from the environment alone."""
    timeout: float = Field(120, gt=0)
    """Seconds within which a chat model must have replied; the time that Pincite itself takes does not count."""
    sentences: int = Field(3, ge=1, le=10)
    evidence: int = Field(10, ge=1, le=100)
    """Passages, best first, that an answer carries with it."""
    words: int = Field(75, ge=20, le=500)
    """Words that the second and later sentences may fill up to."""
    confidence: float = Field(0.3, ge=0, le=1)
    """Below this confidence the answer is "the documents don't say"."""
    strict: bool = False
    """Whether a sentence of a chat model that its sources bear out only in part, or not at all, is left out, and the
    answer says so; else it is shown with its verdict, where nothing better can be put in its place."""
    budget: int = Field(120, ge=20, le=50_000)
    """Words of evidence that a chat model is shown, titles included: more leads small models astray, and a large one is
    well served with 1,000."""
    quotes: bool | None = None
    """Whether what a chat model writes is followed by the quotes that would be the answer without it. None: after a
    local model, which is small; after another only where it left out what answers best."""
    reply: int = Field(400, ge=16, le=10_000)
    """Tokens of a chat model's reply, at most."""
    cache: int = Field(0, ge=0, le=100_000)
    """Replies of chat models that the library keeps, at most; 0 keeps none."""


class ConversationSettings(_Group):
    """How a conversation is kept."""

    turns: int = Field(12, ge=1, le=100)
    """Turns that it remembers; the oldest go first."""
    keep: bool = True
    """Whether the page keeps past conversations, beside the library."""
    answers: int = Field(1000, ge=1, le=100_000)
    """Answers that are kept of each user, at most; the oldest go first, those that were judged last."""


class Settings(BaseSettings):
    """Every setting of Pincite with its default.

    Raises `SettingsError` (one line, naming the key) through `Settings.load` for an unknown key or a bad value.
    """

    model_config = SettingsConfigDict(env_prefix="PINCITE_", env_nested_delimiter="__", extra="forbid", frozen=True)

    index: Path = Path("indexes/default")
    runs: Path = Path("evals/runs")
    """Where evaluation runs lie, for the page that lists them."""
    users: Path | None = None
    """Who may sign in to the page; None for `users.json` beside the library's folder."""
    embedder: str = "bge-small"
    """`bge-small` (packaged), or a sentence-transformers name or folder."""
    reranker: str = "minilm-l12"
    """`minilm-l12` (packaged), or a sentence-transformers cross-encoder."""
    threads: int = Field(0, ge=0)
    """Threads for models, and processes that read PDFs (8 at most); 0 takes every core."""
    models: Path = Field(default_factory=lambda: user_cache_path("pincite") / "models")
    """Where pulled models lie."""
    max_file_mb: int = Field(200, ge=1)
    """Larger files go to the ledger."""
    chunking: ChunkingSettings = ChunkingSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()
    conversation: ConversationSettings = ConversationSettings()

    @property
    def users_file(self) -> Path:
        """Where the names and hashed passwords of users lie."""
        return self.users or self.index.absolute().parent / "users.json"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(FILE))

    @classmethod
    def load(cls, **arguments: Any) -> "Settings":
        """The settings in force here; `arguments` win over the environment, and that over `pincite.toml`."""
        _refuse_unknown_variables(cls)
        try:
            return cls(**arguments)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise SettingsError(f"setting {key}: {first['msg']}; see `pincite doctor` for the keys") from None
        except ValueError as error:
            raise SettingsError(f"{FILE} cannot be read: {error}") from None


def _refuse_unknown_variables(settings: type[Settings]) -> None:
    known = {f"PINCITE_{name}".upper() for name in settings.model_fields} | {"PINCITE_BENCH"}
    for variable in os.environ:
        if variable.startswith("PINCITE_") and variable.split("__")[0] not in known:
            raise SettingsError(f"unknown setting {variable}; known: {', '.join(sorted(known))}")
