"""What Python users hold: add, update, remove, ask, in every way that the contract names."""

import asyncio
import itertools
import json
import os
import shutil
import threading
from pathlib import Path

import pytest

import rag
from rag import Library, Settings
from rag.errors import BadInput, EmbedderMismatch, NoSuchSource
from rag.types import Progress, Step
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

QUESTION = "How many envoys met in Geneva?"


def opened(path: Path, **given: object) -> Library:
    models = {"embedder": WordHashEmbedder(), "reranker": SharedWordsReranker(), **given}
    return Library(path, **models)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "deeper").mkdir(parents=True)
    (tmp_path / "docs" / "talks.txt").write_text("Seven envoys met in Geneva. Nobody signed anything.")
    (tmp_path / "docs" / "deeper" / "fruit.md").write_text("# Fruit\n\nApples are **red**. Pears are sweet.\n")
    (tmp_path / "docs" / ".hidden.txt").write_text("secret")
    return tmp_path


def test_add_update_unchanged_remove(folder: Path) -> None:
    docs = folder / "docs"
    with opened(folder / "library") as library:
        assert str(library.add(docs)) == "2 added"
        assert str(library.add(docs)) == "2 unchanged"
        generation = library.generation()
        (docs / "talks.txt").write_text("Nine envoys met in Geneva.")
        report = library.add(docs)
        assert report.updated == (str(docs / "talks.txt"),) and len(report.unchanged) == 1
        assert library.generation() > generation
        assert library.ask(QUESTION, abstain=False).text == "Nine envoys met in Geneva."
        assert library.remove("fruit.md").removed == (str(docs / "deeper" / "fruit.md"),)
        assert [entry.title for entry in library.documents()] == ["talks"] or len(library.documents()) == 1
        with pytest.raises(NoSuchSource):
            library.remove("talks.txt", "fruit.md")
        assert len(library.documents()) == 1


