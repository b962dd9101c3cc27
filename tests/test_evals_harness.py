"""What may be given to `run`: cases, a file, a table, a folder in BEIR's format; and the library that is then asked."""

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import evals
from evals import Case, compare, load_cases, run
from evals.cli import app
from evals.harness import Subject, open_library
from evals.manifest import Origin
from evals.sets import QuestionSet
from rag import Library
from rag.errors import BadInput
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

BRIDGE = document("The bridge at Lund opened in May 2021. It cost 12 million crowns.", "/docs/bridge.txt", "Bridge")
TRAM = document("The tram to Malmö runs every ten minutes. Ada Berg drives it.", "/docs/tram.txt", "Tram")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def library(place: Path) -> Library:
    made = Library(place / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker())
    made.add_documents([BRIDGE, TRAM])
    return made


def beir(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    corpus = [
        {"_id": "d1", "title": "Bridge", "text": BRIDGE.text},
        {"_id": "d2", "title": "Tram", "text": TRAM.text},
    ]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in corpus))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "When did the bridge at Lund open?"}) + "\n")
    (folder / "qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\n")
    return folder


def test_a_beir_folder_brings_its_own_documents(place: Path) -> None:
    done = run(beir(place / "tiny"))
    assert done.folder.parent == Path("evals/runs")
    assert done.summary["metrics"]["ndcg_10"]["value"] == 1.0
    assert done.summary["metrics"]["answer_found"]["n"] == 0
    assert done.about["data"]["documents"] == 2
    assert list(done.about["weights"]) == ["bge-small", "minilm-l12", "verifier"]
    assert Library.exists("indexes/evals/tiny")


def test_a_beir_folder_is_asked_of_its_own_documents_alone(place: Path) -> None:
    run(beir(place / "one/tiny"))
    two = beir(place / "two/tiny")
    (two / "corpus.jsonl").write_text(json.dumps({"_id": "d1", "title": "Bridge", "text": BRIDGE.text}) + "\n")
    done = run(two, out="two/run")
    assert done.about["data"]["documents"] == 1
    sources = [hit["passage"]["source"] for hit in done.records[0]["answer"]["evidence"]]
    assert sources == ["tiny:d1"]


def test_the_files_of_a_set_stay_where_a_link_leads_to_them(place: Path) -> None:
    (place / "kept").mkdir()
    (place / "kept/bridge.txt").write_text(BRIDGE.text)
    (place / "link").symlink_to(place / "kept")
    case = Case(id="a", group_id="g", question="Who?", answerable=False)
    brings = QuestionSet("tiny", (TRAM,), (place / "link/bridge.txt",), (case,), {}, {}, "", "", ())
    with open_library(Subject(Origin("tiny", "", 1), (case,), brings), None, Console(quiet=True)) as library:
        assert sorted(entry.source for entry in library.documents()) == ["/docs/tram.txt", f"{place}/link/bridge.txt"]


def test_a_byte_order_mark_in_a_beir_folder_is_passed_over(place: Path) -> None:
    folder = beir(place / "tiny")
    queries = folder / "queries.jsonl"
    queries.write_bytes(b"\xef\xbb\xbf" + queries.read_bytes())
    assert run(folder).summary["cases"] == 1


def test_cases_from_python_are_checked_as_those_of_a_file_are(place: Path, library: Library) -> None:
    case = Case(id="a", group_id="g", question="Who?", answerable=False)
    with pytest.raises(BadInput, match="id 'a' is used twice"):
        run([case, case], library)
    with pytest.raises(BadInput, match="there are no cases to ask"):
        run([], library)
    with pytest.raises(BadInput, match="a limit of 0 leaves nothing to ask"):
        run([case], library, limit=0)
    (place / "mine.jsonl").write_text(case.model_dump_json())
    assert load_cases("mine.jsonl") == [case]


def test_a_table_of_ones_own_is_asked_of_a_library(place: Path, library: Library) -> None:
    (place / "fragen.csv").write_text("Frage;Antwort\nWho drives the tram to Malmö?;Ada Berg\n", encoding="utf-8")
    done = run("fragen.csv", library, columns={"question": "Frage", "answers": "Antwort"}, out="run")
    assert done.summary["metrics"]["answer_found"]["value"] == 1.0
    assert done.about["cases"]["name"] == "fragen.csv"


