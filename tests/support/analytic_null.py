"""Controls whose maps are drawn: smooth random fields that are exchangeable with fresh ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from memlens.controls.controls import Controls
from memlens.controls.settings import ControlSettings
from memlens.controls.sketching import sketch
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS, METHODS
from memlens.sampling.provenance import Provenance

GRID = (16, 16)
PICTURE = (64, 64)
STEP = 49
SIGMA = 0.0413


def fields(
    count: int, rng: np.random.Generator, *, grid: tuple[int, int] = GRID
) -> NDArray[np.float32]:
    """Draw maps, (count, H, W): skewed, each with a level of its own, neighbours alike."""
    noise = rng.standard_normal((count, *grid))
    smooth = gaussian_filter(noise, (0, 1.0, 1.0)) * rng.gamma(4.0, 0.25, (count, 1, 1))
    maps: NDArray[np.float32] = (np.exp(smooth) - 1.0).astype(np.float32)
    return maps


def settings(**changed: object) -> ControlSettings:
    values = {
        "model": "analytic@0123456789ab",
        "baseline": "early@ba9876543210",
        "family": "StableDiffusionPipeline",
        "prediction_type": "epsilon",
        "latent_shape": (4, *GRID),
        "picture_size": PICTURE,
        "dtype": "float32",
        "curvature_dtype": "float32",
        "steps": 50,
        "guidance_scale": 3.0,
        "schedule_mended": (),
        "estimator": "probing",
        "probes": 16,
        "products": "reverse",
        "smoothing": 3,
        "cells": 8,
        **changed,
    }
    return ControlSettings(**values)  # type: ignore[arg-type]


def controls_of(maps: Mapping[str, NDArray[np.float32]], **changed: object) -> Controls:
    """Make controls of drawn maps, (N, H, W) by kind."""
    made = settings(**changed)
    count = len(next(iter(maps.values())))
    return Controls(
        settings=made,
        sigmas={STEP: SIGMA},
        maps={
            (kind, STEP): sketch(drawn, smoothing=made.smoothing, cells=made.cells)
            for kind, drawn in maps.items()
        },
        readings={("wen", None): np.linspace(0.5, 1.5, count)},
        prompts=tuple(f"prompt {index}" for index in range(count)),
        seeds=tuple(range(count)),
        versions=(("memlens", "0"),),
    )


def localization_map(
    kind: str,
    values: NDArray[np.float32],
    *,
    error: NDArray[np.float32] | None = None,
    **changed: object,
) -> LocalizationMap:
    """Wrap drawn values as a map made with the settings of `settings`."""
    probed = METHODS[MAP_KINDS[kind].method].uses_probes
    facts = {
        "model": "analytic@0123456789ab",
        "family": "StableDiffusionPipeline",
        "prediction_type": "epsilon",
        "device": "cpu",
        "dtype": "float32",
        "prompt": "a prompt",
        "prompt_truncated": False,
        "seed": 0,
        "steps": 50,
        "guidance_scale": 3.0,
        "method": MAP_KINDS[kind].method,
        "baseline": "early@ba9876543210",
        "step": STEP,
        "timestep": 1.0,
        "alpha": 0.9991,
        "sigma": SIGMA,
        "steps_averaged": 1,
        "estimator": "probing" if probed else None,
        "probes": 16 if probed else None,
        "curvature_dtype": "float32" if probed else None,
        **changed,
    }
    return LocalizationMap(
        kind=kind,
        values=values,
        standard_error=error,
        paper=values,
        network_calls=0,
        seconds=0.0,
        provenance=Provenance(**facts),  # type: ignore[arg-type]
    )
