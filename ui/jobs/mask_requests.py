"""What the controller asks of the worker about masks, and what comes back; all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.maps.localization_map import LocalizationMap
from memlens.masks.combining import Combination
from memlens.masks.compare import MaskComparison
from memlens.masks.edits import PixelEdit, Wand
from memlens.masks.named_mask import NamedMask
from memlens.masks.preparing import PreparedEdit
from memlens.masks.superpixels import Superpixels
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


class Collection(StrEnum):
    """How all masks are written at once."""

    PNG = "png"
    COCO = "coco"
    LABELME = "labelme"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAllMasks:
    """Write all masks of a picture at once.

    Attributes
    ----------
    path
        A folder for PNG files, else the file.
    picture
        (height, width, 3), that they are masks of.
    """

    job: ClassVar[JobKind] = JobKind.WRITE_MASK
    path: Path
    collection: Collection
    masks: tuple[NamedMask, ...]
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class TryWand:
    """Find what the wand would add, for a preview."""

    job: ClassVar[JobKind] = JobKind.TRY_WAND
    token: int
    wand: Wand


@dataclass(frozen=True, slots=True, kw_only=True)
class CombineMasks:
    """Make one mask of several.

    Attributes
    ----------
    run
        Number of the run that they are of.
    name
        What the combination is to be called.
    """

    job: ClassVar[JobKind] = JobKind.COMBINE_MASKS
    run: int
    masks: tuple[BoolArray, ...]
    how: Combination
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPicture:
    """Cut a picture into about `count` superpixels."""

    job: ClassVar[JobKind] = JobKind.CUT_PICTURE
    token: int
    picture: Picture
    count: int


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


MaskRequest = (
    FindMask
    | CompareMasks
    | ReadMask
    | WriteMask
    | WriteAllMasks
    | ShapeMask
    | TryWand
    | CombineMasks
    | CutPicture
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AllMasksWritten:
    """All masks are on the disk.

    Attributes
    ----------
    path
        As it was asked for.
    files
        What was written.
    """

    path: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WandTried:
    """What the wand would add, (height, width)."""

    token: int
    pixels: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MasksCombined:
    """One mask made of several."""

    run: int
    name: str
    pixels: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureCut:
    """A picture's superpixels, and the pixels along their edges, (height, width)."""

    token: int
    superpixels: Superpixels
    edges: BoolArray


MaskResult = (
    MaskFound
    | MasksCompared
    | MasksRead
    | MaskWritten
    | AllMasksWritten
    | MaskShaped
    | WandTried
    | MasksCombined
    | PictureCut
)
