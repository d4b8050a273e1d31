"""Write a mask into a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from memlens.masks.named_mask import NamedMask
from ui.jobs.job import Job, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteMask(Request):
    """Write a mask in the format that the name's ending says."""

    job: ClassVar[Job] = Job(
        name="write-mask",
        priority=90,
        work="masks.write",
        slips_through=True,
    )
    path: Path
    mask: NamedMask


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskWritten(Result):
    """A mask is on the disk."""

    path: Path
