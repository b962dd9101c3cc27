"""Makes `seeds/ledger-briefing.pdf` anew, byte for byte: `python tests/make_seeds_pdf.py`.

It has what real PDFs have and a loader must undo: a running head, page numbers, and words hyphenated at line ends.
"""

import os
import re
from pathlib import Path

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

TARGET = Path(__file__).parent.parent / "seeds" / "ledger-briefing.pdf"
PUBLISHED = "1703376000"  # midnight at the start of December 24, 2023, UTC, in seconds
PADDING = 6  # points that reportlab leaves inside a frame
TITLE = "Envoys and doubts: a briefing on the cease-fire signals"

TEXT = """
# Envoys and doubts: a briefing on the cease-fire signals

The Harbour Ledger reported on December 23, 2023, that Vladimir Putin had signaled his readiness for a cease-fire in
Ukraine. This briefing collects what our reporting found about the messengers, the mood in Moscow and the obstacles.

## How the messages travel

The signals come by more than one road. Some pass through foreign governments that keep up ties with Washington as
well as Moscow. Others are carried by unofficial Russian emissaries, who have outlined to their contacts what sort
of deal Mr. Putin could live with.

The two governments do keep lines open for matters such as prisoner swaps. But William Burns, the director of the
CIA, and Sergei Naryshkin, the head of Russian foreign intelligence, have not met since they spoke in Turkey about a
year ago.

## A year in the Kremlin

Early in 2023 the mood in Moscow was bleak. Much of the professional army had been lost on the plains of eastern
Ukraine, and poorly trained draftees and convicts had taken its place. Mr. Putin was absorbed in the war. A person
close to the Kremlin said in February that he held two videoconferences a day with the military. Those who reported
to him had little good news, the person said, and so they lied.

In June, as Ukraine's counteroffensive began, people around the president found him tense. On June 17 he received a
group of African leaders in St. Petersburg and took them on a dinner cruise. Cyril Ramaphosa, the president of South
Africa, asked whether he had bombed Kyiv during their stay there. "Yes, I did," Mr. Putin said, but far from the
visitors. One member of the delegation formed the impression that he wanted a channel for talks kept ready, though
not yet the talks themselves.

The mutiny of the mercenary leader Yevgeny Prigozhin followed a week later. It ended with a deal that sent him to
Belarus. At a Kremlin ceremony Mr. Putin presented the revolt's failure as proof of the state's strength: he had
turned a humiliation into a victory. By the end of the summer Mr. Prigozhin was dead, killed in a plane crash that
many attribute to the Kremlin.

In the fall the nervousness was gone. Mr. Putin kept up his morning swims, and senior officials went on vacation
again. Akylbek Zhaparov, the prime minister of Kyrgyzstan, said in October that Russia's elite had first seen the
war as a "catastrophe" but had grown used to it.

On October 7 Mr. Putin turned 71. He drove the leaders of Uzbekistan and Kazakhstan in a new Russian-made limousine,
and they discussed the sale of Russian gas to Uzbekistan. After lunch the guests took in the news of the day: Hamas
had attacked Israel. The war that followed drew attention away from Ukraine. Balazs Orban, who was at the talks
between Mr. Putin and Hungary's prime minister, Viktor Orban, in October, said that the Russian president was well
aware of it.

## A visit after midnight

Late in October the liberal politician Grigory Yavlinsky, a native of western Ukraine, was shown into the Kremlin
after midnight. He spoke of the Russian dead, who far outnumber the Soviet losses in ten years of war in
Afghanistan. He offered to be a negotiator if Mr. Putin would at least consider a cease-fire. The meeting lasted 90
minutes, and Mr. Yavlinsky took its length as a good sign.

## What stands in the way

Land comes first. Ukraine means to recover all of it, and the deal would leave Russia with nearly a fifth of the
country.

The United States comes next. Mr. Putin wants it at the center of any negotiation, while Washington refuses to
bargain in Ukraine's name.

Trust is a third obstacle. President Edgars Rinkevics of Latvia believes that Mr. Putin dreams of "re-establishing
the empire" and remains committed to war.

Timing is the last. Some analysts think that Mr. Putin is playing for time, in the hope that Donald Trump returns to
office after the American election of 2024. The former Russian officials disagree: because war is uncertain, they
say, he would rather settle sooner.

If he did, the Kremlin would have something to show: a strip of land that joins Russia to Crimea, an army that
withstood an offensive backed by Western weapons, and the claimed annexation of four regions, none of which it fully
holds.

## Who is who

Dmitri Peskov is Mr. Putin's spokesman.

Sergei Shoigu is Russia's defense minister.

Valery Fyodorov is a pollster who works for the Russian government.

Mark Milley, an American general, was chairman of the Joint Chiefs of Staff.

Balazs Orban is an aide to the Hungarian prime minister.
"""

SPLITS = """
    be-tween ceremo-ny coun-teroffensive com-mitted elec-tion emis-saries humil-iation intel-ligence nego-tiation
    obsta-cles Octo-ber offen-sive offi-cials presi-dent pris-oner profes-sional Rus-sian un-certain weap-ons
"""
"""Where a word may be split at the end of a line."""

BODY = ParagraphStyle(
    "body",
    fontName="Times-Roman",
    fontSize=10.5,
    leading=14,
    spaceAfter=6,
    alignment=TA_JUSTIFY,
    embeddedHyphenation=1,
)
HEADING = ParagraphStyle(
    "heading", fontName="Helvetica-Bold", fontSize=11.5, leading=15, spaceBefore=7, spaceAfter=4, keepWithNext=1
)
HEADLINE = ParagraphStyle("headline", fontName="Helvetica-Bold", fontSize=17, leading=21, spaceAfter=10)


def story() -> list[Paragraph]:
    """The text as paragraphs, headings by their `#` marks."""
    soft = {split.replace("-", ""): split.replace("-", "\u00ad") for split in SPLITS.split()}
    hyphenated = re.compile(rf"\b({'|'.join(soft)})\b")
    paragraphs = []
    for block in TEXT.strip().split("\n\n"):
        marks, _, words = block.partition(" ") if block.startswith("#") else ("", "", " ".join(block.split()))
        style = {"#": HEADLINE, "##": HEADING}.get(marks, BODY)
        paragraphs.append(Paragraph(hyphenated.sub(lambda match: soft[match.group()], words), style))
    return paragraphs


def furniture(canvas: Canvas, template: SimpleDocTemplate) -> None:
    """The running head and the page number."""
    width, height = A5
    left, right = template.leftMargin + PADDING, width - template.rightMargin - PADDING
    canvas.setFont("Helvetica", 8)
    canvas.drawString(left, height - 13 * mm, "THE HARBOUR LEDGER")
    canvas.drawRightString(right, height - 13 * mm, "Briefing, December 24, 2023")
    canvas.setLineWidth(0.4)
    canvas.line(left, height - 15 * mm, right, height - 15 * mm)
    canvas.drawCentredString(width / 2, 11 * mm, str(canvas.getPageNumber()))


def make(target: Path = TARGET) -> None:
    """Write the PDF; the same bytes every time, so that its hash never moves without need."""
    os.environ["SOURCE_DATE_EPOCH"] = PUBLISHED
    template = SimpleDocTemplate(
        str(target),
        pagesize=A5,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=20 * mm,
        bottomMargin=18 * mm,
        title=TITLE,
        author="The Harbour Ledger",
        invariant=1,
    )
    template.build(story(), onFirstPage=furniture, onLaterPages=furniture)


if __name__ == "__main__":
    make()
