"""The face of "the documents don't say": why, which passages came nearest and what brought them, or what is denied."""

from collections.abc import Sequence
from dataclasses import replace

from rag.explaining import shared_words
from rag.retrieval import search_terms
from rag.text import stems
from rag.text import words as tokens
from rag.trust.premise import DENIAL, said_instead
from rag.types import Answer, Hit, Span
from rag.web import words
from rag.web.marking import Marks, where
from rag.web.markup import Layer, esc, excerpt, tagged
from rag.web.source import nearest

EXCERPT = 320
"""Characters of a passage in its card."""


def silent(found: Answer) -> str:
    """Why there is no answer, and the nearest passages with what brought them."""
    question = found.understood or found.question
    near = nearest(found)
    cards = "".join(_card(number, hit, question) for number, hit in enumerate(near, 1))
    listed = f'<h3 class="eyebrow">{words.NEAREST}</h3><ol class="cards">{cards}</ol>' if cards else ""
    reason = f'<p class="reason">{words.REASONS[found.reason]}</p>' if found.reason else ""
    return f'<p class="verdictless">{words.ABSTAINED}</p>{reason}{_missing(question, near)}{listed}'


def denial(found: Answer, marks: Marks) -> str:
    """What the question takes for granted, beside what the documents say instead."""
    lead = found.text[: found.sentences[0].start].strip()
    before, after = DENIAL.split("{assumed}")
    if not (lead.startswith(before) and lead.endswith(after)):
        return f'<p class="verdictless">{esc(lead)}</p>{marks.prose(found)}'
    assumed = lead.removeprefix(before).removesuffix(after)
    question, sentence = found.understood or found.question, found.sentences[0].text
    prose = marks.prose(replace(found, short=said_instead(question, assumed, sentence) or None))
    origins = "".join(
        f'<p class="from"><cite>{esc(one.title)}</cite><span class="where">{where(one)}</span></p>'
        for one in found.citations
    )
    return (
        f'<p class="verdictless">{words.DENIED}</p><p class="reason">{words.REASONS["false_premise"]}</p>'
        f'<dl class="premise"><div><dt>{words.ASSUMED}</dt>'
        f'<dd class="assumed">{_assuming(question, assumed)}</dd></div>'
        f"<div><dt>{words.SAID_INSTEAD}</dt><dd>{prose}{origins}</dd></div></dl>"
    )


def _assuming(question: str, assumed: str) -> str:
    """The question with what it assumes marked; that alone where it does not stand there word for word."""
    at = question.find(assumed)
    if at < 0:
        return f"“{esc(assumed)}”"
    return tagged(question, Span(0, len(question)), [Layer(Span(at, at + len(assumed)), "mark", "differs")])


def _missing(question: str, near: tuple[Hit, ...]) -> str:
    """The words of the question that none of the nearest passages holds."""
    held = {word for hit in near for word in shared_words(question, hit)}
    lacking = [word for word in dict.fromkeys(search_terms(question)) if word not in held]
    if not near or not lacking:
        return ""
    listed = ", ".join(f"<b>{esc(word)}</b>" for word in _spelled(question, lacking))
    return f'<p class="reason">{words.NOWHERE} {listed}.</p>'


def _spelled(question: str, terms: Sequence[str]) -> list[str]:
    """The terms of a question as they are written in it."""
    spelled = {span.of(question).casefold(): span.of(question) for span in tokens(question)}
    return [spelled.get(word, word) for word in terms]


def _card(number: int, hit: Hit, question: str) -> str:
    passage = hit.passage
    held = shared_words(question, hit)
    page = words.PAGE.format(number=passage.page_first) if passage.page_first else ""
    place = " · ".join(part for part in (words.name(passage.source), page) if part)
    current = ' aria-current="true"' if number == 1 else ""
    shown = excerpt(_beginning(passage.text, passage.source, held), passage.source, EXCERPT)
    came = "".join(f"<span>{reason}</span>" for reason in _reasons(hit, _spelled(question, held)))
    return (
        f'<li><button type="button" class="card" data-open="p{number}"{current}><b>{esc(passage.title)}</b>'
        f'<span class="where">{esc(place)}</span><span class="excerpt">{_bold(shown, held)}</span>'
        f'<span class="came">{came}</span></button></li>'
    )


def _reasons(hit: Hit, held: list[str]) -> list[str]:
    """Why this passage came, in words; escaped."""
    listed = ", ".join(f"<b>{esc(word)}</b>" for word in dict.fromkeys(held))
    shown = [words.HOLDS.format(words=listed)] if held else []
    if (rank := hit.ranks.get("dense")) is not None:
        near = words.NEAREST_IN_MEANING if rank == 1 else words.NEAR_IN_MEANING.format(place=words.ordinal(rank))
        cosine = hit.scores.get("dense")
        shown.append(near if cosine is None else f"{near} ({cosine:.2f})")
    if held and (rank := hit.ranks.get("lexical")) is not None:
        shown.append(words.BEST_BY_WORDS if rank == 1 else words.GOOD_BY_WORDS.format(place=words.ordinal(rank)))
    return shown or [words.HOLDS_NONE]


def _beginning(text: str, source: str, held: list[str]) -> str:
    """The passage from near the first word that the question shares with it, where that stands far into it."""
    wanted = {stem for word in held for stem in stems(word)}
    at = next((span.start for span in tokens(text) if wanted.intersection(stems(span.of(text)))), 0)
    return text if at < EXCERPT // 2 else "… " + text[text.rfind(" ", 0, at - 60) + 1 :]


def _bold(text: str, held: list[str]) -> str:
    """The words of `text` that the question has too, in bold; escaped."""
    wanted = {stem for word in held for stem in stems(word)}
    layers = [Layer(span, "strong") for span in tokens(text) if wanted.intersection(stems(span.of(text)))]
    return tagged(text, Span(0, len(text)), layers)
