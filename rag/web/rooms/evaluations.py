"""The room of evaluations."""

from dataclasses import dataclass

import gradio as gr

from rag.web.evaluations import evaluations
from rag.web.house import House
from rag.web.rooms.parts import QUIET, Common, html
from rag.web.runs import listed


@dataclass(frozen=True, slots=True)
class _Controls:
    runs: gr.HTML


def build(house: House) -> _Controls:
    """The controls, inside the tab that is open."""
    with gr.Column(elem_id="evaluations"):
        return _Controls(html(_shown(house), "runs"))


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the controls do."""
    seen = gr.State("")

    def look(before: str) -> tuple[object, object]:
        now = _shown(house)
        return (gr.skip(), gr.skip()) if now == before else (now, now)

    gr.on([common.clock.tick, common.rooms.change, common.page.load], look, seen, [seen, on.runs], **QUIET)


def _shown(house: House) -> str:
    return evaluations(*listed(house.runs), house.runs)
