"""The room in which questions are asked: the answer on the left, its source on the right."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components.textbox import InputHTMLAttributes

from rag.errors import PinciteError
from rag.types import Turn
from rag.web import filtering, render, source, words
from rag.web.desk import Told
from rag.web.house import House
from rag.web.line import Crowded
from rag.web.preferences import Preferences
from rag.web.rooms import narrowing
from rag.web.rooms import past as past_ones
from rag.web.rooms.parts import GLANCE, QUIET, Common, html, instead, user_of
from rag.web.saved import Link, find

LOOK = 1.0
"""Seconds between two looks at how many wait before a question."""
_LEFT = gr.skip()
"""Leaves a control as it is."""


@dataclass(frozen=True, slots=True)
class _Controls:
    earlier: past_ones.Controls
    past: gr.HTML
    question: gr.Textbox
    scope: gr.Dropdown
    narrow: narrowing.Controls
    afresh: gr.HTML
    welcome: gr.HTML
    answer: gr.HTML
    evidence: gr.HTML
    turns: gr.State
    """The conversation so far."""
    talk: gr.State
    """The id under which it is kept; empty before its first answer."""
    asked: gr.State
    """The question in the answer's column; None while there is none."""
    of: gr.State
    """The library that the columns belong to; None while they show nothing."""

    @property
    def column(self) -> list[Any]:
        """All that changes with a question, in the order of `_shown`."""
        return [
            self.question, self.past, self.turns, self.talk, self.welcome, self.answer, self.evidence, self.asked,
            self.afresh, self.of,
        ]  # fmt: skip


