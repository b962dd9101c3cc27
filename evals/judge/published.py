"""Figures that others published on the same sets, with where they stand.

Official test splits and all domains of a set are not what a sample of it is: they show the order of things.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of someone else's."""

    set: str
    """A set's name, or the common name of several."""
    metric: str
    """As the scorecard calls it."""
    judge: str
    value: float
    source: str


PUBLISHED = (
    Published("begin", "balanced_accuracy", "words alone, on folds", 0.872, "logistic regression"),
    Published("wice", "balanced_accuracy", "words alone, on folds", 0.733, "logistic regression"),
    Published("ragtruth-qa", "f1", "flags every response", 0.49, "2p ÷ (1 + p)"),
    Published("ragtruth-qa", "balanced_accuracy", "HHEM-2.1-Open (110M)", 0.743, "Vectara, HHEM-2.1-Open"),
    Published("ragtruth", "f1", "GPT-4-turbo, prompted", 0.634, "LettuceDetect 2025, test"),
    Published("ragtruth", "f1", "TinyLettuce (68M)", 0.750, "TinyLettuce 2025, test"),
    Published("ragtruth", "f1", "LettuceDetect-base (150M)", 0.761, "LettuceDetect 2025, test"),
    Published("ragtruth", "f1", "LettuceDetect-large", 0.792, "LettuceDetect 2025, test"),
    Published("ragtruth", "f1", "RAG-HAT (8B)", 0.839, "RAG-HAT 2024, test"),
    Published("summedits", "balanced_accuracy", "GPT-4", 0.821, "SummEdits 2023, ten domains"),
    Published("summedits", "balanced_accuracy", "people", 0.909, "SummEdits 2023, ten domains"),
    Published("faithbench", "balanced_accuracy", "best of its detectors", 0.56, "FaithBench 2024"),
    Published("faithbench", "auroc", "words alone, on folds", 0.63, "logistic regression"),
)
