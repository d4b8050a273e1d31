"""Jᵀv by reverse mode: one forward with graph serves all probes of a step."""

from __future__ import annotations

import torch
from torch import Tensor

from memlens.device import is_out_of_memory
from memlens.products.network import Network, rows_of


class ReverseMode:
    """Keeps the graph of one call; every product is one backward pass through it.

    Parameters
    ----------
    network
        What is differentiated.
    x
        Where, (1, C, H, W); its dtype is the precision of the products.
    """

    def __init__(self, network: Network, x: Tensor) -> None:
        self._network = network
        self._batches = True
        with torch.enable_grad():
            # One row per condition, so that one backward pass tells the conditions apart.
            self._x = network.repeated(x.detach()).clone().requires_grad_(True)
            self._output = network(self._x)

    @property
    def value(self) -> Tensor:
        """ε̂ at the point, without graph, (P, C, H, W)."""
        return self._output.detach()[0]

    def products(self, vectors: Tensor) -> Tensor:
        """Return Jᵀv for each of `vectors`, (B, C, H, W), per condition: (B, P, C, H, W)."""
        rows = rows_of(vectors, self._network)
        if len(rows) == 1:
            # Without the batching rules, which cost more than they save for a single probe.
            (alone,) = torch.autograd.grad(self._output, self._x, rows, retain_graph=True)
            return alone
        if self._batches:
            try:
                (gradients,) = torch.autograd.grad(
                    self._output, self._x, rows[:, None], retain_graph=True, is_grads_batched=True
                )
                return gradients[:, 0]
            except RuntimeError as error:
                if is_out_of_memory(error):
                    raise
                # Some layers have no batching rule (UNet2DModel's): one probe after the other.
                self._batches = False
        return torch.cat([self.products(vector[None]) for vector in vectors])


class CheckpointedReverse(ReverseMode):
    """Keeps what goes in and out of the network's blocks; they are computed again in every product.

    About a forward pass more for each product, and a fraction of the graph.

    Parameters
    ----------
    network, x
        As for `ReverseMode`; `supports_checkpointing` tells whether the network has blocks.
    """

    def __init__(self, network: Network, x: Tensor) -> None:
        inner = network.denoiser.network
        inner.enable_gradient_checkpointing()
        try:
            super().__init__(network, x)
        finally:
            inner.disable_gradient_checkpointing()
        # Each product would hold the blocks of all probes of a batch.
        self._batches = False


def supports_checkpointing(network: Network) -> bool:
    """Whether the network has blocks that can be computed again.

    Not with a LoRA: its strength may be another's when a block is computed again.
    """
    inner = network.denoiser.network
    blocks = bool(getattr(inner, "_supports_gradient_checkpointing", False))
    return blocks and getattr(inner, "peft_config", None) is None
