"""Questions that nobody asked: a sentence without one of its names or figures, and people's questions gone wrong."""

import re
from collections.abc import Iterable, Iterator, Sequence
from random import Random

from evals.judge.faults import mutate
from evals.judge.names import names
from evals.judge.pairs import Pair
from rag.types import Span
from training.examples import NO_ANSWER, Example
from training.reading import drawn
from training.texts import Passage

_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_NUMBER = re.compile(r"(?<![\w.,:-])\d[\d,]*(?:\.\d+)?%?(?![\w:-]|[.,]\d)")
_WHO = {"full name": "who", "people": "which people", "city": "where", "country": "where", "region": "where"}
_SPOILING = ("entity, from another passage", "antonym", "date", "number", "entity, from the same passage", "negation")
_LAST_CLAUSE = re.compile(r", (?:and|but|which|who|where|while|although)\b[^,]*$|;[^;]*$")
SPOILT, DELETED = 0.2, 0.15
"""Shares of the clozes that a fault makes unanswerable, and of those whose sentence is taken out of the passage."""


def clozes(passages: Sequence[Passage], seed: int, each: int = 2) -> Iterator[Example]:
    """Up to `each` clozes a passage; the sentence is reworded or cut short where that can be done."""
    for passage in passages:
        random = drawn(f"{seed}:{passage.group}:{passage.text[:60]}")
        sentences = passage.sentences()
        for start, end in random.sample(sentences, min(each, len(sentences))):
            found = _cloze(passage, start, end, random)
            if found is not None:
                yield found


def _cloze(passage: Passage, start: int, end: int, random: Random) -> Example | None:
    sentence = passage.text[start:end]
    places = [(name.start, name.end, _WHO.get(name.kind, "what")) for name in names(sentence, passage.text)]
    years = [(match.start(), match.end(), "what year") for match in _YEAR.finditer(sentence)]
    known = {place[0] for place in (*places, *years)}
    numbers = [
        (match.start(), match.end(), "how many") for match in _NUMBER.finditer(sentence) if match.start() not in known
    ]
    choices = [*places, *years, *numbers]
    if not choices:
        return None
    first, last, asked = random.choice(choices)
    answer = sentence[first:last]
    blank = "\N{BLACK SQUARE}"
    question = sentence[:first] + blank + sentence[last:]
    if (cut := _LAST_CLAUSE.sub("", question)) and blank in cut and len(cut.split()) > 5:
        question = cut
    pair = Pair("", passage.source, passage.group, question, (passage.text,))
    kinds = ["synonym", "adverb or aside dropped", "order of clauses", "contraction"]
    random.shuffle(kinds)
    for kind in kinds[:2]:
        changed = mutate(kind, pair, [pair], random)
        if changed is not None and blank in changed.text:
            pair = Pair("", passage.source, passage.group, changed.text, (passage.text,))
    place, evidence, name = Span(start + first, start + last), passage.text, "cloze"
    draw = random.random()
    if draw < SPOILT:
        spoilt = _spoilt(pair, [pair], random)
        if spoilt is None or blank not in spoilt:
            return None
        pair, place, name = Pair("", "", "", spoilt, ()), NO_ANSWER, "cloze, spoilt"
    elif draw < SPOILT + DELETED:
        evidence = f"{evidence[:start]}{evidence[end:]}".strip()
        place, name = NO_ANSWER, "cloze, sentence deleted"
        if answer in evidence:
            return None
    text = pair.text.rstrip(". ").replace(blank, asked)
    text = text[:1].upper() + text[1:] if random.random() < 0.6 else text.lower()
    return Example(name, passage.group, f"{text}?", evidence, answer=place)


def spoilt(questions: Iterable[Example], seed: int) -> Iterator[Example]:
    """Questions that their passage answers, each with a fault that leaves it without an answer."""
    asked = [one for one in questions if one.answer not in (None, NO_ANSWER)]
    pairs = [Pair(str(at), one.source, one.group, one.text, (one.evidence,)) for at, one in enumerate(asked)]
    for one, pair in zip(asked, pairs, strict=True):
        changed = _spoilt(pair, pairs, drawn(f"{seed}:{one.text}"))
        if changed is not None:
            yield Example("question, spoilt", one.group, changed, one.evidence, answer=NO_ANSWER)


def _spoilt(pair: Pair, others: Sequence[Pair], random: Random) -> str | None:
    kinds = [kind for kind in _SPOILING if kind != "negation"]
    random.shuffle(kinds)
    for kind in (*kinds, "negation"):
        found = mutate(kind, pair, others, random)
        if found is not None and found.text.split()[:1] == pair.text.split()[:1]:
            return found.text
    return None
