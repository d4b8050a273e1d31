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
    yield attention_to(request, model.attention_layers(), first_alone=True)


def attention_to(
    request: MapRequest, layers: tuple[Any, ...], *, first_alone: bool
) -> LocalizationMap:
    """Return the attention that `layers` pay to the end of the text, 0..1.

    Parameters
    ----------
    first_alone
        The first end-of-text position; else it and all positions after it, added up.
    """
    model = request.model
    request.cancel.check()
    request.report(0, 1)
    with torch.no_grad(), guarding_memory(model.denoiser.device, "one forward pass"):
        condition = request.target_condition()
        first = condition.end_of_text
        positions = slice(first, first + 1 if first_alone else None)
        with _recording(layers, positions) as recorded:
            model.denoiser.eps(request.x_t(), request.level, condition)
    for weights in recorded:
        require_finite(weights, what="attention", step=request.step, level=request.level)
    height, width = request.run.latent_shape[1:]
    maps = [_on_grid(to_numpy(weights), height, width) for weights in recorded]
    values = np.stack(maps).mean(axis=0, dtype=np.float64)
    request.report(1, 1)
    return request.finished(values, paper=values, network_calls=1)


class _TokenRecorder:
    """An attention processor that also keeps the mean over heads of some tokens' weights."""

    def __init__(self, inner: Any, positions: slice, recorded: list[Tensor]) -> None:
        self._inner = inner
        self._positions = positions
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
        conditional = weights.reshape(-1, attn.heads, *weights.shape[1:])[0].mean(dim=0)
        self._recorded.append(conditional[:, self._positions].sum(dim=1))
        output: Tensor = self._inner(attn, hidden_states, encoder_hidden_states, *args, **kwargs)
        return output


@contextmanager
def _recording(layers: tuple[Any, ...], positions: slice) -> Iterator[list[Tensor]]:
    recorded: list[Tensor] = []
    before = [layer.processor for layer in layers]
    try:
        for layer, processor in zip(layers, before, strict=True):
            layer.processor = _TokenRecorder(processor, positions, recorded)
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
