"""Training by transformers' Trainer: in bfloat16, checkpointed, resumed where it was broken off."""

import contextlib
import ctypes
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import Subset
from transformers import AutoConfig, AutoModel, EvalPrediction, Trainer, TrainingArguments
from transformers.trainer_utils import get_last_checkpoint

from rag.models import weights
from training.batches import Encoded, Taught, collated, of_like_length
from training.examples import Example
from training.measuring import Outputs, figures, score
from training.model import VerifierReader

START = "all-minilm-l6-v2"
"""The packaged weights that training starts from."""
EVALUATIONS = 10
"""Times that a checkpoint is kept and measured on the examples that choose one."""
CURVE = "curve.json"
_MMAP_MAX, _TRIM_THRESHOLD = -4, -1
"""Of glibc's `mallopt`."""


def start(place: Path) -> VerifierReader:
    """The encoder in that folder with fresh heads. Its word vectors stay: most words that people use are in no example.

    Without dropout: on a processor it makes a step take half as long again.
    """
    config = AutoConfig.from_pretrained(
        place, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager"
    )
    model = VerifierReader(config)
    model.encoder = AutoModel.from_pretrained(place, config=config, add_pooling_layer=False)
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return model


def fit(
    examples: Sequence[Example],
    choosing: Sequence[Example],
    into: Path,
    *,
    seed: int,
    start_from: Path | None = None,
    rate: float = 2e-4,
    batch: int = 32,
    taught: Sequence[Taught] | None = None,
) -> VerifierReader:
    """The model of the best checkpoint, by `score` on `choosing`. `into` keeps checkpoints and `curve.json`.

    Every example is seen once, in batches of like length. Where `into` has a checkpoint, training goes on from it.
    """
    _keep_memory()
    torch.manual_seed(seed)
    place = start_from or weights.checked(START)
    data, chosen = (Encoded(own, place / "tokenizer.json") for own in (examples, choosing))
    data.taught = taught
    steps = -(-len(data) // batch)
    every = max(1, steps // EVALUATIONS)
    arguments = _arguments(
        into,
        batch,
        num_train_epochs=1,
        learning_rate=rate,
        warmup_steps=max(1, steps // 20),
        weight_decay=0.01,
        lr_scheduler_type="linear",
        optim="adamw_torch_fused",
        train_sampling_strategy="sequential",
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=3,
        load_best_model_at_end=True,
        metric_for_best_model="score",
        greater_is_better=True,
        logging_steps=50,
        seed=seed,
        data_seed=seed,
    )

    def measured(predicted: EvalPrediction) -> dict[str, float]:
        found = figures(chosen, outputs_of(predicted.predictions, chosen))
        return {"score": score(found), **found}

    trainer = Trainer(
        model=start(place),
        args=arguments,
        train_dataset=Subset(data, of_like_length(data, batch, seed)),
        eval_dataset=chosen,
        data_collator=collated,
        compute_metrics=measured,
    )
    trainer.train(resume_from_checkpoint=get_last_checkpoint(str(into)) if into.is_dir() else None)
    (into / CURVE).write_text(json.dumps(trainer.state.log_history, indent=1) + "\n", encoding="utf-8")
    model = trainer.accelerator.unwrap_model(trainer.model, keep_fp32_wrapper=False)  # else it stays in bfloat16
    assert isinstance(model, VerifierReader)  # noqa: S101 - it is what the trainer was given
    return model


def predict(model: VerifierReader, data: Encoded, batch: int = 32) -> Outputs:
    """What the model says of the examples."""
    trainer = Trainer(model=model, args=_arguments(Path("unused"), batch), data_collator=collated)
    return outputs_of(trainer.predict(data).predictions, data)


def outputs_of(predictions: Any, data: Encoded) -> Outputs:
    """The trainer's padded predictions as one array of tokens for each example."""
    verdicts, tokens = predictions
    own = [np.asarray(row[: data[at]["length"]], np.float64) for at, row in enumerate(tokens)]
    return Outputs(np.asarray(verdicts, np.float64), own)


def curve(into: Path) -> list[Mapping[str, float]]:
    """The measurements along the way that `fit` wrote, in order of steps."""
    history = json.loads((into / CURVE).read_text(encoding="utf-8"))
    return [entry for entry in history if "eval_score" in entry]


def _keep_memory() -> None:
    """Let glibc keep freed memory: else large arrays are asked of the kernel at each step, a quarter of the time."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, 2**31 - 1)


def _arguments(into: Path, batch: int, **more: Any) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(into),
        per_device_train_batch_size=batch,
        per_device_eval_batch_size=batch,
        bf16=True,
        use_cpu=not torch.cuda.is_available(),
        remove_unused_columns=False,
        label_names=["open_verdicts", "places", "unsupported"],
        report_to=[],
        disable_tqdm=True,
        **more,
    )
