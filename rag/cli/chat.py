"""`pincite chat`: one question after another, each understood by those before it."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.cli import show
from rag.errors import EmptyQuestion

if TYPE_CHECKING:
    from rag.conversation import Conversation

PROMPT = "? "
NEW = "/new"
"""Typed in place of a question, it begins a new conversation."""


def talk(conversation: "Conversation") -> None:
    """Asks what is typed or piped in, a line at a time, until an empty line or the end of the input."""
    if sys.stdin.isatty():
        print(f"Ask your documents. {NEW} begins a new conversation; an empty line ends it.")
    for question in _questions():
        if question == NEW:
            conversation.clear()
            continue
        try:
            answer = conversation.ask(question)
        except EmptyQuestion as error:
            print(f"pincite: {error}", file=sys.stderr)
            continue
        show.show_asked(answer, echo=not sys.stdin.isatty())
        show.show_answer(answer)
        print(flush=True)


def _questions() -> Iterator[str]:
    """The lines of standard input; with a prompt where a person types them."""
    while True:
        try:
            line = input(PROMPT) if sys.stdin.isatty() else sys.stdin.readline()
        except EOFError:
            print()
            return
        question = line.strip()
        if not question:
            return
        yield question
