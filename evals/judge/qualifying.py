"""Whether a chat judge may decide a gate: held beside the local judge on texts that people labelled."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from evals.judge.chat import ChatJudge
from evals.judge.judges import LocalJudge, NamedJudge
from evals.judge.judging import Ruling, ruling, support_outcomes
from evals.judge.metrics import Outcomes, balanced_accuracy
from evals.judge.replies import Replies
from evals.judge.sets import SETS, Judged, in_parts, read_set, some_texts
from evals.sets.files import sha256
from evals.statistics import Estimate, bootstrap_statistic
from rag import chat_model
from rag.errors import BadInput

FOLDER = Path("evals/judges")
"""Where qualifications lie, and the replies of chat models beside them."""
REPLIES = "replies.sqlite"
NAMES = ("begin", "expertqa", "wice", "ragtruth-qa", "summedits-news")
MARGIN = 0.05
"""Balanced accuracy that may be lost on one set, and on average, at the one-sided 95% bound."""
ONE_SIDED = 0.9
"""The two-sided level whose lower end is the one-sided 95% bound."""

Drawn = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Beside:
    """Balanced accuracy of the chat judge, of the local judge on the same texts, and of one less the other."""

    chat: float | None
    local: float | None
    difference: Estimate
    """The interval's low end is the one-sided 95% bound, over groups, paired."""

    @property
    def holds(self) -> bool:
        """Whether a loss beyond the margin is ruled out."""
        return self.difference.low is not None and self.difference.low >= -MARGIN


@dataclass(frozen=True, slots=True)
class Qualification:
    """What came of holding a chat judge beside the local one."""

    judge: str
    local: str
    limit: int
    """Texts of each set; 0 for all."""
    data: Mapping[str, Mapping[str, Any]]
    """By set: how many `texts` were judged, of how many that the local judge did not learn from (`apart`) among all
    (`of`), and the `sha256` of its file."""
    sets: Mapping[str, Beside]
    together: Beside | None
    """The mean over the sets; None where one of them is not there."""
    fingerprints: tuple[str, ...]
    """What the provider called the model while it was asked; empty where every reply was at hand."""
    tally: Mapping[str, int]
    """Sentences `judged`, `sent` to the model, `decided` by it, and where it was `unreadable` or `unproved`."""
    made_at: str

    @property
    def objections(self) -> list[str]:
        """Why it is not qualified, a sentence each; empty where it is."""
        missing = [name for name in NAMES if name not in self.sets]
        lines = [f"{', '.join(missing)}: not measured."] if missing else []
        for name, one in self.sets.items():
            if not one.holds:
                lines.append(f"{name}: a loss of more than {MARGIN:.2f} against the local judge is not ruled out.")
        average = self.together
        if average is not None and (average.difference.value or 0.0) < 0:
            lines.append("On average it is worse than the local judge.")
        elif average is not None and not average.holds:
            lines.append(f"On average, a loss of more than {MARGIN:.2f} is not ruled out.")
        return lines

    @property
    def passed(self) -> bool:
        """Whether it may decide a gate."""
        return not self.objections


def open_judge(model: str, *, cache: Path | None = None, folder: Path = FOLDER) -> ChatJudge:
    """The chat judge over the model called `provider:model`, asked once to see that it replies.

    Its replies are kept in the file `cache` (default: in `folder`). Raises `BadInput` or `ModelError` where it cannot
    be had.
    """
    chosen = chat_model(model)
    judge = ChatJudge(chosen, cache=Replies(cache or folder / REPLIES), name=model)
    judge.ready()
    judge.qualified = qualified(judge.name, folder)
    return judge


