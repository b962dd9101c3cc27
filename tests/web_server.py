"""Serves the page for the browser tests in a process of its own: `python -m tests.web_server PORT [LIBRARY]`.

Without a folder it serves the small library in memory. Any name look-up or connection beyond this machine ends the
process at once with status 9, so that a test fails where the server reaches out.
"""

import os
import sys
import threading
from pathlib import Path
from typing import Any

HOME = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}  # noqa: S104


def _stay_home(event: str, values: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = values[0]
    elif event == "socket.connect" and isinstance(values[1], tuple):
        host = values[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in HOME:
        print(f"the server reached for {host}", file=sys.stderr, flush=True)
        os._exit(9)


def main(port: int, folder: str | None) -> None:
    sys.addaudithook(_stay_home)
    if folder:
        from rag.web import serve

        serve(folder, port=port, ready=lambda address: print(address, flush=True))
        return
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from rag.users import Users
    from rag.web.house import House
    from rag.web.measuring import Measuring
    from rag.web.opening import opened
    from tests.web_fakes import served

    runs = Path(os.environ.get("PINCITE_RUNS", "evals/runs"))
    users = Users(os.environ["PINCITE_USERS"]) if "PINCITE_USERS" in os.environ else None
    house = House(served(delay=0.02, reading=0.15), runs, users=users)
    house.measuring = Measuring(runs, (sys.executable, "-m", "tests.scripted_evals"))
    page = opened(house, "127.0.0.1", port)
    print(page.local_url, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
