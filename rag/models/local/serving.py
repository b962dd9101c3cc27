"""The process that serves one GGUF file by xllamacpp; `rag.models.local.server` starts it, and it ends with its reader.

A process of its own, because loading holds up every thread of the one it happens in, and a model that does not fit
takes its process with it. The first line of standard input is the order as JSON, the only line of standard output the
address or the error; when standard input ends, whoever asked is gone.
"""

import json
import os
import sys
from typing import Any

CONTEXT = 8192
"""Tokens that all questions at a time may take together, their replies included."""
AT_ONCE = 2
"""Questions that are answered side by side; others wait their turn."""
BATCH = 512
"""Tokens of a prompt that are read in one go; between two of them a question that was left is dropped."""
KEPT_MB = 256
"""Memory for prompts that were read before, so that the next one with the same beginning is answered sooner."""


def wanted(order: dict[str, Any], blank: Any) -> Any:
    """xllamacpp's parameters for an order of `path`, `threads` and `key`."""
    blank.model.path = order["path"]
    blank.n_ctx, blank.kv_unified, blank.n_parallel = CONTEXT, True, AT_ONCE
    blank.n_batch = blank.n_ubatch = BATCH
    blank.cache_prompt, blank.cache_ram_mib = True, KEPT_MB
    blank.cpuparams.n_threads = blank.cpuparams_batch.n_threads = order["threads"]
    blank.hostnames, blank.port, blank.api_keys = ["127.0.0.1"], 0, [order["key"]]
    blank.ui = blank.endpoint_slots = False  # these would show other people's questions
    blank.verbosity = 0
    return blank


def main() -> None:
    """Serves until standard input ends."""
    order = json.loads(sys.stdin.readline())
    try:
        import xllamacpp

        server = xllamacpp.Server(wanted(order, xllamacpp.CommonParams()))
        told = {"url": f"{server.listening_address}/v1"}
    except Exception as error:
        told = {"error": (str(error).splitlines() or [type(error).__name__])[0][:200]}
    print(json.dumps(told), flush=True)
    sys.stdin.read()
    os._exit(0)  # the library waits for ever where a server is stopped at once after its start


if __name__ == "__main__":
    main()
