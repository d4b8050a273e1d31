"""Reading and writing masks: what is asked, and what follows. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath

from memlens.masks.named_mask import NamedMask
from ui.action_keys import ActionKey
from ui.dispatch import Dispatch
from ui.inspection_state import InspectionState
from ui.mask_finding import Masks
from ui.mask_requests import MasksRead, MaskWritten, ReadMask, WriteMask
from ui.translation import tr
from ui.view_state import MASK, REFERENCE, BannerView

_HALF = 127.5


class MaskFiles:
    """Imports masks into the shown run's document and exports the active one.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    masks
        Takes what was read.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        masks: Masks,
        refresh: Callable[[], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._masks = masks
        self._refresh = refresh
        self._refused: Path | None = None

    def read(self, path: Path, *, resize: bool = False) -> None:
        """Add the masks in a file to the shown run's."""
        masks, run = self._masks.shown, self._state.results.run
        if masks is None or run is None:
            self._hint(tr("Run a prompt first: masks are drawn on its picture."))
            return
        self._dispatch.ask_about_masks(
            ReadMask(run=run.number, path=path, size=masks.document.size, resize=resize)
        )

    def read_resized(self) -> None:
        """Add the masks of the file that was refused, resized (nearest)."""
        if self._refused is not None:
            self._state.banner = None
            self.read(self._refused, resize=True)
            self._refresh()

    def take_reference(self) -> None:
        """Take the bright part of the training picture as ground truth instead."""
        masks, results = self._masks.shown, self._state.results
        reference = results.reference
        if masks is None or reference is None:
            self._hint(tr("Run a prompt first: masks are drawn on its picture."))
            return
        if reference.pixels.shape[:2] != masks.document.size:
            return
        bright = reference.pixels.mean(axis=2) > _HALF
        results.reference_path = results.reference_picture = None
        panels = self._state.intent.panels
        panels[:] = [MASK if content == REFERENCE else content for content in panels]
        self._state.banner = None
        name = PurePath(reference.name).stem
        self._masks.add_mask(NamedMask(name=name, kind="ground truth", pixels=bright))

    def write(self, path: Path) -> None:
        """Write the active mask in the format that the name's ending says."""
        masks = self._masks.shown
        if masks is None or masks.document.active is None:
            self._hint(tr("There is no mask to export."))
            return
        chosen = masks.document.active
        entry = next(entry for entry in masks.document.entries if entry.id == chosen)
        pixels = masks.document.pixels(chosen).copy()
        mask = NamedMask(name=entry.name, kind=entry.kind, pixels=pixels)
        self._dispatch.ask_about_masks(WriteMask(path=path, mask=mask))

    def was_read(self, result: MasksRead) -> None:
        """Add what was read, or offer to resize it."""
        run = self._state.results.run
        if run is None or run.number != result.run:
            return
        if result.refused:
            self._refused = result.path
            way_on = (ActionKey.IMPORT_RESIZED.value, tr("Resize (nearest)"))
            sentence = result.refused[:1].upper() + result.refused[1:]
            self._masks.report(sentence, way_on)
            return
        for mask in result.masks:
            self._masks.add_mask(mask)
        self._state.activity.message = tr("Imported {name}.").format(name=result.path.name)

    def _hint(self, sentence: str) -> None:
        """Say what to do first: nothing went wrong."""
        self._state.banner = BannerView(sentence=sentence, severity="notice")
        self._refresh()

    def was_written(self, result: MaskWritten) -> None:
        """Say so."""
        self._state.activity.message = tr("Exported {name}.").format(name=result.path.name)
