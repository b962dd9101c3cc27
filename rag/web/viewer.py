"""The frame in which a document is read: its pages as images, or its text. What it shows of pages is fetched."""

from rag.types import Document, Span
from rag.web import words
from rag.web.markup import esc, excerpt, icon
from rag.web.reading import reading

PDF = "application/pdf"
_QUOTED = 600
"""Characters of a quote that a screen reader is told beside its box."""


def shown(document: Document, span: Span, name: str, original: str = "") -> str:
    """`document` around `span`, which is marked as `name` (`cited` or `near`).

    With the address of its `original`, as `pages` serves it, a PDF opens as its page, and one can go on reading.
    """
    as_page = document.media_type == PDF and bool(document.pages) and bool(original)
    read = reading(document, span, name, further=bool(original))
    framed = text(document.title, read, hidden=as_page, language=document.language)
    return _pages(document, span, name) + framed if as_page else framed


def attributes(document: Document, span: Span, original: str) -> str:
    """What a pane has to know to fetch the rest."""
    if not original:
        return ""
    pdf = ' data-kind="pdf"' if document.media_type == PDF and document.pages else ""
    return f' data-original="{esc(original)}" data-start="{span.start}" data-end="{span.end}"{pdf}'


def said() -> str:
    """What a script has to say, in words."""
    lines = "".join(f'<span data-said="{state}">{esc(line)}</span>' for state, line in words.FILE_STATES.items())
    return f'<div class="said" hidden>{lines}</div>'


def text(title: str, html: str, *, hidden: bool = False, language: str | None = None) -> str:
    """The frame of a document's text, in which its marks are scrolled into view; read aloud in its `language`."""
    away = " hidden" if hidden else ""
    spoken = f' lang="{esc(language)}"' if language else ""
    return (
        '<p class="note of-file" role="status" hidden></p>'
        f'<div class="reading" tabindex="0" role="region" aria-label="{esc(title)}"{away}{spoken}>{html}</div>'
    )


def _pages(document: Document, span: Span, name: str) -> str:
    number = next((page.number for page in document.pages if page.start <= span.start < page.end), 1)
    count, title = len(document.pages), esc(document.title)
    picture = words.PAGE_IMAGE.format(page=number, title=document.title)
    quote = words.QUOTED.format(quote=excerpt(span.of(document.text), document.source, _QUOTED))
    frame = esc(words.PAGES_OF.format(title=document.title))
    return (
        f'<div class="pages pages--{name}" data-page="{number}" data-count="{count}">{_tools(number, count)}'
        f'<div class="sheet" tabindex="0" role="region" aria-label="{frame}"><div class="facsimile">'
        f'<img alt="{esc(picture)}" data-say="{words.PAGE_IMAGE}" data-title="{title}">'
        f'<div class="boxes" role="img" aria-label="{esc(quote)}" hidden></div></div></div>'
        f'<p class="onward" hidden><button type="button" class="quiet" data-say="{words.GOES_ON}"></button></p>'
        f'<ol class="thumbs" aria-label="{words.PAGES}" data-say="{words.TO_PAGE}" data-cited="{words.TO_CITED}"></ol>'
        "</div>"
    )


def _tools(number: int, count: int) -> str:
    which = words.PAGE_OF.format(page=number, count=count)
    return (
        f'<div class="tools" role="group" aria-label="{words.PAGE_TOOLS}">'
        f'<span class="group turning">{button("turn", -1, "left", words.PAGE_BEFORE)}'
        f'<span class="which" aria-live="polite" data-say="{words.PAGE_OF}">{which}</span>'
        f"{button('turn', 1, 'right', words.PAGE_AFTER)}</span>"
        f'<span class="group zooming">{button("zoom", -1, "less", words.ZOOM_OUT)}'
        f"{button('zoom', 0, 'fit', words.ZOOM_FIT)}{button('zoom', 1, 'more', words.ZOOM_IN)}</span>"
        f'<span class="group switch" role="group" aria-label="{words.SHOW_AS}">'
        f'<button type="button" data-show="page" aria-pressed="true">{words.AS_PAGE}</button>'
        f'<button type="button" data-show="text" aria-pressed="false">{words.AS_TEXT}</button></span></div>'
    )


def button(does: str, value: int, drawn: str, label: str) -> str:
    """A button that is a drawing; `does` and `value` tell a script what for."""
    return (
        f'<button type="button" class="quiet" data-{does}="{value}" aria-label="{label}" title="{label}">'
        f"{icon(drawn)}</button>"
    )
