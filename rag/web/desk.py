"""What the page does when asked, free of any page library: it speaks to a `Library` and hands back HTML."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from rag.conversation import Conversation
from rag.errors import PinciteError
from rag.types import Answer, Document, Entry, Failure, IngestReport, Turn
from rag.web import render, room, source, words
from rag.web.uploads import Adds, Upload, adding

log = logging.getLogger("pincite.web")


class Holdings(Adds, Protocol):
    """The part of `rag.Library` that the page uses."""

    def documents(self) -> list[Entry]: ...
    def failures(self) -> list[Failure]: ...
    def document(self, source: str, /) -> Document: ...
    def remove(self, *sources: str) -> IngestReport: ...
    def chat(self, *, sources: Sequence[str] | None = None, turns: Sequence[Turn] = ()) -> Conversation: ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """The library as the page shows it at one moment."""

    stamp: str
    """Differs whenever anything shown here differs."""
    welcome: str
    documents: str
    ledger: str
    choices: tuple[tuple[str, str], ...]
    """Label and source of each document, for the scope."""


@dataclass(frozen=True, slots=True)
class Told:
    """The two columns while a question is answered."""

    answer: str
    evidence: str
    box: str | None = None
    """What to put in the question box (nothing, once the question is taken; the question again, where it may need
    other words), or None to leave it as the person has it."""
    past: str | None = None
    """The turns before this question, or None to leave them as they are shown."""
    turns: tuple[Turn, ...] | None = None
    """The conversation with this question answered, or None to leave it as it was."""


class Desk:
    """Answers what the page's controls ask for. Faults become one clear line; the rest goes to the log."""

    def __init__(self, library: Holdings) -> None:
        self._library = library

    def shelf(self) -> Shelf:
        """Reads the library afresh, so that what another process has indexed is seen."""
        try:
            entries, failures = self._library.documents(), self._library.failures()
        except Exception as error:
            line = render.alert(_line(error))
            return Shelf(line, line, line, "", ())
        examples = words.EXAMPLES if room.is_seeds(entries) else ()
        welcome = render.welcome(len(entries), examples)
        documents, ledger = room.documents(entries), room.ledger(failures)
        choices = tuple(room.choices(entries))
        stamp = repr((welcome, documents, ledger, choices))
        return Shelf(stamp, welcome, documents, ledger, choices)

    def ask(self, question: str, scope: Sequence[str] | None = None, turns: Sequence[Turn] = ()) -> Iterator[Told]:
        """The columns at each step of the answer, and at last the answer with its sources; `turns` came before."""
        question = " ".join(question.split())
        waiting = self._panels(source.empty(words.WAITING_SOURCE, ""), turns)
        try:
            documents = len(scope) if scope else len(self._library.documents())
            yield Told(render.step(question, None, documents), waiting, "", render.past(turns))
            final: Answer | None = None
            talk = self._library.chat(sources=list(scope) if scope else None, turns=turns)
            with closing(talk.stream(question)) as steps:
                for now in steps:
                    if now.stage == "answer":
                        final = now.answer
                    else:
                        yield Told(render.step(question, now, documents), waiting)
            if final is not None:
                box = question if final.status == "abstained" else None
                panel = self._panels(source.panel(final, self._library.document), turns)
                yield Told(render.answer(final), panel, box, turns=talk.turns)
        except Exception as error:
            yield Told(render.fault(question, _line(error)), self._panels(source.empty(), turns), question)

    def add(self, files: Sequence[Upload]) -> Iterator[str]:
        """How the uploaded `files` fare, at each change."""
        try:
            for lines in adding(self._library, files):
                yield room.uploads(lines)
        except Exception as error:
            yield render.alert(_line(error))

    def remove(self, wanted: str) -> str:
        """Removes one document or one row of the ledger, named by its source, and says so."""
        try:
            titles = {failure.source: words.name(failure.source) for failure in self._library.failures()}
            titles |= {entry.source: entry.title for entry in self._library.documents()}
            if wanted not in titles:
                return render.alert(words.NOTHING_REMOVED)
            self._library.remove(wanted)
        except Exception as error:
            return render.alert(_line(error))
        return room.notice(words.REMOVED.format(title=titles[wanted]))

    def _panels(self, now: str, turns: Sequence[Turn]) -> str:
        return source.panels(now, turns, self._library.document)


def _line(error: Exception) -> str:
    """One clear line for a person; an error nobody foresaw goes to the log with its trace."""
    if isinstance(error, PinciteError):
        return str(error)
    log.exception("the page met an error that Pincite did not raise itself", exc_info=error)
    return words.FAULT
