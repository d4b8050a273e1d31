"""Training schedules of both kinds, variance-preserving and flow, and the walks along them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from memlens.errors import ModelError, SettingsError
from memlens.models.scheduler_config import SchedulerConfig
from memlens.models.walk import FirstOrderWalk, SolverWalk, Walk
from memlens.sampling.schedule import NoiseLevel, Schedule

DDIM = "DDIMScheduler"
EULER = "EulerDiscreteScheduler"
DPM_SOLVER = "DPMSolverMultistepScheduler"
FLOW_EULER = "FlowMatchEulerDiscreteScheduler"
# The least ᾱ, as diffusers' own solvers have it: α = 2⁻¹², σ rounds to 1.
_LEAST_SIGNAL = 2.0**-24


class NoiseSchedule(Protocol):
    """A training schedule, and how a run walks along it."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Its configuration, mended."""
        ...

    @property
    def train_timesteps(self) -> int:
        """Length of the training schedule."""
        ...

    @property
    def most_steps(self) -> int:
        """The longest walk along it."""
        ...

    @property
    def mended(self) -> tuple[str, ...]:
        """What it has otherwise than its file says; a phrase each."""
        ...

    @property
    def assumed(self) -> tuple[str, ...]:
        """What its file does not say, as it was filled in; a phrase each."""
        ...

    def walk(self, steps: int, latent_size: tuple[int, int]) -> Walk:
        """Begin a walk of `steps` steps for latents of (H, W).

        Raises
        ------
        SettingsError
            If `steps` is below 1 or beyond `most_steps`.
        """
        ...

    def level(self, log_snr: float) -> NoiseLevel:
        """Return the level whose logSNR, in nats, is nearest."""
        ...


class VariancePreserving:
    """ᾱ of every training timestep, walked by DDIM or by the pipeline's own deterministic sampler.

    Parameters
    ----------
    config
        Mended.
    own_sampler
        Whether the configuration's own sampler is taken where it is deterministic (Euler,
        DPM-Solver); DDIM is taken for all others.
    pixels
        Whether x̂₀ is a picture in ±1, which clipping is meant for.
    """

    def __init__(
        self, config: SchedulerConfig, *, own_sampler: bool = True, pixels: bool = False
    ) -> None:
        self.values: Mapping[str, Any] = config.values
        self.train_timesteps = config.train_timesteps
        self.most_steps = config.most_steps
        self.mended = config.mended
        self.assumed = config.assumed
        self.sampler = _own_sampler(config.values) if own_sampler else DDIM
        self._clip = None
        if pixels and config.values.get("clip_sample", True):
            self._clip = float(config.values.get("clip_sample_range", 1.0))
        self._signal = self._made(DDIM).alphas_cumprod.double().numpy()

    def walk(self, steps: int, latent_size: tuple[int, int]) -> Walk:
        """Begin a walk of `steps` steps; the size plays no part."""
        _refuse_steps(steps, self.most_steps, self.train_timesteps)
        with warnings.catch_warnings():
            # The library turns tensors into arrays in a way that NumPy is about to drop.
            warnings.simplefilter("ignore", DeprecationWarning)
            made = self._made(self.sampler)
            made.set_timesteps(steps)
        if self.sampler == DDIM:
            return self._ddim(made, steps)
        ratios = [float(ratio) for ratio in made.sigmas]
        levels = [
            NoiseLevel.variance_exploding(float(t), ratio)
            for t, ratio in zip(made.timesteps, ratios, strict=False)
        ]
        if self.sampler == DPM_SOLVER:
            return SolverWalk(Schedule(tuple(levels)), made)
        last = NoiseLevel.variance_exploding(0.0, ratios[-1])
        return FirstOrderWalk(Schedule(tuple(levels)), [*levels[1:], last])

    def level(self, log_snr: float) -> NoiseLevel:
        """Return the level of the training timestep whose logSNR is nearest."""
        known = np.log(self._signal) - np.log1p(-self._signal)
        nearest = int(np.argmin(np.abs(known - log_snr)))
        return NoiseLevel.variance_preserving(float(nearest), float(self._signal[nearest]))

    def _ddim(self, made: Any, steps: int) -> Walk:
        def at(timestep: int) -> NoiseLevel:
            signal = made.alphas_cumprod[timestep] if timestep >= 0 else made.final_alpha_cumprod
            return NoiseLevel.variance_preserving(float(timestep), float(signal))

        timesteps = [int(t) for t in made.timesteps]
        # As DDIM has it: the arrival is a fixed number of timesteps off, not the next start.
        stride = self.train_timesteps // steps
        levels = tuple(at(t) for t in timesteps)
        return FirstOrderWalk(Schedule(levels), [at(t - stride) for t in timesteps], self._clip)

    def _made(self, sampler: str) -> Any:
        import diffusers

        # ε̂ is what DDIM and Euler are given, x̂₀ what DPM-Solver is, whatever the network predicts.
        given = "sample" if sampler == DPM_SOLVER else "epsilon"
        scheduler = getattr(diffusers, sampler).from_config(self.values, prediction_type=given)
        if sampler == DDIM:
            # With no signal at all (zero terminal SNR), ε̂ would not tell x̂₀ any more.
            scheduler.alphas_cumprod.clamp_(min=_LEAST_SIGNAL)
        return scheduler


