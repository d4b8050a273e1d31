"""The one place that chooses an engine."""

from __future__ import annotations

from collections.abc import Sequence

from memlens.errors import SettingsError
from memlens.progress import CancelToken, ProgressCallback, ignore_progress
from memlens.sweep.engine import Engine
from memlens.sweep.settings import SweepSettings

LOCAL, RAY = "local", "ray"
ENGINES = (LOCAL, RAY)


def engine_for(
    name: str,
    settings: SweepSettings,
    *,
    devices: Sequence[str] = (),
    actors: int | None = None,
    gpus: float | None = None,
    cpus: float = 1,
    address: str | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Engine:
    """Start an engine.

    Parameters
    ----------
    name
        "local" or "ray".
    devices
        Of the local engine, one process each; none takes all CUDA devices, or this process.
    actors, gpus, cpus, address
        Of Ray; see `memlens.sweep.ray_engine.RayEngine`.
    progress, cancel
        Of the loading, where it happens here.

    Raises
    ------
    SettingsError
        If there is no such engine, or it cannot be started.
    MemlensError
        If the model cannot be loaded.
    """
    if name == RAY:
        from memlens.sweep.ray_engine import RayEngine

        return RayEngine(settings, actors=actors, gpus=gpus, cpus=cpus, address=address)
    if name != LOCAL:
        raise SettingsError(f"no engine is called {name!r}: choose {' or '.join(ENGINES)}.")
    from memlens.sweep.local_engine import InProcess, OneProcessADevice

    chosen = tuple(devices) or _devices_of(settings.device)
    if len(chosen) > 1:
        return OneProcessADevice(settings, chosen)
    return InProcess(settings, device=chosen[0], progress=progress, cancel=cancel)


def _devices_of(device: str) -> tuple[str, ...]:
    if device != "auto":
        return (device,)
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return tuple(f"cuda:{number}" for number in range(count)) if count > 1 else (device,)
