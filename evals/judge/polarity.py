"""Faults in what is said of things: negated, turned into the opposite, of another quantity, or said too surely."""

import re
from random import Random

from evals.judge.english import DETERMINERS, auxiliary, by_form, capital, finite_verbs, replaced, without, words
from evals.judge.pairs import Pair
from evals.judge.swaps import swapped

_QUANTIFIERS = {
    "all": ("none of", "few of", "hardly any of"), "every": ("no", "hardly any"), "some": ("all", "no"),
    "most": ("few", "no"), "many": ("few", "no", "all"), "several": ("no", "all"), "few": ("many",),
    "both": ("neither of",), "none": ("all",), "always": ("never", "rarely"), "never": ("always",),
    "often": ("rarely", "never"), "usually": ("rarely",), "frequently": ("rarely",), "rarely": ("often",),
    "sometimes": ("always", "never"), "majority": ("minority",), "minority": ("majority",),
    "at least": ("at most",), "at most": ("at least",), "more than": ("fewer than", "less than"),
    "fewer than": ("more than",), "less than": ("more than",), "up to": ("at least",), "entirely": ("partly",),
    "partly": ("entirely",),
}  # fmt: skip
"""A quantity and others that it does not imply."""
_BOUNDS = frozenset({"at least", "at most", "more than", "less than", "fewer than", "up to"})
"""Turned only where the evidence has them too: of exactly 29, both "at least 29" and "at most 29" are true."""
_QUANTIFIER = re.compile(rf"\b(?:{'|'.join(sorted(_QUANTIFIERS, key=len, reverse=True))})\b", re.IGNORECASE)
_HEDGES = (
    (re.compile(r"\b(?:may|might|could) (?=(?:be|also|soon|help|become|lead|cause|take|make|in\w+)\b)"), "will "),
    (re.compile(r"\b(?:may|might|could) have (?=been|\w+ed\b)"), "had "),
    (re.compile(r"\b(?:is|are|was|were) (?:believed|thought|said|reported|alleged|considered) to be\b"), None),
    (re.compile(r"\b(?:appears?|seems?) to be\b"), "is"),
    (re.compile(r"\b(?:appeared|seemed) to be\b"), "was"),
    (re.compile(r"\b(?:is|are) expected to\b"), "will"),
    (re.compile(r"\b(?:allegedly|reportedly|supposedly|apparently|probably|possibly|perhaps|presumably|likely) "), ""),
    (re.compile(r"\b(?:alleged|suspected|purported|presumed) (?=[a-z])"), ""),
)  # fmt: skip
_SAYS = (
    "said|says|claimed|claims|argued|argues|believed|believes|suggested|suggests|alleged|alleges|told reporters|thinks"
)
_REPORTED = re.compile(
    rf"^(?:[A-Z][\w.’'-]*|[Tt]he \w+|[Hh]e|[Ss]he|[Tt]hey)(?: [\w.’'-]+){{0,4}}? (?:{_SAYS}) (?:that )?"
    r"(?!on |in |at |during |to )"
)
_ACCORDING = re.compile(
    r"^[Aa]ccording to [^,]{3,60}, |, according to [^,.]{3,60}(?=[.,])|, (?:[\w.’'-]+ ){1,5}(?:said|says)(?=\.)"
)


def negation(pair: Pair, random: Random) -> str | None:
    """A negation put in ("not", "never", "no", "failed to") or, where the text has one, taken out."""
    removals = [changed for way in _REMOVALS if (changed := way(pair.text)) is not None]
    if removals and random.random() < 0.7:
        return random.choice(removals)
    insertions = [changed for way in _INSERTIONS if (changed := way(pair.text)) is not None]
    return random.choice(insertions) if insertions else random.choice(removals) if removals else None


def antonym(pair: Pair, random: Random) -> str | None:
    """One word turned into its opposite."""
    return swapped(pair.text, pair.passage, "antonyms.txt", random)


def quantifier(pair: Pair, random: Random) -> str | None:
    """Another quantity: all for some, few for many, at most for at least. What follows from the old one is not used."""
    places = [match for match in _QUANTIFIER.finditer(pair.text) if not _no_quantity(match, pair.passage)]
    if not places:
        return None
    match = random.choice(places)
    old = match.group().casefold()
    there = re.search(r"\bthere (?:is|are|was|were) $", pair.text[: match.start()], re.IGNORECASE)
    new = random.choice([one for one in _QUANTIFIERS[old] if not (there and one == "all")])
    end = match.end()
    if new.endswith(" of") and not re.match(r" of\b", pair.text[end:]):
        new += "" if re.match(r" (?:the|his|her|its|their|these|those)\b", pair.text[end:]) else " the"
    elif new.endswith(" of"):
        new = new.removesuffix(" of")
    if new == "no" and (of := re.match(r" of (?:the|his|her|its|their|these|those)?\b", pair.text[end:])):
        new, end = "none" + of.group(), end + of.end()
    return replaced(pair.text, match.start(), end, new)


def hedge_removed(pair: Pair, random: Random) -> str | None:
    """What the source only reports or thinks possible, said as plain fact. The evidence has the words taken away."""
    text = pair.text
    options = []
    for pattern, new in _HEDGES:
        for match in pattern.finditer(text):
            if match.group().strip().casefold().split()[-1] in pair.passage.casefold() and _verb_before(text, match):
                plain = match.group().split()[0] if new is None else new
                changed = replaced(text, match.start(), match.end(), plain) if plain else ""
                options.append(changed or without(text, match.start(), match.end()))
    for pattern in (_REPORTED, _ACCORDING):
        found = pattern.search(text)
        if found and len(text) - len(found.group()) > 25:
            options.append(capital(text[: found.start()] + text[found.end() :]))
    return random.choice(options) if options else None


