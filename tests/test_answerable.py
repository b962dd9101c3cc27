"""The signal of a reader of whole passages: worked out where the fit names it, and nowhere else."""

from pathlib import Path

import pytest

from rag import Answer, Library
from rag.answering.draft import DraftSentence, Place
from rag.answering.pinpointing import READ, SUREST, WINDOW, Pinpoint, Pinpointer
from rag.models.verifying import Verifier
from rag.retrieval import Evidence, Reading
from rag.text import count_words
from rag.trust import abstention
from rag.trust.abstention import Signals
from rag.types import Document, Hit, Passage, Span
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document
from tests.reading_fakes import FIVE, Fixed, KindFinder, fit, ship

HALL = document(
    "Anna Berg built the town hall of Oslo. The hall is old. It was painted in 1931.", "/docs/hall.txt", "The hall"
)
WEATHER = document("The weather in Oslo was mild. The town slept.", "/docs/weather.txt", "Weather")
BUILT = "Who built the town hall of Oslo?"


def opened(folder: Path, verifier: Verifier | None, *documents: Document, languages: object = None) -> Library:
    embedder = WordHashEmbedder(languages=languages)  # type: ignore[arg-type]
    made = Library(folder / "library", embedder=embedder, reranker=SharedWordsReranker(), verifier=verifier)
    made.add_documents(documents)
    return made


def ask(folder: Path, verifier: Verifier, question: str, *documents: Document, languages: object = None) -> Answer:
    with opened(folder, verifier, *documents, languages=languages) as library:
        return library.ask(question, abstain=False)


def test_without_its_name_in_the_fit_no_model_is_loaded_and_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, fit())

    def loaded() -> Verifier:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr("rag.library.verifier", loaded)
    with opened(tmp_path, None, HALL) as library:
        library.warm()
        answer = library.ask(BUILT)
        assert "verifier" not in library.weights()
    assert answer.status == "answered" and answer.short is None
    assert set(answer.signals) == set(FIVE)
    assert answer.confidence == fit().probability(answer.signals)


def test_what_ships_is_read_for_only_where_it_says_so(tmp_path: Path) -> None:
    finder, fitted = KindFinder(), abstention.shipped()
    answer = ask(tmp_path, finder, BUILT, HALL)
    assert bool(finder.read) == abstention.reads(fitted)
    assert set(answer.signals) == set(fitted.signals)


def test_with_its_name_in_the_fit_it_is_the_readers_margin_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = fit("answerable")
    ship(monkeypatch, fitted)
    finder = KindFinder()
    answer = ask(tmp_path, finder, BUILT, HALL)
    ((question, texts),) = finder.read
    assert question == BUILT and texts == [HALL.text]
    assert answer.signals["answerable"] == pytest.approx(10 * 6 / 7)  # all its words but "who"
    assert answer.confidence == fitted.probability(answer.signals) > fit().probability(answer.signals)


def test_the_greatest_of_at_most_three_passages_is_taken_in_one_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seat's holder stands in no sentence that is quoted, and is found in the passage after it all the same."""
    ship(monkeypatch, fit("answerable"))
    finder = Fixed("Kari Nordmann", 7.0)
    others = [
        document(f"The town hall of Bergen, number {name}, is quiet.", f"/docs/{name}.txt", name) for name in "abcde"
    ]
    mayor = document("The town hall of Oslo is the seat of Kari Nordmann.", "/docs/mayor.txt", "Mayor")
    answer = ask(tmp_path, finder, BUILT, HALL, mayor, *others)
    assert len(finder.read) == 1 and len(finder.read[0][1]) == READ
    assert finder.read[0][1][:2] == [HALL.text, mayor.text] and "Kari" not in answer.text
    assert answer.signals["answerable"] == 7.0


