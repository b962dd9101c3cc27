"""The room of settings: how this visitor is answered, what is stored where, and who has signed in."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.web import form, words
from rag.web.faults import line
from rag.web.house import House
from rag.web.preferences import Preferences, changed, in_force
from rag.web.rooms.parts import QUIET, Common, html, user_of
from rag.web.stored import keys, places


@dataclass(frozen=True, slots=True)
class _Controls:
    preferences: gr.HTML
    wishes: gr.HTML
    """What came of the last change."""
    stored: gr.HTML


def build(house: House) -> _Controls:
    """The controls, inside the tab that is open."""
    with gr.Column(elem_id="settings"):
        preferences = html("", "preferences", "settings")
        wishes = html("", "wishes", "settings")
        return _Controls(preferences, wishes, html("", "stored"))


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the controls do."""
    free = house.users is None

    def shown(now: Preferences, library: str, user: str) -> str:
        name = house.users.name(user) if house.users else ""
        return form.form(now, house.library(library).settings, free=free, user=name)

    def show(now: Preferences, library: str, request: gr.Request) -> tuple[str, str, str]:
        try:
            held = house.library(library)
            users = house.users.path if house.users else None
            stored = form.kept(places(held.path, held.settings, house.runs, users), keys(), told=free)
            told = form.notice(words.SETTINGS_SAVED, changed=True) if now != Preferences() else ""
            return shown(now, library, user_of(request)), told, stored
        except Exception as error:
            return "", form.notice(line(error), changed=False, fault=True), ""

    def enter(now: Preferences, library: str, request: gr.Request, event: gr.SelectData) -> tuple[Any, ...]:
        return show(now, library, request) if event.value == words.SETTINGS else (gr.skip(),) * 3

    def choose(now: Preferences, library: str, request: gr.Request, event: gr.EventData) -> tuple[Any, Any, str]:
        field, was = str(event.field), ""
        try:
            settings = house.library(library).settings
            was = str(form.shown_as(field, in_force(now, settings)[field]))
            then = changed(now, field, event.value, settings, free=free)
        except Exception as error:
            told = form.notice(line(error), changed=now != Preferences(), fault=True, field=field, value=was)
            return now, gr.skip(), told
        differs = then != Preferences()
        told = form.notice(words.SETTINGS_SAVED if differs else words.SETTINGS_ARE, changed=differs)
        return then, shown(then, library, user_of(request)) if field == "model" else gr.skip(), told

    def back(library: str, request: gr.Request) -> tuple[Any, ...]:
        none = Preferences()
        try:
            return none, shown(none, library, user_of(request)), form.notice(words.SETTINGS_ARE, changed=False)
        except Exception as error:
            return none, "", form.notice(line(error), changed=False, fault=True)

    seen, room = [common.preferences, common.library], [on.preferences, on.wishes, on.stored]
    column = [common.preferences, on.preferences, on.wishes]
    common.rooms.select(enter, seen, room, **QUIET)
    common.library.change(show, seen, room, **QUIET)
    on.preferences.choose(choose, seen, column, **QUIET)
    on.wishes.back(back, common.library, column, **QUIET)
