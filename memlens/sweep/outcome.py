"""What comes back of a task: its files and numbers, or why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One task, tried.

    Attributes
    ----------
    index
        The task's.
    files
        Contents by path within the sweep's folder; empty where it failed.
    numbers
        By name, such as "mean cov" or "iou cov"; what is undefined is left out.
    verdict
        The sentence on its controls, "" without any.
    error
        Why it failed, a sentence; "" where it did not.
    """

    index: int
    files: Mapping[str, bytes] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    verdict: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFacts:
    """What made the results, told by whoever makes them.

    Attributes
    ----------
    model, baseline
        Identities, ``name@fingerprint``; the baseline "" without one.
    device, dtype
        Kind of device, and precision.
    latent_shape, picture_size
        (C, H, W), and (height, width) in pixels.
    """

    model: str
    baseline: str
    device: str
    dtype: str
    latent_shape: tuple[int, int, int]
    picture_size: tuple[int, int]

    def to_json(self) -> dict[str, object]:
        """Return a JSON-ready dictionary."""
        return {
            "model": self.model,
            "baseline": self.baseline,
            "device": self.device,
            "dtype": self.dtype,
            "latent_shape": list(self.latent_shape),
            "picture_size": list(self.picture_size),
        }
