"""A document as rows of the library: written and removed whole, inside a transaction that is already open."""

import json
import sqlite3
from datetime import UTC, datetime

from rag.stores.base import Prepared
from rag.text import plain, spaced
from rag.types import Document, Heading


def insert(db: sqlite3.Connection, item: Prepared) -> None:
    """Write a document that is not there yet."""
    document, stamp = item.document, item.stamp
    values = {
        "document_id": document.id,
        "source": document.source,
        "sha256": document.sha256,
        "size": stamp.size,
        "mtime_ns": stamp.mtime_ns,
        "title": document.title,
        "date": document.date,
        "language": document.language,
        "media_type": document.media_type,
        "metadata": json.dumps(dict(document.metadata)),
        "searched": "words only" if item.vectors is None else "meaning and words",
        "indexed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "characters": len(document.text),
        "page_count": len(document.pages),
        "passage_count": len(item.passages),
        "text": document.text,
    }
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    row = db.execute(f"INSERT INTO documents ({names}) VALUES ({marks})", values).lastrowid  # noqa: S608
    db.executemany(
        "INSERT INTO pages VALUES (?, ?, ?, ?)",
        [(row, page.number, page.start, page.end) for page in document.pages],
    )
    db.executemany(
        "INSERT OR IGNORE INTO headings VALUES (?, ?, ?, ?, ?)",
        [(row, heading.start, heading.end, heading.level, _name(document, heading)) for heading in document.headings],
    )
    for at, passage in enumerate(item.passages):
        number = db.execute(
            'INSERT INTO passages (passage_id, document, start, "end", page_first, page_last, heading, text)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage.id,
                row,
                passage.start,
                passage.end,
                passage.page_first,
                passage.page_last,
                passage.heading,
                passage.text,
            ),
        ).lastrowid
        db.execute(
            "INSERT INTO lexicon (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
            (number, *_lexical(passage.title, passage.heading, passage.text)),
        )
        if item.vectors is not None:
            digest = item.digests[at] if item.digests else b""
            db.execute(
                "INSERT INTO vectors VALUES (?, ?, ?)", (number, item.vectors[at].astype("<f4").tobytes(), digest)
            )


def forget(db: sqlite3.Connection, source: str, generation: int) -> None:
    """Remove a document and its row of the ledger, noting its passages as removed in `generation`."""
    db.execute("DELETE FROM failures WHERE source = ?", (source,))
    rows = db.execute(
        "SELECT p.id, d.title, p.heading, p.text FROM passages p JOIN documents d ON d.id = p.document"
        " WHERE d.source = ?",
        (source,),
    ).fetchall()
    for number, *fields in rows:
        db.execute(
            "INSERT INTO lexicon (lexicon, rowid, title, heading, text) VALUES ('delete', ?, ?, ?, ?)",
            (number, *_lexical(*fields)),
        )
    removed = [(number, generation) for number, *_ in rows]
    db.executemany("INSERT INTO removed VALUES (?, ?)", removed)
    db.execute("DELETE FROM documents WHERE source = ?", (source,))


def _name(document: Document, heading: Heading) -> str:
    return plain(document.text[heading.start : heading.end], document.media_type)


def _lexical(*fields: str) -> tuple[str, ...]:
    """What the lexicon indexes. It keeps no text of its own, so removing a row must give these very words again."""
    return tuple(spaced(plain(field)) for field in fields)
