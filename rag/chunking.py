"""Document → Passages: runs of whole sentences, pure and without any model."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable

from rag.text import count_words, plain, trail, units
from rag.types import Document, Page, Passage, Span

LONGEST_HEADING = 120
"""Characters of context that a heading may give."""


def passages(document: Document, words: int = 150, overlap: int = 1) -> list[Passage]:
    """Cut `document` into passages of about `words` words, each repeating the last `overlap` units of the one before.

    A passage never crosses a heading once it has half its words. Every passage satisfies
    `document.text[passage.start:passage.end] == passage.text`, and every unit of the text is in at least one.
    """
    found = units(document.text, media_type=document.media_type, language=document.language)
    starts = {heading.start for heading in document.headings}
    lengths = [count_words(span.of(document.text)) for span in found]
    return [
        _passage(document, found[first].start, found[last - 1].end)
        for first, last in _runs(found, lengths, starts, words, overlap)
    ]


def context(passage: Passage) -> str:
    """What the embedder sees: title and headings first, markup dropped. Not part of the passage's span."""
    lead = passage.title if not passage.heading else f"{passage.title} › {passage.heading}"
    return f"{plain(lead)}\n{plain(passage.text, passage.media_type)}"


def _runs(found: list[Span], lengths: list[int], headings: set[int], words: int, overlap: int) -> list[tuple[int, int]]:
    """Half-open ranges of units."""
    runs: list[tuple[int, int]] = []
    first, total = 0, 0
    for at, length in enumerate(lengths):
        opens_section = found[at].start in headings and total >= words / 2
        if at > first and (total + length > words * 1.15 or total >= words or opens_section):
            runs.append((first, at))
            first = at if opens_section else max(first + 1, at - overlap)
            while first < at and sum(lengths[first : at + 1]) > words:
                first += 1
            total = sum(lengths[first:at])
        total += length
    if first < len(found):
        if runs and total < words / 4 and found[first].start not in headings:
            runs[-1] = (runs[-1][0], len(found))
        else:
            runs.append((first, len(found)))
    return runs


def _passage(document: Document, start: int, end: int) -> Passage:
    text = document.text[start:end]
    key = f"{document.sha256}\n{document.source}\n{start}\n{end}"
    return Passage(
        id=hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=8).hexdigest(),
        document_id=document.id,
        source=document.source,
        title=document.title,
        start=start,
        end=end,
        text=text,
        heading=heading_at(document, start),
        page_first=page_of(document.pages, start),
        page_last=page_of(document.pages, end - 1),
        media_type=document.media_type,
        language=document.language,
    )


def heading_at(document: Document, at: int) -> str:
    """The headings in force at character `at`, outermost first, without one that only repeats the title."""
    named = (
        (heading.level, heading.start, plain(document.text[heading.start : heading.end], document.media_type))
        for heading in document.headings
    )
    return joined(trail(named, at), document.title)


def joined(names: Iterable[str], title: str) -> str:
    """Headings as one line of context."""
    return " › ".join(name[:LONGEST_HEADING] for name in names if name != title)


def page_of(pages: tuple[Page, ...], at: int) -> int | None:
    """The number of the page that holds character `at`; None for a document without pages."""
    if not pages:
        return None
    return pages[min(bisect_left([page.end for page in pages], at + 1), len(pages) - 1)].number
