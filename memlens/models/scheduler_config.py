"""A pipeline's noise schedule as its configuration gives it, mended as the pipeline mends it.

A schedule that cannot be walked is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from memlens.errors import ModelError
from memlens.models.json_file import read_json

# What a UNet of Stable Diffusion may predict; a flow has another schedule as well.
PREDICTION_TYPES = ("epsilon", "sample", "v_prediction")


# A threshold is for pixels, and would cut a latent as clipping does.
LATENT_MENDS: Mapping[str, bool | int] = {"clip_sample": False, "thresholding": False}
# StableDiffusionPipeline sets the first two on loading, whatever the file says (diffusers 0.42.1).
STABLE_DIFFUSION_MENDS: Mapping[str, bool | int] = {
    "clip_sample": False,
    "steps_offset": 1,
    "thresholding": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerConfig:
    """What a DDIM schedule is made of.

    Attributes
    ----------
    values
        The configuration, mended, its prediction_type filled in.
    mended
        What was set otherwise than the file, or the library where it says nothing, has it;
        a phrase each.
    assumed
        What the file does not say, as it was filled in; a phrase each.
    train_timesteps
        Length of the training schedule.
    most_steps
        The longest walk along it.
    """

    values: dict[str, Any]
    mended: tuple[str, ...]
    assumed: tuple[str, ...]
    train_timesteps: int
    most_steps: int


def prediction_type_of(config: dict[str, Any]) -> str:
    """Return what the output is; the library's default where the configuration says nothing."""
    return str(config.get("prediction_type", PREDICTION_TYPES[0]))


def read_scheduler_config(file: Path) -> SchedulerConfig:
    """Read ``scheduler_config.json`` and mend it as StableDiffusionPipeline does on loading.

    Errors are those of `mended_config`.
    """
    return mended_config(read_json(file), str(file), STABLE_DIFFUSION_MENDS)


def mended_config(
    config: dict[str, Any], file: str, mends: Mapping[str, bool | int]
) -> SchedulerConfig:
    """Check a scheduler's configuration and set what its family's pipeline sets.

    A configuration of another sampler (Euler, DPM, PNDM) says nothing of `clip_sample`: the
    library would then clip the latent to ±1.

    Parameters
    ----------
    config
        As the file has it.
    file
        Named in errors.
    mends
        What the family sets, whatever the file says.

    Raises
    ------
    ModelError
        If the file cannot be read, or its schedule is none that this family can be walked along.
    """
    name = str(config.get("_class_name", ""))
    if "FlowMatch" in name or config.get("use_flow_sigmas"):
        raise ModelError(
            f"{file} is a flow's schedule ({name}): this family is walked along "
            "variance-preserving ones."
        )
    prediction = prediction_type_of(config)
    if prediction not in PREDICTION_TYPES:
        raise ModelError(
            f"{file} has the unknown prediction_type {prediction!r}: "
            f"{', '.join(PREDICTION_TYPES)} are known."
        )
    if config.get("rescale_betas_zero_snr") and prediction == "epsilon":
        raise ModelError(
            f"{file} combines rescale_betas_zero_snr with prediction_type epsilon: at zero signal "
            "predicted noise tells nothing of the picture. Zero terminal SNR needs v_prediction "
            "or sample; correct whichever entry is wrong."
        )
    _refuse_unwalkable(file, config)
    length = int(config.get("num_train_timesteps", 1000))
    mended = {**config, **mends, "prediction_type": prediction}
    assumed: tuple[str, ...] = ()
    if "prediction_type" not in config:
        assumed = (f"prediction_type {prediction}, the library's default: {file} names none",)
    return SchedulerConfig(
        values=mended,
        mended=_differences(config, mends),
        assumed=assumed,
        train_timesteps=length,
        most_steps=_most_steps(file, mended, length),
    )


def _differences(config: dict[str, Any], mends: Mapping[str, bool | int]) -> tuple[str, ...]:
    from diffusers import DDIMScheduler

    unmended = DDIMScheduler.from_config(config).config
    phrases = []
    for key, value in mends.items():
        if unmended[key] != value:
            whose = "the file's" if key in config else "the library's"
            phrases.append(f"{key} {_word(value)} instead of {whose} {_word(unmended[key])}")
    return tuple(phrases)


def _word(value: object) -> str:
    return str(value).lower()


def _most_steps(file: str, config: dict[str, Any], length: int) -> int:
    """Return how many steps stay on the schedule: an offset leaves no room for all of them."""
    from diffusers import DDIMScheduler

    made = DDIMScheduler.from_config(config)
    for steps in (length, length - 1):
        if steps > 0:
            made.set_timesteps(steps)
            if int(made.timesteps.max()) < length:
                return steps
    raise ModelError(f"{file} has {length} timestep: not one step can be walked on it.")


def _refuse_unwalkable(file: str, config: dict[str, Any]) -> None:
    from diffusers import DDIMScheduler

    length = config.get("num_train_timesteps", 1000)
    if type(length) is not int or length < 1:
        raise ModelError(f"{file}: num_train_timesteps is {length!r}, not a number of timesteps.")
    try:
        made = DDIMScheduler.from_config(config)
        made.set_timesteps(1)
        betas, signal = made.betas.numpy(), made.alphas_cumprod.numpy()
    except (NotImplementedError, ValueError, TypeError, RuntimeError) as error:
        raise ModelError(f"{file} makes no noise schedule: {error}.") from error
    falling = np.all((betas > 0) & (betas <= 1)) and 0 < signal[0] < 1
    if len(signal) != length or not falling:
        raise ModelError(
            f"{file} makes no noise schedule: its betas must be between 0 and 1, so that the "
            "signal falls from timestep to timestep."
        )
