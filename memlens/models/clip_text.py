"""CLIP text encoders with their tokenizers, and what a prompt loses at their limit."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor

from memlens.errors import SettingsError
from memlens.models.denoiser import Condition


@dataclass(frozen=True, slots=True, eq=False)
class ClipStates:
    """What a CLIP text encoder makes of one prompt.

    Attributes
    ----------
    last, penultimate
        Hidden states, (1, tokens, features); `last` after the final norm, or projected with
        `pooled` where the encoder projects.
    pooled
        (1, features).
    """

    last: Tensor
    penultimate: Tensor
    pooled: Tensor


class ClipText:
    """A CLIP text encoder with its tokenizer."""

    def __init__(self, text_encoder: Any, tokenizer: Any) -> None:
        text_encoder.requires_grad_(False)
        text_encoder.eval()
        self.text_encoder = text_encoder
        self.tokenizer = tokenizer
        longest = int(text_encoder.config.max_position_embeddings)
        self.max_tokens = min(int(tokenizer.model_max_length), longest)

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
        return int(self.text_encoder.config.hidden_size)

    def tokens(self, prompt: str) -> Any:
        """Tokenize a prompt, padded and cut to the limit.

        Raises
        ------
        SettingsError
            If it is not Unicode.
        """
        check_unicode(prompt)
        return self.tokenizer(
            prompt,
            padding="max_length",
            max_length=self.max_tokens,
            truncation=True,
            return_tensors="pt",
        )

    @torch.no_grad()
    def states(self, prompt: str) -> ClipStates:
        """Encode a prompt; errors are those of `tokens`."""
        ids = self.tokens(prompt).input_ids.to(self.text_encoder.device)
        out = self.text_encoder(ids, output_hidden_states=True)
        projected = getattr(out, "text_embeds", None)
        return ClipStates(
            last=out.last_hidden_state,
            penultimate=out.hidden_states[-2],
            pooled=out.pooler_output if projected is None else projected,
        )

    def end_of_text(self, ids: list[int]) -> int:
        """Return the position of the first end-of-text token, at most the last."""
        end = self.tokenizer.eos_token_id
        return ids.index(end) if end in ids else len(ids) - 1

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes and how many there is room for, marks left out."""
        return count_tokens(self.tokenizer, self.max_tokens, prompt)

    def truncated(self, prompt: str) -> str:
        """Return what is cut, from the beginning of the word that the limit falls into."""
        return truncated_part(self.tokenizer, self.max_tokens, prompt)


class ClipPromptEncoder(ClipText):
    """A CLIP text encoder whose last hidden states are the whole condition (SD 1.x, 2.x)."""

    def token_texts(self, prompt: str) -> tuple[str, ...]:
        """Return the text of every position of a prompt's embedding, marks and padding too."""
        words = self.tokenizer.convert_ids_to_tokens(self.tokens(prompt).input_ids[0].tolist())
        return tuple(str(word).removesuffix("</w>") for word in words)

    @property
    def networks(self) -> Mapping[str, Any]:
        """The text encoder by the name of its folder."""
        return {"text_encoder": self.text_encoder}

    def with_networks(self, networks: Mapping[str, Any]) -> Self:
        """Return the same with other text encoders, by the names of their folders."""
        return self.with_network(networks.get("text_encoder", self.text_encoder))

    @torch.no_grad()
    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; what exceeds the tokenizer's limit is cut and kept in `truncated`.

        Raises
        ------
        SettingsError
            If it is not Unicode.
        """
        tokens = self.tokens(prompt)
        ids = tokens.input_ids
        mask = None
        if getattr(self.text_encoder.config, "use_attention_mask", False):
            mask = tokens.attention_mask.to(self.text_encoder.device)
        embedding = self.text_encoder(ids.to(self.text_encoder.device), attention_mask=mask)[0]
        return Condition(
            embedding=embedding,
            end_of_text=self.end_of_text(ids[0].tolist()),
            truncated=self.truncated(prompt),
        )


def check_unicode(prompt: str) -> None:
    """Raise unless a prompt can be encoded.

    Raises
    ------
    SettingsError
        If it is not Unicode.
    """
    try:
        prompt.encode()
    except UnicodeEncodeError as error:
        raise SettingsError(
            f"the prompt is not Unicode: its character {error.start + 1} is half of one."
        ) from None


def count_tokens(tokenizer: Any, room: int, prompt: str) -> tuple[int, int]:
    """Return how many tokens a prompt takes and how many there is room for, marks left out."""
    marks = tokenizer.num_special_tokens_to_add()
    whole = tokenizer(prompt, truncation=False, verbose=False).input_ids
    return len(whole) - marks, room - marks


def truncated_part(tokenizer: Any, room: int, prompt: str) -> str:
    """Return what does not fit, from the beginning of the word that the limit falls into."""
    used, left = count_tokens(tokenizer, room, prompt)
    if used <= left:
        return ""
    found = tokenizer(
        prompt,
        truncation=False,
        verbose=False,
        add_special_tokens=False,
        return_offsets_mapping=True,
    )
    start = int(found["offset_mapping"][left][0])
    while start and not prompt[start - 1].isspace():
        start -= 1
    return prompt[start:].strip()
