"""Stop at NaN or infinity in a network's output, with the step and the advice."""

from __future__ import annotations

import torch
from torch import Tensor

from memlens.errors import NumericalError
from memlens.schedule import NoiseLevel


def require_finite(values: Tensor, *, what: str, step: int, level: NoiseLevel) -> Tensor:
    """Return `values` as they are.

    Raises
    ------
    NumericalError
        If any of them is NaN or infinite.
    """
    if bool(torch.isfinite(values).all()):
        return values
    advice = (
        "the weights may be damaged"
        if values.dtype == torch.float32
        else f"{str(values.dtype).removeprefix('torch.')} may be too narrow: choose float32"
    )
    raise NumericalError(
        f"the network gave NaN or infinity for the {what} at step {step} "
        f"(timestep {level.timestep:g}); {advice}."
    )
