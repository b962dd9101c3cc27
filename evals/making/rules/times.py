"""Questions of when."""

import re
from collections.abc import Iterator
from dataclasses import replace

from evals.judge.english import words
from evals.making.clauses import Clause, finished
from evals.making.drafting import Draft, drafted, towns
from evals.making.finite import past_of
from evals.making.knowing import Known
from evals.making.phrases import MONTH, TIME
from evals.making.reading import Statement

_TIMED = re.compile(rf"(?:^| )(?:(?P<word>in|on|since) )(?P<time>{TIME})(?=$|[ ,])", re.IGNORECASE)
_BEGUN = re.compile(
    rf"(?:^|[ ,])(?P<participle>released|formed|founded|established|built|published|written|adopted|opened|created"
    rf"|proposed|signed"
    rf"|launched|constructed|completed|introduced|recorded|enacted)(?: [^,;]{{0,60}}?)? (?:in|on)"
    rf" (?P<time>{TIME})(?=$|[ ,.])"
)
_LIVED = re.compile(
    rf"^(?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)+) \((?:[^()]*?; )?(?:born (?P<born>{TIME})(?:,? in"
    rf" (?P<place>[A-Z][^()]*?))?"
    rf"|(?P<from>{TIME}) [-–—] (?P<to>{TIME}))\)"
)


def when(clause: Clause, known: Known) -> Iterator[Draft]:
    lead = re.fullmatch(rf"(?:In|On|Since) ({TIME})", clause.lead)
    inside = list(_TIMED.finditer(clause.rest))
    since = clause.lead.startswith("Since") or (len(inside) == 1 and inside[0]["word"] == "since")
    opening = "Since when" if since else "When"
    if lead and not re.search(TIME, clause.rest):
        yield drafted(clause.asked(opening, clause.rest), lead[1], "when", 0.95)
    elif not clause.lead and len(inside) == 1 and len(re.findall(TIME, clause.rest)) == 1:
        before, after = clause.rest[: inside[0].start()], clause.rest[inside[0].end() :]
        if modifies_a_noun(clause, before) or re.search(r"(?: and| or| as| from| to)$", before):
            return
        if clause.cut and clause.base is not None and len(f"{before}{after}".split()) < 2:
            return
        yield drafted(clause.asked(opening, f"{before} {after}"), inside[0]["time"], "when", 1.0)


def modifies_a_noun(clause: Clause, before: str) -> bool:
    """Whether a time may belong to a noun or an inner participle: `a film released in 1999`."""
    found = [word.lower for word in words(before)]
    own = 1 if clause.base is None else 0
    if clause.base is None and found[:1] and found[0] in {"a", "an", "the"}:
        return True
    return any(word in past_of() or word.endswith("ing") or word in {"that", "to"} for word in found[own:])


def begun(clause: Clause, known: Known) -> Iterator[Draft]:
    """`Staind is an American band formed in 1995.` → When was Staind formed?"""
    if clause.verb not in {"is", "was"} or not re.match(r"(?:an?|the) ", clause.rest):
        return
    match = _BEGUN.search(clause.rest)
    if match and len(re.findall(r"(?:1\d|20)\d\d", clause.rest)) == 1 and " and " not in clause.rest[: match.start()]:
        yield drafted(finished(f"When was {clause.subject} {match['participle']}"), match["time"], "when", 0.9)


def timeline(time: str, clause: Clause) -> Iterator[Draft]:
    """`June 2023: Ukraine opens its counteroffensive.` → When did Ukraine open its counteroffensive?"""
    verb = {"is": "was", "are": "were", "has": "had", "have": "had"}.get(clause.verb, clause.verb)
    told = replace(clause, verb=verb, past=True)
    if re.search(rf"{MONTH} \d|\d {MONTH}", clause.rest):
        return
    during = re.match(r"(?P<kept>.+?) as (?:[\w-]+ )+?[a-z]+s$", clause.rest)
    told = replace(told, rest=during["kept"] if during else clause.rest)
    yield drafted(
        told.asked("When", told.rest),
        time[:1].lower() + time[1:] if time.split()[0] in _LOWER else time,
        "when",
        0.9,
        plain=time,
    )


def born(statement: Statement, known: Known) -> Iterator[Draft]:
    """`Ann Berg (born 4 May 1960, in Lund) is …` → When was Ann Berg born?"""
    match = _LIVED.match(statement.text)
    if match and known.is_person(match["name"]):
        if match["to"]:
            yield drafted(f"When did {match['name']} die?", match["to"], "when", 1.0)
        yield drafted(f"When was {match['name']} born?", match["born"] or match["from"], "when", 0.95)
        if match["place"]:
            yield drafted(f"Where was {match['name']} born?", match["place"], "where", 0.95, *towns(match["place"]))


_LOWER = frozenset("Early Late End Spring Summer Autumn Winter".split())
