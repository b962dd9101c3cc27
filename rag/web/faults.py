"""What went wrong, as one line for a person."""

import logging

from rag.errors import PinciteError
from rag.web import words

log = logging.getLogger("pincite.web")


def line(error: Exception) -> str:
    """One clear line for a person; an error nobody foresaw goes to the log with its trace."""
    if isinstance(error, PinciteError):
        return str(error)
    log.exception("the page met an error that Pincite did not raise itself", exc_info=error)
    return words.FAULT
