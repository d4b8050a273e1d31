"""How often controls find something where nothing is: on themselves, and on fresh pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.controls.controls import Controls
from memlens.controls.parts import Part
from memlens.controls.regions import largest_mass
from memlens.controls.verdict import FOUND
from memlens.maps.localization_map import mean_filter

LEVELS = (FOUND, 0.01)
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class FalsePositives:
    """Pictures with p at most `level` among some that are believed not to be memorized.

    Attributes
    ----------
    kinds
        Judged together.
    step
        Of the maps.
    fresh
        Whether the pictures are fresh, or the controls themselves, each against the others.
    level
        The p that counts as found.
    found, pictures
        How many of how many.
    low, high
        95 % interval of the rate (Clopper and Pearson).
    """

    kinds: tuple[str, ...]
    step: int
    fresh: bool
    level: float
    found: int
    pictures: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """The share found."""
        return self.found / self.pictures


def left_one_out(controls: Controls, kinds: Iterable[str], step: int) -> tuple[FalsePositives, ...]:
    """Judge each control against the others; a rate for each of `LEVELS`.

    With one kind of map this is ⌊level · N⌋ of N but for ties: ranks are what they are. It
    tells of several kinds together, and of how fine p can be.
    """
    names = tuple(kinds)
    ps = controls.family(names, step).left_one_out()
    return _rates(ps, names, step, fresh=False)


def fresh(
    controls: Controls, parts: Sequence[Part], kinds: Iterable[str], step: int
) -> tuple[FalsePositives, ...]:
    """Judge pictures that calibration did not see; a rate for each of `LEVELS`."""
    names = tuple(kinds)
    ps = np.array(
        [least_p({name: part.maps[name, step] for name in names}, controls, step) for part in parts]
    )
    return _rates(ps, names, step, fresh=True)


def least_p(maps: Mapping[str, NDArray[np.float32]], controls: Controls, step: int) -> float:
    """Return the p of a picture's least likely region over all kinds of `maps`, (H, W) each.

    The maps are as they are made, without smoothing.
    """
    largest = {}
    for kind, values in maps.items():
        null = controls.maps[kind, step].values
        smooth = mean_filter(values, controls.settings.smoothing)
        largest[kind] = largest_mass(null.surprise(smooth))
    family = controls.family(maps, step)
    return min(family.p(kind, mass, largest) for kind, mass in largest.items())


def _rates(
    ps: NDArray[np.float64], kinds: tuple[str, ...], step: int, *, fresh: bool
) -> tuple[FalsePositives, ...]:
    from scipy.stats import binomtest  # slow, and needed for the check alone

    found = []
    for level in LEVELS:
        count = int(np.count_nonzero(ps <= level))
        interval = binomtest(count, len(ps)).proportion_ci(_CONFIDENCE, method="exact")
        found.append(
            FalsePositives(
                kinds=kinds,
                step=step,
                fresh=fresh,
                level=level,
                found=count,
                pictures=len(ps),
                low=float(interval.low),
                high=float(interval.high),
            )
        )
    return tuple(found)
