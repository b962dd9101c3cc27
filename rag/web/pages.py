"""The addresses of the source viewer: where a span stands, the images of its pages, and more of its text.

A document is addressed by library, id and version; nobody names a path. What is told is bound to that version: where
the file has other bytes by now, its pages are not shown.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rag.errors import LoadError, PinciteError
from rag.loaders.pdf_words import Located, locate
from rag.types import Document, Entry, Span
from rag.web import words
from rag.web.house import House
from rag.web.originals import BASE, WIDTHS, LostError, Originals
from rag.web.reading import LONGEST, Reach, reading

if TYPE_CHECKING:
    from fastapi import FastAPI

Visitor = Callable[[Request], str]
"""Who asks; raises for one who may not."""

_STRICT = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ONCE = {**_STRICT, "Cache-Control": "no-store"}
_KEPT = {**_STRICT, "Cache-Control": "private, max-age=600"}
"""For images, so that turning back is free; they are of one version for ever."""


def attach(app: "FastAPI", house: House, visitor: Visitor) -> None:
    """Serves `/originals/LIBRARY/ID/SHA256/…`: `place`, `pages/NUMBER` and `text`. Only a `visitor` may ask."""
    served = _Served(house, Originals())

    def place(request: Request, library: str, document: str, sha256: str, start: int, end: int) -> Response:
        visitor(request)
        return served.place(library, document, sha256, Span(start, end))

    def page(request: Request, library: str, document: str, sha256: str, number: int, width: int) -> Response:
        visitor(request)
        return served.page(library, document, sha256, number, width)

    def text(
        request: Request,
        library: str,
        document: str,
        sha256: str,
        start: int,
        end: int,
        before: Annotated[int, Query(ge=0, le=LONGEST)],
        after: Annotated[int, Query(ge=0, le=LONGEST)],
        near: bool = False,
    ) -> Response:
        visitor(request)
        name = "near" if near else "cited"
        return served.text(library, document, sha256, Span(start, end), name, Reach(before, after))

    for path, answer in (("place", place), ("pages/{number}", page), ("text", text)):
        app.add_api_route(f"/{BASE}/{path}", answer, methods=["GET"], include_in_schema=False)


class _Served:
    def __init__(self, house: House, originals: Originals) -> None:
        self._house, self._originals = house, originals

    def place(self, library: str, document: str, sha256: str, span: Span) -> Response:
        """What became of the file, and for a PDF where the span stands on its pages."""
        found = self._document(library, document, sha256)
        _refuse_outside(span, found)
        state = self._originals.state(found.source, sha256)
        if state != "same" or found.media_type != "application/pdf":
            return JSONResponse({"state": state}, headers=_ONCE)
        try:
            pdf = self._originals.pdf(found.source, sha256)
            told = _told(locate(pdf, found, span))
            sizes = [round(high / wide, 4) if wide and high else 1.0 for wide, high in pdf.sizes()]
        except LostError as lost:
            return JSONResponse({"state": lost.state}, headers=_ONCE)
        except LoadError as error:
            return JSONResponse({"state": error.kind, "why": str(error)}, headers=_ONCE)
        return JSONResponse({"state": "same", "heights": sizes, **told}, headers=_ONCE)

    def page(self, library: str, document: str, sha256: str, number: int, width: int) -> Response:
        """One page as an image, in one of a few widths."""
        entry = self._entry(library, document, sha256)
        if width not in WIDTHS or entry.media_type != "application/pdf":
            raise _none()
        try:
            image = self._originals.page(entry.source, sha256, number, width)
        except (LostError, LoadError, IndexError):
            raise _none() from None
        return Response(image, media_type="image/jpeg", headers=_KEPT)

    def text(self, library: str, document: str, sha256: str, span: Span, name: str, reach: Reach) -> Response:
        """The text around the span."""
        found = self._document(library, document, sha256)
        _refuse_outside(span, found)
        return Response(reading(found, span, name, reach), media_type="text/html; charset=utf-8", headers=_ONCE)

    def _entry(self, library: str, document: str, sha256: str) -> Entry:
        try:
            entry = self._house.library(library).entry(document)
        except PinciteError:
            raise _none() from None
        if entry.sha256 != sha256:
            raise _none()
        return entry

    def _document(self, library: str, document: str, sha256: str) -> Document:
        entry = self._entry(library, document, sha256)
        try:
            found = self._house.library(library).document(entry.source)
        except PinciteError:
            raise _none() from None
        if found.sha256 != sha256:
            raise _none()
        return found


def _none() -> HTTPException:
    return HTTPException(404, words.NO_ORIGINAL, headers=_ONCE)


def _refuse_outside(span: Span, document: Document) -> None:
    if not 0 <= span.start <= span.end <= len(document.text):
        raise _none()


def _told(located: Located) -> dict[str, Any]:
    """Boxes by page as [left, top, width, height] in per cent; and where the text of the first page begins and ends."""
    pages: dict[int, list[list[float]]] = {}
    for box in located.boxes:
        sides = (box.left, box.top, box.width, box.height)
        pages.setdefault(box.page, []).append([round(100 * side, 3) for side in sides])
    found = [{"number": number, "boxes": boxes} for number, boxes in pages.items()]
    first, column = next(iter(located.columns.items()), (1, (0.0, 1.0)))
    there = [box for box in located.boxes if box.page == first]
    left, right = (
        min([column[0], *(box.left for box in there)]),
        max([column[1], *(box.left + box.width for box in there)]),
    )
    return {"pages": found, "column": [round(left, 4), round(right, 4)]}
