"""A loopback server that speaks as OpenAI does, and misbehaves as it is told; each request takes the next turn."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Turn:
    """One reply: its words, or the status and headers of a refusal."""

    words: list[str] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: str = "refused"
    breaks: bool = False
    """Closes the connection after the words, without an end."""
    pause: float = 0.0
    """Seconds before each word."""
    endless: bool = False
    """Repeats the words until the reader has gone."""
    usage: tuple[int, int] | None = (7, 3)


@dataclass
class Server:
    """What a test sees of the server."""

    url: str
    turns: list[Turn]
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The requests' bodies."""
    keys: list[str] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    """Set when a whole request has come."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set when a reader has gone before the end."""


@contextmanager
def serving(*turns: Turn) -> Iterator[Server]:
    """Serves the turns in order, the last of them again and again, on a free port."""
    told = Server("", list(turns))

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            told.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            told.keys.append(self.headers.get("authorization", ""))
            told.begun.set()
            turn = told.turns.pop(0) if len(told.turns) > 1 else told.turns[0]
            self.send_response(turn.status)
            for name, value in turn.headers.items():
                self.send_header(name, value)
            if turn.status != 200:
                body = json.dumps({"error": {"message": turn.error, "type": "test"}}).encode()
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            try:
                _say(self, turn)
            except OSError:
                told.left.set()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _say(handler: BaseHTTPRequestHandler, turn: Turn) -> None:
    while True:
        for word in turn.words:
            time.sleep(turn.pause)
            _event(handler, {"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]})
        if not turn.endless:
            break
    if turn.breaks:
        handler.close_connection = True
        handler.connection.close()
        return
    _event(handler, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if turn.usage:
        read, written = turn.usage
        counted = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        _event(handler, {"choices": [], "usage": counted})
    _chunk(handler, b"data: [DONE]\n\n")
    _chunk(handler, b"")


def _event(handler: BaseHTTPRequestHandler, part: dict[str, Any]) -> None:
    whole = {"id": "one", "object": "chat.completion.chunk", "created": 1, "model": "test", **part}
    _chunk(handler, f"data: {json.dumps(whole)}\n\n".encode())


def _chunk(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
    handler.wfile.flush()
