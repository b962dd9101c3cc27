"""Looking around: what a search found and why, where it lies on the map, and the map as a list."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from rag.explaining import WAYS, reasons, shared_words
from rag.text import plain, stems
from rag.text import words as words_of
from rag.types import Hit, Passage, Span
from rag.web import words
from rag.web.atlas import COLOURED, FEWEST, Atlas, Place
from rag.web.figure import EDGE, SHAPES, told
from rag.web.markup import Layer, esc, exact, tagged
from rag.web.render import alert

EXCERPT = 340
"""Characters of a passage shown in the list of what was found."""
UNFOLDED = 60
"""Passages of a document, at most, that the list shows at once."""
LINE = 110
"""Characters of a passage in that list."""
_END = re.compile(r"\s")


def welcome(documents: int) -> str:
    """What stands there before the first search."""
    if not documents:
        return _blank(words.EMPTY_LIBRARY, words.EMPTY_LIBRARY_MORE)
    return _blank(words.EXPLORE_LEAD, words.EXPLORE_MORE)


def fault(message: str) -> str:
    """One clear line in place of what was asked for."""
    return f'<div class="finds">{alert(message)}</div>'


def found(query: str, hits: Sequence[Hit], seconds: float) -> str:
    """The passages, best first, each with its place on every way of finding and the words of `query` marked."""
    if not hits:
        return _blank(words.NOTHING_FOUND, words.NOTHING_FOUND_MORE)
    documents = len({hit.passage.source for hit in hits})
    tally = words.FOUND_IN.format(
        passages=words.count(len(hits), "passage"),
        documents=words.count(documents, "document"),
        seconds=words.seconds(seconds),
    )
    ways = "".join(
        f"<div><dt>{words.WAYS[way][0]}</dt><dd>{words.WAYS[way][1]}</dd></div>"
        for key, way in WAYS.items()
        if key != "rerank" or key in hits[0].ranks
    )
    cards = "".join(_card(query, number, hit) for number, hit in enumerate(hits))
    return (
        f'<section class="finds" data-done><p class="tally" role="status">{esc(tally)}</p>'
        f'<details class="why"><summary>{words.WHY}</summary><p>{words.WHY_FOUND}</p><dl>{ways}</dl></details>'
        f'<ol class="cards">{cards}</ol></section>'
    )


def lit(hits: Sequence[Hit], places: Mapping[str, tuple[float, float]]) -> str:
    """How many of the passages found are on the map, with what the page needs to light them there."""
    marks = [
        [round(places[hit.passage.id][0], 4), round(places[hit.passage.id][1], 4), rank, *told(hit.passage)]
        for rank, hit in enumerate(hits, 1)
        if hit.passage.id in places
    ]
    line = words.LIT.format(shown=len(marks), passages=words.count(len(hits), "passage"))
    return f'<p class="tally" role="status" data-lit="{exact(json.dumps(marks))}">{esc(line)}</p>'


def drawing(passages: int, seconds: float) -> str:
    """How far a map is that is being drawn."""
    line = words.DRAWING.format(passages=words.count(passages, "passage"))
    since = words.count(int(seconds), "second")
    return f'<p class="laying-out" role="status">{esc(line)}… <span aria-hidden="true">{since}</span></p>'


def beside(atlas: Atlas) -> str:
    """What stands above a map: how much it shows, or why there is none."""
    if len(atlas.passages) < FEWEST:
        lead, more = (words.NO_MAP, words.NO_MAP_MORE) if atlas.total else (words.EMPTY_LIBRARY, words.NO_MAP_EMPTY)
        return _blank(lead, more)
    shown, total = len(atlas.passages), atlas.total - atlas.unplaced
    documents, passages = words.count(atlas.documents, "document"), words.count(total, "passage")
    facts = [words.MAPPED.format(passages=passages, documents=documents)]
    if shown < total:
        facts = [words.MAPPED_SOME.format(shown=f"{shown:,}", passages=passages)]
    if atlas.unplaced:
        facts.append(words.UNPLACED.format(passages=words.count(atlas.unplaced, "passage")))
    return f'<p class="tally" role="status">{esc(" ".join(facts))}</p>'


def listed(atlas: Atlas, unfolded: str = "") -> str:
    """The same as the map, to be read: its documents with what tells them, and the passages of the one `unfolded`."""
    if not atlas.passages:
        return ""
    rows = "".join(_place(atlas, slot, one, one.source == unfolded) for slot, one in enumerate(atlas.places, 1))
    more = ""
    if atlas.documents > len(atlas.places):
        more = f'<p class="aside">{words.OTHER_PLACES.format(count=f"{atlas.documents - len(atlas.places):,}")}</p>'
    tools = _tools() if len(atlas.passages) >= FEWEST else ""
    return (
        f'{tools}<section class="places"><h2 class="eyebrow">{words.PLACES}</h2>'
        f'<p class="aside">{words.PLACES_MORE}</p>'
        f"<ol>{rows}</ol>{more}</section>"
    )


def _tools() -> str:
    """What moves the map, beneath it."""
    buttons = "".join(
        f'<button type="button" class="quiet" data-zoom="{by}">{said}</button>'
        for by, said in ((1.5, words.NEARER), (0.667, words.FARTHER), (0, words.WHOLE_MAP))
    )
    return (
        f'<div class="steer" data-edge="{EDGE}" data-label="{words.MAP_LABEL}"><span>{words.MAP_KEYS}</span>'
        f"{buttons}</div>"
    )


def _blank(lead: str, more: str) -> str:
    return f'<section class="welcome"><p class="lead">{esc(lead)}</p><p>{esc(more)}</p></section>'


def _card(query: str, number: int, hit: Hit) -> str:
    passage = hit.passage
    page = words.PAGE.format(number=passage.page_first) if passage.page_first else ""
    where = " · ".join(esc(fact) for fact in (words.name(passage.source), page, passage.heading) if fact)
    held = shared_words(query, hit)
    ways = "".join(
        f'<div title="{esc(words.WAYS[reason.way][1])}"><dt>{words.WAYS[reason.way][0]}</dt>'
        f"<dd>{_rank(reason.rank)}{'' if reason.score is None else f'<span>{reason.score:.2f}</span>'}</dd></div>"
        for reason in reasons(hit)
    )
    holds = words.HOLDS_WORDS.format(words=", ".join(held)) if held else words.HOLDS_NO_WORDS
    return (
        f'<li><button type="button" class="card" data-hit="{number}"><b>{esc(passage.title)}</b>'
        f'<span class="where">{where}</span><span class="excerpt">{_marked(passage, held)}</span></button>'
        f'<dl class="ways">{ways}</dl><p class="holds">{esc(holds)}</p></li>'
    )


def _rank(rank: int | None) -> str:
    return f"<b>{words.ordinal(rank)}</b>" if rank else f'<b title="{words.NOT_FOUND}">–</b>'


def _marked(passage: Passage, held: Sequence[str]) -> str:
    """The part of the passage where most of the words `held` stand, each of them marked."""
    text = plain(passage.text, passage.media_type)
    wanted = {stem for word in held for stem in stems(word)}
    places = [span for span in words_of(text) if wanted.intersection(stems(span.of(text)))]
    shown = _window(text, places)
    before, after = "…" if shown.start else "", "…" if shown.end < len(text) else ""
    return before + tagged(text, shown, [Layer(span, "mark", "asked") for span in places]) + after


def _window(text: str, places: Sequence[Span]) -> Span:
    """`EXCERPT` characters, from a word to a word, that hold as many of `places` as they can; early ones first."""
    if len(text) <= EXCERPT:
        return Span(0, len(text))
    starts = [max(0, min(span.start - 40, len(text) - EXCERPT)) for span in places] or [0]
    start = max(starts, key=lambda at: (sum(at <= span.start and span.end <= at + EXCERPT for span in places), -at))
    end = start + EXCERPT
    if start and (gap := _END.search(text, start, start + 40)):
        start = gap.end()
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + EXCERPT // 2)
    return Span(start, end)


def _place(atlas: Atlas, slot: int, one: Place, unfolded: bool) -> str:
    tells = f'<span class="tells">{esc(", ".join(one.told))}</span>' if one.told else ""
    near = f'<span class="near">{esc(words.NEAR.format(title=one.near))}</span>' if one.near else ""
    held = _held((atlas.passages[number] for number in one.dots[:UNFOLDED]), len(one.dots)) if unfolded else ""
    return (
        f'<li class="place"><button type="button" class="unfold" aria-expanded="{"true" if unfolded else "false"}"'
        f' data-place="{exact(one.source)}">{_swatch(slot)}<span class="about"><b>{esc(one.title)}</b>{tells}{near}'
        f'</span><span class="tally">{words.count(len(one.dots), "passage")}</span></button>{held}</li>'
    )


def _swatch(slot: int) -> str:
    """The shape and colour that a document has on the map."""
    path = SHAPES[slot - 1 if slot <= COLOURED else 0][1]
    number = slot if slot <= COLOURED else 0
    return f'<svg class="swatch" data-colour="{number}" viewBox="0 0 16 16" aria-hidden="true"><path d="{path}"/></svg>'


def _held(passages: Iterable[Passage], total: int) -> str:
    rows = []
    for passage in passages:
        key, _, where, text = told(passage, LINE)
        rows.append(
            f'<li><button type="button" class="dot" data-passage="{exact(key)}"><q>{esc(text)}</q>'
            f'<span class="where">{esc(where)}</span></button></li>'
        )
    more = words.MORE_PASSAGES.format(count=f"{total - len(rows):,}") if total > len(rows) else ""
    return f"<ol>{''.join(rows)}</ol>" + (f'<p class="aside">{more}</p>' if more else "")
