"""A desk with a run to draw on; the worker's part about masks is done when it is told to."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np

from memlens.masks.document import MaskDocument
from memlens.masks.named_mask import BoolArray, NamedMask
from tests.support.controller_state import state_of
from tests.support.recording import Desk
from tests.support.synthetic import PICTURE
from ui.control.masks.masking import Masking
from ui.jobs.combine_masks import CombineMasks
from ui.jobs.compare_masks import CompareMasks
from ui.jobs.context import JobContext
from ui.jobs.cut_picture import CutPicture
from ui.jobs.find_mask import FindMask
from ui.jobs.job import Request
from ui.jobs.read_mask import ReadMask
from ui.jobs.save_session import SessionSaved
from ui.jobs.try_wand import TryWand
from ui.jobs.write_all_masks import WriteAllMasks
from ui.jobs.write_mask import WriteMask
from ui.state.run import Run
from ui.view.masks import FindingView
from ui.worker.engine_worker import EngineWorker

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

    def newest(self) -> Request:
        made = [request for request in self.jobs.requests if isinstance(request, KINDS)]
        return cast("Request", made[-1])

    def work(self, request: Request | None = None) -> None:
        """Let the worker carry the newest request about masks out."""
        chosen = request or self.newest()
        serial = self.serial_of(chosen)
        context = JobContext(serial, chosen.job, _unheard, lambda: None)
        self.answer(chosen, EngineWorker()(chosen, context))


def shown_run(easel: Easel) -> Run:
    """Return the run that is drawn on."""
    run = state_of(easel.control).results.run
    assert run is not None
    return run


def saved(easel: Easel) -> SessionSaved:
    """Return what the worker would answer to a save of the masks as they are now."""
    return SessionSaved(
        path=Path("/data/one.memlens"),
        positions={shown_run(easel).number: easel.document.position},
    )


def _unheard(report: object, slot: object = None) -> None:
    pass
