"""Cases: questions with what a right answer must contain and where the documents say it."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rag.errors import BadInput

PROPOSED = "proposed"
"""Tag of a case that was made by a program and that no person has accepted yet."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class Evidence(_Line):
    """A place in a document that answers the question.

    Exactly one of: characters `start` to `end` (code points of its extracted text, half-open), a `quote` (an exact
    substring of it), a `page` (from 1), or none of them for the whole document.
    """

    source: str = Field(min_length=1)
    """The document's path or its last parts, such as `report.pdf`."""
    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=1)
    quote: str | None = Field(None, min_length=1)
    page: int | None = Field(None, ge=1)
    grade: int = Field(1, ge=1)
    """How relevant it is, for nDCG; where evidence is simply right, 1."""

    @model_validator(mode="after")
    def _names_one_place(self) -> "Evidence":
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end go together")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError("end must come after start")
        if sum(given is not None for given in (self.start, self.quote, self.page)) > 1:
            raise ValueError("give one of start and end, quote, or page")
        return self


class Turn(_Line):
    """An earlier question of the same conversation, and its answer."""

    question: str
    answer: str


class Case(_Line):
    """One question and what is known about its answer."""

    id: str = Field(min_length=1)
    group_id: str = Field(min_length=1)
    """Questions on the same matter share a group; intervals are drawn over groups."""
    question: str = Field(min_length=1)
    answerable: bool
    answers: tuple[str, ...] = ()
    """Accepted strings; a right answer contains any one of them."""
    evidence: tuple[Evidence, ...] = ()
    """Places that answer the question, each enough alone; a case tagged `multi-source` needs them all."""
    history: tuple[Turn, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    """What whoever judged an answer had to say on it."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Case":
        if not self.question.strip():
            raise ValueError("the question is blank")
        if not self.complete and PROPOSED not in self.tags:
            raise ValueError("an answerable case needs an accepted answer or evidence")
        if not self.answerable and (self.answers or self.evidence):
            raise ValueError("an unanswerable case has neither answers nor evidence")
        return self

    @property
    def complete(self) -> bool:
        """Whether it says what a right answer is; a proposal may leave that to the review."""
        return not self.answerable or bool(self.evidence) or any(answer.strip() for answer in self.answers)

    @property
    def needs_all(self) -> bool:
        """Whether one place is not enough."""
        return "multi-source" in self.tags


_PARTS: dict[str, type[_Line]] = {"evidence": Evidence, "history": Turn}


def load_cases(path: str | Path) -> list[Case]:
    """The cases of a JSON Lines file, in order; blank lines are skipped.

    Raises `BadInput`, one line with the line number, for a missing or empty file, a line that is not a case
    (unknown keys included), and an id that appears twice.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}; give the path of a .jsonl file of cases") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text; give a .jsonl file of cases") from None
    cases: list[Case] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        case = _case(line, f"{path}:{number}")
        if case.id in seen:
            raise BadInput(f"{path}:{number}: id {case.id!r} is already on line {seen[case.id]}; ids must differ")
        seen[case.id] = number
        cases.append(case)
    if not cases:
        raise BadInput(f"{path} holds no cases; write one JSON object a line")
    return cases


def _case(line: str, where: str) -> Case:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"{where}: not JSON ({error.msg}, column {error.colno})") from None
    except RecursionError:
        raise BadInput(f"{where}: brackets within brackets without end; write one JSON object a line") from None
    if not isinstance(value, dict):
        raise BadInput(f"{where}: not a JSON object; write one object a line")
    try:
        return Case.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        known = _PARTS.get(str(first["loc"][0]) if len(first["loc"]) > 1 else "", Case).model_fields
        unknown = first["type"] == "extra_forbidden"
        what = f"unknown key; known: {', '.join(known)}" if unknown else first["msg"]
        if not {"id", "question"} & value.keys():
            what += "; for lines with keys of your own, say which is what with --columns"
        raise BadInput(f"{where}: {f'{key}: ' if key else ''}{what.removeprefix('Value error, ')}") from None