class Flow:
    """σ from 1 to 0 with α = 1 − σ, walked by Euler.

    Parameters
    ----------
    config
        Of a FlowMatchEulerDiscreteScheduler.
    file
        Named in errors.
    patch
        Latent coordinates a side of what the network takes for one token; the shift of some
        schedules depends on their number.
    starts_evenly
        Whether the unshifted σ are 1, 1 − 1/n, …, 1/n, instead of the scheduler's own.
    assumed
        As `NoiseSchedule.assumed`.

    Raises
    ------
    ModelError
        If the configuration makes no such schedule.
    """

    def __init__(
        self,
        config: dict[str, Any],
        *,
        file: str,
        patch: int,
        starts_evenly: bool,
        assumed: tuple[str, ...] = (),
    ) -> None:
        self.values: Mapping[str, Any] = config
        self.mended = _flow_mends(config)
        self.assumed = assumed
        self._patch = patch
        self._starts_evenly = starts_evenly
        length = config.get("num_train_timesteps", 1000)
        if type(length) is not int or length < 1:
            raise ModelError(f"{file}: num_train_timesteps is {length!r}, no number of timesteps.")
        self.train_timesteps = self.most_steps = length
        name = config.get("_class_name", FLOW_EULER)
        if "FlowMatch" not in str(name):
            raise ModelError(
                f"{file} is no flow's schedule ({name}): this family is walked along "
                f"{FLOW_EULER}'s."
            )
        try:
            self.walk(2, (2 * patch, 2 * patch))
        except (NotImplementedError, ValueError, TypeError, RuntimeError, KeyError) as error:
            raise ModelError(f"{file} makes no noise schedule: {error}.") from error

    def walk(self, steps: int, latent_size: tuple[int, int]) -> Walk:
        """Begin a walk of `steps` steps for latents of (H, W)."""
        from diffusers import FlowMatchEulerDiscreteScheduler

        _refuse_steps(steps, self.most_steps, self.train_timesteps)
        made = FlowMatchEulerDiscreteScheduler.from_config(
            self.values, stochastic_sampling=False, invert_sigmas=False
        )
        tokens = (latent_size[0] // self._patch) * (latent_size[1] // self._patch)
        shift = _dynamic_shift(made.config, tokens) if made.config.use_dynamic_shifting else None
        even = None
        if self._starts_evenly and not getattr(made.config, "use_flow_sigmas", False):
            even = np.linspace(1.0, 1.0 / steps, steps)
        made.set_timesteps(steps, sigmas=even, mu=shift)
        sigmas = [float(sigma) for sigma in made.sigmas]
        if not all(a > b for a, b in pairwise(sigmas)) or sigmas[0] > 1.0:
            raise ValueError("σ must fall from step to step, from 1 at most")
        levels = tuple(
            NoiseLevel.flow(float(t), sigma)
            for t, sigma in zip(made.timesteps, sigmas, strict=False)
        )
        return FirstOrderWalk(Schedule(levels), [*levels[1:], NoiseLevel.flow(0.0, sigmas[-1])])

    def level(self, log_snr: float) -> NoiseLevel:
        """Return the level of this logSNR: α/σ = (1 − σ)/σ."""
        sigma = 1.0 / (1.0 + math.exp(log_snr / 2.0))
        return NoiseLevel.flow(self.train_timesteps * sigma, sigma)


def _own_sampler(config: dict[str, Any]) -> str:
    name = str(config.get("_class_name", DDIM))
    if name == DPM_SOLVER:
        deterministic = config.get("algorithm_type", "dpmsolver++") in ("dpmsolver", "dpmsolver++")
        return DPM_SOLVER if deterministic else DDIM
    return name if name == EULER else DDIM


def _flow_mends(config: dict[str, Any]) -> tuple[str, ...]:
    found = [
        f"{key} false instead of the file's true"
        for key in ("stochastic_sampling", "invert_sigmas")
        if config.get(key)
    ]
    name = config.get("_class_name", FLOW_EULER)
    return (*found, *([] if name == FLOW_EULER else [f"walked by {FLOW_EULER}, not by {name}"]))


def _dynamic_shift(config: Any, tokens: int) -> float:
    """Return µ, linear in the number of tokens (Esser et al., ICML 2024, section 5.3.2)."""
    slope = (config.max_shift - config.base_shift) / (
        config.max_image_seq_len - config.base_image_seq_len
    )
    return float(config.base_shift + slope * (tokens - config.base_image_seq_len))


def _refuse_steps(steps: int, most: int, length: int) -> None:
    if 1 <= steps <= most:
        return
    why = ""
    if most < steps <= length:
        why = f"steps_offset 1 puts the first beyond the last timestep of {steps}; "
    raise SettingsError(f"{steps} steps cannot be walked: {why}choose 1 to {most}.")
