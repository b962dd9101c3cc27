"""Which documents count as one voice."""

import pytest

from rag.trust import voices
from rag.types import Document
from tests.fakes import document

STORY = (
    "The harbour board met on Monday to weigh a tide gate at the mouth of the Lantern River. The engineers put its"
    " price at 48 million crowns, and the work would take three years. The board expects to vote in the autumn,"
    " and nothing will be built before the fishing season of 2025 has ended, the harbour master said."
)


def named(*documents: Document) -> list[set[str]]:
    return [set(voice.sources) for voice in voices.voices(documents)]


def test_a_copy_with_a_few_words_changed_is_one_voice_with_its_original() -> None:
    one = document(STORY, "/one.txt", "Tide gate weighed")
    mirror = document(f"By our staff. {STORY.replace('48', '84')}", "/two.txt", "A gate for the river")
    other = document("Nobody knows what the tide gate at the Lantern River will cost. " * 5, "/three.txt", "Doubts")
    assert named(one, mirror, other) == [{"/one.txt", "/two.txt"}, {"/three.txt"}]
    assert voices.voices([one, mirror])[0].why == ("“Tide gate weighed” and “A gate for the river” are near-copies",)


def test_an_excerpt_is_one_voice_with_the_longer_document() -> None:
    longer = document(f"{STORY} Much else was said that evening about the berths, the levy and who should pay it.")
    assert named(longer, document(STORY, "/excerpt.txt")) == [{longer.source, "/excerpt.txt"}]


def test_too_short_a_text_is_no_copy_of_anything() -> None:
    assert voices.copied("All rights are reserved by the harbour board.", STORY) == 0.0
    assert voices.copied("All rights reserved.", "All rights reserved.") == 0.0


def test_who_retells_a_newspaper_is_one_voice_with_it() -> None:
    origin = document("*The Quay Courier*, 4 March\n\nThe gate will cost 48 million.", "/courier.md", "The gate")
    teller = document("The gate will cost 48 million crowns, The Quay Courier reported on Monday.", "/b.txt", "Costs")
    (voice,) = voices.voices([origin, teller])
    assert voice.why == ("“Costs” credits The Quay Courier, where “The gate” seems to come from",)


@pytest.mark.parametrize(
    ("origin", "credit"),
    [
        (document("A", "https://www.nytimes.com/2023/a", "A gate"), "The New York Times reported"),
        (document("A", "/a.html", "A gate | The Quay Courier"), "according to the Quay Courier"),
        (document("A", "/a.html", "A gate", metadata={"publisher": "Meridian Wire"}), "as reported by Meridian Wire"),
        (document("“We pay,” she told The Quay Courier.", "/a.txt", "A gate"), "The Courier wrote"),
        (document("By NYT staff", "/a.txt", "A gate"), "The New York Times has revealed"),
    ],
)
def test_an_outlet_is_known_by_host_title_publisher_or_what_it_calls_itself(origin: Document, credit: str) -> None:
    teller = document(f"It will cost 48 million, {credit}.", "/teller.txt", "Costs")
    assert len(voices.voices([origin, teller])) == 1


def test_two_that_retell_the_same_newspaper_are_one_voice() -> None:
    one = document("The Quay Courier reported on Monday that a gate is planned.", "/a.txt", "A")
    other = document("A gate may come, according to The Quay Courier.", "/b.txt", "B")
    assert voices.tie(one, other) == "“A” and “B” both credit The Quay Courier"


@pytest.mark.parametrize(
    "text",
    [
        "The Quay Courier has moved to a new building at the port.",
        "The harbour master said that the gate would be built.",
        "The Evening Herald reported on Monday that a gate is planned.",
    ],
)
def test_a_name_alone_and_another_newspaper_are_no_tie(text: str) -> None:
    origin = document("*The Quay Courier*, 4 March\n\nThe gate will cost 48 million.", "/courier.md", "The gate")
    assert voices.tie(origin, document(text, "/b.txt", "Costs")) == ""


def test_a_chain_of_ties_is_one_voice() -> None:
    one = document(STORY, "/one.txt", "One")
    two = document(f"{STORY} The Quay Courier reported this.", "/two.txt", "Two")
    three = document("*The Quay Courier*\n\nThe gate.", "/three.txt", "Three")
    (voice,) = voices.voices([one, two, three])
    assert voice.sources == ("/one.txt", "/two.txt", "/three.txt") and len(voice.why) == 2
