"""How values are printed for people. Text of documents is data: no markup, no escape sequences, no hidden order."""

import json
import re
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rag.types import Answer, Check, Citation, Entry, Failure, Hit, IngestReport
from rag.unseen import escaped, visible

_EXCERPT = 300
"""Characters of a passage; `--json` has all of it."""
REASONS = {
    "no_evidence": "Nothing in the library seems close to the question.",
    "weak_evidence": "Some passages touch on it, but none of them seems to answer it.",
    "unsupported": "What could be said is not supported by the documents.",
    "false_premise": "The documents contradict what the question takes for granted.",
}
_WIDE = 100_000
"""Columns where the output is no terminal: lines stay whole, for grep and for files."""

_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)|\x9b[0-?]*[ -/]*[@-~]|\x1b[ -~]?", re.DOTALL
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONE = re.compile(r"[\ud800-\udfff]")
"""Bytes of a file name that are no text, as Python holds them: nothing that could be printed."""


def clean(text: str) -> str:
    """`text` without what could steer a terminal or a reader: escape sequences, control and unseen characters."""
    return visible(_LONE.sub("\ufffd", _CONTROL.sub("", _ESCAPE.sub("", text.replace("\r\n", "\n")))))


def console(*, stderr: bool = False) -> Console:
    """A console that takes every text as it stands."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDE
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


def show_json(value: Any) -> None:
    """Prints `value`, and nothing else, as JSON; what could steer a terminal or a reader is written as `\\u…`."""
    print(escaped(json.dumps(value, ensure_ascii=False, indent=2)))


def show_answer(answer: Answer) -> None:
    """The answer with its marks and notes, then each source with the words it is cited for."""
    out = console()
    out.print(Padding(_said(answer), 0, expand=False))
    for note in answer.notes:
        _line(out, f"! {_flat(note)}", style="yellow")
    if answer.status == "abstained":
        if answer.citations:  # a false premise, and the words that contradict it
            out.print()
            for citation in answer.citations:
                _show_citation(out, citation)
            return
        if answer.reason:
            _line(out, REASONS[answer.reason], style="dim")
        if answer.evidence:
            out.print("\nNearest passages:")
            for hit in answer.evidence[:3]:
                _show_hit(out, hit)
        return
    for sentence in answer.sentences:
        if sentence.verdict.label not in ("supported", "unchecked"):
            notes = f" ({'; '.join(sentence.verdict.notes)})" if sentence.verdict.notes else ""
            said = f"withheld {_marks(sentence.citations)}" if sentence.withheld else sentence.text
            _line(out, f"! {sentence.verdict.label}: {said}{notes}", style="yellow")
        elif answer.usage is not None and sentence.verdict.notes:  # what a chat model wrote was mended here
            _line(out, f"! {_marks(sentence.citations)} {'; '.join(sentence.verdict.notes)}", style="yellow")
    for conflict in answer.conflicts:
        sides = " / ".join(f"{side.value} {_marks(side.markers)}" for side in conflict.sides)
        note = f" {conflict.note}" if conflict.note else ""
        _line(out, f"! The sources differ. {conflict.about.removesuffix('.')}: {sides}.{note}", style="yellow")
    out.print()
    for citation in answer.citations:
        _show_citation(out, citation)


def show_asked(answer: Answer, *, echo: bool = False) -> None:
    """What a follow-up was taken for; with `echo` also what was asked."""
    out = console()
    if echo:
        _line(out, f"? {_flat(answer.question)}", style="cyan")
    if answer.understood:
        _line(out, f"Understood as: {_flat(answer.understood)}", style="dim")


def show_hits(hits: Iterable[Hit], explained: str | None = None) -> None:
    """Passages, best first, with where they stand and their scores; and why each came for the query `explained`."""
    out = console()
    for hit in hits:
        _show_hit(out, hit, score=True)
        if explained is not None:
            _line(out, _why(hit, explained), indent=4, style="green")


def show_entries(entries: Iterable[Entry]) -> None:
    """The documents of a library as a table."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("Title", "Date", "Pages", "Passages", "Source"):
        table.add_column(column, justify="right" if column in ("Pages", "Passages") else "left", overflow="fold")
    for entry in entries:
        cells = (entry.title, entry.date or "", str(entry.pages or ""), str(entry.passages), entry.source)
        table.add_row(*(Text(_flat(cell)) for cell in cells))
    console().print(table)


