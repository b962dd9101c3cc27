"""The filter under the question: which kinds of documents are searched, and of what time."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.web import filtering
from rag.web.house import House
from rag.web.rooms.parts import GLANCE, QUIET, Common, html


@dataclass(frozen=True, slots=True)
class Controls:
    """The filter, and what it comes to."""

    fields: gr.HTML
    remaining: gr.HTML
    wanted: gr.Textbox
    """What `filtering.wanted` reads. It stands in the page, so that a question always goes with it as it is then."""


def build(house: House, room: str = "") -> Controls:
    """The controls, under what is asked for; `room` tells those of one room from those of another."""
    fields = html(filtering.fields(house.desk(house.default).shelf().kinds, house.default), f"narrow{room}", "narrow")
    wanted = gr.Textbox(elem_id=f"wanted{room}", visible="hidden", container=False, show_label=False)
    return Controls(fields, html("", f"remaining{room}", "narrow"), wanted)


def wire(house: House, on: Controls, common: Common, documents: gr.Dropdown | None = None) -> None:
    """What the controls do; `documents` are those chosen by name, where the room lets them be chosen."""
    stamp, of = gr.State(""), gr.State(house.default)
    named: gr.Dropdown | gr.State = documents or gr.State([])

    def count(chosen: list[str] | None, wanted: str, library: str) -> str:
        return house.desk(library).remaining(chosen or (), filtering.wanted(wanted))

    def narrow(chosen: list[str] | None, library: str, event: gr.EventData) -> str:
        return count(chosen, str(event.wanted), library)

    def look(seen: str, library: str) -> tuple[Any, Any]:
        now = filtering.fields(house.desk(library).shelf().kinds, library)
        return (gr.skip(), gr.skip()) if now == seen else (now, now)

    def move(before: str, library: str) -> tuple[Any, ...]:
        if before == library:
            return (gr.skip(),) * 6
        return library, "", "", [], *look("", library)

    fields, counted = [on.fields, stamp], [named, on.wanted, common.library]
    on.fields.narrow(narrow, [named, common.library], on.remaining, trigger_mode="multiple", **QUIET)
    named.change(count, counted, on.remaining, trigger_mode="multiple", **QUIET)
    on.remaining.widen(lambda: ("", "", []), None, [on.wanted, on.remaining, named], **QUIET)
    moved = [of, on.wanted, on.remaining, named, *fields]
    common.library.change(move, [of, common.library], moved, **QUIET)
    gr.on([common.news.change, common.page.load], look, [stamp, common.library], fields, **GLANCE)
