"""How `data/minilm` was made: all-MiniLM-L6-v2 to ONNX, its weights in int8.

    python -m rag.models.export rag/models/data/minilm

Needs the development packages. Every weight matrix is stored as one int8 per value with a scale per output channel, and
is multiplied in int8. Operators are left as they are: onnxruntime fuses those that are worth it when it loads the file.
Attention, and GELU with its bias, fused beforehand by its optimiser for transformers, took clearly longer.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from rag.models import weights

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export(into: Path) -> None:
    """Write `model.onnx` and `tokenizer.json`. Raises `ModelError` where the original weights are missing."""
    source = weights.checked("all-minilm-l6-v2")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        _trace(source, plain)
        quantise(plain, into / "model.onnx")
    shutil.copyfile(source / "tokenizer.json", into / "tokenizer.json")


def _trace(source: Path, into: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            options = {"attn_implementation": "eager"}
            self.bert: Any = SentenceTransformer(str(source), device="cpu", model_kwargs=options)[0].auto_model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
            hidden: torch.Tensor = self.bert(ids, attention_mask=mask, token_type_ids=kinds).last_hidden_state
            return hidden

    ids = torch.ones(2, 16, dtype=torch.long)
    torch.onnx.export(
        Encoder().eval(),
        (ids, ids, ids * 0),
        str(into),
        input_names=list(_INPUTS),
        output_names=["last_hidden_state"],
        dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*_INPUTS, "last_hidden_state")},
        opset_version=17,
        dynamo=False,  # onnxruntime knows how to fuse the patterns of the older exporter
    )


def quantise(plain: Path, into: Path) -> None:
    """Every weight matrix as int8 with a scale per output channel, the rest as it is."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    only_weights = {"MatMulConstBOnly": True}
    quantize_dynamic(plain, into, weight_type=QuantType.QInt8, per_channel=True, extra_options=only_weights)


if __name__ == "__main__":
    export(Path(sys.argv[1]))