def _verb_before(text: str, match: re.Match[str]) -> bool:
    """ "most likely" and "not likely" are no hedges to be dropped."""
    return re.search(r"\b(?:most|more|not|very|less|as) $", text[: match.start()]) is None


def _no_quantity(match: re.Match[str], passage: str) -> bool:
    """Whether the word is part of something else: "the many", "both A and B", "at all", a title."""
    old, before, after = match.group(), match.string[: match.start()], match.string[match.end() :]
    if old[0].isupper() and not re.search(rf"\b{old.casefold()}\b", passage):
        return True
    if old.casefold() in _BOUNDS and not (
        old.casefold() in passage.casefold() and re.match(r" (?:\w+ )?[\d$€£]", after)
    ):
        return True
    if old.casefold() == "most" and not re.match(r" (?:of|men|women|people|children|\w+(?<!ou)s)\b", after):
        return True
    if old.casefold() == "both" and re.match(r"[^,.;]* and\b", after):
        return True
    if old.casefold() == "both" and re.search(r"\b(?:is|are|was|were|have|had|they|we) $", before):
        return True
    part = re.search(r"\b(?:the|at|a|the very|not|after|in|of|above|for|much|no|once and) $", before, re.IGNORECASE)
    alone = _BOUNDS | {"majority", "minority"}
    return (part is not None and old.casefold() not in alone) or bool(
        re.match(r" (?:other|of which|of whom|time|over|but|recent)\b|-", after)
    )


def _after_auxiliary(text: str, inserted: str) -> str | None:
    word = auxiliary(words(text))
    return None if word is None else f"{text[: word.end]} {inserted}{text[word.end :]}"


def insert_not(text: str) -> str | None:
    """`was` → `was not`."""
    return _after_auxiliary(text, "not")


def insert_never(text: str) -> str | None:
    """`has won` → `has never won`."""
    return None if re.search(r"\b(?:is|are)\b", text) else _after_auxiliary(text, "never")


def insert_do(text: str) -> str | None:
    """`He left` → `He did not leave`; `she has two` → `she does not have two`."""
    found = words(text)
    for index, verb, form in finite_verbs(found):
        word = found[index]
        return f"{text[: word.start]}{'did' if form == 'past' else 'does'} not {verb.base}{text[word.end :]}"
    for index, word in enumerate(found[:-1]):
        if word.text in ("has", "had") and found[index + 1].lower in DETERMINERS and index:
            return f"{text[: word.start]}{'does' if word.text == 'has' else 'did'} not have{text[word.end :]}"
    return None


def insert_failed(text: str) -> str | None:
    """`won` → `failed to win`."""
    found = words(text)
    for index, verb, form in finite_verbs(found):
        word = found[index]
        if form == "past" and verb.base not in {"fail", "die", "suffer", "remain", "become", "say"}:
            return f"{text[: word.start]}failed to {verb.base}{text[word.end :]}"
    return None


def insert_no(text: str) -> str | None:
    """`has a brother` → `has no brother`."""
    match = re.search(
        r"\b(?:is|are|was|were|has|have|had|received|found|made|won|includes?|included) (an? |any )", text
    )
    return text[: match.start(1)] + "no " + text[match.end(1) :] if match else None


def remove_not(text: str) -> str | None:
    """`is not` → `is`; `did not leave` → `left`; `didn't leave` → `left`; `never` and `no longer` dropped."""
    match = re.search(r"\b(did|does|do)(?: not|n['’]t) (\w+)", text)
    if match:
        verb = next((verb for verb, _ in by_form().values() if verb.base == match[2].casefold()), None)
        if verb is None:
            return f"{text[: match.start()]}{match[1]} {match[2]}{text[match.end() :]}"
        form = {"did": verb.past, "does": verb.third, "do": verb.base}[match[1]]
        return text[: match.start()] + form + text[match.end() :]
    match = re.search(r"(?<=[a-z]) (?:not|never|no longer)(?= [a-z])(?! only\b)|\bnever ", text)
    if match:
        return text[: match.start()] + text[match.end() :]
    match = re.search(r"\b(is|are|was|were|has|have|had|would|could|should|must)n['’]t\b", text)
    return text[: match.start()] + match[1] + text[match.end() :] if match else None


def remove_failure(text: str) -> str | None:
    """`failed to win` → `won`; `was unable to` → `was able to`; `none of` → `all of`."""
    match = re.search(r"\bfailed to (\w+)", text)
    if match:
        verb = next((verb for verb, _ in by_form().values() if verb.base == match[1]), None)
        return text[: match.start()] + (verb.past if verb else f"managed to {match[1]}") + text[match.end() :]
    for old, new in ((r"\bunable to\b", "able to"), (r"\b[Nn]one of\b", "all of")):
        match = re.search(old, text)
        if match:
            return replaced(text, match.start(), match.end(), new)
    return None


_INSERTIONS = (insert_not, insert_never, insert_do, insert_failed, insert_no)
_REMOVALS = (remove_not, remove_failure)
