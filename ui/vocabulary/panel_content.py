"""What a panel can show beside maps, and how two panels are compared."""

from __future__ import annotations

from enum import StrEnum

PICTURE = "picture"
MASK = "mask"
REFERENCE = "reference"
MASK_COMPARISON = "mask comparison"


class Compare(StrEnum):
    """How two panels are compared: A is the active one, B another."""

    SIDE_BY_SIDE = "side by side"
    WIPE = "wipe"
    DIFFERENCE = "difference"
    BLINK = "blink"
