"""The line of questions: in order, so many at once, and nobody waits for one who has left."""

import threading
from contextlib import ExitStack

import pytest

from rag.web.line import Crowded, Line


def test_so_many_are_answered_at_once_and_the_others_know_how_many_are_before_them() -> None:
    line = Line(at_once=2, waiting=3)
    with ExitStack() as stack:
        places = [stack.enter_context(line.place()) for _ in range(5)]
        assert [place.before() for place in places] == [0, 0, 1, 2, 3]
        with pytest.raises(Crowded, match="ask it again"), line.place():
            pass
    with line.place() as place:
        assert place.before() == 0


def test_who_leaves_lets_the_others_move_up_also_from_the_middle() -> None:
    line = Line(at_once=1, waiting=9)
    with ExitStack() as stack:
        stack.enter_context(line.place())
        with line.place() as second:
            last = stack.enter_context(line.place())
            assert (second.before(), last.before()) == (1, 2)
        assert last.before() == 1


def test_a_turn_that_comes_ends_the_wait() -> None:
    line = Line(at_once=1, waiting=9)
    served: list[int] = []
    first = line.place()
    first.__enter__()

    def ask(number: int) -> None:
        with line.place() as place:
            here.release()
            while place.before(60.0):
                pass
            served.append(number)

    here, threads = threading.Semaphore(0), []
    for number in range(5):
        threads.append(threading.Thread(target=ask, args=(number,)))
        threads[-1].start()
        assert here.acquire(timeout=30)
    assert served == []
    first.__exit__(None, None, None)
    for thread in threads:
        thread.join(30)
    assert served == [0, 1, 2, 3, 4]


def test_a_place_is_given_up_when_answering_fails() -> None:
    line = Line(at_once=1, waiting=0)
    with pytest.raises(ZeroDivisionError), line.place():
        _ = 1 / 0
    with line.place() as place:
        assert place.before() == 0
