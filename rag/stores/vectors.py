"""Vectors in memory. Few are compared one by one; many lie in clusters, in 8 bits a number, and the likeliest are read.

The limit and the share are measured: see evals/benchmarks/README.md.
"""

import math
import os
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.stores.base import Found
from rag.stores.followed import Numbers, Vectors

FLAT_LIMIT = 50_000
"""Vectors that are compared one by one, which is exact."""
PROBED = 3
"""One in so many clusters is looked through."""
SPARE = 2
"""Candidates for each passage wanted, since 8 bits order near ones only roughly."""


class VectorIndex:
    """Vectors of length 1 by passage number, searched by cosine. Not to be changed while it is searched."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def made_for(cls, size: int, sample: Vectors) -> Self:
        """An empty index of the kind that suits `size` vectors; `sample` (n, dimensions) is like what it will hold."""
        dimensions, clusters = sample.shape[1], min(clusters_for(size), len(sample))
        if not clusters:
            return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions)))
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimensions),
            dimensions,
            clusters,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
            False,  # the vectors themselves are coded, not what is left of them beside their centre
        )
        index.cp.min_points_per_centroid = 1
        index.train(sample)
        return cls(index)

    @classmethod
    def from_bytes(cls, payload: NDArray[np.uint8]) -> Self:
        """The index that `to_bytes` gave."""
        return cls(faiss.deserialize_index(payload))

    def to_bytes(self) -> NDArray[np.uint8]:
        """The whole index as bytes."""
        payload: NDArray[np.uint8] = faiss.serialize_index(self._index)
        return payload

    @property
    def clusters(self) -> int:
        """0 where vectors are compared one by one; else scores are rough, to be computed again from the vectors."""
        return int(getattr(self._index, "nlist", 0))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add vectors, (n, dimensions), under new numbers."""
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        self._index.add_with_ids(vectors, numbers)

    def remove(self, numbers: Numbers) -> None:
        """Forget those of `numbers` that it holds."""
        if len(numbers):
            self._index.remove_ids(faiss.IDSelectorBatch(numbers))

    def search(self, vector: Vectors, k: int, only: Numbers | None = None) -> list[Found]:
        """The `k` nearest, best first, among the numbers `only`, where given; `SPARE` times as many if rough."""
        faiss.omp_set_num_threads(1)  # one question is too little to share out: two threads were slower
        selector = None if only is None else faiss.IDSelectorBatch(only)
        if self.clusters:
            k *= SPARE
            probed = self.clusters if only is not None else math.ceil(self.clusters / PROBED)
            parameters: Any = faiss.SearchParametersIVF(sel=selector, nprobe=probed)  # type: ignore[call-arg]
        else:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, numbers = self._index.search(vector.reshape(1, -1), min(k, len(self)), params=parameters)
        pairs = zip(numbers[0].tolist(), scores[0].tolist(), strict=True)
        return [Found(number, score) for number, score in pairs if number >= 0]


def clusters_for(size: int) -> int:
    """How many clusters suit `size` vectors; 0 for none."""
    return round(math.sqrt(size)) if size > FLAT_LIMIT else 0


def suits(clusters: int, size: int) -> bool:
    """Whether an index of so many clusters is still of the right kind for `size` vectors."""
    return clusters**2 / 4 <= size <= 4 * clusters**2 if clusters else size <= FLAT_LIMIT
