"""What the model learns from: right labels, right places, and no group in two parts."""

import json
from pathlib import Path

import pytest

from evals.judge.pairs import Pair
from evals.sets.parts import article, group_of, part
from rag.types import Span
from training.building import FULL, choosing_set, held_set, people, training_set
from training.clozes import clozes, spoilt
from training.examples import CONTRADICTED, FAILS, HOLDS, NO_ANSWER, NOT_ENOUGH, SUPPORTED, Example
from training.faults import made
from training.labelled import beside, changed_words, fever, plain, ragtruth, summedits, wice
from training.reading import asked_for, clapnq, natural, squad
from training.statements import statement, statements_of
from training.texts import Passage

WALTZ = (
    "Anna Berg founded the Vienna Waltz Society in 1921. It had 340 members by 1930. The society did not survive the "
    "war. Its papers are kept in Graz, where Paul Stein put them in order in 1958."
)


def test_a_group_is_always_in_the_same_part_and_all_parts_are_used() -> None:
    names = [f"article:{number}" for number in range(3000)]
    shares = {kind: sum(part(name) == kind for name in names) / 3000 for kind in ("train", "select", "held")}
    assert shares["train"] == pytest.approx(0.58, abs=0.04)
    assert shares["select"] == pytest.approx(0.08, abs=0.02)
    assert shares["held"] == pytest.approx(0.34, abs=0.04)
    assert part("article:normans") == part("article:normans")


def test_one_article_is_one_group_in_every_set() -> None:
    assert article("French_and_Indian_War") == article(" French and  Indian war")
    assert group_of("squad2", "Black_Death") == group_of("wice", "Black Death") == article("black death")
    assert group_of("ragtruth-qa", "12") == group_of("ragtruth-summary", "12") == "ragtruth:12"


def test_words_that_were_changed_are_found_and_those_beside_a_deletion() -> None:
    before = "The club was not founded in 1921."
    assert _told(before, "The club was not founded in 1931.") == ["1931"]
    assert _told(before, "The club was founded in 1921.") == ["was founded"]
    assert _told(before, before) == []


def _told(before: str, after: str) -> list[str]:
    return [span.of(after) for span in changed_words(before, after)]


def test_fevers_spaces_and_quotes_become_a_persons() -> None:
    assert plain("He said `` go '' , and left ( soon ) .") == 'He said " go ", and left (soon).'


def test_a_claim_is_read_with_what_is_nearest_to_it() -> None:
    far = " ".join(f"Filler sentence number {number} says nothing at all of it." for number in range(60))
    near = beside("Paul Stein put the papers in order.", [far, WALTZ])
    assert "Paul Stein" in near
    assert len(near.split()) <= 150


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """One small file of several sets, as their own publishers lay them out."""
    _write(
        tmp_path / "train/fever_rte.tsv",
        "evidence\tclaim\tlabel\nA is B .\tA is B.\tentailment\nA is B .\tA is C.\tno\n",
    )
    source = {"source_id": 7, "source": "The fair opened in May. It closed in June.", "responses": [_response()]}
    _write(tmp_path / "judge_faith/ragtruth_faithjudge/ragtruth_summary.jsonl", json.dumps(source) + "\n")
    _write(
        tmp_path / "judge_faith/wice/claim_dev.jsonl",
        json.dumps(
            {
                "label": "supported",
                "supporting_sentences": [[0, 2]],
                "claim": "Berg founded the society, which had 340 members.",
                "evidence": ["Berg founded it in 1921.", "It rained.", "It had 340 members."],
                "meta": {"id": "a", "claim_title": "Waltz"},
            }
        )
        + "\n",
    )
    doc = "The mayor opened the bridge on Monday. Nobody was hurt."
    first = "The mayor opened the bridge on Monday. Nobody came to harm."
    edited = "The mayor closed the bridge on Monday. Nobody came to harm."
    _write(
        tmp_path / "judge_faith/summedits/summedits_news.json",
        json.dumps(
            [
                {"id": "x_og", "doc": doc, "summary": first, "label": 1},
                {"id": "x_0", "doc": doc, "summary": edited, "label": 0},
            ]
        ),
    )
    asked = {"data": [_page(number) for number in range(80)]}
    _write(tmp_path / "qa/squad2_dev.json", json.dumps(asked))
    text = "Graz lies on the Mur."
    gold = {"title": "Graz", "chunked_long_answer": text, "long_answer": text, "short_answers": ["the Mur"]}
    contexts = [{"title": "Graz", "text": text, "isgold": True, "hasanswer": True}]
    item = {
        "question": "where does graz lie",
        "answers": ["the Mur", "Mur"],
        "nq_annotated_gold": gold,
        "ctxs": contexts,
    }
    _write(tmp_path / "qa/nq-open-oracle.jsonl", json.dumps(item) + "\n")
    none = {"input": "why is graz", "passages": [{"title": "Graz", "text": "Graz lies on the Mur ."}]}
    _write(tmp_path / "qa/clapnq_dev_unanswerable.jsonl", json.dumps(none) + "\n")
    return tmp_path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _response() -> dict[str, object]:
    text = "The fair opened in early May. It closed in July after a storm."
    spans = [{"start": 43, "end": 47, "label_type": "Evident Conflict", "implicit_true": False}]
    return {"model": "m", "response": text, "labels": spans}


