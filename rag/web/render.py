"""The left side of the page: the question's echo, the answer as it grows, and an honest abstention."""

from collections import Counter
from collections.abc import Sequence

from rag.types import Answer, Citation, Conflict, Sentence, Side, Span, Step, Turn, Verdict
from rag.web import why, words
from rag.web.markup import Layer, esc, exact, excerpt, icon, tagged
from rag.web.source import nearest

EXCERPT = 320
"""Characters of a passage shown under an abstention."""


def step(question: str, now: Step | None, documents: int) -> str:
    """The answer's column while work is under way: a quiet line on the stage, and the sentences so far."""
    asked = _question(question, now.understood if now else None)
    line = words.SEARCHING.format(documents=words.count(documents, "document"))
    sofar = ""
    if now is not None:
        line = _stage(now)
        sofar = _prose(now.answer, False) if now.answer and now.answer.sentences else ""
    stage = f'<p class="stage" role="status">{esc(line)}…</p>'
    return f'<section class="answer" aria-busy="true">{asked}{sofar}{stage}</section>'


def answer(found: Answer) -> str:
    """The whole answer, or the abstention, with its facts beneath."""
    if found.status == "abstained":
        return _abstention(found)
    withheld = [sentence for sentence in found.sentences if sentence.withheld]
    held = "".join(
        f'<p class="note">{words.WITHHELD} {_marks(found, sentence.citations, None)}</p>' for sentence in withheld
    )
    conflicts = _conflicts(found) if found.conflicts else ""
    return (
        f'<section class="answer" data-done>{_asked(found)}{_prose(found, True)}{_notes(found)}{held}'
        f"{conflicts}{_footer(found)}{why.table(found)}</section>"
    )


def past(turns: Sequence[Turn]) -> str:
    """The turns before the question at hand, the oldest first, each with its own marks; empty where there are none."""
    shown = "".join(
        f'<div class="turn" data-turn="{number}">{_past(turn.answer)}</div>'
        for number, turn in enumerate(turns, 1)
        if turn.answer is not None
    )
    return f'<section class="past" aria-label="{words.EARLIER_TURNS}">{shown}</section>' if shown else ""


