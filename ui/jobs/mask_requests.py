"""What the controller asks of the worker about masks, and what comes back; all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.maps.localization_map import LocalizationMap
from memlens.masks.compare import MaskComparison
from memlens.masks.edits import PixelEdit
from memlens.masks.named_mask import NamedMask
from memlens.masks.preparing import PreparedEdit
from ui.jobs.kinds import JobKind

BoolArray = NDArray[np.bool_]
Picture = NDArray[np.uint8]


class MaskSource(StrEnum):
    """Where a mask is looked for."""

    MAP = "map"
    TRAINING_PICTURE = "training picture"
    PAIR = "pair"
    SEEDS = "seeds"
    MAJORITY = "majority"
    INTERSECTION = "intersection"
    UNION = "union"


CONSENSUS = (MaskSource.MAJORITY, MaskSource.INTERSECTION, MaskSource.UNION)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindMask:
    """Look for a mask.

    Attributes
    ----------
    token
        Handed back with the result.
    size
        (height, width) of the mask.
    map
        For a map above the threshold.
    pictures
        Pictures at hand, (height, width, 3); the generated one first.
    paths
        Pictures still to be read, after those.
    masks
        For a consensus.
    """

    job: ClassVar[JobKind] = JobKind.FIND_MASK
    token: int
    source: MaskSource
    size: tuple[int, int]
    threshold: float = 0.0
    largest_only: bool = False
    minimum_area: int = 0
    map: LocalizationMap | None = None
    pictures: tuple[Picture, ...] = ()
    paths: tuple[Path, ...] = ()
    masks: tuple[BoolArray, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareMasks:
    """Compare two masks."""

    job: ClassVar[JobKind] = JobKind.COMPARE_MASKS
    token: object
    a: BoolArray
    b: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMask:
    """Read the masks in a file; of another size only when they may be resized."""

    job: ClassVar[JobKind] = JobKind.READ_MASK
    run: int
    path: Path
    size: tuple[int, int]
    resize: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteMask:
    """Write a mask in the format that the name's ending says."""

    job: ClassVar[JobKind] = JobKind.WRITE_MASK
    path: Path
    mask: NamedMask


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeMask:
    """Work out an edit of a large mask.

    Attributes
    ----------
    token
        Handed back with the result.
    edit, mask, pixels, revision
        As in `memlens.masks.preparing.prepare`.
    """

    job: ClassVar[JobKind] = JobKind.SHAPE_MASK
    token: int
    edit: PixelEdit
    mask: int
    pixels: BoolArray
    revision: int


MaskRequest = FindMask | CompareMasks | ReadMask | WriteMask | ShapeMask


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskFound:
    """A mask, as good as its source."""

    token: int
    pixels: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MasksCompared:
    """The numbers of two masks."""

    token: object
    comparison: MaskComparison


@dataclass(frozen=True, slots=True, kw_only=True)
class MasksRead:
    """Masks from a file; `refused` says why there are none though resizing would give some."""

    run: int
    path: Path
    masks: tuple[NamedMask, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskWritten:
    """A mask is on the disk."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskShaped:
    """What an edit comes to."""

    token: int
    prepared: PreparedEdit


MaskResult = MaskFound | MasksCompared | MasksRead | MaskWritten | MaskShaped
