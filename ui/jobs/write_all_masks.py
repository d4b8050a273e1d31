"""Write all masks of a picture at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from memlens.masks.named_mask import NamedMask
from ui.jobs.job import Job, Request, Result
from ui.vocabulary.picture import Picture


class Collection(StrEnum):
    """How all masks are written at once."""

    PNG = "png"
    COCO = "coco"
    LABELME = "labelme"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAllMasks(Request):
    """Write all masks of a picture at once.

    Attributes
    ----------
    path
        A folder for PNG files, else the file.
    picture
        (height, width, 3), that they are masks of.
    """

    job: ClassVar[Job] = Job(
        name="write-all-masks",
        priority=92,
        work="masks.write_all",
        slips_through=True,
    )
    path: Path
    collection: Collection
    masks: tuple[NamedMask, ...]
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class AllMasksWritten(Result):
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
