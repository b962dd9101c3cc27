"""A process that reads files for another: requests come on standard input, answers go to standard output.

A message is 4 bytes length, a header in JSON, 8 bytes length, and the bytes of a file (requests only). It ends with its
input, and so with the process that started it, whatever it is doing then.
"""

import json
import os
import queue
import signal
import struct
import sys
import threading
from dataclasses import asdict
from typing import IO, Any

from rag.errors import LoadError
from rag.loaders import parse
from rag.loaders.pdf_layout import Sized
from rag.loaders.pdf_pages import Part, read_part
from rag.loaders.sources import Raw
from rag.types import Document, Heading, Page

Message = tuple[dict[str, Any], bytes]


def send(stream: IO[bytes], header: dict[str, Any], data: bytes = b"") -> None:
    """Write one message."""
    lead = json.dumps(header).encode("ascii")
    stream.write(struct.pack("<I", len(lead)) + lead + struct.pack("<Q", len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Message:
    """Read one message. Raises `EOFError` where the other side has ended."""
    header = json.loads(_exactly(stream, *struct.unpack("<I", _exactly(stream, 4))))
    return header, _exactly(stream, *struct.unpack("<Q", _exactly(stream, 8)))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def request(raw: Raw, password: str | None, part: int = 0, parts: int = 0) -> Message:
    """What asks a worker for the document in `raw`, or for one of its `parts`."""
    told = {"source": raw.source, "name": raw.name, "sha256": raw.sha256, "media_type": raw.media_type}
    return {"raw": told, "password": password, "part": part, "parts": parts}, raw.data


def answer(header: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What a worker says to a request."""
    raw = Raw(data=data, **header["raw"])
    try:
        if header["parts"]:
            return {"part": asdict(read_part(raw, header["password"], header["part"], header["parts"]))}
        return {"document": asdict(parse(raw, password=header["password"]))}
    except LoadError as error:
        return {"kind": error.kind, "error": str(error)}


def document_of(reply: dict[str, Any]) -> Document:
    """The document in a reply. Raises the `LoadError` that is in it instead."""
    fields = _content(reply, "document")
    pages = tuple(Page(**page) for page in fields.pop("pages"))
    headings = tuple(Heading(**heading) for heading in fields.pop("headings"))
    return Document(**fields, pages=pages, headings=headings)


def part_of(reply: dict[str, Any]) -> Part:
    """The part of a PDF in a reply. Raises the `LoadError` that is in it instead."""
    fields = _content(reply, "part")
    sized = [Sized(*run) for run in fields.pop("sized")]
    outline = [(level, title, number) for level, title, number in fields.pop("outline")]
    return Part(**fields, sized=sized, outline=outline)


def _content(reply: dict[str, Any], name: str) -> dict[str, Any]:
    if "error" in reply:
        raise LoadError(reply["kind"], reply["error"])
    return dict(reply[name])


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard speaks to the process that started this one
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a parser prints is no message
    waiting: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def listen() -> None:
        try:
            while True:
                waiting.put(receive(sys.stdin.buffer))
        except EOFError:
            os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    send(replies, {"ready": True})
    while True:
        header, data = waiting.get()
        send(replies, answer(header, data))
