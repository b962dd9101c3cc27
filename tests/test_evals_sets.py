"""Public sets and BEIR folders, from small files in their layout; and from the real ones where they are."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Case, Evidence
from evals.sets import SETS, QuestionSet, bench_folder, load_set, some
from evals.sets.question_set import Draft, asks, spans
from rag.errors import BadInput

README = Path(__file__).parents[1] / "evals/sets/README.md"


def put(folder: Path, name: str, *items: Any) -> None:
    """JSON, one item a line."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")


def said(found: QuestionSet, case: Case) -> list[str]:
    """The words that the evidence of a case names."""
    texts = {document.source: document.text for document in found.documents}
    return [texts[place.source][place.start : place.end] for place in case.evidence]


def squad(context: str, *questions: tuple[str, list[tuple[str, int]]]) -> dict[str, Any]:
    qas = [
        {"id": f"q{at}", "question": question, "answers": [{"text": t, "answer_start": s} for t, s in answers]}
        for at, (question, answers) in enumerate(questions)
    ]
    return {"data": [{"title": "Big_Bridge", "paragraphs": [{"context": context, "qas": qas}]}]}


def test_squad_spans_overlapping_are_one_place_and_stand_where_the_cut_text_has_them(tmp_path: Path) -> None:
    context = " It cost nearly $12 in 1974, and $12 again in 1980. "
    cost = [("nearly $12", 9), ("$12", 16), ("$12", 33), ("$12", 16)]
    put(tmp_path, "qa/squad2_dev.json", squad(context, ("What did it cost?", cost), ("Who paid?", [])))
    found = load_set("squad2", tmp_path)
    priced, open_ = found.cases
    assert said(found, priced) == ["nearly $12", "$12"]
    assert priced.answers == ("nearly $12", "$12")
    assert (priced.group_id, found.documents[0].title) == (found.documents[0].source, "Big Bridge")
    assert {"squad2", "answerable", "what", "2 places"} <= set(priced.tags)
    assert not open_.answerable
    assert {"unanswerable", "who"} <= set(open_.tags)
    assert found.about[open_.id] == {found.documents[0].source}
    assert found.documents[0].language == "en"


def test_a_span_that_does_not_hold_its_answer_is_refused_by_name(tmp_path: Path) -> None:
    put(tmp_path, "qa/squad2_dev.json", squad("It cost $12.", ("What did it cost?", [("$12", 7)])))
    with pytest.raises(BadInput, match=r"^squad2 q0: its document has ' \$1' where '\$12' should stand"):
        load_set("squad2", tmp_path)


def test_a_file_in_another_layout_is_one_clear_line(tmp_path: Path) -> None:
    put(tmp_path, "qa/squad2_dev.json", {"articles": []})
    with pytest.raises(BadInput, match="not in the layout of this set") as caught:
        load_set("squad2", tmp_path)
    assert "\n" not in str(caught.value)


def passage(title: str, text: str) -> dict[str, str]:
    return {"title": title, "text": text}


def wikipedia(folder: Path) -> None:
    wall = passage("Wall", "The wall of 1961 stood until 1989. In 19891 nobody knew.")
    tide = passage("Tide", "Tides rise. The moon pulls. The sun pulls too.")
    put(
        folder,
        "qa/nq-open-oracle.jsonl",
        {"question": "when did the wall fall", "answers": ["1989", "in 1989"], "ctxs": [wall]},
        {"question": "who pulls", "answers": ["), oon"], "ctxs": [tide]},
    )
    output = [
        {"answer": "The moon and the sun.", "selected_sentences": ["The moon pulls.", "The sun pulls too."]},
        {"answer": "", "selected_sentences": []},
    ]
    put(folder, "qa/clapnq_dev_answerable.jsonl", {"id": "1", "input": "why", "passages": [tide], "output": output})
    left = {"id": "2", "input": "who built it", "passages": [passage("Wall", "Built.")], "output": [{"answer": ""}]}
    put(folder, "qa/clapnq_dev_unanswerable.jsonl", left)


