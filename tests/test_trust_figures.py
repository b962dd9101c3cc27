"""Figures as values, which figures are the same, and which of a sentence's the evidence does not bear out."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.trust.figures import Figure, check, figures, overlaps, same


def only(text: str) -> Figure:
    found = figures(text)
    assert len(found) == 1, [figure.span.of(text) for figure in found]
    return found[0]


def wrong(sentence: str, *evidence: str) -> list[tuple[str, str | None]]:
    return [(finding.span.of(sentence), finding.against) for finding in check(sentence, evidence)]


@pytest.mark.parametrize(
    ("text", "words", "value", "unit"),
    [
        ("25 million men", "25 million", 25_000_000, ""),
        ("25m people", "25m", 25_000_000, ""),
        ("30m deep", "30m", 30, "metre"),
        ("some 53 879 people", "53 879", 53_879, ""),
        ("twenty-five men", "twenty-five", 25, ""),
        ("two hundred and five men", "two hundred and five", 205, ""),
        ("two and a half million", "two and a half million", 2_500_000, ""),
        ("two dozen eggs", "two dozen", 24, ""),
        ("half a million", "half a million", 500_000, ""),
        ("a third of them", "a third", Fraction(1, 3), "share"),
        ("two-thirds of them", "two-thirds", Fraction(2, 3), "share"),
        ("it doubled", "doubled", 2, "times"),
        ("$4.5bn", "$4.5bn", 4_500_000_000, "dollar"),
        ("4.5 billion US dollars", "4.5 billion US dollars", 4_500_000_000, "dollar"),
        ("US$5m", "US$5m", 5_000_000, "dollar"),
        ("twelve euros and fifty cents", "twelve euros and fifty cents", Fraction(25, 2), "euro"),
        ("5 per cent", "5 per cent", 5, "percent"),
        ("2 percentage points", "2 percentage points", 2, "percentage-point"),
        ("it was −5 °C", "−5 °C", -5, "celsius"),
        ("5.5 square miles", "5.5 square miles", Fraction(11, 2), "square-mile"),
        ("60 miles per hour", "60 miles per hour", 60, "mile-per-hour"),
        ("a 17-week season", "17-week", 17, "week"),
        ("three consecutive years", "three consecutive years", 3, "year"),
        ("aged 45", "45", 45, "year"),
        ("half an hour", "half an hour", Fraction(1, 2), "hour"),
    ],
)
def test_numbers(text: str, words: str, value: Fraction, unit: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.span.of(text), figure.value, figure.unit) == ("number", words, value, unit)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("on 23 December 2023", {"day": 23, "month": 12, "year": 2023}),
        ("on Dec. 23, 2023", {"day": 23, "month": 12, "year": 2023}),
        ("on 2023-12-23", {"day": 23, "month": 12, "year": 2023}),
        ("on 12/23/2023", {"day": 23, "month": 12, "year": 2023}),
        ("on 23.12.2023", {"day": 23, "month": 12, "year": 2023}),
        ("Saturday, December 23, 2023", {"day": 23, "weekday": 5, "month": 12, "year": 2023}),
        ("in the fall of 2022", {"season": "autumn", "year": 2022}),
        ("in May", {"month": 5}),
        ("in '98", {"year": 1998}),
        ("the 1960s", {"decade": 1960}),
        ("the sixties", {"decade": 60}),
        ("the late 1700s", {"century": 18}),
        ("the 21st century", {"century": 21}),
        ("in 44 BC", {"year": -44}),
    ],
)
def test_dates(text: str, parts: dict[str, int | str]) -> None:
    when = only(text).when
    assert when is not None and when.parts() == parts


def test_a_date_is_an_interval_of_days() -> None:
    when = only("December 2023").when
    assert when is not None
    assert when.days() == (date(2023, 12, 1).toordinal(), date(2023, 12, 31).toordinal())


def test_spans_of_years_and_days_are_two_dates() -> None:
    for text, words in (
        ("in 1914–18", ["1914", "18"]),
        ("on 5-7 May 2019", ["5", "7 May 2019"]),
        ("the 18th and 19th centuries", ["18th", "19th centuries"]),
    ):
        assert [figure.span.of(text) for figure in figures(text)] == words


def test_ranges_lists_and_scores() -> None:
    ten = only("between 10 and 12 million men")
    assert (ten.value, ten.until) == (10_000_000, 12_000_000)
    assert [(figure.value, figure.unit) for figure in figures("5, 6 and 7 percent")] == [
        (5, "percent"),
        (6, "percent"),
        (7, "percent"),
    ]
    score = only("they won 3-2")
    assert (score.value, score.until) == (3, 2)


@pytest.mark.parametrize(
    "text",
    ["no one came", "one of the reasons", "First, he came.", "it may go", "march on", "they fall"],
)
def test_what_is_no_number_raises_nothing(text: str) -> None:
    assert not check(text, ["Nothing is said."])


@pytest.mark.parametrize(
    ("text", "noun"), [("COVID-19 spread", "covid19"), ("a B-52", "b52"), ("version 4.2.1", "4.2.1"), ("in 3D", "3d")]
)
def test_letters_with_figures_are_taken_literally(text: str, noun: str) -> None:
    assert (only(text).kind, only(text).noun) == ("literal", noun)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("25 million", "25,000,000", True),
        ("about 25 million", "25.3 million", True),
        ("25 million", "24 million", False),
        ("5 miles", "8 km", True),
        ("5 miles", "5 km", False),
        ("half of it", "50%", True),
        ("5%", "5 men", False),
        ("18 months", "one and a half years", True),
        ("5:30 p.m.", "17:30", True),
        ("2023-12-23", "Dec. 23, 2023", True),
        ("03/04/2023", "3 April 2023", True),
        ("in 2022", "September 2022", True),
        ("in 2021", "September 2022", False),
        ("$5", "€5", False),
    ],
)
def test_same(one: str, other: str, alike: bool) -> None:
    assert same(only(one), only(other)) is alike
    assert same(only(other), only(one)) is alike


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("the fall of 2022", "September 2022", True),
        ("the fall of 2022", "May 2022", False),
        ("September", "in the autumn", True),
        ("1994", "the 1990s", True),
        ("the nineties", "1994", True),
        ("the 19th century", "1994", False),
        ("a year", "1994", False),
    ],
)
def test_overlaps(one: str, other: str, meet: bool) -> None:
    assert overlaps(only(one), only(other)) is meet


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("25,000,000 men could be called up.", "About 25 million men could be called up."),
        ("Nearly 100 were hurt.", "In all 98 people were hurt."),
        ("More than 20 villages burned.", "The fire took 25 villages."),
        ("A third of voters stayed home.", "33 percent of voters stayed home."),
        ("The town lies 8 km from the sea.", "The town lies 5 miles from the sea."),
        ("He left in 2022.", "He left in the fall of 2022."),
        ("He left in the fall of 2022.", "He left in September 2022."),
        ("He left in the 2020s.", "He left on 5 May 2022."),
        ("He left on Saturday.", "He left on 23 December 2023."),
        ("He was born on 5 May 1950.", "In 1950, on May 5th, he was born."),
        ("The war lasted four years.", "The war went on from 1914 to 1918."),
        ("It opened before 2005.", "It opened on September 25, 2001."),
        ("He came in 2021.", "He died in 2022, and he came a year earlier."),
        ("He came on 24 December.", "They met on 23 December, and he came the next day."),
        ("In total 12 men died.", "5 men died at sea and 7 men died on land."),
        ("The third season was the last.", "Season 3 was the last."),
        ("He died at the age of 78.", "The senator, dead at 78, was mourned."),
        ("Two friends, Ann and Bob, met.", "Ann met Bob in town."),
        ("They won 2-3.", "The visitors lost by 3-2."),
        ("World War 2 began.", "World War II began."),
        ("Flight 1549 landed on the river.", "The plane landed on the river."),
        ("The distance is 5 km.", "Distance (km): 5"),
        ("60 percent of adults agreed.", "Six in ten adults agreed."),
        ("40% of the wells are dry.", "Two of the town's five wells are dry."),
        ("Rates rose by 0.25 percentage points.", "Rates rose by a quarter of a percentage point."),
        ("Rates rose by 5 per cent.", "Rates rose by 500 basis points."),
        ("The sentence was cut to 5 years.", "The sentence was cut from eight years to five."),
        ("In 2021 the club had 90 members, in 2019 only 40.", "The club had 40 members in 2019 and 90 in 2021."),
        ("Sweden won five medals, Norway three.", "Norway won three medals and Sweden five."),
        ("She earns 36,000 euros a year.", "She earns 3,000 euros a month."),
        ("She earns 36,000 euros annually.", "She earns 3,000 euros per month."),
        ("Profits halved.", "Profits fell by 50 percent."),
        ("Profits fell by half.", "Profits halved."),
        ("Prices doubled.", "Prices rose 100 percent."),
        ("The film lasts an hour and a half.", "The film lasts 90 minutes."),
        ("1.2m people live there.", "The city has 1,203,455 inhabitants."),
        ("Almost two thirds of voters agreed.", "63 percent of voters agreed."),
        ("He stayed two weeks.", "He stayed fourteen days."),
        ("Refunds are possible up to 30 days after delivery.", "Refunds are possible within 30 days of delivery."),
        ("After two years he left.", "Two years later he left."),
        ("Revenue grew by 50%.", "Revenue grew from 4 to 6 million."),
        ("The rate rose by half a percentage point.", "The rate rose from 2 to 2.5 percent."),
        ("Staff fell by 33 percent.", "Staff fell from 6,000 to 4,000."),
        ("Three passengers survived the crash.", "Three of the ninety passengers survived the crash."),
    ],
)
def test_what_follows_is_not_found(sentence: str, evidence: str) -> None:
    assert wrong(sentence, evidence) == []


@pytest.mark.parametrize(
    ("sentence", "evidence", "words", "against"),
    [
        ("He arrived in 2021.", "He arrived in 2019 and stayed.", "2021", "2019"),
        ("About 24 million men could be called up.", "About 25 million men could be called up.", "24 million", None),
        ("The 25 billion men fought.", "The 25 million men fought.", "25 billion", "25 million"),
        ("It is 5 km away from town.", "It is 5 miles away from town.", "5 km", "5 miles"),
        ("Prices rose 5% in May.", "Prices rose 5 percentage points in May.", "5%", None),
        ("Prices rose 5% in May.", "Prices rose 5 in May.", "5%", None),
        ("It cost $5 million to build.", "It cost €5 million to build.", "$5 million", "€5 million"),
        ("They met on Tuesday evening in town.", "They met on Tuesday morning in town.", "evening", "morning"),
        ("They met on Tuesday in town.", "They met on Wednesday in town.", "Tuesday", "Wednesday"),
        ("He left in the spring of 2022.", "He left in the fall of 2022.", "spring of 2022", "fall of 2022"),
        ("It happened in the 1980s.", "It happened in the 1990s.", "1980s", "1990s"),
        ("He has one child at home.", "He has two children at home.", "one", "two"),
        ("The spring semester began.", "The fall semester began.", "spring", "fall"),
        ("He won the second prize.", "He won the first prize.", "second", "first"),
        ("He won the first prize.", "He won the second prize.", "first", "second"),
        ("Output tripled within months.", "Output doubled within months.", "tripled", "doubled"),
        ("The monthly budget grew slowly.", "The annual budget grew slowly.", "monthly", "annual"),
        ("Half of the voters agreed.", "A third of the voters agreed.", "Half", "A third"),
        ("It weighed 35 grams in all.", "It weighed 3.5 grams in all.", "35 grams", "3.5 grams"),
        ("Three goals were scored early.", "Two goals were scored early.", "Three", "Two"),
        ("He had 3 children.", "He was born in 1993, on 3 May, and bought 3.5 acres.", "3", None),
        ("The COVID-21 virus spread.", "The COVID-19 virus spread.", "COVID-21", "COVID-19"),
        ("Less than 20 villages burned.", "More than 20 villages burned.", "20", None),
        ("Refunds are possible after 30 days.", "Refunds are possible within 30 days.", "30 days", "within 30 days"),
        ("Revenue grew by 60%.", "Revenue grew from 4 to 6 million.", "60%", None),
        ("Shares fell from 10 to 20 points.", "Shares fell from 20 to 10 points.", "10 to 20", None),
        ("World War III began in Europe.", "World War II began in Europe.", "III", "II"),
        ("He left on June 33, 2016.", "He left on June 28, 2016.", "33", None),
        ("It is 1,599 miles long.", "It is 1,600 miles (2,574 km) long.", "1,599 miles", "1,600 miles"),
        ("A plant with 1,440 seats opened.", "A plant with 1,441 seats opened.", "1,440", "1,441"),
        ("After several weeks of talks he left.", "After several months of talks he left.", "several weeks", None),
        ("The third phase was long.", "The second half was long.", "third", "second"),
        ("The bill passed by 97 votes to 118.", "It was carried by 118 votes to 97.", "118", None),
        (
            "Profits were $1 million in 2022.",
            "In 2021 the company made a profit of $1 million; in 2022 it made a loss of $3 million.",
            "$1 million",
            "$3 million",
        ),
        ("The club had 40 members in 2021.", "The club had 40 members in 2019 and 90 in 2021.", "40", "90"),
        ("At most sixty people came.", "At least sixty people came.", "sixty", "At least sixty"),
        ("Prices were lower in 1986 than in 2001.", "Prices were lower in 2001 than in 1986.", "1986", "2001"),
        ("The code is 93.", "The code is zq93x.", "93", None),
        ("The code is zq93y.", "The code is zq93x.", "zq93y", None),
        ("60% of the wells are dry.", "Two of the town's five wells are dry.", "60%", None),
        ("She earns 30,000 euros a year.", "She earns 3,000 euros a month.", "30,000 euros", None),
        ("Profits halved.", "Profits fell to 50 percent.", "halved", None),
        ("Prices doubled.", "Prices rose 50 percent.", "doubled", None),
        ("1.2m people live there.", "There are 1,203,455 sheep.", "1.2m", None),
    ],
)
def test_what_does_not_follow_is_found(sentence: str, evidence: str, words: str, against: str | None) -> None:
    found = wrong(sentence, evidence)
    assert words in [span for span, _ in found]
    if against is not None:
        assert (words, against) in found


def test_a_figure_of_other_things_is_no_support_where_the_same_things_are_counted() -> None:
    evidence = "He scored 5 goals and gave 3 assists."
    assert wrong("He scored 5 goals and gave 3 assists.", evidence) == []
    assert [words for words, _ in wrong("He scored 3 goals and gave 5 assists.", evidence)] == ["3", "5"]


def test_a_figure_in_the_place_of_another_is_found_though_it_stands_elsewhere() -> None:
    evidence = "The state was formed in 1951 by two bills. It joined the union in 1967 after a vote."
    assert wrong("The state was formed in 1967 by two bills.", evidence) == [("1967", "1951")]
    (finding,) = check("The state was formed in 1967 by two bills.", [evidence])
    assert finding.note == "where the sentence has “1967” the evidence has “1951”"


def test_an_amount_of_another_size_and_context_is_no_counterpart() -> None:
    assert wrong("The fund paid $82 million to farmers.", "The fund has $4.8 billion in debts.") == [
        ("$82 million", None)
    ]


def test_a_bound_is_told_where_the_number_is_the_same() -> None:
    (finding,) = check("At most sixty people came.", ["At least sixty people came."])
    assert finding.note == "“At most sixty” is not in the evidence, which has “At least sixty”"


def test_a_missing_year_is_not_held_against_the_same_day() -> None:
    assert wrong("He died on May 7, 2018.", "He died on May 7 in Calgary.") == [("May 7, 2018", None)]


def test_each_text_of_the_evidence_may_bear_its_part() -> None:
    assert wrong("In 2019 he paid $5 million.", "It was in 2019.", "The price was $5 million.") == []
    assert wrong("In 2019 he paid $5 million.") == [("2019", None), ("$5 million", None)]


WORDS = st.sampled_from(
    "1 12 25 1,000 3.5 1999 2023 % $ € £ ° - – / . , ( ) the a of to in and from between per half third second twenty"
    " one million bn m km miles US dollars percent points May Tuesday fall 1990s BC years later aged II"
    " COVID -19 ½ +".split()
)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from(["", " "])), max_size=14).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)


@given(TEXTS | st.text(max_size=40))
def test_figures_lie_in_the_text_and_apart_and_a_text_bears_itself(text: str) -> None:
    found = figures(text)
    assert all(0 <= figure.span.start < figure.span.end <= len(text) for figure in found)
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))
    assert check(text, [text]) == []


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_whole_numbers_are_read_exactly_and_told_apart(one: int, other: int) -> None:
    assert only(f"they had {one:,} sheep").value == one
    sentence, evidence = f"They had {one:,} sheep.", f"They had {other:,} sheep."
    rounded = other >= 100 and abs(one - other) * 20 <= other
    if not rounded:
        assert bool(check(sentence, [evidence])) == (one != other)


@given(st.dates(date(1800, 1, 1), date(2030, 12, 31)), st.dates(date(1800, 1, 1), date(2030, 12, 31)))
def test_two_days_are_the_same_only_where_they_are(one: date, other: date) -> None:
    a, b = only(f"{one.day} {one:%B} {one.year}"), only(other.isoformat())
    assert same(a, b) is (one == other) is overlaps(a, b)
