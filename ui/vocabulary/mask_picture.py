"""A mask as the views draw it: its live pixels, and what of them changed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from memlens.masks.changes import Box

BoolArray = NDArray[np.bool_]
OUTLINE = "#ffffff"
NOTHING = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class MaskPicture:
    """One mask at one revision; a newer revision is another object over the same pixels.

    Attributes
    ----------
    key
        The same for as long as it is the same mask.
    pixels
        (height, width), read-only for views; the document goes on changing them.
    revision
        Rises with every change of the pixels.
    recent
        The last changes, oldest first: (revision that they led to, what they touched).
    colour
        Of the outline, "#rrggbb".
    tint
        How opaque the inside is filled with the colour, 0 (not at all) to 1.
    """

    key: Hashable
    pixels: BoolArray
    revision: int = 0
    recent: tuple[tuple[int, Box], ...] = ()
    colour: str = OUTLINE
    tint: float = 0.0

    @classmethod
    def still(cls, pixels: BoolArray, colour: str = OUTLINE) -> MaskPicture:
        """Return the picture of a mask that nobody changes."""
        return cls(key=("still", id(pixels)), pixels=pixels, colour=colour)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.pixels.shape[0], self.pixels.shape[1]

    def dirty_since(self, revision: int) -> Box | None:
        """Return what changed after `revision`; None when all of it may have."""
        if revision == self.revision:
            return NOTHING
        later = [(number, box) for number, box in self.recent if number > revision]
        if revision > self.revision or len(later) != self.revision - revision:
            return None
        return united([box for _, box in later])


def united(boxes: list[Box]) -> Box:
    """Return the smallest box around all of `boxes`."""
    filled = [box for box in boxes if box.bottom > box.top and box.right > box.left]
    return reduce(Box.joined, filled) if filled else NOTHING
