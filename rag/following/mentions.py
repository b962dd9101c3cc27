"""What a conversation has mentioned: names by kind, and the things that its questions are about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.text import words
from rag.trust.naming import CLASSES, LINKS, TITLES, Word, read, runs
from rag.trust.spelling import given_names

Kind = Literal["person", "place", "thing", "unknown"]

AUXILIARIES = frozenset(
    "do does did is are was were am has have had can could will would shall should may might must".split()
)
ASKING = frozenset("who whom whose what which when where why how".split())
_ADDRESS = {
    **dict.fromkeys("mr sir king prince lord father brother".split(), "he"),
    **dict.fromkeys("mrs ms miss lady dame queen princess mother sister actress".split(), "she"),
}
_OFFICE = re.compile(
    r"(?:said|told|asked|minister|president|premier|chief|director|spokes(?:man|woman)|pollster|master|author|actor"
    r"|actress|singer|leader|by|professor|general|mayor|governor|senator)[\s,]+$",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"(?:,[^,.?]{1,60},)?\s+"
    r"(?:said|says|told|asked|replied|wrote|was born|died|resigned|married|boasted|met|believes?)\b"
)
_PEOPLE = re.compile(r"(?:an|ish|ese|ic|i|ch|ans)$")
_DETERMINERS = frozenset("the a an my your our".split())
_JOINS = frozenset("of".split())
STOPS = AUXILIARIES | ASKING | frozenset(
    "a an the this that these those my your our his her its their i you he she it we they me him us them and or but if"
    " in on at by for from to of with without about into over under between among against during before after since"
    " until than as not no be been being there here so then too also more most much many any some all each every both"
    " either other another such only just because while though although per via ever now still already".split()
)  # fmt: skip
_STATES = frozenset(
    "built made held found known given taken written sold born open closed available located called used based safe"
    " legal important good bad big old long high large expensive true right wrong dead alive famous popular".split()
)
_BARELY = re.compile(rf"{'|'.join(sorted(STOPS | _STATES))}|better|worse|\w{{3,}}ier|\w+est")
"""What begins no noun phrase right after an auxiliary."""
_PLURALS = frozenset("people men women children police".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a conversation."""

    text: str
    """As it was written, without titles before it."""
    kind: Kind
    pronoun: str = ""
    """`he` or `she` where a title before it tells; else empty."""

    @property
    def last(self) -> str:
        """Its last word in lower case: a person's surname."""
        return self.text.split()[-1].casefold()


def mentions(text: str) -> list[Mention]:
    """The names of `text`, in order, each once."""
    found: dict[str, Mention] = {}
    for run in (part for whole in runs(read(text)) for part in _parted(whole)):
        kept = _bare(run)
        if len(kept) == 1 and kept[0].place and _PEOPLE.search(kept[0].fold) and kept[0].fold != kept[0].place:
            continue  # "Ukrainian" says which, and names nothing
        name = text[kept[0].start : kept[-1].end]
        found.setdefault(name.casefold(), Mention(name, _kind(run, kept, text), _pronoun(run)))
    return list(found.values())


def fullest(name: Mention, known: Sequence[Mention]) -> Mention:
    """The longest name among `known` that ends with the same word, such as the whole name for a surname."""
    same = [one for one in known if one.last == name.last and one.kind in ("person", "unknown")]
    return max([name, *same], key=lambda one: len(one.text)) if name.kind in ("person", "unknown") else name


def pair(question: str) -> tuple[str, str] | None:
    """The two names that a question joins by "and" or "or"; None where it joins no two."""
    found = mentions(question)
    for one, other in pairwise(found):
        if re.search(rf"{re.escape(one.text)},? (?:and|or|versus|vs\.?) (?:the )?{re.escape(other.text)}", question):
            return one.text, other.text
    return None


def is_plural(phrase: str) -> bool:
    """Whether a phrase means several, by the last word before any "of"."""
    head = re.split(r"\bof\b", phrase.casefold())[0].split()
    last = head[-1] if head else ""
    return (
        last in _PLURALS or bool(re.search(r"(?<![sui])s$", last)) or bool(re.search(r"[^\W\d_] and [^\W\d_]", phrase))
    )


