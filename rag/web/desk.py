"""What the page does when asked, free of any page library: it speaks to a `Library` and hands back HTML."""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rag.conversation import Conversation, turn
from rag.errors import NoSuchSource
from rag.stores.conversations import Conversations, Said, Saved
from rag.types import Answer, Document, Entry, Failure, Hit, IngestReport, Passage, Turn
from rag.web import filtering, history, ledger, render, room, seeds, source, words
from rag.web.atlas import Floats
from rag.web.facts import in_figures
from rag.web.faults import line as _line
from rag.web.filtering import EVERYTHING, Wanted
from rag.web.preferences import DEFAULTS, Preferences, Tunable
from rag.web.saved import Link, changes
from rag.web.stages import Progress
from rag.web.undoing import Restores

log = logging.getLogger("pincite.web")

Keep = Callable[[Turn], Link | None]
"""Keeps a turn and says where; None where nothing is kept."""


class Holdings(Restores, Tunable, Protocol):
    """The part of `rag.Library` that the page uses."""

    @property
    def conversations(self) -> Conversations: ...
    @property
    def path(self) -> Path | None: ...
    def generation(self) -> int: ...
    def size(self) -> int | None: ...
    def documents(self) -> list[Entry]: ...
    def failures(self) -> list[Failure]: ...
    def entry(self, document_id: str, /) -> Entry: ...
    def document(self, source: str, /) -> Document: ...
    def search(self, query: str, k: int = 10, *, sources: Sequence[str] | None = None) -> list[Hit]: ...
    def sample(self, most: int, /) -> tuple[list[Passage], Floats]: ...
    def vectors(self, passages: Sequence[Passage], /) -> dict[str, Floats]: ...
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
    kinds: tuple[str, ...] = ()
    """What sorts of documents there are, in the words of the page."""
    figures: str = ""


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
    link: Link | None = None
    """Where the answer is kept, once it is."""


