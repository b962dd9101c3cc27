"""Running a packaged BERT-like encoder with onnxruntime and tokenizers: no torch, and little to load."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from rag.errors import ModelError

LONGEST = 512
"""Tokens, special ones included: what these encoders were trained for."""
BATCH_TOKENS = 512
"""Padded tokens in one run: what lies between two layers (1,536 floats a token) then stays in a core's own cache."""
FEWEST_TOKENS = 128
"""A run smaller than this is not worth having of its own."""
SLOWER_FUSED = ["SkipLayerNormFusion"]
"""onnxruntime's addition and normalisation in one take longer than one after the other."""

Text = str | tuple[str, str]
Rows = NDArray[np.float32]
Pool = Callable[[Rows, NDArray[np.int64]], Rows]
"""How an encoder's output and its attention mask become one row per text."""
_Batch = TypeVar("_Batch")


@dataclass(frozen=True, slots=True)
class Row:
    """All that a model says of one text or pair."""

    encoding: Encoding
    """Its tokens."""
    outputs: tuple[Rows, ...]
    """One array for each output of the model; of those by token, those of real tokens alone."""


class OnnxEncoder:
    """Texts, or pairs of texts, to the outputs of an ONNX encoder.

    Texts are sorted by length and cut into small batches, so that little is padding; each core takes whole batches.
    That is quicker than all cores sharing one batch, where each operator waits for the slower core, and far quicker
    where other programs are busy too. Safe to call from several threads.
    """

    def __init__(self, model: Path, tokenizer: Path, threads: int = 0, longest: int = LONGEST) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._threads = threads or os.cpu_count() or 1
        try:
            self._session = ort.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER_FUSED
            )
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # onnxruntime and tokenizers raise bare exceptions of their own
            raise ModelError(f"{model.name} cannot be loaded ({error}); run: pincite doctor") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest, strategy="longest_first")
        self._inputs = {given.name for given in self._session.get_inputs()}
        self._workers = ThreadPoolExecutor(self._threads, thread_name_prefix="encoder")

    def run(self, texts: Sequence[Text], pool: Pool) -> Rows:
        """One row per text, in the order given: `pool` of the first output and the attention mask."""

        def rows(encodings: list[Encoding]) -> Rows:
            outputs, mask = self._run_batch(encodings)
            return pool(outputs[0], mask)

        order, done = self._in_batches(texts, rows)
        if not done:
            return np.zeros((0, 1), np.float32)
        back = np.empty(len(order), np.intp)
        back[order] = np.arange(len(order))
        return np.ascontiguousarray(np.concatenate(done)[back])

    def rows(self, texts: Sequence[Text]) -> list[Row]:
        """All outputs for each text, in the order given."""

        def rows(encodings: list[Encoding]) -> list[Row]:
            outputs, mask = self._run_batch(encodings)
            return [
                Row(encoding, tuple(_real(output[row], mask[row], mask.shape[1]) for output in outputs))
                for row, encoding in enumerate(encodings)
            ]

        order, done = self._in_batches(texts, rows)
        found = dict(zip(order, (row for batch in done for row in batch), strict=True))
        return [found[at] for at in range(len(order))]

    def _in_batches(
        self, texts: Sequence[Text], work: Callable[[list[Encoding]], _Batch]
    ) -> tuple[list[int], list[_Batch]]:
        """The texts' places, shortest first, and what `work` makes of them batch by batch in that order."""
        encodings = self._tokenizer.encode_batch(list(texts))
        lengths = [len(encoding.ids) for encoding in encodings]
        order = sorted(range(len(encodings)), key=lengths.__getitem__)
        share = sum(lengths) // (2 * self._threads)
        places = _batches(order, lengths, max(FEWEST_TOKENS, min(BATCH_TOKENS, share)))
        batches = [[encodings[at] for at in batch] for batch in places]
        return order, list(self._workers.map(work, batches)) if len(batches) > 1 else [work(one) for one in batches]

    def _run_batch(self, encodings: list[Encoding]) -> tuple[list[Rows], NDArray[np.int64]]:
        width = max(len(encoding.ids) for encoding in encodings)
        arrays = {
            name: np.zeros((len(encodings), width), np.int64)
            for name in ("input_ids", "attention_mask", "token_type_ids")
        }
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            arrays["input_ids"][row, :length] = encoding.ids
            arrays["attention_mask"][row, :length] = 1
            arrays["token_type_ids"][row, :length] = encoding.type_ids
        feed = {name: array for name, array in arrays.items() if name in self._inputs}
        outputs = [np.asarray(output, np.float32) for output in self._session.run(None, feed)]
        return outputs, arrays["attention_mask"]


def first_token(output: Rows, mask: NDArray[np.int64]) -> Rows:
    """(n, tokens, d) to (n, d): the vector of [CLS], at unit length. bge's pooling."""
    return unit(output[:, 0])


def mean_token(output: Rows, mask: NDArray[np.int64]) -> Rows:
    """(n, tokens, d) to (n, d): the mean over real tokens, at unit length. The MiniLM sentence encoders' pooling."""
    weights = mask[:, :, None].astype(np.float32)
    return unit((output * weights).sum(axis=1) / weights.sum(axis=1))


def logit(output: Rows, mask: NDArray[np.int64]) -> Rows:
    """(n, 1): a cross-encoder's one score per pair."""
    first: Rows = output.reshape(len(output), -1)[:, :1]
    return first


def unit(vectors: Rows) -> Rows:
    """Rows scaled to length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Rows = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def _real(output: Rows, mask: NDArray[np.int64], width: int) -> Rows:
    """One row's output; where it is by token, of its real tokens."""
    by_token = output.ndim == 2 and len(output) == width
    return output[: int(mask.sum())] if by_token else output


def _batches(order: list[int], lengths: list[int], most: int) -> list[list[int]]:
    """`order` (shortest first) cut so that rows times the longest stays within `most` tokens."""
    batches: list[list[int]] = []
    for at in order:
        if batches and (len(batches[-1]) + 1) * lengths[at] <= most:
            batches[-1].append(at)
        else:
            batches.append([at])
    return batches
