"""A chat model whose replies are kept: what was asked before, about the very same words, is not asked again."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from rag.models.chat import Message, Piece, Speaker
from rag.stores.replies import Replies, hashed


@dataclass(frozen=True, slots=True)
class Remembering:
    """Replies as `speaker` does, or did."""

    speaker: Speaker
    replies: Replies
    sources: Collection[str]
    """The documents that it is told of: without them a reply is forgotten."""
    current: Callable[[], bool]
    """Whether these documents are still there as they were."""
    server: str = ""
    """Where it is asked, if not where its provider always is."""

    @property
    def name(self) -> str:
        """The speaker's."""
        return self.speaker.name

    def stream(self, messages: Sequence[Message], *, limit: int, stop: Sequence[str] = ()) -> Iterator[Piece]:
        """The reply, in one piece where it is known; a new one is kept once it is whole."""
        said = (part for message in messages for part in (message.role, message.text))
        key = hashed(self.name, self.server, str(limit), str(len(stop)), *stop, *said)
        known = self.replies.get(key)
        if known is not None:
            yield Piece(known)
            return
        heard = []
        for piece in self.speaker.stream(messages, limit=limit, stop=stop):
            heard.append(piece.text)
            yield piece
        if (reply := "".join(heard)).strip() and self.current():
            self.replies.put(key, reply, self.sources)
