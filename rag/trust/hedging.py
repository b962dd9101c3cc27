"""What the evidence only reports or supposes must not come out as plain fact."""

import re
from collections.abc import Iterator, Sequence

from rag.trust.alignment import Statement, Token, statements
from rag.trust.cues import Cue, cues, marks
from rag.trust.figures import figures
from rag.trust.finding import Finding
from rag.types import Span

ALIKE = 0.6
"""Least share of a sentence's content words that a sentence of the evidence must have to make the same statement."""
_NEARLY = 0.15
"""How much smaller the share of another sentence may be that makes the statement as well."""
_ONESELF = re.compile(r"\s*(?:that |on \w+ |\w+day )*(?:he|she|it|they|we)\b", re.IGNORECASE)
_MONTH = re.compile(r"\bMay\b(?! [a-z])|(?<=[a-z] )May\b")
_PERMITTED = re.compile(r"\b(?:allow|permi[ts]|entitle|forb[ia]d|prohibit|ban|can|must|free to|authori[sz])\w*")
_BACKSHIFTED = {"can": "could"}
"""What a word becomes in reported speech."""
_EITHER = re.compile(r"\beither ([^,;.]{2,60}?) or (?=[^,;.])", re.IGNORECASE)
_PART = re.compile(r"(?:(\w+)|%) of (?:the|these|those|its|his|her|their|our) (?:[\w-]+ ){0,2}$", re.IGNORECASE)
"""The start of `three of the ninety passengers`, up to its noun."""
_EACH = frozenset("all every each everyone everybody".split())
_EVERYONE = frozenset("everyone everybody".split())
_NEAR = 25
"""Characters between a cue and the word that it governs."""
_ALL = frozenset(
    "all every each always everyone everybody everything entirely completely invariably whole exclusively".split()
)
_SOME = frozenset(
    "some many most several few part half often sometimes usually generally typically frequently occasionally mostly"
    " largely partly partially commonly normally mainly certain various".split()
)
_GOVERNED = 0.7
"""Least share of the words in common that must stand in what is reported."""


def lost(sentence: str, evidence: Sequence[str]) -> list[Finding]:
    """Where `sentence` says plainly what the evidence has as a report, a possibility, a plan or a condition.

    At most one finding, for the sentence of the evidence that is closest. Nothing is lost where the sentence keeps any
    such word, in whatever form, or where another sentence of the evidence, about as close to it, is as plain.
    `against` is the evidence's wording.
    """
    return plainer(Statement(sentence), statements(evidence))


def plainer(said: Statement, evidence: Sequence[Statement]) -> list[Finding]:
    """`lost` for a sentence and evidence that are read already."""
    shares = [(_share(said, other), other) for other in evidence]
    least = max(ALIKE, max((share for share, _ in shares), default=0.0) - _NEARLY)
    close = sorted((pair for pair in shares if pair[0] >= least), key=lambda pair: -pair[0])
    findings: list[Finding] = []
    for _, other in close:
        here = list(_lost_from(said, other))
        if not here:
            return []
        findings = findings or here
    return findings[:1]


def _share(said: Statement, other: Statement) -> float:
    """The share 0..1 of the sentence's content words, without `all` and `everyone`, that the other has."""
    told = [token for token in said.content if token.word not in _ALL]
    return sum(other.has(token) for token in told) / len(told) if told else 0.0


def _lost_from(said: Statement, other: Statement) -> Iterator[Finding]:
    """The cues of one sentence of the evidence that the sentence has lost."""
    shared = [token for token in other.content if said.has(token)]
    for cue in cues(other.text):
        within = [token for token in shared if _in(token, cue.scope)]
        if not within or not (_same_deed if cue.narrow else _covers)(cue, other, shared):
            continue
        if cue.kind == "attribution" and not cue.narrow and _of_oneself(cue, other, said):
            continue
        if _kept(cue, other, said) or (cue.kind == "condition" and _has_condition(cue, other, said)):
            continue
        words = cue.span.of(other.text).strip(" ,.")
        yield Finding(_stated(within, said), f"the source says “{words}”", words)
    yield from _widened(said, other)
    yield from _one_of_two(said, other)


def _covers(cue: Cue, other: Statement, shared: Sequence[Token]) -> bool:
    """Whether what is reported holds most of what the two have in common; of a condition, all that hangs on it."""
    within = [token for token in shared if _in(token, cue.scope) and not _in(token, cue.span)]
    whole = [token for token in other.content if _in(token, cue.scope)] if cue.kind == "condition" else shared
    return len(within) >= max(2, _GOVERNED * len(whole))


def _in(token: Token, span: Span) -> bool:
    return span.start <= token.span.start < span.end


