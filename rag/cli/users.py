"""`pincite users`: who may sign in where the page is served to several people."""

import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import BadInput

if TYPE_CHECKING:
    from rag.settings import Settings
    from rag.users import Users

Name = Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits and . _ @ -")]
Index = Annotated[Path | None, typer.Option("--index", help="The library that is served; indexes/default if not set.")]

users = typer.Typer(help="Who may sign in to the page that pincite serve opens.", no_args_is_help=False)


@users.command()
def add(name: Name, index: Index = None) -> None:
    """Let somebody in; the password is asked for, or read from what is piped in."""
    found = _users(index)
    first = not found.names()
    found.add(name, _password())
    print(f"{name} may sign in ({found.path})")
    if first:
        print("From its next start on, pincite serve asks everybody to sign in.")


@users.command(name="list")
def list_users(index: Index = None) -> None:
    """Everybody who may sign in."""
    found = _users(index)
    for name in found.names():
        print(name)
    if not found.names():
        print(f"nobody has to sign in ({found.path} is not there or empty)", file=sys.stderr)


@users.command()
def remove(name: Name, index: Index = None) -> None:
    """Let somebody in no longer; their sessions end at once, and their conversations are deleted."""
    from rag.users import Users

    settings = _settings(index)
    gone = _forgotten(settings.index.absolute().parent, Users(settings.users_file).remove(name))
    print(f"{name} may no longer sign in; their conversations were deleted ({gone})")


@users.command()
def password(name: Name, index: Index = None) -> None:
    """Give somebody another password; their sessions end at once."""
    found = _users(index)
    if name not in found.names():
        raise BadInput(f"there is no user {name}; see: pincite users list")
    found.password(name, _password())
    print(f"{name} has another password")


def _settings(index: Path | None) -> "Settings":
    from rag.settings import Settings

    return Settings.load() if index is None else Settings.load(index=index)


def _users(index: Path | None) -> "Users":
    from rag.users import Users

    return Users(_settings(index).users_file)


def _forgotten(folder: Path, user: str) -> int:
    """Deletes the user's conversations with every library of the folder; how many there were."""
    from rag.library import Library
    from rag.stores.conversations import Conversations

    places = [place for place in folder.iterdir() if Library.exists(place)] if folder.is_dir() else []
    return sum(Conversations(place / "conversations.sqlite").leave(user) for place in places)


def _password() -> str:
    """Asked twice without being shown; or one line, where it is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    given = getpass("Password: ")
    if getpass("Once more: ") != given:
        raise BadInput("the two passwords differ; nothing was changed")
    return given
