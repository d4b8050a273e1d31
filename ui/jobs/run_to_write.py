"""A run as it is to be in a file, and where one is that was let go of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.files.project import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class StowedRun:
    """Where a run is that the window let go of for want of memory.

    Attributes
    ----------
    path
        A session file that has it.
    id
        Of the run in that file.
    """

    path: Path
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunToWrite:
    """A run as it is to be in a file.

    Attributes
    ----------
    number
        What the window knows it by.
    session
        The run; of a stowed one everything but trajectory, maps, pictures and readings counts.
    pictures
        x̂₀ at every step, empty where one was not decoded.
    stowed
        Where the rest is, None where it is all here.
    position
        Of its masks; handed back with the result.
    """

    number: int
    session: Session
    pictures: tuple[NDArray[np.uint8], ...] = ()
    stowed: StowedRun | None = None
    position: int = 0
