"""Other ways to say the same: whoever flags these raises a false alarm. Each returns the text changed, or None."""

import re
from random import Random

from evals.judge.english import (
    BE,
    HAVE,
    MODALS,
    auxiliary,
    by_form,
    capital,
    finite_verbs,
    lowered,
    words,
)
from evals.judge.names import names
from evals.judge.pairs import Pair
from evals.judge.swaps import swapped

_LED = re.compile(
    r"^(?P<lead>(?:In|On|During|Since|By|After|Before|At|From|Until)(?: [\w’'-]+){1,4}), "
    r"(?P<rest>(?!an? )[^,;:\d“\x22][^,;:]{15,})\.$"
)
_TRAILED = re.compile(
    r"^(?P<rest>[^,;:]{15,}) (?P<lead>(?:in|on) (?:the )?(?:[A-Z]\w+ )?(?:\d\d?, )?\d{4}s?"
    r"|(?:during|after|before) the [a-z]+)\.$"
)
_SECOND_TIME = re.compile(
    r"\b(?:and|or|but|since|until|after|before|during|when|while)\b|\b(?:in|on|of|late|early) (?:\w+ )?\d{4}|\b[A-Z]$"
)
"""What makes the place of a time matter: a second clause, or a second time."""
_ACTIVE = re.compile(
    r"^(?P<subject>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*) (?P<verb>[a-z]+) (?P<object>(?:the|an?|its|[A-Z][\w-]+)"
    r"(?: [\w’'-]+){0,4}?)(?P<rest> (?:in|on|at) [\w ]+)?\.$"
)
_ADVERB = re.compile(
    r"(?<= )(?:quickly|slowly|quietly|suddenly|immediately|recently|currently|eventually|subsequently|formally|famously"
    r"|carefully|repeatedly|gradually|rapidly|heavily|greatly|significantly|dramatically|especially|particularly|actually"
    r"|really|simply|basically|essentially|also|very|highly|extremely) (?=[a-z])"
)
_APPOSITION = re.compile(r"(?<=\w), (?:a|an|the|who|which) [^,.;:()]{5,60},(?= (?!and\b|or\b|but\b)[a-z])")
_WORK = re.compile(
    r"(?:,.*)? (?:is|was) (?:an?|the) .*\b(?:film|movie|song|album|band|show|series|book|novel|company|game)\b"
)
_PARENTHESIS = re.compile(r" \([^()]{2,60}\)")


def synonym(pair: Pair, random: Random) -> str | None:
    """One word put another way."""
    return swapped(pair.text, pair.passage, "synonyms.txt", random)


def reordered(pair: Pair, random: Random) -> str | None:
    """`In 2022, he left.` as `He left in 2022.`, and back."""
    match = _LED.match(pair.text)
    clause = match and any(word.text in by_form() for word in words(match["lead"]))
    if match and not clause and not _SECOND_TIME.search(match["rest"]):
        return capital(f"{match['rest']} {match['lead'][:1].lower()}{match['lead'][1:]}.")
    match = _TRAILED.match(pair.text)
    if match is None or _SECOND_TIME.search(match["rest"]):
        return None
    rest = lowered(match["rest"])
    if rest is None:
        first = names(f"It was {match['rest']}")
        rest = match["rest"] if first and first[0].start == len("It was ") else None
    return None if rest is None else f"{capital(match['lead'])}, {rest}."


def passive(pair: Pair, random: Random) -> str | None:
    """`Ann beat the club in 1990.` as `The club was beaten by Ann in 1990.`, for a whole sentence of that shape."""
    match = _ACTIVE.match(pair.text)
    if match is None:
        return None
    verb, form = by_form().get(match["verb"], (None, ""))
    first = next(iter(names(f"It was {match['subject']}")), None)
    if verb is None or form != "past" or verb.base in _NO_PASSIVE:
        return None
    if first is None or first.text != match["subject"] or _SECOND_TIME.search(match["object"]):
        return None
    many = match["object"].endswith("s") and not match["object"].endswith(("ss", "us", "is"))
    new = f"{match['object']} {'were' if many else 'was'} {verb.participle} by {match['subject']}"
    return f"{capital(new)}{match['rest'] or ''}."


def shortened(pair: Pair, random: Random) -> str | None:
    """An adverb, an apposition or a parenthesis left out."""
    ways = [match for pattern in (_ADVERB, _APPOSITION, _PARENTHESIS) for match in pattern.finditer(pair.text)]
    ways = [
        match for match in ways if not re.search(r"\b(?:not|n['’]t|so|as|too|how) $", pair.text[: match.start() + 1])
    ]
    if not ways:
        return None
    match = random.choice(ways)
    return f"{pair.text[: match.start()]}{pair.text[match.end() :]}"


def pronoun(pair: Pair, random: Random) -> str | None:
    """A name that begins the text as He or She, where the evidence has that pronoun, not the other, and the name."""
    first = next(iter(names(pair.text, pair.passage)), None)
    topic = next(iter(names(pair.passage)), None)
    if first is None or first.start or first.kind != "full name" or topic is None or topic.text != first.text:
        return None
    passage = f" {pair.passage.casefold()} "
    he, she = (sum(passage.count(f" {word} ") for word in way) for way in (("he", "his", "him"), ("she", "her")))
    if bool(he) == bool(she) or pair.text.count(first.text.split()[-1]) > 1:
        return None
    rest = pair.text[first.end :]
    if _WORK.match(rest):
        return None
    if re.match(r"['’]s ", rest):
        return ("His" if he else "Her") + rest[2:]
    after = words(rest)[0].lower if words(rest) else ""
    return ("He" if he else "She") + rest if after in BE | HAVE | MODALS or after in by_form() else None


def also_added(pair: Pair, random: Random) -> str | None:
    """`also` before the verb or after the auxiliary."""
    found = words(pair.text)
    if re.search(r"\b(?:also|only|not|too)\b", pair.text):
        return None
    word = auxiliary(found)
    if word is not None:
        return (
            None
            if pair.text[word.end :].startswith(" born")
            else f"{pair.text[: word.end]} also{pair.text[word.end :]}"
        )
    for index, _, _ in finite_verbs(found):
        return f"{pair.text[: found[index].start]}also {pair.text[found[index].start :]}"
    return None


def by_people(pair: Pair, random: Random) -> str | None:
    """The text as it is: people wrote it of the evidence in words of their own."""
    return pair.text if pair.text not in pair.passage and pair.source != "squad" else None


_NO_PASSIVE = frozenset("become remain say die live go come appear fall arise rise arrive".split())
