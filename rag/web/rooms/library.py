"""The room of the library: add, remove, and read the ledger of what could not be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from gradio.data_classes import FileData, ListFiles

from rag.web import words
from rag.web.house import House
from rag.web.rooms.parts import QUIET, Common, html
from rag.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class _Controls:
    files: gr.File
    told: gr.HTML
    documents: gr.HTML
    ledger: gr.HTML


def build(house: House) -> _Controls:
    """The controls, inside the tab that is open."""
    shelf = house.desk(house.default).shelf()
    with gr.Column(elem_id="library"):
        files = gr.File(label=words.UPLOAD, show_label=False, file_count="multiple", elem_id="drop", height=150)
        files.preprocess = _uploads  # type: ignore[assignment]  # a subclass would write a stub file beside this
        told = html("", "told")
        documents = html(shelf.documents, "documents", "library")
        ledger = html(shelf.ledger, "ledger", "library")
    return _Controls(files, told, documents, ledger)


def wire(house: House, on: _Controls, common: Common) -> None:
    """What the controls do."""
    stamp = gr.State("")

    def look(seen: str, library: str) -> tuple[object, ...]:
        now = house.desk(library).shelf()
        return (gr.skip(),) * 3 if now.stamp == seen else (now.stamp, now.documents, now.ledger)

    def add(sent: list[Upload], library: str) -> Iterator[tuple[str, None]]:
        for told in house.desk(library).add(sent):
            yield told, None

    def remove(library: str, event: gr.EventData) -> str:
        return house.desk(library).remove(str(event.source))

    seen = [stamp, common.library], [stamp, on.documents, on.ledger]
    on.files.upload(add, [on.files, common.library], [on.told, on.files], **QUIET).then(look, *seen, **QUIET)
    for part in (on.documents, on.ledger):
        part.remove(remove, common.library, on.told, **QUIET).then(look, *seen, **QUIET)
    gr.on([common.clock.tick, common.rooms.change, common.page.load, common.library.change], look, *seen, **QUIET)


def _uploads(sent: ListFiles | FileData | None) -> list[Upload]:
    """The files with the names they had in the browser; Gradio has checked that they lie in its upload folder."""
    files = [] if sent is None else list(sent) if isinstance(sent, ListFiles) else [sent]
    return [Upload(Path(file.orig_name or file.path).name, Path(file.path)) for file in files]
