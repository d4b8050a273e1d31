"""What open dialogs show of what they asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedView:
    """What a model's or a checkpoint's name means.

    Attributes
    ----------
    source
        The name.
    lines
        Facts as (what, value).
    problem
        Why it cannot be opened, "" when it can.
    """

    source: str
    lines: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """An export's preview, (height, width, 3), or None and why it cannot be drawn."""

    pixels: NDArray[np.uint8] | None = None
    problem: str = ""
