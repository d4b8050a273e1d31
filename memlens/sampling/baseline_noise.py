"""ε̂ of less-trained baselines along one trajectory, kept once it is predicted."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from memlens.models.denoiser import Denoiser

FloatArray = NDArray[np.float32]
_Entry = tuple["weakref.ref[Denoiser]", "weakref.ref[FloatArray]", FloatArray]


class BaselineNoise:
    """One forward pass per denoiser and step, however often a map asks for it.

    Denoiser and latents are known by identity and not kept alive: another checkpoint, or a
    trajectory with other latents, finds nothing here.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], _Entry] = {}

    def get(self, denoiser: Denoiser, x_t: FloatArray, step: int) -> FloatArray | None:
        """Return ε̂, (C, H, W), that `denoiser` gave at `step` of the latents `x_t`, or None."""
        found = self._kept.get((id(denoiser), step))
        if found is None or found[0]() is not denoiser or found[1]() is not x_t:
            return None
        return found[2]

    def keep(self, denoiser: Denoiser, x_t: FloatArray, step: int, eps: FloatArray) -> None:
        """Keep ε̂, (C, H, W)."""
        self._kept[id(denoiser), step] = (weakref.ref(denoiser), weakref.ref(x_t), eps)