def test_nq_and_clapnq_share_one_pool_and_the_article_is_the_group(tmp_path: Path) -> None:
    wikipedia(tmp_path)
    nq, clapnq = load_set("nq", tmp_path), load_set("clapnq", tmp_path)
    assert nq.documents == clapnq.documents
    assert len(nq.documents) == 3
    fall, pulls = nq.cases
    assert said(nq, fall) == ["1989"]
    assert fall.evidence[0].start == 29
    assert fall.group_id == "Wall"
    assert pulls.evidence == (Evidence(source=nq.documents[1].source),)
    assert "so that all of it is evidence: 1." in nq.note
    why, built = clapnq.cases
    assert said(clapnq, why) == ["The moon pulls.", "The sun pulls too."]
    assert why.answers == ()
    assert clapnq.references == {"1": ("The moon and the sun.",)}
    assert not built.answerable
    assert built.group_id == fall.group_id
    assert clapnq.about["2"] == {nq.documents[2].source}


def qed(name: int, kind: str, **annotation: Any) -> dict[str, Any]:
    text = "He left in 1922 . She came back . "
    answers = [[{"start": 11, "end": 15, "string": "1922"}], [{"start": 8, "end": 15, "string": "in 1922"}]]
    given = {"title_text": "Exile", "question_text": "when did he leave", "paragraph_text": text}
    return given | {
        "example_id": name,
        "original_nq_answers": answers,
        "annotation": {"explanation_type": kind, **annotation},
    }


def test_qed_names_the_sentence_or_the_answers_and_leaves_out_what_its_experts_refused(tmp_path: Path) -> None:
    sentence = {"start": 0, "end": 18, "string": "He left in 1922 . "}
    own = [{"paragraph_reference": {"start": 0, "end": 2, "string": "He"}}]
    put(
        tmp_path,
        "qa/qed-dev.jsonlines",
        qed(1, "single_sentence", selected_sentence=sentence, answer=own),
        qed(2, "multi_sentence"),
        qed(3, "none"),
    )
    found = load_set("qed", tmp_path)
    assert [said(found, case) for case in found.cases] == [["He left in 1922 ."], ["in 1922"]]
    assert found.cases[0].answers == ("He", "1922", "in 1922")
    assert "left out: 1." in found.note


def test_pubmedqa_accepts_no_decision_and_hides_question_and_conclusion(tmp_path: Path) -> None:
    item = {"QUESTION": "Does it help?", "CONTEXTS": ["We asked.", "No difference."], "LONG_ANSWER": "It may help."}
    put(tmp_path, "qa/pubmedqa_pqal.json", {"123": item | {"final_decision": "maybe"}})
    found = load_set("pubmedqa", tmp_path)
    (case,) = found.cases
    assert case.answers == ()
    assert {"decision maybe", "yes or no"} <= set(case.tags)
    assert said(found, case) == ["We asked.\n\nNo difference."]
    assert found.documents[0].title == "PubMed 123"
    assert found.references == {"123": ("It may help.",)}


def turn(task: str, label: str, *passages: dict[str, str]) -> dict[str, Any]:
    said = [("user", "Any trains?"), ("agent", "Two a day."), ("user", "And on Sunday?")]
    return {
        "task_id": task,
        "conversation_id": f"talk {task}",
        "Collection": "govt",
        "Multi-Turn": ["Follow-up"],
        "answerability": [label],
        "contexts": list(passages),
        "input": [{"speaker": speaker, "text": text} for speaker, text in said],
        "targets": [{"text": "None on Sunday."}],
    }


def test_mtragun_keeps_the_conversation_and_its_own_labels(tmp_path: Path) -> None:
    shown, titled = {"text": "\nNo trains on Sunday."}, {"text": "Trains run.", "title": "Trains"}
    put(
        tmp_path,
        "qa/mtragun_reference.jsonl",
        turn("a", "ANSWERABLE", shown, titled, shown),
        turn("b", "PARTIAL", titled),
        turn("c", "UNDERSPECIFIED", {"text": "Which line?"}),
        turn("d", "UNANSWERABLE"),
    )
    found = load_set("mtragun", tmp_path)
    assert [case.answerable for case in found.cases] == [True, True, False, False]
    first = found.cases[0]
    assert first.question == "And on Sunday?"
    assert [(earlier.question, earlier.answer) for earlier in first.history] == [("Any trains?", "Two a day.")]
    assert said(found, first) == ["No trains on Sunday.", "Trains run."]
    assert {"partial", "govt", "follow-up"} <= set(found.cases[1].tags)
    assert "underspecified" in found.cases[2].tags
    assert [document.title for document in found.documents] == ["govt", "Trains", "govt"]
    assert found.about["c"] == {found.documents[2].source}


