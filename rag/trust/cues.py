"""Words by which a text reports or supposes, instead of stating; and which words of it they govern."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.types import Span

Kind = Literal["attribution", "modality", "condition"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One such word, and what it governs."""

    kind: Kind
    span: Span
    scope: Span
    """The clause that is reported or supposed, without the cue."""
    narrow: bool = False
    """Whether it governs first of all the words right after it: "could", "alleged"."""


def _any(*parts: str) -> str:
    """A pattern for any of the words and patterns given, parted by spaces; "_" in one stands for a space."""
    return "|".join(part.replace("_", " ") for text in parts for part in text.split())


_SUBJECT = r"(?:[^\s,;“”\"]+ ){0,9}"
_VERBS = _any(
    "say says said saying claim claims claimed claiming alleges? alleged alleging argues? argued arguing contends?",
    "contended asserts? asserted insists? insisted boasts? boasted speculates? speculated predicts? predicted",
    "suspects? suspected believes? believed thinks? thought warned recalls recalled testified testifies complained",
    r"complains (?:told|tells)(?!_(?:\S+_){1,4}to\b) describes?_(?:\S+_){1,3}as described_(?:\S+_){1,3}as",
)
_WITH_THAT = _any(
    "maintains? maintained states? stated reports? reported suggests? suggested estimates? estimated writes? wrote",
    "adds? added declares? declared hopes? hoped fears? feared announced notes noted acknowledged concluded explained",
)
_SAYS = re.compile(
    rf"\b(?:(?:{_VERBS})\b|(?:{_WITH_THAT})(?= that\b))"
    rf"|(?<=[,”\"’])\s(?:[^\s,;“”\"]+ ){{1,7}}(?-i:{_WITH_THAT})(?=[.,]|$)",
    re.IGNORECASE,
)
_NOUN_BEFORE = re.compile(
    r"\b(?:an?|the|his|her|its|their|this|that|no|any|such|of|my|our|to|[’']s)\s+$", re.IGNORECASE
)
_BE_BEFORE = re.compile(r"\b(?:is|are|was|were|be|been|being|as|so)\s+(?:\w+ly\s|also\s)?$", re.IGNORECASE)
_I_BEFORE = re.compile(r"\bI\s+(?:\w+\s)?$")
_ONLY_WHEN = re.compile(r"(?:(?:on|in|at|during|after|before|this|last|from|to|by|\w+day)\b[^,;]*)?$", re.IGNORECASE)
_ACCORDING = re.compile(r"\b(?:according to|in the (?:view|words|opinion|eyes) of) [^,;]{2,80}", re.IGNORECASE)
_HEARD = _any("believed thought said reported alleged rumou?red understood claimed suspected")
_HEARSAY = re.compile(
    r"\b(?:reportedly|allegedly|purportedly|supposedly|ostensibly|rumou?red|unconfirmed|accused of"
    r"|(?:alleged|purported)(?= [a-z])"
    rf"|(?:is|are|was|were|been) (?:widely |also |generally )?(?:{_HEARD})(?= to\b| that\b| of\b))\b",
    re.IGNORECASE,
)
_ADVERBS = _any("possibly perhaps probably presumably potentially apparently seemingly maybe")
_DUE = _any("expected scheduled set slated due poised projected planned about supposed meant intended")
_TRY = _any(
    "plan hope intend aim want wish propose threaten vow pledge promise offer seek attempt try prepare strive agree"
)
_MAKE = _any("expect want urge ask order advise invite encourage predict forecast request")
_NO_DEED = _any("doubled halved tripled trebled quadrupled and hundred")
_NO_VERB = _any("the an? his her its their our my your this that these those which whom all both each every")
_PAST = _any("fell lost won broke sank hit went burst struck ran froze drove brought cut shut beat bankrupt")
_TRIED = _any("tried tries trying sought mulling considering considered mulled proposed proposes")
_MODALS = re.compile(
    rf"\b(?:could|might|(?<!you )may(?! only))\b(?! \d| not\b|n)|\b(?:{_ADVERBS})\b"
    r"|(?<!most )(?<!more )(?<!very )\blikely(?= (?:to|be|have|\w+ed|that)\b)|\b(?:un)?likely to\b"
    rf"|\b(?:(?:is|are|was|were|be) )?(?:{_DUE}) to(?= [a-z])"
    r"|\b(?:appear|seem)(?:s|ed)? (?:to\b|that\b)|\bit is possible\b|\bthere is a (?:chance|possibility)\b"
    rf"|\b(?:{_TRY})(?:s|es|ed|ned|ing|d)? to\b|\b(?:{_TRIED}) (?:to\b|\w+ing\b)"
    r"|\b(?:asked|called|calls|calling|asking|pushing|lobbying|applied|bid) for\b"
    rf"|(?<!in )\b(?:{_MAKE})(?:s|ed|ing)? (?:[^\s,;.“”\"]+ ){{1,6}}?to(?= (?!(?:{_NO_VERB})\b)[a-z])"
    r"|\bthreaten(?:s|ed|ing)? with\b|\b(?:on|to) the (?:verge|brink) of\b|\bin danger of\b|\bc[ao]me close to\b"
    rf"|\b(?:nearly|almost)(?= (?!(?:{_NO_DEED})\b)(?:\w+ed|{_PAST})\b)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?<!even )(?<!as )(?<!what )(?<!only )\b(?:if|unless|provided that|in case)\b"
    r"(?! any\b| not\b| possible\b| ever\b)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:ask\w*|wonder\w*|see|know\w*|determine|whether|check|test|sure|decide|find out)\s+(?:\w+\s)?$",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r";|, (?:but|yet|while|whereas|although|though)\b", re.IGNORECASE)
