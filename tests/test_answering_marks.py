"""Citation marks in a reply as it comes: what is a mark, whose it is, and that no character is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answering import marks
from rag.answering.marks import LONGEST, MarkReader, Said
from rag.types import Span

KNOWN = 5
SOUP = (
    "[ ] 【 】 ［ ］ ( ) [[ ]] [1] [2][3] [1,2] [1, 2] [1-3] [4–9] [^1] 【1】 【2†source】 [Source 3] ([1]) ([2], [3]) "
    "(source 1) (1) [9] [0] [2022] [1](http://a.b) [text](c.md) [citation needed] [x] \\ ` `` ``` ~~~ , ; and & . ! ? "
    '… : " “ ” ’ « » ) 。 ！ He She left stayed Dr. U.S. e.g. 3.5 a I 1. - # * ** | > 他走了 é ß 😀 \ud800 \x00 \u202e '
    "\u2028 × 0 1 7 † ^ :"
).split(" ")


def read(text: str, cuts: list[int] | None = None, known: int = KNOWN) -> list[Said]:
    reader, said, at = MarkReader(known), [], 0
    for cut in cuts or []:
        said += reader.feed(text[at : at + cut])
        at += cut
    return said + reader.feed(text[at:]) + reader.finish()


def told(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(said.text, said.marks) for said in read(text)]


def bare(text: str) -> str:
    return "".join(text.split())


SHAPES = (
    "[1]|[ 1 ]|【1】|［1］|[[1]]|[^1]|[1,]|[１]|[Source 1]|[source: 1]|[#1]|[Doc 1]|[No. 1]|【1†source】"
    "|【1:0†handbook.md】|([1])|(source 1)"
).split("|")
ROWS = (
    "[1][2][3]|[1] [2] [3]|[1], [2], [3]|[1, 2, 3]|[1,2;3]|[1-3]|[1–3]|[1..3]|[1 to 3]|【1】【2】【3】|[1], [2] and [3]"
    "|[1, 2 and 3]|([1], [2], [3])|[Sources 1, 2, 3]|[^1][^2][^3]|[1][2] [3][1]"
).split("|")
LOOKALIKES = (
    "(1)|[citation needed]|[sic]|[1st]|[1/2]|[1.5]|[x]|[ ]|[]|[2022]|[text](http://a.b)|[1](http://a.b)|![1](a.png)"
    "|\\[1]|`a[1]`|``a`[1]``|[1|1]|[a1]|[1\n]|[1[|rows[1]x|[12345678901]|[1-2-3]|(p. 1)"
).split("|")


@pytest.mark.parametrize("mark", SHAPES)
def test_a_mark_has_many_shapes(mark: str) -> None:
    assert told(f"He left in 2022 {mark}.") == [("He left in 2022.", (1,))]
    assert told(f"He left in 2022. {mark} She stayed.") == [("He left in 2022.", (1,)), ("She stayed.", ())]


@pytest.mark.parametrize("row", ROWS)
def test_marks_stand_in_rows_lists_and_ranges(row: str) -> None:
    assert told(f"He left {row}. She stayed.") == [("He left.", (1, 2, 3)), ("She stayed.", ())]


@pytest.mark.parametrize("prose", LOOKALIKES)
def test_what_only_looks_like_a_mark_is_prose(prose: str) -> None:
    said = read(f"He saw {prose} there")
    assert bare("".join(one.text for one in said)) == bare(f"He saw {prose} there")
    assert not any(one.marks or one.unknown for one in said)


def test_nothing_in_a_block_of_code_is_a_mark_and_it_is_one_sentence() -> None:
    code = "```python\nprint(a[1])\nprint(b). C = [2]\n```"
    assert told(f"Run this [1]:\n{code}\nThen stop [3].") == [("Run this:", (1,)), (code, ()), ("Then stop.", (3,))]
    assert told("~~~\n[1]\n```\n[2]\n~~~\nOut [3].") == [("~~~\n[1]\n```\n[2]\n~~~", ()), ("Out.", (3,))]
    assert told("He wrote ``` and\nleft [1].\nWell ~~~ so [2].")[1:] == [("left.", (1,)), ("Well ~~~ so.", (2,))]
    assert told("Left [1].\n```\na[2]") == [("Left.", (1,)), ("```\na[2]", ())]
    assert told("A lone ` is prose [1].\nSo is `` here [2].") == [
        ("A lone ` is prose.", (1,)),
        ("So is `` here.", (2,)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. [1] She stayed. [2]", [("He left.", (1,)), ("She stayed.", (2,))]),
        ("He left.[1] She stayed.[2]", [("He left.", (1,)), ("She stayed.", (2,))]),
        ("He left.[1]She stayed.[2]", [("He left.", (1,)), ("She stayed.", (2,))]),
        ("“He left [1].” She stayed [2].", [("“He left.”", (1,)), ("She stayed.", (2,))]),
        ('He said "Go. Now." [1] She went [2].', [('He said "Go. Now."', (1,)), ("She went.", (2,))]),
        ('He said "I left" [1]. Then.', [('He said "I left".', (1,)), ("Then.", ())]),
        ("[1] He left. [2] She stayed.", [("He left.", (1,)), ("She stayed.", (2,))]),
        ("[1] says he left. [2] says she stayed.", [("says he left.", (1,)), ("says she stayed.", (2,))]),
        ("He left. [1] says she stayed.", [("He left.", ()), ("says she stayed.", (1,))]),
        (
            'He said "Go at once. Do it now." [1] She went.',
            [('He said "Go at once. Do it now."', (1,)), ("She went.", ())],
        ),
        (
            "He left (it rained. It always does) early [1]. So.",
            [("He left (it rained. It always does) early.", (1,)), ("So.", ())],
        ),
        ("He left.\n[1] She stayed.", [("He left.", ()), ("She stayed.", (1,))]),
        ("He left.\n\n[1]\n\nShe stayed.", [("He left.", (1,)), ("She stayed.", ())]),
        ("He [1] left [2] in [1] 2022.", [("He left in 2022.", (1, 2))]),
        ("Cats [1], dogs [2], and birds [3].", [("Cats, dogs, and birds.", (1, 2, 3))]),
        ("Cats [1] and dogs [2].", [("Cats and dogs.", (1, 2))]),
        ("Cats [1] and [2] dogs.", [("Cats and dogs.", (1, 2))]),
        ("- Cats [1]\n- [2] Dogs\n- Birds. [3]", [("- Cats", (1,)), ("- Dogs", (2,)), ("- Birds.", (3,))]),
        ("1. Mix it [1]. Wait.\n2. Bake it [2].", [("1. Mix it.", (1,)), ("Wait.", ()), ("2. Bake it.", (2,))]),
        ("# Rules\nCats are in [1].", [("# Rules", ()), ("Cats are in.", (1,))]),
        ("他走了。[1]她留下。[2]", [("他走了。", (1,)), ("她留下。", (2,))]),
        ("[1]", [("", (1,))]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_each_mark_goes_to_its_sentence(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert told(text) == expected


def test_abbreviations_and_decimals_end_no_sentence() -> None:
    text = "Dr. Smith paid 3.5 million to Acme Inc. in Jan. 2022 [1]. He left [2]."
    assert told(text) == [("Dr. Smith paid 3.5 million to Acme Inc. in Jan. 2022.", (1,)), ("He left.", (2,))]


def test_unknown_numbers_are_kept_apart_as_they_were_written() -> None:
    assert read("He left [2][9]. So [0], [4-7], [3-1].") == [
        Said("He left.", (2,), ("9",)),
        Said("So.", (4, 5), ("0", "6-7", "3-1")),
    ]
    assert read("He left [1].", known=0) == [Said("He left.", (), ("1",))]
    assert read("He left [1-999999999].") == [Said("He left.", (1, 2, 3, 4, 5), ("6-999999999",))]


def test_a_sentence_is_told_once_the_next_has_begun_and_not_before() -> None:
    reader = MarkReader(KNOWN)
    assert reader.feed("He left Dr.") == reader.feed(" Smith in 2022.") == reader.feed(" [1]") == []
    assert reader.feed("[2] She") == []
    assert reader.feed(" stayed.") == [Said("He left Dr. Smith in 2022.", (1, 2))]
    assert reader.finish() == [Said("She stayed.")]


@given(st.lists(st.sampled_from(SOUP), max_size=60), st.sampled_from(["", " ", "\n"]), st.data())
@settings(max_examples=400)
def test_how_a_reply_is_cut_into_pieces_changes_nothing(parts: list[str], between: str, data: st.DataObject) -> None:
    text = between.join(parts)
    cuts = data.draw(st.lists(st.integers(0, 9), max_size=len(text)))
    assert read(text, cuts) == read(text) == read(text, [1] * len(text))


@given(st.lists(st.sampled_from([*SOUP, " ", "\n"]), max_size=80).map("".join) | st.text(max_size=200))
@settings(max_examples=400)
def test_no_character_is_invented_and_only_marks_go(text: str) -> None:
    said = read(text)
    rest = iter(bare(text))
    kept = bare("".join(one.text for one in said))
    assert all(letter in rest for letter in kept)  # a subsequence of the reply
    for one in said:
        assert one.text == one.text.strip() and set(one.marks) <= set(range(1, KNOWN + 1))
    if not re.search(r"\d", text):
        assert kept == bare(text)


@given(st.text(st.characters(blacklist_characters="[【［("), max_size=400))
@settings(max_examples=300)
def test_a_text_without_marks_comes_out_whole(text: str) -> None:
    said = read(text)
    assert bare("".join(one.text for one in said)) == bare(text)
    assert not any(one.marks or one.unknown for one in said)


WORDS = st.lists(st.sampled_from(["he", "left", "the", "office", "early", "Paris"]), min_size=1, max_size=6).map(
    " ".join
)
MARKS = st.lists(st.integers(1, KNOWN), max_size=3, unique=True)


@given(st.lists(st.tuples(WORDS, MARKS, st.booleans(), st.booleans()), min_size=1, max_size=8))
@settings(max_examples=200)
def test_sentences_written_out_with_their_marks_come_back(written: list[tuple[str, list[int], bool, bool]]) -> None:
    parts = []
    for words, numbers, before_stop, joined in written:
        mark = f"[{', '.join(map(str, numbers))}]" if joined else "".join(f"[{number}]" for number in numbers)
        mark = mark if numbers else ""
        parts.append(f"It was {words} {mark}." if before_stop and mark else f"It was {words}. {mark}".rstrip())
    assert told(" ".join(parts)) == [(f"It was {words}.", tuple(numbers)) for words, numbers, *_ in written]


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_are_read(data: bytes) -> None:
    for text in (data.decode("latin-1"), data.decode("utf-8", "surrogateescape"), data.decode("utf-16", "replace")):
        read(text, [1, 2, 3] * len(text))


ENDLESS = [
    "word ",
    "x",
    "[",
    "([【",
    "`",
    "`a",
    '" a. B ',
    "( a. B ",
    ". ",
    "\n",
    " ",
    "[1]",
    "[1], ",
    "[1](",
    "```\na b ",
]


@pytest.mark.parametrize("unit", [*ENDLESS, "He left [1]. ", "他走了。"])
def test_an_endless_reply_is_told_as_it_comes_in_work_that_grows_with_it(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the memory or the time of a reply without end would have none either."""
    work, split = 0, marks.units

    def counted(text: str, **named: str) -> list[Span]:
        nonlocal work
        work += len(text)
        return split(text, **named)

    monkeypatch.setattr(marks, "units", counted)
    reader, given_, told_, works = MarkReader(KNOWN), 0, 0, []
    for _ in range(2):
        for _ in range(8000 // len(unit)):
            given_ += len(bare(unit))
            told_ += sum(len(bare(one.text)) for one in reader.feed(unit))
        works.append(work)
    assert works[1] <= 2.3 * works[0] + 4 * LONGEST
    if "1" not in unit:
        assert given_ - told_ <= LONGEST + 400
