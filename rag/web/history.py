"""Past conversations as the page shows them: their list, and the thumbs under an answer."""

from collections.abc import Sequence

from rag.stores.conversations import NOTE, TITLE, Kept, Said
from rag.types import Turn
from rag.web import words
from rag.web.markup import esc, exact, icon

SHOWN = 100
"""Conversations that the list shows at most; words find the others."""
MANY = 7
"""From this many on there is a field to search them."""


def listing(kept: Sequence[Kept], current: str, sought: str = "", *, keeps: bool = True) -> str:
    """The conversations, in the order given; `current` is the one that is open, `sought` what was searched."""
    off = "" if keeps else f'<p class="aside">{words.PAST_OFF}</p>'
    many = " data-many" if sought or len(kept) >= MANY else ""
    if not kept:
        said = words.PAST_NOT_FOUND.format(words=sought) if sought else words.PAST_NONE if keeps else ""
        return f'<div class="shelf"{many}>{off}<p class="aside" role="status">{esc(said)}</p></div>'
    rows = "".join(_row(one, one.id == current) for one in kept[:SHOWN])
    more = len(kept) - SHOWN
    older = f'<p class="aside">{words.PAST_MORE.format(count=f"{more:,}")}</p>' if more > 0 else ""
    return f'<div class="shelf"{many}>{off}<ol class="conversations">{rows}</ol>{older}</div>'


def recall() -> str:
    """What opens the list."""
    return (
        '<button type="button" class="quiet" data-recall aria-expanded="false" aria-controls="history">'
        f"{icon('clock')}{words.PAST}</button>"
    )


def finder() -> str:
    """The head of the list, with the field to search it."""
    return (
        f'<header><h2 id="history-title">{words.PAST}</h2><button type="button" class="quiet" data-shut'
        f' aria-label="{words.PAST_SHUT}" title="{words.PAST_SHUT}">{icon("contradicted")}</button></header>'
        f'<input type="search" class="field" aria-label="{words.PAST_SEARCH}" placeholder="{words.PAST_SEARCH}"'
        f' maxlength="{TITLE}" autocomplete="off">'
    )


def thumbs(answer: str, good: bool | None = None, note: str = "") -> str:
    """Two buttons to judge the answer kept as `answer`, and a note on why; nothing where it is not kept."""
    if not answer:
        return ""
    buttons = "".join(
        f'<button type="button" class="quiet" data-judge="{key}" aria-pressed="{str(good is value).lower()}"'
        f' aria-label="{label}" title="{label}">{icon(key)}</button>'
        for key, value, label in (("good", True, words.GOOD), ("bad", False, words.BAD))
    )
    return (
        f'<div class="judging" data-answer="{exact(answer)}" role="group" aria-label="{words.JUDGE}">'
        f'<span class="asked">{words.JUDGE}</span>{buttons}<span class="heard" role="status"></span>'
        f'<div class="reasoning"{" hidden" if good is None else ""}><label>{words.JUDGE_NOTE}'
        f'<textarea class="field" rows="1" maxlength="{NOTE}">{exact(note)}</textarea></label>'
        f'<button type="button" class="quiet" data-note>{words.JUDGE_NOTE_KEEP}</button></div></div>'
    )


def below(said: Sequence[Said], turns: Sequence[Turn]) -> list[str]:
    """The thumbs of each of `turns`, which are the last ones of what was `said`; empty where they are not."""
    last = said[len(said) - len(turns) :] if len(said) >= len(turns) else ()
    if [one.turn.question for one in last] != [one.question for one in turns]:
        return []
    return [thumbs(one.id, one.good, one.note) if one.turn.answer else "" for one in last]


def fault(line: str) -> str:
    """One clear line above the list."""
    return f'<p class="aside" role="alert">{esc(line)}</p>'


def heard(answer: str, line: str) -> str:
    """What is to be said beside the thumbs of the answer kept as `answer`."""
    return f'<span data-answer="{exact(answer)}">{esc(line)}</span>'


def _row(one: Kept, current: bool) -> str:
    title = esc(one.title or words.PAST_UNTITLED)
    label = esc(words.PAST_RENAME_LABEL.format(title=one.title))
    delete = esc(words.PAST_DELETE_LABEL.format(title=one.title))
    facts = f"{words.count(one.count, 'question')} · {words.day(one.last)}"
    mark = ' aria-current="true"' if current else ""
    return (
        f'<li class="conversation" data-conversation="{exact(one.id)}">'
        f'<div class="row"><button type="button" class="reopen" data-reopen{mark}><b>{title}</b>'
        f'<span class="where"><time datetime="{exact(one.last)}">{esc(facts)}</time></span></button>'
        f'<button type="button" class="quiet" data-rename aria-label="{label}" title="{words.PAST_RENAME}">'
        f"{icon('pen')}</button>"
        f'<button type="button" class="quiet" data-ask aria-label="{delete}" title="{words.PAST_DELETE}">'
        f"{icon('bin')}</button></div>"
        f'<div class="sure" hidden><span>{esc(words.PAST_DELETE_ASK.format(title=one.title))}</span>'
        f'<button type="button" class="firm" data-forget>{words.PAST_DELETE}</button>'
        f'<button type="button" class="quiet" data-keep>{words.REMOVE_NO}</button></div>'
        f'<div class="naming" hidden><input class="field" aria-label="{words.PAST_TITLE}" value="{exact(one.title)}"'
        f' maxlength="{TITLE}"><button type="button" class="firm" data-named>{words.PAST_RENAME_YES}</button>'
        f'<button type="button" class="quiet" data-keep>{words.PAST_RENAME_NO}</button></div></li>'
    )
