"""Jv by forward mode: no graph is kept, at about two forward passes a product."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from memlens.products.network import Network, no_grad_value, rows_of


class ForwardMode:
    """Carries tangents through the network; diag(J) is the same as from Jᵀv.

    Attention takes the plain kernel, the only one that knows forward mode.

    Parameters
    ----------
    network
        What is differentiated.
    x
        Where, (1, C, H, W); its dtype is the precision of the products.
    """

    def __init__(self, network: Network, x: Tensor) -> None:
        self._network = network
        self._x = network.repeated(x.detach()).clone()
        self.value = no_grad_value(network, x)

    def products(self, vectors: Tensor) -> Tensor:
        """Return Jv for each of `vectors`, (B, C, H, W), per condition: (B, P, C, H, W)."""

        def along(tangent: Tensor) -> Tensor:
            moved: Tensor = torch.func.jvp(self._network, (self._x,), (tangent[None],))[1]
            return moved[0]

        rows = rows_of(vectors, self._network)
        with torch.no_grad(), sdpa_kernel(SDPBackend.MATH):
            if len(rows) == 1:
                return along(rows[0])[None]
            batched: Tensor = torch.func.vmap(along)(rows)
            return batched
