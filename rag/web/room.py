"""The library room: documents, the ledger of failures, and what an upload did."""

from collections.abc import Sequence
from pathlib import PurePath

from rag.types import Entry, Failure
from rag.unseen import visible
from rag.web import words
from rag.web.markup import esc, exact, icon
from rag.web.uploads import Line


def documents(entries: Sequence[Entry]) -> str:
    """The list of documents, newest knowledge first as the library gives it, each with its way out."""
    if not entries:
        lead = f'<p class="lead">{words.EMPTY_LIBRARY}</p><p>{words.EMPTY_LIBRARY_MORE}</p>'
        return f'<section class="room">{lead}</section>'
    rows = "".join(_row(entry) for entry in entries)
    total = sum(entry.passages for entry in entries)
    count = f"{words.count(len(entries), 'document')}, {words.count(total, 'passage')}"
    return (
        f'<section class="room"><h2 class="eyebrow">{words.DOCUMENTS}<span class="tally">{count}</span></h2>'
        f'<ul class="documents">{rows}</ul></section>'
    )


def ledger(failures: Sequence[Failure]) -> str:
    """The files that could not be indexed: which, why, since when. Nothing where there are none."""
    if not failures:
        return ""
    rows = "".join(_failure(failure) for failure in failures)
    tally = f'<span class="tally">{words.count(len(failures), "file")}</span>'
    return (
        f'<section class="room ledger"><h2 class="eyebrow">{words.LEDGER}{tally}</h2>'
        f'<p class="aside">{words.LEDGER_MORE}</p><ul class="failures">{rows}</ul></section>'
    )


def uploads(lines: Sequence[Line]) -> str:
    """How each uploaded file fares."""
    rows = "".join(
        f'<li class="upload upload--{line.state}"><span class="file">{esc(line.name)}</span>'
        f'<span class="state">{words.STATES[line.state]}</span>{_detail(line.detail)}</li>'
        for line in lines
    )
    return f'<ul class="uploads" role="status">{rows}</ul>' if rows else ""


def notice(text: str) -> str:
    """A quiet line on what was done."""
    return f'<p class="notice" role="status">{esc(text)}</p>'


def is_seeds(entries: Sequence[Entry]) -> bool:
    """Whether this is the library of example documents, for which there are example questions."""
    return bool(entries) and all(PurePath(entry.source).parent.name == "seeds" for entry in entries)


def choices(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Label and source of each document; labels that would be the same also say the file's name."""
    titles = [visible(entry.title) for entry in entries]
    return [
        (title if titles.count(title) == 1 else f"{title} ({visible(words.name(entry.source))})", entry.source)
        for title, entry in zip(titles, entries, strict=True)
    ]


def _row(entry: Entry) -> str:
    facts = [
        words.name(entry.source),
        words.kind(entry.media_type, entry.source),
        words.day(entry.date),
        words.count(entry.pages, "page") if entry.pages else "",
        words.count(entry.passages, "passage"),
        words.language(entry.language),
    ]
    where = " ".join(f"<span>{esc(fact)}</span>" for fact in facts if fact)
    only = f'<p class="only">{words.WORDS_ONLY}</p>' if entry.searched == "words only" else ""
    label = words.REMOVE_LABEL.format(title=entry.title)
    source = esc(entry.source)
    return (
        f'<li class="document"><div><h3>{esc(entry.title)}</h3>'
        f'<p class="where" title="{source}">{where}</p>{only}</div><div class="out">'
        f'<button type="button" class="quiet" data-ask aria-label="{esc(label)}">{words.REMOVE}</button>'
        f'<span class="sure" hidden>{words.REMOVE_ASK} '
        f'<button type="button" class="firm" data-remove="{exact(entry.source)}">{words.REMOVE_YES}</button>'
        f'<button type="button" class="quiet" data-keep>{words.REMOVE_NO}</button></span></div></li>'
    )


def _failure(failure: Failure) -> str:
    label = words.FORGET_LABEL.format(name=words.name(failure.source))
    since = words.LEDGER_SINCE.format(when=words.day(failure.at)) if failure.at else ""
    return (
        f'<li>{icon("fault")}<div><b title="{esc(failure.source)}">{esc(words.name(failure.source))}</b>'
        f'<p>{esc(failure.error)}</p><p class="where">{esc(since)}</p></div>'
        f'<button type="button" class="quiet" data-forget="{exact(failure.source)}" aria-label="{esc(label)}">'
        f"{words.FORGET}</button></li>"
    )


def _detail(text: str) -> str:
    return f'<span class="detail">{esc(text)}</span>' if text else ""
