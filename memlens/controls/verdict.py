"""Verdict: what of a picture is beyond its controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]

FOUND = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VerdictRegion:
    """One region of one kind of map.

    Attributes
    ----------
    kind
        Name in `memlens.methods.registry.MAP_KINDS`.
    p
        Family-wise: over all regions of all kinds judged together.
    share
        Of the picture, 0..1.
    mask
        At the picture's resolution, (height, width).
    mass
        Σ(u − 2) over its coordinates.
    beyond
        Share of the controls whose largest region of this kind has less mass, 0..1.
    name
        "A", "B", … where it is found, the same for overlapping ones of several kinds; else "".
    """

    kind: str
    p: float
    share: float
    mask: BoolArray
    mass: float
    beyond: float
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """A picture against its controls.

    Attributes
    ----------
    found
        Whether a region has p ≤ .05, and nothing makes that inconclusive.
    p
        The smallest region's; 1 where no coordinate forms a region, NaN where maps and controls
        cannot be compared.
    sentence
        For a person.
    inconclusive
        Why the answer cannot be told, as a clause; "" where it can.
    regions
        All of them, the smallest p first.
    mask
        All that is found, at the picture's resolution, (height, width).
    premises
        What was compared with what, in sentences.
    kinds, step
        What was judged together.
    controls
        How many.
    surprise
        u = −log₁₀ P(V ≥ v) under the controls, by kind, each (H, W) of the latent grid.
    """

    found: bool
    p: float
    sentence: str
    inconclusive: str
    regions: tuple[VerdictRegion, ...]
    mask: BoolArray
    premises: tuple[str, ...]
    kinds: tuple[str, ...]
    step: int
    controls: int
    surprise: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
