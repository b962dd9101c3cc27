"""Characters that no reader sees: a report names them, so that nothing asked, answered or quoted stays out of sight."""

import re

_HIDDEN = re.compile(
    "["
    r"\x00-\x08\x0b\x0e-\x1f\x7f-\x9f"  # controls, besides tabs and breaks of lines and pages
    r"\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # of no width, or steering
    r"\U000e0000-\U000e007f\ud800-\udfff"  # tags, and halves of characters
    "]"
    r"|(?<=[\x21-\u052f])[\u200c\u200d]"  # joiners, which Latin, Greek and Cyrillic letters have no use for
)


def visible(text: str) -> str:
    """`text` with each unseen character as its code, such as ⟨U+202E⟩."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", text)
