"""Average maps of consecutive steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from memlens.maps.localization_map import FloatArray, LocalizationMap


def average(maps: Sequence[LocalizationMap]) -> LocalizationMap:
    """Average maps of consecutive steps.

    All steps share their probes, so their errors are correlated: the standard error given is
    the mean of theirs, an upper bound.

    In the paper's units each step is scaled by its own σ before the mean, as in the official
    code. The provenance is the first step's, with `steps_averaged`.
    """
    first = maps[0]
    if len(maps) == 1:
        return first
    errors = [m.standard_error for m in maps if m.standard_error is not None]
    return replace(
        first,
        values=_mean([m.values for m in maps]),
        paper=_mean([m.paper for m in maps]),
        standard_error=_mean(errors) if len(errors) == len(maps) else None,
        network_calls=sum(m.network_calls for m in maps),
        seconds=sum(m.seconds for m in maps),
        provenance=replace(first.provenance, steps_averaged=len(maps)),
    )


def _mean(arrays: Sequence[FloatArray]) -> FloatArray:
    mean: FloatArray = np.stack(arrays).mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean
