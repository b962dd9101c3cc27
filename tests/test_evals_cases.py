import json
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, load_cases
from rag.errors import BadInput

GOOD: dict[str, Any] = {"id": "a", "group_id": "g", "question": "Who?", "answerable": True, "answers": ["Ada"]}


def written(tmp_path: Path, *lines: dict[str, Any] | str) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_reads_every_line_in_order_and_skips_blank_ones(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, "", {**GOOD, "id": "b", "history": [{"question": "Q", "answer": "A"}]})
    cases = load_cases(path)
    assert [case.id for case in cases] == ["a", "b"]
    assert cases[1].history[0].answer == "A"


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert [case.id for case in load_cases(path)] == ["a"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({**GOOD, "anwsers": []}, "anwsers: unknown key"),
        (
            {**GOOD, "evidence": [{"source": "a.txt", "pages": 1}]},
            "evidence.0.pages: unknown key; known: source, start",
        ),
        ({**GOOD, "evidence": [{"source": "a.txt", "quote": "x", "page": 1}]}, "evidence.0: give one of start and end"),
        ({**GOOD, "evidence": [{"source": "a.txt", "start": 3}]}, "evidence.0: start and end go together"),
        ({**GOOD, "evidence": [{"source": "a.txt", "start": 3, "end": 3}]}, "evidence.0: end must come after start"),
        ({**GOOD, "evidence": [{"source": "a.txt", "page": 0}]}, "evidence.0.page: "),
        ({**GOOD, "answers": []}, "an answerable case needs"),
        ({**GOOD, "answerable": False}, "an unanswerable case has neither"),
        ({**GOOD, "question": ""}, "question: "),
        ({**GOOD, "question": "  "}, "the question is blank"),
        ({"Frage": "Wer?"}, "say which is what with --columns"),
        ({key: value for key, value in GOOD.items() if key != "group_id"}, "group_id: Field required"),
        ("{not json", "not JSON"),
        ("[1]", "not a JSON object; write one object a line"),
        ("[" * 100_000, "brackets within brackets"),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: dict[str, Any] | str, message: str) -> None:
    with pytest.raises(BadInput, match=r"cases\.jsonl:3: ") as caught:
        load_cases(written(tmp_path, {**GOOD, "id": "first"}, "", line))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_id_used_twice_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r":2: id 'a' is already on line 1"):
        load_cases(written(tmp_path, GOOD, GOOD))


def test_missing_and_empty_files_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        load_cases(tmp_path / "none.jsonl")
    with pytest.raises(BadInput, match="holds no cases"):
        load_cases(written(tmp_path, "", ""))
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9\xff")
    with pytest.raises(BadInput, match="not UTF-8"):
        load_cases(tmp_path / "latin.jsonl")


def test_only_multi_source_needs_all_its_evidence() -> None:
    assert Case.model_validate({**GOOD, "tags": ["multi-source"]}).needs_all
    assert not Case.model_validate({**GOOD, "tags": ["sources-differ"]}).needs_all
