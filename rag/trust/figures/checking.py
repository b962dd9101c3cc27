"""The figures of a sentence held against those of its evidence."""

from collections.abc import Sequence
from dataclasses import replace

from rag.trust.figures.clauses import of_its_year, told_of_the_same
from rag.trust.figures.comparing import alike, follows, letters_of
from rag.trust.figures.deriving import (
    bounds_hold,
    changed,
    lasted,
    named_apart,
    one_in_so_many,
    rates,
    reckoned,
    shifted,
    turned,
)
from rag.trust.figures.figure import Figure
from rag.trust.figures.joining import join
from rag.trust.figures.reading import read
from rag.trust.figures.rivals import COMMON, Known, in_its_place, known_at, rival_of
from rag.trust.figures.tokens import tokens
from rag.trust.figures.when import When, told_by
from rag.trust.figures.words import BOUNDS, TERM_BOUNDS
from rag.trust.finding import Finding


def figures(text: str) -> list[Figure]:
    """Every figure of `text`, in order: numbers, ordinals, dates, times of day and how often."""
    row = tokens(text)
    return join(row, read(row))


def check(sentence: str, evidence: Sequence[str]) -> list[Finding]:
    """The figures of `sentence` that stand nowhere in the evidence and do not follow from it.

    A figure follows by rounding, by conversion, as the less exact of two dates, as a length of time between two dates,
    from `a year earlier` and its date, as a rate in another period (`a year` of `a month`), as a change told otherwise
    (`halved` of `fell by 50 percent` or `from 6 to 3`), and as a sum or difference where the sentence reckons one. One
    that the evidence gives only to another year than the sentence does not.
    """
    own = figures(sentence)
    if not own:
        return []
    known = [known_at(figure, text) for text in evidence for figure in figures(text)]
    whens = [found.figure.when for found in known if found.figure.when]
    whens += shifted(known)
    borne = [_borne(figure, sentence, known, whens) for figure in own]
    told = rates(sentence, own, known)
    told |= {at for at, figure in enumerate(own) if changed(figure, known_at(figure, sentence), known)}
    borne = [is_borne or at in told for at, is_borne in enumerate(borne)]
    used = [figure for figure, is_borne in zip(own, borne, strict=True) if is_borne]
    swapped = turned(sentence, own, known)
    findings = []
    for at, (figure, is_borne) in enumerate(zip(own, borne, strict=True)):
        if at in swapped:
            findings.append(
                Finding(figure.span, f"“{figure.span.of(sentence)}” stands the other way round in the evidence")
            )
            continue
        placed = known_at(figure, sentence)
        rival = None if at in told else in_its_place(placed, known)
        if rival and is_borne and told_of_the_same(placed, rival, known):
            rival = None
        if not rival and is_borne:
            rival = of_its_year(placed, known)
        if not rival and not is_borne:
            rival = rival_of(figure, sentence, known, used)
        if rival or (not is_borne and not figure.weak):
            findings.append(_finding(figure, sentence, rival, is_borne))
    return findings


def _finding(figure: Figure, sentence: str, rival: Known | None, is_borne: bool) -> Finding:
    words = figure.span.of(sentence)
    if rival is None:
        return Finding(figure.span, f"“{words}” is not in the evidence")
    against = rival.figure.span.of(rival.text)
    if against.lower() == words.lower():  # what tells them apart stands beside them
        words, against = _bounded(figure, sentence), _bounded(rival.figure, rival.text)
        if against.lower() == words.lower():
            return Finding(figure.span, f"“{words}” is not in the evidence")
    if is_borne:
        return Finding(figure.span, f"where the sentence has “{words}” the evidence has “{against}”", against)
    return Finding(figure.span, f"“{words}” is not in the evidence, which has “{against}”", against)


def _bounded(figure: Figure, text: str) -> str:
    """The words of a figure with those before it that bound it: `at least sixty`."""
    before = [token for token in tokens(text) if 0 <= token.start < figure.span.start][-3:]
    for at, token in enumerate(before):
        if " ".join(word.low for word in before[at:]) in BOUNDS | TERM_BOUNDS:
            return text[token.start : figure.span.end]
    return figure.span.of(text)


def _borne(figure: Figure, sentence: str, known: list[Known], whens: list[When]) -> bool:
    if figure.when and told_by(figure.when, whens):
        return True
    if figure.when and bounds_hold(figure, sentence, known):
        return True
    if figure.kind == "literal":
        return _literal_borne(figure, known)
    bearing = [found.figure for found in known if follows(figure, found.figure)]
    if bearing:
        return not _elsewhere(figure, bearing, known) and not _converted_beside(figure, bearing, known)
    if figure.kind != "number" or (figure.weak and figure.unit):
        return False
    if figure.is_range and figure.value < figure.until:
        ends = (replace(figure, until=figure.value), replace(figure, value=figure.until))
        return all(any(follows(end, found.figure) for found in known) for end in ends)
    if named_apart(figure, known) or one_in_so_many(figure, known) or lasted(figure, known):
        return True
    return reckoned(figure, sentence, known)


def _literal_borne(figure: Figure, known: list[Known]) -> bool:
    literals = {found.figure.noun for found in known if found.figure.kind == "literal"}
    if figure.noun in literals:
        return True
    letters = letters_of(figure)
    texts = {found.text for found in known}
    rivals = any(other.startswith(letters) for other in literals) if letters else True
    return not rivals and any(letters in text.lower() for text in texts)


def _elsewhere(figure: Figure, bearing: list[Figure], known: list[Known]) -> bool:
    """Whether the evidence counts the same things, but gives this number only to other things."""
    thing = _thing(figure)
    if figure.kind != "number" or not thing or figure.value >= COMMON:
        return False
    counted = any(found.figure.kind == "number" and _thing(found.figure) == thing for found in known)
    return counted and not any(alike(thing, _thing(other)) for other in bearing)


def _converted_beside(figure: Figure, bearing: list[Figure], known: list[Known]) -> bool:
    """Whether a measurement follows only by conversion beside one like it in its own unit: `1,600 miles (2,600 km)`."""
    if not figure.unit or any(other.unit == figure.unit for other in bearing):
        return False
    alike = [found.figure.value for found in known if found.figure.unit == figure.unit]
    return any(abs(value - figure.value) <= abs(figure.value) / 4 for value in alike)


def _thing(figure: Figure) -> str:
    """What a number counts, `times` among them; nothing for a measurement."""
    return figure.noun if not figure.unit else "times" if figure.unit == "times" else ""
