"""A network at one noise level with the conditions that it is evaluated under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from memlens.models.denoiser import Condition, Denoiser
from memlens.sampling.schedule import NoiseLevel

# Name of the part that is conditioned on the prompt; the others have their baseline's name.
TARGET = "target"


@dataclass(frozen=True, eq=False)
class Network:
    """ε̂ under P conditions in one call.

    Attributes
    ----------
    denoiser, level
        Which network, at which noise.
    parts
        Name of each condition.
    condition
        Of P rows.
    """

    denoiser: Denoiser
    level: NoiseLevel
    parts: tuple[str, ...]
    condition: Condition

    def __call__(self, x: Tensor) -> Tensor:
        """Return ε̂ of `x`, (N, P, C, H, W), under the P conditions, same shape."""
        condition = self.condition.repeated(len(x))
        return self.denoiser.eps(x.flatten(0, 1), self.level, condition).reshape(x.shape)

    def repeated(self, x: Tensor) -> Tensor:
        """Repeat one latent, (1, C, H, W), for every condition: (1, P, C, H, W)."""
        return x[:, None].expand(-1, len(self.parts), -1, -1, -1)


class Linearization(Protocol):
    """A network's value at one point and its products with vectors there."""

    @property
    def value(self) -> Tensor:
        """ε̂ at the point, without graph, (P, C, H, W)."""
        ...

    def products(self, vectors: Tensor) -> Tensor:
        """Return the products with (B, C, H, W), one per condition: (B, P, C, H, W)."""
        ...


def rows_of(vectors: Tensor, network: Network) -> Tensor:
    """Give every condition the same vectors: (B, C, H, W) to (B, P, C, H, W)."""
    return vectors[:, None].expand(-1, len(network.parts), -1, -1, -1)


def no_grad_value(network: Network, x: Tensor) -> Tensor:
    """Return ε̂ at `x`, (1, C, H, W), without graph, (P, C, H, W)."""
    with torch.no_grad():
        return network(network.repeated(x))[0]
