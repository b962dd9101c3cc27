"""Documents become passages whose spans are exact."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import context, page_of, passages
from rag.text import count_words, units
from rag.types import Heading, Page
from tests.fakes import document

SENTENCE = st.builds(
    lambda words: " ".join(words).capitalize() + ".",
    st.lists(st.sampled_from(["ceasefire", "men", "25", "Kyiv", "née", "語"]), min_size=1, max_size=60),
)
TEXT = st.lists(
    st.one_of(SENTENCE, st.sampled_from(["\n\n", "# Head\n", "- item\n", "| 1 | 2 |\n", "😀"])), max_size=40
).map(" ".join)


@given(TEXT, st.integers(20, 200), st.integers(0, 3), st.sampled_from(["text/plain", "text/markdown", "text/html"]))
def test_a_passage_is_exactly_its_span_and_every_unit_is_in_one(
    text: str, size: int, overlap: int, media_type: str
) -> None:
    made = document(text, media_type=media_type)
    cut = passages(made, size, overlap)
    for passage in cut:
        assert made.text[passage.start : passage.end] == passage.text
    for unit in units(text, media_type=media_type):
        assert any(passage.start <= unit.start and unit.end <= passage.end for passage in cut)
    assert [passage.start for passage in cut] == sorted({passage.start for passage in cut})
    assert len({passage.id for passage in cut}) == len(cut)


def test_passages_are_about_as_long_as_asked_and_overlap_by_one_sentence() -> None:
    text = " ".join(f"Sentence number {n} has exactly nine words in it." for n in range(100))
    cut = passages(document(text), words=150, overlap=1)
    assert all(130 <= count_words(passage.text) <= 175 for passage in cut[:-1])
    for one, other in itertools.pairwise(cut):
        repeated = text[other.start : one.end]
        assert repeated.startswith("Sentence number") and repeated.count("Sentence number") == 1


def test_a_new_section_opens_a_new_passage_and_gives_its_headings_as_context() -> None:
    first = "Alpha talks about apples. " * 25
    text = f"Part one\n\n{first}\n\nPart two\n\nBeta talks about pears. " + "It goes on about pears. " * 25
    start = text.index("Part two")
    made = document(text, title="Fruit", headings=(Heading(1, 0, 8), Heading(1, start, start + 8)))
    cut = passages(made)
    assert any(passage.start == start and passage.heading == "Part two" for passage in cut)
    assert context(cut[0]).startswith("Fruit › Part one\nPart one Alpha")


def test_nested_headings_are_named_outermost_first_without_the_title() -> None:
    text = "Title\n\nOne\n\nInner\n\nBody of it here."
    headings = (Heading(1, 0, 5), Heading(2, 7, 10), Heading(3, 12, 17))
    assert passages(document(text, title="Title", headings=headings), words=20)[-1].heading in ("", "One › Inner")


def test_pages_of_a_passage() -> None:
    pages = (Page(1, 0, 10), Page(2, 10, 10), Page(3, 10, 30))
    assert [page_of(pages, at) for at in (0, 9, 10, 29)] == [1, 1, 3, 3]
    assert page_of((), 5) is None


def test_nothing_to_say_gives_no_passage() -> None:
    assert passages(document(" \n\n ---\n")) == []
