"""The evidence panel: a cited span in the text around it."""

from collections.abc import Callable, Sequence

from rag.errors import PinciteError
from rag.types import Answer, Citation, Document, Hit, Span, Turn
from rag.web import words
from rag.web.markup import esc, excerpt, icon
from rag.web.reading import body, window

NEAREST = 5
"""Passages, at most, that stand under "the documents don't say"."""

Lookup = Callable[[str], Document]
Read = Callable[[str], Document | None]
"""The document of a source, or None where it is gone."""


def panel(answer: Answer, lookup: Lookup) -> str:
    """The panel for `answer`: one pane for each citation, the first one open, and the list of sources beneath.

    For an abstention the panes show the nearest passages.
    """
    return _of(answer, _remembering(lookup))


def _of(answer: Answer, read: Read) -> str:
    if answer.status == "abstained" and not answer.citations:
        panes = [_passage_pane(hit, number, read) for number, hit in enumerate(nearest(answer), 1)]
        return _panel(panes, "") if panes else empty()
    panes = [_citation_pane(citation, read) for citation in answer.citations]
    if not panes:
        return empty()
    items = "".join(_item(citation, first=index == 0) for index, citation in enumerate(answer.citations))
    return _panel(panes, f'<h3 class="eyebrow">{words.SOURCES}</h3><ol class="sources">{items}</ol>')


def panels(now: str, earlier: Sequence[Turn], lookup: Lookup) -> str:
    """The panel `now`, and behind it those of the `earlier` turns, in which their marks open."""
    read = _remembering(lookup)
    kept = [f'<div class="kept" data-turn="now">{now}</div>']
    for number, turn in enumerate(earlier, 1):
        if turn.answer is not None:
            shown = _of(turn.answer, read)
            kept.append(f'<div class="kept" data-turn="{number}" hidden>{shown}</div>')
    return "".join(kept)


def nearest(answer: Answer) -> tuple[Hit, ...]:
    """The passages shown with an abstention."""
    return answer.evidence[:NEAREST]


def empty(line: str = words.NO_SOURCE, more: str = words.NO_SOURCE_MORE) -> str:
    """The panel while there is nothing to show."""
    shown = f"<p>{esc(more)}</p>" if more else ""
    return f'<div class="panel panel--empty"><p class="lead">{esc(line)}</p>{shown}</div>'


def _remembering(lookup: Lookup) -> Read:
    known: dict[str, Document | None] = {}

    def read(source: str) -> Document | None:
        if source not in known:
            try:
                known[source] = lookup(source)
            except PinciteError:
                known[source] = None
        return known[source]

    return read


def _panel(panes: Sequence[str], below: str) -> str:
    back = f'<button type="button" class="quiet back" data-back>{icon("back")}{words.BACK}</button>'
    first = f'<article class="pane" {panes[0]}'
    others = "".join(f'<article class="pane" hidden {pane}' for pane in panes[1:])
    return f'<div class="panel" tabindex="-1">{back}{first}{others}{below}</div>'


def _citation_pane(citation: Citation, read: Read) -> str:
    document = read(citation.source)
    span = Span(citation.start, citation.end)
    facts = [words.day(citation.date), f"page {citation.page}" if citation.page else ""]
    if document is None:
        return _pane(f"c{citation.marker}", citation.title, citation.source, facts, _quote(citation, words.GONE))
    if document.sha256 != citation.sha256 or span.of(document.text) != citation.quote:
        return _pane(f"c{citation.marker}", citation.title, citation.source, facts, _quote(citation, words.CHANGED))
    return _pane(f"c{citation.marker}", citation.title, citation.source, facts, _around(document, span, "cited"))


def _passage_pane(hit: Hit, number: int, read: Read) -> str:
    passage = hit.passage
    document = read(passage.source)
    span = Span(passage.start, passage.end)
    facts = [words.day(document.date) if document else "", f"page {passage.page_first}" if passage.page_first else ""]
    if document is None or span.of(document.text) != passage.text:
        note = words.GONE if document is None else words.CHANGED
        shown = f'<p class="note">{note}</p><p>{esc(passage.text)}</p>'
    else:
        shown = _around(document, span, "near")
    return _pane(f"p{number}", passage.title, passage.source, facts, shown)


def _pane(key: str, title: str, source: str, facts: Sequence[str], shown: str) -> str:
    """One document in the panel, from its key on; `_panel` opens the element."""
    where = " · ".join(esc(fact) for fact in (words.name(source), *facts) if fact)
    return (
        f'data-pane="{key}"><header><h2>{esc(title)}</h2>'
        f'<p class="where" title="{esc(source)}">{where}</p></header>'
        f'<div class="reading" tabindex="0" role="region" aria-label="{esc(title)}">{shown}</div></article>'
    )


def _around(document: Document, span: Span, name: str) -> str:
    shown = window(document.text, span)
    before = f'<p class="cut">{words.EARLIER}</p>' if shown.start else ""
    after = f'<p class="cut">{words.LATER}</p>' if shown.end < len(document.text) else ""
    return before + body(document, shown, span, name) + after


def _quote(citation: Citation, note: str) -> str:
    return f'<p class="note">{note}</p><p><mark class="cited">{esc(citation.quote)}</mark></p>'


def _item(citation: Citation, first: bool) -> str:
    page = f" · page {citation.page}" if citation.page else ""
    label = words.SHOW.format(n=citation.marker, title=citation.title)
    current = ' aria-current="true"' if first else ""
    return (
        f'<li><button type="button" class="source" data-open="c{citation.marker}" aria-label="{esc(label)}"{current}>'
        f'<span class="number">{citation.marker}</span><span class="about"><b>{esc(citation.title)}</b>'
        f"<span>{esc(words.name(citation.source))}{page}</span>"
        f"<q>{esc(excerpt(citation.quote, citation.source, 160))}</q></span></button></li>"
    )
