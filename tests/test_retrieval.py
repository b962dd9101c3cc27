"""Two ways of finding, how they are fused, and how sentences are read."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Library, Settings
from rag.errors import EmptyQuestion, NoSuchSource
from rag.fusion import fuse, rerank
from rag.retrieval import probability, search_terms
from rag.stores.base import Found
from rag.types import Heading, Hit, Passage
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

SCORES = st.lists(st.floats(0.01, 1), max_size=8, unique=True).map(lambda found: sorted(found, reverse=True))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker())
    made.add_documents(
        [
            document("Apples grow on trees. They are red. A tree can bear 400 apples.", "/docs/apples.txt", "Apples"),
            document("Pears are sweet. The pear tree flowers in April.", "/docs/pears.txt", "Pears"),
            document("Seven envoys met in Geneva. Nobody signed.", "/notes/talks.txt", "Talks"),
        ]
    )
    return made


def test_fusion_by_hand() -> None:
    """Dense .9, .7, .5 become 1, .5, 0; BM25 8 and 4 become 1 and .5. With .65 : .35, b = .325 + .35 = .675."""
    fused = fuse({1: 0.9, 2: 0.7, 3: 0.5}, {2: 8.0, 4: 4.0}, 0.65)
    assert [found.number for found in fused] == [2, 1, 4, 3]
    assert [found.score for found in fused] == pytest.approx([0.675, 0.65, 0.175, 0.0])


def test_a_passage_without_a_vector_is_not_punished_for_it() -> None:
    """Passage 4 has no vector: its lexical 1 counts for both, so it leads; otherwise it would have .35."""
    ways = {1: 0.9, 2: 0.5}, {4: 8.0}
    assert fuse(*ways, 0.65)[0] == Found(1, 0.65)
    assert fuse(*ways, 0.65, [4])[0] == Found(4, 1.0)


@given(SCORES, SCORES, st.sampled_from([0.0, 0.3, 0.65, 1.0]))
def test_fused_scores_are_in_order_and_within_bounds(dense: list[float], lexical: list[float], weight: float) -> None:
    ways = dict(enumerate(dense)), {at * 2: score for at, score in enumerate(lexical)}
    fused = fuse(*ways, weight)
    assert {found.number for found in fused} == {number for way in ways for number in way}
    assert all(0 <= found.score <= 1 + 1e-9 for found in fused)
    assert all(one.score >= other.score for one, other in itertools.pairwise(fused))


def test_reranking_by_hand() -> None:
    """Log-odds −10..10 become 0..1. With .5: a (.9 + .5) ÷ 2 = .7 for 0, b (.5 + 1) ÷ 2 = .75 for 30, c unread .4."""
    hits = [
        Hit(Passage(name, name, name, name, 0, 1, "x"), rank, fused, "fused", {"fused": rank}, {"fused": fused})
        for rank, (name, fused) in enumerate([("a", 0.9), ("c", 0.8), ("b", 0.5)], start=1)
    ]
    ranked = rerank(hits, {"a": 0.0, "b": 30.0}, 0.5)
    assert [hit.passage.id for hit in ranked] == ["b", "a", "c"]
    assert [hit.score for hit in ranked] == pytest.approx([0.75, 0.7, 0.4])
    assert [hit.ranks for hit in ranked] == [
        {"fused": 3, "rerank": 1},
        {"fused": 1, "rerank": 2},
        {"fused": 2, "rerank": 3},
    ]


def test_a_passage_found_by_words_alone_has_its_cosine_all_the_same(tmp_path: Path) -> None:
    settings = Settings.load(retrieval={"depth": 1})
    with Library(tmp_path / "library", embedder=WordHashEmbedder(), settings=settings) as library:
        library.add_documents(
            [
                document("It was on the and it was on the.", "/common.txt", "It"),
                document(
                    "Envoys came to Geneva in seven cars, one of them red, with no flags and few guards.",
                    "/rare.txt",
                    "R",
                ),
            ]
        )
        near, named = library.search("it was on the and it was on the: Geneva", rerank=False)
    assert (near.ranks, named.ranks) == ({"dense": 1, "fused": 1}, {"lexical": 1, "fused": 2})
    assert 0 <= named.scores["dense"] < near.scores["dense"]


def test_common_words_are_not_looked_up_unless_there_is_nothing_else() -> None:
    assert search_terms("Who was the envoy to Geneva, the envoy?") == ["envoy", "geneva"]
    assert search_terms("Putin’s envoys' cease-fire") == ["putin", "envoys", "cease-fire"]
    assert search_terms("Who are they?") == ["who", "are", "they"]


def test_hits_tell_how_they_were_found(library: Library) -> None:
    hits = library.search("When does the pear tree flower?", rerank=False)
    best = hits[0]
    assert best.passage.source == "/docs/pears.txt" and best.scale == "fused" and best.rank == 1
    assert best.ranks["dense"] == best.ranks["lexical"] == best.ranks["fused"] == 1
    assert -1 <= best.scores["dense"] <= 1 and best.scores["lexical"] > 0
    read = library.search("When does the pear tree flower?")
    assert read[0].scale == "rerank" and [hit.rank for hit in read] == list(range(1, len(read) + 1))
    assert len(library.search("tree", k=1)) == 1


def test_the_reranker_reads_sentences_with_their_title(library: Library) -> None:
    reader = SharedWordsReranker()
    library._given_reranker = reader
    library.search("Who met in Geneva?", sources="talks.txt")
    assert reader.read == ["Talks. Seven envoys met in Geneva.", "Talks. Nobody signed."]


@pytest.mark.parametrize(
    "scope", ["/docs/*.txt", "/docs", "/docs/apples.txt,/docs/pears.txt", "*.txt,/docs/apples.txt"]
)
def test_scope_by_path_folder_name_and_glob(library: Library, scope: str) -> None:
    hits = library.search("envoys in Geneva", sources=scope.split(","))
    sources = {hit.passage.source for hit in hits}
    assert sources == ({"/docs/apples.txt", "/docs/pears.txt"} if not scope.startswith("*") else sources)
    assert sources >= {"/docs/apples.txt"}


def test_a_scope_that_matches_nothing_and_an_empty_question_are_refused(library: Library) -> None:
    with pytest.raises(NoSuchSource, match=r"nowhere.pdf matches no document .* pincite list"):
        library.search("pears", sources="nowhere.pdf")
    for nothing in ("", "  ", "?!"):
        with pytest.raises(EmptyQuestion, match="ask in a few words"):
            library.ask(nothing)


def test_reading_stops_at_so_many_words(tmp_path: Path) -> None:
    """Each sentence has four words with its title: twenty words are five sentences."""
    reader = SharedWordsReranker()
    text = " ".join(f"Pears like number{at}." for at in range(9))
    settings = Settings.load(retrieval={"reading_words": 20})
    with Library(tmp_path / "a", embedder=WordHashEmbedder(), reranker=reader, settings=settings) as library:
        library.add_documents([document(text, "/pears.txt", "Fruit")])
        library.search("pears")
    assert reader.read == [f"Fruit. Pears like number{at}." for at in range(5)]


def test_a_sentence_is_read_under_its_own_heading(library: Library) -> None:
    text = "# Club\n\nWelcome to all.\n\n## Safety rules\n\nNever row alone.\n"
    headings = (Heading(1, 2, 6), Heading(2, 27, 40))
    library.add_documents([document(text, "/club.md", "Club", media_type="text/markdown", headings=headings)])
    library._given_reranker = reader = SharedWordsReranker()
    library.search("safety", sources="club.md")
    assert reader.read == ["Club. Welcome to all.", "Club. Safety rules. Never row alone."]


def test_a_language_that_no_model_knows_is_read_by_its_words(tmp_path: Path) -> None:
    knows_english = WordHashEmbedder(languages=frozenset({"en"}))
    reader = SharedWordsReranker()
    with Library(tmp_path / "library", embedder=knows_english, reranker=reader) as library:
        library.add_documents(
            [
                document("Auf der Zugspitze lag viel Schnee. Es war kalt.", "/de.txt", "Wetter", language="de"),
                document("Pears are sweet and apples are red.", "/en.txt", "Fruit", language="en"),
            ]
        )
        hits = library.search("Schnee Zugspitze")
        assert hits[0].passage.source == "/de.txt"
        assert not any("Zugspitze" in text for text in reader.read)
        assert library.ask("Schnee auf der Zugspitze", abstain=False).text.startswith("Auf der Zugspitze")


def test_probability_of_log_odds() -> None:
    assert probability(0) == 0.5
    assert probability(1000) == pytest.approx(1) and probability(-1000) == pytest.approx(0)
