"""The Gradio rooms: which controls there are and what each one calls. What they show is made in `desk`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components.textbox import InputHTMLAttributes
from gradio.data_classes import FileData, ListFiles

from rag.types import Turn
from rag.web import render, source, words
from rag.web.desk import Desk, Holdings, Shelf
from rag.web.uploads import Upload

EVERY = 4.0
"""Seconds between looks at what another process may have indexed or removed."""
AT_ONCE = 4
"""Questions answered at the same time."""
WAITING = 64
"""Requests that may wait in line; further ones are refused."""

_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "DejaVu Sans", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace"]
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='8' fill='%2314574a'/%3E"
    "%3Cpath d='M13 8H9v16h4M19 8h4v16h-4M16 12v8' fill='none' stroke='white' stroke-width='2.6'/%3E%3C/svg%3E"
)
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class _Controls:
    rooms: gr.Tabs
    past: gr.HTML
    question: gr.Textbox
    scope: gr.Dropdown
    afresh: gr.HTML
    welcome: gr.HTML
    answer: gr.HTML
    evidence: gr.HTML
    files: gr.File
    told: gr.HTML
    documents: gr.HTML
    ledger: gr.HTML
    runs: gr.HTML


def build(library: Holdings, runs: Path) -> gr.Blocks:
    """The page over an open `Library` and a folder of evaluation runs. Launch it with `dress()`."""
    desk = Desk(library, runs)
    shelf = desk.shelf()
    page = gr.Blocks(title=words.NAME, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600))
    with page:
        _html(f'<div class="brand"><h1>{words.NAME}</h1><p>{words.TAGLINE}</p></div>', "masthead")
        controls = _rooms(shelf)
        _wire(page, desk, shelf, controls)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING)
    return page


def dress() -> dict[str, Any]:
    """Theme, style and manners for `launch`: local fonts, no outward link, no run history, no served folders."""
    return {
        "theme": gr.themes.Base(font=_SANS, font_mono=_MONO),
        "head": f'<link rel="icon" href="{_ICON}"><style>{_text("style.css")}{_captions()}</style>',
        "footer_links": [],
        "run_history": False,
        "allowed_paths": [],
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "share": False,
        "show_error": False,
        "enable_monitoring": False,
    }


def _rooms(shelf: Shelf) -> _Controls:
    with gr.Tabs(elem_id="rooms") as rooms:
        with gr.Tab(words.ASK, id="ask"), gr.Row(elem_id="desk"):
            with gr.Column(elem_id="left"):
                past = _html("", "past", acts=True)
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
                afresh = _html("", "afresh", acts=True)
                welcome = _html(shelf.welcome, "welcome", acts=True)
                answer = _html("", "answer", acts=True)
            with gr.Column(elem_id="right"):
                evidence = _html(source.empty(), "evidence", acts=True)
        with gr.Tab(words.LIBRARY, id="library"), gr.Column(elem_id="library"):
            files = gr.File(label=words.UPLOAD, show_label=False, file_count="multiple", elem_id="drop", height=150)
            files.preprocess = _uploads  # type: ignore[assignment]  # a subclass would write a stub file beside this
            told = _html("", "told")
            documents = _html(shelf.documents, "documents", acts=True)
            ledger = _html(shelf.ledger, "ledger", acts=True)
        with gr.Tab(words.EVALUATIONS, id="evaluations"), gr.Column(elem_id="evaluations"):
            runs = _html(shelf.runs, "runs")
    return _Controls(
        rooms, past, question, scope, afresh, welcome, answer, evidence, files, told, documents, ledger, runs
    )


def _wire(page: gr.Blocks, desk: Desk, shelf: Shelf, on: _Controls) -> None:
    stamp, begun, turns = gr.State(shelf.stamp), gr.State(False), gr.State(())
    clock = gr.Timer(EVERY)

    def ask(text: str, sources: list[str] | None, earlier: tuple[Turn, ...]) -> Iterator[tuple[Any, ...]]:
        for now in desk.ask(text or "", sources, earlier):
            kept = (gr.skip() if one is None else one for one in (now.box, now.past, now.turns))
            afresh = gr.skip() if now.turns is None else render.afresh()
            yield *kept, "", now.answer, now.evidence, True, afresh

    def start() -> tuple[Any, ...]:
        return "", "", (), desk.shelf().welcome, "", source.empty(), False, ""

    def look(seen: str, begun: bool, chosen: list[str] | None) -> tuple[Any, ...]:
        now = desk.shelf()
        if now.stamp == seen:
            return (gr.skip(),) * 6
        there = {name for _, name in now.choices}
        scope = gr.update(choices=list(now.choices), value=[name for name in chosen or [] if name in there])
        return now.stamp, gr.skip() if begun else now.welcome, now.documents, now.ledger, scope, now.runs

    def add(sent: list[Upload]) -> Iterator[tuple[str, None]]:
        for told in desk.add(sent):
            yield told, None

    def pick(event: gr.EventData) -> str:
        return str(event.question)

    def remove(event: gr.EventData) -> str:
        return desk.remove(str(event.source))

    seen = [stamp, begun, on.scope], [stamp, on.welcome, on.documents, on.ledger, on.scope, on.runs]
    column = [on.question, on.past, turns, on.welcome, on.answer, on.evidence, begun, on.afresh]
    asked = [on.question, on.scope, turns], column
    under_way = [
        on.question.submit(ask, *asked, **_QUIET),
        on.welcome.pick(pick, None, on.question, **_QUIET).then(ask, *asked, **_QUIET),
    ]
    on.afresh.start(start, None, column, cancels=under_way, **_QUIET)
    on.welcome.room(lambda: gr.Tabs(selected="library"), None, on.rooms, **_QUIET)
    on.files.upload(add, on.files, [on.told, on.files], **_QUIET).then(look, *seen, **_QUIET)
    for part in (on.documents, on.ledger):
        part.remove(remove, None, on.told, **_QUIET).then(look, *seen, **_QUIET)
    gr.on([clock.tick, on.rooms.change, page.load], look, *seen, **_QUIET)


def _uploads(sent: ListFiles | FileData | None) -> list[Upload]:
    """The files with the names they had in the browser; Gradio has checked that they lie in its upload folder."""
    files = [] if sent is None else list(sent) if isinstance(sent, ListFiles) else [sent]
    return [Upload(Path(file.orig_name or file.path).name, Path(file.path)) for file in files]


def _html(value: str, name: str, *, acts: bool = False) -> gr.HTML:
    """A part of the page; where it `acts`, `behaviour.js` starts `start_<name>`, which names its events."""
    script = f"{_text('behaviour.js')}\nstart_{name}();" if acts else None
    return gr.HTML(value, elem_id=name, js_on_load=script, apply_default_css=False)


def _captions() -> str:
    """The words that the style puts where Gradio leaves no other place for them."""
    said = {"all": words.EVERYWHERE, "drop": words.UPLOAD, "kinds": words.UPLOAD_MORE}
    return ":root {" + "".join(f"--say-{name}: {json.dumps(text)};" for name, text in said.items()) + "}"


def _text(name: str) -> str:
    return resources.files("rag.web").joinpath(name).read_text(encoding="utf-8")
