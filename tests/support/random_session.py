"""A session whose every array is random, so that nothing in it is the same by chance."""

from __future__ import annotations

from typing import Any

import numpy as np

from memlens.files.sessions import NamedMask, Session
from memlens.maps.localization_map import LocalizationMap
from memlens.sampling.provenance import Provenance
from memlens.sampling.schedule import NoiseLevel, Schedule
from memlens.sampling.trajectory import Trajectory


def provenance(**changed: Any) -> Provenance:
    values = {
        "model": "demo@0123456789ab",
        "family": "StableDiffusionPipeline",
        "prediction_type": "epsilon",
        "device": "cpu",
        "dtype": "float32",
        "prompt": "a red apple",
        "prompt_truncated": False,
        "seed": 3,
        "steps": 4,
        "guidance_scale": 7.5,
    }
    return Provenance(**{**values, **changed})


def session(*, steps: int = 4, side: int = 8, picture: int = 16, maps: int = 3) -> Session:
    random = np.random.default_rng(0)

    def floats(*shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        return random.standard_normal(shape).astype(np.float32)

    levels = [NoiseLevel.variance_preserving(float(999 - i), (i + 1) / 70) for i in range(steps)]
    return Session(
        trajectory=Trajectory(
            schedule=Schedule(tuple(levels)),
            x_t=floats(steps, 4, side, side),
            eps_target=floats(steps, 4, side, side),
            eps_unconditional=floats(steps, 4, side, side),
            final_latent=floats(4, side, side),
            image=random.integers(0, 256, (picture, picture, 3), np.uint8),
            provenance=provenance(steps=steps),
            seconds=1.25,
        ),
        maps=tuple(
            LocalizationMap(
                kind="cov" if index % 2 else "score_diff",
                values=floats(side, side),
                standard_error=floats(side, side) if index % 2 else None,
                paper=floats(side, side),
                network_calls=17,
                seconds=0.5,
                provenance=provenance(method="curvature-difference", step=index, sigma=0.04),
            )
            for index in range(maps)
        ),
        masks=(
            NamedMask(
                name="mine", kind="ground truth", pixels=random.random((picture, picture)) > 0.5
            ),
        ),
        thumbnails=random.integers(0, 256, (steps, picture, picture, 3), np.uint8),
        view={"step": 3, "panels": ["cov", "picture"], "nested": {"é": None, "x": 0.1}},
    )
