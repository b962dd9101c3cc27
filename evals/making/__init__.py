"""Cases made from a person's own documents: proposed by rules or by a chat model, and reviewed on a small page."""

from evals.making.proposing import propose

__all__ = ["propose"]
