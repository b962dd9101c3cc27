"""What the judge's own model learnt from is not what the judge is measured on."""

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from rich.console import Console
from typer.testing import CliRunner

from evals.__main__ import app
from evals.judge import command, qualifying
from evals.judge.faults import Mutant
from evals.judge.faults import mutants as make
from evals.judge.pairs import Pair, faithful_pairs, pairs_apart
from evals.judge.sets import SETS, Judged, in_parts
from evals.sets.parts import group_of, part
from rag.types import Verdict

TITLES = [f"Article {number}" for number in range(80)]
HELD = [title for title in TITLES if part(group_of("wice", title)) == "held"]


def judged(number: int, group: str) -> Judged:
    return Judged(str(number), group, f"Claim {number}.", ("Evidence.",), "supported", number % 2 == 0)


def test_the_parts_are_cut_between_groups_and_by_the_names_that_training_uses() -> None:
    items = [judged(number, title) for number, title in enumerate([*TITLES, *TITLES])]
    kept = in_parts("wice", items)
    assert [item.group for item in kept] == [*HELD, *HELD] and 0 < len(HELD) < len(TITLES) / 2
    others = in_parts("wice", items, frozenset({"train", "select"}))
    assert len(kept) + len(others) == len(items)
    by_family = in_parts("ragtruth-qa", items)
    assert by_family == in_parts("ragtruth-summary", items) != kept
    assert {part(f"ragtruth:{item.group}") for item in by_family} == {"held"}


def test_a_set_that_nothing_may_learn_from_is_measured_whole() -> None:
    items = [judged(number, title) for number, title in enumerate(TITLES)]
    for name in SETS:
        assert (in_parts(name, items) == items) == (not SETS[name].may_fit)


def test_faults_are_put_into_no_sentence_that_was_learnt_from() -> None:
    families = ("seeds", "begin", "squad", "wice", "fever", "summedits")
    found = {
        name: [Pair(f"{name}:{title}", name, title, "A sentence.", ("A passage.",)) for title in TITLES]
        for name in families
    }
    kept = pairs_apart(found)
    assert kept["seeds"] == found["seeds"] and kept["begin"] == found["begin"]
    for name in ("squad", "wice", "fever", "summedits"):
        assert 0 < len(kept[name]) < len(TITLES)
        assert {part(group_of(name, pair.group)) for pair in kept[name]} == {"held"}
    assert [pair.group for pair in kept["squad"]] == [pair.group for pair in kept["wice"]] == HELD
    assert pairs_apart({"squad": [pair for pair in found["squad"] if pair.group not in HELD]}) == {}


def test_every_family_of_faithful_pairs_is_known_to_be_learnt_from_or_not(bench: Path) -> None:
    whole = faithful_pairs(bench)
    kept = pairs_apart(whole)
    same = {name for name in whole if kept.get(name) == whole[name]}
    assert same == {"seeds", "begin"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PINCITE_BENCH", str(tmp_path))
    return tmp_path


def wice(folder: Path, titles: Sequence[str]) -> None:
    path = folder / "judge_faith/wice/claim_dev.jsonl"
    path.parent.mkdir(parents=True)
    with path.open("w") as lines:
        for number, title in enumerate(titles):
            meta = {"id": str(number), "claim_title": title}
            label = "supported" if number % 2 else "not_supported"
            case = {"label": label, "claim": f"{title} is {label}.", "evidence": ["E."], "supporting_sentences": [[0]]}
            lines.write(json.dumps(case | {"meta": meta}) + "\n")


def measured(folder: Path, limit: int = 0, all_parts: bool = False) -> tuple[dict[str, int], list[str], str]:
    """What is written of the set, the texts that the judge was asked, and what is printed."""
    asked: list[str] = []

    def verify(text: str, evidence: Sequence[str]) -> Verdict:
        asked.append(text.partition(" is ")[0])
        return Verdict("supported", 0.9) if "is supported" in text else Verdict("unsupported", 0.1)

    printed, out = StringIO(), folder / "out.json"
    screens = Console(file=printed, width=command.WIDTH), Console(file=StringIO())
    command.judge(["wice"], limit, out, verify, *screens, all_parts=all_parts)
    written = json.loads(out.read_text())
    assert written["all_parts"] is all_parts
    return written["data"]["wice"], asked, printed.getvalue()


def test_the_judge_is_measured_on_what_was_held_apart_unless_all_is_asked_for(folder: Path) -> None:
    wice(folder, TITLES)
    data, asked, printed = measured(folder)
    assert asked == HELD
    assert (data["texts"], data["apart"], data["of"]) == (len(HELD), len(HELD), len(TITLES))
    assert f"Held apart from what the judge learnt from: {len(HELD)} of {len(TITLES)} texts" in printed
    data, asked, printed = measured(folder, all_parts=True)
    assert asked == TITLES and (data["texts"], data["apart"]) == (len(TITLES), len(TITLES))
    assert "All parts: also texts that the judge learnt from." in printed


def test_a_limit_is_of_the_texts_held_apart(folder: Path) -> None:
    wice(folder, TITLES)
    data, asked, _ = measured(folder, limit=len(HELD) - 2)
    assert len(asked) == len(HELD) - 2 and set(asked) < set(HELD)
    assert data["apart"] == len(HELD)


def test_a_set_of_which_nothing_is_held_apart_is_one_clear_line(folder: Path) -> None:
    wice(folder, [title for title in TITLES if title not in HELD])
    found = CliRunner().invoke(app, ["judge", "--set", "wice"])
    assert found.exit_code == 2
    assert "none of its" in found.stderr and "is held apart" in found.stderr
    assert "add --all-parts" in found.stderr


class Kind:
    """Calls everything supported, and remembers what it was asked."""

    name = "kind"
    qualified = True
    fingerprints: frozenset[str] = frozenset()
    tally: ClassVar[Mapping[str, int]] = {}

    def __init__(self) -> None:
        self.asked: list[str] = []

    def verdict(self, text: str, evidence: Sequence[str], /) -> Verdict:
        self.asked.append(text.partition(" is ")[0])
        return Verdict("supported", 0.9)


def test_a_chat_judge_qualifies_on_the_same_texts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wice(folder, TITLES)
    monkeypatch.setattr(qualifying, "NAMES", ("wice",))
    for all_parts, titles in ((False, HELD), (True, TITLES)):
        chat: Any = Kind()
        local = Kind()
        found = qualifying.qualify(chat, folder, 0, local=local, all_parts=all_parts)
        assert chat.asked == local.asked == titles
        about = found.data["wice"]
        assert (about["texts"], about["apart"], about["of"]) == (len(titles), len(titles), len(TITLES))


def test_faults_are_put_into_sentences_held_apart_unless_all_are_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [Pair(f"squad:{title}", "squad", title, f"{title} was not short.", ("It was long.",)) for title in TITLES]
    monkeypatch.setattr(command, "faithful_pairs", lambda bench: {"squad": own})
    taken: list[list[str]] = []

    def mutants(found: Mapping[str, Sequence[Pair]], most: int) -> dict[str, list[Mutant]]:
        taken.append([pair.group for pair in found["squad"]])
        return make(found, most)

    monkeypatch.setattr(command, "mutants", mutants)
    quiet, out = Console(file=StringIO()), folder / "out.json"
    for all_parts, titles in ((False, HELD), (True, TITLES)):
        command.judge(["faults"], 4, out, Kind().verdict, quiet, quiet, all_parts=all_parts)
        assert taken[-1] == titles
        assert json.loads(out.read_text())["data"]["faults"]["pairs"] == {"squad": {"apart": len(titles), "of": 80}}
