"""The noise schedule of one sampling run: timestep, α and σ of each step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from memlens.errors import SettingsError

# A flow begins without any signal; this much is left, so that log SNR and x̂₀ are numbers.
_LEAST_FLOW_SIGNAL = 2.0**-16


@dataclass(frozen=True, slots=True)
class NoiseLevel:
    """The noise at one step: x_t = α x₀ + σ ε.

    Attributes
    ----------
    timestep
        The schedule's own t.
    alpha, sigma
        Signal and noise scales, both dimensionless.
    """

    timestep: float
    alpha: float
    sigma: float

    @property
    def log_snr(self) -> float:
        """log(α²/σ²), in nats; −∞ where a zero-terminal-SNR schedule has no signal at all."""
        if self.alpha == 0.0:
            return -math.inf
        return 2.0 * (math.log(self.alpha) - math.log(self.sigma))

    @classmethod
    def variance_preserving(cls, timestep: float, alpha_cumprod: float) -> Self:
        """Make the level with α² = ᾱ and σ² = 1 − ᾱ."""
        return cls(timestep, math.sqrt(alpha_cumprod), math.sqrt(1.0 - alpha_cumprod))

    @classmethod
    def flow(cls, timestep: float, sigma: float) -> Self:
        """Make the level of a flow, α = 1 − σ; α is at least 2⁻¹⁶."""
        alpha = max(1.0 - sigma, _LEAST_FLOW_SIGNAL)
        return cls(timestep, alpha, 1.0 - alpha)

    @classmethod
    def variance_exploding(cls, timestep: float, ratio: float) -> Self:
        """Make the level of x₀ + s ε, s = `ratio`, scaled to α² + σ² = 1: σ/α = s."""
        alpha = 1.0 / math.hypot(1.0, ratio)
        return cls(timestep, alpha, ratio * alpha)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Noise levels in sampling order: index 0 has the most noise."""

    levels: tuple[NoiseLevel, ...]

    def __len__(self) -> int:
        return len(self.levels)

    def __getitem__(self, step: int) -> NoiseLevel:
        return self.levels[step]

    @property
    def log_snr(self) -> NDArray[np.float64]:
        """The logSNR of every step, shape (N,), rising."""
        return np.array([level.log_snr for level in self.levels])

    def index(self, step: int) -> int:
        """Turn a step, −1 meaning the last, into an index 0..N−1.

        Raises
        ------
        SettingsError
            If there is no such step.
        """
        count = len(self.levels)
        if not -count <= step < count:
            raise SettingsError(f"step {step} does not exist: choose 0 to {count - 1}, or -1.")
        return step % count

    def nearest(self, log_snr: float) -> int:
        """Return the step whose logSNR is nearest to `log_snr`, the first or last beyond them.

        Raises
        ------
        SettingsError
            If `log_snr` is not a finite number.
        """
        if not math.isfinite(log_snr):
            raise SettingsError(f"the logSNR {log_snr} is not a finite number.")
        return int(np.argmin(np.abs(self.log_snr - log_snr)))
