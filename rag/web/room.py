"""The library room: its figures and its documents."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from rag.types import Document, Entry, Span
from rag.unseen import visible
from rag.web import words
from rag.web.facts import Facts
from rag.web.markup import esc, exact
from rag.web.reading import body

SHOWN = 200
"""Documents listed, at most; the others are found by a part of their name."""
LANGUAGES = 3
READ = 60_000
"""Characters of a document that are shown at once."""
_UPLOADED = re.compile(r".*[\\/]originals[\\/][0-9a-f]{64}[\\/]")


def figures(facts: Facts) -> str:
    """The library in figures; nothing where it is empty."""
    if not facts.documents:
        return ""
    shown = {
        "documents": f"{facts.documents:,}",
        "passages": f"{facts.passages:,}",
        "languages": _languages(facts),
        "last": words.moment(facts.last) if facts.last else "",
        "size": words.size(facts.size) if facts.size is not None else "",
        "place": facts.place,
    }
    rows = "".join(
        f'<div class="one-count one-count--{name}"><dt>{words.FACTS[name]}</dt><dd>{esc(text)}</dd></div>'
        for name, text in shown.items()
        if text
    )
    return f'<dl class="counts">{rows}</dl>'


def documents(entries: Sequence[Entry], *, examples: bool = False) -> str:
    """The list of documents, each with its way out; where there are none, how to begin.

    `examples` says whether example documents are at hand.
    """
    if not entries:
        return _empty(examples)
    return _section("", _list(entries))


def found(entries: Sequence[Entry], wanted: str) -> str:
    """Those documents alone whose title, name, kind or language holds every word of `wanted`."""
    needles = wanted.casefold().split()
    fit = [entry for entry in entries if all(needle in _haystack(entry) for needle in needles)]
    tally = f'<span class="tally">{words.FOUND.format(count=len(fit), total=len(entries))}</span>'
    return _section(tally, _list(fit) if fit else f'<p class="aside none">{words.FOUND_NONE}</p>')


def notice(text: str) -> str:
    """A quiet line on what was done."""
    return f'<p class="notice" role="status">{esc(text)}</p>'


def removed(title: str, name: str, *, is_document: bool) -> str:
    """What was removed, with a button that brings it back by `name`."""
    text = (words.REMOVED if is_document else words.FORGOTTEN).format(title=title)
    more = words.UNDO_MORE if is_document else words.UNDO_LEDGER
    return (
        f'<div class="notice" role="status"><span>{esc(text)}</span>'
        f'<button type="button" class="undo" data-undo="{exact(name)}">{words.UNDO}</button>'
        f'<span class="aside">{more}</span></div>'
    )


def reading(document: Document, opened: int) -> str:
    """A document to be read by itself: its beginning, where it is long. `opened` tells one opening from another."""
    shown = Span(0, min(len(document.text), READ))
    where = [path_of(document.source), words.kind(document.media_type, document.source), words.day(document.date)]
    cut = f'<p class="cut">{words.LATER}</p>' if shown.end < len(document.text) else ""
    return (
        f'<dialog class="paper" data-opened="{opened}" aria-label="{esc(document.title)}">'
        f"<header><div><h2>{esc(document.title)}</h2>"
        f'<p class="where" title="{esc(document.source)}">{esc(" · ".join(filter(None, where)))}</p></div>'
        f'<button type="button" class="quiet" data-close autofocus>{words.CLOSE_READING}</button></header>'
        f'<div class="reading" tabindex="0" role="region" aria-label="{esc(document.title)}">'
        f"{body(document, shown, Span(0, 0))}{cut}</div></dialog>"
    )


def is_seeds(entries: Sequence[Entry]) -> bool:
    """Whether this is the library of example documents, for which there are example questions."""
    return bool(entries) and all(PurePath(entry.source).parent.name == "seeds" for entry in entries)


def choices(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Label and source of each document; labels that would be the same also say the file's name."""
    titles = [visible(entry.title) for entry in entries]
    times = Counter(titles)
    return [
        (title if times[title] == 1 else f"{title} ({visible(words.name(entry.source))})", entry.source)
        for title, entry in zip(titles, entries, strict=True)
    ]


def path_of(source: str) -> str:
    """The name of a document with the folders that it was uploaded in, if any."""
    inside = _UPLOADED.sub("", source)
    return inside.replace("\\", "/") if inside != source else words.name(source)


def _empty(examples: bool) -> str:
    offer = (
        f'<div class="offer"><p>{words.EXAMPLES_OFFER}</p>'
        f'<button type="button" class="soft" data-examples>{words.ADD_EXAMPLES}</button></div>'
        if examples
        else f'<p class="aside">{words.NO_SEEDS}</p>'
    )
    return (
        f'<section class="room empty"><p class="lead">{words.EMPTY_LIBRARY}</p><p>{words.EMPTY_LIBRARY_MORE}</p>'
        f"{offer}</section>"
    )


def _section(tally: str, shown: str) -> str:
    return f'<section class="room"><h2 class="eyebrow">{words.DOCUMENTS}{tally}</h2>{shown}</section>'


def _languages(facts: Facts) -> str:
    known = [words.language(code) for code, _ in facts.languages if code] or [words.UNKNOWN_LANGUAGE]
    rest = len(known) - LANGUAGES
    more = [words.OTHER_LANGUAGES.format(count=rest)] if rest > 0 else []
    return ", ".join([*known[:LANGUAGES], *more])


def _list(entries: Sequence[Entry]) -> str:
    rows = "".join(map(_row, sorted(entries, key=_order)[:SHOWN]))
    rest = len(entries) - SHOWN
    more = f'<p class="aside">{words.MORE_DOCUMENTS.format(count=f"{rest:,}")}</p>' if rest > 0 else ""
    return f'<ul class="documents">{rows}</ul>{more}'


def _row(entry: Entry) -> str:
    facts = [
        path_of(entry.source),
        words.kind(entry.media_type, entry.source),
        words.day(entry.date),
        words.count(entry.pages, "page") if entry.pages else "",
        words.count(entry.passages, "passage"),
        words.language(entry.language),
        words.ADDED_ON.format(when=words.day(entry.indexed_at)),
    ]
    where = " ".join(f"<span>{esc(fact)}</span>" for fact in facts if fact)
    only = f'<p class="only">{words.WORDS_ONLY}</p>' if entry.searched == "words only" else ""
    label, read = words.REMOVE_LABEL.format(title=entry.title), words.READ_LABEL.format(title=entry.title)
    source = esc(entry.source)
    return (
        f'<li class="document"><div><h3><button type="button" class="title" data-read="{exact(entry.source)}"'
        f' title="{esc(read)}">{esc(entry.title)}</button></h3>'
        f'<p class="where" title="{source}">{where}</p>{only}</div><div class="out">'
        f'<button type="button" class="quiet" data-ask aria-label="{esc(label)}">{words.REMOVE}</button>'
        f'<span class="sure" hidden>{words.REMOVE_ASK} '
        f'<button type="button" class="firm" data-remove="{exact(entry.source)}">{words.REMOVE_YES}</button>'
        f'<button type="button" class="quiet" data-keep>{words.REMOVE_NO}</button></span></div></li>'
    )


def _order(entry: Entry) -> list[tuple[bool, int, str]]:
    """By folder and name, with numbers in their order: `paper-9` before `paper-10`."""
    parts = re.findall(r"\d+|\D+", path_of(entry.source).casefold())
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _haystack(entry: Entry) -> str:
    kind, language = words.kind(entry.media_type, entry.source), words.language(entry.language)
    return f"{entry.title} {path_of(entry.source)} {kind} {language}".casefold()
