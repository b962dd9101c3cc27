"""Writing a page: one file that holds its style and its script, asks nothing of any network, and escapes every text."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.comparing import Comparison
from evals.report import plots
from evals.report.changes import comparison_view
from evals.report.hidden import visible
from evals.report.run import run_view
from evals.report.wording import NONE, share

HERE = Path(__file__).parent
STYLES = ("style.css", "cases.css")
SCRIPT = "find.js"
ICONS = {
    "supported": "M3 8.5l3.2 3L13 4.5",
    "partial": "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 2.5v11",
    "contradicted": "M4 4l8 8M12 4l-8 8",
    "unsupported": "M8 3v6.5M8 12.6v.2",
    "unchecked": "M4 8h8",
}
"""As in the product's own page, on 16 by 16; a word always stands beside one."""
SIGNS = {"bad": "contradicted", "odd": "unsupported", "good": "supported"}


def write_report(
    path: Path, about: Mapping[str, Any], summary: Mapping[str, Any], records: Sequence[Mapping[str, Any]]
) -> None:
    """Write the page of a run, from its manifest, its figures and its results; what failed comes first."""
    _write(path, "run.html", run_view(about, summary, records))


def write_comparison(path: Path, comparison: Comparison) -> None:
    """Write the page of a baseline and a candidate; gates first, then flipped questions, losses before gains."""
    _write(path, "comparison.html", comparison_view(comparison))


def _write(path: Path, template: str, view: Mapping[str, Any]) -> None:
    style = "".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)
    script = (HERE / SCRIPT).read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    own = {name: Markup(text) for name, text in (("style", style), ("script", script), ("policy", policy))}  # noqa: S704
    page = _environment().get_template(template).render(**view, **own)
    path.write_text(page, encoding="utf-8")


def _hash(text: str) -> str:
    """What a Content-Security-Policy knows an inline text by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["share"] = share
    environment.globals |= {"plots": plots, "icon": _icon, "icons": ICONS, "signs": SIGNS}
    return environment


def _shown(value: object) -> object:
    """What a template may put on the page: markup as it is, text with its unseen characters named, None as a dash."""
    if value is None:
        return NONE
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _icon(name: str) -> Markup:
    """A drawing that `base.html` holds once; named only from this package's own words."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="#icon-{}"/></svg>').format(name)
