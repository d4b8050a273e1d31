"""Reading and writing masks: what is asked, and what follows. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np

from memlens.masks.kinds import IMPORTED
from memlens.masks.named_mask import BoolArray, NamedMask
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.masks.finding import Masks
from ui.control.path_kind import PathKind, kind_of_path
from ui.jobs.read_mask import MasksRead, ReadMask
from ui.jobs.write_all_masks import AllMasksWritten, Collection, WriteAllMasks
from ui.jobs.write_mask import MaskWritten, WriteMask
from ui.language.translation import tr
from ui.state.run_masks import RunMasks
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.panel_content import MASK, REFERENCE

_HALF = 127.5


@dataclass(frozen=True, slots=True, eq=False)
class _Added:
    """A mask as it was imported."""

    masks: RunMasks
    id: int
    pixels: BoolArray

    def untouched_in(self, masks: RunMasks) -> bool:
        """Whether it is among `masks`, as it came."""
        if masks is not self.masks or self.id not in masks.ids:
            return False
        return np.array_equal(masks.document.pixels(self.id), self.pixels)


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
        # A picture that was dropped and taken as a mask, and what came of it.
        self._dropped: Path | None = None
        self._added: _Added | None = None
        dispatch.answers.whenever(MasksRead, self._was_read)
        dispatch.answers.whenever(MaskWritten, self._was_written)
        dispatch.answers.whenever(AllMasksWritten, self._were_written)

    def read(self, path: Path, *, resize: bool = False, dropped: bool = False) -> None:
        """Add the masks in a file to the shown run's.

        Parameters
        ----------
        path
            Of the file.
        resize
            Whether masks of another size are resized (nearest).
        dropped
            Whether nobody said that it is a mask: that it is none is offered then.
        """
        picture = dropped and kind_of_path(path) is PathKind.PICTURE
        self._dropped, self._added = (path if picture else None), None
        masks, run = self._masks.shown, self._state.results.run
        if masks is None or run is None:
            self._hint(tr("Run a prompt first: masks are drawn on its picture."), self._offer())
            return
        self._dispatch.ask_about_masks(
            ReadMask(run=run.number, path=path, size=masks.document.size, resize=resize)
        )

    def read_resized(self) -> None:
        """Add the masks of the file that was refused, resized (nearest)."""
        if self._refused is not None:
            self._state.notices.withdraw()
            self.read(self._refused, resize=True)
            self._refresh()

    def take_reference(self) -> None:
        """Take the bright part of the training picture as a mask instead."""
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
        self._state.notices.withdraw()
        name = PurePath(reference.name).stem
        self._masks.add_mask(NamedMask(name=name, kind=IMPORTED, pixels=bright))

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

    def write_all(self, path: Path, collection: Collection) -> None:
        """Write all masks of the shown run at once.

        Parameters
        ----------
        path
            A folder for PNG files, else the file.
        """
        masks, run = self._masks.shown, self._state.results.run
        picture = None if run is None else run.final_picture()
        if masks is None or picture is None or not masks.ids:
            self._hint(tr("There is no mask to export."))
            return
        self._dispatch.ask_about_masks(
            WriteAllMasks(
                path=path,
                collection=collection,
                masks=masks.document.snapshot(),
                picture=picture,
            )
        )

    def take_as_picture(self) -> None:
        """Show the picture that was taken as a mask as the training picture instead."""
        path, added = self._dropped, self._added
        self._dropped = self._added = None
        if path is None:
            return
        self._state.begin_change()
        self._state.notices.withdraw()
        masks = self._masks.shown
        if masks is not None and added is not None and added.untouched_in(masks):
            self._masks.remove(added.id)
        self._dispatch.open_picture(path)
        self._refresh()

    def _was_read(self, result: MasksRead) -> None:
        """Add what was read, or offer to resize it."""
        run, masks = self._state.results.run, self._masks.shown
        name = result.path.name
        if run is None or masks is None or run.number != result.run:
            sentence = tr("{name} was not imported: another run was shown meanwhile. Import again.")
            self._state.notices.warn(sentence.format(name=name))
            self._refresh()
            return
        offer = self._offer() if result.path == self._dropped else None
        if result.refused:
            self._refused = result.path
            self._state.notices.fail(
                result.refused[:1].upper() + result.refused[1:],
                (ActionKey.IMPORT_RESIZED.value, tr("Resize (nearest)")),
                offer,
            )
            self._refresh()
            return
        for mask in result.masks:
            self._masks.add_mask(mask)
        self._state.notices.say(tr("Imported {name}.").format(name=name))
        if offer is not None and masks.document.active is not None:
            self._added = _Added(masks, masks.document.active, result.masks[-1].pixels)
            sentence = tr("{name} is black and white. It is imported as a mask.")
            self._hint(sentence.format(name=name), offer)

    def _offer(self) -> tuple[str, str] | None:
        if self._dropped is None:
            return None
        return (ActionKey.USE_AS_PICTURE.value, tr("Use as training picture"))

    def _hint(self, sentence: str, way_on: tuple[str, str] | None = None) -> None:
        """Say what to do first, or what was taken for granted: nothing went wrong."""
        self._state.notices.note(sentence, way_on)
        self._refresh()

    def _was_written(self, result: MaskWritten) -> None:
        """Say so."""
        self._state.notices.say(tr("Exported {name}.").format(name=result.path.name))

    def _were_written(self, result: AllMasksWritten) -> None:
        """Say so."""
        words = tr("Exported {n} files: {names}.")
        names = ", ".join(path.name for path in result.files)
        self._state.notices.say(words.format(n=len(result.files), names=names))
