"""Words that no reader of a document sees are left out and told of; words that are seen stay, however they are set."""

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from rag.loaders import parse
from rag.types import Document
from tests import making_files as make
from tests.planting import FILES

SEEN = "The lighthouse keeper rows ashore on Sundays."


def page(inside: str, head: str = "") -> Document:
    return parse(make.raw(f"<html><head><title>T</title>{head}</head><body>{inside}</body></html>", "a.html"))


@pytest.mark.parametrize(
    "inside",
    [
        "<p style='color:#fff;background:#123'>{}</p>",
        "<div style='background-color: navy'><p style='color:white'>{}</p></div>",
        "<div style='background: url(sea.png)'><p style='color:white'>{}</p></div>",
        "<table bgcolor='#000000'><tr><td><font color=white>{}</font></td></tr></table>",
        "<div style='font-size:0'><span style='font-size:16px'>{}</span></div>",
        "<p style='font-size:80%'>{}</p>",
        "<p style='opacity:0' data-aos='fade-up'>{}</p>",
        "<p style='opacity:0; transform: translateY(20px)'>{}</p>",
        "<h2 style='color:transparent;background-clip:text;background-image:linear-gradient(red, blue)'>{}</h2>",
        "<p style='position:absolute;left:-20px'>{}</p>",
        "<p style='overflow:hidden;height:40px'>{}</p>",
        "<p style='text-indent:-2em'>{}</p>",
        "<details><summary>More</summary><p>{}</p></details>",
        "<p style='color: var(--ink); background: var(--paper)'>{}</p>",
        "<p style=';;color;:x; : ; font-size: large'>{}</p>",
    ],
)
def test_words_that_are_seen_on_a_page_stay(inside: str) -> None:
    read = page(inside.format(SEEN))
    assert SEEN in read.text
    assert read.metadata == {}


@pytest.mark.parametrize(
    ("head", "inside", "stays"),
    [
        ("<style>.x { color: #fff }</style>", "<p class=x>{}</p>", False),
        ("<style>.x { color: #fff } .night p { background: #000 }</style>", "<p class=x>{}</p>", True),
        ("<link rel=stylesheet href=a.css>", "<p class=x style='color:#fff'>{}</p>", True),
        ("<link rel=stylesheet href=a.css>", "<p class=x style='color:#fff;background:#fff'>{}</p>", False),
        ("<style>@media print { .x { display: none } }</style>", "<p class=x>{}</p>", True),
        ("<style>/* .x { display: none } */ p.y, #z { display: none }</style>", "<p class=x>{}</p>", True),
        ("<style>p.y, #z { display: none }</style>", "<p id=z>{}</p>", False),
        ("<style>body { background: black } p { color: white }</style>", "<p>{}</p>", True),
        ("<style>broken { { } .x { display:none</style>", "<p class=x>{}</p>", True),
    ],
)
def test_style_sheets_count_as_far_as_they_can_be_read(head: str, inside: str, stays: bool) -> None:
    read = page(f"<p>Open daily.</p>{inside.format(SEEN)}", head)
    assert (SEEN in read.text) == stays
    assert ("hidden_text" in read.metadata) != stays
    assert "Open daily." in read.text


def test_the_text_around_unseen_words_stays() -> None:
    read = page("<p>one <span style='font-size:0'>two <b style='font-size:12px'>three</b> four</span> five</p>")
    assert (read.text, read.metadata) == ("one three five", {"hidden_text": "2 words"})


def drawn(draw: Callable[[Any], None]) -> Document:
    file = io.BytesIO()
    pen = canvas.Canvas(file)
    pen.drawString(60, 800, "Notice to mariners")
    draw(pen)
    pen.showPage()
    pen.save()
    return parse(make.raw(file.getvalue(), "a.pdf"))


def white(pen: Any) -> None:
    pen.setFillColorRGB(1, 1, 1)
    pen.drawString(60, 700, SEEN)


