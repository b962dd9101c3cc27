import base64
import hashlib
import json
import re
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evals.comparing import compare
from evals.judge.measured import Calibration, Measured
from evals.report import table, write_comparison, write_report
from evals.report.hidden import visible
from evals.report.judge import judge_view
from evals.report.outcomes import refusals, sentence, waterfall
from rag.types import Span
from tests.evals_report_fakes import ABOUT, JUDGE, figures, page, record, results, run, words

HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(1)</script></style>{{7*7}}${8*8}'&amp;"


def write(folder: Path, records: list[dict[str, Any]], about: dict[str, Any] | None = None, **more: Any) -> Any:
    write_report(folder / "report.html", about or ABOUT, figures(records) | more, records)
    return page(folder / "report.html")


def group(document: Any, name: str) -> list[Any]:
    return list(document.xpath(f"//*[@id='fell-{name}']/details"))


def beside(document: Any, term: str) -> str:
    """What the first case says of `term`."""
    return words(document.xpath(f"//dl[@class='pair']/dt[.='{term}']/following-sibling::dd")[0])


@pytest.fixture
def report(tmp_path: Path) -> Any:
    return write(tmp_path, results())


def test_the_page_says_the_run_in_a_sentence_and_its_headline_figures(report: Any) -> None:
    lead = words(report.xpath("//*[@class='lead']")[0])
    assert lead == (
        "Of 6 answerable questions, 2 were answered rightly; of 2 questions that the documents do not answer, 1 was "
        "answered all the same. 1 question ended in an error and counts in no figure."
    )
    cards = [words(card) for card in report.xpath("//dl[@class='cards']/div")]
    assert any(card.startswith("Answer found 50%") and "n = 6" in card for card in cards)
    assert any(card.startswith("Unanswerable, yet answered ↓ (lower is better) 50%") for card in cards)
    assert not report.xpath("//*[contains(@class, 'card')][contains(., 'corrected')]")


def test_a_run_without_a_scored_question_says_so() -> None:
    assert sentence([record("error", error="broken")]).startswith("No question could be scored. 1 question ended")
    assert sentence([record("one")]) == "Of 1 answerable question, 1 was answered rightly."
    assert "none was answered rightly" in sentence([record("one", fell="reading", failed=("x",))])


def test_each_bar_of_the_waterfall_begins_where_the_one_above_ends_and_leads_to_its_cases(report: Any) -> None:
    steps = waterfall(results())
    assert [(one.name, one.count, one.start, one.end) for one in steps[1:-1]] == [
        ("retrieval", 1, 5, 6), ("reading", 1, 4, 5), ("citation", 1, 3, 4), ("abstention", 1, 2, 3),
    ]  # fmt: skip
    assert (steps[0].count, steps[-1].count, steps[-1].end) == (6, 2, 2)
    assert [one.count for one in refusals(results())] == [2, 1, 1]
    links = report.xpath("//ol/li/a")
    assert [link.get("href") for link in links] == [
        f"#fell-{name}" for name in ("retrieval", "reading", "citation", "abstention", "right", "overreach", "refused")
    ]
    for link in links[:4]:
        assert len(group(report, link.get("href").removeprefix("#fell-"))) == 1
    lost = group(report, "reading")[0]
    assert "Who is the mayor?" in words(lost) and "no accepted answer" in words(lost)


def test_what_failed_comes_first_and_stands_open_while_cases_are_closed(report: Any) -> None:
    titles = [words(title) for title in report.xpath("//section[@id='cases']//h3")]
    assert titles == [
        "Ended in an error", "Lost at retrieval", "Lost at reading", "Lost at citation", "Lost at abstention",
        "Answered all the same", "Right, with a failed check", "Answered rightly", "Refused rightly",
    ]  # fmt: skip
    assert not report.xpath("//details[@class='case' and @open]")


def test_in_a_long_run_what_passed_is_folded(tmp_path: Path) -> None:
    groups = write(tmp_path, [*(record(f"{n}") for n in range(31)), *results()]).xpath("//details[@class='group']")
    open_ = {words(one.xpath(".//h3")[0]): one.get("open") is not None for one in groups}
    assert open_["Lost at reading"] and not open_["Answered rightly"]


