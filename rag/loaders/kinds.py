"""What kind of document the bytes are: by what they hold first, then by suffix or the server's word."""

import io
import re
import zipfile
from pathlib import PurePosixPath

import filetype

from rag.errors import LoadError
from rag.loaders.encoding import is_text
from rag.loaders.sources import Raw, is_address

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
EPUB = "application/epub+zip"
HTML = "text/html"
MARKDOWN = "text/markdown"
CSV = "text/csv"
MAIL = "message/rfc822"
TEXT = "text/plain"

_SUFFIXES = {
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mdown": MARKDOWN,
    ".mkd": MARKDOWN,
    ".csv": CSV,
    ".tsv": CSV,
    ".tab": CSV,
    ".eml": MAIL,
}
_SERVED = {
    HTML: HTML,
    "application/xhtml+xml": HTML,
    MARKDOWN: MARKDOWN,
    CSV: CSV,
    "text/tab-separated-values": CSV,
    MAIL: MAIL,
}
_PARTS = {"word/document": DOCX, "ppt/presentation": PPTX, "xl/workbook": XLSX}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_OPENING = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_LARGEST_UNPACKED = 500_000_000
"""Bytes that all parts of a zipped document may fill together; a zip bomb fills more."""


def is_pdf(raw: Raw) -> bool:
    """Whether `raw` holds a PDF, which may begin with some bytes of something else."""
    head = raw.data[:1024]
    return b"%PDF-" in head and head.lstrip()[:1] != b"<"


def kind_of(raw: Raw) -> str:
    """The media type by which `raw` is to be read. Raises `LoadError`: `unsupported`, `password` or `broken`."""
    if is_pdf(raw):
        return PDF
    head = raw.data[:1024]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(raw)
    if head.startswith(_OLE):
        return _old_office(raw)
    if head.startswith(b"{\\rtf"):
        raise LoadError("unsupported", f"{raw.name}: rich text (RTF) cannot be read; save it as DOCX or PDF")
    if not is_text(raw.data):
        guess = filetype.guess(raw.data)
        if guess is not None:
            raise LoadError(
                "unsupported", f"{raw.name}: {guess.mime} holds no text that can be read; add the text itself"
            )
    return _text_kind(raw)


def _text_kind(raw: Raw) -> str:
    served = _SERVED.get((raw.media_type or "").split(";")[0].strip().lower())
    if served == HTML and is_address(raw.source):  # a page may be called README.md
        return HTML
    suffix = PurePosixPath(raw.name).suffix.lower()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if served:
        return served
    if suffix == "" and re.match(
        rb"(?:[A-Za-z-]+: .*\r?\n(?:[ \t].*\r?\n)*)*?(?:From|Return-Path|Received|Message-ID): ", raw.data[:8192]
    ):
        return MAIL
    return HTML if suffix in ("", ".php", ".asp", ".aspx", ".jsp") and _HTML_OPENING.match(raw.data[:4096]) else TEXT


def _zipped(raw: Raw) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
                raise LoadError(
                    "too_large", f"{raw.name}: unpacks to more than {_LARGEST_UNPACKED // 1_000_000} MB; split it"
                )
            if any(part.flag_bits & 1 for part in parts):
                raise LoadError(
                    "password", f"{raw.name}: the archive is encrypted; save the document without a password"
                )
            names = {part.filename for part in parts}
            mimetype = archive.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise LoadError(
            "broken", f"{raw.name}: the file is damaged ({_short(error)}); save or download it again"
        ) from None
    if mimetype in (EPUB, ODS):
        return mimetype
    for part, kind in _PARTS.items():
        if f"{part}.xml" in names or f"{part}.bin" in names:
            return kind
    if "META-INF/container.xml" in names:
        return EPUB
    if mimetype.startswith("application/vnd.oasis.opendocument"):
        raise LoadError("unsupported", f"{raw.name}: OpenDocument text cannot be read; save it as DOCX or PDF")
    raise LoadError("unsupported", f"{raw.name}: an archive; unpack it and add the folder")


def _old_office(raw: Raw) -> str:
    names = raw.data
    if "EncryptedPackage".encode("utf-16-le") in names:
        raise LoadError("password", f"{raw.name}: the document is encrypted; save it without a password")
    if "Workbook".encode("utf-16-le") in names or "Book\0".encode("utf-16-le") in names:
        return XLS
    raise LoadError("unsupported", f"{raw.name}: an old Office format; save it as DOCX, PPTX or PDF")


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
