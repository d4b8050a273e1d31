"""Vector products Jᵀv of one network call: one forward with graph serves all probes of a step."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from memlens.device import is_out_of_memory
from memlens.errors import OutOfMemory
from memlens.progress import CancelToken


class VectorProducts:
    """Batched Jᵀv at one point.

    Parameters
    ----------
    output
        The map x, (1, C, H, W), to the value whose Jacobian J is wanted, same shape.
    x
        Where; its dtype is the precision of the products.
    batch
        Probes per backward pass to start with; halved after out-of-memory.
    cancel
        Checked before every backward pass.
    """

    def __init__(
        self, output: Callable[[Tensor], Tensor], x: Tensor, *, batch: int, cancel: CancelToken
    ) -> None:
        self.batch = batch
        self._cancel = cancel
        cancel.check()
        with torch.enable_grad():
            self._x = x.detach().requires_grad_(True)
            self._output = output(self._x)

    @property
    def value(self) -> Tensor:
        """The output at x, without graph, (1, C, H, W)."""
        return self._output.detach()

    def __call__(self, vectors: Tensor) -> Tensor:
        """Return Jᵀv for each of `vectors`, (B, C, H, W).

        Raises
        ------
        OutOfMemory
            If even one probe at a time does not fit.
        Cancelled
            Before the next backward pass.
        """
        wanted = vectors.to(self._x.device, self._x.dtype)
        done: list[Tensor] = []
        start = 0
        while start < len(wanted):
            self._cancel.check()
            try:
                done.append(self._backward(wanted[start : start + self.batch]))
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                if self.batch == 1:
                    raise OutOfMemory(
                        f"{self._x.device} has too little memory for one probe: "
                        "close other programs, or use bfloat16 or a smaller model."
                    ) from error
                self.batch = max(1, self.batch // 2)
                continue
            start += len(done[-1])
        return torch.cat(done)

    def _backward(self, vectors: Tensor) -> Tensor:
        (gradients,) = torch.autograd.grad(
            self._output, self._x, vectors[:, None], retain_graph=True, is_grads_batched=True
        )
        return gradients[:, 0]
