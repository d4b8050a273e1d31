"""Read a training picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ui.jobs.job import Job, Request, Result
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPicture(Request):
    """Read a picture at a run's size.

    Attributes
    ----------
    size
        (height, width); the picture is cut to these proportions about its middle.
    may_be_mask
        Whether a picture of black and white alone is to be handed back as a mask.
    """

    job: ClassVar[Job] = Job(
        name="open-picture",
        priority=140,
        work="pictures.open_picture",
        slips_through=True,
        offer=lambda out_of_memory: (ActionKey.OPEN_PICTURE, tr("Choose another picture")),
    )
    path: Path
    size: tuple[int, int]
    may_be_mask: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOpened(Result):
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
