"""Questions on the rows of tables."""

import re
from collections.abc import Iterator

from evals.making.drafting import Draft, drafted
from evals.making.finite import known_verbs
from evals.making.knowing import Known
from evals.making.phrases import TIME
from evals.making.reading import Statement, pairs

_ASKED = {
    "when": "What time is given for {label}?",
    "where": "What place is given for {label}?",
    "who": "Who is named for {label}?",
    "according to": "According to whom is a figure given for {label}?",
}
"""What a column with this heading is asked for."""


def row(statement: Statement, known: Known) -> Iterator[Draft]:
    """A row of a table: what another column gives for the row's own label."""
    cells = pairs(statement.text)
    (_, label), rest = cells[0], cells[1:]
    if len(label) < 3 or not re.search(r"[^\W\d_]{3}", label) or known.labels[label] > 1:
        return
    for heading, value in rest:
        if not value or len(value.split()) > 10 or not heading or known.columns[heading] < 2:
            continue
        name = heading[:1].lower() + heading[1:]
        told = label if re.fullmatch(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,3}", label) else f"“{label}”"
        if name.isalpha() and name.islower() and _is_thing(name) and heading.casefold() not in _ASKED:
            asked = f"What {name} is given for {told}?"
        elif _done(name) and re.fullmatch(TIME, value):
            asked = f"When was {told} {name}?"
        else:
            asked = _ASKED.get(heading.casefold(), "For {label}, what does the table give under “{heading}”?")
            asked = asked.format(label=told, heading=heading)
        yield drafted(
            asked, value, "row", 0.35 if heading.casefold() in _ASKED else 0.8 if re.search(r"\d", value) else 0.7
        )


def _is_thing(heading: str) -> bool:
    """Whether `What … is given?` reads well: of a plural (`devices`) or a participle (`installed`) it does not."""
    plural = heading.endswith("s") and not heading.endswith("ss")
    return not plural and not _done(heading)


def _done(heading: str) -> bool:
    """Whether a heading is a participle, and no other form of its verb."""
    return any(heading == verb.participle != verb.base for verb in known_verbs())
