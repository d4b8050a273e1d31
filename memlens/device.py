"""The one place that chooses the device and the precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from memlens.errors import OutOfMemory, SettingsError

_DTYPES = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}
# Weights, the activations of one graph and its gradients together stay below this multiple.
_GRAPH_OVER_WEIGHTS = 3.0
GIB = 1024**3


def choose_device(name: str = "auto") -> torch.device:
    """Turn "auto", "cpu", "cuda", "cuda:1" or "mps" into a device that exists.

    "auto" takes CUDA, then MPS, then the CPU.

    Raises
    ------
    SettingsError
        If the device is unknown or not there.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise SettingsError(
            f"no device is called {name!r}: choose auto, cpu, cuda or mps."
        ) from None
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if not there.get(device.type, False):
        raise SettingsError(f"the device {name} is not on this machine: choose auto or cpu.")
    return device


def choose_dtype(name: str, device: torch.device, parameters: int) -> torch.dtype:
    """Turn "auto", "float32", "bfloat16" or "float16" into a precision.

    "auto" is float32 wherever a float32 graph of `parameters` weights fits, bfloat16 otherwise.

    Raises
    ------
    SettingsError
        If the precision is unknown.
    """
    if name == "auto":
        free = free_memory(device)
        fits = free is None or float32_graph_bytes(parameters) <= free
        return torch.float32 if fits else torch.bfloat16
    if name not in _DTYPES:
        known = ", ".join(_DTYPES)
        raise SettingsError(f"no precision is called {name!r}: choose auto, {known}.")
    return _DTYPES[name]


def float32_graph_bytes(parameters: int) -> int:
    """Bytes that float32 weights, one graph and its gradients stay below."""
    return int(parameters * 4 * _GRAPH_OVER_WEIGHTS)


def device_choices() -> dict[str, str]:
    """Return each device's name → why it cannot be chosen on this machine, "" when it can."""
    choices = {"auto": "", "cpu": ""}
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if count:
        choices |= dict.fromkeys(("cuda", *(f"cuda:{n}" for n in range(1, count))), "")
    else:
        choices["cuda"] = "There is no CUDA device on this machine, or no driver for it."
    there = torch.backends.mps.is_available()
    choices["mps"] = "" if there else "MPS is there on Macs with Apple silicon only."
    return choices


def dtype_choices(device: torch.device) -> dict[str, str]:
    """Return each precision's name → why it cannot be chosen on `device`, "" when it can."""
    choices = dict.fromkeys(("auto", *_DTYPES), "")
    if device.type == "cuda" and not torch.cuda.is_bf16_supported():
        choices["bfloat16"] = "This CUDA device does not compute in bfloat16."
    return choices


def free_memory(device: torch.device) -> int | None:
    """Bytes free on the device; None where that cannot be told."""
    if device.type == "cuda":
        # What torch has set aside and does not use is free too.
        cached = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(torch.cuda.mem_get_info(device)[0]) + int(cached)
    if device.type == "cpu":
        import psutil

        return int(psutil.virtual_memory().available)
    return None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception from torch means that memory ran out, on any device."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # The CPU and MPS allocators raise a plain RuntimeError.
    text = str(error)
    return isinstance(error, RuntimeError) and (
        "out of memory" in text or "can't allocate memory" in text
    )


@contextmanager
def guarding_memory(device: torch.device, what: str) -> Iterator[None]:
    """Turn running out of memory inside the block into a sentence.

    Parameters
    ----------
    device
        Where the block computes.
    what
        For what there is too little memory, as a phrase.

    Raises
    ------
    OutOfMemory
        If memory runs out; every other exception passes as it is.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemory(
            f"{device} has too little memory for {what}: "
            "close other programs, or use bfloat16 or a smaller model."
        ) from error
