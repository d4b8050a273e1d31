"""Family-wise p: one p for all regions of all kinds of map of a picture together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.intp]


def p_by_rank(value: float, controls: NDArray[np.floating]) -> float:
    """Return (1 + #{controls ≥ value}) / (N + 1)."""
    return float(1 + np.count_nonzero(controls >= value)) / (len(controls) + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The largest masses of the controls, by the kinds that are judged together.

    Picture and controls are ranked among each other by kind: the count of all N + 1 whose
    largest mass is at least theirs. A picture's rank in the family is its least count over the
    kinds; equal ones are told apart by the next least (Myllymäki et al. 2017, extreme rank
    length). Where picture and controls are exchangeable, P(p ≤ x) ≤ x.

    Attributes
    ----------
    masses
        Of each control, by kind, each (N,).
    """

    masses: Mapping[str, NDArray[np.float32]]

    @property
    def count(self) -> int:
        """How many controls there are."""
        return len(next(iter(self.masses.values())))

    def p(self, kind: str, mass: float, largest: Mapping[str, float]) -> float:
        """Return the p of one region.

        Parameters
        ----------
        kind, mass
            Of the region.
        largest
            The picture's largest mass by kind, of all kinds of the family. A region is not
            told apart by what other kinds found beyond its own rank.
        """
        kinds = list(self.masses)
        own = np.array([mass if name == kind else largest[name] for name in kinds])
        everyone = np.vstack([np.stack([self.masses[name] for name in kinds], axis=1), own])
        counts = _counts(everyone)
        last = counts[-1]
        at = kinds.index(kind)
        first = last[at]
        rank = sorted([first, *(max(first, other) for n, other in enumerate(last) if n != at)])
        return float(1 + _as_extreme(counts[:-1], rank)) / (self.count + 1)

    def left_one_out(self) -> NDArray[np.float64]:
        """Return each control's p with the others as its controls, (N,)."""
        counts = _counts(np.stack(list(self.masses.values()), axis=1))
        found = [_as_extreme(counts, sorted(row)) / self.count for row in counts]
        return np.array(found)


def _counts(masses: NDArray[np.floating]) -> Counts:
    """Return how many rows are at least as large in each column, (rows, kinds)."""
    rising = np.sort(masses, axis=0)
    columns = [
        len(masses) - np.searchsorted(rising[:, at], masses[:, at]) for at in range(masses.shape[1])
    ]
    return np.stack(columns, axis=1)


def _as_extreme(counts: Counts, rank: list[int]) -> int:
    """Count the rows whose sorted counts come no later than `rank`."""
    return sum(sorted(row) <= rank for row in counts.tolist())
