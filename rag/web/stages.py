"""How far an answer is, as a row of quiet steps: searching, reading, writing where a chat model does, checking."""

from dataclasses import dataclass, replace
from typing import Literal

from rag.types import Answer, Step
from rag.web import words
from rag.web.markup import esc, icon

Stage = Literal["search", "read", "write", "check"]


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known while a question is under way."""

    documents: int
    """How many are searched."""
    stage: Stage = "search"
    passages: int = 0
    answer: Answer | None = None
    """The answer so far."""
    understood: str | None = None
    """What a follow-up was taken for."""
    writing: bool = False
    """Whether a chat model writes the answer."""

    def after(self, step: Step) -> "Progress":
        """The same one step further. A `read` step without an answer says that a chat model writes."""
        writing = self.writing or (step.stage == "read" and step.answer is None)
        stage: Stage = "check" if step.stage == "verify" else "write" if writing else "read"
        return replace(
            self, stage=stage, passages=len(step.hits), answer=step.answer or self.answer, understood=step.understood,
            writing=writing,
        )  # fmt: skip

    @property
    def said(self) -> str:
        """The stage at hand in words."""
        sentences = words.count(len(self.answer.sentences) if self.answer else 0, "sentence")
        return words.STAGES[self.stage].now.format(
            documents=words.count(self.documents, "document"),
            passages=words.count(self.passages, "passage"),
            sentences=sentences,
        )


def row(progress: Progress) -> str:
    """The steps with a tick for what is done and a moving dot for what is under way."""
    order: list[Stage] = ["search", "read", "write", "check"] if progress.writing else ["search", "read", "check"]
    at = order.index(progress.stage)
    shown = []
    for number, stage in enumerate(order):
        name = words.STAGES[stage]
        if number < at:
            shown.append(f'<li class="stage stage--done">{icon("supported")}{name.done}</li>')
        elif number == at:
            shown.append(f'<li class="stage stage--now" aria-current="step">{esc(progress.said)}…</li>')
        else:
            shown.append(f'<li class="stage stage--next">{name.next}</li>')
    return f'<ol class="stages" aria-label="{words.STAGES_LABEL}">{"".join(shown)}</ol>'
