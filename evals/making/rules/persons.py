"""Questions of who."""

import re
from collections.abc import Iterator

from evals.making.clauses import Clause, finished
from evals.making.drafting import Draft, drafted, heads
from evals.making.finite import past_of, third_of
from evals.making.knowing import Known
from evals.making.phrases import ROLE

_BY = re.compile(
    r"^(?P<participle>[a-z-]+) by (?P<agent>(?:the )?[A-Z][\w.'’&-]*(?: (?:of |the |de |van"
    r" )?[A-Z][\w.'’&-]*)*)(?P<after>.*)$"
)
_MADE = re.compile(
    r" (?P<participle>written|directed|composed|recorded|painted|designed|founded|developed|published|produced|built"
    r"|performed|created|invented|discovered|proposed) by (?P<agent>(?:the )?(?:[^A-Z]{0,40}?"
    r" )??(?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)*))(?=$|[ ,])"
)  # fmt: skip


def who_is(clause: Clause, known: Known) -> Iterator[Draft]:
    subject = clause.subject
    if clause.verb not in {"is", "was"} or not known.is_person(subject):
        return
    role = re.match(rf"(?:the |(?:[A-Z][\w.]* ){{0,4}}[A-Z][\w.]*['’]s? )?(?:[\w-]+ ){{0,4}}?(?:{ROLE})\b", clause.rest)
    anchored = re.search(r"[A-Z]", clause.rest)
    if role and anchored and not re.match(r"an? ", clause.rest):
        yield drafted(finished(f"Who {clause.verb} {clause.rest}"), subject, "who", 1.0)
    elif re.match(rf"an? (?:[\w-]+ ){{0,4}}(?:{ROLE}|character|man|woman)\b", clause.rest) and anchored:
        if len(clause.rest.split()) > 9:
            return
        yield Draft(
            finished(f"Who {clause.verb} {subject}"), clause.rest, "definition", 0.7, heads(clause.rest, subject)
        )


def who_by_role(clause: Clause, known: Known) -> Iterator[Draft]:
    """`Dmitri Peskov, Mr. Putin's spokesman, turned down …` → Who is Mr. Putin's spokesman?"""
    role = (
        rf"(?:the (?:[\w-]+ ){{0,3}}?(?:{ROLE}) (?:of|for|at) (?:the )?[A-Z][\w .'’-]*|[A-Z][\w. -]*['’]s?"
        rf" (?:[\w-]+ ){{0,2}}(?:{ROLE}))"
    )
    if clause.aside and known.is_person(clause.subject) and re.fullmatch(role, clause.aside):
        yield drafted(finished(f"Who is {clause.aside}"), clause.subject, "who", 0.9)


def who_did(clause: Clause, known: Known) -> Iterator[Draft]:
    if (
        clause.base is None
        or not clause.past
        or not known.is_person(clause.subject)
        or clause.base in {"have", "say", "die", "want"}
    ):
        return
    rest = clause.rest
    if len(rest.split()) >= 4 and re.search(r"[A-Z]|\d", rest) and not re.search(r"\b(?:that|his|her|it)\b", rest):
        lead = f" {clause.lead[:1].lower()}{clause.lead[1:]}" if clause.lead and re.search(r"\d", clause.lead) else ""
        yield drafted(finished(f"Who {clause.verb} {rest}{lead}"), clause.subject, "who", 0.85)


def who_by(clause: Clause, known: Known) -> Iterator[Draft]:
    match = _BY.match(clause.rest) if clause.verb in {"is", "was", "are", "were"} else None
    if match and match["participle"] in past_of() and not re.match(r" and ", match["after"]):
        agent = match["agent"]
        tense = past_of() if clause.verb in {"was", "were"} else third_of()
        if known.is_person(agent) or known.acts(agent):
            verb = tense[match["participle"]]
            yield drafted(finished(f"Who {verb} {clause.subject}{match['after']}"), agent, "who", 0.95)
        elif not match["after"] and re.match(r"the [A-Z]|[A-Z]", agent) is None:
            return
    thing = re.match(r"^(?P<participle>[a-z-]+) by (?P<agent>(?!the |an? |its )[a-z][\w -]+)$", clause.rest)
    if (
        thing
        and clause.base is None
        and thing["participle"] in past_of()
        and not clause.cut
        and len(thing["agent"].split()) <= 7
    ):
        yield drafted(clause.asked("What", f"{thing['participle']} by"), thing["agent"], "what", 0.75)
    made = (
        _MADE.search(clause.rest) if clause.verb in {"is", "was"} and re.match(r"(?:an?|the) ", clause.rest) else None
    )
    after = clause.rest[made.end() :] if made else ""
    listed = re.match(r",? (?:and|or) ", after) or (clause.cut and not after)
    if made and known.is_person(made["name"]) and not listed:
        yield drafted(finished(f"Who {past_of()[made['participle']]} {clause.subject}"), made["name"], "who", 0.95)