def filing(name: str, kind: str, answer: str, *pages: int) -> dict[str, Any]:
    places = [{"evidence_page_num": page} for page in pages]
    return {
        "financebench_id": name,
        "company": "Acme",
        "doc_name": "ACME_2020",
        "question": "How much?",
        "question_type": kind,
        "answer": answer,
        "evidence": places,
    }


def test_financebench_counts_pages_from_one_and_accepts_figures_alone(tmp_path: Path) -> None:
    questions = [
        filing("1", "metrics-generated", "$5409.00", 51, 53),
        filing("2", "novel-generated", "It fell by 3%.", 2, 3, 3),
        filing("3", "metrics-generated", "30.8%", 0),
    ]
    put(tmp_path, "qa/financebench/questions.jsonl", *questions)
    put(tmp_path, "qa/financebench/pdfs/ACME_2020.pdf")
    found = load_set("financebench", tmp_path)
    assert [path.name for path in found.files] == ["ACME_2020.pdf"]
    assert [[place.page for place in case.evidence] for case in found.cases] == [[52, 54], [3, 4], [1]]
    assert [case.answers for case in found.cases] == [("$5409.00", "5,409"), (), ("30.8%",)]
    assert [case.needs_all for case in found.cases] == [True, False, False]
    assert {case.group_id for case in found.cases} == {"Acme"}
    put(tmp_path, "qa/financebench/questions.jsonl", filing("1", "x", "y", 1) | {"doc_name": "OTHER"})
    with pytest.raises(BadInput, match=r"OTHER\.pdf is missing"):
        load_set("financebench", tmp_path)


def test_scifact_takes_the_abstracts_that_a_claim_cites(tmp_path: Path) -> None:
    folder = tmp_path / "retrieval/scifact"
    folder.mkdir(parents=True)
    printed = """ "['First.'\n ""It's second.""]" """.strip()
    (folder / "corpus_train.csv").write_text(
        f"doc_id,title,abstract,structured\n7,One,{printed},False\n8,Two,['Other.'],False\n"
    )
    (folder / "claims_train.csv").write_text(
        "id,claim,evidence_doc_id,evidence_label,evidence_sentences,cited_doc_ids\n"
        "1,A helps B.,7,SUPPORT,[0],[7 8]\n1,A helps B.,7,SUPPORT,[1],[7 8]\n2,B helps A.,,,[],[8]\n"
    )
    found = load_set("scifact", tmp_path)
    assert [document.text for document in found.documents] == ["First. It's second.", "Other."]
    helps, other = found.cases
    assert found.about["1"] == {document.source for document in found.documents}
    assert all(place.start is None for place in helps.evidence)
    assert "supported" in helps.tags and "no verdict" in other.tags


def test_cranfield_numbers_queries_by_place_and_turns_its_codes_round(tmp_path: Path) -> None:
    folder = tmp_path / "retrieval/cranfield"
    folder.mkdir(parents=True)
    record = ".I {}\n.T\n{}\n.A\nx\n.B\ny\n.W\n{}"
    texts = ["heat flow\nin slabs .\n", "", "slip flow .\n", "wings .\n"]
    documents = [record.format(at, f"title {at}", text) for at, text in enumerate(texts, 1)]
    (folder / "cran.all.1400").write_text("".join(documents))
    (folder / "cran.qry").write_text(".I 001\n.W\nwhat of\nheat .\n.I 004\n.W\nwhat of slip .\n")
    (folder / "cranqrel").write_text("1 1 1 \n1 2 2 \n1 3 4 \n1 4 -1\n2 3 2\n2 4 -1\n")
    found = load_set("cranfield", tmp_path)
    heat, slip = found.cases
    assert (heat.id, heat.question) == ("1", "what of heat .")
    assert [place.grade for place in heat.evidence] == [4, 1]
    assert [place.grade for place in slip.evidence] == [3]
    assert found.documents[2].source not in found.about["1"]
    assert heat.group_id == slip.group_id == "4"
    assert "Documents without text, left out: 1." in found.note


def beir(folder: Path, judgements: str, split: str = "test") -> Path:
    put(
        folder,
        "corpus.jsonl",
        {"_id": "a/1", "title": "Alps", "text": "High.", "metadata": {}},
        {"_id": "b", "title": "", "text": "High."},
        {"_id": "c", "title": "Only a title", "text": ""},
        {"_id": "d", "text": " "},
    )
    put(folder, "queries.jsonl", {"_id": "q1", "text": "How high?"}, {"_id": "q2", "text": "Why?"})
    (folder / "qrels").mkdir(exist_ok=True)
    (folder / f"qrels/{split}.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judgements}")
    return folder


