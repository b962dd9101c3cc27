"""The sentences of an answer with their verdicts, and the marks that lead to the words they rest on."""

from collections.abc import Sequence

from rag.answering.short import where as short_answer
from rag.text import plain
from rag.types import Answer, Citation, Sentence, Span, Verdict
from rag.web import words
from rag.web.markup import Layer, esc, excerpt, icon, tagged

QUOTE = 420
"""Characters of a quote in the card of a mark."""


class Marks:
    """The marks of one answer, each with the card that shows its quote.

    `turn` tells answers on one page apart. The first mark made `open_` is the one whose source is shown.
    """

    def __init__(self, found: Answer, turn: str = "now", *, open_: bool = False) -> None:
        self._cited = {citation.marker: citation for citation in found.citations}
        self._turn = turn
        self._open = found.citations[0].marker if open_ and found.citations else None
        self._cards: list[str] = []

    def of(self, markers: Sequence[int], verdict: Verdict | None = None) -> str:
        """Buttons for `markers`, in order; their cards tell the `verdict` on the sentence before them."""
        return "".join(self._mark(marker, verdict) for marker in markers)

    def prose(self, found: Answer, *, whole: bool = True) -> str:
        """The sentences in the paragraphs of `found.text`; with their verdicts, where the answer is `whole`."""
        shown, at = ["<p>"], found.sentences[0].start if found.sentences else 0
        said, short = short_answer(found) or (None, None)
        for number, sentence in enumerate(found.sentences):
            if sentence.withheld:
                continue
            between = found.text[at : sentence.start]
            shown.append("</p><p>" if "\n\n" in between else " ")
            shown.append(self._sentence(found, sentence, whole, short if number == said else None))
            at = sentence.end
        return f'<div class="prose">{"".join(shown)}</p></div>'

    def cards(self) -> str:
        """The cards of all marks made so far; to stand anywhere in the same answer."""
        return f'<div class="peeks">{"".join(self._cards)}</div>' if self._cards else ""

    def _sentence(self, found: Answer, sentence: Sentence, whole: bool, short: Span | None) -> str:
        lacking = self._tip(sentence.verdict) if sentence.verdict.unsupported else ""
        layers = [Layer(span, "u", "unproved", described=lacking) for span in sentence.verdict.unsupported]
        if short:
            layers.append(Layer(short, "strong"))
        text = tagged(sentence.text, Span(0, len(sentence.text)), layers)
        tag, about = ("q", f' title="{words.WORD_FOR_WORD}"') if self._quoted(found, sentence) else ("span", "")
        judged = f" sentence--{sentence.verdict.label}" if whole else ""
        proof = self.of(sentence.citations, sentence.verdict if whole else None)
        proof += verdict(sentence.verdict) if whole else ""
        return f'<span class="sentence{judged}"><{tag} class="said"{about}>{text}</{tag}>' + (
            f'<span class="proof">{proof}</span></span>' if proof else "</span>"
        )

    def _quoted(self, found: Answer, sentence: Sentence) -> bool:
        """Whether it stands word for word in what it cites, amid an answer that a chat model wrote."""
        if found.model == "extractive":
            return False
        said = plain(sentence.text)
        kinds = ("text/plain", "text/markdown")
        quotes = (self._cited[one].quote for one in sentence.citations if one in self._cited)
        return any(said in plain(quote, kind) for quote in quotes for kind in kinds)

    def _mark(self, marker: int, judged: Verdict | None) -> str:
        citation = self._cited.get(marker)
        if citation is None:
            return f'<span class="mark mark--lost" title="{words.LOST_MARK}">{marker}</span>'
        current = ' aria-current="true"' if marker == self._open else ""
        self._open = None if current else self._open
        label = words.SHOW.format(n=marker, title=citation.title)
        card = self._card(_quote(citation) + (_judged(judged) if judged else ""))
        return (
            f'<button type="button" class="mark" data-open="c{marker}" data-peek="{card}" aria-describedby="{card}"'
            f' aria-label="{esc(label)}"{current}>{marker}</button>'
        )

    def _tip(self, judged: Verdict) -> str:
        """The card that says what is missing of a sentence; its id."""
        notes = "".join(f"<p>{esc(note)}</p>" for note in judged.notes)
        return self._card(f'<p class="peek-head">{icon(judged.label)}{words.UNSUPPORTED_WORDS}</p>{notes}')

    def _card(self, shown: str) -> str:
        card = f"peek-{self._turn}-{len(self._cards) + 1}"
        self._cards.append(f'<div class="peek" id="{card}" role="tooltip" popover="manual">{shown}</div>')
        return card


def verdict(judged: Verdict) -> str:
    """A verdict as an icon and a word; the word of a good one is seen on hovering, and always heard."""
    word, meaning = words.VERDICTS[judged.label]
    support = f" ({judged.support:.0%})" if judged.support is not None and judged.label != "unchecked" else ""
    notes = " ".join((meaning, *judged.notes))
    return (
        f'<span class="verdict verdict--{judged.label}" title="{esc(f"{word}{support}: {notes}")}">'
        f'{icon(judged.label)}<span class="word">{word}</span></span>'
    )


def where(citation: Citation) -> str:
    """File, page and date of what is cited, escaped."""
    page = words.PAGE.format(number=citation.page) if citation.page else ""
    return " · ".join(esc(part) for part in (words.name(citation.source), page, words.day(citation.date)) if part)


def _quote(citation: Citation) -> str:
    quote = esc(excerpt(citation.quote, citation.source, QUOTE))
    return (
        f'<p class="peek-head">{esc(citation.title)}</p><p class="where">{where(citation)}</p>'
        f"<blockquote>{quote}</blockquote>"
    )


def _judged(judged: Verdict) -> str:
    word, meaning = words.VERDICTS[judged.label]
    return f'<p class="peek-verdict verdict--{judged.label}">{icon(judged.label)}<b>{word}</b> {meaning}</p>'
