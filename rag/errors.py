"""The errors Pincite raises. Each message is one line that says what to do next.

PinciteError                 exit status 1: a fault
├── BadInput                 exit status 2: what was given cannot be used
│   ├── EmptyQuestion
│   ├── NoSuchSource         a path, address or pattern that matches nothing
│   ├── LoadError            a file that yields no text; goes to the ledger
│   ├── SettingsError        an unknown key or a value out of range
│   └── EmbedderMismatch     the library was made with another embedder
├── LibraryError             the library on disk cannot be used
└── ModelError               weights missing, altered, or a model that cannot run
"""


class PinciteError(Exception):
    """Base of every error that Pincite raises on purpose."""

    exit_status = 1


class BadInput(PinciteError):
    """What was given cannot be used as it is."""

    exit_status = 2


class EmptyQuestion(BadInput):
    """The question holds no words."""


class NoSuchSource(BadInput):
    """A path, address or pattern that matches nothing."""


class LoadError(BadInput):
    """A file that yields no text.

    `kind` is one word for the ledger: `empty`, `unsupported`, `password`, `no_text_layer`, `broken`, `unreachable`
    or `too_large`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    def __reduce__(self) -> tuple[type["LoadError"], tuple[str, str]]:
        return type(self), (self.kind, str(self))


class SettingsError(BadInput):
    """An unknown key in the settings, or a value out of range."""


class EmbedderMismatch(BadInput):
    """The library was made with another embedder, whose vectors cannot be compared with this one's."""


class LibraryError(PinciteError):
    """The library on disk cannot be used."""


class ModelError(PinciteError):
    """Weights that are missing or altered, or a model that cannot run."""
