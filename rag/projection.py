"""Vectors of many dimensions laid out on a plane, so that what is near in meaning lies near."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

PARTS = 50
"""Principal components that the layout looks at; what is beyond them is mostly noise."""
FEW = 12
"""Fewer vectors than this are laid out by their two principal components alone."""
NEIGHBOURS = 30
"""About how many near vectors each is drawn to (t-SNE's perplexity)."""
ROUNDS = 500
"""Of 3,000 passages 56% of the ten nearest stay among the ten nearest, after 500 rounds as after 1,000; by principal
components alone it would be 6%."""
CROWD = 300
"""Fewer vectors are laid out exactly and in small steps: large ones flung single passages far away."""
_GENTLY: dict[str, Any] = {"method": "exact", "learning_rate": 10.0}
MEASURES = 5
"""Known vectors that a further one is placed by."""

Floats = NDArray[np.float32]


def project(vectors: Floats) -> Floats:
    """Positions (n, 2), each −1..1, for `vectors` (n, dimensions). The same vectors always get the same ones.

    t-SNE (van der Maaten 2014, Barnes-Hut) begun from the principal components, on one thread: about 9 seconds for
    4,000 vectors, and 30 for 10,000.
    """
    if len(vectors) < 2:
        return np.zeros((len(vectors), 2), np.float32)
    parts = _principal(vectors)
    plane = np.pad(parts[:, :2], ((0, 0), (0, max(0, 2 - parts.shape[1]))))
    spread = float(plane[:, 0].std())
    if len(vectors) >= FEW and spread:
        plane = _arranged(parts, plane / spread * 1e-4)
    return _framed(plane)


def place(vectors: Floats, known: Floats, positions: Floats) -> Floats:
    """Positions (n, 2) for further `vectors` of length 1: amid the `known` ones of highest cosine."""
    nearest = np.argsort(-(vectors @ known.T), axis=1, kind="stable")[:, :MEASURES]
    found: Floats = np.median(positions[nearest], axis=1).astype(np.float32)
    return found


def _principal(vectors: Floats) -> Floats:
    """(n, at most `PARTS`), the widest first; each direction's sign is fixed by its largest weight."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :PARTS]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    found: Floats = (centred @ (axes * np.sign(largest))).astype(np.float32)
    return found


def _arranged(parts: Floats, begun: Floats) -> Floats:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    few, perplexity = len(parts) < CROWD, min(NEIGHBOURS, (len(parts) - 1) / 3)
    with threadpool_limits(1, user_api="openmp"):  # sums in one order, and a core left for those who ask
        made: Floats = TSNE(
            2, perplexity=perplexity, max_iter=ROUNDS, init=begun, random_state=0, **(_GENTLY if few else {})
        ).fit_transform(parts)
    return made


def _framed(plane: Floats) -> Floats:
    low, high = plane.min(axis=0), plane.max(axis=0)
    half = float((high - low).max()) / 2
    framed: Floats = ((plane - (low + high) / 2) / (half or 1.0)).astype(np.float32)
    return framed
