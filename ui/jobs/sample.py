"""Sample one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.maps.localization_map import LocalizationMap
from memlens.masks.named_mask import NamedMask
from memlens.sampling.noise import CPU
from memlens.sampling.trajectory import Trajectory
from ui.jobs.job import Job, Request, Result
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.picture import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Request):
    """Sample one trajectory; its score-difference maps come along step by step."""

    job: ClassVar[Job] = Job(
        name="sample",
        priority=170,
        work="sampling.sample",
        cancellable=True,
        offer=lambda out_of_memory: (ActionKey.RUN, tr("Run again")),
    )
    run: int
    prompt: str
    seed: int
    steps: int
    guidance_scale: float
    noise: str = CPU


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingBegan(Result):
    """The schedule is known and the prompt encoded.

    Attributes
    ----------
    masks, offered_masks
        What the lab knows of the picture; of the prompt, where the picture may lack the pattern.
    """

    run: int
    log_snr: NDArray[np.float32]
    truncated: str = ""
    masks: tuple[NamedMask, ...] = ()
    offered_masks: tuple[NamedMask, ...] = ()
    prompt: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSampled(Result):
    """One more step: its free map, and x̂₀ when there was time to decode it."""

    run: int
    step: int
    free_map: LocalizationMap | None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled(Result):
    """The run is complete, or was cancelled and cut to the steps that it reached."""

    run: int
    trajectory: Trajectory
