"""Look up the mask that the lab knows for a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from memlens.masks.named_mask import NamedMask
from ui.jobs.job import Job, Manner, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class FindTruth(Request):
    """Look up the mask that the lab knows for the open run."""

    job: ClassVar[Job] = Job(
        name="find-truth",
        priority=180,
        work="lab_masks.find_truth",
        manner=Manner.BACKGROUND,
        slips_through=True,
    )
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthFound(Result):
    """The masks that the lab knows for the run, as `SamplingBegan` has them."""

    run: int
    masks: tuple[NamedMask, ...]
    offered_masks: tuple[NamedMask, ...] = ()
