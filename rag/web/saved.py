"""Answers given earlier: their permanent link, what has changed since, and the files that they can be saved as."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from rag.errors import PinciteError
from rag.stores.conversations import Conversations, Saved
from rag.types import Document
from rag.web import exports, words

if TYPE_CHECKING:
    from fastapi import FastAPI

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; sandbox",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_KINDS = {
    "json": "application/json; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_NAME = 60
"""Characters of a file's name, at most."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where an answer is kept."""

    library: str
    id: str

    @property
    def query(self) -> str:
        """What stands after the page's own address."""
        return "?" + urlencode({"answer": self.id, "library": self.library})

    def file(self, kind: str) -> str:
        """The address of the answer as a file, seen from the page; `kind` is `json`, `html` or `md`."""
        return f"answers/{quote(self.library, safe='')}/{quote(self.id, safe='')}.{kind}"


def find(conversations: Conversations, id: str, user: str) -> Saved | None:
    """The answer of this id where it is this user's; None where it is gone, or another's."""
    saved = conversations.answer(id)
    return saved if saved is not None and saved.user == user else None


def changes(saved: Saved, lookup: Callable[[str], Document]) -> tuple[str, ...]:
    """Lines on when an answer was given, and which of the documents that it cites have changed or gone since."""
    lines = [words.GIVEN.format(when=words.moment(saved.made_at))]
    cited = {(one.source, one.sha256): one.title for one in saved.answer.citations}
    for (source, version), title in cited.items():
        try:
            if lookup(source).sha256 != version:
                lines.append(words.CHANGED_SINCE.format(title=title))
        except PinciteError:
            lines.append(words.GONE_SINCE.format(title=title))
    return tuple(dict.fromkeys(lines))


def attach(app: "FastAPI", conversations: Callable[[str], Conversations], visitor: Callable[[Request], str]) -> None:
    """Serves `/answers/LIBRARY/ID.json`, `.html` and `.md` to the visitor whose answer it is."""

    def answer(request: Request, library: str, name: str) -> Response:
        user = visitor(request)
        id, _, kind = name.rpartition(".")
        try:
            saved = find(conversations(library), id, user) if kind in _KINDS else None
        except PinciteError:
            saved = None
        return _missing() if saved is None else response(saved, kind)

    app.add_api_route("/answers/{library}/{name}", answer, methods=["GET"], include_in_schema=False)


def response(saved: Saved, kind: str) -> Response:
    """The answer as a file to keep."""
    headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{_named(saved.answer.question)}.{kind}"'}
    return Response(_written(saved, kind).encode(), media_type=_KINDS[kind], headers=headers)


def _written(saved: Saved, kind: str) -> str:
    if kind == "json":
        return saved.answer.to_json() + "\n"
    if kind == "md":
        return exports.markdown(saved.answer)
    return exports.page(saved.answer, saved.made_at)


def _missing() -> Response:
    told = f"<!DOCTYPE html><meta charset=utf-8><title>{words.NAME}</title><p>{html.escape(words.NO_ANSWER)}</p>"
    return HTMLResponse(told, status_code=404, headers=_HEADERS)


def _named(question: str) -> str:
    """The question as the name of a file: plain letters, figures and hyphens."""
    plain = "-".join(re.findall(r"[a-z0-9]+", question.lower()))
    return f"pincite-{plain[:_NAME].strip('-')}" if plain else "pincite-answer"
