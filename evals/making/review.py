"""The review page: one proposed case at a time, to accept, edit or reject, on this machine alone."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from urllib.parse import parse_qs, quote

from jinja2 import Environment, Template
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from evals.making.guarding import Guard
from evals.making.keeping import CaseFile, Changed, Line
from evals.making.showing import Asked, Shelf
from rag.errors import BadInput, PinciteError

LARGEST = 100_000
"""Bytes of a decision."""
_ACCEPTED = {"accept": None, "unanswerable": False}
"""The decisions that accept a case, and whether they say that it can be answered."""


@dataclass(slots=True)
class Course:
    """The order of the cases, and what has been decided since the page was started."""

    order: list[str] = field(default_factory=list)
    accepted: int = 0
    rejected: int = 0

    def meet(self, lines: list[Line]) -> None:
        """Take up the cases that were not known yet."""
        known = set(self.order)
        self.order += [line.case.id for line in lines if line.case.id not in known]

    def after(self, id: str, open_ids: set[str]) -> str | None:
        """The next undecided case, from the beginning again after the last; None where all are decided."""
        at = self.order.index(id) + 1 if id in self.order else 0
        return next((each for each in self.order[at:] + self.order[:at] if each in open_ids), None)


class Review:
    """The pages over one file of cases and one library."""

    def __init__(self, cases: CaseFile, library: Asked) -> None:
        self.cases = cases
        self.shelf = Shelf(library)
        self.course = Course()
        self.token = secrets.token_urlsafe(24)
        self._asking = threading.Lock()

    def first(self, request: Request) -> Response:
        """The first case that is undecided."""
        return self._next("")

    def case(self, request: Request) -> Response:
        """One case, to decide on."""
        return self._case(request, request.query_params.get("id", ""))

    async def decide(self, request: Request) -> Response:
        """A decision: accept, reject or skip."""
        form = await _form(request)
        if not secrets.compare_digest(form.get("token", "").encode(), self.token.encode()):
            return HTMLResponse("This page is too old; load it again.", 403)
        return await run_in_threadpool(self._decide, request, request.query_params.get("id", ""), form)

    def answer(self, request: Request) -> Response:
        """What Pincite answers now, for the frame beside a case."""
        line = next((line for line in self.cases.lines() if line.case.id == request.query_params.get("id", "")), None)
        if line is None:
            return self._page(request, "answer", answer=None, fault="This case is gone.", status=404)
        try:
            with self._asking:
                answer = self.shelf.answer(line.case)
        except PinciteError as error:
            return self._page(request, "answer", answer=None, fault=str(error))
        return self._page(request, "answer", answer=answer, fault="", case=line.case)

    def _decide(self, request: Request, id: str, form: Mapping[str, str]) -> Response:
        action, mark = form.get("action", ""), form.get("mark", "")
        try:
            if action in _ACCEPTED:
                said = form.get("question", ""), form.get("answers", "").splitlines()
                self.cases.accept(id, mark, *said, answerable=_ACCEPTED[action])
                self.course.accepted += 1
            elif action == "reject":
                self.course.rejected += len(self.cases.reject(id, mark))
            elif action != "skip":
                return HTMLResponse("A decision is accept, unanswerable, reject or skip.", 400)
        except Changed as error:
            return self._case(request, id, str(error), status=409)
        except BadInput as error:
            return self._case(request, id, str(error), form, status=400)
        return self._next(id)

    def _next(self, id: str) -> Response:
        lines = self.cases.proposed()
        self.course.meet(lines)
        following = self.course.after(id, {line.case.id for line in lines})
        return RedirectResponse("/done" if following is None else f"/case?id={quote(following, safe='')}", 303)

    def done(self, request: Request) -> Response:
        """What there is to say when nothing is left to decide."""
        return self._page(request, "done")

    def _case(
        self, request: Request, id: str, fault: str = "", typed: Mapping[str, str] | None = None, status: int = 200
    ) -> Response:
        lines = self.cases.proposed()
        self.course.meet(lines)
        line = next((line for line in lines if line.case.id == id), None)
        if line is None:
            return self._page(request, "gone", fault=fault, status=404 if status == 200 else status)
        case = line.case
        sibling = next((each.case for each in self.cases.lines() if f"{each.case.id}-none" == id), None)
        return self._page(
            request,
            "case",
            status=status,
            fault=fault,
            case=case,
            mark=line.mark,
            sibling=sibling,
            places=self.shelf.places(sibling if sibling and not case.answerable else case),
            question=typed["question"] if typed and "question" in typed else case.question,
            answers=typed["answers"] if typed and "answers" in typed else "\n".join(case.answers),
            position=self.course.order.index(id) + 1,
        )

    def _page(self, request: Request, kind: str, status: int = 200, **values: object) -> Response:
        shown = _template().render(
            kind=kind,
            nonce=request.state.nonce,
            token=self.token,
            course=self.course,
            file=self.cases.path.name,
            rejected=self.cases.rejected.name,
            **values,
        )
        return HTMLResponse(shown, status)

    def fault(self, request: Request, error: Exception) -> Response:
        """A file that cannot be read, in one line."""
        return self._page(request, "fault", fault=str(error), status=500)


def review_app(cases: CaseFile, library: Asked, port: int) -> Starlette:
    """The page as an ASGI application that answers only to this machine's own names at `port`."""
    review = Review(cases, library)
    routes = [
        Route("/", review.first),
        Route("/done", review.done),
        Route("/case", review.case, methods=["GET"]),
        Route("/case", review.decide, methods=["POST"]),
        Route("/answer", review.answer),
    ]
    return Starlette(
        routes=routes, middleware=[Middleware(Guard, port=port)], exception_handlers={PinciteError: review.fault}
    )


@cache
def _template() -> Template:
    text = resources.files("evals.making").joinpath("review.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; nothing of one that is larger than a decision may be."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return {}
    fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0].replace("\r\n", "\n") for name, values in fields.items()}
