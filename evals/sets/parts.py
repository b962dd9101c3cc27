"""Which part of the public data is learnt from and which is measured on: by group, so that no article is in both."""

import hashlib
from typing import Literal

HELD, SELECT = 0.34, 0.08
"""Shares of the groups that are held apart to be measured on, and of those that choose between checkpoints."""

Part = Literal["train", "select", "held"]


def part(group: str) -> Part:
    """The part that a group belongs to, whatever the set: by a hash of its name."""
    drawn = int(hashlib.sha256(f"pincite:{group}".encode()).hexdigest()[:8], 16) / 2**32
    return "held" if drawn < HELD else "select" if drawn < HELD + SELECT else "train"


def article(title: str) -> str:
    """The group of everything about one article of Wikipedia, in whichever set."""
    return "article:" + " ".join(title.replace("_", " ").casefold().split())


def group_of(name: str, group: str) -> str:
    """The group's name among all sets: `name` of the set, or of its family, and the group as the set has it."""
    family = name.partition("-")[0]
    return article(group) if family in ("squad", "squad2", "wice", "nq", "qed", "clapnq") else f"{family}:{group}"
