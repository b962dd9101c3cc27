"""Whether a question stands alone, and how good it is: what is left out here no person need reject."""

import re

from evals.judge.english import BE, HAVE, OPENERS, words
from evals.judge.names import names
from evals.making.drafting import Draft
from evals.making.phrases import TIME, YEAR
from evals.making.reading import Statement

LONGEST = 24
"""Words of a question; of one with a gap, twice as many."""
_LEANING = re.compile(
    r"\b(?:he|she|they|him|them|we|us|our|ours|I|my|me|you|your|this|these|those|here|such|former|latter|above|below"
    r"|following|aforementioned|today|yesterday|tomorrow|ago|recently|currently|now|said|later|earlier|then|thus|instead"
    r"|(?<!\bare )(?<!\bis )(?<!\bwere )(?<!\bwas )there"
    r"|next|last (?:week|month|year)|same (?:day|year|month|time|way|name)|another|other|others|one of them|each"
    r" other)\b"
)
_OWNED = re.compile(r"\b(?:it|its|his|her|their|theirs|himself|herself|itself|themselves)\b")
_GENERIC = re.compile(
    r"\b[Tt]he (?:[a-z]+ )?(?:song|film|movie|book|novel|album|show|series|episode|season|company|firm"
    r"|organi[sz]ation|group|band|team|club"
    r"|city|town|village|county|region|area|country|state|government|president|minister|king|queen|emperor|court|game|match|event"
    r"|agreement|treaty|law|act|bill|plan|programme|program|project|report|article|paper|newspaper|study|survey|meeting|war"
    r"|battle|building|house|bridge|site|school|university|college|church|temple|museum|character|player|author|man|woman|boy"
    r"|girl|people|couple|family|process|system|method|product|system|machine|device|model|version|line|order|vote|election"
    r"|deal|talks|account|visit|audience|masks?|contract|child|children|first|second|third|most|main|river|lake"
    r"|mountain|island|serial|role|issue|matter|question|proposal|decision|idea|problem|musical|franchise|brand"
    r"|property|department|committee|council|board|party|union|bank|agency|office|paper|ship|train|plane|car"
    r"|University|Act|Order|Company|Court|Committee|Commission|Board|Council|Agency|Department|Party|Agreement|Treaty"
    r"|College|School|Group|Fund|Bank|Club|Union|Ministry|Museum|Society|Institute|Foundation)"
    r"(?= (?!of\b|on the\b|between\b|in [A-Z]|at [A-Z]|by [A-Z]|to [a-z]|from [A-Z]|that\b|who\b|[A-Z“\"])|[?,'’.”]|$)"
)
_PLAIN = re.compile(
    r"\bthe (?!first|second|third|last|only|most|world|sun|moon|earth|internet|sea|[a-z]+est\b)(?:[a-z-]+ )?[a-z-]{3,}"
    r"(?=\?| (?:in|on|at|for|to|with|by|from|as|during|into|through)\b)"
)
"""A thing that only the document tells, unless other names or a time say which."""
_ANYONE = re.compile(r"\b(?:did|does|do|has|have|was|were) an? [a-z-]+ (?![A-Z])")
_VERSION = re.compile(
    r"\b(?:[Ee]pisode|[Ss]eason|[Cc]hapter|[Pp]art|[Vv]olume|[Ss]ection) (?:\d|_)|\b(?:a|the) (?:version"
    r"|single)\b|\b[Vv]ersions,"
    r"|\bthe (?:[A-Z]\w+ )+(?:version|series|episode|edition|season|leg|part)\b"
)
_UNSURE = re.compile(
    r"^(?:some|several|many|various|other|others|it|them|this|that|these|those|unknown|one|ones|what|part)\b"
    r"|\b(?:here|there)$"
)


def stands_alone(draft: Draft, statement: Statement) -> bool:
    """Whether a question can be asked without its document at hand, and the statement answers it in one way."""
    question, answer = draft.question, draft.answer
    found = words(question)
    if not 4 <= len(found) <= (LONGEST if draft.form != "cloze" else 2 * LONGEST):
        return False
    inner = re.sub(r"[“\"][^”\"]*[”\"]", "", question) if draft.form != "cloze" else question
    if _LEANING.search(inner) or _GENERIC.search(inner) or _VERSION.search(inner) or _UNSURE.search(answer):
        return False
    if not 0 < len(answer.split()) <= 14 or statement.text.casefold().count(answer.casefold()) != 1:
        return False
    asked = question.partition(" ")[2]
    if re.search(rf"(?<!\w){re.escape(answer.casefold())}(?!\w)", asked.casefold()):
        return False
    if re.search(r"[\[\]{}<>|*#]|https?:|--|\?.*\?|\.{2,}|…|  ", question) or question.count('"') % 2:
        return False
    if re.search(r"\b(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|as|that)\?$", question):
        return (
            len(found) > 3
            and re.search(r" (?:by|for|from|with|of|as|in|on|at|to)\?$", question) is not None
            and draft.form in {"what", "how much"}
        )
    owner = _OWNED.search(inner)
    if owner and not re.search(r"[A-Z]", re.sub(r"^\S+ ", "", inner)[: owner.start()]):
        return False
    return draft.form in {"row", "cloze"} or _specific(question, draft)


def _specific(question: str, draft: Draft) -> bool:
    """Whether it names something: a name, a year, or at least four words of its own."""
    asked = question.partition(" ")[2]
    if _ANYONE.search(question):
        return False
    if _PLAIN.search(asked) and len(names(asked)) < 2 and not re.search(YEAR, asked):
        return draft.form == "what" and " of " in asked
    if re.search(r"[A-Z]|\d", asked):
        return True
    own = [word for word in words(asked) if word.lower not in OPENERS | BE | HAVE | {"does"} and len(word.text) > 3]
    return len(own) >= 4 or (draft.form == "definition" and len(own) >= 2)


def worth(draft: Draft, statement: Statement) -> float:
    """How good a question is likely to be: by its kind, its names, its length, and how short its answer is."""
    asked = draft.question.partition(" ")[2]
    named = min(2, len(names(asked)))
    long = max(0, len(words(draft.question)) - 14)
    answered = max(0, len(draft.answer.split()) - 5)
    fuller = len(statement.text.split()) > 35
    dated = 0.05 if re.search(TIME, asked) else 0.0
    return draft.worth + 0.06 * named + dated - 0.02 * long - 0.03 * answered - 0.1 * fuller
