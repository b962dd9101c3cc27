"""The head of the page: its name, and the library that is asked, with the others to choose from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.web import words
from rag.web.markup import esc, exact, icon

if TYPE_CHECKING:
    from rag.web.house import Choice


def masthead(
    choices: Sequence["Choice"], chosen: str, *, can_grow: bool, making: str | None = None, told: str = ""
) -> str:
    """The page's name and the chooser; no chooser where there is one library and can be no other.

    `making` is the name so far of a library that is being made, or None where none is; `told` is what went wrong.
    """
    brand = f'<div class="brand"><h1>{words.NAME}</h1><p>{words.TAGLINE}</p></div>'
    if len(choices) < 2 and not can_grow:
        return brand
    now = next((choice for choice in choices if choice.name == chosen), choices[0])
    first = choices[0].name
    menu = "".join(_item(choice, choice == now) for choice in choices) + (_new() if can_grow else "")
    form = _form(making, told) if can_grow else ""
    lost = f'<p class="lost" role="alert">{esc(told)}</p>' if told and making is None else ""
    return (
        f'<div class="head">{brand}<div class="chooser" data-chosen="{exact(now.name)}" data-first="{exact(first)}">'
        f'<button type="button" class="chosen" aria-haspopup="menu" aria-controls="libraries"'
        f' aria-expanded="{"true" if making is not None else "false"}">'
        f'<span class="said-aloud">{words.CHOSEN_LIBRARY} </span><span class="named">{esc(now.title)}</span> '
        f"{_count(now)}{icon('down')}</button>"
        f'<div class="libraries"{"" if making is not None else " hidden"}>'
        f'<ul id="libraries" role="menu" aria-label="{words.LIBRARIES}">{menu}</ul>{form}</div>{lost}</div></div>'
    )


def _item(choice: "Choice", is_chosen: bool) -> str:
    return (
        f'<li role="none"><button type="button" role="menuitemradio" tabindex="-1" data-library="{exact(choice.name)}"'
        f' aria-checked="{str(is_chosen).lower()}">{icon("supported")}<span class="named">{esc(choice.title)}</span>'
        f"{_count(choice)}</button></li>"
    )


def _new() -> str:
    return (
        f'<li role="none"><button type="button" role="menuitem" tabindex="-1" data-new>{icon("new")}'
        f'<span class="named">{words.NEW_LIBRARY}</span></button></li>'
    )


def _form(making: str | None, told: str) -> str:
    alert = f'<p class="wrong" id="wrong-name" role="alert">{esc(told)}</p>' if told and making is not None else ""
    wrong = ' aria-invalid="true" aria-describedby="wrong-name"' if alert else ""
    return (
        f'<form class="make"{"" if making is not None else " hidden"}><label for="new-library">{words.NEW_NAME}</label>'
        f'<input id="new-library" type="text" maxlength="60" required autocomplete="off"'
        f' value="{exact(making or "")}"{wrong}>{alert}'
        f'<div class="ways"><button type="submit" class="firm">{words.MAKE}</button>'
        f'<button type="button" class="quiet" data-leave>{words.MAKE_NOT}</button></div></form>'
    )


def _count(choice: "Choice") -> str:
    known = choice.documents is not None
    text = words.count(choice.documents or 0, "document") if known else words.UNCOUNTED
    return f'<span class="tally">{text}</span>'
