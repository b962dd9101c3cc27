"""The room of evaluations."""

from dataclasses import dataclass

import gradio as gr

from rag.errors import PinciteError
from rag.library import Library
from rag.web.evaluations import Offers, evaluations, measure, progress
from rag.web.house import House
from rag.web.measuring import seed_cases
from rag.web.rooms.parts import GLANCE, QUIET, Common, html
from rag.web.runs import listed

BEAT = 1.0
"""Seconds between looks at an evaluation that is under way."""


@dataclass(frozen=True, slots=True)
class _Controls:
    measure: gr.HTML
    progress: gr.HTML
    runs: gr.HTML


def build(house: House) -> _Controls:
    """The controls, inside the tab that is open."""
    with gr.Column(elem_id="evaluations"):
        ways = html("", "measure", "evaluations")
        return _Controls(ways, html("", "progress"), html(_shown(house), "runs"))


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the controls do."""
    seen, beat = gr.State(("", "", "")), gr.Timer(BEAT, active=False)

    def look(before: tuple[str, str, str], library: str) -> tuple[object, ...]:
        state = house.measuring.state()
        now = measure(state, _offers(house, library)), progress(state), _shown(house)
        parts = (gr.skip() if new == old else new for new, old in zip(now, before, strict=True))
        running = state is not None and state.state == "running"
        return now, *parts, gr.Timer(active=running)

    def begin(library: str, event: gr.EventData) -> None:
        found = _of(house, library)
        try:
            if event.what == "seeds":
                house.measuring.start("seeds", model=_model(found))
            elif event.what == "again":
                house.measuring.resume()
            elif event.what == "judged" and found and house.users is None:
                house.measuring.start("judged", found.path, _model(found))
        except PinciteError as error:
            raise gr.Error(str(error)) from None

    looked = look, [seen, common.library], [seen, on.measure, on.progress, on.runs, beat]
    on.measure.run(begin, common.library, None, **QUIET).then(*looked, **QUIET)
    on.measure.stop(house.measuring.cancel, None, None, **QUIET).then(*looked, **QUIET)
    gr.on(
        [common.news.change, beat.tick, common.rooms.change, common.page.load, common.library.change], *looked, **GLANCE
    )


def _shown(house: House) -> str:
    return evaluations(*listed(house.runs), house.runs)


def _offers(house: House, library: str) -> Offers:
    found = _of(house, library)
    try:
        judged = found.conversations.count_judged() if found else 0
    except PinciteError:
        judged = 0
    return Offers(seed_cases() is not None, judged, house.users is None, _model(found) or "")


def _of(house: House, library: str) -> Library | None:
    """The library, where it can be opened and lies in a folder."""
    try:
        found = house.library(library)
    except PinciteError:
        return None
    return found if isinstance(found, Library) else None


def _model(library: Library | None) -> str | None:
    return library.settings.answer.model if library else None