def test_headings_are_in_order_ids_differ_and_every_link_leads_somewhere(report: Any) -> None:
    levels = [int(heading.tag[1]) for heading in report.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = report.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(link.startswith("#") and link[1:] in ids for link in report.xpath("//@href"))


def test_the_answer_shows_verdicts_in_words_its_quotes_and_where_the_evidence_stands(tmp_path: Path) -> None:
    told = record(
        "one", labels=("partial", "contradicted"), notes=("“47” is not in the evidence",), unsupported=(Span(14, 24),),
        marks=(1, 9), failed=("partial by what it cites",), fell="citation",
    )  # fmt: skip
    document = write(tmp_path, [told])
    verdicts = document.xpath("//dd[@class='answer']//*[starts-with(@class, 'verdict')]")
    assert [(one.get("class"), words(one)) for one in verdicts] == [
        ("verdict partial", "partly supported"), ("verdict contradicted", "contradicted"),
    ]  # fmt: skip
    assert [one.text for one in document.xpath("//*[@class='unproved']")] == ["48 million", "48 million"]
    assert "“47” is not in the evidence" in beside(document, "Answer")
    known, unknown = document.xpath("//dd[@class='answer']/p[1]//*[starts-with(@class, 'mark')]")
    quote = document.get_element_by_id(known.get("href")[1:])
    assert quote.xpath(".//mark")[0].text == "The gate cost 48 million crowns."
    assert words(quote.xpath(".//figcaption")[0]) == "1 Harbour news, harbour.txt, page 4"
    assert unknown.tag == "span" and unknown.get("title") == "stands for nothing"
    assert "harbour.txt, characters 0 to 32, found, rank 2" in beside(document, "Evidence")
    assert "1. Other The ferry leaves" in beside(document, "Found first")
    assert "#number" in words(document.xpath("//*[@class='about']")[0])


GONE = "“gone” far.txt, characters 0 to 32, not among the 2 passages found"


@pytest.mark.parametrize(
    ("evidence", "gold", "told"),
    [
        ({"quote": None, "start": 14, "end": 24}, {"start": 14, "end": 24}, "“48 million” harbour.txt, characters 14"),
        ({"quote": None, "page": 3}, {}, "harbour.txt, page 3, found, rank 2"),
        ({"quote": None}, {"end": 66}, "harbour.txt, the whole document, found, rank 2"),
        ({"quote": "gone"}, {"source": "/docs/far.txt"}, GONE),
    ],
)
def test_evidence_is_named_as_the_case_names_it(
    tmp_path: Path, evidence: dict[str, Any], gold: dict[str, Any], told: str
) -> None:
    assert beside(write(tmp_path, [record("one", evidence=evidence, gold=gold)]), "Evidence").startswith(told)


def test_of_much_evidence_the_first_places_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    told = record("one")
    told["evidence"], told["gold"] = told["evidence"] * 9, told["gold"] * 9
    shown = beside(write(tmp_path, [told]), "Evidence")
    assert shown.count("rank 2") == 6 and shown.endswith("and 3 more")


def test_a_verdict_of_another_judge_stands_beside_what_the_reader_saw(tmp_path: Path) -> None:
    told = record("one")
    told["claims"][0]["label"] = "unsupported"
    assert "not supported shown to the reader as supported" in beside(write(tmp_path, [told]), "Answer")


def test_nothing_that_others_wrote_becomes_markup(tmp_path: Path) -> None:
    told = record(
        HOSTILE, question=HOSTILE, answers=(HOSTILE,), title=HOSTILE, source=f"/docs/{HOSTILE}", text=HOSTILE,
        tags=(HOSTILE,), failed=(HOSTILE,), fell="citation", notes=(HOSTILE,), group="<b>group",
    )  # fmt: skip
    told["history"] = [{"question": HOSTILE, "answer": HOSTILE}]
    broken = record(f"{HOSTILE}2", error=HOSTILE)
    about = {
        **ABOUT,
        "cases": ABOUT["cases"] | {"name": HOSTILE},
        "models": {"answer": HOSTILE},
        "judge": {"name": HOSTILE, "qualified": False},
    }
    document = write(tmp_path, [told, broken], about)
    assert not document.xpath("//img | //@*[starts-with(name(), 'on')]")
    assert len(document.xpath("//script")) == len(document.xpath("//style")) == 1
    assert HOSTILE in document.xpath("//*[@class='question']")[0].text_content()
    assert document.xpath("//h1")[0].text == HOSTILE
    assert f"#{HOSTILE}" in document.xpath("//tr//a/@data-find")
    assert "49" not in words(document.xpath("//h1")[0])
    other = record(HOSTILE, question=HOSTILE, answers=(HOSTILE,), text="Other.", tags=(HOSTILE,), group="<b>group",
                   source=f"/docs/{HOSTILE}", evidence={"quote": HOSTILE})  # fmt: skip
    told["history"] = other["history"] = []
    write_comparison(tmp_path / "both.html", compare(run("<i>a", [told]), run("<i>b", [other])))
    both = page(tmp_path / "both.html")
    assert not both.xpath("//img | //i | //@*[starts-with(name(), 'on')]") and len(both.xpath("//script")) == 1
    assert words(both.xpath("//h1")[0]) == "<i>a → <i>b"


def test_only_the_pages_own_script_and_style_may_run_and_nothing_is_fetched(tmp_path: Path, report: Any) -> None:
    policy = report.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    for kind in ("script", "style"):
        text = report.xpath(f"//{kind}")[0].text
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    source = (tmp_path / "report.html").read_text(encoding="utf-8")
    for forbidden in ("http://", "https://", "src=", "@import", "url(", "style=", "//cdn"):
        assert forbidden not in source


def test_unseen_characters_are_named() -> None:
    assert visible("pay\u202e001\u200b\ud800") == "pay⟨U+202E⟩001⟨U+200B⟩⟨U+D800⟩"
    assert visible("a\u200db") == "a⟨U+200D⟩b"
    for kept in ("👩\u200d🚀", "می\u200cخواهم", "two\nlines\tand a\ffeed", "Ångström – “x”"):
        assert visible(kept) == kept


def test_unseen_characters_are_named_wherever_text_of_others_stands(tmp_path: Path) -> None:
    write(tmp_path, [record("a\u202eb", question="c\u202ed", title="e\u202ef", text="g\ud800h", tags=("i\u200bj",))])
    source = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search("[\u202e\u200b\ud800]", source)
    assert all(f"{pair}⟨U+" in source for pair in "aceg")


@pytest.mark.parametrize(
    "records",
    [
        results(),
        [record("error", error="broken")],
        [record("right")],
        [record("refused", answerable=False, kept=False)],
        [record("reading", fell="reading", failed=("no",), tags=())],
        [record("no answers", answers=())],
    ],
    ids=lambda records: records[0]["id"],
)
def test_no_text_is_none_or_not_a_number(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    document = write(tmp_path, records)
    seen = " ".join([document.xpath("//body")[0].text_content(), *document.xpath("//body//@*")]).split("const box")[0]
    assert not re.search(r"\b(None|nan|NaN|Undefined|inf)\b", seen)


def test_sections_without_figures_say_so_or_are_left_out(tmp_path: Path) -> None:
    bare = write(tmp_path, [record("error", error="broken", tags=())], curves={}, corrected=None, usage=None)
    assert "No question could be scored." in words(bare.get_element_by_id("fails"))
    assert "No answer's confidence" in words(bare.get_element_by_id("confidence"))
    assert not bare.xpath("//svg[@class='plot'] | //*[@id='tags'] | //*[@id='time']")
    assert not bare.xpath("//nav//a[.='Tags' or .='Time']")
    summary = figures([record("one")])
    for later in ("curves", "corrected", "usage", "fell"):
        del summary[later]
    del summary["metrics"]["faithfulness"]
    write_report(tmp_path / "old.html", ABOUT, summary, [record("one")])
    assert "Faithful" not in words(page(tmp_path / "old.html").get_element_by_id("figures"))


def test_confidence_shows_both_plots_in_words_too_with_the_threshold_in_use(report: Any) -> None:
    section = report.get_element_by_id("confidence")
    curve, diagram = section.xpath(".//svg[@role='img']")
    assert "With the threshold at 0.30" in curve.get("aria-label")
    assert curve.xpath(".//*[@class='now']") and diagram.xpath(".//*[@class='threshold']")
    assert "right where it says" in diagram.get("aria-label")
    assert len(diagram.xpath(".//*[@class='dot']")) == len(section.xpath(".//tbody/tr"))
    assert [words(one) for one in section.xpath(".//dt")][-1].startswith("Calibration error")


def test_a_run_that_answers_everything_has_no_threshold(tmp_path: Path) -> None:
    about = ABOUT | {"options": {"rerank": True, "abstain": False}}
    section = write(tmp_path, results(), about).get_element_by_id("confidence")
    assert not section.xpath(".//*[@class='threshold' or @class='now']") and "threshold" not in words(section)


def test_tokens_and_cost_are_told_where_there_are_any(tmp_path: Path) -> None:
    used = {"input_tokens": 1200, "output_tokens": 30, "cost": None}
    assert "read 1,200 tokens and wrote 30." in words(write(tmp_path, results(), usage=used).get_element_by_id("time"))
    dear = write(tmp_path, results(), usage=used | {"cost": 0.5}).get_element_by_id("time")
    assert "which cost 0.50." in words(dear) and "All of it" in words(dear)


WICE = Calibration(name="wice", tp=80, fn=20, tn=45, fp=5, groups=50, sensitivity_interval=(0.7, 0.9))
CARD = Measured(judge=JUDGE, limit=0, sets=(WICE,))
ERRORS = {"sensitivity": 0.8, "specificity": 0.9, "from": "wice", "verbatim": 0.75}
CORRECTED = {"faithfulness": {"value": 0.9, "low": 0.8, "high": 0.95, **ERRORS}}


def test_the_judges_scorecard_is_shown_only_of_the_judge_that_was_used() -> None:
    summary = figures([record("one")])
    shown = judge_view(ABOUT, summary, CARD)
    assert [(row.name, row.n) for row in shown.sets] == [("wice", 150)]
    assert shown.sets[0].figures == (("80%", "70–90%"), ("90%", ""), ("85%", ""))
    other = judge_view(ABOUT | {"judge": {"name": "chat", "qualified": False}}, summary, CARD)
    assert not other.sets and "(chat)" in other.absent


def test_corrected_rates_stand_beside_the_raw_ones(tmp_path: Path) -> None:
    document = write(tmp_path, [record("one"), record("two")], corrected=CORRECTED)
    row = words(document.get_element_by_id("judge").xpath(".//tr[th[starts-with(., 'Faithful')]]")[0])
    assert row.endswith("100% 16–100% 90% 80–95%")
    assert "75% of the claims stand word for word" in row
    assert "corrected 90%, 80–95%" in words(document.xpath("//dl[@class='cards']")[0])
    assert "without the judge's own error: 90%, 80–95%" in words(document.get_element_by_id("figures"))


def test_the_terminal_table_has_every_figure_and_the_errors() -> None:
    console = Console(width=120, record=True, file=StringIO())
    console.print(table(figures(results())))
    shown = console.export_text()
    assert re.search(r"Answer found +50%.*6", shown) and re.search(r"Errors +1 .*9", shown)
    assert "None" not in shown


def test_what_the_page_is_made_of_is_plain_json_data(tmp_path: Path) -> None:
    records = json.loads(json.dumps(results()))
    summary = json.loads(json.dumps(figures(results()), allow_nan=False))
    write_report(tmp_path / "again.html", json.loads(json.dumps(ABOUT)), summary, records)
    write_report(tmp_path / "once.html", ABOUT, figures(results()), results())
    assert (tmp_path / "again.html").read_text("utf-8") == (tmp_path / "once.html").read_text("utf-8")


def test_a_part_of_a_set_is_said_to_be_spread_over_it_and_figures_bear_the_names_that_gates_take(
    tmp_path: Path,
) -> None:
    part = write(tmp_path, results(), {**ABOUT, "cases": {**ABOUT["cases"], "limit": 3}})
    assert "(at most 3 of the set, evenly spread)" in words(part)
    assert "kept_unanswerable" in words(part.xpath("//*[@id='figures']")[0])