def things(question: str) -> list[str]:
    """What a question is about besides names: its noun phrases, in order, an indefinite one as it stands.

    There is no tagger of parts of speech: articles and the shape of a question tell where a phrase begins and ends.
    """
    spans = words(question)
    tokens = [question[span.start : span.end] for span in spans]
    lower = [token.casefold() for token in tokens]
    parted = [index > 0 and bool(re.search(r"[,;:?!(]", question[spans[index - 1].end : spans[index].start]))
              for index in range(len(tokens))]  # fmt: skip
    found = [*_asked_for(tokens, lower)]
    at = 0
    while at < len(tokens):
        begins = lower[at] in _DETERMINERS or bool(re.search(r"['’]s?$", tokens[at]))
        bare = at > 0 and lower[at - 1] in AUXILIARIES and not any(word in AUXILIARIES for word in lower[: at - 1])
        if not begins and not (bare and tokens[at][:1].islower() and not _BARELY.fullmatch(lower[at])):
            at += 1
            continue
        start, end = at, _reach(tokens, lower, parted, at + (1 if begins else 0))
        while start > 0 and begins and tokens[start - 1][:1].isupper() and start > 1 and not parted[start]:
            start -= 1  # "Grigory Yavlinsky's meeting" is whole
        if end > at + (1 if begins else 0):
            found.append(" ".join(tokens[start:end]))
        at = max(end, at + 1)
    return list(dict.fromkeys(found))


def _asked_for(tokens: Sequence[str], lower: Sequence[str]) -> Iterator[str]:
    """What "which regions" and "how many men" ask for, as "the regions", "the men"."""
    if not lower or lower[0] not in ("which", "what", "how"):
        return
    start = 2 if lower[0] == "how" else 1
    if lower[0] == "how" and lower[1:2] not in (["many"], ["much"]):
        return
    end = next((at for at in range(start, min(len(lower), start + 5)) if lower[at] in STOPS), start)
    if end > start and (lower[end] in AUXILIARIES or lower[end] in ("of", "in")):
        yield f"the {' '.join(tokens[start:end])}"


def _reach(tokens: Sequence[str], lower: Sequence[str], parted: Sequence[bool], start: int) -> int:
    """Where a noun phrase that begins before `start` ends."""
    end = start
    while end < len(tokens) and end - start < 5 and lower[end] not in STOPS and not (parted[end] and end > start):
        if end > start and (lower[end] in _STATES or (lower[end].endswith("ed") and len(lower[end]) > 4)):
            break
        end += 1
    follows = lower[end] if end < len(tokens) else ""
    if follows in _JOINS and end > start:
        after = end + (2 if lower[end + 1 : end + 2] and lower[end + 1] in _DETERMINERS else 1)
        further = _reach(tokens, lower, parted, after)
        last = further - 1 if _first(lower, start) and further - after > 1 and _needs_verb(lower, start) else further
        return last if further > after else end
    many = end - start > 1 and (end == len(tokens) or end - start > 2 or follows in STOPS)
    if many and _first(lower, start) and _needs_verb(lower, start):
        return end - 1  # the last word is the verb: "would [the tide gate] cost"
    return end


def _needs_verb(lower: Sequence[str], start: int) -> bool:
    """Whether the auxiliary before `start` wants a verb of its own, as "do" and "would" do and "is" does not."""
    first = next((word for word in lower[:start] if word in AUXILIARIES), "")
    return first not in ("", "is", "are", "was", "were", "am", "has", "have", "had")


def _first(lower: Sequence[str], start: int) -> bool:
    """Whether the phrase at `start` comes right after the auxiliary, as a question's subject does."""
    before = [word for word in lower[:start] if word not in _DETERMINERS]
    return bool(before) and before[-1] in AUXILIARIES


def _parted(run: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """A person and where from, in "William Burns of the CIA", apart; "Bank of England" whole."""
    at = next((at for at, word in enumerate(run) if word.fold in ("of", "for")), 0)
    if at > 1 and not {word.fold for word in run[:at]} & CLASSES and not any(word.place for word in run[:at]):
        yield run[:at]
        yield run[at + (2 if run[at + 1].fold == "the" else 1) :]
    else:
        yield run


def _bare(run: Sequence[Word]) -> Sequence[Word]:
    """A name without the titles before it."""
    start = next((at for at, word in enumerate(run) if word.fold not in TITLES and word.fold not in LINKS), 0)
    return run[start:] or run


def _pronoun(run: Sequence[Word]) -> str:
    return next((_ADDRESS[word.fold] for word in run if word.fold in _ADDRESS), "")


def _kind(run: Sequence[Word], kept: Sequence[Word], text: str) -> Kind:
    folds = {word.fold for word in kept}
    if all(word.place for word in kept):
        return "place"
    if len(run) > len(kept) or not folds.isdisjoint(given_names()):
        return "person"
    if not folds.isdisjoint(CLASSES) or any(word.shouted for word in kept) or any(word.place for word in kept):
        return "thing"
    before, after = text[max(0, run[0].start - 40) : run[0].start], text[run[-1].end : run[-1].end + 80]
    if _OFFICE.search(before) or _ACTS.match(after):
        return "person"
    return "thing" if re.search(r"\b(?:the|a|an)\s+[\"“']?$", before, re.IGNORECASE) else "unknown"
