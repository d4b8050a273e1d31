"""Merge the parts of a calibration into controls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from memlens.controls.controls import Controls
from memlens.controls.parts import Part
from memlens.controls.sketching import sketch


def merge(parts: Sequence[Part]) -> Controls:
    """Sketch the parts together; the same parts in the same order give the same controls.

    Raises
    ------
    SettingsError
        If there are fewer than two.
    """
    first = parts[0]
    made = first.settings
    return Controls(
        settings=made,
        sigmas=dict(first.sigmas),
        maps={
            key: sketch(
                np.stack([part.maps[key] for part in parts]),
                smoothing=made.smoothing,
                cells=made.cells,
            )
            for key in first.maps
        },
        readings={key: np.array([part.readings[key] for part in parts]) for key in first.readings},
        prompts=tuple(part.prompt for part in parts),
        seeds=tuple(part.seed for part in parts),
        versions=first.versions,
    )
