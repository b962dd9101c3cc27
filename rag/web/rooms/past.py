"""Past conversations, beside the question: opened again, renamed, deleted; and the thumbs under each answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from rag.errors import PinciteError
from rag.stores.conversations import Said
from rag.web import history, words
from rag.web.desk import Told
from rag.web.house import House
from rag.web.rooms.parts import QUIET, Common, html, instead, user_of
from rag.web.saved import Link


@dataclass(frozen=True, slots=True)
class Controls:
    """What opens the list, the list with its search, and what is said beside thumbs."""

    recall: gr.HTML
    finder: gr.HTML
    conversations: gr.HTML
    heard: gr.HTML


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation that is opened again is shown."""

    talk: gr.State
    """The id of the one that is open."""
    column: list[Any]
    show: Callable[[Told, str, str, str], tuple[Any, ...]]
    """The column's values, from what is to be told, the conversation, its last question and the library."""
    clear: Callable[[str], tuple[Any, ...]]
    """The column's values before the first question to a library."""
    under_way: list[Any]
    """What a conversation that is opened puts an end to."""
    answers: tuple[gr.HTML, ...]
    """The parts in which answers stand."""


def build() -> Controls:
    """The controls, beside the question's box."""
    recall = html(history.recall(), "recall", "history")
    with gr.Column(elem_id="history"):
        finder = html(history.finder(), "finder", "history")
        conversations = html("", "conversations", "history")
    return Controls(recall, finder, conversations, html("", "heard", "history"))


def said(house: House, library: str, talk: str, user: str) -> tuple[Said, ...]:
    """The turns of a conversation as they are kept; none where they cannot be read."""
    try:
        return house.conversations(library).said(talk, user)
    except PinciteError:
        return ()


def wire(house: House, on: Controls, common: Common, place: Place) -> None:
    """What the controls do."""
    sought = gr.State("")

    def listing(library: str, talk: str, wanted: str, user: str) -> str:
        try:
            kept = house.conversations(library)
            return history.listing(kept.listed(user, wanted), talk, wanted, keeps=kept.keeps)
        except PinciteError as error:
            return history.fault(str(error))

    def look(library: str, talk: str, request: gr.Request) -> tuple[str, str]:
        return "", listing(library, talk, "", user_of(request))

    def find(library: str, talk: str, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        wanted = str(event.words)
        return wanted, listing(library, talk, wanted, user_of(request))

    def rename(library: str, talk: str, wanted: str, event: gr.EventData, request: gr.Request) -> str:
        try:
            house.conversations(library).rename(str(event.id), user_of(request), str(event.title))
        except PinciteError as error:
            return history.fault(str(error)) + listing(library, talk, wanted, user_of(request))
        return listing(library, talk, wanted, user_of(request))

    def forget(library: str, talk: str, wanted: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        gone, user = str(event.id), user_of(request)
        left = (gr.skip(),) * len(place.column)
        try:
            house.conversations(library).forget(gone, user)
        except PinciteError as error:
            return history.fault(str(error)) + listing(library, talk, wanted, user), *left
        return listing(library, talk, wanted, user), *(place.clear(library) if gone == talk else left)

    def reopen(library: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        talk = str(event.id)
        told, question = house.desk(library).reopened(talk, user_of(request), partial(Link, library))
        return place.show(told, talk, question, library)

    def judge(library: str, event: gr.EventData, request: gr.Request) -> str:
        answer, good = str(event.answer), {"good": True, "bad": False}.get(str(event.verdict))
        try:
            house.conversations(library).judge(answer, user_of(request), good, str(event.note))
        except PinciteError as error:
            return history.heard(answer, str(error))
        return history.heard(answer, words.NOTED if event.noted else words.JUDGED[good])

    known = [common.library, place.talk]
    on.recall.look(look, known, [sought, on.conversations], **QUIET)
    on.finder.find(find, known, [sought, on.conversations], **QUIET)
    on.conversations.rename(rename, [*known, sought], on.conversations, **QUIET)
    on.conversations.forget(forget, [*known, sought], [on.conversations, *place.column], **QUIET)
    instead(on.conversations.reopen, place.under_way, reopen, common.library, place.column)
    for part in place.answers:
        part.judge(judge, common.library, on.heard, **QUIET)