def afresh() -> str:
    """The way out of a conversation."""
    return (
        f'<div class="afresh"><span>{words.FOLLOW_UP}</span>'
        f'<button type="button" class="quiet" data-new>{icon("new")}{words.NEW_CONVERSATION}</button></div>'
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
    tried = f'<h3 class="eyebrow">{words.EXAMPLES_TITLE}</h3><div class="chips">{chips}</div>' if chips else ""
    return f'<section class="welcome"><p class="lead">{words.WELCOME}</p><p>{words.WELCOME_MORE}</p>{tried}</section>'


def as_text(found: Answer) -> str:
    """The answer with its marks, where the sources differ, and a footnote with the exact quote for each mark."""
    differ = [_differing(conflict) for conflict in found.conflicts]
    notes = [_footnote(citation) for citation in found.citations]
    understood = words.UNDERSTOOD.format(question=found.understood) if found.understood else ""
    parts = [found.question, understood, str(found), "\n".join(differ), "\n".join(notes)]
    return "\n\n".join(part for part in parts if part).strip() + "\n"


def _differing(conflict: Conflict) -> str:
    """One line on a conflict: its sides with their marks, and its note."""
    sides = " / ".join(f"{side.value} {''.join(f'[{marker}]' for marker in side.markers)}" for side in conflict.sides)
    return f"{words.CONFLICTS}. {conflict.about.removesuffix('.')}: {sides}. {conflict.note}".rstrip()


def _stage(now: Step) -> str:
    sentences = len(now.answer.sentences) if now.answer else 0
    if now.stage == "search":
        return words.READING.format(passages=words.count(len(now.hits), "passage"))
    if now.stage == "verify":
        return words.CHECKING.format(sentences=words.count(sentences, "sentence"))
    return words.ANSWERING


def _question(question: str, understood: str | None = None) -> str:
    meant = f'<p class="understood">{esc(words.UNDERSTOOD.format(question=understood))}</p>' if understood else ""
    return f'<h2 class="question">{esc(question)}</h2>{meant}'


def _asked(found: Answer) -> str:
    return _question(found.question, found.understood)


def _past(found: Answer) -> str:
    """An earlier answer: its question, what was said and how it was judged, and where its sources differ."""
    if found.status == "abstained":
        lead = found.text[: found.sentences[0].start].strip() if found.sentences else words.ABSTAINED
        said = f'<p class="verdictless">{esc(lead)}</p>{_prose(found, True, open_=False) if found.sentences else ""}'
    else:
        said = _prose(found, True, open_=False) + (_conflicts(found) if found.conflicts else "")
    return f'<section class="answer">{_asked(found)}{said}</section>'


def _prose(found: Answer, whole: bool, *, open_: bool = True) -> str:
    """The sentences in the paragraphs of `found.text`, each with its marks and its verdict; the first mark `open_`."""
    first = found.citations[0].marker if found.citations and whole and open_ else None
    shown, at = ["<p>"], 0
    for sentence in found.sentences:
        if sentence.withheld:
            continue
        between = found.text[at : sentence.start]
        shown.append("</p><p>" if "\n\n" in between and at else " ")
        shown.append(_sentence(found, sentence, whole, first))
        first = None
        at = sentence.end
    return f'<div class="prose">{"".join(shown)}</p></div>'


def _sentence(found: Answer, sentence: Sentence, whole: bool, open_: int | None) -> str:
    layers = [Layer(span, "u", "unproved", words.UNSUPPORTED_WORDS) for span in sentence.verdict.unsupported]
    if found.short and (at := sentence.text.find(found.short)) >= 0:
        layers.append(Layer(Span(at, at + len(found.short)), "strong"))
    text = tagged(sentence.text, Span(0, len(sentence.text)), layers)
    checked = _verdict(sentence.verdict) if whole else ""
    proof = f'<span class="proof">{_marks(found, sentence.citations, open_)}{checked}</span>'
    return f'<span class="sentence">{text}{proof}</span>'


def _marks(found: Answer, markers: Sequence[int], open_: int | None) -> str:
    titles = {citation.marker: citation.title for citation in found.citations}
    shown = []
    for marker in markers:
        if marker not in titles:
            shown.append(f'<span class="mark mark--lost">{marker}</span>')
            continue
        label = words.SHOW.format(n=marker, title=titles[marker])
        current = ' aria-current="true"' if marker == open_ else ""
        shown.append(
            f'<button type="button" class="mark" data-open="c{marker}" aria-label="{esc(label)}"'
            f' title="{esc(titles[marker])}"{current}>{marker}</button>'
        )
    return "".join(shown)


def _verdict(verdict: Verdict) -> str:
    word, meaning = words.VERDICTS[verdict.label]
    support = f" ({verdict.support:.0%})" if verdict.support is not None and verdict.label != "unchecked" else ""
    notes = " ".join((meaning, *verdict.notes))
    return (
        f'<span class="verdict verdict--{verdict.label}" title="{esc(f"{word}{support}: {notes}")}">'
        f'{icon(verdict.label)}<span class="word">{word}</span></span>'
    )


def _notes(found: Answer) -> str:
    notes = [*found.notes]
    notes += [note for sentence in found.sentences if not sentence.withheld for note in sentence.verdict.notes]
    items = "".join(f"<li>{esc(note)}</li>" for note in dict.fromkeys(notes))
    return f'<ul class="notes">{items}</ul>' if items else ""


def _conflicts(found: Answer) -> str:
    shown = "".join(_conflict(found, conflict) for conflict in found.conflicts)
    return f'<section class="conflicts"><h3>{icon("differ")}{words.CONFLICTS}</h3>{shown}</section>'


def _conflict(found: Answer, conflict: Conflict) -> str:
    sides = "".join(_side(found, side) for side in conflict.sides)
    note = f'<p class="aside">{esc(conflict.note)}</p>' if conflict.note else ""
    return f'<p class="about">{esc(conflict.about)}</p><ul>{sides}</ul>{note}'


def _side(found: Answer, side: Side) -> str:
    """What one side says, in its own words, with their document and its date."""
    cited = {citation.marker: citation for citation in found.citations}
    quotes = []
    for citation in (cited[marker] for marker in side.markers if marker in cited):
        where = " · ".join(part for part in (citation.title, words.day(citation.date)) if part)
        quote = esc(excerpt(citation.quote, citation.source, EXCERPT))
        quotes.append(f"<q>{quote}</q><cite>{esc(where)}</cite>")
    told = "".join(f'<p class="side">{quote}</p>' for quote in quotes)
    return f"<li><span>{esc(side.value)}</span>{_marks(found, side.markers, None)}{told}</li>"


def _footer(found: Answer) -> str:
    shown = [sentence.verdict.label for sentence in found.sentences if not sentence.withheld]
    facts = [
        f'<span class="fact">{icon(label)}{words.count(number, "sentence")} {words.VERDICTS[label][0].lower()}</span>'
        for label, number in Counter(shown).most_common()
    ]
    facts.append(f'<span class="fact">{words.count(len({one.source for one in found.citations}), "document")}</span>')
    facts += _written(found) + _time(found)
    copy = (
        f'<button type="button" class="quiet" data-copy data-done="{words.COPIED}">{icon("copy")}'
        f"<span>{words.COPY}</span></button>"
        f'<span class="footnotes" hidden>{esc(as_text(found))}</span>'
    )
    return f'<footer class="facts">{"".join(facts)}{copy}</footer>'


def _written(found: Answer) -> list[str]:
    """Which chat model was asked, and how much it read and wrote."""
    if found.usage is None:
        return []
    tokens = words.count(sum(found.usage.values()), "token")
    written = f"{found.model}, {tokens}" if found.model != "extractive" else tokens
    return [f'<span class="fact">{esc(written)}</span>']


def _time(found: Answer) -> list[str]:
    total = found.seconds.get("total")
    return [] if total is None else [f'<span class="fact">{words.seconds(total)}</span>']


def _footnote(citation: Citation) -> str:
    where = [citation.title, words.name(citation.source)]
    where += [f"p. {citation.page}"] if citation.page else []
    where += [citation.date] if citation.date else []
    return f"[{citation.marker}] {', '.join(where)}: “{' '.join(citation.quote.split())}”"


def _abstention(found: Answer) -> str:
    if found.sentences:
        return _denial(found)
    reason = words.REASONS[found.reason] if found.reason else ""
    cards = "".join(_card(number, hit.passage.title, hit.passage.source, hit.passage.page_first, hit.passage.text)
                    for number, hit in enumerate(nearest(found), 1))  # fmt: skip
    near = f'<h3 class="eyebrow">{words.NEAREST}</h3><ol class="cards">{cards}</ol>' if cards else ""
    time = "".join(_written(found) + _time(found))
    return (
        f'<section class="answer answer--abstained" data-done>{_asked(found)}'
        f'<p class="verdictless">{words.ABSTAINED}</p>'
        f'<p class="reason">{esc(reason)}</p>{_notes(found)}{near}'
        f'<footer class="facts">{time}</footer>{why.table(found)}</section>'
    )


def _denial(found: Answer) -> str:
    """A false premise, and the words that contradict it."""
    lead = found.text[: found.sentences[0].start].strip()
    return (
        f'<section class="answer answer--abstained" data-done>{_asked(found)}'
        f'<p class="verdictless">{esc(lead)}</p>{_prose(found, True)}{_footer(found)}{why.table(found)}</section>'
    )


def _card(number: int, title: str, source: str, page: int | None, text: str) -> str:
    where = words.name(source) + (f" · page {page}" if page else "")
    current = ' aria-current="true"' if number == 1 else ""
    return (
        f'<li><button type="button" class="card" data-open="p{number}"{current}><b>{esc(title)}</b>'
        f'<span class="where">{esc(where)}</span>'
        f'<span class="excerpt">{esc(excerpt(text, source, EXCERPT))}</span></button></li>'
    )
