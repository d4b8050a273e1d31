"""Products of probes with the Jacobians of several networks at one latent."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from memlens.device import guarding_memory
from memlens.errors import OutOfMemory
from memlens.products.choice import linearize
from memlens.products.network import Linearization, Network
from memlens.progress import CancelToken

_ONE_PROBE = "one probe"


class VectorProducts:
    """Jᵀv, or Jv, of every condition of every network at one latent.

    Parameters
    ----------
    networks
        Their conditions have names of their own.
    x
        Where, (1, C, H, W); its dtype is the precision of the products.
    kind
        One of `memlens.estimators.names.PRODUCTS`.
    batch
        Probes per pass to start with, halved after out-of-memory; None chooses: one on the CPU,
        where a batch saves no time and would delay a cancel, eight elsewhere.
    cancel
        Checked before every network call.
    """

    def __init__(
        self,
        networks: Sequence[Network],
        x: Tensor,
        *,
        kind: str,
        batch: int | None,
        cancel: CancelToken,
    ) -> None:
        self.kind = kind
        self.batch = batch or (1 if x.device.type == "cpu" else 8)
        self._x = x
        self._cancel = cancel
        self._opened: list[tuple[Network, Linearization]] = []
        graphs = sum(map(_graph_bytes, networks))
        for network in networks:
            cancel.check()
            # The first network's kind is that of all: a difference needs the same products.
            with guarding_memory(x.device, _ONE_PROBE):
                self.kind, opened = linearize(
                    self.kind, network, x, cancel=cancel, graph_bytes=graphs
                )
            self._opened.append((network, opened))

    @property
    def values(self) -> dict[str, Tensor]:
        """ε̂ of every condition at the latent, without graph, each (C, H, W)."""
        return {
            part: value
            for network, opened in self._opened
            for part, value in zip(network.parts, opened.value, strict=True)
        }

    def __call__(self, vectors: Tensor) -> dict[str, Tensor]:
        """Return the products of each of `vectors`, (B, C, H, W), by condition.

        Raises
        ------
        OutOfMemory
            If even one probe at a time does not fit.
        Cancelled
            Before the next network call.
        """
        wanted = vectors.to(self._x.device, self._x.dtype)
        return {
            part: rows
            for network, opened in self._opened
            for part, rows in zip(network.parts, self._all(opened, wanted), strict=True)
        }

    def _all(self, opened: Linearization, wanted: Tensor) -> Sequence[Tensor]:
        done: list[Tensor] = []
        start = 0
        while start < len(wanted):
            self._cancel.check()
            try:
                with guarding_memory(self._x.device, _ONE_PROBE):
                    done.append(opened.products(wanted[start : start + self.batch]))
            except OutOfMemory:
                if self.batch == 1:
                    raise
                self.batch //= 2
                continue
            start += len(done[-1])
        return torch.cat(done).unbind(dim=1)


def _graph_bytes(network: Network) -> int:
    """Guess what the graph takes: as much as the weights, for every condition."""
    denoiser = network.denoiser
    return len(network.parts) * denoiser.parameters * denoiser.dtype.itemsize
