"""The room in which questions are asked: the answer on the left, its source on the right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components.textbox import InputHTMLAttributes

from rag.types import Turn
from rag.web import render, source, words
from rag.web.house import House
from rag.web.rooms.parts import QUIET, Common, html


@dataclass(frozen=True, slots=True)
class _Controls:
    past: gr.HTML
    question: gr.Textbox
    scope: gr.Dropdown
    afresh: gr.HTML
    welcome: gr.HTML
    answer: gr.HTML
    evidence: gr.HTML


def build(house: House) -> _Controls:
    """The controls, inside the tab that is open."""
    shelf = house.desk(house.default).shelf()
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="left"):
            past = html("", "past", "source", "ask")
            question = gr.Textbox(
                label=words.QUESTION,
                show_label=False,
                placeholder=words.PLACEHOLDER,
                lines=1,
                max_lines=5,
                max_length=2000,
                autofocus=True,
                container=False,
                submit_btn=words.ASK,
                elem_id="question",
                html_attributes=InputHTMLAttributes(autocomplete="off", enterkeyhint="search"),
            )
            scope = gr.Dropdown(list(shelf.choices), multiselect=True, label=words.SCOPE, elem_id="scope")
            afresh = html("", "afresh", "source", "ask")
            welcome = html(shelf.welcome, "welcome", "source", "ask")
            answer = html("", "answer", "source", "ask")
        with gr.Column(elem_id="right"):
            evidence = html(source.empty(), "evidence", "source")
    return _Controls(past, question, scope, afresh, welcome, answer, evidence)


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the controls do."""
    stamp, begun, turns = gr.State(""), gr.State(False), gr.State(())

    def ask(text: str, sources: list[str] | None, earlier: tuple[Turn, ...], library: str) -> Iterator[tuple[Any, ...]]:
        for now in house.desk(library).ask(text or "", sources, earlier):
            kept = (gr.skip() if one is None else one for one in (now.box, now.past, now.turns))
            afresh = gr.skip() if now.turns is None else render.afresh()
            yield *kept, "", now.answer, now.evidence, True, afresh

    def start(library: str) -> tuple[Any, ...]:
        return "", "", (), house.desk(library).shelf().welcome, "", source.empty(), False, ""

    def look(seen: str, begun: bool, chosen: list[str] | None, library: str) -> tuple[Any, ...]:
        now = house.desk(library).shelf()
        if now.stamp == seen:
            return (gr.skip(),) * 3
        there = {name for _, name in now.choices}
        scope = gr.update(choices=list(now.choices), value=[name for name in chosen or [] if name in there])
        return now.stamp, gr.skip() if begun else now.welcome, scope

    def pick(event: gr.EventData) -> str:
        return str(event.question)

    column = [on.question, on.past, turns, on.welcome, on.answer, on.evidence, begun, on.afresh]
    asked = [on.question, on.scope, turns, common.library], column
    under_way = [
        on.question.submit(ask, *asked, **QUIET),
        on.welcome.pick(pick, None, on.question, **QUIET).then(ask, *asked, **QUIET),
    ]
    on.afresh.start(start, common.library, column, cancels=under_way, **QUIET)
    common.library.change(start, common.library, column, cancels=under_way, **QUIET)
    on.welcome.room(lambda: gr.Tabs(selected="library"), None, common.rooms, **QUIET)
    seen = [stamp, begun, on.scope, common.library], [stamp, on.welcome, on.scope]
    gr.on([common.clock.tick, common.rooms.change, common.page.load, common.library.change], look, *seen, **QUIET)