def test_a_beir_folder_keeps_its_grades_and_its_names(tmp_path: Path) -> None:
    folder = beir(tmp_path / "mine", "q1\ta/1\t1\nq1\tc\t2\nq1\tb\t0\nq1\tgone\t1\nq2\tb\t0\n")
    found = load_set(str(folder))
    (case,) = found.cases
    assert [document.source for document in found.documents] == ["mine:a/1", "mine:b", "mine:c"]
    assert found.documents[2].text == "Only a title"
    assert found.documents[0].language is None
    assert [(place.source, place.grade) for place in case.evidence] == [("mine:a/1", 1), ("mine:c", 2)]
    assert (case.id, case.group_id, case.answers) == ("q1", "mine:c", ())
    for counted in (
        "Documents without text, left out: 1.",
        "not in the corpus, left out: 1.",
        "document, left out: 1.",
    ):
        assert counted in found.note
    before = found.sha256
    beir(folder, "q1\tb\t1\n")
    assert load_set(folder).sha256 != before


def test_a_beir_folder_without_a_test_split_reads_dev_then_train(tmp_path: Path) -> None:
    folder = beir(tmp_path / "mine", "q2\tb\t1\n", "train")
    assert [case.id for case in load_set(folder).cases] == ["q2"]
    beir(folder, "q1\tb\t1\n", "dev")
    assert [case.id for case in load_set(folder).cases] == ["q1"]


@pytest.mark.parametrize(
    ("judgements", "message"),
    [
        ("q1\tb\n", r"test\.tsv:2: 2 columns"),
        ("q1\tb\t1\nq1\tb\thigh\n", r"test\.tsv:3: the score 'high'"),
        ("q1\tb\t0.5\n", r"test\.tsv:2: the score '0\.5'"),
        ("q9\tb\t1\n", r"test\.tsv:2: no query 'q9'"),
        ("q1\tb\t0\n", "no question that could be asked"),
    ],
)
def test_a_broken_beir_folder_is_named_by_its_line(tmp_path: Path, judgements: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        load_set(beir(tmp_path / "mine", judgements))


def test_what_a_beir_folder_lacks_is_named(tmp_path: Path) -> None:
    folder = beir(tmp_path / "mine", "q1\tb\t1\n")
    (folder / "corpus.jsonl").write_text('{"_id": "x", "text": "y"}\n\n{"_id": 3, "text": "y"}\n')
    with pytest.raises(BadInput, match=r"corpus\.jsonl:3: _id is missing"):
        load_set(folder)
    (folder / "corpus.jsonl").write_text('{"_id": "x", "title": ["y"]}\n')
    with pytest.raises(BadInput, match=r"corpus\.jsonl:1: title is .* no text"):
        load_set(folder)
    (folder / "corpus.jsonl").write_bytes(b'{"_id": "x", "text": "caf\xe9"}\n')
    with pytest.raises(BadInput, match=r"corpus\.jsonl:1: not UTF-8"):
        load_set(folder)
    (folder / "corpus.jsonl").unlink()
    with pytest.raises(BadInput, match=r"corpus\.jsonl is missing"):
        load_set(folder)
    beir(folder, "")
    (folder / "qrels/test.tsv").write_text("q1\tb\t1\n")
    with pytest.raises(BadInput, match=r"test\.tsv:1: a judgement, but the first line is for headings"):
        load_set(folder)
    (folder / "qrels/test.tsv").unlink()
    with pytest.raises(BadInput, match=r"has no test\.tsv or dev\.tsv or train\.tsv"):
        load_set(folder)


def test_an_unknown_name_lists_the_known_and_absent_data_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no question set called 'squat'; known: squad2, nq, .*, or a BEIR folder"):
        load_set("squat", tmp_path)
    with pytest.raises(BadInput, match=r"is no BEIR folder: corpus\.jsonl, queries\.jsonl and qrels are missing"):
        load_set(tmp_path)
    for name in SETS:
        with pytest.raises(BadInput, match="set PINCITE_BENCH to the folder of public data"):
            load_set(name, tmp_path)


def test_the_folder_is_the_one_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_BENCH", str(tmp_path))
    put(tmp_path, "qa/xquad.en.json", squad("It cost $12.", ("What did it cost?", [("$12", 8)])))
    assert load_set("xquad").cases[0].tags[0] == "xquad"


def test_a_name_used_twice_is_refused() -> None:
    draft = Draft("mine")
    draft.ask("1", "Who?", "g", about=())
    with pytest.raises(BadInput, match="two questions are called '1'"):
        draft.ask("1", "Why?", "g", about=())


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("In whose name?", "who"),
        ("how much is it", "how many"),
        ("How far is it?", "how"),
        ("Is it he who knows?", "yes or no"),
        ("the isle of man", "other"),
        ("At what time, and why?", "what"),
    ],
)
def test_the_word_a_question_asks_with(question: str, word: str) -> None:
    assert asks(question) == word


