"""Bytes become characters, whatever encoding they were written in."""

import codecs
import re

from rag.errors import LoadError
from rag.loaders.drafts import valid

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_COMMON = ("cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257")
"""Among encodings that read a text equally well, the ones that files are really written in, commonest first."""
_ODD = re.compile(r"(?<=[^\W\d_])[¡£¤¥¦¨¬¯±³´¶¸¹¼¾¿×÷]|[³¹¼¾](?=[^\W\d_])|[\x00-\x08\x0e-\x1a\x7f-\x9f]")
"""Signs inside words: the mark of another alphabet read as Western European."""
_SAMPLE = 200_000
"""Bytes from which the encoding of a long file is guessed."""


def decode(data: bytes, name: str, declared: str | None = None) -> tuple[str, str]:
    """The characters of `data` and the encoding they were read in; a byte order mark goes, CRLF becomes LF.

    What decodes as UTF-8 is UTF-8; then `declared`, then a guess. Raises `LoadError`
    (`unsupported`) for what is not text.
    """
    text, encoding = _decode(data, name, declared)
    if len(_CONTROL.findall(text[:_SAMPLE])) * 20 > len(text[:_SAMPLE]):
        raise _not_text(name)
    return valid(text.replace("\r\n", "\n")), encoding


def is_text(data: bytes) -> bool:
    """Whether the opening bytes are UTF-8 or ASCII text, or bear a byte order mark."""
    head = data[:4096]
    if any(head.startswith(mark) for mark, _ in _MARKS):
        return True
    text = head.decode("utf-8", "ignore")
    return len(text.encode()) >= len(head) - 3 and len(_CONTROL.findall(text)) * 20 <= len(text)


def _decode(data: bytes, name: str, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace"), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if declared:
        try:
            return data.decode(declared), declared.lower()
        except (LookupError, UnicodeError):
            pass
    return _guess(data, name)


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of ordinary text is then NUL."""
    head = data[:4096]
    if len(data) % 2 or len(head) < 4:
        return None
    for encoding, nul, other in (("utf-16-le", head[1::2], head[0::2]), ("utf-16-be", head[0::2], head[1::2])):
        if nul.count(0) > 0.6 * len(nul) and not other.count(0):
            return encoding
    return None


def _guess(data: bytes, name: str) -> tuple[str, str]:
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(mark > "\x7f" for mark in text) - broken >= 4 * broken:  # UTF-8 with a few broken bytes
        return text, "utf-8"
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    high = sum(byte > 0x7F for byte in sample)
    found = from_bytes(sample, threshold=0.3)
    if not found or high < 0.02 * len(sample):  # a few accents or quotes say too little for a guess
        western = data.decode("cp1252", "replace")
        if western.count("\ufffd") * 50 <= high and not _ODD.search(western):
            return western, "cp1252"
    best = found.best()
    if best is None:
        raise _not_text(name)
    even = {one.encoding for one in found if one.chaos <= best.chaos + 0.02 and one.coherence >= best.coherence - 0.06}
    for common in _COMMON:
        text = data.decode(common, "replace") if common in even else ""
        if text and not (common == "cp1252" and _ODD.search(text)):
            return text, common
    return data.decode(best.encoding, "replace"), best.encoding


def _not_text(name: str) -> LoadError:
    return LoadError("unsupported", f"{name}: not a document that can be read; save it as PDF, DOCX, HTML or text")
