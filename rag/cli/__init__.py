"""The `pincite` command: one line per error, and heavy libraries only inside the command that needs them.

Exit status: 0 an answer or an abstention, 1 a fault, 2 wrong usage or bad input, 3 a check did not hold,
4 inconclusive under `--strict`, 130 stopped by the keyboard.
"""

import sys
import traceback
from collections.abc import Sequence

import typer

from rag.cli.commands import State, app
from rag.cli.show import clean
from rag.errors import PinciteError

STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line (`sys.argv` where none is given) and returns its exit status."""
    state = State()
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        status = app(args=given or ["--help"], prog_name="pincite", standalone_mode=False, obj=state)
    except PinciteError as error:
        return _fault(str(error), error.exit_status, state)
    except typer.TyperException as error:
        return _fault(f"{error.format_message()} (see: {_help(error)})", error.exit_code, state)
    except (KeyboardInterrupt, typer.Abort):
        status = STOPPED
    except Exception as error:
        hint = "" if state.debug else "; `pincite --debug …` shows where"
        return _fault(f"{type(error).__name__}: {error}{hint}", 1, state)
    if status == STOPPED:
        _fault("stopped; what was stored so far is kept", STOPPED, State())
    return status if isinstance(status, int) else 0


def _fault(message: str, status: int, state: State) -> int:
    if state.debug:
        print(clean(traceback.format_exc()), file=sys.stderr)
    print(f"pincite: {' '.join(clean(message).split())}", file=sys.stderr)
    return status


def _help(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context else 'pincite'} --help"
