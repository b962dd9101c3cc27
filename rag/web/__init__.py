"""The page: Pincite in a browser, on this machine only unless told otherwise."""

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import BadInput, PinciteError

if TYPE_CHECKING:
    from rag.library import Library
    from rag.settings import Settings
    from rag.users import Users


def serve(
    index: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    ready: Callable[[str], None] | None = None,
    model: str | None = None,
) -> None:
    """Opens the library at `index` and serves its page until it is interrupted.

    `model` writes the answers; left out, the settings' one. `ready` is told the page's address once it answers. Where
    there are users, they have to sign in. Raises `BadInput` where `port` is taken, and where `host` can be reached from
    elsewhere without users; and what `Library` raises where the library cannot be opened.
    """
    from rag.settings import Settings

    chosen = {"answer": {"model": model}} if model else {}
    settings = Settings.load(index=Path(index), **chosen)
    users = _users(host, settings)
    _refuse_taken(host, port)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from rag.library import Library
    from rag.web.house import House
    from rag.web.opening import opened

    with Library(index, settings=settings) as library:
        house = House(library, settings.runs, name=library.path.name, users=users)
        page = opened(house, host, port, max_file_mb=settings.max_file_mb)
        if ready is not None:
            ready(str(page.local_url))
        warming = threading.Thread(target=_warm, args=(library,))
        warming.start()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass
        finally:
            page.close(verbose=False)
            house.close()
            warming.join()


def _warm(library: "Library") -> None:
    """The first question should not wait for the models; where they are missing, it is the question that says so."""
    with contextlib.suppress(PinciteError):
        library.warm()


def _users(host: str, settings: "Settings") -> "Users | None":
    """Who has to sign in; None where nobody has to, which is for this machine alone."""
    from rag.users import Users
    from rag.web.gate import is_here

    users = Users(settings.users_file)
    if users.names():
        return users
    if not is_here(host):
        raise BadInput(
            f"{host} can be reached from other machines, and nobody would have to sign in; let people in first:"
            f" pincite users add NAME --index {settings.index}"
        )
    return None


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise BadInput(f"cannot listen on {host}:{port} ({why}); choose another --port") from None
