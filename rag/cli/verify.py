"""`pincite verify`: what of a saved answer still holds, and what has changed since it was made."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from rag.assembling import SILENCE
from rag.cli.quotes import ASK_AGAIN, Shelf, checked, lies_in, quote
from rag.errors import BadInput
from rag.text import plain, words
from rag.trust.citing import verify_quote
from rag.trust.premise import DENIAL
from rag.trust.support import judge
from rag.types import Answer, Check, Citation, Conflict, Document, Label, Sentence, Side

if TYPE_CHECKING:
    from rag import Library

_BETTER: dict[Label, int] = {"contradicted": 0, "unsupported": 1, "partial": 2, "supported": 3, "unchecked": 3}


def read(text: str, name: str = "this") -> Answer:
    """The answer in `text`, as `pincite ask --json` prints it. Raises `BadInput`, which calls it `name`."""
    try:
        return TypeAdapter(Answer).validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole"
        what = "not JSON" if first["type"] == "json_invalid" else f"not an answer ({key}: {first['msg']})"
        raise BadInput(f"{name} is {what}; give what `pincite ask --json` printed") from None


def examine(answer: Answer, library: "Library") -> list[Check]:
    """The answer as a whole, each quote, each sentence and each conflict; at last how much of it holds."""
    shelf = Shelf(library)
    quotes = {citation.marker: quote(citation, shelf) for citation in answer.citations}
    sentences = [_sentence(number, one, answer, quotes, shelf) for number, one in enumerate(answer.sentences, 1)]
    conflicts = [_conflict(number, one, answer, quotes, shelf) for number, one in enumerate(answer.conflicts, 1)]
    checks = [_whole(answer), *quotes.values(), *sentences, *conflicts]
    return [*checks, _summary(answer, checks, list(quotes.values()), sentences, shelf)]


def _whole(answer: Answer) -> Check:
    """Every word of the answer is in a sentence, and every quote is cited, so that all of it is checked."""
    fault = next(_faults(answer), "")
    silent = "names a false premise" if answer.sentences else "abstains; there is nothing to check"
    return checked("answer", fault, silent if answer.status == "abstained" else "is made of its sentences alone")


def _faults(answer: Answer) -> Iterator[str]:
    outside = _outside(answer)
    if answer.status == "abstained":
        if answer.reason != "false_premise" and (answer.sentences or answer.citations or answer.conflicts):
            yield "it abstains, and yet has sentences or citations"
        if outside.strip() not in (_denials(answer) if answer.sentences else {SILENCE}):
            yield f"it abstains, and yet says: {_short(outside)}"
    elif not answer.sentences:
        yield "it answers without any sentence that could be checked"
    elif outside:
        yield f"it has words outside its sentences: {_short(outside)}"
    if answer.short is not None and not any(answer.short in one.text for one in answer.sentences if not one.withheld):
        yield "its short answer does not stand in it"
    twice = [marker for marker, count in Counter(one.marker for one in answer.citations).items() if count > 1]
    if twice:
        yield f"two of its quotes are marked [{twice[0]}]"
    cited = {marker for one in answer.sentences for marker in one.citations}
    cited |= {marker for one in answer.conflicts for side in one.sides for marker in side.markers}
    for citation in answer.citations:
        if citation.marker not in cited:
            yield f"its quote [{citation.marker}] is cited by nothing"


def _denials(answer: Answer) -> set[str]:
    """What may stand before the sentence that contradicts a premise: the fixed words about words of the question."""
    asked = answer.understood or answer.question
    at = [(word.start, word.end) for word in words(asked)]
    return {DENIAL.format(assumed=asked[start:end]) for start, _ in at for _, end in at if start < end}


def _outside(answer: Answer) -> str:
    """What of the answer's text is in none of its sentences; one space or blank line between two is not meant."""
    at, outside = 0, []
    for sentence in sorted(answer.sentences, key=lambda one: one.start):
        outside.append(answer.text[at : max(at, sentence.start)])
        at = max(at, sentence.end)
    between = [gap for gap in outside[1:] if gap not in (" ", "\n", "\n\n")]
    return "".join([*outside[:1], *between, answer.text[at:]])


