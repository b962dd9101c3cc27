"""Questions of what and which."""

import re
from collections.abc import Iterator

from evals.judge.english import capital
from evals.making.clauses import Clause, finished
from evals.making.drafting import Draft, drafted, heads
from evals.making.knowing import Known
from evals.making.phrases import ROLES, TIME
from evals.making.rules.times import modifies_a_noun

_SINGLED_OUT = re.compile(
    r"^the (?:[\w-]+ )?(?:[a-z]{3,}est|most|first|second|third|fourth|fifth|last|only|capital|official|sole"
    r"|oldest|main) "
)
_OBJECT = re.compile(
    r"^(?P<object>(?:the |an? |its )?(?:[\w'’.-]+ ){0,4}?[\w'’-]+) (?P<after>(?:as|from|to|into|with|for|in|at|on"
    r"|between|against) .+)$"
)
_VAGUE = re.compile(r"\b(?:this|these|same|case|reason|result|idea)\b")
_DEFINES = re.compile(r"an? (?!(?:third|second|likely|good|bad|part|member|number|lot|major|worldwide|hit|result)\b)")
_UNFINISHED = re.compile(r" to [a-z]+ | between |\b(?:of|in|by|to|at|on|for|as|from|with|and|\w+ed)$")
_LIGHT = frozenset(
    "take make put have get give turn keep let become remain say think mean do go come set want see find leave".split()
)
_PREPOSITIONS = frozenset("in on at by for from with to of as into about over up down out off between against".split())
_KINDS = re.compile(
    r" (?P<word>on|in|at|to|from|for) (?:the|his|her|its|their) (?P<year>\d{4} )?(?:(?!the )[a-z-]+"
    r" )?(?P<noun>album|film|book|novel|series|song"
    r"|magazine|newspaper|university|river|state|city|county|company|label|channel|network|journal|province|village|town|region)"
    r" (?P<name>[\"“]?[A-Z][^,;:]*)$"
)


def what_is(clause: Clause, known: Known) -> Iterator[Draft]:
    """`The uvea is the vascular layer of the eye.` → What is the vascular layer of the eye?, and definitions."""
    if clause.verb not in {"is", "was", "are", "were"} or known.is_person(clause.subject):
        return
    rest, subject = clause.rest, clause.subject
    bare = re.sub(r"^(?:the|an?) ", "", subject)
    if _describes(clause, bare):
        worth = 0.9 if _SINGLED_OUT.match(rest) else 0.75
        yield drafted(finished(f"What {clause.verb} {rest}"), bare, "what", worth)
    asked = _SINGLED_OUT.match(subject) and (re.search(r"[A-Z]", subject) or len(subject.split()) > 5)
    if asked and re.match(r"(?:the )?[A-Z]", rest) and len(rest.split()) <= 5 and not clause.cut:
        yield drafted(finished(f"What {clause.verb} {subject}"), rest, "what", 0.95)
    whole = not _UNFINISHED.search(rest) and " and " not in rest
    if clause.verb in {"is", "was"} and whole and _DEFINES.match(rest) and not clause.lead:
        short = heads(rest, subject)
        asking = "Who" if any(head.split()[-1] in ROLES for head in short) else "What"
        if 4 <= len(rest.split()) <= 12:
            yield Draft(finished(f"{asking} {clause.verb} {subject}"), rest, "definition", 0.6, short)


def _describes(clause: Clause, bare: str) -> bool:
    """Whether what follows `is the` tells the subject, called `bare`, from all else."""
    rest, subject = clause.rest, clause.subject
    if not rest.startswith("the ") or clause.lead or len(rest.split()) < 4 or _VAGUE.search(rest):
        return False
    head = re.split(r" (?:of|that|which|who|to|in|for|from|on|at|by|between)\b", rest)[0]
    if (clause.verb in {"are", "were"}) != (head.endswith("s") and not head.endswith("ss")):
        return False
    named = subject[:1].isupper() or not subject.startswith("the ") or bare[:1].isupper() or " " not in bare
    return named and bare.split()[0].casefold() not in ROLES and not re.search(r"\b(?:in|on|at|for)\b", bare)


def which(clause: Clause, known: Known) -> Iterator[Draft]:
    """`The song appears on the 1989 album Sleeping with the Past.` → On which album does the song … appear?"""
    match = _KINDS.search(" " + clause.rest)
    if match and not clause.lead and not clause.cut and not known.is_person(match["name"]):
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
    """`McCulloch purchased the bridge from the city.` → What did McCulloch purchase from the city?"""
    if clause.base is None or clause.base in _LIGHT or not re.search(r"[A-Z]", clause.subject):
        return
    match = _OBJECT.match(clause.rest)
    if match is None or clause.rest.split()[0] in _PREPOSITIONS:
        return
    thing, after = match["object"], match["after"]
    joined = (
        re.search(r"\b(?:of|that|to|and|or|him|her|them|it|who)\b|(?:ed|ly|written|role|part|look)$", thing)
        or " and " in after
    )
    if joined or not re.search(r"[A-Z\d]", after) or re.fullmatch(r"(?:the|an?|its) \w+", thing):
        return
    named = re.match(r"[A-Z]", thing) and " " not in thing and not known.is_person(thing)
    if (re.match(r"(?:the|an?|its) ", thing) or named) and not re.search(TIME, thing):
        bare = re.sub(r"^(?:the|an?) ", "", thing)
        called = re.fullmatch(r"(?:[a-z][\w-]* )*?(?P<role>[a-z][\w-]* )??(?P<name>[A-Z].*)", thing)
        if called and ((called["role"] or "").strip() in ROLES or known.is_person(called["name"])):
            name = called["name"]
            yield Draft(clause.asked("Whom", after), thing, "who", 0.6, tuple(dict.fromkeys((thing, bare, name))))
        else:
            yield Draft(clause.asked("What", after), thing, "what", 0.6, tuple(dict.fromkeys((thing, bare))))
