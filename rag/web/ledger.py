"""The ledger as the page shows it: which files could not be read, why, and what to do about each."""

from collections.abc import Sequence
from pathlib import PurePath

from rag.types import Failure
from rag.web import words
from rag.web.markup import esc, exact, icon


def ledger(failures: Sequence[Failure]) -> str:
    """The files that could not be indexed. Nothing where there are none."""
    if not failures:
        return ""
    rows = "".join(_row(failure, number) for number, failure in enumerate(failures, 1))
    tally = f'<span class="tally">{words.count(len(failures), "file")}</span>'
    return (
        f'<section class="room ledger"><h2 class="eyebrow">{words.LEDGER}{tally}</h2>'
        f'<p class="aside">{words.LEDGER_MORE}</p><ul class="failures">{rows}</ul></section>'
    )


def wants_password(failure: Failure) -> bool:
    """Whether a password, given here, may open the file: of encrypted files only PDFs can be opened."""
    return failure.kind == "password" and PurePath(failure.source).suffix.lower() == ".pdf"


def advice(failure: Failure) -> str:
    """What a person can do about it."""
    return words.ADVICE[
        "pdf" if wants_password(failure) else failure.kind if failure.kind in words.ADVICE else "broken"
    ]


def reason(failure: Failure) -> str:
    """Why it failed, without the name before it and the advice behind it, which the page gives itself."""
    name = PurePath(failure.source).name
    why = failure.error.removeprefix(failure.source).removeprefix(name).removeprefix(":").strip()
    return why.split("; ")[0].rstrip(".") or failure.error


def _row(failure: Failure, number: int) -> str:
    name = words.name(failure.source)
    since = words.LEDGER_SINCE.format(when=words.day(failure.at)) if failure.at else ""
    ask = _password(failure, number) if wants_password(failure) else ""
    again = "" if ask else _button("retry", failure, words.RETRY, words.RETRY_LABEL.format(name=name))
    forget = _button("forget", failure, words.FORGET, words.FORGET_LABEL.format(name=name))
    return (
        f'<li class="failure">{icon("fault")}<div><h3 title="{esc(failure.source)}">{esc(name)}</h3>'
        f"<p>{esc(reason(failure))}.</p>"
        f'<p class="advice">{esc(advice(failure))}</p>{ask}<p class="where">{esc(since)}</p></div>'
        f'<div class="out">{again}{forget}</div></li>'
    )


def _password(failure: Failure, number: int) -> str:
    label = words.PASSWORD_LABEL.format(name=words.name(failure.source))
    return (
        f'<form class="password" data-source="{exact(failure.source)}"><label class="sr" for="password-{number}">'
        f'{esc(label)}</label><input id="password-{number}" type="password" autocomplete="off" required'
        f' placeholder="{words.PASSWORD}"><button type="submit" class="firm">{words.OPEN_WITH_IT}</button></form>'
    )


def _button(what: str, failure: Failure, text: str, label: str) -> str:
    return (
        f'<button type="button" class="quiet" data-{what}="{exact(failure.source)}" aria-label="{esc(label)}">'
        f"{text}</button>"
    )