def test_two_runs_are_compared_from_python(place: Path, library: Library) -> None:
    case = Case(id="a", group_id="a", question="Who drives the tram to Malmö?", answerable=True, answers=("Ada Berg",))
    first = run([case], library, out="first")
    run([case], library, out="second")
    comparison = compare(first, "second", gates=["answer_found:5%"])
    assert comparison.paired
    assert comparison.flips == ()
    assert comparison.outcomes[0].state == "inconclusive"  # one case can show nothing


def test_the_command_line_runs_and_compares(place: Path, library: Library) -> None:
    case = {"id": "a", "group_id": "a", "question": "What did the bridge cost?", "answerable": True}
    case |= {"answers": ["12 million crowns"], "evidence": [{"source": "bridge.txt", "start": 39, "end": 64}]}
    (place / "mine.jsonl").write_text(json.dumps(case))
    packaged = Library(place / "own")
    packaged.add_documents([BRIDGE, TRAM])
    packaged.close()
    for name in ("before", "after"):
        done = CliRunner().invoke(app, ["run", "mine.jsonl", "--index", "own", "--out", name, "--junit", f"{name}.xml"])
        assert done.exit_code == 0, done.stderr
        assert f"Report: {name}/report.html" in done.stdout
    assert "<testsuite" in (place / "before.xml").read_text()
    same = CliRunner().invoke(app, ["compare", "before", "after", "--gate", "answer_found:2%", "--strict"])
    assert same.exit_code == 4
    assert (place / "after/compared-to-before.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nothing"], "nothing"),
        (["run", "mine.jsonl", "--columns", "question"], "--columns question: write it like"),
        (["run", "mine.jsonl", "--prices", "much"], "--prices much: write it like"),
        (["run", "mine.jsonl", "--prices", "nan:1"], "--prices nan:1: write it like"),
        (["run", "mine.jsonl", "--prices", "1:inf"], "--prices 1:inf: write it like"),
        (["run", "mine.jsonl", "--prices=-1:1"], "--prices -1:1: write it like"),
        (["run", "mine.jsonl", "--columns", "question=a,question=b"], "a field is given twice"),
        (["run", "."], "is no BEIR folder"),
        (["run", "mine.jsonl"], "there is no library at indexes/default; make one with: pincite index"),
        (["compare", "nowhere", "mine.jsonl"], "nowhere holds no run"),
        (["judge", "--model", "openai:x", "--set", "begin"], "--model reads its own sets"),
        (["compare", "nowhere", "mine.jsonl", "--gate", "beauty:2%"], "beauty"),
    ],
)
def test_wrong_use_is_one_line_and_status_two(place: Path, arguments: list[str], message: str) -> None:
    (place / "mine.jsonl").write_text(
        json.dumps({"id": "a", "group_id": "a", "question": "Who?", "answerable": False}) + "\n"
    )
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_errors_are_told_with_the_first_of_them(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = Library(place / "own")
    packaged.add_documents([BRIDGE])
    packaged.close()
    (place / "mine.jsonl").write_text(
        json.dumps({"id": "a", "group_id": "a", "question": "Who?", "answerable": False}) + "\n"
    )

    def broken(self: Library, question: str, **options: object) -> None:
        raise ValueError("no reply")

    monkeypatch.setattr(Library, "ask", broken)
    done = CliRunner().invoke(app, ["run", "mine.jsonl", "--index", "own"])
    assert "1 of 1 cases ended in an error; the first, a: ValueError: no reply" in done.stderr
    assert done.exit_code == 1  # nothing was measured


def test_a_broken_case_file_gives_file_line_and_field(place: Path) -> None:
    good = {"id": "a", "group_id": "a", "question": "Who?", "answerable": False}
    (place / "mine.jsonl").write_text(json.dumps(good) + "\n" + json.dumps({**good, "id": "b", "anwser": "x"}) + "\n")
    done = CliRunner().invoke(app, ["run", "mine.jsonl"])
    assert done.exit_code == 2
    assert done.stderr.startswith("error: mine.jsonl:2: anwser: unknown key; known: id, group_id, question")


def test_an_out_that_cannot_be_made_is_one_line(place: Path, library: Library) -> None:
    (place / "mine.jsonl").write_text(
        json.dumps({"id": "a", "group_id": "a", "question": "Who?", "answerable": False}) + "\n"
    )
    with pytest.raises(BadInput, match=r"mine\.jsonl/run cannot be made \(Not a directory\); choose another --out"):
        run("mine.jsonl", library, out="mine.jsonl/run")


def test_every_public_name_loads() -> None:
    assert all(getattr(evals, name) for name in evals.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = evals.nothing
    with pytest.raises(BadInput, match="holds no run"):
        compare("one", "two")
