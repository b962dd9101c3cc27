"""The pages of evaluation runs, served beside the rooms: read-only, cut off from the page and from the network."""

import html
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, HTMLResponse, Response

from rag.web import words
from rag.web.runs import page

if TYPE_CHECKING:
    from fastapi import FastAPI

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""A report may draw itself and no more. Its own policy, in its head, narrows this further: both hold."""


def attach(app: "FastAPI", runs: Path) -> None:
    """Serves `/runs/NAME/FILE.html` from the folder `runs`."""

    def report(name: str, file: str) -> Response:
        return response(runs, name, file)

    app.add_api_route("/runs/{name}/{file}", report, methods=["GET", "HEAD"], include_in_schema=False)


def response(runs: Path, name: str, file: str) -> Response:
    """The page of a run, or a plain one that says there is none."""
    found = page(runs, name, file)
    if found is not None:
        return FileResponse(found, media_type="text/html; charset=utf-8", headers=_HEADERS)
    told = f"<!DOCTYPE html><meta charset=utf-8><title>{words.NAME}</title><p>{html.escape(words.NO_REPORT)}</p>"
    return HTMLResponse(told, status_code=404, headers=_HEADERS)
