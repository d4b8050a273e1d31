"""The settings that controls were made with; a picture made with others cannot be compared."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from memlens.methods.registry import LESS_TRAINED, METHODS, map_kind
from memlens.sampling.noise import GIVEN
from memlens.sampling.provenance import Provenance

_ALIKE = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSettings:
    """How every control was sampled and its maps were made.

    Attributes
    ----------
    model, baseline
        Identities, ``name@fingerprint``; no baseline where no kind needs a less-trained one.
    family, prediction_type
        Of the model.
    latent_shape, picture_size
        (C, H, W), and (height, width) in pixels.
    dtype, curvature_dtype
        Precision of forward passes and of vector products; the latter None without probes.
    steps, guidance_scale, schedule_mended
        Of the sampling; what the schedule has otherwise than the model's files say.
    estimator, probes, products
        Of curvatures; None without probes.
    smoothing
        Width of the mean filter that maps are under before they are compared; 1: none.
    cells
        Cells a side, at most, of the grid that masks are laid on.
    """

    model: str
    baseline: str | None
    family: str
    prediction_type: str
    latent_shape: tuple[int, int, int]
    picture_size: tuple[int, int]
    dtype: str
    curvature_dtype: str | None
    steps: int
    guidance_scale: float
    schedule_mended: tuple[str, ...]
    estimator: str | None
    probes: int | None
    products: str | None
    smoothing: int
    cells: int

    @property
    def grid(self) -> tuple[int, int]:
        """(H, W) of a map."""
        return self.latent_shape[1], self.latent_shape[2]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dictionary."""
        return {**asdict(self), "schedule_mended": list(self.schedule_mended)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is damaged.
        """
        kept = {field.name: values[field.name] for field in fields(cls)}
        channels, height, width = (int(side) for side in kept["latent_shape"])
        down, across = (int(side) for side in kept["picture_size"])
        kept |= {"latent_shape": (channels, height, width), "picture_size": (down, across)}
        kept["schedule_mended"] = tuple(str(phrase) for phrase in kept["schedule_mended"])
        whole = ("steps", "smoothing", "cells")
        if any(type(kept[name]) is not int or kept[name] < 1 for name in whole):
            raise ValueError("a setting is out of range")
        if min(channels, height, width, down, across) < 1 or kept["smoothing"] % 2 == 0:
            raise ValueError("a setting is out of range")
        if not math.isfinite(kept["guidance_scale"]):
            raise ValueError("the guidance scale is not a number")
        return cls(**kept)

    def differences(self, made: Provenance, latent_shape: tuple[int, ...]) -> tuple[str, ...]:
        """Name what a run, or a map of it, was made with that the controls were not.

        Parameters
        ----------
        made
            Provenance of the run, or of the map.
        latent_shape
            (C, H, W) of the run, or (H, W) of the map.

        Returns
        -------
        tuple of str
            Each such as "guidance scale 7.5, the controls' 3"; none where it can be compared.
        """
        own_shape = self.latent_shape[-len(latent_shape) :]
        pairs: list[tuple[str, object, object]] = [
            ("model", _weights(made.model), _weights(self.model)),
            ("sampling steps", made.steps, self.steps),
            ("guidance scale", _rounded(made.guidance_scale), _rounded(self.guidance_scale)),
            ("size", _sides(latent_shape), _sides(own_shape)),
            ("precision", made.dtype, self.dtype),
            ("smoothing", made.smoothing or self.smoothing, self.smoothing),
            ("averaged steps", made.steps_averaged or 1, 1),
            ("schedule", _mended(made.schedule_mended), _mended(self.schedule_mended)),
            # A picture that exists was not walked to, whatever noise was added to it.
            ("picture", "one that exists" if made.picture else "sampled", "sampled"),
            ("start", "noise" if made.one_step is None else "a given latent", "noise"),
            # Noise that was drawn is normal wherever; noise that was given may be anything.
            ("noise", made.noise if made.noise.startswith(GIVEN) else "drawn", "drawn"),
        ]
        if made.method is not None and METHODS[made.method].uses_probes:
            pairs += [
                ("estimator", made.estimator, self.estimator),
                ("number of probes", made.probes, self.probes),
                ("precision of products", made.curvature_dtype, self.curvature_dtype),
            ]
        return tuple(_differs(*pair) for pair in pairs if pair[1] != pair[2])

    def estimate_differences(self, estimator: str, probes: int) -> tuple[str, ...]:
        """Name how curvature would be estimated otherwise than the controls' was."""
        pairs: list[tuple[str, object, object]] = [
            ("estimator", estimator, self.estimator),
            ("number of probes", probes, self.probes),
        ]
        return tuple(_differs(*pair) for pair in pairs if pair[1] != pair[2])

    def baseline_difference(self, kind: str, identity: str | None) -> tuple[str, ...]:
        """Name the less-trained baseline of `kind` if it is another than the controls'."""
        if map_kind(kind).baseline != LESS_TRAINED:
            return ()
        given, own = _weights(identity), _weights(self.baseline)
        return () if given == own else (_differs("baseline", given, own),)

    def unlike(self, other: Self) -> tuple[str, ...]:
        """Name the settings that two controls differ in, besides names of the same weights."""
        found = []
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if field.name in ("model", "baseline"):
                mine, theirs = _weights(mine), _weights(theirs)
            if mine != theirs and None not in (mine, theirs):
                found.append(f"{field.name.replace('_', ' ')} {_word(mine)}, not {_word(theirs)}")
        return tuple(found)


def level_differences(made: Provenance, sigma: float) -> tuple[str, ...]:
    """Name the noise of a map's step if the controls' schedule has another there."""
    if made.sigma is None or math.isclose(made.sigma, sigma, rel_tol=_ALIKE):
        return ()
    return (_differs("noise σ at the step", f"{made.sigma:.6g}", f"{sigma:.6g}"),)


def _differs(what: str, given: object, own: object) -> str:
    return f"{what} {_word(given)}, the controls' {_word(own)}"


def _word(value: object) -> str:
    return "none" if value is None else str(value)


def _weights(identity: str | None) -> str | None:
    """Return the fingerprint: the same weights may be known by another name."""
    return None if identity is None else identity.rpartition("@")[2]


def _rounded(scale: float) -> str:
    return f"{scale:.6g}"


def _mended(phrases: tuple[str, ...]) -> str:
    return f"mended ({', '.join(phrases)})" if phrases else "as its files say"


def _sides(shape: tuple[int, ...]) -> str:
    return "×".join(str(side) for side in shape)
