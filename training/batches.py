"""Examples as numbers: tokens of the pair, and labels by token."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor
from torch.utils.data import Dataset

from rag.types import Span
from training.examples import NO_ANSWER, Example

LONGEST = 256
"""Tokens of a pair; what the evidence has beyond them is not read."""
STRETCH = 50
AT_ONCE = 2000
UNKNOWN = -1
CLS = (-1, 0, 0)
"""The place of the first token."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What a teacher says of one example, by the tokens of whoever is taught."""

    verdicts: NDArray[np.float16]
    """(3,) logits."""
    tokens: NDArray[np.float16]
    """(t, 3) logits."""


class Encoded(Dataset[dict[str, Any]]):
    """Examples in tokens. An answer that lies beyond the last token read leaves the example without its place."""

    def __init__(self, examples: Sequence[Example], tokenizer: Path, longest: int = LONGEST) -> None:
        self.examples = list(examples)
        self.taught: Sequence[Taught] | None = None
        given = Tokenizer.from_file(str(tokenizer))
        given.no_padding()
        given.enable_truncation(longest, strategy="longest_first")
        self._tokenizer = given
        self._lengths = [
            len(encoding.ids)
            for start in range(0, len(self.examples), AT_ONCE)
            for encoding in given.encode_batch(
                [(one.text, one.evidence) for one in self.examples[start : start + AT_ONCE]]
            )
        ]

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, at: int) -> dict[str, Any]:
        """Encoded when asked for: all at once would fill gigabytes."""
        example = self.examples[at]
        item = _encoded(example, self._tokenizer.encode(example.text, example.evidence))
        return item if self.taught is None else item | {"taught": self.taught[at]}

    def length(self, at: int) -> int:
        """Tokens of an example."""
        return self._lengths[at]

    def places_of(self, at: int) -> list[tuple[int, int, int]]:
        """For each token which text it is of (0 or 1; -1 for special ones) and its characters there."""
        item = self[at]
        inner = zip(item["sequences"], item["offsets"], strict=True)
        found = [(-2, 0, 0) if sequence is None else (sequence, *offset) for sequence, offset in inner]
        return [CLS, *found[1:]]


def _encoded(example: Example, encoding: Encoding) -> dict[str, Any]:
    sequences, offsets = encoding.sequence_ids, encoding.offsets
    kinds = encoding.type_ids if any(encoding.type_ids) else [int(sequence == 1) for sequence in sequences]
    unsupported = [UNKNOWN] * len(kinds)
    if example.unsupported is not None:
        for at, ((start, end), sequence) in enumerate(zip(offsets, sequences, strict=True)):
            if sequence == 0:
                unsupported[at] = int(any(start < span.end and end > span.start for span in example.unsupported))
    return {
        "input_ids": encoding.ids,
        "token_type_ids": kinds,
        "open_verdicts": [verdict in (example.verdicts or ()) for verdict in range(3)],
        "places": _places(example.answer, encoding),
        "unsupported": unsupported,
        "length": len(kinds),
        "offsets": offsets,
        "sequences": sequences,
    }


def _places(answer: Span | None, encoding: Encoding) -> tuple[int, int]:
    """The answer's first and last token; [CLS] twice for none, and -1 where it is not known or was cut off."""
    if answer is None:
        return UNKNOWN, UNKNOWN
    if answer == NO_ANSWER:
        return 0, 0
    inside = [
        at
        for at, (offset, sequence) in enumerate(zip(encoding.offsets, encoding.sequence_ids, strict=True))
        if sequence == 1 and offset[0] < answer.end and offset[1] > answer.start
    ]
    cut = not inside or encoding.offsets[inside[-1]][1] < answer.end
    return (UNKNOWN, UNKNOWN) if cut else (inside[0], inside[-1])


def of_like_length(data: Encoded, batch: int, seed: int) -> list[int]:
    """The places of the examples in an order in which each `batch` of them is of about one length, and batches mixed.

    Sorted by length within stretches of `STRETCH` batches, so that nearly nothing of a batch is padding.
    """
    random = Random(seed)  # noqa: S311 - no secret
    stretch = STRETCH * batch
    runs = [sorted(range(at, min(at + stretch, len(data))), key=data.length) for at in range(0, len(data), stretch)]
    batches = [run[at : at + batch] for run in runs for at in range(0, len(run), batch)]
    random.shuffle(batches)
    batches.sort(key=lambda own: len(own) < batch)  # the short one last, or all after it would be out of step
    return [at for own in batches for at in own]


def collated(items: Sequence[dict[str, Any]]) -> dict[str, Tensor]:
    """A batch: each row filled up to the longest."""
    width = max(item["length"] for item in items)

    def filled(name: str, empty: int) -> Tensor:
        return torch.tensor([[*item[name], *[empty] * (width - item["length"])] for item in items])

    batch = {
        "input_ids": filled("input_ids", 0),
        "attention_mask": torch.tensor([[1] * item["length"] + [0] * (width - item["length"]) for item in items]),
        "token_type_ids": filled("token_type_ids", 0),
        "open_verdicts": torch.tensor([item["open_verdicts"] for item in items]),
        "places": torch.tensor([item["places"] for item in items]),
        "unsupported": filled("unsupported", UNKNOWN),
    }
    if "taught" in items[0]:
        tokens = torch.full((len(items), width, 3), -1e4)
        for row, item in enumerate(items):
            tokens[row, : item["length"]] = torch.from_numpy(item["taught"].tokens.astype(np.float32))
        batch["taught_tokens"] = tokens
        batch["taught_verdicts"] = torch.from_numpy(np.stack([item["taught"].verdicts for item in items])).float()
    return batch