def _page(number: int) -> dict[str, object]:
    questions = [_asked(f"{number}a", "Who founded the Vienna Waltz Society?", "Anna Berg")]
    questions.append(_asked(f"{number}b", "Who ended it?"))
    other = "Graz lies on the Mur. The Waltz Society was never there."
    paragraphs = [{"context": WALTZ, "qas": questions}, {"context": other, "qas": []}]
    return {"title": f"Waltz {number}", "paragraphs": paragraphs}


def _asked(name: str, question: str, answer: str = "") -> dict[str, object]:
    answers = [{"text": answer, "answer_start": WALTZ.index(answer)}] if answer else []
    return {"id": name, "question": question, "answers": answers, "is_impossible": not answers}


def test_labels_of_people_are_read_sentence_by_sentence(bench: Path) -> None:
    follows, fails = fever(bench)
    assert (follows.verdicts, follows.unsupported, fails.verdicts, fails.unsupported) == (HOLDS, (), FAILS, None)
    right, wrong = ragtruth(bench)
    assert (right.verdicts, right.unsupported) == (HOLDS, ())
    assert wrong.verdicts == frozenset({CONTRADICTED})
    assert [span.of(wrong.text) for span in wrong.unsupported or ()] == ["July"]


def test_a_summarys_untouched_sentences_are_supported_and_the_edited_word_is_marked(bench: Path) -> None:
    found = {one.text: one for one in summedits(bench)}
    assert found["The mayor opened the bridge on Monday."].verdicts == HOLDS
    edited = found["The mayor closed the bridge on Monday."]
    assert edited.verdicts == FAILS
    assert [span.of(edited.text) for span in edited.unsupported or ()] == ["closed"]
    assert found["Nobody came to harm."].verdicts == HOLDS
    assert len(found) == 3  # the sentence that the edit left is there once


def test_of_two_supporting_sentences_either_is_taken_away_once(bench: Path) -> None:
    whole, *rest = wice(bench)
    assert whole.verdicts == HOLDS
    assert [one.evidence for one in rest] == ["It had 340 members.", "Berg founded it in 1921."]
    assert all(one.verdicts == frozenset({NOT_ENOUGH}) and not one.by_people for one in rest)


def test_questions_have_their_answers_place_or_none(bench: Path) -> None:
    who, other, none = list(squad(bench))[:3]
    assert (who.answer or NO_ANSWER).of(who.evidence) == "Anna Berg"
    assert who.accepted == ("Anna Berg",)
    assert (other.source, other.answer, other.evidence[:4]) == ("squad2, another paragraph", NO_ANSWER, "Graz")
    assert none.answer == NO_ANSWER
    (where,) = natural(bench)
    assert (where.text, (where.answer or NO_ANSWER).of(where.evidence)) == ("where does graz lie?", "the Mur")
    assert [(one.text, one.answer) for one in clapnq(bench)] == [("why is graz?", NO_ANSWER)]
    assert asked_for("who? ") == "who?"


def test_no_group_is_learnt_from_and_measured_on(bench: Path) -> None:
    own = people(bench)
    learnt, chosen, held = training_set(bench, own), choosing_set(own), held_set(own)
    groups = [{one.group for one in examples} for examples in (learnt, chosen, held)]
    assert all(groups)
    assert not (groups[0] & groups[1] or groups[0] & groups[2] or groups[1] & groups[2])
    assert all(one.by_people for one in [*chosen, *held])
    assert sum(one.source == "squad2" for one in learnt) % FULL.asked == 0
    assert training_set(bench, own) == learnt


