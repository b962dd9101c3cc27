"""Make the model that verifies and reads: build the examples, train, export, measure, and write its card.

    python -m training OUT [--teacher] [--share 0.01]

OUT gets `model.onnx`, `tokenizer.json` and `CARD.md`; `OUT/run` keeps the checkpoints, from which a run that was broken
off goes on. To ship the model, copy the three to rag/models/data/verifier and write their hashes, which are printed at
the end, into rag/models/weights.py. On two cores it takes little more than an hour; an accelerator is used where there
is one, and `--teacher` first trains a larger model and teaches from it.
"""

import argparse
import logging
import sys
from pathlib import Path

from evals.sets import bench_folder
from rag.errors import PinciteError
from rag.models import weights
from training.batches import Encoded
from training.building import FULL, choosing_set, counts, held_set, lacking, people, training_set
from training.card import COMMAND, Made, write
from training.exporting import export
from training.fitting import START, curve, fit
from training.measuring import figures
from training.proving import objections, shipped, time_taken
from training.teacher import teach

_LOG = logging.getLogger("training")


def main(given: argparse.Namespace) -> None:
    """Everything, in order."""
    bench, out = bench_folder(), given.out
    if not bench.is_dir():
        sys.exit(f"training: there is no data at {bench}; set PINCITE_BENCH to its folder")
    own = people(bench)
    if lacks := lacking(own):
        sys.exit(
            f"training: too few of the public sets lie in {bench}: {', '.join(lacks)};"
            " evals/sets/README.md says where each is had"
        )
    examples, choosing = training_set(bench, own), choosing_set(own)
    examples = examples[: max(1, round(len(examples) * given.share))]
    _LOG.info("%s examples to learn from, %s to choose by", len(examples), len(choosing))
    taught = None
    if given.teacher:
        student = Encoded(examples, weights.checked(START) / "tokenizer.json")
        taught = teach(examples, choosing, student, out / "teacher", seed=FULL.seed)
    model = fit(examples, choosing, out / "run", seed=FULL.seed, taught=taught)
    hashes = export(model, out)

    held = Encoded(held_set(own), out / "tokenizer.json")
    options = f"{COMMAND} OUT{' --teacher' if given.teacher else ''}"
    options += f" --share {given.share:g}" if given.share < 1 else ""
    made = Made(
        command=options,
        seed=FULL.seed,
        examples=counts(examples),
        curve=curve(out / "run"),
        held=figures(held, shipped(out, held)),
        counts=counts(held.examples),
        faults=objections(out, bench),
        sha256=hashes,
        size=(out / "model.onnx").stat().st_size,
        time=time_taken(out, [(one.text, one.evidence) for one in held.examples if one.verdicts][:400]),
        teacher=given.teacher,
    )
    write(made, out)
    for name, digest in hashes.items():
        print(f"{name} {digest}")


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", action="store_true", help="train all-mpnet-base-v2 first, and teach from it")
    parser.add_argument("--share", type=float, default=1.0, help="of the examples, to try things out")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        main(parsed())
    except PinciteError as error:
        sys.exit(f"training: {error}")
