"""The addresses beside the rooms: pages that open in a tab of their own, and what rooms fetch."""

from typing import TYPE_CHECKING

from rag.web import reports
from rag.web.house import House

if TYPE_CHECKING:
    from fastapi import FastAPI


def attach(app: "FastAPI", house: House) -> None:
    """Serves every address of the house."""
    reports.attach(app, house.runs)
