"""The benchmark of changes makes what it says: other files of real sentences, and vectors without a model."""

from pathlib import Path

import numpy as np
import pytest

from evals.benchmarks.change import SENTENCES, HashEmbedder, write
from evals.benchmarks.pools import bench


def test_a_text_has_one_vector_of_length_one() -> None:
    vectors = HashEmbedder().embed_passages(["a", "b", "a"])
    assert vectors.shape == (3, 384) and np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.array_equal(vectors[0], vectors[2]) and vectors[0] @ vectors[1] < 0.5


def test_every_file_is_another_one(tmp_path: Path) -> None:
    try:
        bench()
    except SystemExit as absent:
        pytest.skip(str(absent))
    files = write(tmp_path, 3_000)
    texts = {file.read_text() for file in files}
    assert len(texts) == len(files) == 3_000
    assert all(text.count(" ") > 5 * SENTENCES for text in texts)
