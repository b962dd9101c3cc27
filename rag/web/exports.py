"""An answer to take along: as plain text, as Markdown, and as a page that opens anywhere, offline and without scripts.

Each has the quotes as footnotes. What documents say stays characters in all three.
"""

import re
from collections.abc import Mapping
from importlib import resources

from rag.text import plain
from rag.types import WITHHELD, Answer, Citation, Conflict, Sentence
from rag.unseen import visible
from rag.web import words
from rag.web.markup import esc

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~^$&])")
_BLOCK = re.compile(r"^(?:[-+=:]|\d{1,9}(?=[.)]))")
"""What begins a list or underlines a heading where it stands first."""
_ADDRESS = re.compile(r"(?i)\b(?:www(?=\.)|https?(?=:)|ftp(?=:)|(?<=\w)@(?=\w))|(?<=\w)@(?=\w)")
"""What some readers of Markdown make a link of by themselves."""


def text(found: Answer) -> str:
    """Plain text: the answer with its marks, where the sources differ, and the exact quote for each mark."""
    differ = [_differing(conflict) for conflict in found.conflicts]
    notes = [f"[{one.marker}] {_where(one)}: “{_quote(one)}”" for one in found.citations]
    parts = [found.question, _understood(found), str(found), "\n".join(differ), "\n".join(notes)]
    return "\n\n".join(part for part in parts if part).strip() + "\n"


def markdown(found: Answer) -> str:
    """Markdown with footnotes; nothing in it is markup but what is put here."""
    understood = f"*{inert(_understood(found))}*" if found.understood else ""
    prose = [" ".join(_sentence(one) for one in paragraph) for paragraph in _paragraphs(found)]
    differ = [f"**{words.CONFLICTS}.** {inert(one.about)}\n\n{_sides(one)}" for one in found.conflicts]
    notes = [f"- {inert(note)}" for note in found.notes]
    cited = [f"[^{one.marker}]: {inert(_where(one))}: “{inert(_quote(one))}”" for one in found.citations]
    parts = [f"## {inert(found.question)}", understood, *prose, *differ, "\n".join(notes), "\n".join(cited)]
    return "\n\n".join(part for part in parts if part) + "\n"


def inert(text: str) -> str:
    """`text` on one line of Markdown, in which each character stands for itself."""
    line = _SPECIAL.sub(r"\\\1", " ".join(visible(text).split()))
    line = _ADDRESS.sub(lambda found: f"{found.group()[:-1]}&#{ord(found.group()[-1])};", line)
    return _BLOCK.sub(lambda found: f"{found.group()[:-1]}&#{ord(found.group()[-1])};", line)


def page(found: Answer, made_at: str = "") -> str:
    """A whole HTML page: no script, nothing fetched, and a policy in its head that forbids both."""
    cited = {one.marker: one for one in found.citations}
    prose = "".join(f"<p>{' '.join(_html(one) for one in paragraph)}</p>" for paragraph in _paragraphs(found))
    differ = "".join(_html_conflict(conflict, cited) for conflict in found.conflicts)
    notes = "".join(f"<li>{esc(note)}</li>" for note in found.notes)
    sources = "".join(map(_html_footnote, found.citations))
    body = (
        f'<h1>{esc(found.question)}</h1>{_part("p", _understood(found))}<div class="prose">{prose}</div>{differ}'
        + (f'<ul class="aside">{notes}</ul>' if notes else "")
        + (f"<h2>{words.SOURCES}</h2><ol>{sources}</ol>" if sources else "")
        + f"<footer>{esc(_made(found, made_at))}</footer>"
    )
    style = resources.files("rag.web").joinpath("styles/saved.css").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{esc(found.question)}</title><style>{style}</style></head><body><main>{body}</main></body></html>\n"
    )


def _paragraphs(found: Answer) -> list[list[Sentence | str]]:
    """The answer's sentences, and what stands between them, by paragraphs."""
    whole: list[list[Sentence | str]] = [[]]
    at = 0
    for sentence in found.sentences:
        _between(whole, found.text[at : sentence.start])
        whole[-1].append(sentence)
        at = sentence.end
    _between(whole, found.text[at:])
    return [paragraph for paragraph in whole if paragraph]


