"""What the export dialog offers: frozen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOffer:
    """What can be exported now.

    Attributes
    ----------
    step
        The shown one.
    panels
        (content, symbol, label, reason it cannot be drawn at this step or "").
    shown
        Contents on the canvas, each once, as far as they can be drawn.
    frames
        Kind of map → steps at which it is computed.
    maps_here, maps_everywhere
        How many maps are computed.
    units
        Of the screen.
    contour
        Why no contour of the predicted mask can be drawn, "" when it can.
    has_mask
        Whether there is something to compare with.
    """

    step: int
    panels: tuple[tuple[str, str, str, str], ...]
    shown: tuple[str, ...]
    frames: dict[str, frozenset[int]]
    steps: int
    maps_here: int
    maps_everywhere: int
    units: str
    contour: str
    has_mask: bool
    rate: float
    folder: str
    name: str
