"""Fit the support judge: a logistic regression from its signals to "people called it supported", and its thresholds.

    python -m evals.benchmarks.support [OUT.json] [--limit N] [--signals a,b,c | --without]

Texts: the human-labelled sets whose licence lets a model that ships learn from them (evals/judge/sets.py), of those the
groups that the judge's own model did not learn from; BEGIN and the others only evaluate. Each set counts alike, and in
each set supported and not supported do. A response of several sentences that people found fault with is fitted by its
least supported one, by a first fit to single sentences. One more set has supported texts beside their own evidence and
beside that of another group, which supports none of them.

Printed beside each other, on the same folds by group: the judge without the signals of its own model and with them, how
sure the difference is, and what is lost where a signal is left out. What the thresholds promise: thresholds.py.
"""

import argparse
import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from evals.benchmarks.beside import Folded, beside, left_out
from evals.benchmarks.fits import Fit, fit
from evals.benchmarks.labelled import BASE, KINDS, OWN, SIGNALS, Seen, look, part_of, texts
from evals.benchmarks.marked import marked, three_way
from evals.benchmarks.pools import bench
from evals.benchmarks.thresholds import ODDS, Fired, agreement, contradicted, words

COMMAND = "python -m evals.benchmarks.support rag/trust/support.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", help="where the fit is written; without it, it is only measured")
    parser.add_argument("--limit", type=int, default=800, help="about so many texts of each set, 0 for all")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--signals", type=_names, default=SIGNALS, help=f"of {','.join(SIGNALS)}; default: all of them")
    chosen.add_argument("--without", action="store_true", help="write the judge without its own model's signals")
    given = parser.parse_args()
    folder, console = bench(), Console(stderr=True)
    lists = texts(folder, given.limit), three_way(folder, given.limit), list(marked(folder, given.limit))
    fitted, told, spans = look(lists, console)
    without, with_it = Folded.of(fitted, BASE), Folded.of(fitted, given.signals)
    for line in (*beside(fitted, without, with_it), *left_out(fitted, given.signals)):
        print(line)
    used = without if given.without else with_it
    final, limits = fit(fitted, used.names), dict(used.thresholds)
    if not set(OWN).isdisjoint(used.names):
        limits |= _contradicted(used, fitted, final, told)
        limits |= _words(final, limits["supported"], spans)
    flags = " --without" if given.without else "" if given.signals == SIGNALS else f" --signals {','.join(used.names)}"
    command = f"{COMMAND} --limit {given.limit}{flags}"
    if given.out:
        given.out.write_text(json.dumps(written(final, used.names, limits, fitted, command), indent=2) + "\n", "utf-8")


def written(
    final: Fit, names: Sequence[str], limits: dict[str, float], fitted: Sequence[Seen], command: str
) -> dict[str, Any]:
    """What support.json holds."""
    counts = ", ".join(f"{sum(one.set == name for one in fitted)} {name}" for name in KINDS)
    return {
        "signals": list(names),
        "mean": final.scaler.mean_.round(4).tolist(),
        "scale": final.scaler.scale_.round(4).tolist(),
        "weights": final.model.coef_[0].round(4).tolist(),
        "intercept": round(float(final.model.intercept_[0]), 4),
        "thresholds": limits,
        "data": f"{len(fitted)} texts: {counts}",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": command,
    }


def _contradicted(used: Folded, fitted: Sequence[Seen], final: Fit, told: Sequence[Seen]) -> dict[str, float]:
    """Prints what every other threshold would do, and gives the least that keeps its promise; none where none does."""
    supported = used.thresholds["supported"]
    chances = [*used.chances, *(final.chances(one) for one in told)]
    fired = contradicted([*fitted, *told], chances, supported)
    chosen = next((one for one in fired if one.holds), None)
    print(f"\ncontradicted, from log-odds of {chosen.odds if chosen else '(none keeps the promise)'}")
    for one in fired:
        if one is chosen or one.odds in ODDS[::4]:
            print(_line(one))
    return {"contradicted": chosen.odds} if chosen else {}


def _line(one: Fired) -> str:
    false = ", ".join(f"{name} {called}/{of}" for name, (called, of) in one.false.items() if called)
    return (
        f"{one.odds:6.2f}  right {one.precision:.3f}  of those not supported {one.found:.3f}"
        f"  of supported texts: {false or 'none'}"
    )


def _words(final: Fit, supported: float, spans: Sequence[Seen]) -> dict[str, float]:
    """Chosen on the groups that chose the checkpoint; how well the marks agree is printed for the others."""
    select, held = ([one for one in spans if part_of(one) == wanted] for wanted in ("select", "held"))
    chosen = words(select, [final.chances(one) for one in select], supported)
    by = sum(any(sentence.wrong) for one in select for sentence in one.words)
    print(f"\nwords, from log-odds of {chosen if chosen is not None else '(none is better than no mark)'}", end="")
    print(f", by {by} sentences with marks; on the held-apart groups:")
    chances = [final.chances(one) for one in held]
    for name, odds in (("without", float("inf")), ("with", chosen)):
        if odds is not None:
            found = agreement(held, chances, supported, odds)
            print(f"{name:8} F1 " + ", ".join(f"{key} {value:.3f}" for key, value in found.items()))
    return {} if chosen is None else {"words": chosen}


def _names(given: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in given.split(","))
    unknown = [name for name in names if name not in SIGNALS]
    if unknown or not given:
        raise argparse.ArgumentTypeError(f"no signal is called {', '.join(unknown)}; known: {', '.join(SIGNALS)}")
    return names


if __name__ == "__main__":
    main()
