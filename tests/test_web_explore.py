"""Looking around: what a search shows and why, the map, what is kept of it, and the timeline."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag import Library
from rag.errors import LibraryError
from rag.types import Entry, Hit, Passage
from rag.web import atlas, explore, words
from rag.web.atlas import Atlas, draw
from rag.web.explorer import Drawing, Explorer
from rag.web.figure import SHAPES, figure, told
from rag.web.timeline import timeline
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document
from tests.test_web_style import STYLE, contrast, tokens
from tests.web_fakes import FakeLibrary, served

HOSTILE = "<img src=x onerror=harm()>"
EELS = "The eels climb the river in spring. Fishermen ask for a ladder. Every eel needs one."
TOPICS = (
    EELS,
    "The gate is of steel. The gate closes before a storm. Engineers raise the gate.",
    "Barges carry coal. Each barge has a skipper. The skippers met on their barges.",
    "Taxes pay for walls. A tax on berths was proposed. The city raised the tax.",
    "The school teaches sailing. Pupils sail after school. Sailing is taught in spring.",
    "Bakers open at five. Bread is sold by bakers. The bread of the harbour is dark.",
)


def passage(text: str = "", **more: Any) -> Passage:
    fields = {"title": "One", "media_type": "text/markdown", **more}
    return Passage(id="p1", document_id="d1", source="/notes/one.md", start=0, end=len(text), text=text, **fields)


def hit(text: str, ranks: dict[str, int] | None = None, **more: Any) -> Hit:
    ways = ranks or {"dense": 2, "lexical": 1, "fused": 1, "rerank": 3}
    return Hit(passage(text, **more), 1, 0.9, "rerank", ways, {"dense": 0.71, "lexical": 8.25})


def library(path: Path, count: int = 6) -> Library:
    """A real library of `count` short documents, every sixth of them about eels."""
    made = Library(path, embedder=WordHashEmbedder(), reranker=SharedWordsReranker())
    made.add_documents(
        [
            document(f"{TOPICS[number % 6]} Note {number}.", f"/docs/{number}.txt", f"Note {number}")
            for number in range(count)
        ]
    )
    return made


def drawn(explorer: Explorer) -> Atlas:
    until = time.monotonic() + 120
    while isinstance(now := explorer.atlas(), Drawing):
        assert time.monotonic() < until, "the map was never drawn"
        time.sleep(0.02)
    return now


# --- search


def test_a_passage_shows_its_place_on_every_way_and_the_words_it_holds() -> None:
    shown = explore.found("eels of the river", [hit(EELS, page_first=3, heading="Spring")], 0.25)
    assert "1 passage in 1 document, best first, in 0.25 s" in shown
    assert "one.md · page 3 · Spring" in shown
    for name, place, score in (("Meaning", "2nd", "0.71"), ("Words", "1st", "8.25"), ("Together", "1st", None)):
        assert f"<dt>{name}</dt><dd><b>{place}</b>{f'<span>{score}</span>' if score else ''}</dd>" in shown
    assert '<mark class="asked">eels</mark> climb the <mark class="asked">river</mark>' in shown
    assert '<mark class="asked">eel</mark> needs' in shown, "a word is marked in any form"
    assert words.HOLDS_WORDS.format(words="eels, river") in shown


def test_a_way_that_did_not_bring_it_says_so_and_reading_is_left_out_where_nothing_was_read() -> None:
    shown = explore.found("tide", [hit(EELS, {"dense": 1, "fused": 1})], 0.1)
    assert f'<b title="{words.NOT_FOUND}">–</b>' in shown and "<dt>Read</dt>" not in shown
    assert words.HOLDS_NO_WORDS in shown and "<mark" not in shown


def test_the_excerpt_is_cut_where_most_of_the_words_stand() -> None:
    far = f"{'The weather was fair that day. ' * 30}{EELS} {'It rained later on. ' * 30}"
    shown = explore.found("eels ladder", [hit(far)], 0.1)
    excerpt = shown.partition('class="excerpt">')[2].partition("</span></button>")[0]
    assert excerpt.startswith("…") and excerpt.endswith("…") and "eels</mark>" in excerpt and "ladder</mark>" in excerpt
    assert len(excerpt.replace('<mark class="asked">', "").replace("</mark>", "")) <= explore.EXCERPT + 2


def test_what_others_wrote_stays_text_everywhere() -> None:
    one = hit(f"eels {HOSTILE} eels", title=HOSTILE, heading=HOSTILE)
    assert "<img" not in explore.found(f"{HOSTILE} eels", [one], 0.1)
    assert "<img" not in explore.lit([one], {"p1": (0.0, 0.0)})
    entry = Entry("d", HOSTILE, HOSTILE, "2024-01-02", None, "text/plain", "0", 1, 0, 1, "")
    assert "<img" not in timeline([entry, replace(entry, date=None)])
    shown = FakeLibrary(
        [document(f"{EELS} {HOSTILE}", f"/{HOSTILE}{n}", f"{HOSTILE}{n}", language="en") for n in range(4)]
    )
    made = drawn(Explorer(shown))
    assert "<img" not in explore.listed(made, made.places[0].source)
    assert all("<" not in one["text"] for one in figure(made).to_dict()["layout"]["annotations"])


def test_nothing_found_no_words_and_a_broken_library_have_a_line_each() -> None:
    empty = Explorer(FakeLibrary())
    assert words.NOTHING_FOUND in empty.search("eels")[1]
    assert words.EMPTY_LIBRARY in empty.welcome() and words.EMPTY_LIBRARY in empty.timeline()
    assert "the question is empty" in empty.search("?")[1]
    assert words.EXPLORE_LEAD in Explorer(served()).welcome()

    class Broken(FakeLibrary):
        def documents(self) -> list[Entry]:
            raise LibraryError("the disk is gone; plug it in")

    assert "the disk is gone; plug it in" in Explorer(Broken()).welcome()
    assert 'role="alert"' in Explorer(Broken()).timeline()


def test_a_passage_and_a_document_open_in_the_source_panel() -> None:
    explorer = Explorer(served())
    hits, _ = explorer.search("Every spring the eels climb the Lantern River")
    assert "letter.eml" in explorer.opened(hits[0].passage) and "eels" in explorer.opened(hits[0].passage)
    whole = explorer.document("/docs/harbour/courier.md")
    assert "Harbour board weighs" in whole and "<mark" not in whole
    assert 'role="alert"' in explorer.document("/docs/none.md")


# --- the map


def test_the_store_gives_an_even_sample_and_the_vectors_of_any_passage(tmp_path: Path) -> None:
    with library(tmp_path, 9) as made:
        everything, vectors = made.sample(100)
        assert len(everything) == 9 and vectors.shape == (9, 64)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        some, few = made.sample(3)
        assert [one.title for one in some] == ["Note 0", "Note 4", "Note 8"]
        found = made.vectors([everything[5], replace(everything[0], id="gone")])
        assert list(found) == [everything[5].id] and np.array_equal(found[everything[5].id], vectors[5])
        assert np.array_equal(few[1], vectors[4])


def test_an_empty_library_has_an_empty_sample(tmp_path: Path) -> None:
    with library(tmp_path, 0) as made:
        assert made.sample(5)[0] == [] and made.vectors([]) == {}
        empty = draw(made, tmp_path / "map.npz")
    assert words.EMPTY_LIBRARY in explore.beside(empty) and explore.listed(empty) == ""
    assert not (tmp_path / "map.npz").exists()


def test_one_passage_makes_no_map_and_is_still_listed(tmp_path: Path) -> None:
    with library(tmp_path, 1) as made:
        one = draw(made, None)
    assert words.NO_MAP in explore.beside(one)
    assert "Note 0" in explore.listed(one) and "data-zoom" not in explore.listed(one)
    assert words.NEAR.partition("{")[0] not in explore.listed(one)


def test_like_passages_lie_together_and_the_list_says_what_is_near(tmp_path: Path) -> None:
    with library(tmp_path, 24) as made:
        found = draw(made, None)
    eels = np.array(["eels" in one.text for one in found.passages])
    distances = ((found.positions[:, None] - found.positions[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (eels[distances.argmin(axis=1)] == eels).all()
    about = next(place for place in found.places if place.title == "Note 0")
    assert int(about.near.removeprefix("Note ")) % 6 == 0, "another note on eels is nearest"
    assert found.documents == 24 and found.total == 24 and found.unplaced == 0
    assert {word for region in found.regions for word in region.told} & {"eels", "barges", "gate", "tax", "school"}


def test_a_layout_is_kept_without_words_and_used_while_the_passages_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "map.npz"
    calls: list[int] = []
    real = atlas.project
    monkeypatch.setattr(atlas, "project", lambda vectors: calls.append(len(vectors)) or real(vectors))
    with library(tmp_path / "library", 6) as made:
        first = draw(made, kept)
        assert np.array_equal(draw(made, kept).positions, first.positions) and calls == [6]
        assert b"eels" not in kept.read_bytes()
        made.add_documents([document("Another note on the eels.", "/docs/new.txt", "New")])
        assert len(draw(made, kept).passages) == 7 and calls == [6, 7]
        kept.write_bytes(kept.read_bytes()[:100])
        draw(made, kept)
        assert calls == [6, 7, 7], "a damaged file is drawn again"
        np.savez(kept, digest=np.array({"a": 1}, dtype=object), positions=np.zeros((7, 2)))
        draw(made, kept)
        assert calls == [6, 7, 7, 7], "a pickle is never read"


def test_a_large_library_is_sampled_and_a_passage_left_out_is_placed_amid_its_like(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas, "MOST", 10)
    with library(tmp_path, 40) as made:
        found = draw(made, None)
        assert "10 of 40 passages" in explore.beside(found)
        other = next(one for one in made.sample(40)[0] if one.id not in found.number_of and "eels" in one.text)
        x, y = found.locate([other], made)[other.id]
        known = [found.number_of[found.passages[0].id]]
        assert found.locate([found.passages[0]], made)[found.passages[0].id] == pytest.approx(
            tuple(found.positions[known[0]])
        )
    distances = ((found.positions - np.array([x, y])) ** 2).sum(axis=1)
    assert "eels" in found.passages[int(distances.argmin())].text


def test_documents_found_by_words_only_are_counted_and_their_hits_left_dark() -> None:
    explorer = Explorer(served())
    made = drawn(explorer)
    assert made.unplaced == 1 and words.UNPLACED.format(passages="1 passage") in explore.beside(made)
    hits, _ = explorer.search("tide gate llanw")
    shown = explorer.lit(hits)
    dark = sum(one.passage.source.endswith("llythyr.txt") for one in hits)
    assert dark and words.LIT.format(shown=len(hits) - dark, passages=words.count(len(hits), "passage")) in shown


def test_the_figure_tells_documents_by_colour_and_shape_and_carries_what_a_mark_stands_for() -> None:
    made = drawn(Explorer(served()))
    shown = figure(made).to_dict()
    assert [trace["meta"] for trace in shown["data"]] == [1, 2, 3]
    assert [trace["marker"]["symbol"] for trace in shown["data"]] == [name for name, _ in SHAPES[:3]]
    marks = [tuple(mark) for trace in shown["data"] for mark in trace["customdata"]]
    assert sorted(marks) == sorted(told(one) for one in made.passages)
    labels = [one["text"].rstrip("…") for one in shown["layout"]["annotations"]]
    assert labels and all(any(place.title.startswith(label) for place in made.places) for label in labels)
    assert json.loads(figure(made).to_json())["layout"]["xaxis"]["visible"] is False


def test_more_documents_than_colours_share_a_quiet_one_and_regions_are_named(tmp_path: Path) -> None:
    with library(tmp_path, 20) as made:
        found = draw(made, None)
    shown = figure(found).to_dict()
    assert [trace["meta"] for trace in shown["data"]] == list(range(atlas.COLOURED + 1))
    assert len(shown["data"][0]["x"]) == 20 - atlas.COLOURED
    assert {one["text"] for one in shown["layout"]["annotations"]} <= {" · ".join(one.told) for one in found.regions}


def test_a_map_is_drawn_beside_those_who_ask_and_again_once_the_library_has_changed() -> None:
    shown = served()
    explorer = Explorer(shown)
    begun = explorer.atlas()
    assert isinstance(begun, Drawing) and begun.passages == 9
    first = drawn(explorer)
    assert explorer.atlas() is first and explorer.passage(first.passages[0].id) == first.passages[0]
    shown.put(document(f"{EELS} Once more.", "/docs/harbour/more.txt", "More", language="en"))
    assert isinstance(explorer.atlas(), Drawing)
    assert len(drawn(explorer).passages) > len(first.passages)
    assert explorer.passage("nothing") is None


def test_a_map_that_cannot_be_drawn_says_so_and_is_tried_again() -> None:
    class Torn(FakeLibrary):
        def sample(self, most: int) -> Any:
            raise LibraryError("the library is locked; try again")

    explorer = Explorer(Torn())
    for _ in range(2):
        with pytest.raises(LibraryError, match="locked"):
            drawn(explorer)


def test_neither_plotly_nor_scikit_learn_is_imported_for_the_page() -> None:
    code = (
        "import sys; from pathlib import Path; from rag.web.house import House; from rag.web.page import build;"
        "from tests.web_fakes import served; build(House(served(), Path('none')));"
        "sys.exit(sorted(name for name in sys.modules if name in ('plotly', 'sklearn')) or 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(("scheme", "rule"), [(":root", "#explore"), (".dark", ".dark #explore")])
def test_the_colours_of_the_map_stand_out_from_the_page(scheme: str, rule: str) -> None:
    block = re.search(rf"^{re.escape(rule)} \{{(.*?)\n\}}", STYLE, re.DOTALL | re.MULTILINE)
    assert block
    found = dict(re.findall(r"--plot-(\d): (#[0-9a-f]{6})", block.group(1)))
    assert set(found) == set(map(str, range(atlas.COLOURED + 1))) and len(set(found.values())) == len(found)
    assert all(contrast(colour, tokens(scheme)["paper"]) >= 3 for colour in found.values())


# --- the timeline


def entry(number: int, date: str | None) -> Entry:
    return Entry(f"d{number}", f"/docs/{number}.txt", f"Note {number}", date, "en", "text/plain", "0", 10, 0, 1, "")


def periods(shown: str) -> list[str]:
    return [part.partition('"')[0] for part in shown.split('data-period="')[1:]]


@pytest.mark.parametrize(
    ("dates", "expected", "slots"),
    [
        (["2023-11-30", "2024-02-01"], ["2023-11", "2024-02"], 4),
        (["2001-05-05", "2003-01-01", "2004-12-31"], ["2001", "2003", "2004"], 4),
        (["1893-01-01", "2024-02-01"], ["1890s", "2020s"], 14),
        (["2024-02-29"], ["2024-02"], 1),
    ],
)
def test_time_is_to_scale_in_months_years_or_decades(dates: Sequence[str], expected: list[str], slots: int) -> None:
    shown = timeline([entry(number, date) for number, date in enumerate(dates)])
    assert periods(shown) == expected
    assert shown.partition("</ol>")[0].count("<li") == slots


def test_a_period_lists_its_documents_and_undated_ones_are_counted() -> None:
    entries = [entry(1, "2023-05-01"), entry(2, "2023-05-09"), entry(3, "2023-07-01"), entry(4, None), entry(5, "soon")]
    shown = timeline(entries, "2023-05")
    assert "Note 1" in shown and "Note 2" in shown and "Note 3" not in shown.partition('class="undated"')[0]
    assert 'data-period="2023-05" aria-pressed="true" aria-label="May 2023: 2 documents"' in shown
    assert words.WITHOUT_DATE.format(documents="2 documents") in shown
    assert "Note 3" in timeline(entries, "1066")
    assert words.NO_DATES in timeline([entry(4, None)]) and "Note 4" in timeline([entry(4, None)])


def test_a_long_list_is_cut_and_says_so() -> None:
    shown = timeline([entry(number, "2023-05-01") for number in range(70)])
    assert shown.count("data-document") == 60 and words.MORE_DATED.format(count="10") in shown
