"""A mask with the name and the kind that a person gave it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]

KINDS = ("ground truth", "predicted")
# Of all masks of one picture together: 32 masks of 4096², 2,048 of 512².
MAX_ALL_PIXELS = 8 * 8192 * 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMask:
    """A boolean picture region.

    Attributes
    ----------
    name
        As the person calls it.
    kind
        "ground truth" or "predicted".
    pixels
        (height, width), boolean, at the picture's resolution.
    """

    name: str
    kind: str
    pixels: BoolArray
