"""Questions of how many, how much and how long."""

import re
from collections.abc import Iterator

from evals.making.clauses import Clause, finished
from evals.making.drafting import Draft, drafted
from evals.making.knowing import Known
from evals.making.phrases import LENGTH_OF_TIME, MEASURES, MONEY, NUMBER, PERCENT

_COUNTED = re.compile(
    rf"^(?P<number>{NUMBER}) (?P<noun>(?:(?!of\b)[a-z][a-z-]+ ){{0,3}}?[a-z-]{{3,}}s|people|men|women"
    rf"|children)(?=$| )(?P<after>.*)$"
)
_SHARE = re.compile(rf"^(?P<share>{PERCENT}) of (?P<of>.+)$")
_DURING = re.compile(rf"(?:^| )for (?P<length>{LENGTH_OF_TIME})(?=$|[ ,])")
_PAID = re.compile(rf"(?:^| )for (?P<money>{MONEY})(?=$|[ ,])")


def how_many(clause: Clause, known: Known) -> Iterator[Draft]:
    counted = re.match(NUMBER + " ", clause.subject, re.IGNORECASE)
    if not counted and (
        clause.base is not None or clause.verb in {"could", "can", "will", "would", "has", "had", "have"}
    ):
        prefix, rest = "", clause.rest
        split = re.match(r"((?:[a-z]+ly )?[a-z]+ )(?=\S)", rest) if clause.base is None else None
        if split:
            prefix, rest = split[1], rest[split.end() :]
        match = _COUNTED.match(rest)
        if match and not re.search(r"\b(?:of|about|and)$", match["noun"]) and (clause.base is not None or prefix):
            noun = match["noun"]
            if (
                re.match(r" (?:and|or) ", match["after"])
                or noun.split()[0] in {"percent", "per", "years"}
                or known.dated(match["number"])
            ):
                return
            lead = _trailing(clause.lead)
            asked = clause.asked(f"How many {noun}", f"{prefix}{match['after']}{lead}")
            yield drafted(asked, match["number"], "how many", 0.95, f"{match['number']} {noun}")
    subject = re.match(rf"(?P<number>{NUMBER}) (?P<noun>[a-z].*)$", clause.subject[:1].lower() + clause.subject[1:])
    if (
        subject
        and not subject["noun"].startswith(("of ", "years ", "months ", "days ", "percent", "per cent"))
        and not known.dated(subject["number"])
    ):
        verb = clause.verb
        yield drafted(finished(f"How many {subject['noun']} {verb} {clause.rest}"), subject["number"], "how many", 0.85)


def _trailing(lead: str) -> str:
    return f" {lead[:1].lower()}{lead[1:]}" if re.match(r"(?:In|On|By|At|As of|During) ", lead) else ""


def share(clause: Clause, known: Known) -> Iterator[Draft]:
    match = _SHARE.match(clause.rest) if clause.base is not None else None
    if match:
        yield drafted(clause.asked(f"What percentage of {match['of']}", ""), match["share"], "how much", 0.9)
    subject = _SHARE.match(re.sub(r"^only ", "", clause.subject, flags=re.IGNORECASE))
    if subject:
        yield drafted(
            finished(f"What percentage of {subject['of']} {clause.verb} {clause.rest}"),
            subject["share"],
            "how much",
            0.95,
        )


def how_much(clause: Clause, known: Known) -> Iterator[Draft]:
    if clause.base is not None:
        direct = re.match(rf"(?P<money>{MONEY})(?=$|[ ,])(?P<after>.*)$", clause.rest)
        if direct and not re.match(r" (?:and|or|in) ", direct["after"]) and "%" not in direct["after"]:
            yield drafted(clause.asked("How much", direct["after"]), direct["money"], "how much", 0.95)
        weight = re.match(rf"(?P<amount>{NUMBER} [a-z]+)$", clause.rest)
        if clause.base == "weigh" and weight:
            yield drafted(clause.asked("How much", ""), weight["amount"], "how much", 0.95)
        if clause.base == "last" and (
            lasted := re.match(rf"(?:for )?(?P<time>{LENGTH_OF_TIME})(?P<after>.*)$", clause.rest)
        ):
            yield drafted(clause.asked("How long", lasted["after"]), lasted["time"], "how long", 0.95)
    paid = _PAID.search(clause.rest)
    if paid:
        rest = clause.rest[: paid.start()] + clause.rest[paid.end() :]
        yield drafted(clause.asked("For how much", rest), paid["money"], "how much", 0.9)
    spent = _DURING.search(clause.rest)
    if spent and not re.search(r" (?:and|or) ", clause.rest):
        rest = clause.rest[: spent.start()] + clause.rest[spent.end() :]
        yield drafted(clause.asked("For how long", rest), spent["length"], "how long", 0.85)
    measured = re.match(rf"(?P<amount>{NUMBER} [a-z-]+) (?P<what>{'|'.join(MEASURES)})(?P<after>$| in .*)", clause.rest)
    if measured and clause.verb in {"is", "was"}:
        asked = clause.asked(MEASURES[measured["what"]], measured["after"])
        yield drafted(asked, measured["amount"], "how much", 0.95)
