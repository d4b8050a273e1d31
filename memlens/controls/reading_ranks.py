"""A reading against its controls: p by rank, as a picture's regions have theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.controls.controls import Controls
from memlens.controls.family import p_by_rank
from memlens.controls.settings import ControlSettings
from memlens.controls.wording import settings_differ, too_few
from memlens.readings.reading import Reading
from memlens.readings.registry import READINGS
from memlens.sampling.provenance import Provenance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankedReading:
    """A reading's place among those of the controls.

    Attributes
    ----------
    key
        Name in `memlens.readings.registry.READINGS`.
    step
        That it was read at, None for the whole run.
    value
        The picture's.
    p
        (1 + #{controls at least as unusual}) / (N + 1); NaN where it cannot be compared.
    small_is_unusual
        Whether small values count as unusual, not large ones.
    controls
        Theirs, (N,); empty where it cannot be compared.
    inconclusive
        Why p tells nothing, as a clause; "" where it does.
    """

    key: str
    step: int | None
    value: float
    p: float
    small_is_unusual: bool
    controls: NDArray[np.float64]
    inconclusive: str


def rank_reading(reading: Reading, controls: Controls) -> RankedReading:
    """Rank one reading of a run among the controls'."""
    small = READINGS[reading.key].small_is_unusual
    theirs = controls.readings.get((reading.key, reading.step), np.zeros(0))
    found = _differences(reading.provenance, controls.settings)
    if not len(theirs):
        step = "" if reading.step is None else f" at step {reading.step}"
        found = (*found, f"{READINGS[reading.key].symbol}{step}, which the controls do not have")
    reason = settings_differ(found)
    sign = -1.0 if small else 1.0
    return RankedReading(
        key=reading.key,
        step=reading.step,
        value=reading.value,
        p=float("nan") if reason else p_by_rank(sign * reading.value, sign * theirs),
        small_is_unusual=small,
        controls=np.zeros(0) if reason else theirs,
        inconclusive=reason or too_few(controls.count),
    )


def _differences(made: Provenance, settings: ControlSettings) -> tuple[str, ...]:
    found = settings.differences(made, settings.latent_shape)
    kind = READINGS[made.reading].map_kind if made.reading else ""
    return (*found, *settings.baseline_difference(kind, made.baseline)) if kind else found