def _between(whole: list[list[Sentence | str]], gap: str) -> None:
    first, *rest = gap.split("\n\n")
    for number, piece in enumerate((first, *rest)):
        if number:
            whole.append([])
        if piece.strip():
            whole[-1].append(piece.strip())


def _understood(found: Answer) -> str:
    return words.UNDERSTOOD.format(question=found.understood) if found.understood else ""


def _differing(conflict: Conflict) -> str:
    """One line on a conflict: its sides with their marks, and its note."""
    sides = " / ".join(f"{side.value} {''.join(f'[{marker}]' for marker in side.markers)}" for side in conflict.sides)
    return f"{words.CONFLICTS}. {conflict.about.removesuffix('.')}: {sides}. {conflict.note}".rstrip()


def _sides(conflict: Conflict) -> str:
    lines = [f"- {inert(side.value)} {''.join(f'[^{mark}]' for mark in side.markers)}" for side in conflict.sides]
    return "\n".join([*lines, *([f"\n{inert(conflict.note)}"] if conflict.note else [])])


def _sentence(one: Sentence | str) -> str:
    """A sentence in Markdown; a verdict other than the best one stands behind it in words."""
    if isinstance(one, str):
        return inert(one)
    said = WITHHELD if one.withheld else one.text
    doubt = f" *({_verdict(one)})*" if one.verdict.label not in ("supported", "unchecked") else ""
    return f"{inert(said)}{''.join(f'[^{mark}]' for mark in one.citations)}{doubt}"


def _html(one: Sentence | str) -> str:
    if isinstance(one, str):
        return esc(one)
    said = esc(WITHHELD if one.withheld else one.text)
    marks = "".join(f'<sup><a href="#source-{mark}">{mark}</a></sup>' for mark in one.citations)
    return f'{said}{marks} <span class="verdict verdict--{one.verdict.label}">{_verdict(one)}</span>'


def _html_conflict(conflict: Conflict, cited: Mapping[int, Citation]) -> str:
    sides = ""
    for side in conflict.sides:
        known = [cited[mark] for mark in side.markers if mark in cited]
        marks = "".join(f'<sup><a href="#source-{one.marker}">{one.marker}</a></sup>' for one in known)
        sides += f"<li><b>{esc(side.value)}</b>{marks}{''.join(_part('span', _where(one)) for one in known)}</li>"
    return (
        f"<section><h2>{words.CONFLICTS}</h2><p>{esc(conflict.about)}</p><ul>{sides}</ul>"
        f"{_part('p', conflict.note)}</section>"
    )


def _html_footnote(one: Citation) -> str:
    return (
        f'<li id="source-{one.marker}" value="{one.marker}"><b>{esc(one.title)}</b>'
        f'<span class="aside">{esc(_place(one))}</span><blockquote>{esc(_quote(one))}</blockquote>'
        f'<span class="aside">{words.VERSION} <code>{esc(one.sha256)}</code></span></li>'
    )


def _part(tag: str, text: str) -> str:
    return f'<{tag} class="aside">{esc(text)}</{tag}>' if text else ""


def _verdict(one: Sentence) -> str:
    return words.VERDICTS[one.verdict.label][0]


def _where(one: Citation) -> str:
    """Title, file, page and date in one line."""
    return f"{one.title}, {_place(one)}"


def _place(one: Citation) -> str:
    page = words.PAGE.format(number=one.page) if one.page else ""
    return ", ".join(part for part in (words.name(one.source), page, words.day(one.date)) if part)


def _quote(one: Citation) -> str:
    return plain(one.quote)


def _made(found: Answer, made_at: str) -> str:
    how = words.WRITTEN_BY.format(model=found.model) if found.model != "extractive" else words.ALL_QUOTED
    return " · ".join(part for part in (words.NAME, how, words.moment(made_at) if made_at else "") if part)
