"""Stop at NaN or infinity in a network's output, with the step and the advice."""

from __future__ import annotations

import torch
from torch import Tensor

from memlens.errors import NumericalError
from memlens.sampling.schedule import NoiseLevel


def require_finite(
    values: Tensor, *, what: str, step: int, level: NoiseLevel, dtype: torch.dtype | None = None
) -> Tensor:
    """Return `values` as they are.

    Parameters
    ----------
    dtype
        The precision that the network ran in; None takes that of `values`.

    Raises
    ------
    NumericalError
        If any of them is NaN or infinite.
    """
    if bool(torch.isfinite(values).all()):
        return values
    raise NumericalError(
        f"the network gave NaN or infinity for the {what} at step {step} "
        f"(timestep {level.timestep:g}); {advice(dtype or values.dtype)}."
    )


def advice(dtype: torch.dtype) -> str:
    """Return what to do about NaN from a network that runs in `dtype`, as a clause."""
    if dtype in (torch.float32, torch.float64):
        return "the weights may be damaged"
    return f"{str(dtype).removeprefix('torch.')} may be too narrow: choose float32"