def on_a_bar(pen: Any) -> None:
    pen.setFillColorRGB(0, 0.2, 0.4)
    pen.rect(40, 690, 500, 30, stroke=0, fill=1)
    white(pen)


def on_a_picture(pen: Any) -> None:
    pen.drawImage(ImageReader(Image.new("RGB", (4, 4), "navy")), 40, 690, 500, 30)
    white(pen)


def on_a_thick_line(pen: Any) -> None:
    pen.setLineWidth(30)
    pen.line(40, 705, 540, 705)
    white(pen)


def read_from_a_scan(pen: Any) -> None:
    pen.drawImage(ImageReader(Image.new("L", (4, 4), 200)), 0, 0, 595, 842)
    text = pen.beginText(60, 700)
    text.setTextRenderMode(3)
    text.textLine(SEEN)
    pen.drawText(text)


def scaled_up(pen: Any) -> None:
    pen.scale(20, 20)
    pen.setFont("Helvetica", 0.6)
    pen.drawString(3, 35, SEEN)


def turned(pen: Any) -> None:
    pen.rotate(90)
    pen.drawString(200, -300, SEEN)


def partly_off(pen: Any) -> None:
    pen.drawString(-20, 700, SEEN)


def white_then_black(pen: Any) -> None:
    pen.saveState()
    pen.setFillColorRGB(1, 1, 1)
    pen.restoreState()
    pen.drawString(60, 700, SEEN)


@pytest.mark.parametrize(
    "draw",
    [
        on_a_bar,
        on_a_picture,
        on_a_thick_line,
        read_from_a_scan,
        scaled_up,
        turned,
        partly_off,
        white_then_black,
    ],
)
def test_words_that_are_seen_in_a_pdf_stay(draw: Callable[[Any], None]) -> None:
    read = drawn(draw)
    assert "".join(SEEN.split()) in "".join(read.text.split())
    assert read.metadata == {}


def test_a_page_without_its_unseen_words_reads_as_if_they_were_not_there() -> None:
    def lines(pen: Any, *hidden: str) -> None:
        text = pen.beginText(60, 700)
        for line in ("First line.", *hidden, "Second line."):
            text.setFillGray(1 if line in hidden else 0)
            text.textLine(line)
        pen.drawText(text)

    assert drawn(lambda pen: lines(pen, "Secret line.")).text.split() == drawn(lines).text.split()


@pytest.mark.parametrize(
    "dress",
    [
        lambda run, paragraph: setattr(run.font, "highlight_color", WD_COLOR_INDEX.BLUE),
        lambda run, paragraph: shade(run._r.get_or_add_rPr()),
        lambda run, paragraph: shade(paragraph._p.get_or_add_pPr()),
    ],
)
def test_white_words_on_a_ground_stay_in_word(dress: Callable[[Any, Any], None]) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    run = paragraph.add_run(SEEN)
    run.font.color.rgb = RGBColor(255, 255, 255)
    dress(run, paragraph)
    assert parse(saved(document)).text == SEEN


def shade(part: Any) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:fill"), "1F3864")
    part.append(shading)


def test_white_words_in_a_table_stay_in_word() -> None:
    document = docx.Document()
    cell = document.add_table(rows=1, cols=2).rows[0].cells[0]
    cell.paragraphs[0].add_run(SEEN).font.color.rgb = RGBColor(255, 255, 255)
    read = parse(saved(document))
    assert (SEEN in read.text, read.metadata) == (True, {})


def saved(document: Any) -> Any:
    file = io.BytesIO()
    document.save(file)
    return make.raw(file.getvalue(), "a.docx")


@pytest.mark.parametrize("kind", [kind for kind, (_, _, seen) in FILES.items() if not seen])
def test_every_kind_of_unseen_text_is_left_out(kind: str) -> None:
    build, suffix, _ = FILES[kind]
    read = parse(make.raw(build("Open daily from nine.", "zqx"), f"a.{suffix}"))
    assert "Open daily from nine." in read.text
    assert "zqx" not in read.text + read.title