def case(at: int, answerable: bool) -> Case:
    answers = ("x",) if answerable else ()
    return Case(id=str(at), group_id="g", question="q", answerable=answerable, answers=answers)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 70))
def test_some_cases_are_never_more_than_asked_for_and_keep_their_mix(kinds: list[bool], limit: int) -> None:
    cases = [case(at, kind) for at, kind in enumerate(kinds)]
    chosen = some(cases, limit)
    assert len(chosen) == min(limit, len(cases))
    assert chosen == [one for one in cases if one in chosen] == some(cases, limit)
    expected = sum(kinds) * len(chosen) / len(cases)
    assert abs(sum(one.answerable for one in chosen) - expected) < 1 + 1e-9


def test_some_cases_are_spread_over_all() -> None:
    cases = [case(at, True) for at in range(10)]
    assert [one.id for one in some(cases, 3)] == ["0", "3", "6"]
    assert some(cases, None) == cases


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=12))
def test_joined_spans_cover_the_same_characters_once(ranges: list[tuple[int, int]]) -> None:
    document = Draft("x").passage("t", "." * 60)
    found = spans(document, ((start, start + length) for start, length in ranges))
    places = [at for place in found for at in range(place.start or 0, place.end or 0)]
    assert len(places) == len(set(places))
    assert set(places) == {at for start, length in ranges for at in range(start, start + length)}


def test_every_set_is_in_the_table() -> None:
    text = README.read_text(encoding="utf-8")
    for one in SETS.values():
        (row,) = (line for line in text.splitlines() if line.startswith(f"| `{one.name}`"))
        assert f"python -m evals run {one.name}" in row
        assert one.licence in row


REAL = {
    "squad2": (5414, 2604, 517),
    "nq": (1329, 1329, 1596),
    "clapnq": (297, 166, 1596),
    "qed": (634, 634, 629),
    "xquad": (570, 570, 120),
    "pubmedqa": (500, 500, 500),
    "mtragun": (256, 167, 565),
    "financebench": (28, 28, 0),
    "scifact": (809, 809, 5183),
    "cranfield": (225, 225, 1398),
}


@pytest.mark.parametrize("name", SETS)
def test_the_real_set_is_read_whole(name: str) -> None:
    if not bench_folder().is_dir():
        pytest.skip(f"there is no public data at {bench_folder()}")
    found = load_set(name)
    answerable = sum(case.answerable for case in found.cases)
    assert (len(found.cases), answerable, len(found.documents)) == REAL[name]
    sources = {document.source for document in found.documents} | {path.name for path in found.files}
    assert all(place.source in sources for case in found.cases for place in case.evidence)
    assert all(about <= sources for about in found.about.values())
    assert len({case.id for case in found.cases}) == len(found.cases)
    kept = Counter(case.answerable for case in some(found.cases, 20))
    assert abs(kept[True] - 20 * answerable / len(found.cases)) <= 1


@pytest.mark.parametrize("name", ["squad2", "xquad", "nq"])
def test_every_real_span_holds_an_accepted_answer(name: str) -> None:
    if not bench_folder().is_dir():
        pytest.skip(f"there is no public data at {bench_folder()}")
    found = load_set(name)
    checked = 0
    for case in found.cases:
        for words in said(found, case) if case.evidence else ():
            assert any(answer in words for answer in case.answers), case.id
            checked += 1
    assert checked > 500


def test_questions_that_real_sets_share_are_in_one_group() -> None:
    if not bench_folder().is_dir():
        pytest.skip(f"there is no public data at {bench_folder()}")
    groups = {case.question: case.group_id for case in load_set("nq").cases}
    shared = [case for case in load_set("qed").cases if case.question in groups]
    assert len(shared) > 400
    assert all(case.group_id == groups[case.question] for case in shared)
