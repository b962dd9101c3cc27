"""Text of documents made fit to be shown to a chat model: data that cannot pass for anything else."""

import re

from rag.unseen import visible

_NUMBERED = re.compile(r"[\[【［]([^\[\]【】［］]*\d[^\[\]【】［］]*)[\]】］]")
_SOURCE = re.compile(r"\((?=\s*(?:sources?|passages?|evidence)\b[^()]*\d)([^()]*)\)", re.IGNORECASE)
_TAG = re.compile(r"<(?=[|｜/!a-zA-Z<])")
_INSTRUCTION = re.compile(r"\[(?=/?(?:INST|SYS)\b)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def inert(text: str) -> str:
    """`text` on one line, without what a reader would not see, a mark of ours, or a tag of a fence or chat template.

    `[3]` becomes `(3)`, `<|im_end|>` becomes `< |im_end|>`; nothing else changes.
    """
    text = " ".join(_CONTROL.sub(" ", visible(text)).split())
    text = _SOURCE.sub(r"\1", _NUMBERED.sub(r"(\1)", text))
    return _INSTRUCTION.sub("[ ", _TAG.sub("< ", text))
