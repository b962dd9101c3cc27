"""A question with what it points back to put into its words."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.following.choosing import YEAR, meaning
from rag.following.mentions import AUXILIARIES, is_plural, mentions, pair
from rag.following.pointing import Pointer, What, chosen, lead
from rag.types import Turn

_FIGURE = re.compile(r"\b\d[\d.,]*\b")
_PREPOSITION = re.compile(
    r"(?:in|on|at|for|by|with|from|to|of|since|until|before|after|during|under)\s+", re.IGNORECASE
)
_BRACKETED = frozenset({"clause", "thing", "several", "one", "person"})
"""Pointers that surely point back, so that a question with one says nothing alone."""
_LATER = re.compile(
    r"\b(?P<word>(?:(?<=does )|(?<=did )|(?<=do )|(?<=is )|(?<=was ))(?:it|they|he|she)\b(?!['’])|(?:it|them|him)$)",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s\([^()]*\)(?=\?$)")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question with what was meant in it."""

    text: str
    why: str
    """What was taken for what, in a few words."""


def resolve(question: str, found: Pointer, earlier: Sequence[Turn]) -> Resolved | None:
    """`question` made standalone, `found` being what points back in it; None where nothing fits."""
    last = earlier[-1]
    whole = _WHOLE.get(found.what)
    if whole is not None:
        return whole(question, found, last)
    own = frozenset(one.last for one in mentions(question))
    meant = meaning(found, earlier, own)
    if meant is None:
        return _bracketed(question, last) if found.what in _BRACKETED else None
    text, why = _put(question, found, meant), f"“{found.word}” is taken for “{meant}”"
    if also := _second(text, found, earlier, own | {meant.split()[-1].casefold()}):
        other, thing = also
        text, why = _put(text, other, thing), f"{why}, “{other.word}” for “{thing}”"
    return Resolved(_finished(text), why)


def _second(text: str, first: Pointer, earlier: Sequence[Turn], own: frozenset[str]) -> tuple[Pointer, str] | None:
    """A further pronoun of another kind and what it means: "How long did he wait for it?"."""
    for found in _LATER.finditer(text.rstrip("?!. ")):
        word = found["word"].casefold()
        what: What = "thing" if word == "it" else "several" if word in ("they", "them") else "person"
        other = Pointer(what, *found.span("word"), found["word"])
        if what != first.what and (meant := meaning(other, earlier, own)) and meant not in text:
            return other, meant
    return None


def _put(question: str, found: Pointer, meant: str) -> str:
    begun = question[: found.start]
    if not begun.strip():
        meant = meant[:1].upper() + meant[1:]
    rest = question[found.end :]
    return begun + (_possessive(meant) if found.owns else meant) + rest


def _finished(text: str) -> str:
    text = text.strip()[len(lead(text.strip())) :]
    text = " ".join(text.rstrip("?!. ").split())
    return f"{text[:1].upper()}{text[1:]}?"


def _possessive(name: str) -> str:
    if re.search(r"['’]s?$", name):
        return name
    return f"{name}'" if is_plural(name) and name.endswith("s") else f"{name}'s"


def _bare(question: str, found: Pointer, last: Turn) -> Resolved | None:
    """ "Why?": the earlier question, asked with this word."""
    before = _plain(last)
    tokens = before.split()
    at = next((at for at, word in enumerate(tokens) if word.casefold() in AUXILIARIES), None)
    asked = found.word.casefold()
    subject = (
        at is not None
        and at > 0
        and tokens[0].casefold() in ("who", "what", "which")
        and tokens[at].casefold() not in ("do", "does", "did")
    )
    if at in (0, 1) and not subject and asked not in ("who", "how many", "how much", "which one", "which ones"):
        return Resolved(
            _finished(f"{asked} {tokens[at].lower()} {' '.join(tokens[at + 1 :])}"), f"asked of “{before}?”"
        )
    return Resolved(_finished(f"{before}, and {asked}"), f"asked of “{before}?”")


def _instead(question: str, found: Pointer, last: Turn) -> Resolved | None:
    """ "What about Kherson?": the earlier question with this in the place of its like."""
    before, rest = _plain(last), found.rest.strip()
    both, either = pair(before), chosen(rest)
    if both and either and (one := meaning(either, [last], frozenset())):
        text = re.sub(rf"{re.escape(both[0])}\W+\w+\.?\W+(?:the )?{re.escape(both[1])}", lambda _: one, before)
        return Resolved(_finished(text), f"“{rest}” is taken for “{one}”")
    bare = _PREPOSITION.sub("", rest, count=1) if _PREPOSITION.match(rest) else rest
    for place in _likes(before, bare):
        text = before[: place[0]] + bare + before[place[1] :]
        return Resolved(_finished(text), f"“{rest}” is put into “{before}?”")
    if _PREPOSITION.match(rest):
        return Resolved(_finished(f"{before} {rest}"), f"“{rest}” is added to “{before}?”")
    return Resolved(f"{_finished(question).removesuffix('?')} ({before})?", f"asked of “{before}?”")


def _likes(before: str, new: str) -> Iterator[tuple[int, int]]:
    """Where the earlier question has something of the same kind as `new`: a year, a figure, a name of that kind."""
    for pattern in (YEAR, _FIGURE):
        if pattern.fullmatch(new):
            yield from (match.span() for match in pattern.finditer(before))
    mine = mentions(f"of {new}")
    if len(mine) != 1 or mine[0].text.casefold() != new.casefold().removeprefix("the "):
        return
    kinds = {mine[0].kind, "unknown"} if mine[0].kind != "unknown" else {"unknown", "person", "thing", "place"}
    theirs = [one for one in mentions(before) if one.kind in kinds and one.text != mine[0].text]
    if theirs:
        same = [one for one in theirs if one.kind == mine[0].kind] or theirs
        at = before.rfind(same[-1].text)
        yield at, at + len(same[-1].text)


def _which(question: str, found: Pointer, last: Turn) -> Resolved | None:
    """ "Which is better?": of the two that the earlier question joins."""
    both = pair(last.standalone)
    if both is None:
        return _bracketed(question, last)
    return Resolved(
        f"{_finished(question).removesuffix('?')}: {both[0]} or {both[1]}?", f"of “{both[0]}” and “{both[1]}”"
    )


def _else(question: str, found: Pointer, last: Turn) -> Resolved | None:
    """ "Who else?": the earlier question with this word, where it begins with the same."""
    before = _plain(last)
    first = found.word.split()[0]
    if before.casefold().startswith(f"{first.casefold()} "):
        return Resolved(_finished(f"{found.word} {before[len(first) + 1 :]}"), f"asked of “{before}?”")
    return _bracketed(question, last)


_WHOLE: dict[What, Callable[[str, Pointer, Turn], Resolved | None]] = {
    "bare": _bare,
    "instead": _instead,
    "which": _which,
    "else": _else,
}


def _bracketed(question: str, last: Turn) -> Resolved:
    """The question with the earlier one beside it, where no single word can take the pointer's place."""
    before = _plain(last)
    return Resolved(f"{_finished(question).removesuffix('?')} ({before})?", f"asked of “{before}?”")


def _plain(turn: Turn) -> str:
    """The earlier question as it was understood, without what was only put beside it."""
    return " ".join(_BRACKET.sub("", turn.standalone.strip()).rstrip("?!. ").split())
