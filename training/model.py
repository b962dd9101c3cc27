"""One encoder, two heads: a verdict for the pair, and three numbers for every token of it."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    kl_div,
    log_softmax,
    logsigmoid,
    softmax,
)
from transformers import AutoModel, PreTrainedConfig, PreTrainedModel

TOKENS = ("start", "end", "unsupported")
"""What is told of each token, in this order."""
VERDICTS = 3
TOKEN_WEIGHT = 0.5
"""Of the loss on unsupported words beside those on the verdict and on the answer's place."""
RARE = 3.0
"""How much more an unsupported token counts than a supported one, of which there are many more."""
TAUGHT = 0.5
"""Share of the loss that is the distance from the teacher, where there is one."""
NEVER = -1e4


class VerifierReader(PreTrainedModel):
    """A BERT-like encoder that judges a claim by its evidence and finds a question's answer in a passage.

    `forward` takes (n, t) ids, mask and segments (1 for the evidence), and gives `verdicts` (n, 3) and `tokens`
    (n, t, 3), both logits. With labels also `loss`: cross-entropy over the verdicts that the label leaves open (the
    chance of the others is what is driven out), over the answer's first and last token ([CLS] where there is none), and
    binary over the claim's unsupported tokens; each example counts alike. With a teacher's logits, their divergence
    from the model's (Hinton et al. 2015, at temperature 1) is half of it.
    """

    config_class = PreTrainedConfig
    base_model_prefix = "encoder"

    def __init__(self, config: PreTrainedConfig) -> None:
        super().__init__(config)
        self.encoder = AutoModel.from_config(config, add_pooling_layer=False)
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.verdict = nn.Linear(config.hidden_size, VERDICTS)
        self.token = nn.Linear(config.hidden_size, len(TOKENS))
        self._segmented = bool(getattr(config, "type_vocab_size", 0))
        self.post_init()

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor,
        open_verdicts: Tensor | None = None,
        places: Tensor | None = None,
        unsupported: Tensor | None = None,
        taught_verdicts: Tensor | None = None,
        taught_tokens: Tensor | None = None,
        **_: Any,
    ) -> dict[str, Tensor]:
        segments = {"token_type_ids": token_type_ids} if self._segmented else {}
        hidden = self.encoder(input_ids, attention_mask=attention_mask, **segments).last_hidden_state
        verdicts = self.verdict(torch.tanh(self.dense(hidden[:, 0]))).float()
        tokens = self.token(hidden).float()
        found = {"verdicts": verdicts, "tokens": tokens}
        if open_verdicts is None or places is None or unsupported is None:
            return found
        readable = (token_type_ids == 1) & (attention_mask == 1)
        readable[:, 0] = True
        loss = labelled_loss(verdicts, tokens, readable, open_verdicts, places, unsupported)
        if taught_verdicts is not None and taught_tokens is not None:
            claims = open_verdicts.any(1)
            told = taught_loss(verdicts, tokens, readable, claims, taught_verdicts, taught_tokens)
            loss = (1 - TAUGHT) * loss + TAUGHT * told
        return {"loss": loss, **found}


def labelled_loss(
    verdicts: Tensor, tokens: Tensor, readable: Tensor, open_verdicts: Tensor, places: Tensor, unsupported: Tensor
) -> Tensor:
    """The distance from people's labels; what an example has no label for costs nothing."""
    judged = open_verdicts.any(1)
    left = verdicts.masked_fill(~open_verdicts, NEVER)
    verdict = (verdicts.logsumexp(1) - left.logsumexp(1))[judged].sum()
    start, end = (tokens[..., at].masked_fill(~readable, NEVER) for at in (0, 1))
    answer = (
        cross_entropy(start, places[:, 0], ignore_index=-1, reduction="sum")
        + cross_entropy(end, places[:, 1], ignore_index=-1, reduction="sum")
    ) / 2
    known = unsupported >= 0
    each = binary_cross_entropy_with_logits(
        tokens[..., 2], unsupported.clamp(min=0).float(), pos_weight=tokens.new_tensor(RARE), reduction="none"
    )
    counts = known.sum(1)
    words = ((each * known).sum(1) / counts.clamp(min=1))[counts > 0].sum()
    return (verdict + answer + TOKEN_WEIGHT * words) / len(verdicts)


def taught_loss(
    verdicts: Tensor, tokens: Tensor, readable: Tensor, claims: Tensor, taught_verdicts: Tensor, taught_tokens: Tensor
) -> Tensor:
    """The distance from what a teacher says: of claims its verdict and their words, of questions where they end."""
    verdict = kl_div(log_softmax(verdicts, 1), log_softmax(taught_verdicts, 1), log_target=True, reduction="none")
    places = [
        kl_div(
            log_softmax(tokens[..., at].masked_fill(~readable, NEVER), 1),
            softmax(taught_tokens[..., at].masked_fill(~readable, NEVER), 1),
            reduction="none",
        ).sum(1)
        for at in (0, 1)
    ]
    said = ~readable & (taught_tokens[..., 2] > NEVER)
    chance = taught_tokens[..., 2].sigmoid()
    own = tokens[..., 2]
    words = -(chance * logsigmoid(own) + (1 - chance) * logsigmoid(-own)) * said
    mean = words.sum(1) / said.sum(1).clamp(min=1)
    each = torch.where(claims, verdict.sum(1) + TOKEN_WEIGHT * mean, (places[0] + places[1]) / 2)
    return each.mean()
