"""Whether an answer says only what its documents say."""

from collections.abc import Sequence

from rag.types import Label


def faithfulness(labels: Sequence[Label]) -> float | None:
    """Of the claims that can be checked, the share that is supported; None without any.

    `labels` are a judge's verdicts on an answer's sentences: `unchecked` is no claim, `partial` is not supported. The
    faithfulness of ragas (Es et al. 2023, https://arxiv.org/abs/2309.15217, `_faithfulness.py`) and of RAGChecker
    (`computation.py`), with sentences as claims. Without claims ragas gives NaN and RAGChecker 0.0, and others
    give 1.0; an answer that claims nothing is here none of these, so that saying nothing earns nothing.
    """
    claims = [label for label in labels if label != "unchecked"]
    return claims.count("supported") / len(claims) if claims else None