def qualified(name: str, folder: Path = FOLDER) -> bool:
    """Whether `folder` holds a qualification that a judge of exactly this name (prompt and local judge too) passed."""
    try:
        written = json.loads(_place(name, folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(written, dict) and written.get("judge") == name and written.get("passed") is True


def qualify(
    judge: ChatJudge,
    data: Path,
    limit: int,
    *,
    local: NamedJudge | None = None,
    all_parts: bool = False,
    each: Callable[[Sequence[Judged], str], Iterable[Judged]] = lambda items, _: items,
) -> Qualification:
    """Judge the labelled sets below the folder `data` with both judges, `limit` texts of each (0 for all).

    Texts that the local judge learnt from are left out, unless `all_parts`: on those it would look too good. `each`
    hands the texts of a set on one by one, and may show how far it has got. Raises `BadInput` where none of the sets
    is there, and what the chat judge raises.
    """
    beside = local or LocalJudge()
    whole = {name: items for name in NAMES if (items := read_set(name, data))}
    chosen = whole if all_parts else {name: in_parts(name, items) for name, items in whole.items()}
    found = {name: items for name, items in chosen.items() if items}
    if not found:
        raise BadInput(f"none of the labelled sets lies in {data}; set PINCITE_BENCH to the folder of public data")
    about, pairs = {}, {}
    for name, items in found.items():
        texts = some_texts(items, limit)
        rulings = [_both(item, judge, beside, SETS[name].idle_holds) for item in each(texts, name)]
        pairs[name] = _Pair.of(texts, rulings)
        counts = {"texts": len(texts), "apart": len(items), "of": len(whole[name])}
        about[name] = {"sha256": sha256(data / SETS[name].path), **counts}
    return Qualification(
        judge.name,
        beside.name,
        limit,
        about,
        {name: _beside({name: pair}) for name, pair in pairs.items()},
        _beside(pairs) if len(pairs) == len(NAMES) else None,
        tuple(sorted(judge.fingerprints)),
        dict(judge.tally),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )


def write(found: Qualification, folder: Path = FOLDER) -> Path:
    """The qualification as JSON in `folder`, where `qualified` finds it. Raises `BadInput`."""
    place = _place(found.judge, folder)
    fields = asdict(found) | {"margin": MARGIN, "passed": found.passed, "objections": found.objections}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(fields, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{place}: {error.strerror or error}; give a folder that can be written") from None
    return place


def table(found: Qualification) -> Table:
    """The figures for a terminal, a set a row."""
    shown = Table(title="Balanced accuracy", title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in ("set", "texts", "local", "chat", "difference (90% interval)"):
        shown.add_column(column)
    for name, one in found.sets.items():
        shown.add_row(name, str(found.data[name]["texts"]), *_cells(one))
    if found.together is not None:
        shown.add_row("mean", "", *_cells(found.together))
    return shown


@dataclass(frozen=True, slots=True)
class _Pair:
    chat: Outcomes
    local: Outcomes
    groups: tuple[str, ...]

    @classmethod
    def of(cls, items: Sequence[Judged], given: Sequence[tuple[Ruling, Ruling]]) -> "_Pair":
        chat, local = ([one[side] for one in given] for side in (0, 1))
        return cls(support_outcomes(items, chat), support_outcomes(items, local), tuple(item.group for item in items))


def _both(item: Judged, judge: NamedJudge, local: NamedJudge, idle_holds: bool) -> tuple[Ruling, Ruling]:
    chat, own = (ruling(one.verdict, item.text, item.evidence, idle_holds=idle_holds) for one in (judge, local))
    return chat, own


def _beside(pairs: Mapping[str, _Pair]) -> Beside:
    """The mean over sets, each drawn by its own groups, so that a large set weighs no more than a small one."""
    strata = [name for name, pair in pairs.items() for _ in pair.groups]
    groups = [group for pair in pairs.values() for group in pair.groups]
    starts = dict(zip(pairs, np.cumsum([0, *(len(pair.groups) for pair in pairs.values())]), strict=False))

    def mean(of: Callable[[_Pair, Drawn], float | None], drawn: Drawn) -> float | None:
        values = []
        for name, pair in pairs.items():
            own = drawn - starts[name]
            values.append(of(pair, own[(own >= 0) & (own < len(pair.groups))]))
        return None if None in values else sum(value or 0.0 for value in values) / len(values)

    def difference(pair: _Pair, drawn: Drawn) -> float | None:
        chat, local = balanced_accuracy(pair.chat.at(drawn)), balanced_accuracy(pair.local.at(drawn))
        return None if chat is None or local is None else chat - local

    everything = np.arange(len(groups))
    drawn = bootstrap_statistic(
        lambda indices: mean(difference, indices), groups, strata=strata, within=(-1.0, 1.0)
    ).estimate(ONE_SIDED)
    return Beside(
        mean(lambda pair, own: balanced_accuracy(pair.chat.at(own)), everything),
        mean(lambda pair, own: balanced_accuracy(pair.local.at(own)), everything),
        drawn,
    )


def _cells(one: Beside) -> tuple[str, str, str]:
    chat, local = ("–" if value is None else f"{value:.3f}" for value in (one.chat, one.local))
    found = one.difference
    interval = "" if found.low is None or found.high is None else f"  {found.low:+.3f} to {found.high:+.3f}"
    return local, chat, "–" if found.value is None else f"{found.value:+.3f}{interval}"


def _place(name: str, folder: Path) -> Path:
    """Two names never share a file, whatever characters they have."""
    safe = re.sub(r"[^A-Za-z0-9]+", "-", name.partition(" (")[0]).strip("-")
    return folder / f"{safe[:60]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.json"
