"""A map as it is shown: units, smoothing and levels, the same on the screen and in a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from memlens.maps.localization_map import LocalizationMap

FloatArray = NDArray[np.float32]

CANONICAL, PAPER = "canonical", "paper"


# No slots: the levels that few look at are worked out, once, when they are asked for.
@dataclass(frozen=True, kw_only=True)
class Displayed:
    """One map in display units.

    Attributes
    ----------
    values, standard_error
        (h, w).
    scale
        Display units per canonical unit.
    """

    values: FloatArray
    standard_error: FloatArray | None
    scale: float

    @cached_property
    def stretched(self) -> tuple[float, float]:
        """Levels min..p99 of this map."""
        low, high = float(self.values.min()), float(np.percentile(self.values, 99.0))
        if not high > low:
            high = low + max(abs(low), 1.0) * 1e-6
        return low, high


def displayed(found: LocalizationMap, units: str, smoothing: int) -> Displayed:
    """Return `found` under a mean filter in "canonical" or "paper" units.

    Raises
    ------
    SettingsError
        If `smoothing` is not a positive odd number.
    """
    smooth = found.smoothed(smoothing)
    scale = _paper_scale(found) if units == PAPER else 1.0
    values = smooth.paper_values() if units == PAPER else smooth.values
    error = smooth.standard_error
    return Displayed(
        values=values,
        standard_error=None if error is None else (error * scale).astype(np.float32),
        scale=scale,
    )


def _paper_scale(found: LocalizationMap) -> float:
    largest = np.unravel_index(int(np.argmax(np.abs(found.values))), found.values.shape)
    canonical = float(found.values[largest])
    return float(found.paper[largest]) / canonical if canonical else 1.0