def test_every_fault_has_its_like_among_the_supported() -> None:
    sentence = "Anna Berg founded the Vienna Waltz Society in 1921."
    pairs = [Pair(str(number), "nq", f"article:{number}", sentence, (WALTZ,)) for number in range(40)]
    found = list(made({"nq": pairs}, seed=1))
    kept = [one for one in found if one.source.startswith("kept")]
    faulty = [one for one in found if one.source.startswith("fault")]
    assert len(kept) == 40
    assert {one.verdicts for one in kept} == {HOLDS}
    assert any(one.text != sentence for one in kept)
    assert faulty
    assert all(SUPPORTED not in (one.verdicts or ()) and one.text != sentence for one in faulty)
    years = [one for one in faulty if one.source == "fault: date"]
    assert years
    assert all(one.verdicts == frozenset({CONTRADICTED}) for one in years)
    assert all((one.unsupported or [Span(0, 0)])[0].of(one.text).isdigit() for one in years if one.evidence == WALTZ)


def test_a_cloze_asks_for_what_stands_in_the_passage_or_for_nothing() -> None:
    texts = [Passage("squad", f"article:{number}", f"{WALTZ} Part {number} follows.") for number in range(80)]
    found = list(clozes(texts, seed=3, each=4))
    by_kind = {name: [one for one in found if one.source == name] for name in {one.source for one in found}}
    assert set(by_kind) == {"cloze", "cloze, spoilt", "cloze, sentence deleted"}
    for one in by_kind["cloze"]:
        assert one.answer
        assert one.answer.of(one.evidence).casefold() not in one.text.casefold()
        assert one.text.endswith("?")
    assert all(one.answer == NO_ANSWER for kind in list(by_kind)[:] if kind != "cloze" for one in by_kind[kind])


def test_a_spoilt_question_is_another_one_and_has_no_answer() -> None:
    place = Span(WALTZ.index("340"), WALTZ.index("340") + 3)
    asked = [
        Example("squad2", f"article:{number}", "How many members had the Society by 1930?", WALTZ, answer=place)
        for number in range(5)
    ]
    found = list(spoilt(asked, seed=1))
    assert found
    assert all(one.answer == NO_ANSWER and one.text != asked[0].text and one.evidence == WALTZ for one in found)


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("Who wrote the hymn?", "Anna Berg", "Anna Berg wrote the hymn."),
        ("When did the club win the cup?", "1921", "The club won the cup in 1921."),
        ("What year was Rome founded?", "753 BC", "Rome was founded in 753 BC."),
        ("What is the capital of Styria?", "Graz", "The capital of Styria is Graz."),
        ("How many people live in Graz?", "300,000", "300,000 people live in Graz."),
        ("Which team won the cup?", "Celtic", "Celtic was the team that won the cup."),
        ("When did the club win the cup?", "in May 1921", "The club won the cup in May 1921."),
    ],
)
def test_a_question_and_its_answer_are_one_statement(question: str, answer: str, said: str) -> None:
    found = statement(question, answer)
    assert found is not None
    text, place = found
    assert text == said
    assert place.of(text).casefold() == answer.casefold()


@pytest.mark.parametrize("question", ["Why did it end?", "What is the society named after?", "Who did she marry?"])
def test_a_question_of_another_shape_makes_no_statement(question: str) -> None:
    assert statement(question, "Graz") is None


def test_a_wrong_answer_of_the_same_kind_is_marked_in_its_statement() -> None:
    answer = Span(WALTZ.index("1921"), WALTZ.index("1921") + 4)
    asked = Example("squad2", "article:a", "When was the Vienna Waltz Society founded?", WALTZ, answer=answer)
    right, wrong = statements_of([asked], seed=1)
    assert (right.text, right.verdicts) == ("The Vienna Waltz Society was founded in 1921.", HOLDS)
    assert wrong.verdicts == FAILS
    assert [span.of(wrong.text) for span in wrong.unsupported or ()] in (["1930"], ["1958"])


def test_an_unanswerable_question_with_any_answer_is_not_borne_out_whichever_words_are_wrong() -> None:
    asked = Example("squad2", "article:a", "When was the Berlin Waltz Society founded?", WALTZ, answer=NO_ANSWER)
    (wrong,) = statements_of([asked], seed=1)
    assert (wrong.verdicts, wrong.unsupported) == (FAILS, None)
