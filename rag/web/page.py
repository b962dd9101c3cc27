"""The page: its masthead, its rooms, and how it is dressed. What a room holds is told in `rooms`."""

import json
from collections.abc import Callable
from typing import Any

import gradio as gr

from rag.web import words
from rag.web.house import House
from rag.web.preferences import Preferences
from rag.web.rooms import asking, evaluations, explore, library, masthead, settings
from rag.web.rooms.parts import EVERY, GLANCE, Common, text

AT_ONCE = 8
"""Requests of a kind that are handled at the same time; questions have a line of their own."""
WAITING = 2000
"""Requests that may wait; further ones are refused, with no more than Gradio has to say."""
STYLES = (
    "base",
    "masthead",
    "ask",
    "choices",
    "answer",
    "history",
    "source",
    "library",
    "explore",
    "evaluations",
    "settings",
)

_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "DejaVu Sans", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace"]
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='8' fill='%2314574a'/%3E"
    "%3Cpath d='M13 8H9v16h4M19 8h4v16h-4M16 12v8' fill='none' stroke='white' stroke-width='2.6'/%3E%3C/svg%3E"
)


def build(house: House) -> gr.Blocks:
    """The page over an open house. Launch it with `dress()`."""
    page = gr.Blocks(title=words.NAME, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600))
    with page:
        head = masthead.build(house)
        with gr.Tabs(elem_id="rooms") as rooms:
            with gr.Tab(words.ASK, id="ask"):
                ask = asking.build(house)
            with gr.Tab(words.LIBRARY, id="library"):
                shelves = library.build(house)
            with gr.Tab(words.EXPLORE, id="explore"):
                around = explore.build(house)
            with gr.Tab(words.EVALUATIONS, id="evaluations"):
                runs = evaluations.build(house)
            with gr.Tab(words.SETTINGS, id="settings"):
                wishes = settings.build(house)
        news = gr.Textbox(elem_id="news", visible="hidden", container=False, show_label=False)
        common = Common(page, rooms, gr.State(house.default), news, gr.State(Preferences()))
        gr.Timer(EVERY).tick(_looking(house), [news, common.library], news, **GLANCE)
        masthead.wire(house, head, common)
        asking.wire(house, ask, common)
        library.wire(house, shelves, common)
        explore.wire(house, around, common)
        evaluations.wire(house, runs, common)
        settings.wire(house, wishes, common)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING)
    return page


def _looking(house: House) -> Callable[[str, str], Any]:
    """The one look that every open page takes at each tick: what it gives changes with what the page shows."""

    def look(seen: str, library: str) -> Any:
        now = house.stamp(library)
        return gr.skip() if now == seen else now

    return look


def dress() -> dict[str, Any]:
    """Theme, style and manners for `launch`: local fonts, no outward link, no run history, no served folders."""
    style = "\n".join(text(f"styles/{name}.css") for name in STYLES)
    return {
        "theme": gr.themes.Base(font=_SANS, font_mono=_MONO),
        "head": (
            f'<link rel="icon" href="{_ICON}"><style>{style}{_captions()}</style>'
            f"<script>{text('scripts/theme.js')}</script>"
        ),
        "footer_links": [],
        "run_history": False,
        "allowed_paths": [],
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "share": False,
        "show_error": False,
        "enable_monitoring": False,
    }


def _captions() -> str:
    """The words that the style puts where Gradio leaves no other place for them."""
    said = {"all": words.EVERYWHERE}
    return ":root {" + "".join(f"--say-{name}: {json.dumps(text)};" for name, text in said.items()) + "}"
