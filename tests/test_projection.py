"""Vectors on a plane: near stays near, the same stays the same, and few are no special case."""

import numpy as np
import pytest

from rag.models.onnx import unit
from rag.projection import place, project
from rag.telling import telling_words

HEAPS, EACH = 5, 20


def heaps(seed: int = 0) -> np.ndarray:
    """Five heaps of vectors in 32 dimensions, far apart."""
    random = np.random.default_rng(seed)
    centres = np.eye(32)[:HEAPS] * 4
    return unit((np.repeat(centres, EACH, axis=0) + random.normal(scale=0.4, size=(HEAPS * EACH, 32))).astype("f4"))


def test_what_lies_together_stays_together() -> None:
    positions = project(heaps())
    heap = np.repeat(np.arange(HEAPS), EACH)
    distances = ((positions[:, None] - positions[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (heap[distances.argmin(axis=1)] == heap).all()


def test_the_same_vectors_have_the_same_places() -> None:
    assert np.array_equal(project(heaps()), project(heaps()))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 9])
def test_few_vectors_have_places_within_the_frame(count: int) -> None:
    positions = project(heaps()[:count])
    assert positions.shape == (count, 2) and np.isfinite(positions).all()
    assert np.abs(positions).max(initial=0) <= 1 + 1e-6
    if count > 1:
        assert np.abs(positions).max() == pytest.approx(1)


@pytest.mark.parametrize("count", [5, 50])
def test_vectors_that_are_all_the_same_lie_together(count: int) -> None:
    assert np.array_equal(project(np.ones((count, 4), np.float32)), np.zeros((count, 2)))


def test_a_further_vector_is_placed_amid_what_is_like_it() -> None:
    known = heaps()
    positions = project(known)
    more = heaps(seed=1)
    found = place(more, known, positions)
    for heap in range(HEAPS):
        own = positions[heap * EACH : (heap + 1) * EACH]
        low, high = own.min(axis=0), own.max(axis=0)
        some = found[heap * EACH : (heap + 1) * EACH]
        assert ((some >= low) & (some <= high)).all()


def test_telling_words_by_hand() -> None:
    """Groups of 4 and 4 words: A = 4. "eel" 2 × ln(1 + 4 ÷ 2) = 2.2; "river" (2 in all) ln 3 = 1.1 in each."""
    told = telling_words([["eels river", "eel ladder"], ["river barge", "barge barges"]], 3)
    assert told == [("eel", "ladder", "river"), ("barge", "river")]


def test_words_that_stand_everywhere_and_figures_tell_nothing() -> None:
    texts = [f"the harbour {number} {word}" for number in range(15) for word in ("gate", "eels")]
    told = telling_words([[*texts[::2], "lantern"], [*texts[1::2], "crowns"]], 5)
    assert told == [("lantern",), ("crowns",)]


def test_a_word_is_told_as_it_is_mostly_written() -> None:
    assert telling_words([["Putin Putin putin’s 停 go"]], 2)[0][0] == "Putin"


def test_no_groups_have_no_words() -> None:
    assert telling_words([], 3) == [] and telling_words([[], ["a of the"]], 3) == [(), ()]