def test_a_reader_that_finds_nothing_makes_the_documents_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have every word of the question; only one has a name that answers it."""
    vague = document("Nobody knows who built the town hall of Oslo.", "/docs/vague.txt", "The hall")
    ship(monkeypatch, fit())
    assert ask(tmp_path / "without", KindFinder(), BUILT, vague).confidence > 0.9
    ship(monkeypatch, fit("answerable"))
    with opened(tmp_path / "vague", KindFinder(), vague) as library:
        silent = library.ask(BUILT)
    assert (silent.status, silent.reason) == ("abstained", "weak_evidence") and silent.signals["answerable"] == -6.0
    with opened(tmp_path / "clear", KindFinder(), HALL) as library:
        assert library.ask(BUILT).status == "answered"


def test_languages_that_the_models_do_not_know_are_not_read_and_count_as_the_mean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = fit("answerable")
    ship(monkeypatch, fitted)
    finder = KindFinder()
    welsh = document("Anna Berg built the town hall of Oslo.", "/docs/cy.txt", "Neuadd", language="cy")
    english = document(WEATHER.text, WEATHER.source, WEATHER.title, language="en")
    answer = ask(tmp_path, finder, BUILT, welsh, english, languages=frozenset({"en"}))
    assert "Anna Berg" in answer.text and not finder.read
    assert answer.signals["answerable"] == fitted.mean_of("answerable") == 2.5
    assert answer.confidence == pytest.approx(fit().probability(answer.signals))


def test_of_an_overview_nothing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, fit("answerable", thresholds={"short": 0.0}))
    finder = KindFinder()
    answer = ask(tmp_path, finder, "What is this document about?", HALL)
    assert answer.text and not finder.read and answer.short is None and answer.signals["answerable"] == 2.5


def test_where_nothing_was_found_there_is_nothing_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, fit("answerable"))
    finder = KindFinder()
    answer = ask(tmp_path, finder, BUILT)
    assert answer.reason == "no_evidence" and answer.signals["answerable"] == 2.5 and not finder.read


def test_libraries_side_by_side_read_with_one_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, fit("answerable"))
    finder = KindFinder()
    with opened(tmp_path, finder, HALL) as library, library.beside(tmp_path / "other") as other:
        other.add_documents([HALL])
        other.warm()
        assert len(finder.read) == 1 and library.weights()["verifier"] == "kinds"
        assert other.ask(BUILT).signals["answerable"] == library.tuned().ask(BUILT).signals["answerable"] > 0
    assert [question for question, _ in finder.read[1:]] == [BUILT, BUILT]


def test_a_signal_that_was_not_worked_out_counts_as_its_mean() -> None:
    known = Signals(reading=2.0, coverage=1.0, rarest=1.0, names=1.0, agreement=1.0)
    assert "answerable" not in known.known()
    assert abstention.confidence(known, fit("answerable")) == pytest.approx(abstention.confidence(known, fit()))


# --- which text is read


def evidence(text: str, sentences: list[Span], source: str = "/docs/long.txt") -> Evidence:
    """One passage, its sentences scored by how long they are."""
    passage = Passage(source, "d", source, "Long", 0, len(text), text)
    readings = [Reading(passage, span, span.of(text), float(span.end - span.start), 1.0) for span in sentences]
    return Evidence((Hit(passage, 1, 1.0, "rerank"),), tuple(readings))


def test_of_a_long_passage_the_part_around_the_quote_is_read() -> None:
    said = [f"Sentence {number} has some nine more words to read." for number in range(60)]
    text, spans, at = " ".join(said), [], 0
    for sentence in said:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    finder = Fixed("Sentence 40")
    draft = DraftSentence(said[40], (Place("/docs/long.txt", spans[40]),))
    found = Pinpointer(lambda: finder, None).find("Which?", [draft], evidence(text, spans))
    assert found == Pinpoint(9.0, 0, "Sentence 40")
    read = finder.read[0][1][0]
    words = count_words(said[40])
    assert WINDOW - words < count_words(read) <= WINDOW and read in text
    before, after = read.split(said[40])
    assert abs(count_words(before) - count_words(after)) <= words


@pytest.mark.parametrize(("margin", "kept"), [(1e9, SUREST), (-1e9, -SUREST), (3.25, 3.25)])
def test_a_margin_beyond_all_bounds_says_no_more_than_a_great_one(margin: float, kept: float) -> None:
    text = "Anna Berg built it."
    draft = DraftSentence(text, (Place("/docs/long.txt", Span(0, len(text))),))
    whole = evidence(text, [Span(0, len(text))])
    found = Pinpointer(lambda: Fixed("Anna Berg", margin), None).find("Who built it?", [draft], whole)
    assert found is not None and found.margin == kept


def test_words_that_two_sentences_share_stand_in_neither() -> None:
    text = "It was Anna. Berg came later."
    spans = [Span(0, 12), Span(13, 29)]
    drafts = [DraftSentence(span.of(text), (Place("/docs/long.txt", span),)) for span in spans]
    found = Pinpointer(lambda: Fixed("Anna. Berg"), None).find("Who?", drafts, evidence(text, spans))
    assert found == Pinpoint(9.0)
