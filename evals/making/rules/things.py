"""Questions of what and which."""

import re
from collections.abc import Iterator

from evals.judge.english import capital
from evals.making.clauses import Clause, finished
from evals.making.drafting import Draft, drafted
from evals.making.knowing import Known
from evals.making.phrases import ROLES, TIME
from evals.making.rules.times import modifies_a_noun

_SINGLED_OUT = re.compile(
    r"^the (?:[\w-]+ )?(?:[a-z]{3,}est|most|first|second|third|fourth|fifth|last|only|capital|official|sole|oldest|main) "
)
_OBJECT = re.compile(
    r"^(?P<object>(?:the |an? |its )?(?:[\w'’.-]+ ){0,4}?[\w'’-]+) (?P<after>(?:as|from|to|into|with|for|in|at|on|between|against) .+)$"
)
_LIGHT = frozenset(
    "take make put have get give turn keep let become remain say think mean do go come set want see find leave".split()
)
_PREPOSITIONS = frozenset("in on at by for from with to of as into about over up down out off between against".split())
_KINDS = re.compile(
    r" (?P<word>on|in|at|to|from|for) (?:the|his|her|its|their) (?P<year>\d{4} )?(?:(?!the )[a-z-]+ )?(?P<noun>album|film|book|novel|series|song"
    r"|magazine|newspaper|university|river|state|city|county|company|label|channel|network|journal|province|village|town|region)"
    r" (?P<name>[\"“]?[A-Z][^,;:]*)$"
)


def what_is(clause: Clause, known: Known) -> Iterator[Draft]:
    if clause.verb not in {"is", "was", "are", "were"} or known.is_person(clause.subject):
        return
    rest, subject = clause.rest, clause.subject
    bare = re.sub(r"^(?:the|an?) ", "", subject)
    told = (
        re.match(r"the ", rest)
        and not clause.lead
        and (subject[:1].isupper() or not subject.startswith("the ") or bare[:1].isupper() or len(bare.split()) == 1)
    )
    if (
        told
        and len(rest.split()) >= 4
        and bare.split()[0].casefold() not in ROLES
        and not re.search(r"\b(?:this|these|same|case|reason|result|idea)\b", rest)
    ):
        single = _SINGLED_OUT.match(rest) is not None
        yield drafted(finished(f"What {clause.verb} {rest}"), bare, "what", 0.9 if single else 0.75)
    asked = _SINGLED_OUT.match(subject) and (re.search(r"[A-Z]", subject) or len(subject.split()) > 5)
    if asked and re.match(r"(?:the )?[A-Z]", rest) and len(rest.split()) <= 5 and not clause.cut:
        yield drafted(finished(f"What {clause.verb} {subject}"), rest, "what", 0.95)
    defined = (
        re.match(r"an? (?!third|second|likely|good|bad|part|member|number|lot)", rest)
        and 4 <= len(rest.split()) <= 12
        and not clause.lead
    )
    whole = not re.search(r"\b(?:of|in|by|to|at|on|for|as|from|with|and|\w+ed)$", rest) and " and " not in rest
    if defined and clause.verb in {"is", "was"} and whole:
        heads = heads(rest, subject)
        asking = "Who" if heads and any(head.split()[-1] in ROLES for head in heads) else "What"
        yield Draft(finished(f"{asking} {clause.verb} {subject}"), rest, "definition", 0.6, heads)


def heads(noun: str, subject: str) -> tuple[str, ...]:
    """A noun with all that goes with it, and shorter: `an American band formed in 1995`, `American band`, `band`."""
    bare = noun.partition(" ")[2]
    head = re.split(
        r" (?=(?:in|of|by|for|from|at|on|with|who|that|which|located|situated|formed|founded|written|directed|performed|made|based|headquartered|dealing|used|celebrated|developed|published|produced|known|called|named|set|held)\b)",
        bare,
    )[0]
    plain = re.sub(r"^(?:(?:\d{4}|[A-Z][\w-]+) )+", "", head)
    found = (noun, bare, head, *((plain,) if " " in plain else ()))
    return tuple(each for each in dict.fromkeys(found) if each.casefold() not in subject.casefold())


def which(clause: Clause, known: Known) -> Iterator[Draft]:
    """`The song appears on the 1989 album Sleeping with the Past.` → On which album does the song … appear?"""
    match = _KINDS.search(" " + clause.rest)
    if match and clause.lead == "" and not known.is_person(match["name"]):
        before = clause.rest[: max(0, match.start() - 1)]
        if not re.search(r"\b(?:and|or|that|in|on|at)\b", before) and not modifies_a_noun(clause, before):
            year = f"{match['year']}" if match["year"] else ""
            yield drafted(
                clause.asked(f"{capital(match['word'])} which {year}{match['noun']}", before),
                match["name"],
                "which",
                0.9,
            )


def what_object(clause: Clause, known: Known) -> Iterator[Draft]:
    """`McCulloch purchased the bridge from the City of London.` → What did McCulloch purchase from the City of London?"""
    if clause.base is None or clause.base in _LIGHT or not re.search(r"[A-Z]", clause.subject):
        return
    match = _OBJECT.match(clause.rest)
    if match is None or clause.rest.split()[0] in _PREPOSITIONS:
        return
    thing, after = match["object"], match["after"]
    if (
        known.is_person(thing)
        or re.search(r"\b(?:of|that|to|and|or|him|her|them|it|who)\b", thing)
        or not re.search(r"[A-Z\d]", after)
    ):
        return
    if re.fullmatch(r"(?:the|an?|its) \w+", thing):
        return
    if re.match(r"(?:the|an?|its) |[A-Z]", thing) and not re.search(TIME, thing):
        bare = re.sub(r"^(?:the|an?) ", "", thing)
        yield Draft(clause.asked("What", after), thing, "what", 0.6, tuple(dict.fromkeys((thing, bare))))
