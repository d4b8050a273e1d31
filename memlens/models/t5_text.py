"""A T5 encoder with its tokenizer."""

from __future__ import annotations

import copy
from typing import Any, Self

import torch
from torch import Tensor

from memlens.models.clip_text import check_unicode, count_tokens, truncated_part


class T5Text:
    """A T5 encoder with its tokenizer.

    Parameters
    ----------
    text_encoder, tokenizer
        From transformers.
    max_tokens
        Longest prompt, end included; shorter ones are padded to it.
    masked
        Whether padding is hidden from the encoder.
    """

    def __init__(
        self, text_encoder: Any, tokenizer: Any, *, max_tokens: int, masked: bool = False
    ) -> None:
        text_encoder.requires_grad_(False)
        text_encoder.eval()
        self.text_encoder = text_encoder
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens
        self.masked = masked

    def with_network(self, text_encoder: Any) -> Self:
        """Return the same with another text encoder of the same architecture."""
        text_encoder.requires_grad_(False)
        text_encoder.eval()
        other = copy.copy(self)
        other.text_encoder = text_encoder
        return other

    @property
    def width(self) -> int:
        """Features of a hidden state."""
        return int(self.text_encoder.config.d_model)

    @torch.no_grad()
    def states(self, prompt: str) -> tuple[Tensor, Tensor]:
        """Return the last hidden states, (1, tokens, features), and the mask, (1, tokens).

        Raises
        ------
        SettingsError
            If the prompt is not Unicode.
        """
        check_unicode(prompt)
        tokens = self.tokenizer(
            prompt,
            padding="max_length",
            max_length=self.max_tokens,
            truncation=True,
            add_special_tokens=True,
            return_tensors="pt",
        )
        where = self.text_encoder.device
        mask = tokens.attention_mask.to(where)
        seen = {"attention_mask": mask} if self.masked else {}
        return self.text_encoder(tokens.input_ids.to(where), **seen)[0], mask

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes and how many there is room for, marks left out."""
        return count_tokens(self.tokenizer, self.max_tokens, prompt)

    def truncated(self, prompt: str) -> str:
        """Return what is cut, from the beginning of the word that the limit falls into."""
        return truncated_part(self.tokenizer, self.max_tokens, prompt)
