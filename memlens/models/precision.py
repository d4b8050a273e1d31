"""Vector products run in float32, whatever the precision of the weights, where that fits."""

from __future__ import annotations

import weakref

import torch

from memlens.device import GIB, float32_graph_bytes, free_memory, guarding_memory
from memlens.errors import OutOfMemory
from memlens.models.denoiser import Denoiser

_HALF = (torch.float16, torch.bfloat16)
# Half-precision denoiser → its float32 copy, for as long as somebody uses that.
_copies: weakref.WeakKeyDictionary[Denoiser, weakref.ref[Denoiser]] = weakref.WeakKeyDictionary()


def for_products(denoiser: Denoiser) -> Denoiser:
    """Return the denoiser to take vector products of, in float32 where it fits.

    A half-precision denoiser is copied; the copy is shared by all that want it at a time and
    freed with the last of them. Its weights keep the values that they were loaded with. Where
    the copy does not fit, bfloat16 is used as it is; float16 is refused, since its gradients
    underflow and overflow.

    Raises
    ------
    OutOfMemory
        If a float16 denoiser's copy does not fit, or memory runs out while it is made.
    """
    if denoiser.dtype not in _HALF:
        return denoiser
    copy = _copy_in_use(denoiser)
    if copy is not None:
        return copy
    needed, free = float32_graph_bytes(denoiser.parameters), free_memory(denoiser.device)
    if free is None or needed <= free:
        with guarding_memory(denoiser.device, "a float32 copy of the model"):
            copy = denoiser.in_float32()
        _copies[denoiser] = weakref.ref(copy)
        return copy
    if denoiser.dtype == torch.bfloat16:
        return denoiser
    raise OutOfMemory(
        f"curvature of a float16 model runs in float32, which needs about {needed / GIB:.1f} GiB; "
        f"{denoiser.device} has {free / GIB:.1f} GiB free: load the model in bfloat16, or close "
        "other programs."
    )


def dtype_of_products(denoiser: Denoiser) -> str:
    """Return the precision that products of `denoiser` are being taken in."""
    running = _copy_in_use(denoiser) or denoiser
    return str(running.dtype).removeprefix("torch.")


def _copy_in_use(denoiser: Denoiser) -> Denoiser | None:
    if denoiser.dtype not in _HALF or denoiser not in _copies:
        return None
    return _copies[denoiser]()
