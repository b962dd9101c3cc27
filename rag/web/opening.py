"""The page over an open house, served."""

import gradio as gr

from rag.web.house import House
from rag.web.line import AT_ONCE, WAITING
from rag.web.page import build, dress
from rag.web.routes import attach
from rag.web.signing import guarding

THREADS = AT_ONCE + WAITING + 60
"""Each question has one, also while it waits; what else is asked needs few."""


def opened(house: House, host: str, port: int, *, max_file_mb: int | None = None) -> gr.Blocks:
    """The page, once it answers at `host`:`port`, behind its guard; larger uploads are refused. Its owner closes it."""
    page = build(house)
    app, _, _ = page.launch(
        server_name=host,
        server_port=port,
        quiet=True,
        prevent_thread_lock=True,
        max_threads=THREADS,
        max_file_size=None if max_file_mb is None else max_file_mb * 1024 * 1024,
        **dress(),
        **guarding(house.gate),
    )
    attach(app, house)
    return page
