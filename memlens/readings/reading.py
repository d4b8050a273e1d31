"""Reading: one number of a run or a step, with where it came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.sampling.provenance import Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number.

    Attributes
    ----------
    key
        Name in `memlens.readings.registry.READINGS`.
    value
        The number, in `unit`.
    standard_error
        In the same unit; None where nothing is estimated, NaN where one repetition tells
        nothing of its own error.
    per_step
        The same number at every step of the run, (N,), where that costs nothing; else None.
    per_token
        Text and number of each token of the prompt, for a reading of tokens; else None.
    unit
        "" where dimensionless.
    step
        The step that it was read at, None for the whole run.
    network_calls
        Forward passes and vector products made for it, beyond trajectory and given maps.
    seconds
        Wall time, beyond the same.
    provenance
        What made it.
    """

    key: str
    value: float
    standard_error: float | None
    per_step: NDArray[np.float32] | None
    unit: str
    step: int | None
    network_calls: int
    seconds: float
    provenance: Provenance
    per_token: tuple[tuple[str, float], ...] | None = None
