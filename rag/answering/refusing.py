"""Replies that say that there is no answer, told from sentences that only mention it."""

import re

REFUSAL = "The documents don't say."
"""What a chat model is asked to say where the evidence holds no answer."""
LONGEST = 400
"""Characters of a refusal, at most."""

_NOT = r"(?:(?:do|does|did|is|are|was|were|can|could|has|have)(?:n['’]t|\s+not)|cannot)"
_HOW = r"(?:\s+(?:explicitly|directly|specifically|clearly|actually|really|currently))?"
_GIVEN = (
    r"(?:(?:that\s+(?:are|is|were|was)\s+)?(?:provided|given|supplied|available|retrieved|above|here|at hand)"
    r"|you (?:gave|provided)(?: me)?|i (?:have|was given))"
)
_DOCUMENTS = (
    r"(?:(?:any|none|all|both) of )?(?:the|these|those|any|your|my|this|that)?\s*"
    r"(?:(?:provided|given|supplied|available|numbered|retrieved)\s+)?"
    rf"(?:documents?|sources?|texts?|contexts?|passages?|evidence|excerpts?|materials?|information)(?:\s+{_GIVEN})?"
)
_IT = r"(?:\s+(?:so|it|this|that|anything|which|the answer|an answer|any answer|enough))?"
_INFORMATION = (
    r"(?:\s+(?:any|an|the|enough|sufficient|specific|further|more|no|explicit|direct|relevant|such|that|this|exact))*"
    r"\s+(?:information|answers?|details?|mention|evidence|data|explanations?|references?)"
)
_SAY = r"(?:say|tell|mention|specify|state|indicate|disclose|reveal|discuss|address|explain|answer|clarify|describe)"
_HOLD = r"(?:contain|provide|include|give|offer|have|hold)"
_TOLD = r"(?:mentioned|stated|specified|given|provided|found|known|disclosed|available|said|included|contained)"
_SORRY = (
    r"(?:(?:(?:i['’]m|i am|we['’]re|we are)\s+(?:very\s+)?(?:sorry|afraid)|sorry|unfortunately|apologies"
    r"|i apologi[sz]e)[,.:;!]?\s*(?:but\s+|that\s+|,\s*)?)?"
)
_IN = rf"(?:in|from|by|with|within|based on|according to)\s+{_DOCUMENTS}"
_TAIL = (
    r"(?P<tail>\s+(?:about|to|on|of|for|regarding|concerning|as to|whether|if|when|where|why|how|who|what|which|that"
    r"|the|any|this|in|with|from|a|an)\b.+)?"
)

_ABOUT = (
    rf"{_DOCUMENTS}\s+{_NOT}{_HOW}\s+{_SAY}(?:{_INFORMATION}|{_IT})",
    rf"{_DOCUMENTS}\s+{_NOT}{_HOW}\s+{_HOLD}{_INFORMATION}",
    rf"{_DOCUMENTS}\s+(?:{_SAY}|{_HOLD})s?\s+nothing",
    rf"{_DOCUMENTS}\s+{_HOLD}s?\s+no{_INFORMATION}",
    rf"(?:none of|neither of|no)\s+{_DOCUMENTS}\s+(?:{_SAY}|{_HOLD})s?(?:{_INFORMATION}|{_IT})",
    rf"(?:i|we)\s+{_NOT}\s+(?:know|say|tell|answer(?:\s+(?:this|that|the|your)\s+question)?|determine|find)"
    rf"(?:{_INFORMATION}|{_IT})",
    rf"(?:i\s+am|i['’]m|we\s+are|we['’]re)\s+(?:unable|not\s+able)\s+to\s+\w+(?:{_INFORMATION}|{_IT})",
    rf"(?:i|we)\s+{_NOT}\s+have{_INFORMATION}",
    rf"there\s+(?:is|are|was|were)\s+(?:no|not){_INFORMATION}",
    rf"no{_INFORMATION}(?:\s+(?:is|was|were|are)\s+{_TOLD})?",
)
"""Which may go on to say what there is no answer to."""
_ALONE = (
    r"(?:it|this|that|the answer|(?:the |that |this )?information(?: (?:about|on|regarding) .+?)?)\s+"
    rf"(?:is|was|are|were)(?:\s+not|n['’]t){_HOW}\s+{_TOLD}",
    rf"not\s+(?:{_TOLD}|enough\s+information|answerable)",
    rf"the\s+(?:question|answer)\s+{_NOT}\s+be\s+(?:answered|found|determined|given)",
    r"unknown|n/a|none|unanswerable|no answer",
)
"""Which only name, if anything, the documents."""
_REFUSALS = tuple(
    re.compile(rf"\W*{_SORRY}(?:{_IN},?\s*)?(?:{form}){tail}\W*", re.IGNORECASE)
    for forms, tail in ((_ABOUT, _TAIL), (_ALONE, rf"(?P<tail>\s+{_IN})?"))
    for form in forms
)
_NO_MORE = re.compile(
    r"[;:]|\b(?:but|however|though|although|yet|except|instead|rather|only that|said|says|because|while|whereas"
    r"|and (?:he|she|it|they))\b|[“”\"].*\w.*[“”\"].*\w",
    re.IGNORECASE,
)
"""What shows that a sentence goes on to say something, or that another one speaks in it."""
_APOLOGY = re.compile(rf"\A\W*{_SORRY}", re.IGNORECASE)


def refuses(sentence: str, cited: bool = False) -> bool:
    """Whether a sentence says no more than that the documents, or the one who writes, have no answer.

    One that is `cited` and tells what is not said may be a finding: "The evidence does not show that he left [1]."
    """
    if len(sentence) > LONGEST or _NO_MORE.search(_APOLOGY.sub("", sentence)):
        return False
    found = next((match for form in _REFUSALS if (match := form.fullmatch(sentence))), None)
    return found is not None and not (cited and found["tail"])
