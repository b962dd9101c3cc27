"""Answering with a chat model: its reply as it comes, each sentence with the places that its marks stand for."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answering.draft import Place
from rag.answering.extractive import Fetch
from rag.answering.marks import MarkReader, Said
from rag.answering.prompt import Numbered, messages, numbered
from rag.answering.refusing import REFUSAL, refuses
from rag.answering.tidying import chatter, lists_sources, tidy
from rag.models import streams
from rag.models.chat import Piece, Speaker, Usage
from rag.retrieval import Evidence
from rag.settings import AnswerSettings
from rag.text import words
from rag.types import Turn

STOPS = ("\nQuotes:", "\nQuestion:")
"""Where a model begins to ask itself further questions."""
LONGEST_TOKEN = 8
"""Characters of a token, at most, on average: a server that heeds no limit of tokens is held to this one."""


@dataclass(frozen=True, slots=True)
class Written:
    """One sentence of a chat model's reply; one without words tells the usage at the end, or that it `waits`."""

    text: str
    places: tuple[Place, ...] = ()
    """What its marks stand for, in order."""
    unknown: tuple[str, ...] = ()
    """Marks that stand for nothing it was given, as it wrote them."""
    usage: Usage | None = None
    """Of the whole reply, in the last one only; None also where the provider does not tell, or was not let finish."""
    refused: bool = False
    """Whether it says that the documents don't say. It is the last one then."""
    cut: bool = False
    """Whether the reply was stopped after it because it had grown too long."""
    waits: bool = False
    """Whether it is none yet, but a sign that the model is still waited for, so that whoever reads can leave."""


@dataclass(frozen=True)
class Writer:
    """Has a chat model write answers from numbered evidence."""

    speaker: Speaker
    settings: AnswerSettings

    def write(self, question: str, read: Evidence, fetch: Fetch, earlier: Sequence[Turn] = ()) -> Iterator[Written]:
        """The sentences of the reply, each as soon as the next has begun; an empty reply gives one without words.

        Where `BEAT` seconds pass without one, pieces that come give one that `waits`. Closing the iterator ends the
        call. Without evidence the model is not asked. Raises what the speaker raises.
        """
        sources = numbered(question, read, fetch, self.settings)
        if not sources:
            yield Written(REFUSAL, refused=True)
            return
        reply = _Reply(sources)
        asked = messages(question, sources, earlier)
        most = self.settings.reply * LONGEST_TOKEN
        with closing(_pieces(self.speaker.stream(asked, limit=self.settings.reply, stop=STOPS))) as pieces:
            last = time.monotonic()
            for piece in pieces:
                finished = [*reply.hear(piece)]
                if not finished and time.monotonic() - last >= streams.BEAT:
                    finished = [Written("", waits=True)]
                if finished:
                    yield from finished
                    last = time.monotonic()
                if reply.refused:
                    return
                if reply.done:
                    break
                if reply.characters > most:
                    yield Written("", cut=True)
                    return
        yield from reply.end()


class _Reply:
    """What has come of one reply."""

    def __init__(self, sources: Sequence[Numbered]) -> None:
        self._sources = sources
        self._marks = MarkReader(len(sources))
        self._usage: Usage | None = None
        self.characters = 0
        self.done = self.refused = False
        """Whether the rest need not be heard, and whether that is because it says that there is no answer."""

    def hear(self, piece: Piece) -> Iterator[Written]:
        """The sentences that a piece finishes."""
        self.characters += len(piece.text)
        self._usage = piece.usage or self._usage
        for said in self._marks.feed(piece.text):
            if not self.done and (written := self._written(said)):
                yield written

    def end(self) -> Iterator[Written]:
        """The rest; the last one tells the usage."""
        last: Written | None = None
        for said in self._marks.finish():
            if not self.done and (written := self._written(said)):
                if last is not None:
                    yield last
                last = written
        yield replace(last or Written(""), usage=self._usage)

    def _written(self, said: Said) -> Written | None:
        """The sentence with its places; None where it claims nothing, as a greeting or a list of sources."""
        text = tidy(said)
        if lists_sources(text) and not said.marks:
            self.done = True
            return None
        if not words(text) or (not said.marks and not said.unknown and chatter(text)):
            return None
        self.refused = self.done = refuses(text, cited=bool(said.marks))
        cited = [self._sources[number - 1] for number in said.marks]
        places = dict.fromkeys(place for one in cited for place in (one.place, *one.also))
        return Written(text, tuple(places), said.unknown, refused=self.refused)


def _pieces(stream: Iterator[Piece]) -> Generator[Piece]:
    """A stream that can be closed, whatever it is made of."""
    yield from stream
