"""The protocols every model family fulfils: a denoiser speaks ε̂, whatever its network predicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memlens.models.description import ModelDescription
from memlens.sampling.schedule import NoiseLevel, Schedule

PREDICTION_TYPES = ("epsilon", "sample", "v_prediction", "flow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An encoded prompt.

    Attributes
    ----------
    embedding
        (1, tokens, features).
    end_of_text
        Position of the first end-of-text token, at most the last position.
    truncated
        The part of the prompt beyond the tokenizer's limit, "" where all of it fits.
    """

    embedding: Tensor
    end_of_text: int
    truncated: str = ""


class Denoiser(Protocol):
    """ε̂(x, noise level, condition), differentiable in x."""

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        ...

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        ...

    @property
    def dtype(self) -> torch.dtype:
        """The precision of its weights."""
        ...

    @property
    def parameters(self) -> int:
        """How many weights it has."""
        ...

    def in_float32(self) -> Self:
        """Return a copy whose weights are float32."""
        ...

    def eps(self, x: Tensor, level: NoiseLevel, embedding: Tensor) -> Tensor:
        """Predict the noise in `x`.

        Parameters
        ----------
        x
            (B, C, H, W), float32 or the model's dtype.
        level
            The noise level of all of `x`.
        embedding
            (B, tokens, features).

        Returns
        -------
        Tensor
            ε̂, (B, C, H, W), same dtype as `x`.
        """
        ...


class Model(Protocol):
    """A denoiser with all that surrounds it: text, schedule, decoder."""

    @property
    def description(self) -> ModelDescription:
        """Facts for people and provenance."""
        ...

    @property
    def denoiser(self) -> Denoiser:
        """The network under inspection."""
        ...

    def encode_prompt(self, prompt: str) -> Condition:
        """Encode a prompt; "" is the unconditional ∅."""
        ...

    def count_tokens(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes, and how many there is room for."""
        ...

    def schedule(self, steps: int) -> Schedule:
        """Return the noise levels of a DDIM run of `steps` steps."""
        ...

    def initial_latent(self, seed: int) -> Tensor:
        """Draw x_T, (1, C, H, W), from a CPU generator seeded with `seed`.

        Not the official protocol's, which draws on a CUDA device: see `memlens.sampling.noise`.
        """
        ...

    def ddim_step(self, x: Tensor, eps: Tensor, step: int, schedule: Schedule) -> Tensor:
        """Move `x` from `step` to the next less noisy one along ε̂ (η = 0)."""
        ...

    def unavailable(self, method: str) -> str:
        """Why this model cannot offer `method`; "" where it can."""
        ...

    def decode(self, latent: Tensor) -> NDArray[np.uint8]:
        """Decode (1, C, H, W) into a picture (height, width, 3)."""
        ...


def eps_from_output(output: Tensor, x: Tensor, level: NoiseLevel, prediction_type: str) -> Tensor:
    """Convert a network's output to ε̂, inside autograd (design, section 3).

    epsilon: ε̂; sample: (x − α x̂₀)/σ; v_prediction: α v + σ x; flow (α = 1 − σ, v = ε − x₀):
    x + (1 − σ) v.

    Raises
    ------
    ValueError
        If `prediction_type` is not one of `PREDICTION_TYPES`.
    """
    if prediction_type == "epsilon":
        return output
    if prediction_type == "sample":
        return (x - level.alpha * output) / level.sigma
    if prediction_type == "v_prediction":
        return level.alpha * output + level.sigma * x
    if prediction_type == "flow":
        return x + (1.0 - level.sigma) * output
    raise ValueError(f"unknown prediction type {prediction_type!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A less-trained checkpoint of the target: its denoiser and the text encoder it goes with.

    Attributes
    ----------
    description
        Facts for people and provenance.
    denoiser
        The less-trained network.
    encoder
        Encodes prompts for it; the target's own where the checkpoint brings none.
    """

    description: ModelDescription
    denoiser: Denoiser
    encoder: PromptEncoder


class PromptEncoder(Protocol):
    """Turns a prompt into a condition."""

    def __call__(self, prompt: str) -> Condition:
        """Encode a prompt; "" is the unconditional ∅."""
        ...
