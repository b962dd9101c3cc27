import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from evals.__main__ import app
from evals.cases import load_cases
from evals.run import run
from rag import Settings
from rag.errors import BadInput, NoSuchSource
from rag.text import units
from rag.types import Answer, Citation, Document, Entry, Hit, Passage, Sentence, Verdict
from tests.fakes import document, terms

QUIET = Console(file=StringIO())
NEWS = document("The bridge opened in May 2021. It cost 12 million crowns.", "/docs/news.txt", "News")
NOTES = document("The mayor is <b>Ada Berg</b>. She likes trams & boats.", "/docs/notes.txt", "Notes <1>")
CASES: list[dict[str, Any]] = [
    {
        "id": "opened",
        "group_id": "bridge",
        "question": "When was the bridge opened?",
        "answerable": True,
        "answers": ["May 2021"],
        "evidence": [{"source": "news.txt", "quote": "opened in May 2021"}],
        "tags": ["date"],
    },
    {
        "id": "weather",
        "group_id": "weather",
        "question": "Rain tomorrow?",
        "answerable": False,
        "tags": ["unanswerable"],
    },
    {
        "id": "mayor",
        "group_id": "mayor",
        "question": "Who is the <i>mayor</i>?",
        "answerable": True,
        "answers": ["Eve <script>alert(1)</script>"],
        "evidence": [{"source": "docs/notes.txt", "quote": "The mayor is"}],
        "tags": ["who"],
    },
]


class QuotingLibrary:
    """Quotes the one sentence that shares most words with the question; with fewer than two shared, it abstains."""

    def __init__(self, *documents: Document) -> None:
        self.settings = Settings()
        self.asked: list[str] = []
        self.broken: set[str] = set()
        self._documents = {document.source: document for document in documents}

    def documents(self) -> list[Entry]:
        return [
            Entry(d.id, d.source, d.title, d.date, d.language, d.media_type, d.sha256, len(d.text), 0, 1, "2024-01-01")
            for d in self._documents.values()
        ]

    def document(self, source: str) -> Document:
        if source not in self._documents:
            raise NoSuchSource(source)
        return self._documents[source]

    def ask(self, question: str) -> Answer:
        self.asked.append(question)
        if question in self.broken:
            raise ValueError("no\nreply")
        asked = set(terms(question))
        pairs = [(d, span) for d in self._documents.values() for span in units(d.text)]
        ranked = sorted(pairs, key=lambda pair: -len(asked & set(terms(pair[1].of(pair[0].text)))))
        hits = tuple(
            Hit(Passage(f"{d.id}:{n}", d.id, d.source, d.title, s.start, s.end, s.of(d.text)), n, 1 / n, "fused")
            for n, (d, s) in enumerate(ranked, start=1)
        )
        best, span = ranked[0]
        if len(asked & set(terms(span.of(best.text)))) < 2:
            return Answer(question, "abstained", "weak_evidence", 0.1, "The documents don't say.", None, (), (), hits)
        quote = span.of(best.text)
        citation = Citation(1, best.source, best.sha256, best.title, span.start, span.end, quote)
        sentence = Sentence(quote, 0, len(quote), (1,), Verdict("supported", 1.0))
        return Answer(
            question, "answered", None, 0.9, quote, None, (sentence,), (citation,), hits, seconds={"total": 0.02}
        )


@pytest.fixture
def library() -> QuotingLibrary:
    return QuotingLibrary(NEWS, NOTES)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return path


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_run_leaves_its_four_files_and_the_right_figures(
    library: QuotingLibrary, cases: Path, tmp_path: Path
) -> None:
    summary = run(library, load_cases(cases), cases, tmp_path / "run", QUIET)
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "manifest.json",
        "results.jsonl",
        "metrics.json",
        "report.html",
    }
    figures = {name: (of["value"], of["n"]) for name, of in summary["metrics"].items()}
    assert figures["answer_found"] == (0.5, 2)  # May 2021 is there, "Eve …" is not
    assert figures["citations_exact"] == (1.0, 2)
    assert figures["decision_right"] == (1.0, 3)
    assert figures["coverage"] == (pytest.approx(2 / 3), 3)
    assert figures["risk"] == (0.0, 2)
    assert figures["kept_unanswerable"] == (0.0, 1)
    assert figures["hit_1"] == figures["mrr"] == (1.0, 2)
    assert figures["recall_5"] == (None, 0)
    assert summary["by_tag"]["date"]["metrics"]["answer_found"]["value"] == 1.0
    assert summary["seconds"] == {"total": {"p50": 0.02, "p95": 0.02, "n": 2}}
    assert json.loads((tmp_path / "run" / "metrics.json").read_text()) == summary
    by_id = {line["id"]: line for line in lines(tmp_path / "run")}
    assert by_id["opened"]["failed"] == []
    assert by_id["mayor"]["failed"] == ["the answer contains no accepted answer"]
    assert by_id["weather"]["answer"]["status"] == "abstained"


