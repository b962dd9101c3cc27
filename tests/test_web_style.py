"""The page's colours hold their contrast (WCAG 2.2, AA), and neither style nor script reaches out."""

import re
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest

from rag.types import Label


def whole(folder: str) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in resources.files("rag.web").joinpath(folder).iterdir())


STYLE, SCRIPT = whole("styles"), whole("scripts")
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    ("ink", "paper", TEXT), ("ink", "leaf", TEXT), ("ink", "hover", TEXT), ("ink", "tint", TEXT), ("ink", "near", TEXT),
    ("soft", "paper", TEXT), ("soft", "leaf", TEXT), ("soft", "hover", TEXT), ("pine", "paper", TEXT),
    ("pine", "leaf", TEXT), ("on-pine", "pine", TEXT), ("mark", "tint", TEXT), ("edge", "paper", EDGE),
    ("edge", "leaf", EDGE),
    *(pair for verdict in get_args(Label) for pair in [
        (verdict, "paper", TEXT), (verdict, "leaf", TEXT), (verdict, f"{verdict}-wash", TEXT),
        ("ink", f"{verdict}-wash", TEXT), ("soft", f"{verdict}-wash", TEXT),
    ]),
]  # fmt: skip


def tokens(scheme: str) -> dict[str, str]:
    block = re.search(re.escape(scheme) + r" \{(.*?)\n\}", STYLE, re.DOTALL)
    assert block
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2: linear sRGB weighted .2126, .7152, .0722."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """(lighter + .05) ÷ (darker + .05): black on white is 1.05 ÷ .05 = 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_by_hand() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("scheme", [":root", ".dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_pair_of_colours_can_be_read(scheme: str, front: str, back: str, least: float) -> None:
    found = tokens(scheme)
    assert contrast(found[front], found[back]) >= least


def test_words_for_people_stand_in_one_file() -> None:
    folder = Path(str(resources.files("rag.web")))
    code = "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py") if file.name != "words.py")
    assert not re.search(r'(?:aria-label|title|alt|placeholder)="[A-Za-z]', code)
    assert not re.search(r"(?:\w|['\"])>[A-Z][a-z]+[^<>{}\n]*</", code)
    assert not re.search(r"""(?:textContent|title|alt|label\w*["']?,|placeholder)\s*[=,]?\s*["'`][A-Z][a-z]""", SCRIPT)
    assert not re.search(r"""content: "[^"]*[A-Za-z]{2}""", STYLE)


def test_style_and_script_name_no_other_place() -> None:
    assert not re.search(r"https?://|//cdn|@import|url\(", STYLE + SCRIPT)
    assert not re.search(r"\beval\b|innerHTML|insertAdjacentHTML|document\.write", SCRIPT)
    fetched = re.findall(r"fetch\(([^)]*)", SCRIPT)
    assert all(place.startswith("`${original}/") for place in fetched), "scripts fetch what the page itself serves"
