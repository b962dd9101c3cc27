"""Questions of where."""

import re
from collections.abc import Iterator

from evals.making.clauses import Clause, finished
from evals.making.drafting import Draft, drafted, towns
from evals.making.knowing import Known
from evals.making.phrases import TIME, is_place
from evals.making.rules.times import modifies_a_noun

_LOCATED = re.compile(
    r"^(?P<before>(?:(?:located|situated|born|based|headquartered|held|built|founded|established|buried|raised"
    r"|filmed|set)\b)?(?: [a-z]+ly)?)"
    r" ?(?:in|at) (?P<place>(?:the )?(?:[a-z]+ern )?[A-Z][\w.'’-]+(?: (?:of )?[A-Z][\w.'’-]+)*(?:,"
    r" [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)*)*)(?P<after>.*)$"
)


def where(clause: Clause, known: Known) -> Iterator[Draft]:
    match = _LOCATED.match(clause.rest)
    if match and clause.verb in {"is", "was", "are", "were"}:
        place, before = match["place"], match["before"]
        if is_place(place) and (before or clause.base is None) and not re.match(r" (?:and|or) ", match["after"]):
            after = match["after"] if re.match(rf" (?:in|on) {TIME}", match["after"]) else ""
            yield drafted(clause.asked("Where", f"{before} {after}"), place, "where", 0.95, *towns(place))
    inside = re.search(
        r" in (?P<place>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)*(?:, [A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)?)$", " " + clause.rest
    )
    if inside and clause.base is not None and is_place(inside["place"]):
        before = clause.rest[: max(0, inside.start() - 1)]
        if not re.search(r"\bin\b", before) and not modifies_a_noun(clause, before):
            yield drafted(clause.asked("Where", before), inside["place"], "where", 0.75, *towns(inside["place"]))
    defined = re.match(
        r"an? (?:(?!that|which|who|founded|formed|born|made|popular|used|found)[a-z-]+ ){1,5}in"
        r" (?P<place>[A-Z][\w'’ ]+(?:, [A-Z][\w'’ ]+)*)$",
        clause.rest,
    )
    if defined and clause.verb == "is" and is_place(defined["place"]):
        yield drafted(finished(f"Where is {clause.subject}"), defined["place"], "where", 0.85, *towns(defined["place"]))
