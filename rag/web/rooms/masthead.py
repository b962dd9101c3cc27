"""The head of the page, where a library is chosen or made. The choice lasts in the page's address."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.errors import PinciteError
from rag.web import words
from rag.web.choosing import masthead
from rag.web.house import House
from rag.web.rooms.parts import GLANCE, QUIET, Common, html

ASKED = "library"
"""The part of the page's address that names the library."""


@dataclass(frozen=True, slots=True)
class _Controls:
    head: gr.HTML


def build(house: House) -> _Controls:
    """The head, before the rooms."""
    return _Controls(html(_shown(house, house.default), "masthead", "masthead"))


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the chooser does."""
    stamp = gr.State("")

    def look(seen: str, library: str) -> tuple[Any, Any]:
        now = _shown(house, library)
        return (gr.skip(), gr.skip()) if now == seen else (now, now)

    def arrive(request: gr.Request) -> tuple[Any, ...]:
        asked = str(request.query_params.get(ASKED) or house.default)
        if asked == house.default:  # it is chosen already, or another one has been chosen meanwhile
            return (gr.skip(),) * 3
        if any(choice.name == asked for choice in house.names()):
            now = _shown(house, asked)
            return asked, now, now
        lost = words.LOST_LIBRARY.format(name=asked, first=house.default)
        shown = masthead(house.names(), house.default, can_grow=house.can_grow, told=lost)
        return house.default, shown, _shown(house, house.default)

    def choose(event: gr.EventData) -> tuple[Any, ...]:
        chosen = str(event.library)
        if all(choice.name != chosen for choice in house.names()):
            return gr.skip(), gr.skip(), gr.skip()
        now = _shown(house, chosen)
        return chosen, now, now

    def make(library: str, event: gr.EventData) -> tuple[Any, ...]:
        name = str(event.name)
        try:
            made = house.make(name).name
        except PinciteError as error:
            shown = masthead(house.names(), library, can_grow=house.can_grow, making=name, told=str(error))
            return gr.skip(), shown, _shown(house, library), gr.skip()
        now = _shown(house, made)
        return made, now, now, gr.Tabs(selected="library")

    head = [common.library, on.head, stamp]
    common.page.load(arrive, None, head, **QUIET)
    on.head.choose(choose, None, head, **QUIET)
    on.head.make(make, common.library, [*head, common.rooms], **QUIET)
    common.news.change(look, [stamp, common.library], [stamp, on.head], **GLANCE)


def _shown(house: House, library: str) -> str:
    return masthead(house.names(), library, can_grow=house.can_grow)