def build(house: House) -> _Controls:
    """The controls, inside the tab that is open."""
    shelf = house.desk(house.default).shelf()
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="left"):
            past = html("", "past", "source", "peek", "history", "ask")
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
            with gr.Row(elem_classes="choices"):
                scope = gr.Dropdown(list(shelf.choices), multiselect=True, label=words.SCOPE, elem_id="scope")
                narrow = narrowing.build(house)
                earlier = past_ones.build()
                afresh = html("", "afresh", "source", "peek", "ask")
            welcome = html(shelf.welcome, "welcome", "source", "peek", "ask")
            answer = html("", "answer", "source", "peek", "history", "ask")
        with gr.Column(elem_id="right"):
            evidence = html(source.empty(), "evidence", "pages", "source")
    states = (gr.State(()), gr.State(""), gr.State(None), gr.State(None))
    return _Controls(earlier, past, question, scope, narrow, afresh, welcome, answer, evidence, *states)


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the controls do."""
    stamp = gr.State("")

    def ask(
        text: str,
        sources: list[str] | None,
        earlier: tuple[Turn, ...],
        talk: str,
        library: str,
        preferences: Preferences,
        wanted: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        talk, text = talk or secrets.token_urlsafe(12), text or ""

        def keep(turn: Turn) -> Link | None:
            kept = house.conversations(library).keep(talk, user_of(request), turn)
            return Link(library, kept) if kept else None

        desk = house.desk(library)
        said = past_ones.said(house, library, talk, user_of(request)) if earlier else ()
        try:
            with house.line.place() as place:
                seconds = 0.0
                while before := place.before(seconds):
                    seconds = LOOK
                    told = desk.waiting(text, before, earlier)
                    yield _shown(told, box=_box(told.box, asking=True), talk=talk, asked=text, of=library)
                asking = desk.ask(text, sources, earlier, keep, said, preferences, filtering.wanted(wanted))
                last = None
                with closing(asking) as steps:
                    for now in steps:
                        shown = _shown(now, box=_box(now.box, asking=True), talk=talk, asked=text, of=library)
                        yield (_LEFT,) * len(shown) if now == last else shown
                        last = now
        except Crowded:
            yield _shown(desk.crowded(text, earlier), asked=text, of=library)
        yield _box(None), *(_LEFT,) * (len(on.column) - 1)

    def stop(earlier: tuple[Turn, ...], asked: str | None, library: str) -> tuple[Any, ...]:
        return _shown(house.desk(library).stopped(asked or "", earlier))

    def start(library: str) -> tuple[Any, ...]:
        told = Told("", source.empty(), "", "", ())
        return _shown(told, talk="", welcome=house.desk(library).shelf().welcome, asked=None, afresh="", of=library)

    def move(of: str | None, library: str) -> tuple[Any, ...]:
        return (_LEFT,) * len(on.column) if of in (None, library) else start(library)

    def restore(request: gr.Request) -> tuple[Any, ...]:
        asked = request.query_params
        if "answer" not in asked:
            return _LEFT, *(_LEFT,) * len(on.column)
        link = Link(asked.get("library") or house.default, asked["answer"])
        try:
            saved = find(house.conversations(link.library), link.id, user_of(request))
        except PinciteError:
            saved = None
        if saved is None:
            told = Told(render.alert(words.NO_ANSWER), source.empty())
            return _LEFT, *_shown(told, welcome=_LEFT)
        told = house.desk(link.library).restored(saved, link)
        return link.library, *_shown(told, asked=saved.answer.question, of=link.library)

    def look(seen: str, asked: str | None, chosen: list[str] | None, library: str) -> tuple[Any, ...]:
        now = house.desk(library).shelf()
        if now.stamp == seen:
            return (_LEFT,) * 3
        there = {name for _, name in now.choices}
        kept = [name for name in chosen or [] if name in there]
        scope = gr.update(choices=list(now.choices))
        if len(kept) < len(chosen or []):  # else a choice made meanwhile is left as it is
            scope["value"] = kept
        return now.stamp, _LEFT if asked is not None else now.welcome, scope

    def pick(event: gr.EventData) -> str:
        return str(event.question)

    asked = [on.question, on.scope, on.turns, on.talk, common.library, common.preferences, on.narrow.wanted], on.column
    under_way = [
        on.question.submit(ask, *asked, concurrency_limit=None, **QUIET),
        on.welcome.pick(pick, None, on.question, **QUIET).then(ask, *asked, concurrency_limit=None, **QUIET),
    ]

    def show(told: Told, talk: str, question: str, library: str) -> tuple[Any, ...]:
        return _shown(told, talk=talk, asked=question, of=library)

    place = past_ones.Place(on.talk, on.column, show, start, under_way, (on.past, on.answer))
    past_ones.wire(house, on.earlier, common, place)
    instead(on.question.stop, under_way, stop, [on.turns, on.asked, common.library], on.column)
    instead(on.afresh.start, under_way, start, common.library, on.column)
    instead(common.library.change, under_way, move, [on.of, common.library], on.column)
    on.welcome.room(lambda: gr.Tabs(selected="library"), None, common.rooms, **QUIET)
    narrowing.wire(house, on.narrow, common, on.scope)
    seen = [stamp, on.asked, on.scope, common.library], [stamp, on.welcome, on.scope]
    common.page.load(restore, None, [common.library, *on.column], **QUIET).then(look, *seen, **QUIET)
    gr.on([common.news.change, common.rooms.change, common.library.change], look, *seen, **GLANCE)


def _shown(
    now: Told,
    *,
    box: Any = None,
    talk: Any = _LEFT,
    welcome: Any = "",
    asked: Any = _LEFT,
    afresh: Any = None,
    of: Any = _LEFT,
) -> tuple[Any, ...]:
    """What `_Controls.column` shows; a question that is not under way leaves the button to ask."""
    past, turns = (_LEFT if one is None else one for one in (now.past, now.turns))
    if afresh is None:
        afresh = _LEFT if now.turns is None else render.afresh()
    return (
        _box(now.box) if box is None else box,
        past,
        turns,
        talk,
        welcome,
        now.answer,
        now.evidence,
        asked,
        afresh,
        of,
    )


def _box(text: str | None, *, asking: bool = False) -> Any:
    """The question's box: with `text`, or as the person has it; while `asking`, its button stops."""
    buttons = gr.update(submit_btn=not asking and words.ASK, stop_btn=asking and words.STOP)
    return buttons if text is None else {**buttons, "value": text}
