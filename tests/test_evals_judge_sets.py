import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.judge.sets import SETS, Judged, read_set, some_groups, some_texts


def write_lines(path: Path, *items: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")


def write_rows(
    path: Path, rows: Sequence[dict[str, str]], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, quoting=quoting)
        writer.writeheader()
        writer.writerows(rows)


def texts(name: str, folder: Path) -> list[Judged]:
    found = read_set(name, folder)
    assert found is not None
    return found


def test_a_set_whose_file_is_absent_is_none(tmp_path: Path) -> None:
    assert [read_set(name, tmp_path) for name in SETS] == [None] * len(SETS)


def test_begin_counts_only_what_is_fully_attributable(tmp_path: Path) -> None:
    (tmp_path / "judge_faith/begin").mkdir(parents=True)
    (tmp_path / "judge_faith/begin/begin_dev_x.tsv").write_text(
        "model_name\tdata_source\tknowledge\tmessage\tresponse\tbegin_label\n"
        'gpt\tx\tthe "Log Lady" speaks .\thi\tshe "speaks"\tFully attributable\n'
        'gpt\tx\tthe "Log Lady" speaks .\thi\tme too\tGeneric\n'
    )
    first, second = texts("begin", tmp_path)
    assert (first.text, first.evidence, first.supported) == ('she "speaks"', ('the "Log Lady" speaks .',), True)
    assert (second.label, second.supported) == ("Generic", False)
    assert first.group == second.group


def test_expertqa_takes_claims_whose_evidence_has_text(tmp_path: Path) -> None:
    def claim(text: str, support: str | None, *evidence: str) -> dict[str, object]:
        return {"claim_string": text, "support": support, "evidence": evidence}

    claims = [
        claim(
            "  Bridges need light [3] [4].",
            "Complete",
            "[3] https://a.example/x\n\nLight matters.",
            "[4] https://b.example",
        ),
        claim("An address alone.", "Complete", "[1] https://a.example/x"),
        claim("Partly.", "Partial", "[1] https://a.example/x\n\nHalf of it."),
        claim("Nobody said.", "N/A", "[1] https://a.example/x\n\nText."),
        claim("No evidence.", "Missing"),
    ]
    write_lines(tmp_path / "judge_cite/expertqa.jsonl", {"question": "Q?", "answers": {"system": {"claims": claims}}})
    found = texts("expertqa", tmp_path)
    assert [(item.text, item.evidence, item.supported) for item in found] == [
        ("Bridges need light.", ("Light matters.",), True),
        ("Partly.", ("Half of it.",), False),
    ]
    assert len({item.group for item in found}) == 1


def test_wice_takes_the_first_group_of_sentences_that_is_not_empty_else_the_first_thirty(tmp_path: Path) -> None:
    sentences = [f"Sentence {number}." for number in range(40)]

    def claim(label: str, *groups: list[int]) -> dict[str, object]:
        meta = {"id": label, "claim_title": "Article"}
        return {"label": label, "supporting_sentences": groups, "claim": "C.", "evidence": sentences, "meta": meta}

    write_lines(
        tmp_path / "judge_faith/wice/claim_dev.jsonl", claim("supported", [], [2, 5]), claim("partially_supported", [])
    )
    one, two = texts("wice", tmp_path)
    assert (one.evidence, one.supported, one.group) == (("Sentence 2.", "Sentence 5."), True, "Article")
    assert (two.evidence, two.supported) == (tuple(sentences[:30]), False)


def test_ragtruth_tells_what_is_true_though_not_said_from_what_is_false(tmp_path: Path) -> None:
    def response(*implicit: bool) -> dict[str, object]:
        return {"response": "R.", "model": "m", "labels": [{"implicit_true": one} for one in implicit]}

    source = {"question": "Q?", "passages": "passage 1:First.\n\npassage 2:Second.\n\n"}
    path = tmp_path / "judge_faith/ragtruth_faithjudge/ragtruth_qa.jsonl"
    write_lines(
        path, {"source_id": 7, "source": source, "responses": [response(), response(True), response(True, False)]}
    )
    found = texts("ragtruth-qa", tmp_path)
    assert [(item.label, item.supported) for item in found] == [
        ("faithful", True),
        ("implicit_true", False),
        ("hallucinated", False),
    ]
    assert {item.evidence for item in found} == {("First.", "Second.")}
    assert SETS["ragtruth-qa"].also_supported == {"implicit_true"}


def test_a_business_becomes_lines_and_its_reviews(tmp_path: Path) -> None:
    source = {"name": "Cafe", "hours": {"Monday": "9-5"}, "attributes": {"WiFi": None, "Seats": {"outside": False}}}
    review = {"review_info": [{"review_stars": 5.0, "review_text": "Good."}]}
    path = tmp_path / "judge_faith/ragtruth_faithjudge/ragtruth_data2txt.jsonl"
    write_lines(
        path, {"source_id": 1, "source": source | review, "responses": [{"response": "R", "model": "m", "labels": []}]}
    )
    assert texts("ragtruth-data2txt", tmp_path)[0].evidence == (
        "name: Cafe\nhours Monday: 9-5\nattributes Seats outside: no",
        "review_stars: 5.0. review_text: Good.",
    )


def test_the_other_sets(tmp_path: Path) -> None:
    (tmp_path / "judge_faith/summedits").mkdir(parents=True)
    (tmp_path / "judge_faith/summedits/summedits_news.json").write_text(
        json.dumps(
            [
                {"id": "a_og", "doc": "D.", "summary": "S.", "label": 1},
                {"id": "a_0", "doc": "D.", "summary": "T.", "label": 0},
            ]
        )
    )
    write_rows(
        tmp_path / "judge_faith/faithbench/FaithBench.csv",
        [
            {"source": "A", "summary": "B", "LLM": "m", "worst-label": label, "best-label": "Consistent"}
            for label in ("Benign", "Unwanted")
        ],
    )
    write_rows(
        tmp_path / "judge_faith/healthver_dev.csv",
        [{"id": "1", "evidence": "E", "claim": "C", "label": "Refutes", "topic_ip": "1", "question": "Q"}],
    )
    write_lines(
        tmp_path / "judge_faith/climate-fever.jsonl",
        {"claim_id": "9", "claim": "C", "evidences": [{"evidence": "E", "evidence_label": "NOT_ENOUGH_INFO"}]},
    )
    write_rows(
        tmp_path / "train/fever_rte.tsv",
        [{"evidence": "A -LRB- B -RRB- .", "claim": "C", "label": "entailment"}],
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    assert [item.supported for item in texts("summedits-news", tmp_path)] == [True, False]
    assert [item.supported for item in texts("faithbench", tmp_path)] == [True, False]
    assert texts("healthver", tmp_path)[0].label == "refutes"
    assert texts("climate-fever", tmp_path)[0].label == "neutral"
    fever = texts("fever", tmp_path)[0]
    assert (fever.evidence, fever.supported) == (("A ( B ) .",), True)


def test_no_set_that_may_only_evaluate_is_offered_for_fitting() -> None:
    forbidden = {name for name in SETS if not SETS[name].may_fit}
    assert forbidden == {"begin", "faithbench", "healthver", "climate-fever"}


@pytest.mark.parametrize(("limit", "kept"), [(0, 12), (6, 6), (4, 4), (100, 12)])
def test_a_limit_keeps_whole_groups(limit: int, kept: int) -> None:
    items = [Judged(f"{n}", f"g{n // 2}", "t", ("e",), "x", True) for n in range(12)]
    found = some_groups(items, limit)
    assert len(found) == kept
    assert all(sum(item.group == one.group for one in found) == 2 for item in found)


def test_a_draw_of_texts_is_always_the_same_and_keeps_their_order() -> None:
    items = [Judged(f"{n}", f"g{n // 20}", "t", ("e",), "x", True) for n in range(100)]
    found = some_texts(items, 30)
    assert found == some_texts(items, 30)
    assert len(found) == 30
    assert [int(item.id) for item in found] == sorted(int(item.id) for item in found)
    assert {item.group for item in found} == {item.group for item in items}
    assert some_texts(items, 0) == some_texts(items, 500) == items
