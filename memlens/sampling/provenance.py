"""Where a number came from: everything needed to compute it again."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any, Self


@cache
def installed_versions() -> tuple[tuple[str, str], ...]:
    """Versions of memlens, Python and the libraries that a result depends on."""
    from importlib import metadata  # slow, and needed where something is computed only

    found = [("python", platform.python_version())]
    for package in ("memlens", "torch", "diffusers", "transformers", "numpy", "pillow"):
        try:
            found.append((package, metadata.version(package)))
        except metadata.PackageNotFoundError:
            found.append((package, "not installed"))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What produced a trajectory, a map or a reading.

    A trajectory leaves the fields from `method` on at None; a map fills those that apply, and a
    reading its own name too. `dtype` is the precision of sampling and forward passes,
    `curvature_dtype` that of vector products.
    `model` and `baseline` end in the fingerprint of the weights, ``name@0123456789ab``.
    `steps` is the length of the schedule; `steps_reached` is less where the sampling was
    cancelled, and None where it came to its end. `planned_probes` is the number that the
    estimator laid its probes out for, where that is not `probes` (cut short, or refined).
    `carried_from` are the steps whose estimates, of so many probes each, an estimate of many steps
    together leans on (`memlens.localize_timeline`).
    `noise` is where x_T was drawn: "cpu", "cuda", or "array@0123456789ab" where it was given
    (then `seed` had no part in it). `schedule_mended` tells what the schedule has otherwise than
    the model's files say. `assumed` is what they do not say, as it was filled in, and `adapter`
    the LoRA that was on the model. `one_step` is where in its schedule a run from a given latent
    stands. `picture` is the picture, ``name@0123456789ab``, that a run was made of by adding
    noise instead of sampling it, and `draws` how often.
    """

    model: str
    family: str
    prediction_type: str
    device: str
    dtype: str
    prompt: str
    prompt_truncated: bool
    seed: int
    steps: int
    guidance_scale: float
    noise: str = "cpu"
    schedule_mended: tuple[str, ...] = ()
    steps_reached: int | None = None
    versions: tuple[tuple[str, str], ...] = field(default_factory=installed_versions)
    method: str | None = None
    baseline: str | None = None
    step: int | None = None
    timestep: float | None = None
    alpha: float | None = None
    sigma: float | None = None
    steps_averaged: int | None = None
    estimator: str | None = None
    probes: int | None = None
    planned_probes: int | None = None
    probe_seed: int | None = None
    products: str | None = None
    smoothing: int | None = None
    curvature_dtype: str | None = None
    reading: str | None = None
    carried_from: tuple[tuple[int, int], ...] = ()
    assumed: tuple[str, ...] = ()
    adapter: str = ""
    one_step: int | None = None
    picture: str | None = None
    draws: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dictionary; `versions` becomes a mapping."""
        values = asdict(self)
        values["versions"] = dict(self.versions)
        values["schedule_mended"] = list(self.schedule_mended)
        values["carried_from"] = [list(pair) for pair in self.carried_from]
        values["assumed"] = list(self.assumed)
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; unknown keys are ignored.

        What an older memlens wrote says nothing of `noise`: it drew on the CPU.

        Raises
        ------
        TypeError
            If a field without a default is missing.
        """
        known = {f.name for f in fields(cls)}
        kept = {k: v for k, v in values.items() if k in known}
        kept["versions"] = tuple((str(k), str(v)) for k, v in dict(kept["versions"]).items())
        for name in ("schedule_mended", "assumed"):
            kept[name] = tuple(str(phrase) for phrase in kept.get(name, ()))
        pairs = kept.get("carried_from", ())
        kept["carried_from"] = tuple((int(step), int(probes)) for step, probes in pairs)
        return cls(**kept)
