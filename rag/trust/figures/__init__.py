"""Figures: numbers, dates, units, percentages and money, and whether a sentence's follow from its evidence."""

from rag.trust.figures.checking import check, figures
from rag.trust.figures.comparing import overlaps, same
from rag.trust.figures.figure import Figure

__all__ = ["Figure", "check", "figures", "overlaps", "same"]
