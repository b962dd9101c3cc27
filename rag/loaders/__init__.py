"""Files, addresses and bytes become Documents; the kind is picked by what the bytes are, then by the suffix."""

from collections.abc import Callable
from functools import cache
from typing import Any

from rag.errors import LoadError
from rag.loaders.drafts import Draft
from rag.loaders.kinds import CSV, DOCX, EPUB, HTML, MAIL, MARKDOWN, ODS, PDF, PPTX, XLS, XLSX, kind_of
from rag.loaders.naming import clean_title, title_from_name
from rag.loaders.sources import Raw, document_id, fetch, find
from rag.text import count_words
from rag.text import plain as as_read  # `plain` is the name of a module here
from rag.types import Document

__all__ = ["Raw", "as_document", "document_id", "fetch", "find", "parse"]

_READ_FOR_LANGUAGE = 5_000
_FEWEST_WORDS = 20
_SUREST = 0.9
"""Probability from which a language counts as known."""


def parse(raw: Raw, *, password: str | None = None) -> Document:
    """The document in `raw`, its kind told by its bytes first; `password` opens an encrypted PDF.

    Raises `LoadError` whose kind is `empty`, `unsupported`, `password`, `no_text_layer`, `too_large` or `broken`.
    """
    return as_document(raw, lambda: _read(raw, kind_of(raw), password))


def as_document(raw: Raw, read: Callable[[], Draft]) -> Document:
    """The document of `raw`, whose draft `read` gives; whatever goes wrong becomes a `LoadError`, as in `parse`."""
    try:
        draft = read()
    except LoadError:
        raise
    except Exception as error:  # whatever a parser trips over in a damaged file
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise LoadError("broken", f"{raw.name}: the file is damaged ({reason}); save or download it again") from error
    if not draft.text.strip():
        raise LoadError("empty", f"{raw.name}: holds no text; nothing to index")
    return Document(
        id=document_id(raw.source),
        source=raw.source,
        sha256=raw.sha256,
        title=clean_title(draft.title) or title_from_name(raw.name),
        text=draft.text,
        media_type=draft.media_type,
        date=draft.date,
        language=_language(draft),
        pages=draft.pages,
        headings=draft.headings,
        metadata=draft.metadata,
    )


def _read(raw: Raw, kind: str, password: str | None) -> Draft:
    if kind == PDF:
        from rag.loaders.pdf import read_pdf

        return read_pdf(raw, password)
    if kind in (DOCX, PPTX, XLSX, XLS, ODS, CSV):
        from rag.loaders import office

        readers = {DOCX: office.read_docx, PPTX: office.read_pptx, CSV: office.read_csv}
        return readers[kind](raw) if kind in readers else office.read_sheets(raw, kind)
    if kind in (HTML, MARKDOWN, EPUB):
        from rag.loaders import markup

        return {HTML: markup.read_html, MARKDOWN: markup.read_markdown, EPUB: markup.read_epub}[kind](raw)
    from rag.loaders.plain import read_mail, read_text

    return read_mail(raw) if kind == MAIL else read_text(raw)


def _language(draft: Draft) -> str | None:
    """ISO 639-1 code of the language of the draft's first prose, or None where that cannot be told."""
    prose = as_read(draft.text[: 2 * _READ_FOR_LANGUAGE], draft.media_type)[:_READ_FOR_LANGUAGE]
    if count_words(prose) < _FEWEST_WORDS:
        return None
    language, probability = _identifier().classify(prose)
    return str(language) if probability >= _SUREST else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
