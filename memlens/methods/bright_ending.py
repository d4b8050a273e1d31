"""Bright Ending: attention to the first end-of-text token at the last step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from memlens.device import guarding_memory
from memlens.maps.localization_map import LocalizationMap, resize_bilinear
from memlens.methods.request import MapRequest
from memlens.models.finite_output import require_finite
from memlens.sampling.sample import to_numpy


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield the attention map, 0..1 (Chen et al., ICLR 2025).

    Conditional half, ``attn2`` of ``down_blocks.0``; mean over heads and over layers; token =
    first end-of-text, at most the last position. A layer at a coarser grid than the latent's
    is resized to it (bilinear).

    Raises
    ------
    MethodUnavailable
        If the model has no such layers.
    """
    model = request.model
    request.cancel.check()
    request.report(0, 1)
    layers = model.attention_layers()
    with torch.no_grad(), guarding_memory(model.denoiser.device, "one forward pass"):
        condition = request.target_condition()
        with _recording(layers, condition.end_of_text) as recorded:
            model.denoiser.eps(request.x_t(), request.level, condition)
    for weights in recorded:
        require_finite(weights, what="attention", step=request.step, level=request.level)
    height, width = request.run.latent_shape[1:]
    maps = [_on_grid(to_numpy(weights), height, width) for weights in recorded]
    values = np.stack(maps).mean(axis=0, dtype=np.float64)
    request.report(1, 1)
    yield request.finished(values, paper=values, network_calls=1)


class _TokenRecorder:
    """An attention processor that also keeps the mean over heads of one token's weights."""

    def __init__(self, inner: Any, token: int, recorded: list[Tensor]) -> None:
        self._inner = inner
        self._token = token
        self._recorded = recorded

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Tensor:
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        query = attn.head_to_batch_dim(attn.to_q(hidden_states))
        key = attn.head_to_batch_dim(attn.to_k(context))
        weights = attn.get_attention_scores(query, key)
        self._recorded.append(
            weights.reshape(-1, attn.heads, *weights.shape[1:])[0].mean(dim=0)[:, self._token]
        )
        output: Tensor = self._inner(attn, hidden_states, encoder_hidden_states, *args, **kwargs)
        return output


@contextmanager
def _recording(layers: tuple[Any, ...], token: int) -> Iterator[list[Tensor]]:
    recorded: list[Tensor] = []
    before = [layer.processor for layer in layers]
    try:
        for layer, processor in zip(layers, before, strict=True):
            layer.processor = _TokenRecorder(processor, token, recorded)
        yield recorded
    finally:
        for layer, processor in zip(layers, before, strict=True):
            layer.processor = processor


def _on_grid(
    weights: np.ndarray[tuple[int, ...], np.dtype[np.float32]], height: int, width: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    coarser = round((height * width / weights.size) ** 0.5)
    square = weights.reshape(height // coarser, width // coarser)
    return square if coarser == 1 else resize_bilinear(square, (height, width))
