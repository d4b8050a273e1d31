"""The protocols every model family fulfils: a denoiser speaks ε̂, whatever its network predicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memlens.models.description import ModelDescription
from memlens.models.walk import Walk
from memlens.sampling.schedule import NoiseLevel, Schedule

PREDICTION_TYPES = ("epsilon", "sample", "v_prediction", "flow")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """An encoded prompt, or several.

    Attributes
    ----------
    embedding
        (B, tokens, features).
    end_of_text
        Position of the first end-of-text token, at most the last position.
    truncated
        The part of the prompt beyond the tokenizer's limit, "" where all of it fits.
    extra
        What the family's network takes besides, each (B, …).
    """

    embedding: Tensor
    end_of_text: int = 0
    truncated: str = ""
    extra: Mapping[str, Tensor] = field(default_factory=dict)

    @classmethod
    def joined(cls, conditions: Sequence[Condition]) -> Condition:
        """Put conditions of one family under each other."""
        first = conditions[0]
        if len(conditions) == 1:
            return first
        return replace(
            first,
            embedding=torch.cat([each.embedding for each in conditions]),
            extra={
                name: torch.cat([each.extra[name] for each in conditions]) for name in first.extra
            },
        )

    def repeated(self, times: int) -> Condition:
        """Repeat all rows, one block after the other."""
        if times == 1:
            return self

        def repeat(rows: Tensor) -> Tensor:
            return rows.repeat(times, *[1] * (rows.ndim - 1))

        return replace(
            self,
            embedding=repeat(self.embedding),
            extra={name: repeat(rows) for name, rows in self.extra.items()},
        )


class Prediction(NamedTuple):
    """What a network says of x: the noise in it and the picture under it, each (B, C, H, W)."""

    eps: Tensor
    x0: Tensor


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

    @property
    def network(self) -> Any:
        """The network itself, for what looks inside (attention, gradient checkpointing)."""
        ...

    def in_float32(self) -> Self:
        """Return a copy whose weights are float32."""
        ...

    def eps(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Predict the noise in `x`.

        Parameters
        ----------
        x
            (B, C, H, W), float32 or the model's dtype.
        level
            The noise level of all of `x`.
        condition
            Of B rows.

        Returns
        -------
        Tensor
            ε̂, (B, C, H, W), same dtype as `x`.
        """
        ...

    def predict(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Prediction:
        """Predict noise and picture from one network call; parameters are those of `eps`.

        x̂₀ comes from the output itself: where a flow has no signal, ε̂ = x tells nothing of it.
        """
        ...


class PromptEncoder(Protocol):
    """Turns a prompt into a condition."""

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; "" is the unconditional ∅.

        `guidance_scale` is an input of networks that have guidance embedded; others ignore it.
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

    @property
    def encoder(self) -> PromptEncoder:
        """What `encode_prompt` asks; baselines that bring none of their own share it."""
        ...

    def encode_prompt(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; "" is the unconditional ∅."""
        ...

    def count_tokens(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes, and how many there is room for."""
        ...

    def token_texts(self, prompt: str) -> tuple[str, ...]:
        """Return the text of every position of a prompt's embedding, marks and padding too.

        Raises
        ------
        MethodUnavailable
            If it does not tell them apart ("tokens" is then unavailable).
        """
        ...

    def schedule(self, steps: int) -> Schedule:
        """Return the noise levels of a run of `steps` steps.

        Raises
        ------
        SettingsError
            If `steps` is below 1, or so many that the walk would leave the training schedule.
        """
        ...

    def walk(self, steps: int) -> Walk:
        """Begin a run of `steps` steps; errors are those of `schedule`."""
        ...

    def level(self, log_snr: float) -> NoiseLevel:
        """Return the noise level that the model knows whose logSNR, in nats, is nearest."""
        ...

    def initial_latent(self, seed: int) -> Tensor:
        """Draw x_T, (1, C, H, W), from a CPU generator seeded with `seed`.

        Not the official protocol's, which draws on a CUDA device: see `memlens.sampling.noise`.
        """
        ...

    def sized(self, latent_size: tuple[int, int]) -> Model:
        """Return the same model for latents of (H, W), sharing all weights.

        Raises
        ------
        SettingsError
            If its network or its autoencoder does not allow that size.
        """
        ...

    def unavailable(self, what: str) -> str:
        """Why this model cannot offer a method, or "unconditional"; "" where it can."""
        ...

    def attention_layers(self) -> tuple[Any, ...]:
        """Return the cross-attention layers that Bright Ending reads.

        Raises
        ------
        MethodUnavailable
            If there are none.
        """
        ...

    def decode(self, latent: Tensor) -> NDArray[np.uint8]:
        """Decode (1, C, H, W) into a picture (height, width, 3)."""
        ...

    def encode_picture(self, picture: NDArray[np.uint8]) -> Tensor:
        """Encode a picture (height, width, 3) of the model's size into (1, C, H, W), float32."""
        ...


class Baseline(Protocol):
    """What is subtracted from the target: another denoiser, another prompt, or both.

    Less-trained checkpoints, the target without its adapter, and other prompts alike.
    """

    @property
    def description(self) -> ModelDescription:
        """Facts for people and provenance."""
        ...

    @property
    def denoiser(self) -> Denoiser:
        """The network to compare with."""
        ...

    @property
    def encoder(self) -> PromptEncoder:
        """Encodes prompts for it; the target's own where it brings none."""
        ...


def prediction_of(output: Tensor, x: Tensor, level: NoiseLevel, prediction_type: str) -> Prediction:
    """Convert a network's output to ε̂ and x̂₀, inside autograd (design, section 3).

    | output | ε̂ | x̂₀ |
    |---|---|---|
    | epsilon | ε̂ | (x − σ ε̂)/α |
    | sample | (x − α x̂₀)/σ | x̂₀ |
    | v_prediction | α v + σ x | α x − σ v |
    | flow (α = 1 − σ, v = ε − x₀) | x + (1 − σ) v | x − σ v |

    Raises
    ------
    ValueError
        If `prediction_type` is not one of `PREDICTION_TYPES`.
    """
    alpha, sigma = level.alpha, level.sigma
    if prediction_type == "epsilon":
        return Prediction(output, (x - sigma * output) / alpha)
    if prediction_type == "sample":
        return Prediction((x - alpha * output) / sigma, output)
    if prediction_type == "v_prediction":
        return Prediction(alpha * output + sigma * x, alpha * x - sigma * output)
    if prediction_type == "flow":
        return Prediction(x + (1.0 - sigma) * output, x - sigma * output)
    raise ValueError(f"unknown prediction type {prediction_type!r}")


def eps_from_output(output: Tensor, x: Tensor, level: NoiseLevel, prediction_type: str) -> Tensor:
    """Return the ε̂ of `prediction_of`; errors are its own."""
    return prediction_of(output, x, level, prediction_type).eps
