"""What a prompt becomes: the first end-of-text token, and what does not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from tests.support.tiny_pipeline import PROMPT_TOKENS

# Start and end take one each; "a", "b" … are one token each.
FITTING = PROMPT_TOKENS - 2


def _letters(count: int) -> str:
    return " ".join("abcdefghijklmnopqrstuvwxyz0123456789"[:count])


@pytest.mark.parametrize(
    ("words", "end", "truncated"),
    [
        (0, 1, ""),
        (1, 2, ""),
        (FITTING - 1, FITTING, ""),
        (FITTING, PROMPT_TOKENS - 1, ""),
        (FITTING + 1, PROMPT_TOKENS - 1, _letters(FITTING + 1)[-1:]),
        (FITTING + 3, PROMPT_TOKENS - 1, _letters(FITTING + 3)[-5:]),
    ],
)
def test_the_first_end_of_text_and_what_is_cut(
    model: Any, words: int, end: int, truncated: str
) -> None:
    condition = model.encode_prompt(_letters(words))
    assert condition.embedding.shape[1] == PROMPT_TOKENS
    assert condition.end_of_text == end
    assert condition.truncated == truncated


@pytest.mark.parametrize("words", [2, FITTING, FITTING + 5])
def test_bright_ending_reads_the_first_end_of_text(model: Any, words: int) -> None:
    """Padding repeats the token: only its first place counts, at the limit the last one."""
    run = memlens.sample(model, _letters(words), steps=2)
    layers = model.attention_layers()
    kept: list[torch.Tensor] = []
    handles = [
        layer.to_k.register_forward_hook(lambda _, __, key: kept.append(key)) for layer in layers
    ]
    queries: list[torch.Tensor] = []
    handles += [
        layer.to_q.register_forward_hook(lambda _, __, query: queries.append(query))
        for layer in layers
    ]
    try:
        condition = model.encode_prompt(_letters(words))
        with torch.no_grad():
            model.denoiser.eps(torch.from_numpy(run.x_t[-1:].copy()), run.schedule[-1], condition)
    finally:
        for handle in handles:
            handle.remove()
    at = min(words + 1, PROMPT_TOKENS - 1)
    maps = []
    for layer, key, query in zip(layers, kept, queries, strict=True):
        width = query.shape[-1] // layer.heads
        for head in range(layer.heads):
            part = slice(head * width, (head + 1) * width)
            weights = (query[0, :, part] @ key[0, :, part].T / width**0.5).softmax(dim=-1)
            maps.append(weights[:, at])
    expected = torch.stack(maps).mean(dim=0).reshape(16, 16)
    found = memlens.localize(run, "bright-ending")
    np.testing.assert_allclose(found.values, expected.numpy(), atol=1e-6)


def test_what_is_cut_begins_with_a_whole_word(tiny_pipeline: Path) -> None:
    model = memlens.load_model(tiny_pipeline)
    prompt = "navy rug " * 40 + "umbrella"
    used, room = model.count_tokens(prompt)
    assert used > room == model.description.prompt_tokens - 2
    cut = model.encode_prompt(prompt).truncated
    assert prompt.endswith(cut) and prompt[-len(cut) - 1] == " "
    fits = model.encode_prompt("navy rug")
    assert fits.truncated == "" and model.count_tokens("navy rug")[0] <= room