"""What parts a report from a clause of the writer's own."""
_CLAUSE_END = re.compile(
    r"[;:?!]|, (?:but|and|while|although|though|which|who)\b|\b(?:but|although|because|while|whereas)\b", re.IGNORECASE
)
_REPORTING = _any(
    r"reporting denie[sd] confirm\w* reveal\w* mention\w* announc\w* admit\w* according accus\w* alleg\w* reportedly",
    r"purported\w* supposed\w* rumou?r\w* sources? unconfirmed critics? citing cited quoted describ\w* calls called",
    r"accounts? claims? view\w* opinion believ\w* consider\w* regard\w* assess\w* testimon\w+ discuss\w* express\w*",
)
_ATTRIBUTED = re.compile(rf"\b(?:{_VERBS}|{_WITH_THAT}|{_REPORTING}|thinks?|wants?)\b", re.IGNORECASE)
_SUPPOSING = _any(
    r"could may might can would should whether possib\w+ potential\w* chances? probab\w+ uncertain unclear hopes?",
    r"hoping plans? planning planned risks? suggest\w* appears? appeared seem\w* likel\w+ unlikely expect\w*",
    r"propos\w+ aim\w* intend\w* intention consider\w* try tries tried trying attempt\w* seek\w* sought strive\w*",
    r"believ\w* think\w* thought allegedly reportedly supposed\w* threat\w* predict\w* forecast\w* project\w*",
    r"anticipat\w* speculat\w* suspect\w* request\w* want\w* ask\w* offer\w* willing\w* ready readiness open_to",
    r"about_to going_to when unless until in_case in_order_to so_that eventual\w* some sometimes",
)
_SUPPOSED = re.compile(rf"{_MODALS.pattern}|{_CONDITION.pattern}|\b(?:{_SUPPOSING})\b", re.IGNORECASE)


def marks(text: str) -> Iterator[re.Match[str]]:
    """Anything by which a sentence tells that it reports or supposes; wider than `cues`."""
    yield from _ATTRIBUTED.finditer(text)
    yield from _SUPPOSED.finditer(text)


def cues(text: str) -> Iterator[Cue]:
    """The reports and suppositions of one sentence."""
    for match in _ACCORDING.finditer(text):
        yield Cue("attribution", Span(*match.span()), Span(0, len(text)))
    for match in _HEARSAY.finditer(text):
        yield Cue("attribution", Span(*match.span()), Span(match.end(), _clause_end(text, match.end())), narrow=True)
    for match in _SAYS.finditer(text):
        if (scope := _reported(text, match)) is not None:
            yield Cue("attribution", _with_subject(text, match), scope)
    for match in _MODALS.finditer(text):
        after = Span(match.end(), _clause_end(text, match.end()))
        if match.group()[0].islower() and after.end > after.start:
            yield Cue("modality", Span(*match.span()), after, narrow=True)
    for match in _CONDITION.finditer(text):
        if not _ASKED.search(text[: match.start()]):
            yield _condition(text, match)


def _condition(text: str, match: re.Match[str]) -> Cue:
    """Where the condition comes first it governs what follows its comma, else the clause before it."""
    comma = text.find(",", match.end())
    opens = len(text[: match.start()].split()) < 3 and comma > 0
    if opens:
        return Cue("condition", Span(match.start(), comma), Span(comma, _clause_end(text, comma + 1)))
    starts = [stop.end() for stop in _CLAUSE_END.finditer(text, 0, match.start())]
    end = comma if comma > 0 else len(text)
    return Cue("condition", Span(match.start(), end), Span(max(starts, default=0), match.start()))


def _clause_end(text: str, start: int) -> int:
    stop = _CLAUSE_END.search(text, start + 1)
    return stop.start() if stop else len(text)


def _reported(text: str, match: re.Match[str]) -> Span | None:
    """What a verb of saying reports: the words after it, those before it (“…,” she said), or both around it."""
    before, after = text[: match.start()], text[match.end() :]
    if (
        _I_BEFORE.search(before)
        or _BE_BEFORE.search(before)
        or (_NOUN_BEFORE.search(before) and not match.group().endswith("ed"))
    ):
        return None
    opened = re.search(rf"[,”\"’]['’]*\s+(?!who|which|and|but){_SUBJECT}$|[,”\"]\s*$", before)
    behind = opened and len(before[: opened.start()].split()) >= 3
    rest = after.strip(' .”"')
    if behind and opened and (_ONLY_WHEN.match(rest) or not opened.group().strip(" ,”\"’'")):
        return Span(_after_another(text, opened.start()), opened.start())
    if behind and opened and rest.startswith((",", "“")):
        return Span(0, len(text))
    if rest.startswith(("about ", "of ", "on ", "for ", "in ")) or len(rest.split()) < 3:
        return None
    stop = _ANOTHER.search(text, match.end())
    return Span(match.end(), stop.start() if stop and "“" not in text and '"' not in text else len(text))


def _after_another(text: str, end: int) -> int:
    """Where the last clause before `end` begins that stands apart from those before it; 0 within a quotation."""
    if any(mark in text for mark in '“”"'):
        return 0
    return max((cut.end() for cut in _ANOTHER.finditer(text, 0, end)), default=0)


def _with_subject(text: str, match: re.Match[str]) -> Span:
    """The verb with the words before it that tell who says so."""
    subject = re.search(rf"{_SUBJECT}$", text[: match.start()])
    words = subject.group().split()[-4:] if subject else []
    start = text.rfind(" ".join(words), 0, match.start()) if words else match.start()
    return Span(start if start >= 0 else match.start(), match.end())
