"""The addresses beside the rooms: pages that open in a tab of their own, and what rooms fetch."""

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from rag.web import pages, reports, saved, words
from rag.web.gate import Gate
from rag.web.house import House

if TYPE_CHECKING:
    from fastapi import FastAPI


def attach(app: "FastAPI", house: House) -> None:
    """Serves every address of the house."""
    app.state.gate = house.gate
    reports.attach(app, house.runs)
    pages.attach(app, house, visitor)
    saved.attach(app, house.conversations, visitor)


def visitor(request: HTTPConnection) -> str:
    """The id of the signed-in user who asks; empty where nobody has to. Raises a 401 for anybody else."""
    gate: Gate | None = getattr(request.app.state, "gate", None)
    user = gate.visitor(request) if gate else ""
    if user is None:
        raise HTTPException(401, words.SIGN_IN_FIRST)
    return user
