"""The room for looking around: a search without an answer, the map and the timeline, the source beside them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components.plot import PlotData
from gradio.components.textbox import InputHTMLAttributes

from rag.types import Hit
from rag.web import explore, filtering, source, words
from rag.web.atlas import FEWEST, Atlas
from rag.web.explorer import Drawing, Explorer
from rag.web.faults import line
from rag.web.figure import figure
from rag.web.house import House
from rag.web.rooms import narrowing
from rag.web.rooms.parts import QUIET, Common, html, instead

LOOKS = 0.5
"""Seconds between looks at a map that is being drawn."""
_CONFIG = {"displayModeBar": False, "doubleClick": "reset", "scrollZoom": False}


@dataclass(frozen=True, slots=True)
class _Controls:
    query: gr.Textbox
    narrow: narrowing.Controls
    views: gr.Tabs
    map: gr.Tab
    times: gr.Tab
    finds: gr.HTML
    told: gr.HTML
    lit: gr.HTML
    plot: gr.Plot
    places: gr.HTML
    timeline: gr.HTML
    beside: gr.HTML


def build(house: House) -> _Controls:
    """The controls, inside the tab that is open. What the tabs within show is made when they are opened."""
    welcome = Explorer(house.library(house.default)).welcome()
    with gr.Row(elem_id="explore"):
        with gr.Column(elem_id="around"):
            query = gr.Textbox(
                label=words.LOOK_FOR,
                show_label=False,
                placeholder=words.LOOK_FOR,
                lines=1,
                max_lines=1,
                max_length=2000,
                container=False,
                submit_btn=words.LOOK,
                elem_id="query",
                html_attributes=InputHTMLAttributes(autocomplete="off", enterkeyhint="search"),
            )
            with gr.Row(elem_classes="choices"):
                narrow = narrowing.build(house, "_explore")
            with gr.Tabs(elem_id="views") as views:
                with gr.Tab(words.PASSAGES, id="passages"):
                    finds = html(welcome, "finds", "explore")
                with gr.Tab(words.MAP, id="map") as map_tab:
                    told = html("", "mapped")
                    lit = html("", "lit")
                    plot = gr.Plot(show_label=False, container=False, elem_id="map", buttons=[])
                    places = html("", "places", "explore", "map")
                with gr.Tab(words.TIMELINE, id="timeline") as times:
                    timeline = html("", "timeline", "explore")
        with gr.Column(elem_id="aside"):
            beside = html(source.empty(words.BESIDE, words.BESIDE_MORE), "beside", "pages", "source", "explore")
    return _Controls(query, narrow, views, map_tab, times, finds, told, lit, plot, places, timeline, beside)


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the controls do."""
    explorers: dict[str, Explorer] = {}
    hits, seen, view, period = gr.State(()), gr.State(""), gr.State("passages"), gr.State("")
    of = gr.State(house.default)

    def at(name: str) -> Explorer:
        library = house.held(name)
        if name not in explorers or explorers[name].library is not library:
            explorers[name] = Explorer(library, name)
        return explorers[name]

    def search(query: str, view: str, wanted: str, library: str) -> tuple[Any, ...]:
        """What is found, lit where the map is open; the timeline gives way to it."""
        turned = (gr.Tabs(selected="passages"), "passages") if view == "timeline" else (gr.skip(), gr.skip())
        if not query.split():
            return (), at(library).welcome(), "", *turned
        try:
            sources = house.desk(library).within((), filtering.wanted(wanted))
        except Exception as error:
            return (), explore.fault(line(error)), "", *turned
        if sources is not None and not sources:
            return (), explore.fault(words.NOTHING_LEFT), "", *turned
        found, shown = at(library).search(query, sources)
        return found, shown, at(library).lit(found), *turned

    async def chart(seen: str, view: str, found: tuple[Hit, ...], library: str) -> AsyncIterator[tuple[Any, ...]]:
        """The map once it is drawn; until then, how long it has been drawn."""
        yield (gr.skip(),) * 5  # a generator that yields nothing would empty them all
        try:
            while view == "map" and isinstance(now := await asyncio.to_thread(at(library).atlas), Drawing):
                yield "", explore.drawing(now.passages, now.seconds), None, "", ""
                await asyncio.sleep(LOOKS)
            if view == "map" and isinstance(now, Atlas) and (stamp := f"{library} {now.generation}") != seen:
                yield stamp, *_map(now), at(library).lit(found)
        except Exception as error:
            yield seen, explore.fault(line(error)), gr.skip(), gr.skip(), gr.skip()

    def unfold(library: str, event: gr.EventData) -> Any:
        try:
            now = at(library).atlas()
        except Exception as error:
            return explore.fault(line(error))
        return explore.listed(now, str(event.place)) if isinstance(now, Atlas) else gr.skip()

    def hit(found: tuple[Hit, ...], library: str, event: gr.EventData) -> Any:
        number = int(event.hit)
        return at(library).opened(found[number].passage) if 0 <= number < len(found) else gr.skip()

    def passage(library: str, found: tuple[Hit, ...], event: gr.EventData) -> str:
        key = str(event.passage)
        held = at(library).passage(key) or next((one.passage for one in found if one.passage.id == key), None)
        return at(library).opened(held) if held else source.empty(words.MAP_CHANGED, words.MAP_CHANGED_MORE)

    def document(library: str, event: gr.EventData) -> str:
        return at(library).document(str(event.document))

    def press(library: str, before: str, event: gr.EventData) -> tuple[str, str]:
        chosen = "" if str(event.period) == before else str(event.period)
        return chosen, at(library).timeline(chosen)

    def look(library: str, found: tuple[Hit, ...], view: str, period: str) -> tuple[Any, ...]:
        shown = gr.skip() if found else at(library).welcome()
        return shown, at(library).timeline(period) if view == "timeline" else gr.skip()

    def afresh(library: str, of: str) -> tuple[Any, ...]:
        """Nothing of another library stays; the choice is told anew whenever the page is opened."""
        if library == of:
            return (gr.skip(),) * len(cleared)
        shown = at(library).welcome()
        beside = source.empty(words.BESIDE, words.BESIDE_MORE)
        return library, (), "", "passages", "", "", shown, "", "", None, "", "", beside, gr.Tabs(selected="passages")

    cleared = [
        of, hits, on.query, view, seen, period, on.finds, on.told, on.lit, on.plot, on.places, on.timeline, on.beside,
        on.views,
    ]  # fmt: skip
    charted = chart, [seen, view, hits, common.library], [seen, on.told, on.plot, on.places, on.lit]
    begun = common.rooms.change(look, [common.library, hits, view, period], [on.finds, on.timeline], **QUIET)
    common.rooms.change(*charted, concurrency_limit=None, **QUIET)
    asked = [on.query, view, on.narrow.wanted, common.library]
    instead(on.query.submit, [begun], search, asked, [hits, on.finds, on.lit, on.views, view])
    on.map.select(lambda: "map", None, view, **QUIET).then(*charted, concurrency_limit=None, **QUIET)
    on.times.select(
        lambda library, period: ("timeline", at(library).timeline(period)),
        [common.library, period],
        [view, on.timeline],
        **QUIET,
    )
    on.finds.pick(hit, [hits, common.library], on.beside, **QUIET)
    on.places.pick(passage, [common.library, hits], on.beside, **QUIET)
    on.places.unfold(unfold, common.library, on.places, **QUIET)
    on.timeline.pick(document, common.library, on.beside, **QUIET)
    on.timeline.press(press, [common.library, period], [period, on.timeline], **QUIET)
    narrowing.wire(house, on.narrow, common)
    common.library.change(afresh, [common.library, of], cleared, **QUIET)


def _plotted(atlas: Atlas) -> PlotData | None:
    """The figure as the page takes it, without plotly's own tools, among which is a link to elsewhere."""
    if len(atlas.passages) < FEWEST:
        return None
    return PlotData(type="plotly", plot=json.dumps({**json.loads(figure(atlas).to_json()), "config": _CONFIG}))


def _map(atlas: Atlas) -> tuple[Any, ...]:
    """What stands above the map, the map, and the same as a list."""
    return explore.beside(atlas), _plotted(atlas), explore.listed(atlas)
