"""Which word of a piece of English is its finite verb, and the forms of verbs."""

import re
from functools import cache
from importlib import resources

from evals.judge.english import BE, HAVE, MODALS, OPENERS, Verb, Word, inflect, verbs, words

_STOPS = frozenset("who which that whose whom where when while because if although as than how what why so".split())
_PLURAL_PRONE = frozenset("attack visit vote plan work name place report record star change claim order".split())


@cache
def known_verbs() -> tuple[Verb, ...]:
    """The judge's list and the further ones of verbs.txt."""
    lines = resources.files("evals.making").joinpath("verbs.txt").read_text(encoding="utf-8").splitlines()
    return (*verbs(), *(inflect(*line.split()) for line in lines if line and not line.startswith("#")))


@cache
def forms() -> dict[str, tuple[Verb, str]]:
    """Each past, third-person and plain form with its verb and which of the three it is."""
    found: dict[str, tuple[Verb, str]] = {}
    for verb in known_verbs():
        found.setdefault(verb.third, (verb, "third"))
        found.setdefault(verb.past, (verb, "past"))
    for verb in known_verbs():
        found.setdefault(verb.base, (verb, "base"))
    return found


@cache
def past_of() -> dict[str, str]:
    """Each participle known with its simple past."""
    return {verb.participle: verb.past for verb in known_verbs()}


@cache
def third_of() -> dict[str, str]:
    """Each participle known with its third person."""
    return {verb.participle: verb.third for verb in known_verbs()}


def is_finite(word: Word) -> bool:
    """Whether a word is a past or third-person verb that is known, or an auxiliary."""
    lower = word.text
    form = forms().get(lower)
    return (
        lower in BE - {"be", "been", "being", "am"}
        or lower in MODALS | HAVE - {"having"}
        or (form is not None and form[1] != "base")
    )


def finite_verb(piece: str) -> tuple[int, Word, str | None, bool] | None:
    """Where the finite verb of a piece begins, the word, its plain form where do is needed, and whether it is past."""
    found = words(piece)
    for index in range(1, len(found)):
        word, before = found[index], found[index - 1]
        after = found[index + 1] if index + 1 < len(found) else None
        if word.lower in _STOPS:
            return None
        if word.text in {"is", "are", "was", "were"}:
            return word.start, word, None, word.text in {"was", "were"}
        if word.text in MODALS:
            return word.start, word, None, False
        if word.text in {"has", "have", "had"}:
            if after is None:
                return None
            perfect = (
                after.lower in past_of()
                or after.lower.endswith("ed")
                or after.lower in {"been", "had", "also", "since"}
            )
            if perfect:
                return word.start, word, None, False
            return word.start, word, "have", word.text == "had"
        if word.text in {"do", "does", "did"}:
            return None
        form = forms().get(word.text) or _unlisted(word, after)
        if form is None or not _may_follow(before, form[1]):
            continue
        if form[1] == "third" and after is not None and after.lower in {"of", "and", "or", "that"}:
            continue
        if word.text in _OFTEN_NOUNS and not (before.text[:1].isupper() or (index == 2 and found[0].lower == "the")):
            continue
        if after is not None and (is_finite(after) and after.text not in {"left", "set", "found", "cost", "cut"}):
            continue
        verb, kind = form
        if kind == "base":
            fits = before.text.endswith("s") and not before.text.endswith(("ss", "us", "is")) and before.text.islower()
            if (
                not fits
                or verb.base in _PLURAL_PRONE
                or after is None
                or forms().get(after.text, (None, ""))[1] == "past"
            ):
                continue
            return word.start, word, verb.base, False
        if kind == "past" and verb.past == verb.participle and _reduced(found, index):
            if after is not None and after.lower == "by":
                return None
            continue
        if kind == "past" and after is not None and after.lower == "by" and verb.past == verb.participle:
            return None
        return word.start, word, verb.base, kind == "past"
    return None


def _unlisted(word: Word, after: Word | None) -> tuple[Verb, str] | None:
    """A regular past that is on no list, where an object follows: `invoked the article`."""
    if not re.fullmatch(r"[a-z]{3,}ed", word.text) or after is None or word.text.endswith("eed"):
        return None
    if after.lower not in {"the", "a", "an", "its", "his", "her", "their"} and not after.text[:1].isupper():
        return None
    stem = word.text[:-2]
    if stem.endswith("i"):
        base = stem[:-1] + "y"
    elif re.search(r"([bdgmnprt])\1$", stem):
        base = stem[:-1]
    elif re.search(
        r"(?:[vcguz]|[^aeiou][aeiou][kstdblr]|[aeiou][^aeiou][aeiou][nmrt]|[^aeious]s|th|[^aeiou]l)$", stem
    ) and not re.search(r"(?:er|en|on|or|it|et|el|al|ll|rs)$", stem):
        base = stem + "e"
    else:
        base = stem
    return inflect(base, word.text, word.text), "past"


_OFTEN_NOUNS = frozenset(
    "signals talks reports claims plans works states names forces shares stars studies changes attacks visits votes"
    " records marks tests deals calls views places lists lines prices costs orders demands offers fights increases"
    " moves needs notes parts ranks results rules trades turns uses supports supplies stages shows sets ends".split()
)
"""Third persons that are as likely plurals of nouns."""


def _may_follow(before: Word, kind: str) -> bool:
    lower = before.lower
    if lower in OPENERS - {"it"} and lower not in {"most", "many", "all", "some", "both", "others"}:
        return False
    if (
        kind == "third"
        and before.text.endswith("s")
        and before.text.islower()
        and not before.text.endswith(("ss", "us"))
    ):
        return False
    return lower not in {"and", "or", "not", "never", "to", "been", "being", "be", "of", "own", "more"}


def _reduced(found: list[Word], index: int) -> bool:
    """Whether a past form is rather a participle, since a finite verb follows: `talks held … collapsed`."""
    for later in range(index + 1, len(found)):
        word = found[later]
        if word.lower in _STOPS | {"and", "but", "or", "after", "before", "until", "since"}:
            return False
        if word.text in BE - {"be", "been", "being"} or word.text in MODALS or word.text in {"has", "had", "have"}:
            return True
        form = forms().get(word.text)
        if form and form[1] == "past" and form[0].past != form[0].participle:
            return True
        if (
            form
            and form[1] == "third"
            and _may_follow(found[later - 1], "third")
            and found[later - 1].lower not in OPENERS
        ):
            nxt = found[later + 1] if later + 1 < len(found) else None
            if nxt is not None and nxt.lower in {"the", "a", "an", "its", "his", "her", "their"}:
                return True
    return False
