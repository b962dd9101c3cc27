"""What the page of a run shows, section by section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.report import figures
from evals.report.answers import Shown, Wanted, answer_of, nearest, wanted
from evals.report.judge import judge_view
from evals.report.outcomes import KINDS, Kind, kind_of, refusals, sentence, waterfall
from evals.report.wording import count, duration

STAGE_NAMES = {"search": "search", "read": "reading", "verify": "verifying", "total": "in all"}


@dataclass(frozen=True, slots=True)
class CaseView:
    """One question, as its line and what opens below it."""

    key: str
    """In the page's own ids; made of numbers, never of what others wrote."""
    record: Mapping[str, Any]
    short: str
    """Why it failed, for the line."""
    state: str
    lines: tuple[str, ...]
    shown: Shown
    wanted: tuple[Wanted, ...]
    nearest: tuple[tuple[int, str, str], ...]
    facts: tuple[str, ...]


def run_view(
    about: Mapping[str, Any], summary: Mapping[str, Any], records: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Everything that `run.html` names."""
    titles, tags = figures.by_tag(summary)
    stages, used = figures.stages(summary), figures.usage(summary)
    contents = [
        ("fails", "Where answers fail"),
        ("confidence", "Confidence"),
        ("judge", "Judge"),
        ("figures", "Figures"),
    ]
    contents += [("tags", "Tags")] * bool(tags) + [("time", "Time")] * bool(stages or used) + [("cases", "Questions")]
    return {
        "about": about,
        "summary": summary,
        "sentence": sentence(records),
        "facts": _facts(about, summary),
        "contents": contents,
        "headline": figures.figures(summary, headline=True),
        "waterfall": waterfall(records),
        "refusals": refusals(records),
        "checked": sum(kind_of(record) == "checked" for record in records),
        "confidence": figures.confidence(about, summary, records),
        "judge": judge_view(about, summary),
        "figures": figures.figures(summary),
        "tag_titles": titles,
        "tags": tags,
        "stages": stages,
        "usage": used,
        "workers": _busy(about),
        "groups": grouped(records),
        "total": len(records),
        "example": f"#{tags[0][0]}" if tags else "#date",
        "made_with": figures.made_with(about),
    }


def grouped(records: Sequence[Mapping[str, Any]]) -> list[tuple[Kind, list[CaseView]]]:
    """The cases by where they ended, what failed first; in their own order within."""
    views: dict[str, list[CaseView]] = {}
    for number, record in enumerate(records, start=1):
        views.setdefault(kind_of(record), []).append(_case(record, f"q{number}"))
    return [(kind, views[kind.name]) for kind in KINDS if kind.name in views]


def _case(record: Mapping[str, Any], key: str) -> CaseView:
    shown = answer_of(record)
    lines = (record["error"],) if record["error"] is not None else tuple(record["failed"])
    return CaseView(
        key=key,
        record=record,
        short=lines[0] + (f", and {count(len(lines) - 1, 'more check')}" if len(lines) > 1 else "") if lines else "",
        state=", ".join(part for part in (shown.outcome, shown.confidence) if part),
        lines=lines,
        shown=shown,
        wanted=wanted(record) if record["answer"] else (),
        nearest=nearest(record) if lines else (),
        facts=facts(record, shown),
    )


def facts(record: Mapping[str, Any], shown: Shown) -> tuple[str, ...]:
    """Id, tags, confidence and time of a case."""
    said = [record["id"]]
    if record["group_id"] != record["id"]:
        said.append(f"group {record['group_id']}")
    if record["tags"]:
        said.append(" ".join(f"#{tag}" for tag in record["tags"]))
    if shown.confidence:
        said.append(f"confidence {shown.confidence}")
    if shown.times:
        said.append(", ".join(f"{STAGE_NAMES.get(name, name)} {duration(seconds)}" for name, seconds in shown.times))
    return tuple(said)


def _facts(about: Mapping[str, Any], summary: Mapping[str, Any]) -> str:
    told = f"{count(summary['cases'], 'question')} on {count(about['data']['documents'], 'document')}"
    if limit := about["cases"].get("limit"):
        told += f" (at most {limit:,} of the set, evenly spread)"
    judge = figures.judge(about)
    told += f", asked on {about['made_at'][:10]}. Answer model: {about['models']['answer']}."
    return f"{told} Judge: {judge}." if judge else told


def _busy(about: Mapping[str, Any]) -> str:
    workers = about.get("workers") or 1
    return f"{workers} questions were asked at the same time: these are times on a busy machine." if workers > 1 else ""
