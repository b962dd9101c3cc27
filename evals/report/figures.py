"""The figures of a run, ready to be set: headline, table, tags, times, and how far the confidence can be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from evals.measures import METRICS, NAMED, Metric
from evals.report.plots import Point, reliability, risk_coverage, scale
from evals.report.wording import amount, count, duration, interval, of, share

TAG_METRICS = ("answer_found", "decision_right", "citations_exact", "hit_5")
CONFIDENCE = ("auroc", "aurc", "brier", "ece")
STAGES = {"search": "Search", "read": "Read", "verify": "Verify", "total": "All of it"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of the run."""

    name: str
    """What a gate calls it."""
    title: str
    meaning: str
    lower: bool
    """Whether lower is better."""
    value: str
    interval: str
    n: int
    scale: Markup
    corrected: str
    """The rate without the judge's own error; empty where it is not known."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How the confidence relates to what was right."""

    told: str
    risk_coverage: Markup | None
    at_threshold: str
    reliability: Markup | None
    bins: tuple[tuple[str, str, int], ...]
    figures: tuple[Figure, ...]


def figures(summary: Mapping[str, Any], headline: bool = False) -> list[Figure]:
    """Every metric that the run has, or those that stand on top."""
    chosen = [metric for metric in METRICS if metric.name in summary["metrics"] and (metric.headline or not headline)]
    return [figure(metric, summary) for metric in chosen]


def figure(metric: Metric, summary: Mapping[str, Any]) -> Figure:
    """One metric of the run."""
    found = summary["metrics"][metric.name]
    bounded = metric.unit in ("share", "score")
    better = (summary.get("corrected") or {}).get(metric.name)
    return Figure(
        name=metric.name,
        title=metric.title,
        meaning=metric.meaning,
        lower=metric.better == "lower",
        value=amount(found["value"], metric.unit),
        interval=interval(found, metric.unit),
        n=found["n"],
        scale=scale(found["value"], found["low"], found["high"]) if bounded else Markup(""),
        corrected=f"{amount(better['value'], metric.unit)}, {interval(better, metric.unit)}".strip(", ")
        if better
        else "",
    )


def by_tag(summary: Mapping[str, Any]) -> tuple[list[str], list[tuple[str, int, int, list[str]]]]:
    """The titles of the columns, and for each tag its cases, its errors and its figures."""
    metrics = [NAMED[name] for name in TAG_METRICS if name in NAMED]
    rows = [
        (tag, part["cases"], part["errors"], [of(part["metrics"][one.name], one) for one in metrics])
        for tag, part in summary["by_tag"].items()
    ]
    return [metric.title for metric in metrics], rows


def stages(summary: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Title, median and 95th percentile of every stage."""
    known = summary["seconds"]
    names = [*(name for name in STAGES if name in known), *(name for name in known if name not in STAGES)]
    return [(STAGES.get(name, name), duration(known[name]["p50"]), duration(known[name]["p95"])) for name in names]


def usage(summary: Mapping[str, Any]) -> str:
    """What a chat model took, in a sentence; empty where there was none."""
    used = summary.get("usage")
    if not used:
        return ""
    told = f"The chat model read {used['input_tokens']:,} tokens and wrote {used['output_tokens']:,}"
    return f"{told}." if used["cost"] is None else f"{told}, which cost {used['cost']:,.2f}."


def confidence(
    about: Mapping[str, Any], summary: Mapping[str, Any], records: Sequence[Mapping[str, Any]]
) -> Confidence:
    """The two plots, with the threshold in use, and their figures."""
    curves = summary.get("curves") or {}
    threshold = _threshold(about)
    curve = [Point(x, y) for x, y in curves.get("risk_coverage") or ()]
    bins = [Point(x, y, n) for x, y, n in curves.get("reliability") or ()]
    now = _at(curve, threshold, records)
    at_threshold = ""
    if now:
        below = "" if threshold is None else f"With the threshold at {threshold:.2f}, "
        at_threshold = f"{below}{share(now.x)} of the questions get an answer, and {share(now.y)} of these are wrong."
    listed = "; ".join(f"{share(y)} right where it says {share(x)}" for x, y in ((one.x, one.y) for one in bins))
    return Confidence(
        told=_told(summary),
        risk_coverage=risk_coverage(curve, now, f"Risk by coverage. {at_threshold}".strip()) if curve else None,
        at_threshold=at_threshold,
        reliability=reliability(bins, threshold, f"Share right by confidence: {listed}.") if bins else None,
        bins=tuple((share(one.x), share(one.y), one.n) for one in bins),
        figures=tuple(figure(NAMED[name], summary) for name in CONFIDENCE if _known(summary, name)),
    )


def _known(summary: Mapping[str, Any], name: str) -> bool:
    return name in NAMED and (summary["metrics"].get(name) or {"value": None})["value"] is not None


def _told(summary: Mapping[str, Any]) -> str:
    if not _known(summary, "auroc"):
        return "Whether a sure answer is more often right cannot be told: the run needs both right and wrong answers."
    value = summary["metrics"]["auroc"]["value"]
    return f"Take a right and a wrong answer: in {share(value)} of such pairs the right one is the surer."


def _threshold(about: Mapping[str, Any]) -> float | None:
    """The confidence below which nothing is answered; None where the run answered everything."""
    if not about.get("options", {}).get("abstain", True):
        return None
    found: float | None = about.get("settings", {}).get("answer", {}).get("confidence")
    return found


def _at(curve: Sequence[Point], threshold: float | None, records: Sequence[Mapping[str, Any]]) -> Point | None:
    """The point of the curve where the threshold cuts it; None where it cuts nothing off or everything."""
    sure = [one["answer"]["confidence"] for one in records if one["error"] is None and one["right"] is not None]
    if threshold is None or not sure or not curve:
        return None
    covered = sum(one >= threshold for one in sure) / len(sure)
    return min(curve, key=lambda point: abs(point.x - covered)) if covered else None


def made_with(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the run was made with, for the foot of the page."""
    code = about["git"]["commit"] or "no commit"
    rows = [
        ("Run", f"{about['name']}, {about['made_at']}"),
        ("Code", f"{code}, with changes" if about["git"]["changed"] else code),
        ("Models", _listed(about["models"])),
        ("Weights", _listed(about.get("weights") or {})),
        ("Judge", judge(about)),
        ("Options", _listed(about.get("options") or {})),
        ("Cases", about["cases"]["sha256"]),
        ("Documents", f"{count(about['data']['documents'], 'document')}, {about['data']['sha256']}"),
        ("Workers", str(about.get("workers") or "")),
        ("Versions", _listed(about["versions"])),
        (
            "Machine",
            f"{about['machine']['system']}, {about['machine']['processor']}, {about['machine']['cores']} cores",
        ),
    ]
    return [(name, text) for name, text in rows if text]


def judge(about: Mapping[str, Any]) -> str:
    """The judge's name, and whether people's labels have shown it to be good enough for a gate."""
    found = about.get("judge")
    if not found:
        return ""
    return str(found["name"]) if found["qualified"] else f"{found['name']}, not qualified for a gate"


def _listed(values: Mapping[str, Any]) -> str:
    said = {True: "yes", False: "no", None: "none"}
    return ", ".join(
        f"{name} {said.get(value, value) if not isinstance(value, str) else value}" for name, value in values.items()
    )
