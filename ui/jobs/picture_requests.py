"""Opening a training picture, and what comes back; all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ui.jobs.kinds import JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPicture:
    """Read a picture at a run's size.

    Attributes
    ----------
    size
        (height, width); the picture is cut to these proportions about its middle.
    may_be_mask
        Whether a picture of black and white alone is to be handed back as a mask.
    """

    job: ClassVar[JobKind] = JobKind.OPEN_PICTURE
    path: Path
    size: tuple[int, int]
    may_be_mask: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOpened:
    """A picture was read.

    Attributes
    ----------
    pixels
        (height, width, 3), or None where it is a mask.
    nearly_mask
        Whether it was dropped and is so nearly black and white that a mask may be meant.
    """

    path: Path
    pixels: NDArray[np.uint8] | None
    nearly_mask: bool = False