def _same_deed(cue: Cue, other: Statement, shared: Sequence[Token]) -> bool:
    """Whether the sentence has the very words that are supposed: the first two after the cue."""
    after = [token for token in other.content if _in(token, cue.scope) and token.word not in _SOME][:2]
    before = [token for token in other.content if token.span.end <= cue.span.start][-1:]
    governed = after if len(after) > 1 else [*before, *after]
    return bool(after) and all(token in shared for token in governed)


def _of_oneself(cue: Cue, other: Statement, said: Statement) -> bool:
    """Whether one says it of oneself ("the company said it …"), and the sentence names who that is."""
    speakers = [token for token in other.content if _in(token, cue.span)]
    return bool(_ONESELF.match(cue.scope.of(other.text))) and any(said.has(token) for token in speakers)


def _kept(cue: Cue, other: Statement, said: Statement) -> bool:
    """Whether the sentence has a mark of its own in the cue's stead, or the cue right before the same words."""
    texts = (_MONTH.sub("---", text).lower() for text in (cue.span.of(other.text), said.text, other.text))
    words, mine, theirs = texts
    spoken = [token for token in other.content if _in(token, cue.span)][:1]
    if mine.count(words) >= theirs.count(words) or (cue.kind == "modality" and any(map(said.has, spoken))):
        return True
    rest = f"{theirs[: cue.span.start]} {theirs[cue.span.end :]}"
    elsewhere = {match.group() for match in marks(rest)} | set(rest.split())
    if words == "may" and _PERMITTED.search(mine):
        return True
    if any(_BACKSHIFTED.get(mark.group(), mark.group()) not in elsewhere for mark in marks(mine)):
        return True
    if not cue.narrow:
        return False
    governed = next(token for token in other.content if token.span.start >= cue.scope.start)
    heads = [token.span.start for token in said.content if not token.keys.isdisjoint(governed.keys)]
    again = [match.end() for match in re.finditer(rf"\b{re.escape(words)}\b", mine)]
    return any(0 < head - end < _NEAR for end in again for head in heads)


def _widened(said: Statement, other: Statement) -> Iterator[Finding]:
    """Where the sentence says “all” or “always” and the evidence “some” or “often” of the same."""
    for at, token in enumerate(said.tokens):
        if token.word not in _ALL:
            continue
        if said.text[token.span.start : token.span.end + 8].lower() in other.text.lower():
            continue
        following = next((after for after in said.tokens[at + 1 :] if after.content and after.word not in _SOME), None)
        for place, same in enumerate(other.tokens):
            if following is None or same.keys.isdisjoint(following.keys):
                continue
            before = other.tokens[max(0, place - 3) : place]
            weaker = next((word.span.start for word in before if word.word in _SOME), None)
            if weaker is None and token.word in _EACH:
                weaker = _part(other, other.tokens[place - 1] if token.word in _EVERYONE and place else same)
            if weaker is not None and not any(word.word in _ALL for word in before):
                words = other.text[weaker : same.span.end]
                yield Finding(Span(token.span.start, following.span.end), f"the source says “{words}”", words)


def _part(other: Statement, noun: Token) -> int | None:
    """Where `three of the ninety passengers` begins, given its noun; None where the noun is of no such part."""
    match = _PART.search(other.text, 0, noun.span.start)
    if not match or any(token.word in _ALL for token in other.tokens):
        return None
    if (match.group(1) or "").lower() in _SOME | {"one"}:
        return match.start()
    numbers = [figure.span for figure in figures(other.text) if figure.kind == "number"]
    number = next((span for span in numbers if span.start <= match.start() < span.end), None)
    return number.start if number else None


def _one_of_two(said: Statement, other: Statement) -> Iterator[Finding]:
    """Where the sentence says of the one what the evidence says of either the one or the other."""
    match = _EITHER.search(other.text)
    if not match or any(token.word in ("or", "either", "one") for token in said.tokens):
        return
    first = [token for token in other.content if _in(token, Span(*match.span(1)))]
    second = next((token for token in other.content if token.span.start >= match.end()), None)
    if not first or second is None:
        return
    one, two = all(said.has(token) for token in first), said.has(second)
    if one != two and (one or not any(said.has(token) for token in first)):
        words = other.text[match.start() : second.span.end]
        yield Finding(_stated(first if one else [second], said), f"the source says “{words}”", words)


def _has_condition(cue: Cue, other: Statement, said: Statement) -> bool:
    """Whether the sentence has the words of the condition itself, and so may keep it in another form."""
    tokens = [token for token in other.content if _in(token, cue.span)]
    return 2 * sum(said.has(token) for token in tokens) >= len(tokens)


def _stated(within: Sequence[Token], said: Statement) -> Span:
    """The words of the sentence that are stated too plainly."""
    keys = frozenset(key for token in within for key in token.keys)
    spans = [token.span for token in said.tokens if not token.keys.isdisjoint(keys)]
    return Span(spans[0].start, spans[-1].end)
