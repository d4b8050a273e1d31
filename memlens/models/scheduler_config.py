"""A pipeline's noise schedule as its configuration gives it, refused where it cannot be walked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from memlens.errors import ModelError
from memlens.models.sources import read_json

# What a UNet of Stable Diffusion may predict; a flow has another schedule as well.
PREDICTION_TYPES = ("epsilon", "sample", "v_prediction")


def read_scheduler_config(file: Path) -> dict[str, Any]:
    """Read ``scheduler_config.json``; a DDIM schedule can be made of what is returned.

    Raises
    ------
    ModelError
        If the file cannot be read, or its schedule is none that this family can be walked along.
    """
    config = read_json(file)
    name = str(config.get("_class_name", ""))
    if "FlowMatch" in name or config.get("use_flow_sigmas"):
        raise ModelError(
            f"{file} is a flow's schedule ({name}), which memlens does not know yet: "
            "it knows variance-preserving ones."
        )
    prediction = config.get("prediction_type", "epsilon")
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
    return config


def _refuse_unwalkable(file: Path, config: dict[str, Any]) -> None:
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
