"""Which documents speak with one voice: near-copies, and those that retell what another reported.

Two documents that say the same are two witnesses only where neither has it from the other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from rag.text import words
from rag.types import Document

SHINGLE = 5
"""Words in a row that make one shingle."""
COPY = 0.5
"""Share of the shorter document's shingles that the other has, from which the two are near-copies."""
LEAST_SHINGLES = 25
"""A text with fewer is too short to be told a copy from a stock phrase."""
LONGEST = 60_000
"""Characters of a document that are looked at."""
LEAD, TAIL = 600, 400
"""Characters at a document's beginning and end where it names itself, and what it retells."""
LONGEST_LINE = 12
"""Words, at most, of a line that names a publisher rather than tells something."""

_OUTLET = (
    r"(?:Times|Post|Journal|News|Newspaper|Wire|Agency|Press|Guardian|Tribune|Herald|Gazette|Daily|Chronicle|Observer"
    r"|Telegraph|Ledger|Magazine|Review|Weekly|Broadcasting|Radio|Television|Standard|Mail|Independent|Economist"
    r"|Monitor|Courier|Inquirer|Mirror|Examiner|Bulletin|Dispatch|Register|Reporter|Today|Week|World|Report|Globe|Star"
    r"|Reuters|Bloomberg|Interfax|TASS|Xinhua|Politico|Axios|Spiegel|Monde|AFP|AP|BBC|CNN|NBC|ABC|CBS|NPR|NYT|WSJ|UPI|DPA|dpa)"
)
_NAME = rf"(?:[A-Z][\w’'.&-]* (?:of )?){{0,4}}{_OUTLET}\b(?! [A-Z])"
_HAVING = r"(?:(?:first|also|later|has|had|exclusively|earlier) ){0,2}"
_REPORTS = r"(?:reported|reports|wrote|writes|said|says|revealed|reveals|disclosed|discloses|published|broke)"
_CREDIT = re.compile(
    rf"(?P<by>{_NAME})(?:[ ,]+(?:newspaper|magazine|website))?,? {_HAVING}\[?{_REPORTS}\b"
    rf"|\b(?:according to|citing|cites|cited by|credited to|(?:re)?reported (?:by|in)|reports? (?:by|in|from)"
    rf"|(?:re)?published (?:by|in)|reprinted from|seen by|obtained by) (?:the )?(?P<of>{_NAME})"
)
_ITSELF = re.compile(rf"\b(?:told|interview with|speaking to|spoke to|contributed to) (?:the )?(?P<of>{_NAME})")
_WORD = re.compile(r"\w+")
_APART = re.compile(r"\s+[|–—-]\s+")


@dataclass(frozen=True, slots=True)
class Voice:
    """Documents that count as one voice."""

    sources: tuple[str, ...]
    why: tuple[str, ...] = ()
    """What ties them, a line for each tie; empty for a document that stands alone."""


def voices(documents: Sequence[Document]) -> list[Voice]:
    """The documents in groups of one voice each, in the order given."""
    group = {document.source: {document.source} for document in documents}
    why: dict[frozenset[str], str] = {}
    for one, other in combinations(documents, 2):
        if found := tie(one, other):
            why[frozenset((one.source, other.source))] = found
            joined = group[one.source] | group[other.source]
            group.update(dict.fromkeys(joined, joined))
    apart = dict.fromkeys(frozenset(group[document.source]) for document in documents)
    return [
        Voice(
            tuple(document.source for document in documents if document.source in members),
            tuple(line for pair, line in why.items() if pair <= members),
        )
        for members in apart
    ]


def tie(one: Document, other: Document) -> str:
    """Why two documents are one voice, in one line; empty where nothing shows that they are."""
    if one.sha256 == other.sha256 or copied(one.text, other.text) >= COPY:
        both = f"{_titled(one)} and {_titled(other)}" if one.title != other.title else f"two documents {_titled(one)}"
        return f"{both} are near-copies"
    for teller, origin in ((one, other), (other, one)):
        if outlet := next((name for name in credits(teller.text) if _is_of(origin, name)), ""):
            return f"{_titled(teller)} credits {outlet}, where {_titled(origin)} seems to come from"
    shared = [name for name in credits(one.text[:LEAD]) if any(_same(name, its) for its in credits(other.text[:LEAD]))]
    return f"{_titled(one)} and {_titled(other)} both credit {shared[0]}" if shared else ""


def copied(one: str, other: str) -> float:
    """Share 0..1 of the shorter text's shingles of five words that the other has (Broder 1997, containment)."""
    first, second = _shingles(one), _shingles(other)
    least = min(len(first), len(second))
    return len(first & second) / least if least >= LEAST_SHINGLES else 0.0


def credits(text: str) -> list[str]:
    """The newspapers, agencies and stations that a text names as having reported something, each once."""
    found = (match["by"] or match["of"] for match in _CREDIT.finditer(text[:LONGEST]))
    return list(dict.fromkeys(" ".join(name.split()) for name in found))


def _shingles(text: str) -> set[tuple[str, ...]]:
    text = text[:LONGEST]
    tokens = [span.of(text).casefold() for span in words(text)]
    return set(zip(*(tokens[at:] for at in range(SHINGLE)), strict=False))


def _is_of(document: Document, outlet: str) -> bool:
    """Whether a document seems to be by that outlet: it says so at its edges, or speaks of it as of itself."""
    title = _APART.split(document.title)[1:]
    own = [match["of"] for match in _ITSELF.finditer(document.text[:LONGEST])]
    if any(_same(outlet, name) for name in (*title, *own, *document.metadata.values())):
        return True
    host = urlsplit(document.source).netloc.casefold().removeprefix("www.").partition(".")[0]
    squashed = _key(outlet)
    if host and host in ("".join(squashed), _initials(squashed), _initials(squashed[:-1]) + squashed[-1]):
        return True
    edges = [*document.text[:LEAD].splitlines(), *document.text[-TAIL:].splitlines()]
    short = [line for line in edges if len(line.split()) <= LONGEST_LINE and not _CREDIT.search(line)]
    named, acronym = f" {' '.join(squashed)} ", _initials(squashed).upper()
    return any(
        named in f" {' '.join(_key(line))} " or (len(acronym) > 2 and acronym in _WORD.findall(line)) for line in short
    )


def _same(one: str, other: str) -> bool:
    """Whether two names mean one outlet: "The Ledger" and "The Harbour Ledger", "NYT" and "The New York Times"."""
    first, second = sorted((_key(one), _key(other)), key=len)
    return bool(first) and (second[-len(first) :] == first or "".join(first) == _initials(second))


def _key(name: str) -> list[str]:
    return [part for span in words(name) if (part := span.of(name).casefold()) != "the"]


def _initials(parts: Sequence[str]) -> str:
    return "".join(part[0] for part in parts)


def _titled(document: Document) -> str:
    return f"“{document.title}”"
