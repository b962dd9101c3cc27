"""Small real files for the loaders' tests, made by the libraries that make them for everyone else."""

import io
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

import docx
import openpyxl
import pptx
from docx.document import Document as Docx
from pptx.util import Inches
from reportlab.pdfgen import canvas

from rag.errors import LoadError
from rag.loaders import Raw, parse
from rag.loaders.sources import document_id
from rag.types import Document


def raw(data: bytes | str, name: str, media_type: str | None = None) -> Raw:
    """Bytes as though they had been fetched from a folder, or from a server where a type is given."""
    data = data.encode() if isinstance(data, str) else data
    source = f"https://example.org/{name}" if media_type else f"/shelf/{name}"
    return Raw(source, name, data, document_id(repr(data)) * 4, media_type)


def outcome(fetched: Raw) -> Document | LoadError:
    """The document, or the refusal: the only two things that reading may end in."""
    try:
        return parse(fetched)
    except LoadError as error:
        return error


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    title: str | None = None,
    outline: Sequence[tuple[str, int]] = (),
    password: str | None = None,
) -> bytes:
    """A PDF with a page for each list of lines; `outline` holds (title, page from 1)."""
    file = io.BytesIO()
    drawing = canvas.Canvas(file, encrypt=password)
    if title:
        drawing.setTitle(title)
    for number, lines in enumerate(pages, 1):
        for entry, page in outline:
            if page == number:
                drawing.bookmarkPage(entry)
                drawing.addOutlineEntry(entry, entry)
        for place, line in enumerate(lines):
            drawing.drawString(60, 780 - 14 * place, line)
        drawing.showPage()
    drawing.save()
    return file.getvalue()


def word() -> bytes:
    document: Docx = docx.Document()
    document.core_properties.title = "Orchard report"
    document.add_heading("The orchard in 2022", level=1)
    document.add_paragraph("14 March 2022")
    document.add_paragraph("The orchard has forty trees. Most of them are old.")
    document.add_heading("What was picked", level=2)
    document.add_paragraph("Apples from the north side", style="List Bullet")
    document.add_paragraph("Pears from the south side", style="List Bullet")
    table = document.add_table(rows=0, cols=3)
    for cells in (("Fruit", "Crates", "Kept"), ("Apple", "12", "partly"), ("Pear", "7", "")):
        row = table.add_row().cells
        for cell, text in zip(row, cells, strict=True):
            cell.text = text
    return _saved(document)


def slides() -> bytes:
    deck = pptx.Presentation()
    for title, body, notes in (
        ("Bees in winter", "They cluster\nThey eat honey", "Say that the cluster is warm."),
        ("Bees in spring", "They fly", ""),
    ):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    blank = deck.slides.add_slide(deck.slide_layouts[6])
    table = blank.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for place, text in enumerate(("Hive", "Weight", "North", "31 kg")):
        table.cell(place // 2, place % 2).text = text
    return _saved(deck)


def workbook(sheets: dict[str, Sequence[Sequence[object]]], *, hidden: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    return _saved(book)


def _saved(maker: Any) -> bytes:
    file = io.BytesIO()
    maker.save(file)
    return file.getvalue()


def ebook(chapters: Sequence[str], title: str = "The lighthouse", *, before: str = "") -> bytes:
    file = io.BytesIO()
    items = "".join(
        f'<item id="c{number}" href="text/c%20{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    order = "".join(f'<itemref idref="c{number}"/>' for number in reversed(range(len(chapters))))
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
            '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        book.writestr(
            "OPS/book.opf",
            before + '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title><dc:date>1927-05-05</dc:date></metadata>"
            f"<manifest>{items}</manifest><spine>{order}</spine></package>",
        )
        for number, chapter in enumerate(chapters):
            opening = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
            page = f"{opening}<body>{chapter}</body></html>"
            book.writestr(f"OPS/text/c {number}.xhtml", page)
    return file.getvalue()


def mail(*, html: bool = False) -> bytes:
    message = EmailMessage()
    message["From"] = "Zoë Müller <zoe@example.org>"
    message["To"] = "ben@example.org"
    message["Date"] = "Tue, 14 Mar 2023 09:30:00 +0100"
    message["Subject"] = "The bridge is open"
    if html:
        message.set_content("<html><body><p>The bridge opened <b>today</b>.</p></body></html>", subtype="html")
    else:
        message.set_content("The bridge opened today.\nNo one was hurt; the café stays shut.\n")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    return message.as_bytes()
