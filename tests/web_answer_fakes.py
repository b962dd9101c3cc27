"""A library that gives an answer of every face: doubtful, written by a model, denying, silent, and never ending."""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from rag.trust.premise import DENIAL
from rag.types import Answer, Citation, Hit, Sentence, Span, Step, Verdict
from tests.web_fakes import FakeLibrary, harbour

COST = "What would the tide gate cost, 48 or 52 million crowns?"
DOUBTFUL = "Who pays for the tide gate and its 48 or 52 million crowns, and since when?"
WRITTEN = "What do the engineers of board and council say of 48 or 52 million crowns?"
DENIED = "Why is the gate of 48 or 52 million crowns built of twelve leaves by the council's engineers?"
SILENT = "Which eels won the chess tournament in Reykjavik?"
ENDLESS = "How slowly do eels climb?"

DOUBT, LACKING = "The gate would cost 48 million crowns and the state pays.", "and the state pays"
INVENTED = "It was built in 1999."
MISSING = "“state” is not in the evidence"
MODEL = "local:qwen2.5-0.5b"
SAID = "Two boards of engineers give two figures."
LEFT_OUT = f"{MODEL} left out what answers best; that is quoted at the end"


class Staged(FakeLibrary):
    """Its answer is told by the question; any other question is answered as `FakeLibrary` does."""

    def __init__(self, *, delay: float = 0.0) -> None:
        super().__init__(harbour(), delay=delay)
        self.closed = 0
        """How many endless answers were stopped."""
        self._steps: threading.Semaphore | None = None

    @contextmanager
    def step_by_step(self) -> Iterator[Callable[[], None]]:
        """Meanwhile, each pause of an answer lasts until what is given is called, or for a minute."""
        self._steps = steps = threading.Semaphore(0)
        try:
            yield steps.release
        finally:
            self._steps = None
            steps.release(99)

    def _pause(self) -> None:
        if self._steps is None:
            super()._pause()
        else:
            self._steps.acquire(timeout=60)

    def stream(self, question: str, *, sources: Sequence[str] | None = None) -> Generator[Step, None, None]:
        if question == ENDLESS:
            yield from self._endless(question)
            return
        for step in super().stream(question, sources=sources):
            answer = step.answer
            if step.stage == "read" and question == WRITTEN and answer and len(answer.sentences) == 1:
                yield replace(step, answer=None)
                self._pause()
            if step.stage == "answer" and answer:
                made = {DOUBTFUL: _doubtful, WRITTEN: _written, DENIED: _denied}.get(question)
                step = replace(step, answer=made(answer) if made else _ranked(answer))
            yield step

    def _endless(self, question: str) -> Generator[Step, None, None]:
        (first, *_) = super().stream(question)
        try:
            yield first
            while True:
                time.sleep(0.05)
                yield Step("read", first.hits, Answer(question, "answered", None, 0.5, "", None, (), (), first.hits))
        finally:
            self.closed += 1


def _sentence(text: str, start: int, markers: tuple[int, ...], verdict: Verdict) -> Sentence:
    return Sentence(text, start, start + len(text), markers, verdict)


def _doubtful(answer: Answer) -> Answer:
    at = DOUBT.index(LACKING)
    partial = Verdict("partial", 0.61, unsupported=(Span(at, at + len(LACKING)),), notes=(MISSING,))
    first = _sentence(DOUBT, 0, (1, 2), partial)
    whole = Span(0, len(INVENTED) - 1)
    second = _sentence(INVENTED, len(DOUBT) + 1, (2,), Verdict("unsupported", 0.04, unsupported=(whole,)))
    return replace(answer, text=f"{DOUBT} {INVENTED}", short=None, sentences=(first, second), conflicts=())


def _written(answer: Answer) -> Answer:
    quoted = next(one for one in answer.sentences if "council's own" in one.text)
    quote = quoted.text
    sentences = (
        _sentence(SAID, 0, (1, 2), Verdict("supported", 0.93)),
        _sentence(quote, len(SAID) + 1, quoted.citations, Verdict("supported", 1.0)),
    )
    seconds = {"search": 0.2, "read": 0.3, "write": 4.1, "verify": 0.4, "total": 5.0}
    return replace(
        answer, text=f"{SAID} {quote}", short=None, sentences=sentences, conflicts=(), model=MODEL, notes=(LEFT_OUT,),
        usage={"input_tokens": 1812, "output_tokens": 64}, seconds=seconds,
    )  # fmt: skip


def _denied(answer: Answer) -> Answer:
    said = next(one for one in answer.citations if "eleven" in one.quote)
    quote = " ".join(said.quote.split())
    lead = f"{DENIAL.format(assumed='twelve leaves')} "
    sentence = _sentence(quote, len(lead), (1,), Verdict("supported", 1.0))
    cited: tuple[Citation, ...] = (replace(said, marker=1),)
    return replace(
        answer, status="abstained", reason="false_premise", text=lead + quote, short=None, sentences=(sentence,),
        citations=cited, conflicts=(),
    )  # fmt: skip


def _ranked(answer: Answer) -> Answer:
    """With the ranks that the real ways of finding give."""
    return replace(answer, evidence=tuple(map(_found, answer.evidence)))


def _found(hit: Hit) -> Hit:
    ranks = {"dense": hit.rank, "lexical": hit.rank + 1, "fused": hit.rank}
    scores = {"dense": 0.75 - hit.rank / 20, "lexical": 4.0 / hit.rank, "fused": hit.score}
    return replace(hit, ranks=ranks, scores=scores)
