"""The trained model as it ships: ONNX, its weights in int8, beside its tokenizer."""

import hashlib
import shutil
import tempfile
from pathlib import Path

import torch
from torch import Tensor

from rag.models import weights
from rag.models.export import quantise
from training.fitting import START
from training.model import VerifierReader

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("verdicts", "tokens")


class _Positional(torch.nn.Module):
    """The model without labels, its outputs in order."""

    def __init__(self, model: VerifierReader) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, mask: Tensor, kinds: Tensor) -> tuple[Tensor, ...]:
        found = self.model(ids, mask, kinds)
        return tuple(found[name] for name in OUTPUTS)


def export(model: VerifierReader, into: Path) -> dict[str, str]:
    """Write `model.onnx` and `tokenizer.json`; their SHA-256 by name."""
    into.mkdir(parents=True, exist_ok=True)
    ids = torch.ones(2, 16, dtype=torch.long)
    axes = {name: {0: "pairs", 1: "tokens"} for name in (*INPUTS, "tokens")} | {"verdicts": {0: "pairs"}}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            _Positional(model.eval().float().cpu()),
            (ids, ids, ids * 0),
            str(plain),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantise(plain, into / "model.onnx")
    shutil.copyfile(weights.checked(START) / "tokenizer.json", into / "tokenizer.json")
    return {name: hashlib.sha256((into / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")}
