"""Office documents (DOCX, PPTX), sheets (XLSX, XLS, ODS) and tables in text (CSV, TSV)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from rag.errors import LoadError
from rag.loaders.drafts import Draft, Writer, left_out
from rag.loaders.encoding import decode
from rag.loaders.hidden_runs import strip_hidden_runs
from rag.loaders.kinds import CSV, DOCX, PPTX
from rag.loaders.naming import date_near_top, sensible_title
from rag.loaders.sources import Raw
from rag.types import Page

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVEL = re.compile(r"heading (\d)", re.I)


def read_docx(raw: Raw) -> Draft:
    """A Word document: paragraphs, headings, list items and table rows in order, then footnotes."""
    import docx

    document = docx.Document(io.BytesIO(raw.data))
    writer = Writer()
    styles = {style.style_id: style.name or "" for style in document.styles}
    hidden = strip_hidden_runs(document.element, document.styles.element)
    _write_body(document.element.body, styles, writer)
    for part in document.part.package.iter_parts():
        if part.partname in ("/word/footnotes.xml", "/word/endnotes.xml"):
            from lxml import etree

            notes = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
            hidden += strip_hidden_runs(notes, document.styles.element)
            for note in notes.iterchildren():
                if note.get(f"{_W}type") is None:
                    writer.paragraph("".join(_texts(note)))
    first = next((heading for heading in writer.headings), None)
    named = writer.text[first.start : first.end] if first and first.start == 0 else None
    title = sensible_title(document.core_properties.title) or named
    dated, headings = date_near_top(writer.text), tuple(writer.headings)
    return Draft(writer.text, DOCX, title=title, date=dated, headings=headings, metadata=left_out(hidden))


def _write_body(body: Any, styles: dict[str, str], writer: Writer) -> None:
    for block in body.iterchildren():
        if block.tag == f"{_W}p":
            _write_paragraph(block, styles, writer)
        elif block.tag == f"{_W}tbl":
            writer.table(_cells(row) for row in block.iter(f"{_W}tr") if next(row.iterancestors(f"{_W}tbl")) is block)
        elif block.tag == f"{_W}sdt":
            for content in block.iterchildren(f"{_W}sdtContent"):
                _write_body(content, styles, writer)
        elif block.tag in (f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            _write_body(block, styles, writer)


def _write_paragraph(block: Any, styles: dict[str, str], writer: Writer) -> None:
    text = "".join(_texts(block))
    style = next((node.get(f"{_W}val", "") for node in block.iterfind(f"{_W}pPr/{_W}pStyle")), "")
    name = styles.get(style, style)
    level = _LEVEL.match(name)
    if level or name in ("Title", "Subtitle"):
        writer.heading(int(level.group(1)) if level else 1, text)
    elif name.startswith("List") or block.find(f"{_W}pPr/{_W}numPr") is not None:
        writer.item(text)
    else:
        writer.paragraph(text)


def _cells(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren(f"{_W}tc"):
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        continued = merged is not None and merged.get(f"{_W}val") != "restart"
        cells.append("" if continued else " ".join("".join(_texts(part)) for part in cell.iter(f"{_W}p")))
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = span.get(f"{_W}val", "1") if span is not None else "1"
        cells.extend([""] * (min(int(width), 100) - 1 if width.isdigit() else 0))
    return cells


def _texts(block: Any) -> Iterator[str]:
    """The characters a reader sees: insertions and links with them, deletions and field codes not."""
    for node in block.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if next(node.iterancestors(f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}pPr"), None) is not None:
            continue
        if node.tag == f"{_W}t":
            yield node.text or ""
        else:
            yield {"br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(node.tag[len(_W) :], " ")


def read_pptx(raw: Raw) -> Draft:
    """A presentation: each slide opens with its title as a heading, its speaker notes follow; slides count as pages."""
    import pptx

    deck = pptx.Presentation(io.BytesIO(raw.data))
    writer = Writer()
    starts: list[int] = []
    for number, slide in enumerate(deck.slides, 1):
        before = writer.length
        title = slide.shapes.title
        named = " ".join(title.text_frame.text.split()) if title is not None and title.has_text_frame else ""
        writer.heading(1, named or f"Slide {number}")
        starts.append(writer.headings[-1].start if before else 0)
        for shape in slide.shapes:
            if title is None or shape.shape_id != title.shape_id:
                _write_shape(shape, writer)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            for line in slide.notes_slide.notes_text_frame.text.splitlines():
                writer.paragraph(line)
    ends = [*starts[1:], writer.length]
    pages = tuple(Page(number, start, end) for number, (start, end) in enumerate(zip(starts, ends, strict=False), 1))
    first = writer.headings[0].start if writer.headings else None
    shown = writer.text[writer.headings[0].start : writer.headings[0].end] if first is not None else None
    title_text = sensible_title(deck.core_properties.title) or sensible_title(shown)
    return Draft(
        writer.text,
        PPTX,
        title=title_text,
        date=date_near_top(writer.text),
        headings=tuple(writer.headings),
        pages=pages,
    )


def _write_shape(shape: Any, writer: Writer) -> None:
    if hasattr(shape, "shapes"):
        for inner in shape.shapes:
            _write_shape(inner, writer)
    elif getattr(shape, "has_table", False):
        writer.table([cell.text for cell in row.cells] for row in shape.table.rows)
    elif getattr(shape, "has_text_frame", False):
        lines = [paragraph.text for paragraph in shape.text_frame.paragraphs if paragraph.text.strip()]
        for line in lines:
            if len(lines) > 1:
                writer.item(line.replace("\v", " "))
            else:
                writer.paragraph(line.replace("\v", "\n"))


def read_sheets(raw: Raw, kind: str) -> Draft:
    """A workbook: each visible sheet is a heading and its rows; hidden sheets are named in the metadata."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw.data))
    except python_calamine.PasswordError:
        raise LoadError("password", f"{raw.name}: the workbook is encrypted; save it without a password") from None
    writer = Writer()
    hidden: list[str] = []
    for sheet in book.sheets_metadata:
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
            hidden.append(sheet.name)
            continue
        rows = book.get_sheet_by_name(sheet.name).to_python()
        if rows:
            writer.heading(1, sheet.name)
            writer.table([_value(cell) for cell in row] for row in rows)
    metadata = {"hidden_sheets": ", ".join(hidden)} if hidden else {}
    return Draft(writer.text, kind, headings=tuple(writer.headings), metadata=metadata)


def _value(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(round(cell, 12))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def read_csv(raw: Raw) -> Draft:
    """A table in text: one line for each row, with its column headings."""
    text, encoding = decode(raw.data, raw.name)
    writer = Writer()
    writer.table(_lines(text, raw.name))
    return Draft(writer.text, CSV, metadata={"encoding": encoding})


def _lines(text: str, name: str) -> Iterable[list[str]]:
    csv.field_size_limit(10_000_000)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
        dialect.skipinitialspace = True
    except csv.Error:
        dialect = csv.excel_tab if name.lower().endswith((".tsv", ".tab")) else csv.excel
    try:
        yield from csv.reader(io.StringIO(text, newline=""), dialect)
    except csv.Error as error:
        raise LoadError("broken", f"{name}: not a table that can be read ({error}); save it again as CSV") from None
