"""The model's card: what it is, what it learnt from under which licence, and what it gets right on what it did not."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from evals.sets.parts import HELD, SELECT
from training.proving import Time

TEMPLATE = Path(__file__).with_name("card.md")
COMMAND = "python -m training"
LICENCES = {
    "SQuAD 2.0": "CC BY-SA 4.0",
    "Natural Questions": "MIT, its text CC BY-SA",
    "CLAPNQ": "Apache-2.0",
    "FEVER": "CC BY-SA 3.0",
    "WiCE": "ODC-BY",
    "ExpertQA": "MIT",
    "RAGTruth": "MIT",
    "SummEdits": "Apache-2.0",
    "SciFact": "CC BY 4.0",
}
"""Of every set that it learnt from."""
KINDS = ("score", "fever auroc", "scifact auroc", "ragtruth-qa auroc", "squad2 f1", "squad2 answerable", "loss")
"""Figures of the learning curve."""


@dataclass(frozen=True, slots=True)
class Made:
    """All that the card tells."""

    command: str
    """What training was started with."""
    seed: int
    examples: Mapping[str, int]
    """How many of each source it was trained on."""
    curve: Sequence[Mapping[str, float]]
    held: Mapping[str, float]
    """Figures on people's labels of groups held apart, of the exported model."""
    counts: Mapping[str, int]
    """Of those, how many examples each set has."""
    faults: Mapping[str, tuple[float, int]]
    """Of each kind of change on groups held apart, the share that the model objects to, and how many there were."""
    sha256: Mapping[str, str]
    """Of the files."""
    size: int
    """Bytes of the model."""
    time: Time
    teacher: bool


def card(made: Made) -> str:
    """The whole card, as Markdown."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    return template.render(made=made, day=day, licences=LICENCES, kinds=KINDS, held=HELD, select=SELECT)


def write(made: Made, into: Path) -> None:
    """`CARD.md` beside the model."""
    (into / "CARD.md").write_text(card(made), encoding="utf-8")
