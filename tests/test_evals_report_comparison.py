from pathlib import Path
from typing import Any

import pytest

from evals.comparing import compare
from evals.comparing.gate import Gate
from evals.report import write_comparison
from tests.evals_report_fakes import page, record, results, run, words


@pytest.fixture
def comparison(tmp_path: Path) -> Any:
    before = [*results(), record("won", question="Better?", fell="reading", failed=("no accepted answer",))]
    after = [*results(), record("won", question="Better?")]
    evidence = {"quote": "The gate cost 48 million crowns."}
    wrong = record("right", fell="reading", failed=("no accepted answer",), text="It cost a lot.", evidence=evidence)
    after[0] = wrong
    gates = [Gate.parse("hit_5:0.9"), Gate.parse("answer_found:0.01")]
    write_comparison(tmp_path / "both.html", compare(run("old", before), run("new", after), gates))
    return page(tmp_path / "both.html")


def test_a_comparison_shows_losses_then_gains_with_both_answers(comparison: Any) -> None:
    assert "1 got worse and 1 got better" in words(comparison.xpath("//*[@class='lead']")[0])
    titles = [words(title) for title in comparison.xpath("//section[@id='cases']/details/summary/h3")]
    assert titles == ["Got worse", "Got better", "As they were", "Left out"]
    lost = comparison.get_element_by_id("lost").xpath("./details")[0]
    assert lost.get("open") is not None
    old, new = lost.xpath(".//*[@class='sides']/div")
    assert "The gate cost 48 million crowns." in words(old) and "It cost a lot." in words(new)
    assert "the answer is no longer found" in words(lost) and "no accepted answer" in words(new)
    assert "TimeoutError: no reply" in words(comparison.get_element_by_id("errors"))
    same = comparison.get_element_by_id("rest").xpath("./details")
    assert len(same) == 7 and all(len(one.xpath(".//h4")) == 1 for one in same)
    assert comparison.get_element_by_id("rest").getparent().get("open") is None


def test_a_comparison_tells_gates_in_words_and_draws_each_change(comparison: Any) -> None:
    gates = [words(gate) for gate in comparison.xpath("//*[@class='gates']/li")]
    assert gates[0].startswith("Not settled Answer found") and gates[1].startswith("Holds Evidence in the first 5")
    row = comparison.xpath("//tr[th[starts-with(., 'Answer found')]]")[0]
    assert "42.9% → 42.9%" in words(row) and "no clear change" in words(row)
    assert row.xpath(".//*[@class='margin']") and row.xpath(".//*[@class='reach even']")
    assert not comparison.xpath("//tr[th[starts-with(., 'Coverage')]]//*[@class='margin']")
    assert "Nothing but the time" in words(comparison.get_element_by_id("differs"))
    ids = comparison.xpath("//@id")
    assert len(ids) == len(set(ids)) and all(link[1:] in ids for link in comparison.xpath("//@href"))


def test_better_is_to_the_right_also_where_lower_is_better(tmp_path: Path) -> None:
    before = [record(f"{n}", answerable=False, fell="overreach", failed=("answered",)) for n in range(12)]
    after = [record(f"{n}", answerable=False, kept=False) for n in range(12)]
    write_comparison(tmp_path / "both.html", compare(run("old", before), run("new", after)))
    row = page(tmp_path / "both.html").xpath("//tr[th[starts-with(., 'Unanswerable, yet')]]")[0]
    assert "100% → 0%" in words(row) and "−100.0" in words(row) and words(row).endswith("better")
    assert float(row.xpath(".//*[starts-with(@class, 'point')]/@cx")[0].rstrip("%")) > 90


def test_runs_that_share_no_question_have_no_pairs(tmp_path: Path) -> None:
    write_comparison(tmp_path / "both.html", compare(run("old", [record("a"), record("b")]), run("new", [record("c")])))
    document = page(tmp_path / "both.html")
    assert "share no question" in words(document.get_element_by_id("cases"))
    assert not document.xpath("//details[@class='case']")
