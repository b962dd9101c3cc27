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


def serve(
    index: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    ready: Callable[[str], None] | None = None,
    model: str | None = None,
) -> None:
    """Opens the library at `index` and serves its page until it is interrupted.

    `model` writes the answers; left out, the settings' one. `ready` is told the page's address once it answers. Raises
    `BadInput` where `port` is taken, and what `Library` raises where the library cannot be opened.
    """
    _refuse_taken(host, port)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from rag.library import Library
    from rag.settings import Settings
    from rag.web.house import House
    from rag.web.page import build, dress
    from rag.web.routes import attach

    settings = Settings.load(answer={"model": model}) if model else Settings.load()
    with Library(index, settings=settings) as library:
        house = House(library, library.settings.runs, name=library.path.name)
        page = build(house)
        limit = library.settings.max_file_mb * 1024 * 1024
        app, address, _ = page.launch(
            server_name=host, server_port=port, quiet=True, prevent_thread_lock=True, max_file_size=limit, **dress()
        )
        attach(app, house)
        if ready is not None:
            ready(address)
        warming = threading.Thread(target=_warm, args=(library,))
        warming.start()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass
        finally:
            page.close(verbose=False)
            warming.join()


def _warm(library: "Library") -> None:
    """The first question should not wait for the models; where they are missing, it is the question that says so."""
    with contextlib.suppress(PinciteError):
        library.warm()


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise BadInput(f"cannot listen on {host}:{port} ({why}); choose another --port") from None
