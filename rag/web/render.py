"""The left side of the page: the question's echo, the answer as it grows, and the answer as it stands."""

from collections.abc import Sequence

from rag.types import Answer, Turn
from rag.web import differing, footing, silence, stages, why, words
from rag.web.marking import Marks
from rag.web.markup import esc, exact, icon
from rag.web.saved import Link
from rag.web.stages import Progress


def step(question: str, now: Progress) -> str:
    """The answer's column while work is under way: the sentences so far, and how far it is."""
    asked = _question(question, now.understood)
    marks = Marks(now.answer) if now.answer else None
    sofar = (
        marks.prose(now.answer, whole=False) + marks.cards() if marks and now.answer and now.answer.sentences else ""
    )
    return (
        f'<section class="answer" aria-busy="true" data-say="{esc(now.said)}">{asked}{sofar}{stages.row(now)}</section>'
    )


def answer(found: Answer, below: str = "", *, link: Link | None = None, since: Sequence[str] = ()) -> str:
    """The whole answer, or the abstention, with its facts and `below` beneath.

    `link` is where it is kept; `since` are lines on an answer given earlier.
    """
    marks = Marks(found, open_=True)
    kept = f' data-link="{esc(link.query)}" data-answer="{esc(link.id)}"' if link else ""
    earlier = f'<ul class="since">{"".join(f"<li>{esc(line)}</li>" for line in since)}</ul>' if since else ""
    if found.status == "answered":
        name, said = "answer", marks.prose(found) + _notes(found) + _withheld(found, marks)
        said += differing.conflicts(found, marks)
    else:
        name, said = "answer answer--abstained", _abstained(found, marks)
    return (
        f'<section class="{name}" data-done data-say="{esc(_said(found))}"{kept}>{_asked(found)}{earlier}{said}'
        f"{marks.cards()}{footing.footer(found, link)}{below}{footing.made(found)}{why.table(found)}{_keys(found)}"
        "</section>"
    )


def past(turns: Sequence[Turn], below: Sequence[str] = ()) -> str:
    """The turns before the question at hand, the oldest first, each with its own marks; empty where there are none.

    What is `below` them is as long as they are, or empty.
    """
    shown = "".join(
        f'<div class="turn" data-turn="{number}">{_past(turn, str(number), under)}</div>'
        for number, (turn, under) in enumerate(zip(turns, below or [""] * len(turns), strict=True), 1)
    )
    return f'<section class="past" aria-label="{words.EARLIER_TURNS}">{shown}</section>' if shown else ""


def afresh() -> str:
    """The way out of a conversation."""
    return (
        f'<div class="afresh"><button type="button" class="quiet" data-new>{icon("new")}{words.NEW_CONVERSATION}'
        "</button></div>"
    )


def waiting(question: str, before: int) -> str:
    """A question that waits for so many others."""
    told = words.IN_LINE.format(questions=words.count(before, "question"))
    return (
        f'<section class="answer" aria-busy="true" data-say="{esc(told)}">{_question(question)}'
        f'<ol class="stages"><li class="stage stage--now" aria-current="step">{esc(told)}…</li></ol></section>'
    )


def stopped(question: str) -> str:
    """A question that was stopped."""
    return (
        f'<section class="answer" data-stopped data-say="{words.STOPPED}">{_question(question)}'
        f'<p class="note">{words.STOPPED}</p></section>'
    )


def fault(question: str, message: str) -> str:
    """One clear line in place of an answer."""
    return f'<section class="answer">{_question(question)}{alert(message)}</section>'


def alert(message: str) -> str:
    """One clear line on what went wrong."""
    return f'<p class="fault" role="alert">{icon("fault")}<span>{esc(message)}</span></p>'


def welcome(documents: int, examples: Sequence[str]) -> str:
    """What stands under the question box before the first question."""
    if not documents:
        return (
            f'<section class="welcome"><p class="lead">{words.EMPTY_LIBRARY}</p><p>{words.EMPTY_LIBRARY_MORE}</p>'
            f'<button type="button" class="primary" data-room>{words.ADD_DOCUMENTS}</button></section>'
        )
    chips = "".join(
        f'<button type="button" class="chip" data-question="{exact(one)}">{esc(one)}</button>' for one in examples
    )
    tried = f'<h2 class="eyebrow">{words.EXAMPLES_TITLE}</h2><div class="chips">{chips}</div>' if chips else ""
    return f'<section class="welcome"><p class="lead">{words.WELCOME}</p><p>{words.WELCOME_MORE}</p>{tried}</section>'


def _question(question: str, understood: str | None = None) -> str:
    meant = f'<p class="understood">{esc(words.UNDERSTOOD.format(question=understood))}</p>' if understood else ""
    return f'<h2 class="question">{esc(question)}</h2>{meant}'


def _asked(found: Answer) -> str:
    return _question(found.question, found.understood)


def _said(found: Answer) -> str:
    """What is told to those who do not see that the answer has come."""
    if found.status == "abstained":
        return words.ABSTAINED if not found.sentences else words.DENIED
    sentences = words.count(sum(not one.withheld for one in found.sentences), "sentence")
    return words.ANSWERED.format(sentences=sentences, sources=words.count(len(found.citations), "source"))


def _past(turn: Turn, number: str, below: str) -> str:
    """An earlier answer: its question, what was said and how it was judged, and where its sources differ."""
    found = turn.answer
    if found is None:
        gone = f'<p class="note">{words.ANSWER_GONE}</p>'
        return f'<section class="answer">{_question(turn.question, turn.understood)}{gone}</section>'
    marks = Marks(found, number)
    if found.status == "abstained":
        lead = found.text[: found.sentences[0].start].strip() if found.sentences else words.ABSTAINED
        said = f'<p class="verdictless">{esc(lead)}</p>{marks.prose(found) if found.sentences else ""}'
    else:
        said = marks.prose(found) + differing.conflicts(found, marks)
    return f'<section class="answer">{_asked(found)}{said}{marks.cards()}{below}</section>'


def _abstained(found: Answer, marks: Marks) -> str:
    said = silence.denial(found, marks) if found.sentences else silence.silent(found)
    return said + _notes(found)


def _withheld(found: Answer, marks: Marks) -> str:
    """That a sentence is not shown, and which words say otherwise."""
    return "".join(
        f'<p class="note verdict--contradicted">{icon("contradicted")}<span>{words.WITHHELD}'
        f" {marks.of(sentence.citations, sentence.verdict)}</span></p>"
        for sentence in found.sentences
        if sentence.withheld
    )


def _notes(found: Answer) -> str:
    notes = [*found.notes]
    notes += [note for sentence in found.sentences if not sentence.withheld for note in sentence.verdict.notes]
    items = "".join(f"<li>{esc(note)}</li>" for note in dict.fromkeys(notes))
    return f'<ul class="notes">{items}</ul>' if items else ""


def _keys(found: Answer) -> str:
    """The keys that work here, for those who have some."""
    keys = words.KEYS if found.citations or found.evidence else words.KEYS[:1]
    shown = "".join(
        f"<span>{''.join(f'<kbd>{esc(key)}</kbd>' for key in pressed)} {does}</span>" for pressed, does in keys
    )
    return f'<p class="keys">{shown}</p>'
