"""`python -m evals judge`: read the sets, ask the judge, and print and write what came of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track

from evals.judge.faults import Mutant, mutants
from evals.judge.judges import LocalJudge
from evals.judge.judging import Ruling, Verify, ruling
from evals.judge.measured import write_measured
from evals.judge.mutation import KindScore, blind_kinds, score_kinds, trials
from evals.judge.pairs import SEEDS, Pair, faithful_pairs, pairs_apart
from evals.judge.published import PUBLISHED
from evals.judge.qualifying import FOLDER, open_judge, qualify, write
from evals.judge.qualifying import table as beside_table
from evals.judge.scorecard import POOLED, SetScore, pooled, score_set
from evals.judge.sets import SETS, Judged, in_parts, read_set, some_texts
from evals.judge.tables import tables
from evals.sets import bench_folder
from evals.sets.files import sha256
from evals.statistics import Estimate
from evals.surroundings import surroundings
from rag.errors import BadInput

FAULTS = "faults"
"""The name that asks for the mutation score, beside those of the sets."""
MOST_MUTANTS = 400
WIDTH = 100

T = TypeVar("T")


def judge(
    names: Sequence[str],
    limit: int,
    out: Path | None,
    verify: Verify,
    console: Console,
    errors: Console,
    *,
    measured: Path | None = None,
    all_parts: bool = False,
) -> list[str]:
    """Judge `verify`: print the figures, write all of them to `out`, and give what cannot fail, a line each.

    `names` are sets, common names of sets, or `FAULTS`; none for all. `measured` is a file for the judge's errors
    alone, as `evals.judge.measured` keeps them. Texts that the judge that ships learnt from are left out, unless
    `all_parts`. Raises `BadInput` for a name that is none of these, and where none of the sets asked for is there.
    """
    chosen = _chosen(names)
    folder = bench_folder()
    scores, parts, data = _sets([name for name in chosen if name != FAULTS], limit, folder, verify, errors, all_parts)
    together = {name: figure for name in POOLED if (figure := pooled(name, parts)) is not None}
    blind = [line for score in scores for line in score.blind]
    kinds: list[KindScore] = []
    if FAULTS in chosen:
        found, apart = _pairs(folder, all_parts)
        data[FAULTS] = {"pairs": apart}
        made = mutants(found, limit // 2 if limit else MOST_MUTANTS)
        errors.print(f"faults: from {', '.join(f'{len(own)} {name}' for name, own in found.items())}", highlight=False)
        data["seeds"] = {"sha256": sha256(SEEDS), "texts": len(found.get("seeds", ()))}
        kinds = score_kinds(trials(verify, made, lambda items: _track(items, "faults", errors)))
        blind += blind_kinds(made)
        _say_what_is_missing(made, errors)
    if not scores and not kinds:
        raise BadInput(
            f"none of these sets lies in {folder}, or no text of theirs is held apart;"
            " set PINCITE_BENCH to the folder of public data, or add --all-parts"
        )
    for table in tables(scores, together, kinds):
        console.print(table)
        console.print()
    console.print(_held_apart(data, all_parts), highlight=False)
    if out is not None:
        _write(out, limit, all_parts, data, scores, together, kinds, blind)
    if measured is not None:
        write_measured(measured, LocalJudge().name, limit, [asdict(score) for score in scores])
    return blind


def judge_model(
    model: str,
    limit: int,
    console: Console,
    errors: Console,
    *,
    folder: Path = FOLDER,
    cache: Path | None = None,
    all_parts: bool = False,
) -> bool:
    """Hold a chat judge beside the local one: print the figures, keep them in `folder`, and say whether it passed.

    `limit` is the texts of each set, 0 for all; those that the local judge learnt from are left out, unless
    `all_parts`. Raises what `open_judge` and `qualify` raise.
    """
    found = qualify(
        open_judge(model, cache=cache, folder=folder),
        bench_folder(),
        limit,
        all_parts=all_parts,
        each=lambda items, name: _track(items, name, errors),
    )
    console.print(beside_table(found))
    console.print(_held_apart(found.data, all_parts), highlight=False)
    sent, judged = found.tally.get("sent", 0), found.tally.get("judged", 0)
    console.print(f"{sent} of {judged} sentences were sent; {found.tally.get('decided', 0)} decided by {model}.")
    for line in found.objections:
        console.print(line, highlight=False, soft_wrap=True)
    console.print("It may decide a gate." if found.passed else "It may not decide a gate.", style="bold")
    console.print(f"Written: {write(found, folder)}", markup=False, highlight=False, soft_wrap=True)
    return found.passed


def _chosen(names: Sequence[str]) -> list[str]:
    known = [*SETS, FAULTS]
    chosen: list[str] = []
    for name in names or known:
        own = list(POOLED.get(name, (name,)))
        if own[0] not in known:
            raise BadInput(f"there is no set called {name!r}; known: {', '.join([*known, *POOLED])}")
        chosen += own
    return list(dict.fromkeys(chosen))


def _sets(
    names: Sequence[str], limit: int, folder: Path, verify: Verify, errors: Console, all_parts: bool
) -> tuple[list[SetScore], dict[str, tuple[Sequence[Judged], Sequence[Ruling]]], dict[str, Any]]:
    scores, data = [], {}
    parts: dict[str, tuple[Sequence[Judged], Sequence[Ruling]]] = {}
    for name in names:
        whole = read_set(name, folder)
        if whole is None:
            errors.print(f"skipped {name}: there is no {folder / SETS[name].path}", highlight=False, soft_wrap=True)
            continue
        apart = whole if all_parts else in_parts(name, whole)
        if not apart:
            errors.print(f"skipped {name}: none of its {len(whole)} texts is held apart", highlight=False)
            continue
        items = some_texts(apart, limit)
        given = [
            ruling(verify, item.text, item.evidence, idle_holds=SETS[name].idle_holds)
            for item in _track(items, name, errors)
        ]
        scores.append(score_set(SETS[name], items, given))
        parts[name] = items, given
        data[name] = {
            "sha256": sha256(folder / SETS[name].path),
            "texts": len(items),
            "apart": len(apart),
            "of": len(whole),
            "licence": SETS[name].licence,
            "may_fit": SETS[name].may_fit,
        }
        seconds = sum(one.seconds for one in given)
        of = f"of {len(apart)} held apart among {len(whole)}" if len(apart) < len(whole) else f"of {len(whole)}"
        errors.print(f"{name}: {len(items)} texts judged in {seconds:.1f} s, {of}", highlight=False)
    return scores, parts, data


def _pairs(folder: Path, all_parts: bool) -> tuple[dict[str, list[Pair]], dict[str, dict[str, int]]]:
    """The pairs that faults are put into, and by set how many of them there are (`apart`, `of`)."""
    whole = faithful_pairs(folder if folder.is_dir() else None)
    found = whole if all_parts else pairs_apart(whole)
    return found, {name: {"apart": len(found.get(name, ())), "of": len(own)} for name, own in whole.items()}


def _held_apart(data: Mapping[str, Any], all_parts: bool) -> str:
    """Which texts were left out because the judge that ships learnt from them."""
    if all_parts:
        return "All parts: also texts that the judge learnt from."
    sets = [*(one for one in data.values() if "of" in one), *data.get(FAULTS, {}).get("pairs", {}).values()]
    apart, of = (sum(one[key] for one in sets) for key in ("apart", "of"))
    return f"Held apart from what the judge learnt from: {apart} of {of} texts (--all-parts for all)."


def _track(items: Iterable[T], name: str, errors: Console) -> Iterable[T]:
    """`items`, with a bar on a terminal that goes away at the end."""
    return track(list(items), name, console=errors, transient=True, disable=not errors.is_terminal)


def _say_what_is_missing(made: Mapping[str, Sequence[Mutant]], errors: Console) -> None:
    missing = [kind for kind, own in made.items() if not own]
    if missing:
        errors.print(f"not measured, for want of texts: {', '.join(missing)}", highlight=False, soft_wrap=True)


def _write(
    out: Path,
    limit: int,
    all_parts: bool,
    data: Mapping[str, Any],
    scores: Sequence[SetScore],
    together: Mapping[str, Estimate],
    kinds: Sequence[KindScore],
    blind: Sequence[str],
) -> None:
    """Everything as JSON. Raises `BadInput` where `out` cannot be written."""
    written = {
        "about": surroundings(),
        "limit": limit,
        "all_parts": all_parts,
        "data": data,
        "sets": [asdict(score) for score in scores],
        "together": {name: asdict(figure) for name, figure in together.items()},
        "published": [asdict(one) for one in PUBLISHED],
        "kinds": [asdict(kind) | {"gap": kind.gap} for kind in kinds],
        "cannot_fail": list(blind),
    }
    try:
        out.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out}: {error.strerror or error}; give a file that can be written") from None
