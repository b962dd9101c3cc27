"""The main clause of an English sentence: its subject, its verb, and what follows, where rules can tell them."""

import re
from dataclasses import dataclass, replace

from evals.judge.english import (
    BE,
    HAVE,
    MODALS,
    OPENERS,
    lowered,
    words,
)
from evals.judge.names import kind_of
from evals.making.finite import finite_verb, forms, is_finite
from evals.making.phrases import MONTH, TIME, is_place

_LEAD = re.compile(
    r"^(?P<lead>(?:In|On|At|By|During|Since|After|Before|Until|From|As of|Under|Around|Throughout|For|According to"
    r"|Late in|Early in|With)\b[^,;:]{2,60}(?:, \d{4})?), (?P<rest>\S.*)$"
)
_TIMED = re.compile(rf"^(?P<lead>(?:In|On|By|Since|During|Early in|Late in) (?:{TIME}))(?:,)? (?P<rest>\S.*)$")
_LINKED = re.compile(r"^(?:Additionally|However|Also|Moreover|Furthermore|Overall|But|Yet|And), ?|^(?:But|Yet|And) ")
_ENDS = re.compile(
    r"[;:—–]|,(?= )| -- | \((?!\x01)| (?=(?:which|who|whose|whom|while|when|where|because|although|though|but|so that"
    r"|whereas|unless|if|once|as soon as|until they|until he|after he|before he)\b)"
)
_REPORTING = frozenset(
    "say state announce claim report boast reveal declare argue add estimate predict believe note confirm admit"
    " insist warn conclude find show suggest write".split()
)
_REPORTED = re.compile(r"^(?:(?:in|on|at|early|late|to|during) (?:[\w.'’-]+ ){1,9}?)?that ")
_REFUSED = re.compile(r"\b(?:not|never|no|nor|neither|cannot|without)\b|n['’]t\b")
_ADVERBS = frozenset("also still now often usually generally typically currently formerly originally first".split())
_LEANING = frozenset("then later subsequently soon again instead thus therefore meanwhile hence there too".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """A main clause, with asides in brackets and appositions taken out."""

    subject: str
    aside: str
    """What stood between commas after the subject."""
    verb: str
    """The finite verb or auxiliary as written."""
    base: str | None
    """The plain form where the question needs did, does or do; None for be and auxiliaries."""
    past: bool
    rest: str
    """What follows up to the end of the clause, without its stop."""
    lead: str
    """A phrase before the subject, such as `In 2022`."""
    cut: bool
    """Whether more of the sentence follows."""
    said: str
    """What follows `that` where the clause reports it, to the end of the sentence."""

    def asked(self, opening: str, rest: str) -> str:
        """The question that begins with `opening`, over the whole clause with `rest` after the verb."""
        subject = self.subject
        if self.base is None:
            made = f"{opening} {self.verb} {subject} {rest}"
        else:
            does = "did" if self.past else "does" if self.verb != self.base else "do"
            made = f"{opening} {does} {subject} {self.base} {rest}"
        return finished(made)


@dataclass(frozen=True, slots=True)
class Spelled:
    """The words that a text has in small letters, and those that have a capital within a sentence."""

    small: frozenset[str]
    large: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Spelled":
        """How `text` writes its words."""
        small = frozenset(re.findall(r"(?<![\w-])[a-z][\w'’]*(?![\w-])", text))
        return cls(small, frozenset(re.findall(r"(?<=[a-z,] )[A-Z][\w'’-]*", text)))


def finished(question: str) -> str:
    """A question with its spaces closed up and its mark."""
    question = " ".join(question.split())
    question = re.sub(r"\s+([,.;:!?])", r"\1", question).rstrip(" ,;:.")
    return question[:1].upper() + question[1:] + "?"


def parsed(text: str, spelled: Spelled | None = None, leaning: bool = False) -> Clause | None:
    """The main clause of a sentence, or None where the rules are not sure of it.

    `spelled` tells how the document writes its words elsewhere: of the first word it says whether it is a name. With
    `leaning`, the subject may be `It`, `He` or `She`.
    """
    flat = _without_asides(text.rstrip(".!").strip())
    if flat is None or text.rstrip()[-1:] not in '.!”"' or re.search(r"[?|<>{}\[\]#=\\_]| ,|``", flat):
        return None
    flat = _LINKED.sub("", flat)
    match = _TIMED.match(flat) or _LEAD.match(flat)
    lead, flat = (match["lead"], match["rest"]) if match else ("", flat)
    flat = _shielded(flat)
    pieces = flat.split(", ")
    found = finite_verb(pieces[0])
    aside, taken = "", pieces[0]
    if found is None:
        joined = _after_aside(pieces)
        if joined is None:
            return None
        aside, taken = joined
        found = finite_verb(taken)
    if found is None:
        return None
    at, word, base, past = found
    subject = taken[:at].strip()
    head, adverb = _adverb_before(subject)
    rest = taken[word.end :].strip()
    whole = rest if aside else ", ".join([rest, *pieces[1:]])
    pronoun = leaning and head in {"It", "He", "She", "it", "he", "she"}
    if head is None or not (pronoun or _good_subject(head)) or _REFUSED.search(whole[:40]):
        return None
    kept, cut = _clause_end(whole)
    if cut and kept.endswith((" and", " or")):
        return None
    subject = _shown(_decapitalised(head, spelled or Spelled.of(text)))
    return Clause(
        subject,
        _shown(aside),
        word.text,
        base,
        past,
        _shown(f"{adverb} {kept}".strip()),
        lead,
        cut or bool(aside),
        _shown(_REPORTED.sub("", whole, count=1)) if base in _REPORTING and _REPORTED.match(whole) else "",
    )


def _without_asides(text: str) -> str | None:
    """`text` without what stands in brackets; None where brackets or quotation marks do not pair."""
    flat = re.sub(r"\s*\([^()]*\)|\s*/[^/\s]+/(?=\s)", "", text)
    if re.search(r"[()]", flat) or flat.count('"') % 2 or flat.count("“") != flat.count("”"):
        return None
    return flat


def _shielded(text: str) -> str:
    """Commas within dates and places made no commas, so that they part nothing."""
    text = re.sub(rf"\b({MONTH} \d\d?), (?=\d{{4}}\b)", "\\1\x01 ", text)
    text = re.sub(r", (?=(?:Jr|Sr|Inc|Ltd)\b)", "\x01 ", text)

    def place(match: re.Match[str]) -> str:
        return f"{match[1]}\x01 {match[2]}" if is_place(match[2]) else match.group()

    for _ in range(2):
        text = re.sub(r"((?<=\w)[A-Za-z]),[ ]([A-Z][a-z]+(?: [A-Z][a-z]+)*)(?=\s|,|$)", place, text)
    return text


def _shown(text: str) -> str:
    return text.replace("\x01", ",")


def _after_aside(pieces: list[str]) -> tuple[str, str] | None:
    """The apposition after a subject, and the sentence without it: `Ann, the mayor, left` → `the mayor`, `Ann left`."""
    for index in range(2, min(len(pieces), 5)):
        aside = ", ".join(pieces[1:index])
        begins = words(pieces[index])[:2]
        if not begins:
            return None
        if any(is_finite(word) for word in begins[:1]) or (
            len(begins) > 1 and (begins[0].lower in _ADVERBS or begins[0].lower.endswith("ly")) and is_finite(begins[1])
        ):
            listed = re.match(r"(?:and|or)\b", pieces[index - 1]) or re.search(r"^(?:and|or) ", aside)
            if listed or not re.match(
                r"(?:an?|the|who|which|also|or|now|formerly|known|then|born|[A-Z][\w. ]*['’]s?) ", aside
            ):
                return None
            return aside, f"{pieces[0]} {', '.join(pieces[index:])}"
    return None


def _adverb_before(subject: str) -> tuple[str | None, str]:
    """The subject without the adverb before its verb, and that adverb; None for one that leans on what came before."""
    found = words(subject)
    if not found:
        return None, ""
    last = found[-1]
    if last.lower in _LEANING:
        return None, ""
    if last.lower == "also":
        return subject[: last.start].strip(), ""
    if (last.lower in _ADVERBS or re.fullmatch(r"[a-z]{3,}ly", last.text)) and len(found) > 1:
        adverb = last.text
        return subject[: last.start].strip(), adverb
    return subject, ""


_BAD_FIRST = frozenset(
    "i he she it they we you this that these those there here what who which his her its their our my your such some"
    " others another both many most one each neither either none someone everyone anyone if as although though when"
    " while because since after before unless whether however then later thus therefore meanwhile similarly instead"
    " more much nothing something everything to by with for from at on in during under upon despite due given like"
    " unlike other along several few all any every so such also only even just not said".split()
)


def _good_subject(subject: str) -> bool:
    found = words(subject)
    if not 1 <= len(found) <= 12 or found[0].lower in _BAD_FIRST or "," in subject or ":" in subject:
        return False
    if (
        re.match(r"[a-z]", subject)
        or re.search(r" and \w+ed\b|\b(?:but|yet)\b", subject)
        or re.search(r"\b(?:he|she|it|they|his|her|its|their|this|these|those|him)\b", subject)
    ):
        return False
    if re.match(r"[A-Za-z]+ing\b", subject) and found[0].lower not in {"king", "spring"} and len(found) > 1:
        return not re.match(r"[A-Z][a-z]+ing (?:the|a|an|in|to|of|\d+)\b", subject)
    return not re.search(r"\b(?:and|or|of|the|a|an|in|to|for|with)$", subject)


def _clause_end(rest: str) -> tuple[str, bool]:
    """`rest` up to where the main clause ends, and whether more follows."""
    ends = [match.start() for match in _ENDS.finditer(" " + rest)]
    end = min((max(0, at - 1) for at in ends), default=len(rest))
    for match in re.finditer(
        r" (?:and|or)(?: [a-z]+ly| also| later| then| formerly| eventually)? (?P<next>[\w'’-]+)", rest
    ):
        following = match["next"]
        form = forms().get(following)
        verbal = following in BE | HAVE | MODALS or following in {"he", "she", "it", "they", "did", "does", "to"}
        if match.start() < end and (verbal or (form and form[1] in {"past", "third"}) or following.endswith("ed")):
            end = match.start()
            break
    return rest[:end].strip(" ,"), end < len(rest)


def _decapitalised(subject: str, spelled: Spelled) -> str:
    """A subject as it stands within a sentence."""
    first = words(subject)[0]
    if first.lower in OPENERS and not re.match(r"(?:The|A) [A-Z][\w-]+$", subject):
        return lowered(subject) or subject[:1].lower() + subject[1:]
    if first.lower in OPENERS:
        return subject[:1].lower() + subject[1:]
    small, large = first.lower in spelled.small, first.text in spelled.large
    if first.text.isupper() or not first.text[:1].isupper() or (large and not small):
        return subject
    rest = subject[first.end :].split()
    named = large or kind_of(first.text) != "name" or first.text.endswith(("'s", "’s"))
    common = rest[:1] and rest[0][:1].islower() and not named
    if (small and not re.match(r" [A-Z]", subject[first.end :])) or common:
        return subject[:1].lower() + subject[1:]
    return subject


def renamed(clause: Clause, subject: str) -> Clause:
    """The clause with another name for its subject."""
    return replace(clause, subject=subject)
