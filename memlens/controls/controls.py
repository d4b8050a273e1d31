"""Controls: what the maps and readings of ordinary pictures were, as sketches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from memlens.controls.family import Family
from memlens.controls.settings import ControlSettings
from memlens.controls.survival import Survival

# Fewer have no region beyond 95 % of them and the picture's own.
ENOUGH = 20


@dataclass(frozen=True, slots=True, eq=False)
class MapNull:
    """What one kind of map showed at one step, in all controls.

    Attributes
    ----------
    values
        The pooled values of the smoothed maps.
    masses
        Largest region's mass of each control, with the others as its controls, (N,).
    cells
        The maps' means on a coarse grid, without smoothing, (N, rows, columns).
    """

    values: Survival
    masses: NDArray[np.float32]
    cells: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Controls:
    """Pictures that are not memorized, sampled and mapped in one way.

    Attributes
    ----------
    settings
        The way.
    sigmas
        Noise of the steps that there are maps of, by step.
    maps
        By kind and step.
    readings
        Values of each control, (N,), by key and step (None for a whole run).
    prompts, seeds
        Of each control.
    versions
        Of the libraries that made them.
    """

    settings: ControlSettings
    sigmas: Mapping[int, float]
    maps: Mapping[tuple[str, int], MapNull]
    readings: Mapping[tuple[str, int | None], NDArray[np.float64]]
    prompts: tuple[str, ...]
    seeds: tuple[int, ...]
    versions: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many controls there are."""
        return len(self.prompts)

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits of all that pictures are compared with."""
        facts = [self.settings.to_json(), list(self.prompts), list(self.seeds)]
        facts += [[*key] for key in (*self.maps, *self.readings)]
        digest = sha256(json.dumps(facts, sort_keys=True).encode())
        for null in self.maps.values():
            digest.update(null.values.knots.astype("<f4").tobytes())
            digest.update(null.masses.astype("<f4").tobytes())
        for values in self.readings.values():
            digest.update(values.astype("<f8").tobytes())
        return digest.hexdigest()[:12]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of map that there are, in the registry's order."""
        return tuple(dict.fromkeys(kind for kind, _ in self.maps))

    @property
    def steps(self) -> tuple[int, ...]:
        """Steps that there are maps of, from the noisiest on."""
        return tuple(sorted(self.sigmas))

    def family(self, kinds: Iterable[str], step: int) -> Family:
        """Return what regions of these kinds at `step` are judged by, all together."""
        return Family({kind: self.maps[kind, step].masses for kind in kinds})

    def lacking(self, kinds: Iterable[str], step: int) -> tuple[str, ...]:
        """Name the maps that the controls do not have; none where they have all."""
        if step not in self.sigmas:
            known = ", ".join(map(str, self.steps))
            return (f"step {step}, the controls' are {known}",)
        return tuple(
            f"map {kind}, the controls' are {', '.join(self.kinds)}"
            for kind in kinds
            if (kind, step) not in self.maps
        )
