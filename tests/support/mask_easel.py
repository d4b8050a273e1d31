"""A desk with a run to draw on; the worker's part about masks is done when it is told to."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np

from memlens.masks.document import MaskDocument
from memlens.masks.named_mask import BoolArray, NamedMask
from tests.support.recording import Desk
from tests.support.synthetic import PICTURE
from ui.control.masks.masking import Masking
from ui.jobs.mask_requests import (
    CombineMasks,
    CompareMasks,
    CutPicture,
    FindMask,
    MaskRequest,
    ReadMask,
    TryWand,
    WriteAllMasks,
    WriteMask,
)
from ui.jobs.requests import SessionSaved
from ui.jobs.runner import JobContext
from ui.state.results import Run
from ui.view.mask_rows import FindingView
from ui.worker import masks as mask_jobs

KINDS = (
    FindMask,
    CompareMasks,
    ReadMask,
    WriteMask,
    WriteAllMasks,
    TryWand,
    CombineMasks,
    CutPicture,
)


class Easel(Desk):
    """A complete run without masks."""

    def __init__(self) -> None:
        super().__init__()
        self.open_toy()
        self.run_toy()

    @property
    def masks(self) -> Masking:
        return self.control.masks

    @property
    def document(self) -> MaskDocument:
        return cast("MaskDocument", self.masks.document)

    @property
    def finding(self) -> FindingView:
        return cast("FindingView", self.view.masks.finding)

    @property
    def pixels(self) -> BoolArray:
        """A copy of the active mask."""
        return self.document.pixels(cast("int", self.document.active)).copy()

    def names(self) -> list[str]:
        return [row.name for row in self.view.masks.rows]

    def add(
        self,
        rows: slice = slice(None),
        columns: slice = slice(None),
        *,
        kind: str = "ground truth",
    ) -> int:
        """Add a mask that is set in a box, ground truth unless said, and let the hand rest."""
        pixels = np.zeros((PICTURE, PICTURE), bool)
        pixels[rows, columns] = True
        name = f"m{len(self.names())}"
        self.masks.add_mask(NamedMask(name=name, kind=kind, pixels=pixels))
        self.masks.settle()
        return cast("int", self.document.active)

    def newest(self) -> MaskRequest:
        made = [request for request in self.jobs.requests if isinstance(request, KINDS)]
        return cast("MaskRequest", made[-1])

    def work(self, request: MaskRequest | None = None) -> None:
        """Let the worker carry the newest request about masks out."""
        chosen = request or self.newest()
        serial = self.serial_of(chosen)
        context = JobContext(serial, chosen.job, lambda report, slot=None: None, lambda: None)
        self.answer(chosen, mask_jobs.carry_out(chosen, context))


def shown_run(easel: Easel) -> Run:
    """Return the run that is drawn on."""
    run = easel.control._state.results.run
    assert run is not None
    return run


def saved(easel: Easel) -> SessionSaved:
    """Return what the worker would answer to a save of the masks as they are now."""
    return SessionSaved(
        path=Path("/data/one.memlens"),
        positions={shown_run(easel).number: easel.document.position},
    )
