"""A map as it is shown: units, smoothing and levels, the same on the screen and in a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.maps import LocalizationMap

FloatArray = NDArray[np.float32]

CANONICAL, PAPER = "canonical", "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Displayed:
    """One map in display units.

    Attributes
    ----------
    values, standard_error
        (h, w).
    stretched
        Levels min..p99 of this map.
    scale
        Display units per canonical unit.
    """

    values: FloatArray
    standard_error: FloatArray | None
    stretched: tuple[float, float]
    scale: float


def displayed(found: LocalizationMap, units: str, smoothing: int) -> Displayed:
    """Return `found` under a mean filter in "canonical" or "paper" units.

    Raises
    ------
    SettingsError
        If `smoothing` is not a positive odd number.
    """
    smooth = found.smoothed(smoothing)
    scale = _paper_scale(smooth) if units == PAPER else 1.0
    values = smooth.paper_values() if units == PAPER else smooth.values
    error = smooth.standard_error
    low, high = float(values.min()), float(np.percentile(values, 99.0))
    if not high > low:
        high = low + max(abs(low), 1.0) * 1e-6
    return Displayed(
        values=values,
        standard_error=None if error is None else (error * scale).astype(np.float32),
        stretched=(low, high),
        scale=scale,
    )


def _paper_scale(found: LocalizationMap) -> float:
    largest = np.unravel_index(int(np.argmax(np.abs(found.values))), found.values.shape)
    canonical = float(found.values[largest])
    return float(found.paper[largest]) / canonical if canonical else 1.0
