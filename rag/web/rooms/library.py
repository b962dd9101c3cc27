"""The room of the library: take documents in, read, remove, bring back, and work through the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from rag.web import dropping, room, words
from rag.web.house import House
from rag.web.rooms.parts import GLANCE, QUIET, Common, html
from rag.web.uploads import Line, Upload

BEAT = 0.5
"""Seconds between looks at documents that are being taken in."""
FEW = 8
"""Documents up to which none is looked for by name."""
MOST = 1000
"""Characters of a password, at most."""


@dataclass(frozen=True, slots=True)
class _Controls:
    drop: gr.HTML
    intake: gr.HTML
    told: gr.HTML
    figures: gr.HTML
    find: gr.Textbox
    documents: gr.HTML
    ledger: gr.HTML
    paper: gr.HTML


def build(house: House) -> _Controls:
    """The controls, inside the tab that is open."""
    shelf = house.desk(house.default).shelf()
    with gr.Column(elem_id="library"):
        drop = html(dropping.zone(house.limit), "drop", "drop")
        intake, told = html("", "intake", "library"), html("", "told", "library")
        figures = html(shelf.figures, "figures")
        ledger = html(shelf.ledger, "ledger", "library")
        find = gr.Textbox(
            label=words.FIND_LABEL,
            show_label=False,
            placeholder=words.FIND,
            container=False,
            max_length=200,
            elem_id="find",
            visible=len(shelf.choices) > FEW,
        )
        documents = html(shelf.documents, "documents", "library")
        paper = html("", "paper", "library")
    return _Controls(drop, intake, told, figures, find, documents, ledger, paper)


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the controls do."""
    beat = gr.Timer(BEAT, active=False)
    look, seen = _looking(house, on, common)
    _taking(house, on, common, beat)
    _keeping(house, on, common, beat)
    follow, taking = _following(house), [on.intake, beat]
    of = gr.State(house.default)

    def meet(library: str) -> tuple[Any, Any]:
        return follow(library) if house.keeper(library).intake.busy else (gr.skip(), gr.skip())

    def move(before: str, library: str) -> tuple[Any, ...]:
        if before == library:
            return (gr.skip(),) * 6
        told = follow(library) if house.keeper(library).intake.busy else ("", gr.Timer(active=False))
        return library, *told, "", "", ""

    for part in (on.documents, on.ledger):
        part.remove(_removing(house), common.library, on.told, **QUIET).then(look, *seen, **QUIET)
    beat.tick(follow, common.library, taking, **QUIET).then(look, *seen, **QUIET)
    on.find.input(look, *seen, trigger_mode="always_last", **QUIET)
    gr.on([common.news.change, common.rooms.change, common.page.load, common.library.change], look, *seen, **GLANCE)
    gr.on([common.news.change, common.page.load], meet, common.library, taking, **GLANCE)
    common.library.change(move, [of, common.library], [of, *taking, on.told, on.paper, on.find], **QUIET)


def _looking(house: House, on: _Controls, common: Common) -> tuple[Callable[..., Any], tuple[Any, Any]]:
    """What shows the library as it is now, with its inputs and outputs."""
    stamp = gr.State("")

    def look(seen: str, library: str, find: str) -> tuple[Any, ...]:
        now = house.desk(library).shelf()
        state = f"{library}\n{find}\n{now.stamp}"
        if state == seen:
            return (gr.skip(),) * 5
        shown = house.keeper(library).found(find) if find else now.documents
        return state, now.figures, shown, now.ledger, gr.update(visible=len(now.choices) > FEW)

    return look, ([stamp, common.library, on.find], [stamp, on.figures, on.documents, on.ledger, on.find])


def _following(house: House) -> Callable[[str], tuple[Any, Any]]:
    def follow(library: str) -> tuple[Any, Any]:
        keeper = house.keeper(library)
        return keeper.told(), gr.Timer(active=keeper.intake.busy)

    return follow


def _removing(house: House) -> Callable[..., str]:
    def remove(library: str, event: gr.EventData) -> str:
        return house.keeper(library).remove(str(event.source))

    return remove


def _taking(house: House, on: _Controls, common: Common, beat: gr.Timer) -> None:
    """Documents that come in."""
    follow, taking, telling = _following(house), [on.intake, beat], [on.told, on.intake, beat]

    def take(library: str, event: gr.EventData) -> tuple[Any, ...]:
        files, lost = _arrived(event.files)
        house.keeper(library).add(files, [*lost, *_refused(event.refused, house.limit)])
        return _left_out(event.left_out), *follow(library)

    def cancel(library: str) -> tuple[Any, Any]:
        house.keeper(library).intake.cancel()
        return follow(library)

    def clear(library: str) -> tuple[Any, Any]:
        house.keeper(library).intake.clear()
        return follow(library)

    def examples(library: str) -> tuple[Any, ...]:
        return house.keeper(library).add_examples(), *follow(library)

    on.drop.take(take, common.library, telling, concurrency_limit=1, trigger_mode="multiple", **QUIET)
    on.drop.cancel(cancel, common.library, taking, **QUIET)
    on.intake.clear(clear, common.library, taking, **QUIET)
    on.documents.examples(examples, common.library, telling, **QUIET)


def _keeping(house: House, on: _Controls, common: Common, beat: gr.Timer) -> None:
    """Documents that are there, were there, or could not be read."""
    follow, telling = _following(house), [on.told, on.intake, beat]

    def undo(library: str, event: gr.EventData) -> tuple[Any, ...]:
        return house.keeper(library).undo(str(event.name)), *follow(library)

    def retry(library: str, event: gr.EventData) -> tuple[Any, ...]:
        return house.keeper(library).retry(str(event.source), str(event.password)[:MOST] or None), *follow(library)

    def read(library: str, event: gr.EventData) -> str:
        return house.keeper(library).read(str(event.source))

    on.told.undo(undo, common.library, telling, **QUIET)
    on.ledger.retry(retry, common.library, telling, **QUIET)
    on.documents.read(read, common.library, on.paper, **QUIET)


def _arrived(sent: object) -> tuple[list[Upload], list[Line]]:
    """The files of the page's message that lie in the folder of uploads, and those that lie nowhere or elsewhere."""
    home = Path(get_upload_folder()).resolve()
    files, lost = [], []
    for one in sent if isinstance(sent, list) else []:
        name, path = str(one.get("name", "")), Path(str(one.get("path", ""))).resolve()
        if path.is_relative_to(home) and path.is_file():
            files.append(Upload(name, path))
        else:
            lost.append(Line(name, "failed", words.REFUSED["unsent"]))
    return files, lost


def _refused(sent: object, limit: int | None) -> Sequence[Line]:
    """The files that the page did not send, with what to do about each."""
    most = words.size(limit or 0)
    rows = sent if isinstance(sent, list) else []
    whys = [(str(one.get("name", "")), str(one.get("why", ""))) for one in rows]
    return [
        Line(name, "failed", words.REFUSED.get(why, words.REFUSED["unsent"]).format(limit=most)) for name, why in whys
    ]


def _left_out(count: object) -> str:
    if not isinstance(count, int) or count < 1:
        return ""
    return room.notice(words.LEFT_OUT_ONE if count == 1 else words.LEFT_OUT_MANY.format(count=count))
