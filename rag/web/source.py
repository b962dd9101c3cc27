"""The evidence panel: a cited span in the text around it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.errors import PinciteError
from rag.types import Answer, Citation, Document, Hit, Span, Turn
from rag.web import viewer, words
from rag.web.markup import esc, excerpt, icon
from rag.web.originals import address

NEAREST = 5
"""Passages, at most, that stand under "the documents don't say"."""

Lookup = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The documents of a library, each looked up once."""

    lookup: Lookup
    library: str
    """Its name, under which files are addressed; empty where none can be."""
    _known: dict[str, Document | None] = field(default_factory=dict)

    def read(self, source: str) -> Document | None:
        """The document of `source`, or None where it is gone."""
        if source not in self._known:
            try:
                self._known[source] = self.lookup(source)
            except PinciteError:
                self._known[source] = None
        return self._known[source]

    def original(self, document: Document) -> str:
        """The address of its file."""
        return address(self.library, document) if self.library else ""


def panel(answer: Answer, lookup: Lookup, library: str = "") -> str:
    """The panel for `answer`: one pane for each citation, the first one open, and the list of sources beneath.

    For an abstention the panes show the nearest passages. With the name of the `library`, PDFs open as their pages.
    """
    return _of(answer, _Shelf(lookup, library))


def _of(answer: Answer, shelf: _Shelf) -> str:
    if answer.status == "abstained" and not answer.citations:
        panes = [_passage_pane(hit, number, shelf) for number, hit in enumerate(nearest(answer), 1)]
        return _panel(panes, "") if panes else empty()
    panes = [_citation_pane(citation, shelf) for citation in answer.citations]
    if not panes:
        return empty()
    items = "".join(_item(citation, first=index == 0) for index, citation in enumerate(answer.citations))
    return _panel(panes, f'<h3 class="eyebrow">{words.SOURCES}</h3><ol class="sources">{items}</ol>')


def panels(now: str, earlier: Sequence[Turn], lookup: Lookup, library: str = "") -> str:
    """The panel `now`, and behind it those of the `earlier` turns, in which their marks open."""
    shelf = _Shelf(lookup, library)
    kept = [f'<div class="kept" data-turn="now">{now}</div>']
    for number, turn in enumerate(earlier, 1):
        if turn.answer is not None:
            shown = _of(turn.answer, shelf)
            kept.append(f'<div class="kept" data-turn="{number}" hidden>{shown}</div>')
    return "".join(kept)


def passage(hit: Hit, lookup: Lookup, library: str = "") -> str:
    """The panel for one passage that was found or chosen; an empty one shows its document from there on."""
    return _panel([_passage_pane(hit, 1, _Shelf(lookup, library))], "")


def nearest(answer: Answer) -> tuple[Hit, ...]:
    """The passages shown with an abstention."""
    return answer.evidence[:NEAREST]


def empty(line: str = words.NO_SOURCE, more: str = words.NO_SOURCE_MORE) -> str:
    """The panel while there is nothing to show."""
    shown = f"<p>{esc(more)}</p>" if more else ""
    return f'<div class="panel panel--empty"><p class="lead">{esc(line)}</p>{shown}</div>'


def _panel(panes: Sequence[str], below: str) -> str:
    back = f'<button type="button" class="quiet back" data-back>{icon("back")}{words.BACK}</button>'
    first = f'<article class="pane" {panes[0]}'
    others = "".join(f'<article class="pane" hidden {pane}' for pane in panes[1:])
    return f'<div class="panel" tabindex="-1">{back}{_steps(len(panes))}{viewer.said()}{first}{others}{below}</div>'


def _steps(count: int) -> str:
    """From citation to citation."""
    if count < 2:
        return ""
    before = viewer.button("step", -1, "left", words.CITATION_BEFORE)
    after = viewer.button("step", 1, "right", words.CITATION_AFTER)
    which = words.CITATION_OF.format(number=1, count=count)
    return f'<div class="steps">{before}<span data-say="{esc(words.CITATION_OF)}">{which}</span>{after}</div>'


def _citation_pane(citation: Citation, shelf: _Shelf) -> str:
    document = shelf.read(citation.source)
    span = Span(citation.start, citation.end)
    facts = [words.day(citation.date), words.on_page(citation.page)]
    key = f"c{citation.marker}"
    if document is None:
        return _pane(key, citation.title, citation.source, facts, _quote(citation, words.GONE))
    if document.sha256 != citation.sha256 or span.of(document.text) != citation.quote:
        return _pane(key, citation.title, citation.source, facts, _quote(citation, words.CHANGED))
    original = shelf.original(document)
    shown = viewer.shown(document, span, "cited", original)
    return _pane(key, citation.title, citation.source, facts, shown, viewer.attributes(document, span, original))


def _passage_pane(hit: Hit, number: int, shelf: _Shelf) -> str:
    passage = hit.passage
    document = shelf.read(passage.source)
    span = Span(passage.start, passage.end)
    facts = [words.day(document.date) if document else "", words.on_page(passage.page_first)]
    key = f"p{number}"
    if document is None or span.of(document.text) != passage.text:
        note = words.GONE if document is None else words.CHANGED
        shown = viewer.text(passage.title, f'<p class="note">{note}</p><p>{esc(passage.text)}</p>')
        return _pane(key, passage.title, passage.source, facts, shown)
    original = shelf.original(document)
    shown = viewer.shown(document, span, "near", original)
    return _pane(key, passage.title, passage.source, facts, shown, viewer.attributes(document, span, original))


def _pane(key: str, title: str, source: str, facts: Sequence[str], shown: str, attributes: str = "") -> str:
    """One document in the panel, from its key on; `_panel` opens the element."""
    where = " · ".join(esc(fact) for fact in (words.name(source), *facts) if fact)
    return (
        f'data-pane="{key}"{attributes}><header><h2>{esc(title)}</h2>'
        f'<p class="where" title="{esc(source)}">{where}</p></header>{shown}</article>'
    )


def _quote(citation: Citation, note: str) -> str:
    quoted = f'<p class="note">{note}</p><p><mark class="cited">{esc(citation.quote)}</mark></p>'
    return viewer.text(citation.title, quoted)


def _item(citation: Citation, first: bool) -> str:
    page = f" · {words.on_page(citation.page)}" if citation.page else ""
    current = ' aria-current="true"' if first else ""
    return (
        f'<li><button type="button" class="source" data-open="c{citation.marker}"{current}>'
        f'<span class="number">{citation.marker}</span><span class="about"><b>{esc(citation.title)}</b>'
        f"<span>{esc(words.name(citation.source))}{page}</span>"
        f"<q>{esc(excerpt(citation.quote, citation.source, 160))}</q></span></button></li>"
    )
