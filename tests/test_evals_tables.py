"""A person's own table of questions, by the names of its columns."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Evidence
from evals.sets import read_table
from evals.sets.cells import read_rows, several
from rag.errors import BadInput

GERMAN = {"question": "Frage", "answers": "Antwort", "source": "Datei", "page": "Seite", "quote": "Zitat"}


def table(folder: Path, text: str, name: str = "my.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_german_spreadsheet_by_its_own_columns(tmp_path: Path) -> None:
    text = (
        "Frage;Antwort;Datei;Seite;Zitat\r\n"
        "Wie hoch ist die Gebühr?;5 € | fünf Euro;gebühren.pdf;3;\r\n"
        'Wer prüft?;der Prüfer;"gebühren.pdf";4;"Geprüft wird\r\nvom Prüfer; stets."\r\n'
        "Wer zahlt?;;;;\r\n"
    )
    path = table(tmp_path, text, encoding="cp1252")
    fee, checks, pays = read_table(path, GERMAN)
    assert (fee.question, fee.answers) == ("Wie hoch ist die Gebühr?", ("5 €", "fünf Euro"))
    assert fee.evidence == (Evidence(source="gebühren.pdf", page=3),)
    assert checks.evidence == (Evidence(source="gebühren.pdf", quote="Geprüft wird\nvom Prüfer; stets."),)
    assert fee.group_id == checks.group_id == "gebühren.pdf"
    assert not pays.answerable
    assert pays.group_id == pays.id


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encoding_and_separator_do_not_matter(tmp_path: Path, encoding: str, separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(
        [["Question", "Ground Truth"], ["Où est-ce, à midi; là ?", "là-bas"]]
    )
    (case,) = read_table(table(tmp_path, out.getvalue(), encoding=encoding))
    assert (case.question, case.answers) == ("Où est-ce, à midi; là ?", ("là-bas",))


def test_a_long_file_in_another_alphabet_is_read(tmp_path: Path) -> None:
    rows = "".join(f"Кто написал роман номер {at}?;Лев Николаевич Толстой\n" for at in range(40))
    cases = read_table(table(tmp_path, f"question;answer\n{rows}", encoding="cp1251"))
    assert cases[7].question == "Кто написал роман номер 7?"


def test_json_lines_with_lists_numbers_and_truth(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"query": "How many?", "expected": [25, "a | b"], "document": ["a.md", "b.md"], "answerable": True, "other": 1},
        {"query": "Who?", "answerable": False, "expected": None},
    ]
    many, who = read_table(table(tmp_path, "\n".join(map(json.dumps, lines)), "my.jsonl"))
    assert many.answers == ("25", "a | b")
    assert [place.source for place in many.evidence] == ["a.md", "b.md"]
    assert not who.answerable


def test_ids_groups_and_tags(tmp_path: Path) -> None:
    path = table(tmp_path, 'id,group,question,answer,category\n1,g,Who?,Ada,"fact | who"\n2,,When?,1843,\n')
    first, second = read_table(path)
    assert (first.id, first.group_id, first.tags) == ("1", "g", ("fact", "who"))
    assert (second.id, second.group_id, second.tags) == ("2", "2", ())


def test_a_made_id_stays_when_rows_are_moved(tmp_path: Path) -> None:
    head, rows = "question,answer\n", ["Who?,Ada\n", "When?,1843\n", "Who?,Eve\n"]
    there = {case.answers: case.id for case in read_table(table(tmp_path, head + "".join(rows)))}
    again = {case.answers: case.id for case in read_table(table(tmp_path, head + rows[1] + rows[0] + rows[2]))}
    assert there == again
    assert len(set(there.values())) == 3
    assert there["Eve",] == there["Ada",] + "-2"


def test_places_go_in_pairs_or_with_one_document(tmp_path: Path) -> None:
    path = table(tmp_path, 'question,source,page\nA?,a.pdf | b.pdf,3 | 5\nB?,a.pdf,"[1, 2]"\nC?,a.pdf,4.0\n')
    pairs, one, number = [[(e.source, e.page) for e in case.evidence] for case in read_table(path)]
    assert pairs == [("a.pdf", 3), ("b.pdf", 5)]
    assert one == [("a.pdf", 1), ("a.pdf", 2)]
    assert number == [("a.pdf", 4)]


def test_a_bar_in_a_quote_or_question_is_part_of_it(tmp_path: Path) -> None:
    rows = [["question", "file", "quote"], ["A | B?", "a.md", "| x | y |"], ["B?", "a.md", '["x | y", "z"]']]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    first, second = read_table(table(tmp_path, out.getvalue()))
    assert first.question == "A | B?"
    assert [place.quote for place in first.evidence] == ["| x | y |"]
    assert [place.quote for place in second.evidence] == ["x | y", "z"]


def test_characters_are_places_too(tmp_path: Path) -> None:
    (case,) = read_table(table(tmp_path, "question,source,start,end\nA?,a.md,3,9\n"))
    assert case.evidence == (Evidence(source="a.md", start=3, end=9),)


def test_a_named_column_wins_and_a_dash_leaves_one_unread(tmp_path: Path) -> None:
    path = table(tmp_path, "question,Frage,answer,context\nno,Wer?,Ada,Ada was.\n")
    with pytest.raises(BadInput, match=r"column 'context' needs one that names the document; .* quote=- to leave"):
        read_table(path)
    (case,) = read_table(path, {"question": "Frage", "quote": "-"})
    assert (case.question, case.evidence) == ("Wer?", ())


@pytest.mark.parametrize(
    ("word", "answerable"), [("yes", True), ("WAHR", True), ("1", True), ("Nein", False), ("false", False)]
)
def test_the_column_answerable_decides(tmp_path: Path, word: str, answerable: bool) -> None:
    answer = "Ada" if answerable else ""
    (case,) = read_table(table(tmp_path, f"question,answer,answerable\nWho?,{answer},{word}\n"))
    assert case.answerable is answerable


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("query;answer\nWho?;Ada\n", {"question": "Frage"}, "there is no column 'Frage'; it has query, answer"),
        ("a,answer\nWho?,Ada\n", {}, "no column is called question; name it with --columns question=COLUMN"),
        ("question,b\nWho?,Ada\n", {}, "no column holds answers"),
        ("question,answer\nWho?,Ada\n", {"answr": "answer"}, "'answr' is no field of a case; known: question, answers"),
        ("question,answer\nWho?,Ada\n,Eve\n", {}, "my.csv:3: column 'question' is empty"),
        ('question,answer\n"Who\nis?",Ada\nX?,a,b\n', {}, "my.csv:4: 3 cells, but 2 columns"),
        ('question,answer\nWho?,"Ada\n', {}, "my.csv:2: unexpected end of data"),
        ("question,answer,answer\nWho?,Ada,Eve\n", {}, "two columns are called 'answer'"),
        ("question,source,page\nWho?,a.pdf,3a\n", {}, "my.csv:2: column 'page': '3a' is no whole number"),
        ("question,source,page\nWho?,a.pdf,0\n", {}, "my.csv:2: column 'page': "),
        ("question,source,page\nWho?,,3\n", {}, "my.csv:2: column 'source' is empty"),
        ("question,source,page\nWho?,a | b,3\n", {}, "my.csv:2: column 'page' has 1 where another has 2"),
        ("question,source,start\nWho?,a,3\n", {}, "my.csv:2: start and end go together"),
        ("question,answer,answerable\nWho?,Ada,maybe\n", {}, "column 'answerable': 'maybe' is neither yes nor no"),
        ("question,answer,answerable\nWho?,Ada,\n", {}, "my.csv:2: column 'answerable' is empty; write yes or no"),
        ("question,answer,answerable\nWho?,Ada,no\n", {}, "my.csv:2: an unanswerable case has neither"),
        ("question,answer,answerable\nWho?,,yes\n", {}, "my.csv:2: an answerable case needs"),
        ("id,question,answer\n1,Who?,Ada\n\n1,When?,1843\n", {}, "my.csv:4: id '1' is already on line 2"),
        ("question,answer\nWho?,\nWhen?,\n", {}, "no row has an answer or a place"),
        ("question,answer\n", {}, "holds no cases"),
        ("", {}, "holds no cases"),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_column(
    tmp_path: Path, text: str, columns: dict[str, str], message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_table(table(tmp_path, text), columns)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_broken_json_lines_and_absent_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"my\.jsonl:2: not JSON"):
        read_table(table(tmp_path, '{"question": "Who?", "answer": "Ada"}\n{"question"\n', "my.jsonl"))
    with pytest.raises(BadInput, match=r"my\.jsonl:1: not a JSON object"):
        read_table(table(tmp_path, "[1]\n", "my.jsonl"))
    with pytest.raises(BadInput, match=r"my\.json: write one JSON object a line, .* into a \.jsonl file"):
        read_table(table(tmp_path, '[{"question": "Who?"}]', "my.json"))
    (tmp_path / "my.xlsx").write_bytes(b"PK\x03\x04rest")
    with pytest.raises(BadInput, match=r"my\.xlsx is a workbook; save the sheet"):
        read_table(tmp_path / "my.xlsx")
    with pytest.raises(BadInput, match=r"none\.csv: No such file"):
        read_table(tmp_path / "none.csv")


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=("Cs", "Cc")), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_rows_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: Any, separator: str
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    path = table(tmp_path_factory.mktemp("rows"), out.getvalue())
    _, found = read_rows(path)
    assert [(row.cells["a"], row.cells["b"]) for row in found] == [row for row in rows if any(map(str.strip, row))]


@given(st.lists(st.text("abc ,;|[]\"'", min_size=1).map(str.strip).filter(bool), max_size=5))
def test_a_json_list_in_a_cell_keeps_its_values(values: list[str]) -> None:
    assert several(json.dumps(values)) == values
