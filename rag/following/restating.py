"""A chat model makes a follow-up standalone, held to what the conversation says."""

import re
from collections.abc import Sequence

from rag.errors import PinciteError
from rag.following.mentions import mentions
from rag.models.chat import Message, Speaker
from rag.text import stems
from rag.types import Turn

TURNS, WORDS, LIMIT = 3, 60, 80
"""The last turns that the model is shown, the words of each answer, and the tokens of its reply."""
_ORDER = (
    "Rewrite the last question of a conversation so that it can be understood without the conversation. Put in the"
    " names and things that its pronouns and omissions mean. Add nothing else, and do not answer it. If it can be"
    " understood alone, repeat it as it is. Reply with the question only."
)
_EXAMPLE = (
    Message("user", "Q: Who leads the museum?\nA: Ada Berg has led it since 2010.\nLast question: How old is she?"),
    Message("assistant", "How old is Ada Berg?"),
    Message("user", "Q: What did the tram cost in 2020?\nA: It cost 3 crowns.\nLast question: And in 2021?"),
    Message("assistant", "What did the tram cost in 2021?"),
)  # fmt: skip
_LABEL = re.compile(r"^(?:(?:last |standalone |rewritten )?question|q)\s*:\s*", re.IGNORECASE)
_FIGURE = re.compile(r"\d[\d.,]*")


def reworded(question: str, earlier: Sequence[Turn], speaker: Speaker) -> str | None:
    """The question as the model words it; None where it fails, or brings in or leaves out a name or a figure."""
    said = "\n".join(_told(turn) for turn in earlier[-TURNS:])
    asked = Message("user", f"{said}\nLast question: {question.strip()}")
    try:
        pieces = speaker.stream([Message("system", _ORDER), *_EXAMPLE, asked], limit=LIMIT)
        reply = "".join(piece.text for piece in pieces).strip()
    except PinciteError:
        return None  # the rules do without it
    text = _LABEL.sub("", " ".join(reply.split("\n")[0].split())).strip('"“” ')
    conversation = " ".join(part for turn in earlier for part in (turn.question, turn.standalone, turn.text))
    return text if _holds(text, question, conversation) else None


def _told(turn: Turn) -> str:
    return f"Q: {turn.standalone}\nA: {' '.join(turn.text.split()[:WORDS]) or 'The documents do not say.'}"


def _holds(text: str, question: str, conversation: str) -> bool:
    """Whether it is one question that has all names and figures of the asked one, and none of its own."""
    if not text.endswith("?") or not 3 <= len(text) <= 3 * len(question) + 300:
        return False
    known, asked, told = (set(stems(part)) for part in (f"{question} {conversation}", question, text))
    new = {stem for one in mentions(text) for stem in stems(one.text)}
    kept = {stem for one in mentions(question) for stem in stems(one.text)}
    figures, mine = (set(_FIGURE.findall(part)) for part in (text, question))
    old = set(_FIGURE.findall(f"{question} {conversation}"))
    return new <= known and kept <= told and mine <= figures <= old and bool(asked & told)
