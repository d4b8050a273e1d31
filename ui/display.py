"""Maps as they are displayed: units, smoothing and levels, kept so that identity holds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from memlens.maps import LocalizationMap
from ui.view_state import FloatArray

_KEPT = 1024


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


class Display:
    """Turns maps into display arrays; the same map gives the same array again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str, int], tuple[LocalizationMap, Displayed]] = (
            OrderedDict()
        )

    def of(self, found: LocalizationMap, units: str, smoothing: int) -> Displayed:
        """Return `found` under a mean filter in "canonical" or "paper" units."""
        key = (id(found), units, smoothing)
        kept = self._kept.get(key)
        if kept is not None and kept[0] is found:
            self._kept.move_to_end(key)
            return kept[1]
        made = _displayed(found, units, smoothing)
        self._kept[key] = (found, made)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made


def _displayed(found: LocalizationMap, units: str, smoothing: int) -> Displayed:
    smooth = found.smoothed(smoothing)
    scale = _paper_scale(smooth) if units == "paper" else 1.0
    values = smooth.paper_values() if units == "paper" else smooth.values
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
