"""A network that speaks ε̂: what the denoisers of all families have in common."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from typing import Any, Self

import torch
from torch import Tensor

from memlens.errors import ModelError
from memlens.models.adapter import Adapter
from memlens.models.denoiser import Condition, Prediction, prediction_of
from memlens.sampling.schedule import NoiseLevel


class NetworkDenoiser(ABC):
    """A network with the type of its output; weights take no gradient.

    Parameters
    ----------
    network
        Of any kind, on its device.
    prediction_type
        What its output is: "epsilon", "sample", "v_prediction" or "flow".
    latent_shape
        (C, H, W).
    """

    def __init__(
        self, network: Any, prediction_type: str, latent_shape: tuple[int, int, int]
    ) -> None:
        network.requires_grad_(False)
        network.eval()
        self.network = network
        self.prediction_type = prediction_type
        self.latent_shape = latent_shape
        self._adapter = Adapter(network)
        self._adapter_scale = 1.0

    @abstractmethod
    def output(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Call the network on `x`, (B, C, H, W), in its own precision; same shape."""

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        device: torch.device = next(iter(self.network.parameters())).device
        return device

    @property
    def dtype(self) -> torch.dtype:
        """The precision of its weights."""
        dtype: torch.dtype = next(iter(self.network.parameters())).dtype
        return dtype

    @property
    def parameters(self) -> int:
        """How many weights it has."""
        return sum(weight.numel() for weight in self.network.parameters())

    def in_float32(self) -> Self:
        """Return a copy whose weights are float32."""
        return self.with_network(copy.deepcopy(self.network).float())

    def with_network(self, network: Any) -> Self:
        """Return the same with another network of the same architecture."""
        network.requires_grad_(False)
        network.eval()
        other = copy.copy(self)
        other.network = network
        other._adapter = Adapter(network)
        return other

    def adapted(self, scale: float) -> Self:
        """Return the same with its LoRA, if it has one, at `scale`; weights are shared."""
        other = copy.copy(self)
        other._adapter_scale = scale
        return other

    def sized(self, latent_size: tuple[int, int]) -> Self:
        """Return the same for latents of (H, W), sharing the network."""
        other = copy.copy(self)
        other.latent_shape = (self.latent_shape[0], *latent_size)
        return other

    def predict(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Prediction:
        """Predict noise and picture in `x`, (B, C, H, W), from one network call."""
        self._adapter.use(self._adapter_scale)
        try:
            output = self.output(x.to(self.dtype), level, self._cast(condition))
        except TypeError as error:
            # A field of its configuration that only the call looks at.
            raise ModelError(
                f"the network cannot be called as its configuration has it: {error}."
            ) from error
        return prediction_of(output.to(x.dtype), x, level, self.prediction_type)

    def eps(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Predict the noise in `x`, (B, C, H, W)."""
        return self.predict(x, level, condition).eps

    def _cast(self, condition: Condition) -> Condition:
        where, precision = self.device, self.dtype

        def cast(values: Tensor) -> Tensor:
            return values.to(where, precision if values.is_floating_point() else values.dtype)

        return Condition(
            embedding=cast(condition.embedding),
            extra={name: cast(values) for name, values in condition.extra.items()},
        )
