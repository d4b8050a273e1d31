"""One inspection saved with everything needed to reopen it: save and load `.memlens` files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.maps import LocalizationMap
from memlens.trajectory import Trajectory

SCHEMA_VERSION = 1


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
    pixels: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One inspection.

    Attributes
    ----------
    trajectory
        The sampling run (its `model` is None after loading).
    maps
        Every map computed, any order.
    masks
        Named masks.
    thumbnails
        Decoded x̂₀ at every step, (N, height, width, 3), uint8, or None.
    view
        JSON-ready view state; its meaning belongs to the window.
    """

    trajectory: Trajectory
    maps: tuple[LocalizationMap, ...] = ()
    masks: tuple[NamedMask, ...] = ()
    thumbnails: NDArray[np.uint8] | None = None
    view: Mapping[str, Any] = field(default_factory=dict)


def save_session(session: Session, path: Path) -> None:
    """Write a session atomically.

    Raises
    ------
    SessionError
        If it cannot be written; the old file is whole.
    """
    raise NotImplementedError


def load_session(path: Path) -> Session:
    """Read a session.

    Raises
    ------
    SessionError
        If it is damaged, too large, or of a newer schema.
    """
    raise NotImplementedError
