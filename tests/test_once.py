"""What is made when first asked for is made once."""

import copy
import threading

import pytest

from rag import Library
from rag.models.embedding import Embedder
from rag.once import once
from tests.fakes import WordHashEmbedder


class Held:
    """Makes a thing that takes until it is let go."""

    def __init__(self) -> None:
        self.made = 0
        self.let_go = threading.Event()

    @once
    def thing(self) -> object:
        """The thing."""
        self.made += 1
        self.let_go.wait(30)
        return object()

    @once
    def twice(self) -> tuple[object, object]:
        return self.thing, self.thing


def test_several_threads_that_ask_first_get_the_same() -> None:
    held, got = Held(), []
    threads = [threading.Thread(target=lambda: got.append(held.thing)) for _ in range(8)]
    for thread in threads:
        thread.start()
    held.let_go.set()
    for thread in threads:
        thread.join(30)
    assert held.made == 1 and len(got) == 8 and len(set(map(id, got))) == 1
    assert held.twice == (held.thing, held.thing)


def test_one_that_is_being_made_holds_up_no_other() -> None:
    slow, other = Held(), Held()
    other.let_go.set()
    waiting = threading.Thread(target=lambda: slow.thing)
    waiting.start()
    while not slow.made:
        pass
    assert other.thing is other.thing
    slow.let_go.set()
    waiting.join(30)


def test_what_could_not_be_made_is_tried_again_and_the_words_about_it_stay() -> None:
    class Torn:
        tries = 0

        @once
        def thing(self) -> int:
            self.tries += 1
            if self.tries == 1:
                raise ValueError("not yet")
            return self.tries

    torn = Torn()
    with pytest.raises(ValueError, match="not yet"):
        _ = torn.thing
    assert torn.thing == 2 and copy.copy(torn).thing == 2
    assert Held.thing.__doc__ == "The thing." and "thing" not in vars(Held())


def test_a_library_loads_its_models_once(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, let_go, loaded = threading.Event(), threading.Event(), []

    def load(*_: object) -> Embedder:
        loaded.append(WordHashEmbedder())
        begun.set()
        let_go.wait(30)
        return loaded[0]

    monkeypatch.setattr("rag.library.embedder", load)
    with Library(f"{tmp_path}/library") as library:
        threads = [threading.Thread(target=lambda: library._embedder) for _ in range(4)]
        for thread in threads:
            thread.start()
        assert begun.wait(30)
        let_go.set()
        for thread in threads:
            thread.join(30)
        assert loaded == [library._embedder] and library.tuned()._embedder is loaded[0]