def _sentence(number: int, sentence: Sentence, answer: Answer, quotes: dict[int, Check], shelf: Shelf) -> Check:
    name, label = f"sentence {number}", sentence.verdict.label
    if fault := _unknown(sentence.citations, quotes):
        return checked(name, fault)
    here = 0 <= sentence.start < sentence.end <= len(answer.text)
    if not here or answer.text[sentence.start : sentence.end] != sentence.text:
        return checked(name, f"does not stand at {sentence.start}–{sentence.end} of the answer")
    if sentence.withheld and label != "contradicted":
        return checked(name, f"is withheld, although it was judged {label}")
    known, cited = {citation.marker: citation for citation in answer.citations}, []
    for marker in sentence.citations:
        document = shelf.document(known[marker].source)
        if document is None or not quotes[marker].ok:
            return checked(name, f"rests on [{marker}], which does not hold", advice=ASK_AGAIN)
        cited.append((known[marker], document))
    span = sentence.verdict.span
    if span and not any(lies_in(span, citation, document) for citation, document in cited):
        return checked(name, "has words singled out as its support that stand in none of its quotes")
    return _judged(name, sentence, cited, answer.judge)


def _judged(name: str, sentence: Sentence, cited: Sequence[tuple[Citation, Document]], judge_then: str) -> Check:
    """The sentence judged anew by the very quotes that it had; a better verdict than then is no fault."""
    verdict, judge_now = verify_quote(sentence.text, cited), judge().version
    was, now = sentence.verdict.label, verdict.label
    if now == was:
        return checked(name, "", f"{now} by what it cites")
    judges = f" by the same judge ({judge_now})" if judge_then == judge_now else f" (by {judge_then}, now {judge_now})"
    notes = f": {'; '.join(verdict.notes)}" if verdict.notes else ""
    changed = (
        f"was judged {was} when it was made, and is {now} now by the same words{judges if judge_then else ''}{notes}"
    )
    worse = _BETTER[now] < _BETTER[was] or now == "unchecked"
    return checked(name, changed if worse else "", changed)


def _conflict(number: int, conflict: Conflict, answer: Answer, quotes: dict[int, Check], shelf: Shelf) -> Check:
    """The sides of a conflict differ, and each stands in the quotes that it cites."""
    fault = "" if len({side.value for side in conflict.sides}) > 1 else "has no two sides that differ"
    for side in conflict.sides:
        fault = fault or _side(side, answer, quotes, shelf)
    return checked(f"conflict {number}", fault, f"each side stands in what it cites: {conflict.about}")


def _side(side: Side, answer: Answer, quotes: dict[int, Check], shelf: Shelf) -> str:
    """What is wrong with one side of a conflict; empty where nothing is."""
    if fault := _unknown(side.markers, quotes):
        return fault
    if lost := [marker for marker in side.markers if not quotes[marker].ok]:
        return f"rests on [{lost[0]}], which does not hold"
    cited = [(one.quote, shelf.document(one.source)) for one in answer.citations if one.marker in side.markers]
    stands = any(_stands(side.value, plain(quote, document.media_type)) for quote, document in cited if document)
    return "" if stands else f"says “{side.value}”, which stands in none of the quotes that it cites"


def _stands(value: str, quote: str) -> bool:
    """Whether a quote has a side's value (an ellipsis at its end aside), not cut out of a longer word or figure."""
    bare = " ".join(value.removesuffix(" …").split())
    around = (
        r"(?<!\d)" if bare[:1].isdigit() else r"(?<![^\W\d_])",
        r"(?!\d)" if bare[-1:].isdigit() else r"(?![^\W\d_])",
    )
    return bool(bare) and re.search(re.escape(bare).join(around), quote, re.IGNORECASE) is not None


def _unknown(markers: Iterable[int], quotes: dict[int, Check]) -> str:
    counts = Counter(markers)
    if missing := [f"[{marker}]" for marker in counts if marker not in quotes]:
        return f"cites {', '.join(missing)}, which the answer does not have"
    twice = [f"[{marker}]" for marker, count in counts.items() if count > 1]
    return f"cites {', '.join(twice)} twice" if twice else ""


def _summary(answer: Answer, checks: list[Check], quotes: list[Check], sentences: list[Check], shelf: Shelf) -> Check:
    ok = all(check.ok for check in checks)
    if answer.status == "abstained" and not answer.sentences and ok:
        return Check("summary", True, "an abstention, with nothing in it that could fail")
    counts = [
        f"{sum(check.ok for check in part)} of {len(part)} {what}"
        for part, what in ((quotes, "quotes"), (sentences, "sentences"))
    ]
    changed = f"; changed since: {', '.join(sorted(shelf.changed))}" if shelf.changed else ""
    return Check("summary", ok, f"{' and '.join(counts)} hold{changed}")


def _short(text: str) -> str:
    return " ".join(text.split())[:80] or "blanks"
