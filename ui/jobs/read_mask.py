"""Read the masks in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from memlens.masks.named_mask import NamedMask
from ui.jobs.job import Job, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMask(Request):
    """Read the masks in a file; of another size only when they may be resized."""

    job: ClassVar[Job] = Job(
        name="read-mask",
        priority=80,
        work="masks.read",
        slips_through=True,
    )
    run: int
    path: Path
    size: tuple[int, int]
    resize: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MasksRead(Result):
    """Masks from a file; `refused` says why there are none though resizing would give some."""

    run: int
    path: Path
    masks: tuple[NamedMask, ...] = ()
    refused: str = ""