def test_a_file_rewritten_with_the_same_words_is_unchanged(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        place = folder / "docs" / "talks.txt"
        os.utime(place, ns=(1, 1))
        assert len(library.add(place).unchanged) == 1
        assert len(library.add(place).unchanged) == 1


def test_adding_never_removes_but_sync_does(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        (folder / "docs" / "talks.txt").unlink()
        assert library.add(folder / "docs").removed == () and len(library.documents()) == 2
        assert library.add(folder / "docs", sync=True).removed == (str(folder / "docs" / "talks.txt"),)
        assert len(library.documents()) == 1


def test_sync_forgets_what_has_vanished_altogether(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        shutil.rmtree(folder / "docs")
        with pytest.raises(NoSuchSource):
            library.add(folder / "docs")
        assert len(library.add(folder / "docs", sync=True).removed) == 2
        assert library.documents() == []
        with pytest.raises(NoSuchSource):
            library.add(folder / "docs", sync=True)


def test_the_library_does_not_read_itself(folder: Path) -> None:
    with opened(folder / "docs") as library:
        report = library.add(folder / "docs")
        assert len(report.added) == 2 and report.failed == ()


def test_a_file_that_cannot_be_read_is_a_row_of_the_ledger_and_stops_nothing(folder: Path) -> None:
    (folder / "docs" / "broken.pdf").write_bytes(b"%PDF-1.7 rubbish")
    (folder / "docs" / "empty.txt").write_bytes(b"")
    with opened(folder / "library") as library:
        report = library.add(folder / "docs")
        assert len(report.added) == 2 and len(report.failed) == 2
        ledger = {Path(failure.source).name: failure for failure in library.failures()}
        assert set(ledger) == {"broken.pdf", "empty.txt"} and ledger["empty.txt"].kind == "empty"
        assert all("\n" not in failure.error and failure.at for failure in ledger.values())
        (folder / "docs" / "empty.txt").write_text("Now there are words in it.")
        assert len(library.add(folder / "docs").added) == 1
        assert [Path(failure.source).name for failure in library.failures()] == ["broken.pdf"]
        assert library.remove("broken.pdf").removed and library.failures() == []


def test_a_version_indexed_before_stays_when_the_file_breaks(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        (folder / "docs" / "talks.txt").write_bytes(b"")
        assert len(library.add(folder / "docs").failed) == 1
        assert "Seven envoys" in library.ask(QUESTION, abstain=False).text


def test_a_missing_path_changes_nothing(folder: Path) -> None:
    with opened(folder / "library") as library:
        with pytest.raises(NoSuchSource):
            library.add(folder / "docs", folder / "gone")
        assert library.documents() == []


def test_uploads_are_kept_inside_the_library_and_purged_with_it(folder: Path) -> None:
    with opened(folder / "library") as library:
        report = library.add_bytes(b"Two ships sailed to Odesa.", "../../ships.txt")
        (source,) = report.added
        assert Path(source).is_relative_to(folder / "library" / "originals") and Path(source).name == "ships.txt"
        assert library.add_bytes(b"Two ships sailed to Odesa.", "ships.txt").unchanged == (source,)
        library.remove(source)
        assert not Path(source).exists() and not Path(source).parent.exists()
        with pytest.raises(BadInput, match="no file name"):
            library.add_bytes(b"x", "..")


def test_a_text_in_a_language_the_embedder_does_not_know_is_searched_by_words_and_said_so(tmp_path: Path) -> None:
    with opened(tmp_path / "library", embedder=WordHashEmbedder(languages=frozenset({"en"}))) as library:
        report = library.add_documents([document("Семь посланников встретились в Женеве.", language="ru")])
        assert "language ru" in report.notices[0].text and "words only" in report.notices[0].text
        assert library.documents()[0].searched == "words only"
        assert library.search("Женеве")[0].ranks.get("dense") is None


def test_another_embedder_is_refused_and_nothing_is_lost(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
    with pytest.raises(EmbedderMismatch, match="was made with the embedder word-hash:1") as caught:
        opened(folder / "library", embedder=WordHashEmbedder(fingerprint="word-hash:2"))
    assert "\n" not in str(caught.value) and caught.value.exit_status == 2
    with pytest.raises(EmbedderMismatch):
        Library(folder / "library")
    with opened(folder / "library") as library:
        assert len(library.documents()) == 2


def test_every_way_of_asking_gives_the_same_answer(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        asked = library.ask(QUESTION)
        assert asked.status == "answered" and "Seven" in asked.text
        others = [
            library.batch([QUESTION, "Are apples red?"])[0],
            asyncio.run(library.aask(QUESTION)),
            list(library.chain.stream(QUESTION))[-1],
            library.chain.invoke(QUESTION),
            (library.chain | (lambda answer: answer)).invoke(QUESTION),
        ]
        assert all(other.text == asked.text and other.citations == asked.citations for other in others)
        assert set(asked.seconds) == {"search", "read", "verify", "total"}


def test_a_streamed_answer_grows_and_ends_whole(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        steps: list[Step] = list(library.stream(QUESTION))
        assert next(step.stage for step in steps) == "search" and [step.stage for step in steps][-2:] == [
            "verify",
            "answer",
        ]
        partial = [step.answer.text for step in steps if step.answer]
        assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(partial))
        assert steps[-1].answer == library.ask(QUESTION) or steps[-1].answer.text == partial[-1]  # type: ignore[union-attr]
        assert all(sentence.verdict.label == "supported" for sentence in steps[-1].answer.sentences)  # type: ignore[union-attr]


def test_an_abstention_streams_no_sentence_that_is_then_taken_back(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        steps = list(library.stream("Who is the mayor of Atlantis?"))
        assert [step.stage for step in steps] == ["search", "answer"]
        assert steps[-1].answer is not None and steps[-1].answer.status == "abstained"


def test_as_a_langchain_retriever(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        retriever = library.as_retriever(k=1)
        (found,) = retriever.invoke("envoys in Geneva")
        assert found.page_content.startswith("Seven envoys") and found.metadata["source"].endswith("talks.txt")
        assert found.metadata["start"] == 0 and found.id
        assert asyncio.run(retriever.ainvoke("envoys in Geneva"))[0].id == found.id


def test_an_answer_as_json_has_the_field_names_of_the_contract(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        answer = json.loads(library.ask(QUESTION).to_json())
    assert answer["sentences"][0]["verdict"]["label"] == "supported"
    assert answer["citations"][0]["quote"] == "Seven envoys met in Geneva."
    assert {
        "question",
        "status",
        "reason",
        "confidence",
        "text",
        "short",
        "evidence",
        "conflicts",
        "model",
        "seconds",
        "usage",
    } <= set(answer)


def test_a_running_library_notices_what_another_one_did(folder: Path) -> None:
    with opened(folder / "library") as page, opened(folder / "library") as other:
        assert page.ask(QUESTION).reason == "no_evidence"
        other.add(folder / "docs")
        assert "Seven" in page.ask(QUESTION).text
        other.remove("talks.txt")
        assert "Seven" not in page.ask(QUESTION, abstain=False).text


def test_many_threads_ask_at_once(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        texts: list[str] = []
        threads = [threading.Thread(target=lambda: texts.append(library.ask(QUESTION).text)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(texts) == 12 and len(set(texts)) == 1


def test_a_library_answers_with_other_settings_and_stays_as_it_is(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        before, settings = library.ask(QUESTION), library.settings
        brief = library.tuned(answer=settings.answer.model_copy(update={"evidence": 1}))
        assert len(brief.ask(QUESTION).evidence) == 1 < len(before.evidence)
        shallow = library.tuned(retrieval=settings.retrieval.model_copy(update={"depth": 1}))
        assert len(shallow.search(QUESTION)) < len(library.search(QUESTION))
        sure = library.tuned(answer=settings.answer.model_copy(update={"confidence": 1.0}))
        assert sure.ask(QUESTION).status == sure.chain.invoke(QUESTION).status == "abstained"
        again = library.ask(QUESTION)
        assert (again.text, len(again.evidence)) == (before.text, len(before.evidence))
        assert brief._embedder is library._embedder and brief._store is library._store


def test_progress_is_told_for_every_source(folder: Path) -> None:
    told: list[Progress] = []
    with opened(folder / "library") as library:
        library.add(folder / "docs", progress=told.append)
        library.add(folder / "docs", progress=told.append)
    assert {step.stage for step in told} >= {"embedding", "stored", "unchanged"}
    assert all(0 <= step.done <= step.total == 2 for step in told)


def test_ask_in_one_call(folder: Path) -> None:
    with pytest.raises(NoSuchSource, match="pincite index"):
        rag.ask("Who?", index=folder / "nowhere")
    assert not (folder / "nowhere").exists()
    with Library(folder / "library") as library:
        library.add(folder / "docs")
    assert "Seven envoys" in rag.ask(QUESTION, index=folder / "library").text


def test_health_of_a_library(folder: Path) -> None:
    with opened(folder / "library") as library:
        library.add(folder / "docs")
        assert all(check.ok for check in library.health())
        (folder / "docs" / "talks.txt").unlink()
        (unwell,) = [check for check in library.health() if not check.ok]
        assert unwell.name == "sources" and "pincite remove" in unwell.advice
        (folder / "docs" / "deeper" / "fruit.md").write_text("other")
        assert [check.name for check in library.health() if not check.ok] == ["sources", "freshness"]


def test_every_public_name_is_there_and_explained() -> None:
    for name in rag.__all__:
        assert getattr(rag, name).__doc__, name
    with pytest.raises(AttributeError):
        rag.nothing_of_that_name  # noqa: B018


def test_settings_come_from_the_file_then_the_environment_then_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pincite.toml").write_text("threads = 3\n[chunking]\nwords = 99\n[answer]\nsentences = 1\n")
    monkeypatch.setenv("PINCITE_CHUNKING__WORDS", "88")
    loaded = Settings.load(threads=1)
    assert (loaded.threads, loaded.chunking.words, loaded.answer.sentences) == (1, 88, 1)
    monkeypatch.setenv("PINCITE_TYPO", "1")
    with pytest.raises(BadInput, match="unknown setting PINCITE_TYPO"):
        Settings.load()
    monkeypatch.delenv("PINCITE_TYPO")
    (tmp_path / "pincite.toml").write_text("[chunking]\nwrods = 99\n")
    with pytest.raises(BadInput, match=r"chunking\.wrods"):
        Settings.load()
