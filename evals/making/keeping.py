"""The file of cases under a person's hands: proposals added, accepted and rejected, and no line ever lost."""

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.cases import PROPOSED, Case, load_cases
from rag.errors import BadInput, PinciteError

BOM = "\ufeff"
"""Some editors put it before a file's first line."""
_WRITING = threading.Lock()


class Changed(PinciteError):
    """The line of a case is no longer what the person saw, or is gone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its characters, and the case that it holds."""

    text: str
    case: Case

    @property
    def mark(self) -> str:
        """What tells this line from any other version of it."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


class CaseFile:
    """A .jsonl file of cases; rejected ones move to a file of their own beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rejected = path.with_name(f"{path.stem}.rejected.jsonl")

    def lines(self) -> list[Line]:
        """The lines that hold cases, in order. Raises `BadInput`, with the line number, where one does not."""
        raw = _read(self.path)
        if not raw.strip(f"{BOM} \r\n\t"):
            return []
        cases = load_cases(self.path)
        return [Line(text, case) for text, case in zip(_filled(raw), cases, strict=True)]

    def proposed(self) -> list[Line]:
        """The lines that nobody has decided on."""
        return [line for line in self.lines() if PROPOSED in line.case.tags]

    def known(self) -> list[str]:
        """Every question that is here or was rejected."""
        gone = [case.question for case in load_cases(self.rejected)] if _read(self.rejected).strip() else []
        return [line.case.question for line in self.lines()] + gone

    def append(self, cases: Sequence[Case]) -> int:
        """Add the cases whose id and question are not there yet, behind all others; how many."""
        with self._alone():
            there = self.lines()
            ids = {line.case.id for line in there}
            questions = {question.casefold() for question in self.known()}
            fresh = [case for case in cases if case.id not in ids and case.question.casefold() not in questions]
            raw = _read(self.path)
            gap = "\n" if raw and not raw.endswith("\n") else ""
            self._write(raw, raw + gap + "".join(f"{dumped(case)}\n" for case in fresh))
        return len(fresh)

    def accept(
        self, id: str, mark: str, question: str, answers: Sequence[str], *, answerable: bool | None = None
    ) -> Case:
        """Take the tag `proposed` off a case, with the person's wording. Raises what `edited` does, and `Changed`."""
        with self._alone():
            raw = _read(self.path)
            line = self._line(id, mark)
            case = edited(line.case, question, answers, answerable=answerable)
            self._write(raw, _with(raw, line.text, dumped(case)))
        return case

    def reject(self, id: str, mark: str) -> tuple[str, ...]:
        """Move a case to the rejected ones, and with it its unanswerable twin where that is undecided; their ids.

        Raises `Changed`.
        """
        with self._alone():
            raw = _read(self.path)
            line = self._line(id, mark)
            twins = [other for other in self.proposed() if other.case.id == f"{id}-none"]
            going = [line, *twins]
            kept = raw
            for each in going:
                kept = _with(kept, each.text, None)
            gone = _read(self.rejected)
            gap = "\n" if gone and not gone.endswith("\n") else ""
            self._write(gone, gone + gap + "".join(f"{each.text.removeprefix(BOM)}\n" for each in going), self.rejected)
            self._write(raw, kept)
        return tuple(each.case.id for each in going)

    def _line(self, id: str, mark: str) -> Line:
        found = next((line for line in self.lines() if line.case.id == id), None)
        if found is None or PROPOSED not in found.case.tags:
            raise Changed("This case was decided meanwhile; nothing was changed.")
        if found.mark != mark:
            raise Changed("This case was changed in the file meanwhile; here is what stands there now.")
        return found

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time: among threads, and where the system has it among processes."""
        with _WRITING, contextlib.ExitStack() as stack:
            try:
                import fcntl
            except ImportError:
                yield
                return
            folder = os.open(self.path.absolute().parent, os.O_RDONLY)
            stack.callback(os.close, folder)
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield

    def _write(self, before: str, after: str, path: Path | None = None) -> None:
        """Put `after` in place of `before`, whole or not at all. Raises `Changed` where another hand was quicker."""
        path = path or self.path
        partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with partial.open("w", encoding="utf-8", newline="") as stream:
                stream.write(after)
                stream.flush()
                os.fsync(stream.fileno())
            if _read(path) != before:
                raise Changed("The file was changed at the same moment; nothing was written, please decide again.")
            partial.replace(path)
        except OSError as error:
            raise BadInput(f"{path} cannot be written ({error.strerror or error}); check its folder") from None
        finally:
            partial.unlink(missing_ok=True)


def edited(case: Case, question: str, answers: Sequence[str], *, answerable: bool | None = None) -> Case:
    """The case as a person accepts it: their wording, without the tag `proposed`; `answerable` where they say so.

    Raises `BadInput` for an empty question, for no answer where the case is answerable, and for one that has evidence
    and is called unanswerable.
    """
    can = case.answerable if answerable is None else answerable
    asked = " ".join(question.split())
    given = tuple(dict.fromkeys(answer.strip() for answer in answers if answer.strip()))
    if not asked:
        raise BadInput("The question is empty; write one, or reject the case.")
    if can and not given:
        raise BadInput("There is no accepted answer; write at least one, or reject the case.")
    if not can and case.evidence:
        raise BadInput("The case has evidence, so that it can be answered; accept it as it is, or reject it.")
    tags = tuple(tag for tag in case.tags if tag != PROPOSED)
    return case.model_copy(update={"question": asked, "answerable": can, "answers": given if can else (), "tags": tags})


def dumped(case: Case) -> str:
    """A case as one line of the file; keys that hold nothing are left out."""
    return json.dumps(case.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return stream.read()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror or error}); give a .jsonl file of cases") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text; give a .jsonl file of cases") from None


def _filled(raw: str) -> list[str]:
    return [line for line in raw.replace("\r\n", "\n").split("\n") if line.strip()]


def _with(raw: str, old: str, new: str | None) -> str:
    """`raw` with one line changed or taken out; every other character stays."""
    lines = raw.split("\n")
    at = next(index for index, line in enumerate(lines) if line.rstrip("\r") == old)
    ending = "\r" if lines[at].endswith("\r") else ""
    lines[at : at + 1] = [] if new is None else [new + ending]
    return "\n".join(lines)


__all__ = ["PROPOSED", "CaseFile", "Changed", "Line", "dumped", "edited"]