def test_a_case_that_needs_two_documents_is_not_answered_by_one(library: QuotingLibrary, tmp_path: Path) -> None:
    both = [*CASES[0]["evidence"], *CASES[2]["evidence"]]
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({**CASES[0], "evidence": both, "tags": ["multi-source"]}), encoding="utf-8")
    summary = run(library, load_cases(path), path, tmp_path / "run", QUIET)
    assert summary["metrics"]["evidence_cited"]["value"] == 0.5  # 1 of 2
    assert summary["metrics"]["recall_5"]["value"] == 1.0
    assert lines(tmp_path / "run")[0]["failed"] == ["the answer cites only part of what it needs"]


def test_an_error_is_a_result_and_counts_in_no_metric(library: QuotingLibrary, cases: Path, tmp_path: Path) -> None:
    library.broken.add("Rain tomorrow?")
    summary = run(library, load_cases(cases), cases, tmp_path / "run", QUIET)
    assert (summary["cases"], summary["scored"]) == (3, 2)
    assert summary["errors"] == {"weather": "ValueError: no reply"}
    assert summary["metrics"]["decision_right"]["n"] == 2
    assert summary["metrics"]["kept_unanswerable"] | {"value": None, "n": 0} == summary["metrics"]["kept_unanswerable"]
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert page.index("Rain tomorrow?") < page.index("When was the bridge opened?")


def test_a_stopped_run_goes_on_with_what_is_missing(library: QuotingLibrary, cases: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    library.broken.add("Rain tomorrow?")
    whole = run(library, load_cases(cases), cases, folder, QUIET)
    results = folder / "results.jsonl"
    kept, error, last = results.read_text(encoding="utf-8").splitlines(keepends=True)
    results.write_text(kept + error + last[:40], encoding="utf-8")
    library.broken.clear()
    library.asked.clear()
    again = run(library, load_cases(cases), cases, folder, QUIET)
    assert library.asked == ["Rain tomorrow?", "Who is the <i>mayor</i>?"]  # the error anew, and the torn line
    assert sorted(line["id"] for line in lines(folder)) == ["mayor", "opened", "weather"]
    assert again["metrics"]["answer_found"] == whole["metrics"]["answer_found"]
    assert again["errors"] == {}


def test_a_folder_with_another_run_or_other_files_is_refused(
    library: QuotingLibrary, cases: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run(library, load_cases(cases)[:1], cases, folder, QUIET)
    with pytest.raises(BadInput, match="other documents; choose another --out"):
        run(QuotingLibrary(NEWS, NOTES, document("More.", "/docs/m.txt")), load_cases(cases), cases, folder, QUIET)
    cases.write_text(json.dumps(CASES[0]), encoding="utf-8")
    with pytest.raises(BadInput, match="other cases"):
        run(library, load_cases(cases), cases, folder, QUIET)
    with pytest.raises(BadInput, match="is not empty and holds no run"):
        run(library, load_cases(cases), cases, tmp_path, QUIET)


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        ({"source": "gone.txt", "quote": "x"}, "no document of the library named gone.txt"),
        ({"source": "ews.txt", "quote": "May"}, "no document of the library named ews.txt"),
        ({"source": "news.txt", "quote": "June 2021"}, "news.txt does not contain the quote 'June 2021'"),
    ],
)
def test_evidence_that_is_not_there_is_bad_input(
    library: QuotingLibrary, tmp_path: Path, evidence: dict[str, str], message: str
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({**CASES[0], "evidence": [evidence]}), encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(f"case opened: {message}")):
        run(library, load_cases(path), path, tmp_path / "run", QUIET)
    assert library.asked == []


def test_the_report_escapes_everything_and_fetches_nothing(
    library: QuotingLibrary, cases: Path, tmp_path: Path
) -> None:
    run(library, load_cases(cases), cases, tmp_path / "run", QUIET)
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "Eve &lt;script&gt;" in page
    assert "<mark>The mayor is &lt;b&gt;Ada Berg&lt;/b&gt;.</mark> She likes trams &amp; boats." in page
    assert "Notes &lt;1&gt;" in page
    for forbidden in ("<script", "<i>mayor", "<b>Ada", "http://", "https://", "src=", "@import", "url("):
        assert forbidden not in page
    assert page.index("Who is the") < page.index("When was the bridge")  # what failed comes first


def test_bad_input_is_one_line_and_status_two(tmp_path: Path, cases: Path) -> None:
    missing = CliRunner().invoke(app, ["run", str(tmp_path / "none.jsonl")])
    assert missing.exit_code == 2
    assert missing.stderr.count("\n") == 1
    assert "No such file" in missing.stderr
    nowhere = CliRunner().invoke(app, ["run", str(cases), "--index", str(tmp_path / "none")])
    assert nowhere.exit_code == 2
    assert "pincite index" in nowhere.stderr
    assert not (tmp_path / "none").exists()
