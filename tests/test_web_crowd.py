"""Many ask at the same moment: each gets the answer to their own question, and nobody meets an error."""

import asyncio
from collections.abc import Iterator

import pytest

from evals.benchmarks.crowd import crowd
from tests.browser import server

QUESTIONS = [
    "How much would the tide gate cost?",
    "What do the eels climb every spring?",
    "How many steel leaves is the gate built of?",
    "Who is the harbour master of the board?",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(runs=tmp_path_factory.mktemp("runs")) as served:
        yield served


def test_many_at_once_are_all_answered(address: str) -> None:
    asked = [f"{QUESTIONS[number % 4]} Number {number}." for number in range(30)]
    visits = asyncio.run(crowd(address, asked, opened=True))
    assert [one.question for one in visits] == asked
    assert not [one for one in visits if one.fault or one.whole is None]
    assert all(one.first is not None for one in visits), "each is told at once that the question waits, or is answered"
