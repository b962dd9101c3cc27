"""What the rooms are built from."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import gradio as gr

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For every event: no public endpoint, and Gradio's own progress bars stay away."""
GLANCE: dict[str, Any] = {**QUIET, "queue": False}
"""For looks at what may have changed, of which every open page takes some at each tick: they wait in no line."""
EVERY = 4.0
"""Seconds between looks at what another process may have indexed or removed."""


@dataclass(frozen=True, slots=True)
class Common:
    """What every room shares."""

    page: gr.Blocks
    rooms: gr.Tabs
    library: gr.State
    """The name of the library that this visitor has chosen."""
    news: gr.Textbox
    """Changes whenever something has changed that is not this visitor's own; what depends on that looks anew then."""
    preferences: gr.State
    """How this visitor wants to be answered: `rag.web.preferences.Preferences`."""


def html(value: str, name: str, *scripts: str) -> gr.HTML:
    """A part of the page; where it has `scripts` (of `scripts/`), the last one holds its `start_<name>`.

    That function runs once the part is there, and names its events.
    """
    code = "\n".join(text(f"scripts/{script}.js") for script in ("common", *scripts))
    start = f"{code}\nstart_{name}();" if scripts else None
    return gr.HTML(value, elem_id=name, js_on_load=start, apply_default_css=False)


def text(name: str) -> str:
    """A file of this package."""
    return resources.files("rag.web").joinpath(name).read_text(encoding="utf-8")


def instead(event: Callable[..., Any], under_way: list[Any], do: Callable[..., Any], takes: Any, gives: Any) -> None:
    """On `event`, ends what is `under_way`, and only then does `do`, so that nothing of the former comes after it."""
    event(None, cancels=under_way, **QUIET)
    event(do, takes, gives, **QUIET)


def user_of(request: gr.Request | None) -> str:
    """Who asks: the id of the user who has signed in; empty where nobody has to."""
    return (request.username or "") if request else ""
