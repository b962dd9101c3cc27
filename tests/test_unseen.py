"""Characters that no reader sees neither hide nor reorder words, and scripts that need them keep theirs."""

import json

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Span
from rag.unseen import escaped, visible
from rag.web.markup import Layer, esc, exact, tagged

ODD = st.text(
    st.sampled_from("aé1 \u0646\u0631👩💻\u200b\u200c\u200d\u2060\ufeff\u202e\u2066\u00ad\u200f\u2028\U000e0041")
)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("not\u202e detroppus\u202c", "not detroppus"),
        ("sup\u200bport\u00aded", "supported"),
        ("no\u200dt", "not"),
        ("plain\U000e0069\U000e0067", "plain"),
        ("\u0646\u0645\u06cc\u200c\u0631\u0648\u0645", "\u0646\u0645\u06cc\u200c\u0631\u0648\u0645"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\u200dأب\ufeff", "\u200dأب"),
    ],
)
def test_what_is_unseen_goes_and_what_joins_letters_stays(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(ODD)
def test_nothing_is_left_to_be_dropped_twice_and_no_seen_character_is_lost(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert [one for one in shown if one.isprintable()] == [one for one in text if one.isprintable()]


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_escaped_json_means_the_same(value: object) -> None:
    printed = escaped(json.dumps(value, ensure_ascii=False, indent=2))
    assert json.loads(printed) == value
    assert not set(printed) & {chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x200B, 0x202E)} - {"\n"}


@given(ODD, st.data())
def test_the_page_keeps_every_character_of_a_quote_and_shows_the_seen_ones(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    marked = Span(start, data.draw(st.integers(start, len(text))))
    whole = tagged(text, Span(0, len(text)), [Layer(marked, "mark")])
    tree = lxml.html.fragment_fromstring(f"<b>.</b>{whole}", create_parent="div")
    assert tree.text_content() == f".{text}"
    seen = "".join(tree.xpath(".//text()[not(ancestor::*[@class='unseen'])]"))
    assert not set(seen) & set("\u200b\u2060\ufeff\u202e\u2066\u00ad\u200f\u2028\U000e0041")


def test_values_that_come_back_from_the_page_are_whole() -> None:
    assert (esc("a\u202eb<"), exact("a\u202eb<")) == ("ab&lt;", "a\u202eb&lt;")
