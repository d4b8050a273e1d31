"""The logSNR axis: where each step lies, and which step lies where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ui.view.view_state import FloatArray


class Axis:
    """Steps on a line of 0..1, by their logSNR.

    Steps are spread evenly where their logSNR is not finite or does not rise.

    Parameters
    ----------
    log_snr
        One number per step.
    """

    def __init__(self, log_snr: FloatArray) -> None:
        count = len(log_snr)
        values = np.asarray(log_snr, np.float64)
        self.by_log_snr = bool(
            count > 1 and np.isfinite(values).all() and (np.diff(values) > 0).all()
        )
        self._shares: NDArray[np.float64]
        if self.by_log_snr:
            self._shares = (values - values[0]) / (values[-1] - values[0])
        elif count > 1:
            self._shares = np.linspace(0.0, 1.0, count)
        else:
            self._shares = np.full(count, 0.5)
        self._halfway = (self._shares[1:] + self._shares[:-1]) / 2

    def __len__(self) -> int:
        return len(self._shares)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Where each step lies, 0..1."""
        return self._shares

    def share(self, step: int) -> float:
        """Return where `step` lies."""
        return float(self._shares[step])

    def step(self, share: float) -> int:
        """Return the step nearest to a place on the line."""
        return int(np.searchsorted(self._halfway, share))

    def edges(self, step: int) -> tuple[float, float]:
        """Return the part of the line that is nearer to `step` than to any other."""
        low = float(self._halfway[step - 1]) if step > 0 else 0.0
        high = float(self._halfway[step]) if step < len(self._halfway) else 1.0
        return low, high

    def spread(self, most: int, least_distance: float) -> list[int]:
        """Return at most `most` steps whose places are at least `least_distance` apart.

        The line is walked from its right end, because the last step matters most.
        """
        chosen: list[int] = []
        for step in range(len(self) - 1, -1, -1):
            if len(chosen) == most:
                break
            if not chosen or self._shares[chosen[-1]] - self._shares[step] >= least_distance:
                chosen.append(step)
        return chosen[::-1]
