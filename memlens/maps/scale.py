"""The scale between a map's values and its colours: linear, or logarithmic on both sides of 0."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.maps.ticks import MINUS, tick, ticks

FloatArray = NDArray[np.float32]

_DECADES = 2
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns values into shares 0..1 of the way from the low level to the high one.

    The logarithmic scale is sign(v)·log(1 + |v|/c): linear within ±c of 0, so that negative
    values and 0 have their place, logarithmic beyond.

    Attributes
    ----------
    low, high
        The values at the two ends.
    linear
        c, the half-width of the linear range; None for a linear scale.
    """

    low: float
    high: float
    linear: float | None = None

    @classmethod
    def of(cls, levels: tuple[float, float], log_scale: bool) -> Scale:
        """Return the scale between two levels.

        Its linear range ends two decades below the larger level, at a power of ten.
        """
        low, high = levels
        reach = max(abs(low), abs(high))
        if not log_scale or not (math.isfinite(reach) and reach > 0 and high > low):
            return cls(low, high)
        return cls(low, high, 10.0 ** (math.floor(math.log10(reach) + 1e-9) - _DECADES))

    def shares(self, values: FloatArray) -> FloatArray:
        """Return where values lie, 0 at the low level and 1 at the high one; NaN stays NaN."""
        start, end = self._bent(self.low), self._bent(self.high)
        span = end - start
        # One level for all: what is above it is at the high end.
        factor = np.float32(1.0 / span if span > 0 else np.finfo(np.float32).max)
        bent = values
        if self.linear is not None:
            bent = np.abs(values)
            bent *= np.float32(1.0 / self.linear)
            bent += np.float32(1.0)
            np.log(bent, out=bent)
            np.copysign(bent, values, out=bent)
        with np.errstate(invalid="ignore", over="ignore"):
            made: FloatArray = bent - np.float32(start)
            made *= factor
        return made

    def share(self, value: float) -> float:
        """Return where one value lies."""
        start, end = self._bent(self.low), self._bent(self.high)
        return (self._bent(value) - start) / (end - start) if end > start else 0.0

    def value(self, share: float) -> float:
        """Return the value that lies at a share."""
        start, end = self._bent(self.low), self._bent(self.high)
        bent = start + share * (end - start)
        if self.linear is None:
            return bent
        return math.copysign(math.expm1(abs(bent)) * self.linear, bent)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Return at most `most` round values between the levels, and how they are written."""
        if self.linear is None:
            marks, apart = ticks(self.low, self.high, most)
            return [(mark, tick(mark, apart)) for mark in marks]
        reach = max(abs(self.low), abs(self.high))
        decades = math.floor(math.log10(reach / self.linear) + 1e-9)
        powers = [self.linear * 10.0**power for power in range(decades + 1)]
        inside = [
            mark
            for mark in (*(-power for power in reversed(powers)), 0.0, *powers)
            if self.low - 1e-9 * reach <= mark <= self.high + 1e-9 * reach
        ]
        if len(inside) < 2:
            # Levels within one decade: round values say where they are.
            marks, apart = ticks(self.low, self.high, most)
            return [(mark, tick(mark, apart)) for mark in marks]
        if len(inside) > most:
            # The outer ones and 0 say most.
            rest = sorted(inside, key=lambda mark: (mark != 0, -abs(mark)))[: max(most, 2)]
            inside = sorted(rest)
        return [(mark, _power(mark)) for mark in inside]

    def words(self) -> str:
        """Return what the linear range is, as in "log beyond ±0.01"; "" for a linear scale."""
        return "" if self.linear is None else f"log beyond ±{_power(self.linear)}"

    def _bent(self, value: float) -> float:
        if self.linear is None:
            return value
        return math.copysign(math.log1p(abs(value) / self.linear), value)


def _power(value: float) -> str:
    """Return 0 or ± a power of ten, far from 1 as 10⁻⁴: a colour bar is narrow."""
    exponent = round(math.log10(abs(value))) if value else 0
    if -3 < exponent < 3:
        return f"{value:g}".replace("-", MINUS)
    sign = MINUS if value < 0 else ""
    return f"{sign}10{str(exponent).translate(_RAISED)}"