def show_failures(failures: Iterable[Failure], *, stderr: bool = True) -> None:
    """One line for each file that could not be read."""
    out = console(stderr=stderr)
    for failure in failures:
        reason = failure.error.removeprefix(f"{Path(failure.source).name}: ")  # the path names the file already
        _line(out, f"failed: {_flat(failure.source)}: {_flat(reason)}", style="red")


def show_report(report: IngestReport) -> None:
    """What was done, on stdout; failures and notices, a line each, on stderr."""
    show_failures(report.failed)
    out = console(stderr=True)
    for notice in report.notices:
        _line(out, f"note: {_flat(notice.source)}: {_flat(notice.text)}", style="dim")
    _line(console(), str(report))


def show_checks(checks: Iterable[Check], heading: str | None = None) -> None:
    """One line for each check; under a fault, what to do about it."""
    out = console()
    if heading is not None:
        _line(out, _flat(heading), style="bold")
    for check in checks:
        _line(
            out,
            f"{'ok   ' if check.ok else 'FAULT'}  {check.name}: {_flat(check.detail)}",
            style="" if check.ok else "red",
        )
        if check.advice and not check.ok:
            _line(out, f"→ {_flat(check.advice)}", indent=7)


def _said(answer: Answer) -> Text:
    """The answer with its marks: all of it in bold, or its short answer alone where it has one."""
    from rag.answering.short import where  # by now an answer was made, and all it takes is there

    whole, place = str(answer), where(answer)
    if place is None or answer.status != "answered":
        return Text(clean(whole), style="bold" if answer.status == "answered" else "")
    number, span = place
    before = answer.sentences[number].start
    marked = str(replace(answer, text=answer.text[:before], sentences=answer.sentences[:number]))
    start, end = len(marked) + span.start, len(marked) + span.end
    return Text.assemble(clean(whole[:start]), (clean(whole[start:end]), "bold"), clean(whole[end:]))


def _show_citation(out: Console, citation: Citation) -> None:
    _line(
        out, f"[{citation.marker}] {_place(citation.title, citation.page, citation.page, citation.date)}", style="cyan"
    )
    _line(out, _flat(citation.source), indent=4, style="dim")
    _line(out, f"“{_flat(citation.quote)}”", indent=4)


def _show_hit(out: Console, hit: Hit, score: bool = False) -> None:
    passage = hit.passage
    title = _place(passage.title, passage.page_first, passage.page_last, None)
    _line(out, f"{hit.rank:>2}. {title}" + (f"  ({hit.scale} {hit.score:.3f})" if score else ""), style="cyan")
    _line(out, f"{_flat(passage.source)}  {passage.start}–{passage.end}", indent=4, style="dim")
    _line(out, textwrap.shorten(_flat(passage.text), _EXCERPT, placeholder=" …"), indent=4)


def _why(hit: Hit, query: str) -> str:
    from rag.explaining import WAYS, reasons, shared_words  # it knows the models, which take long to import

    parts = []
    for reason in reasons(hit):
        held = ", ".join(shared_words(query, hit)) if reason.way == WAYS["lexical"] else ""
        rank = f"#{reason.rank}" if reason.rank else "not found"
        facts = "; ".join(fact for fact in ("" if reason.score is None else f"{reason.score:.3f}", held) if fact)
        parts.append(f"{reason.way} {rank}" + (f" ({facts})" if facts else ""))
    return "why: " + " · ".join(parts)


def _place(title: str, first: int | None, last: int | None, date: str | None) -> str:
    pages = None if first is None else f"p. {first}" if last in (None, first) else f"pp. {first}–{last}"
    return ", ".join(_flat(part) for part in (title, pages, date) if part)


def _marks(markers: Iterable[int]) -> str:
    return "".join(f"[{marker}]" for marker in markers)


def _flat(text: str) -> str:
    return " ".join(clean(text).split())


def _line(out: Console, text: str, *, indent: int = 0, style: str = "") -> None:
    out.print(Padding(Text(clean(text), style=style), (0, 0, 0, indent), expand=False))
