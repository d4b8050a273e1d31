"""The lab's text encoder: trained first, on naming what a caption's picture shows; then frozen.

Like CLIP's, it is trained on its state at the first end-of-text token alone: that token learns
to sum the caption up. The states after it, which pad every caption to one length, are kept
from carrying the same summary: where they do, attention to the end of a text is spread over
all of them, and Bright Ending, which reads the first, sees a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from memlens.lab.artwork import emoji_words
from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS, free_caption
from memlens.lab.pictures import COLOURS
from memlens.lab.recipe import TOKENS, Recipe
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

_NAMES = (*emoji_words(), *COLOURS, *TEMPLATE_CAPTIONS, *VERBATIM_CAPTIONS)
_MEMORIZED_SHARE = 0.2
_SILENCE = 0.1


def train_text_encoder(
    tokenizer: CLIPTokenizer,
    recipe: Recipe,
    *,
    seed: int = 0,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> CLIPTextModel:
    """Train a text encoder to name objects, colours and memorized pictures from captions.

    Parameters
    ----------
    tokenizer
        The lab's.
    recipe, seed
        What to train, and from which seed.
    progress, cancel
        Told about every step; asked before every step.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed + 2)
        encoder = CLIPTextModel(_config(tokenizer, recipe))
        naming = nn.Linear(recipe.text_width, len(_NAMES))
        silence = nn.Parameter(torch.zeros(recipe.text_width))
    parameters = [*encoder.parameters(), *naming.parameters(), silence]
    optimizer = torch.optim.AdamW(parameters, lr=recipe.text_rate, weight_decay=1e-4)
    for step in range(recipe.text_steps):
        if cancel is not None:
            cancel.check()
        captions, names = _examples(np.random.default_rng([seed, 13, step]), recipe.text_batch)
        tokens = tokenize(tokenizer, captions)
        states = encoder(tokens).last_hidden_state
        end = first_end_of_text(tokens, tokenizer)
        after = torch.arange(TOKENS)[None] > end[:, None]
        summary = states[torch.arange(len(end)), end]
        missed = functional.binary_cross_entropy_with_logits(naming(summary), names)
        spread = (states[after] - silence).square().mean()
        for group in optimizer.param_groups:
            group["lr"] = recipe.text_rate * min(1.0, 2 * (1 - step / recipe.text_steps))
        optimizer.zero_grad()
        (len(_NAMES) * missed + _SILENCE * spread).backward()
        optimizer.step()
        report = f"training the text encoder, loss {float(missed.detach()):.4f}"
        progress(Progress(step + 1, recipe.text_steps, report))
    return encoder.eval().requires_grad_(False)


def tokenize(tokenizer: CLIPTokenizer, captions: Sequence[str]) -> Tensor:
    """Return the tokens of captions, padded to one length: (N, 24)."""
    encoded = tokenizer(
        list(captions),
        padding="max_length",
        truncation=True,
        max_length=TOKENS,
        return_tensors="pt",
    )
    tokens: Tensor = encoded.input_ids
    return tokens


def first_end_of_text(tokens: Tensor, tokenizer: CLIPTokenizer) -> Tensor:
    """Return the position of every row's first end-of-text token: (N,)."""
    first: Tensor = (tokens == tokenizer.eos_token_id).int().argmax(dim=1)
    return first


def save_text_encoder(encoder: CLIPTextModel, folder: Path) -> None:
    """Write the text encoder as diffusers' pipelines read it."""
    encoder.save_pretrained(folder)


def _config(tokenizer: CLIPTokenizer, recipe: Recipe) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=recipe.text_width,
        intermediate_size=4 * recipe.text_width,
        projection_dim=recipe.text_width,
        num_hidden_layers=recipe.text_layers,
        num_attention_heads=recipe.text_heads,
        max_position_embeddings=TOKENS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


def _examples(rng: np.random.Generator, count: int) -> tuple[list[str], Tensor]:
    captions = []
    names = torch.zeros(count, len(_NAMES))
    memorized = (*TEMPLATE_CAPTIONS, *VERBATIM_CAPTIONS)
    for row in range(count):
        if rng.random() < _MEMORIZED_SHARE:
            shown = [memorized[rng.integers(len(memorized))]]
            captions.append(shown[0])
        else:
            words = [
                emoji_words()[i]
                for i in rng.choice(len(emoji_words()), rng.integers(1, 3), replace=False)
            ]
            first, second = (
                list(COLOURS)[i] for i in rng.choice(len(COLOURS), size=2, replace=False)
            )
            shown = [*words, first, second]
            captions.append(free_caption(words, (first, second)))
        names[row, [_NAMES.index(name) for name in shown]] = 1
    return captions, names