class Desk:
    """Answers what the page's controls ask for. Faults become one clear line; the rest goes to the log."""

    def __init__(self, library: Holdings, name: str = "") -> None:
        """`name` is what the library is called in addresses; without one, no page images are shown."""
        self._library, self._name = library, name
        self._seen: tuple[object, Shelf] | None = None

    def shelf(self) -> Shelf:
        """Reads the library afresh, so that what another process has indexed is seen."""
        try:
            state = (self._library.generation(), tuple(self._library.failures()))
            if self._seen is None or self._seen[0] != state:
                self._seen = state, self._look(state[1])
            return self._seen[1]
        except Exception as error:
            line = render.alert(_line(error))
            return Shelf(line, line, line, "", ())

    def _look(self, failures: Sequence[Failure]) -> Shelf:
        entries = self._library.documents()
        examples = words.EXAMPLES if room.is_seeds(entries) else ()
        welcome = render.welcome(len(entries), examples)
        figures = room.figures(in_figures(entries, self._library.size(), self._library.path))
        documents = room.documents(entries, examples=seeds.folder() is not None)
        troubles = ledger.ledger(failures)
        choices, kinds = tuple(room.choices(entries)), tuple(filtering.kinds(entries))
        stamp = repr((welcome, figures, documents, troubles, choices, kinds))
        return Shelf(stamp, welcome, documents, troubles, choices, kinds, figures)

    def within(self, chosen: Sequence[str], want: Wanted) -> tuple[str, ...] | None:
        """The documents to ask: those `chosen` by name (any, where none is) that are as `want` says; None for all."""
        if not chosen and want.is_open:
            return None
        return filtering.scope(self._library.documents(), chosen, want).sources

    def remaining(self, chosen: Sequence[str], want: Wanted) -> str:
        """How many documents `within` leaves; nothing where it limits nothing."""
        if not chosen and want.is_open:
            return ""
        try:
            entries = self._library.documents()
            return filtering.remaining(filtering.scope(entries, chosen, want), len(entries))
        except Exception as error:
            return render.alert(_line(error))

    def ask(
        self,
        question: str,
        scope: Sequence[str] | None = None,
        turns: Sequence[Turn] = (),
        keep: Keep | None = None,
        said: Sequence[Said] = (),
        preferences: Preferences = DEFAULTS,
        want: Wanted = EVERYTHING,
    ) -> Generator[Told, None, None]:
        """The columns at each step of the answer, and at last the answer with its sources; `turns` came before.

        `keep` is handed the new turn and says where it is kept, as `said` does of the turns. Closing this ends the
        work. `scope` names documents, `want` says of what kind and time they must be.
        """
        question = " ".join(question.split())
        waiting = self._panels(source.empty(words.WAITING_SOURCE, ""), turns)
        try:
            scope = self.within(scope or (), want)
            if scope is not None and not scope:
                raise NoSuchSource(words.NOTHING_LEFT)
            progress = Progress(len(scope) if scope else len(self._library.documents()))
            yield Told(render.step(question, progress), waiting, "", render.past(turns, history.below(said, turns)))
            final: Answer | None = None
            asked = preferences.applied(self._library)
            talk = asked.chat(sources=list(scope) if scope else None, turns=turns)
            with closing(talk.stream(question)) as steps:
                for now in steps:
                    if now.stage == "answer":
                        final = now.answer
                    else:
                        progress = progress.after(now)
                        yield Told(render.step(question, progress), waiting)
            if final is not None:
                box = question if final.status == "abstained" else None
                panel = self._panels(source.panel(final, self._library.document, self._name), turns)
                link = _kept(talk.turns[-1], keep)
                thumbs = history.thumbs(link.id) if link else ""
                yield Told(render.answer(final, thumbs, link=link), panel, box, turns=talk.turns, link=link)
        except Exception as error:
            yield Told(render.fault(question, _line(error)), self._panels(source.empty(), turns), question)

    def waiting(self, question: str, before: int, turns: Sequence[Turn] = ()) -> Told:
        """The columns while a question waits for `before` others."""
        return Told(render.waiting(question, before), self._panels(source.empty(words.WAITING_SOURCE, ""), turns), "")

    def crowded(self, question: str, turns: Sequence[Turn] = ()) -> Told:
        """The columns where so many wait that the question is turned away: it goes back into the box."""
        return Told(render.fault(question, words.CROWDED), self._panels(source.empty(), turns), question)

    def stopped(self, question: str, turns: Sequence[Turn] = ()) -> Told:
        """The columns once a person has stopped the question under way: it goes back into the box."""
        return Told(render.stopped(question), self._panels(source.empty(), turns), question)

    def reopened(self, conversation: str, user: str, link: Callable[[str], Link]) -> tuple[Told, str]:
        """The columns of a past conversation, its last answer below the question's box, and its last question.

        `link` gives the place of an answer from its id.
        """
        try:
            said = self._library.conversations.said(conversation, user)
            if not said:
                return Told(render.alert(words.PAST_GONE), source.empty(), "", "", ()), ""
            last, turns = said[-1], tuple(one.turn for one in said)
            before = turns[:-1] if last.turn.answer else turns
            past = render.past(before, history.below(said[: len(before)], before))
            shown = Told("", source.empty())
            if last.turn.answer:
                saved = Saved(last.id, conversation, user, last.at, last.turn.answer, last.good, last.note)
                shown = self.restored(saved, link(last.id))
                panel = source.panel(last.turn.answer, self._library.document, self._name)
                shown = replace(shown, evidence=self._panels(panel, before))
            else:
                shown = replace(shown, evidence=self._panels(shown.evidence, before))
            return replace(shown, box="", past=past, turns=turns), last.turn.question
        except Exception as error:
            return Told(render.alert(_line(error)), source.empty()), ""

    def restored(self, saved: Saved, link: Link) -> Told:
        """The columns of an answer given earlier, with what has changed in its documents since."""
        try:
            since = changes(saved, self._library.document)
            panel = self._panels(source.panel(saved.answer, self._library.document, self._name), ())
            thumbs = history.thumbs(saved.id, saved.good, saved.note)
            shown = render.answer(saved.answer, thumbs, link=link, since=since)
            return Told(shown, panel, "", "", (turn(saved.answer),), link)
        except Exception as error:
            return Told(render.alert(_line(error)), source.empty())

    def _panels(self, now: str, turns: Sequence[Turn]) -> str:
        return source.panels(now, turns, self._library.document, self._name)


def _kept(one: Turn, keep: Keep | None) -> Link | None:
    """Where the turn is kept; an answer is shown also where that fails."""
    try:
        return keep(one) if keep else None
    except Exception:
        log.exception("the answer could not be kept; it is shown without a link")
        return None
