"""Small made-up runs and maps, so that the window can be tested without a network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from memlens.files.sessions import NamedMask, Session
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS
from memlens.models.description import ModelDescription
from memlens.sampling.provenance import Provenance
from memlens.sampling.schedule import NoiseLevel, Schedule
from memlens.sampling.trajectory import Trajectory

STEPS = 6
SIDE = 8
PICTURE = 32
BASELINE = "toy/unet-early@bbbbbbbbbbbb"

DESCRIPTION = ModelDescription(
    name="toy",
    source="/models/toy",
    fingerprint="aaaaaaaaaaaa",
    family="StableDiffusionPipeline",
    prediction_type="epsilon",
    latent_shape=(4, SIDE, SIDE),
    picture_size=(PICTURE, PICTURE),
    train_timesteps=1000,
    prompt_tokens=24,
    parameters=1_000_000,
    device="cpu",
    dtype="float32",
    default_guidance_scale=3.0,
)


def provenance(**values: object) -> Provenance:
    made = {
        "model": DESCRIPTION.identity,
        "family": DESCRIPTION.family,
        "prediction_type": "epsilon",
        "device": "cpu",
        "dtype": "float32",
        "prompt": "a lion",
        "prompt_truncated": False,
        "seed": 3,
        "steps": STEPS,
        "guidance_scale": 3.0,
        "versions": (("python", "3"),),
    }
    return Provenance(**{**made, **values})  # type: ignore[arg-type]


def trajectory() -> Trajectory:
    levels = tuple(
        NoiseLevel.variance_preserving(float(900 - 150 * i), 0.02 + 0.19 * i) for i in range(STEPS)
    )
    noise = np.random.default_rng(0).normal(size=(3, STEPS, 4, SIDE, SIDE)).astype(np.float32)
    return Trajectory(
        schedule=Schedule(levels),
        x_t=noise[0],
        eps_target=noise[1],
        eps_unconditional=noise[2],
        final_latent=noise[0, -1],
        image=np.full((PICTURE, PICTURE, 3), 128, np.uint8),
        provenance=provenance(),
        seconds=0.6,
    )


def left_half() -> NamedMask:
    pixels = np.zeros((PICTURE, PICTURE), bool)
    pixels[:, : PICTURE // 2] = True
    return NamedMask(name="ground truth", kind="ground truth", pixels=pixels)


def made_map(kind: str, step: int, *, probes: int = 16, seed: int = 0) -> LocalizationMap:
    spec = MAP_KINDS[kind]
    uses = "curvature" in spec.method
    baseline = BASELINE if spec.baseline == "less-trained" else spec.baseline
    values = np.random.default_rng([seed, step]).random((SIDE, SIDE)).astype(np.float32)
    values[:, : SIDE // 2] += 1
    return LocalizationMap(
        kind=kind,
        values=values,
        standard_error=np.full_like(values, 0.1) if uses else None,
        paper=values * 4,
        network_calls=probes if uses else 0,
        seconds=0.1,
        provenance=provenance(
            method=spec.method,
            baseline=baseline,
            step=step,
            estimator="hutchinson" if uses else None,
            probes=probes if uses else None,
            probe_seed=0 if uses else None,
        ),
    )


def session() -> Session:
    maps = [made_map("score_diff", step) for step in range(STEPS)]
    maps += [made_map(kind, STEPS - 2) for kind in ("cov", "cov_bad", "attention")]
    return Session(
        trajectory=trajectory(),
        maps=tuple(maps),
        masks=(left_half(),),
        thumbnails=np.zeros((STEPS, PICTURE, PICTURE, 3), np.uint8),
        view={"step": STEPS - 2},
    )


def renamed(name: str, fingerprint: str) -> ModelDescription:
    return replace(DESCRIPTION, name=name, fingerprint=fingerprint)


def negated(found: LocalizationMap) -> LocalizationMap:
    return replace(found, values=-found.values, paper=-found.values)
