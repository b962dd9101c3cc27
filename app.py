"""Serves the page over a library: `python app.py [--index DIR] [--host HOST] [--port 7860]`."""

import argparse
import sys

from rag.errors import PinciteError
from rag.settings import Settings
from rag.web import serve


def main(arguments: list[str] | None = None) -> int:
    """Serves until interrupted; the exit status is that of `pincite serve`."""
    parser = argparse.ArgumentParser(description="Ask your documents questions in the browser.")
    parser.add_argument("--index", help="the library to serve (default: indexes/default)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=7860)
    chosen = parser.parse_args(arguments)
    try:
        index = chosen.index or Settings.load().index
        serve(
            index,
            host=chosen.host,
            port=chosen.port,
            ready=lambda address: print(f"Pincite is at {address}", flush=True),
        )
    except PinciteError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
