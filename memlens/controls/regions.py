"""Regions of a surprise map: coordinates beyond 99 %, joined by their sides, and their mass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]

# Beyond 99 % of all coordinates of the controls.
FORMING = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class SurpriseRegion:
    """One region of a surprise map.

    Attributes
    ----------
    inside
        Its coordinates, (H, W).
    mass
        Σ(u − 2) over them, as brain imaging tests clusters.
    """

    inside: BoolArray
    mass: float


def regions_of(surprise: NDArray[np.floating]) -> tuple[SurpriseRegion, ...]:
    """Return the regions of a surprise map, (H, W), the largest mass first."""
    from scipy import ndimage  # slow, and needed where there is a map only

    labels, count = ndimage.label(surprise >= FORMING)
    numbers = np.arange(1, count + 1)
    masses = ndimage.sum_labels(surprise.astype(np.float64) - FORMING, labels, numbers)
    return tuple(
        SurpriseRegion(labels == numbers[at], float(masses[at]))
        for at in np.argsort(-np.asarray(masses), kind="stable")
    )


def largest_mass(surprise: NDArray[np.floating]) -> float:
    """Return the largest region's mass; 0 where no coordinate is beyond 99 %."""
    found = regions_of(surprise)
    return found[0].mass if found else 0.0
