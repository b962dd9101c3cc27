"""The second story as one LangChain Runnable. Apart from it, because importing LangChain takes half a second."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from rag.asking import Answerer, Question
from rag.types import Answer


class AnswerChain(Runnable[Question | str, Answer]):
    """retrieve → answer → verify: a question in, an `Answer` out; `stream` gives the answer as it grows.

    `ainvoke`, `astream`, `batch`, `abatch`, `|`, callbacks and tracing are LangChain's own.
    """

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    def invoke(self, input: Question | str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The whole answer. Raises `EmptyQuestion`."""
        return self._call_with_config(self._answer, input, config, run_type="chain")

    def stream(self, input: Question | str, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        """The answer sentence by sentence, and last of all checked and whole."""
        with closing(self._answerer.steps(_question(input))) as steps:
            yield from (step.answer for step in steps if step.answer is not None)

    def _answer(self, input: Question | str) -> Answer:
        return self._answerer.answer(_question(input))


def _question(input: Question | str) -> Question:
    return Question(input) if isinstance(input, str) else input
