"""Characters that no reader sees, and that can hide, join or reorder the ones beside them."""

import re

_UNSEEN = (
    r"\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
"""Soft hyphens, marks and overrides of direction (Unicode UAX 9), zero-width spaces, invisible operators and tags."""
_JOINERS = "\u200c\u200d"
_UNJOINED = r"\x00-\u052f\u1e00-\u1fff"
"""Latin, Greek and Cyrillic letters, digits and marks; others need joiners, and so do emoji."""

UNSEEN = re.compile(f"[{_UNSEEN}]+|(?<=[{_UNJOINED}{_UNSEEN}])[{_JOINERS}]+|[{_JOINERS}]+(?=[{_UNJOINED}{_UNSEEN}])")
_STEERING = re.compile(rf"[\x7f-\x9f{_UNSEEN}{_JOINERS}\ud800-\udfff]")


def visible(text: str) -> str:
    """`text` in the order in which its characters stand, without those that no reader sees."""
    return UNSEEN.sub("", text)


def escaped(json: str) -> str:
    """JSON text that means the same, and in which nothing is unseen or steers a terminal."""
    return _STEERING.sub(lambda match: _escape(ord(match.group())), json)


def _escape(code: int) -> str:
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
