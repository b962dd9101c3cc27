"""Past conversations and what people thought of the answers, kept beside the library in a file of their own.

Every answer is kept whole, so that it can be opened again and linked to. It quotes the documents: once one of those it
quotes is removed from the library, the answer goes, its bytes too, and the question stays. A document that has only
changed takes nothing with it; the citations say which version they quote.
"""

import json
import secrets
import sqlite3
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from rag.errors import BadInput
from rag.stores.talking import TalkFile
from rag.stores.talks import Judged, Kept, Said, Saved
from rag.types import Turn

__all__ = ["MOST", "NOTE", "TITLE", "Conversations", "Judged", "Kept", "Said", "Saved"]

MOST = 1000
"""Answers that are kept for each user, unless told otherwise."""
TITLE = 200
"""Characters that a title has at most."""
NOTE = 2000
"""Characters that a note on an answer has at most."""

_TURN = TypeAdapter(Turn)


class Conversations:
    """The conversations in one SQLite file; safe for threads and for several processes.

    What belongs to one user (empty where nobody signs in) is neither shown to another nor changed by one; only
    `answer` asks for no user, as its id cannot be guessed. Every method raises `LibraryError` where the file cannot
    be used.
    """

    def __init__(self, path: Path, most: int = MOST) -> None:
        """The file at `path` is made when first needed. Of each user `most` answers are kept; with 0, none."""
        self.path, self._file, self._most = path, TalkFile(path), most

    @property
    def keeps(self) -> bool:
        """Whether new answers are kept."""
        return self._most > 0

    def keep(self, conversation: str, user: str, turn: Turn) -> str:
        """Keep a turn at the end of a conversation, which begins with it where there is none; the answer's id.

        The user's oldest answers make room, those that were judged last of all. Empty where nothing is kept. Raises
        `BadInput` for a conversation of another user.
        """
        if not self._most:
            return ""
        conversation, user, question = _plain(conversation), _plain(user), _line(turn.question)
        answer, made, now = secrets.token_urlsafe(16), _text(turn), _now()
        with self._file.writing() as base:
            row = base.execute("SELECT user FROM conversations WHERE id = ?", (conversation,)).fetchone()
            if row is None:
                base.execute(
                    "INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation, user, question[:TITLE], now)
                )
            elif row[0] != user:
                raise BadInput("this conversation is not yours; begin a new one")
            number = base.execute(
                "INSERT INTO turns (id, conversation, at, question, turn, words) VALUES (?, ?, ?, ?, ?, ?)",
                (answer, conversation, now, question, made, _plain(f"{question} {turn.text}").casefold()),
            ).lastrowid
            base.executemany("INSERT INTO rests VALUES (?, ?)", [(number, source) for source in _sources(turn)])
            self._make_room(base, user)
        return answer

    def listed(self, user: str, words: str = "") -> list[Kept]:
        """A user's conversations, the latest first; with `words`, those that hold each of them somewhere."""
        if not self._file.exists:
            return []
        found = " AND (instr(folded(c.title), ?1) OR EXISTS (SELECT 1 FROM turns WHERE conversation = c.id AND"
        wanted = list(dict.fromkeys(_plain(words).casefold().split()))[:20]
        where = "".join(f"{found} instr(words, ?1)))".replace("?1", f"?{at}") for at in range(2, 2 + len(wanted)))
        with self._file.reading() as base:
            rows = base.execute(
                "SELECT c.id, c.title, c.begun, max(t.at), count(*) FROM conversations c JOIN turns t"  # noqa: S608
                f" ON t.conversation = c.id WHERE c.user = ?1{where} GROUP BY c.id ORDER BY max(t.number) DESC",
                (_plain(user), *wanted),
            )
            return [Kept(*row) for row in rows]

    def said(self, conversation: str, user: str) -> tuple[Said, ...]:
        """The turns of a user's conversation with their answers' ids, the oldest first; empty where it has none."""
        if not self._file.exists:
            return ()
        with self._file.reading() as base:
            rows = base.execute(
                "SELECT t.id, t.at, t.question, t.turn, t.good, t.note FROM turns t JOIN conversations c"
                " ON c.id = t.conversation WHERE c.id = ? AND c.user = ? ORDER BY t.number",
                (_plain(conversation), _plain(user)),
            ).fetchall()
        return tuple(
            Said(name, at, _turn(text) if text else Turn(question), None if good is None else bool(good), note)
            for name, at, question, text, good, note in rows
        )

    def turns(self, conversation: str, user: str) -> tuple[Turn, ...]:
        """The turns of a user's conversation, the oldest first."""
        return tuple(one.turn for one in self.said(conversation, user))

    def answer(self, id: str) -> Saved | None:
        """One answer; None where there is none of this id, or a document that it quotes was removed."""
        if not self._file.exists:
            return None
        with self._file.reading() as base:
            row = base.execute(
                "SELECT t.id, c.id, c.user, t.at, t.turn, t.good, t.note FROM turns t"
                " JOIN conversations c ON c.id = t.conversation WHERE t.id = ?",
                (_plain(id),),
            ).fetchone()
        if row is None or row[4] is None:
            return None
        answer_id, conversation, user, at, text, good, note = row
        whole = _turn(text).answer
        if whole is None:
            return None
        return Saved(answer_id, conversation, user, at, whole, None if good is None else bool(good), note)

    def rename(self, conversation: str, user: str, title: str) -> None:
        """Call a conversation otherwise. Raises `BadInput` for an empty title or a conversation that is not there."""
        title = _line(title)[:TITLE]
        if not title:
            raise BadInput("the title is empty; write a few words")
        self._change(
            "UPDATE conversations SET title = ? WHERE id = ? AND user = ?", title, _plain(conversation), _plain(user)
        )

    def forget(self, conversation: str, user: str) -> None:
        """Delete a conversation with its answers. Raises `BadInput` where there is none."""
        self._change("DELETE FROM conversations WHERE id = ? AND user = ?", _plain(conversation), _plain(user))

    def leave(self, user: str) -> int:
        """Delete all conversations of a user who has left, with their answers; how many there were."""
        if not self._file.exists:
            return 0
        with self._file.writing() as base:
            return base.execute("DELETE FROM conversations WHERE user = ?", (_plain(user),)).rowcount

    def judge(self, answer_id: str, user: str, good: bool | None, note: str = "") -> None:
        """Call one's own answer good or bad, or with None neither, and why. Raises `BadInput` where there is none."""
        self._change(
            "UPDATE turns SET good = ?, note = ?, judged_at = ? WHERE id = ? AND turn IS NOT NULL"
            " AND conversation IN (SELECT id FROM conversations WHERE user = ?)",
            good,
            "" if good is None else _plain(note).strip()[:NOTE],
            None if good is None else _now(),
            _plain(answer_id),
            _plain(user),
        )

    def judged(self) -> list[Judged]:
        """What all users think of their answers, the oldest answers first."""
        if not self._file.exists:
            return []
        with self._file.reading() as base:
            rows = base.execute(
                "SELECT t.number, t.id, c.id, t.turn, c.user, t.good, t.note, t.judged_at FROM turns t"
                " JOIN conversations c ON c.id = t.conversation"
                " WHERE t.good IS NOT NULL AND t.turn IS NOT NULL ORDER BY t.number"
            ).fetchall()
            found = []
            for number, name, conversation, text, user, good, note, at in rows:
                answer = _turn(text).answer
                if answer is not None:
                    earlier = _earlier(base, conversation, number) if answer.understood else ()
                    found.append(Judged(name, conversation, answer, earlier, user, bool(good), note, at))
        return found

    def count_judged(self) -> int:
        """How many answers were judged, by whomever."""
        if not self._file.exists:
            return 0
        with self._file.reading() as base:
            (count,) = base.execute("SELECT count(*) FROM turns WHERE good IS NOT NULL AND turn IS NOT NULL").fetchone()
        return int(count)

    def purge(self, sources: Collection[str]) -> None:
        """Drop every answer that quotes one of these documents, which are removed; the questions stay."""
        if not sources or not self._file.exists:
            return
        with self._file.writing() as base:
            for source in sources:
                base.execute(
                    "UPDATE turns SET turn = NULL, words = folded(question), good = NULL, note = '', judged_at = NULL"
                    " WHERE number IN (SELECT turn FROM rests WHERE source = ?)",
                    (_plain(source),),
                )
            base.execute("DELETE FROM rests WHERE turn IN (SELECT number FROM turns WHERE turn IS NULL)")

    # --- inside

    def _make_room(self, base: sqlite3.Connection, user: str) -> None:
        mine = "conversation IN (SELECT id FROM conversations WHERE user = ?)"
        base.execute(
            f"DELETE FROM turns WHERE number IN (SELECT number FROM turns WHERE {mine}"  # noqa: S608
            " ORDER BY good IS NOT NULL DESC, number DESC LIMIT -1 OFFSET ?)",
            (_plain(user), self._most),
        )
        base.execute(
            "DELETE FROM conversations WHERE user = ? AND id NOT IN (SELECT conversation FROM turns)", (_plain(user),)
        )

    def _change(self, statement: str, *values: object) -> None:
        changed = 0
        if self._file.exists:
            with self._file.writing() as base:
                changed = base.execute(statement, values).rowcount
        if not changed:
            raise BadInput("it is no longer there; look at the list again")


def _earlier(base: sqlite3.Connection, conversation: str, number: int) -> tuple[Turn, ...]:
    rows = base.execute(
        "SELECT question, json_extract(turn, '$.text') FROM turns"
        " WHERE conversation = ? AND number < ? AND turn IS NOT NULL ORDER BY number",
        (conversation, number),
    )
    return tuple(Turn(question, text or "") for question, text in rows)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _plain(text: str) -> str:
    """The text without half characters, which SQLite does not store."""
    return text.encode(errors="replace").decode()


def _line(text: str) -> str:
    """The text on one line, of characters that can be shown."""
    return " ".join("".join(one if one.isprintable() else " " for one in _plain(text)).split())


def _text(turn: Turn) -> str:
    return _plain(json.dumps(asdict(turn), ensure_ascii=False))


def _turn(text: str) -> Turn:
    return _TURN.validate_json(text, strict=True)


def _sources(turn: Turn) -> set[str]:
    """The documents that a turn quotes, in its citations or among the nearest passages."""
    if turn.answer is None:
        return set()
    cited = {one.source for one in turn.answer.citations}
    return {_plain(source) for source in cited | {hit.passage.source for hit in turn.answer.evidence}}
