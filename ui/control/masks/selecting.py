"""What is asked of the selected masks: lock, kind, delete, combine; solo and tint. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from memlens.masks.combining import Combination, combined, combined_name
from memlens.masks.edits import ChooseKind, DuplicateMask, ListEdit, LockMask, RemoveMask
from memlens.masks.kinds import DRAWN
from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.preparing import LONG_MS
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.jobs.combine_masks import CombineMasks, MasksCombined
from ui.language.translation import tr
from ui.state.run_masks import RunMasks

# Nanoseconds for each pixel of each mask.
_NS = 2.0
_TINTED = 0.35


class MaskHolder(Protocol):
    """What selecting needs of `ui.control.masks.masking.Masking`."""

    @property
    def shown(self) -> RunMasks | None:
        """The masks of the shown run."""
        ...

    def edit(self, edit: ListEdit, mask: int | None = None) -> bool:
        """Change the list of masks."""
        ...

    def add_mask(self, mask: NamedMask) -> None:
        """Add a mask and make it the active one."""
        ...

    def choose_active(self, mask: int) -> None:
        """Make a mask the one that is drawn."""
        ...


class MaskSelecting:
    """Does to all selected masks what is asked, as one undo step.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    masks
        Carries the edits out.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        masks: MaskHolder,
        refresh: Callable[[], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._masks = masks
        self._refresh = refresh
        dispatch.answers.whenever(MasksCombined, self._combined)

    def select(self, chosen: Iterable[int], active: int) -> None:
        """Select masks together; one of them becomes the active one."""
        masks = self._masks.shown
        if masks is None or active not in masks.ids:
            return
        self._masks.choose_active(active)
        masks.selected = frozenset(chosen) & frozenset(masks.ids)
        self._refresh()

    def select_all(self) -> None:
        """Select every mask; the active one stays."""
        masks = self._masks.shown
        if masks is not None and masks.document.active is not None:
            self.select(masks.ids, masks.document.active)

    # -- the list

    def toggle_lock(self, mask: int | None = None) -> None:
        """Lock masks, the selected ones unless said otherwise; unlock them if all are locked."""
        masks = self._masks.shown
        if masks is None:
            return
        chosen = masks.selection if mask is None else (mask,)
        locked = {entry.id for entry in masks.document.entries if entry.locked}
        lock = not set(chosen) <= locked
        with self._one_step(masks):
            for each in chosen:
                self._masks.edit(LockMask(each, lock))

    def choose_kind(self, kind: str) -> None:
        """Call the selected masks another of `memlens.masks.kinds.KINDS`."""
        masks = self._masks.shown
        if masks is not None:
            with self._one_step(masks):
                for each in masks.selection:
                    self._masks.edit(ChooseKind(each, kind))

    def remove(self) -> None:
        """Remove the selected masks."""
        masks = self._masks.shown
        if masks is not None:
            with self._one_step(masks):
                for each in masks.selection:
                    self._masks.edit(RemoveMask(each))

    def duplicate(self) -> None:
        """Copy the selected masks; the last copy becomes the active one."""
        masks = self._masks.shown
        if masks is None:
            return
        before = masks.ids
        with self._one_step(masks):
            for each in masks.selection:
                self._masks.edit(DuplicateMask(each))
        made = [mask for mask in masks.ids if mask not in before]
        if made:
            self.select(made, made[-1])

    def show(self, visible: bool) -> None:
        """Outline the selected masks, or not."""
        masks = self._masks.shown
        if masks is not None:
            change = masks.hidden.difference_update if visible else masks.hidden.update
            change(masks.selection)
            self._refresh()

    def toggle_shown(self) -> None:
        """Take the selected masks' outlines away; show them if none is outlined."""
        masks = self._masks.shown
        if masks is not None:
            self.show(set(masks.selection) <= masks.hidden)

    # -- how masks are drawn

    def toggle_solo(self) -> None:
        """Draw only the active mask, or all again."""
        self._state.intent.solo = not self._state.intent.solo
        self._refresh()

    def choose_tint(self, tint: float) -> None:
        """Fill masks with their colours: 0 not at all, 1 opaque."""
        self._state.intent.tint = min(max(0.0, tint), 1.0)
        self._refresh()

    def toggle_tint(self) -> None:
        """Fill masks with their colours, or not."""
        self.choose_tint(0.0 if self._state.intent.tint > 0 else _TINTED)

    # -- combining

    def combine(self, how: Combination) -> None:
        """Add what the selected masks have together; for *subtract*, the active one is the first.

        The masks stay as they are.
        """
        masks, run = self._masks.shown, self._state.results.run
        if masks is None or run is None:
            return
        if len(masks.selection) < 2:
            sentence = tr("Select two masks or more in the list first (Ctrl+click, Shift+arrows).")
            self._state.notices.note(sentence)
            self._refresh()
            return
        active = masks.document.active
        chosen = sorted(masks.selection, key=lambda mask: mask != active)
        names = {entry.id: entry.name for entry in masks.document.entries}
        name = combined_name([names[mask] for mask in chosen], how)
        live = [masks.document.pixels(mask) for mask in chosen]
        if sum(pixels.size for pixels in live) * _NS <= LONG_MS * 1e6:
            self._add(name, combined(live, how))
            return
        pixels = tuple(each.copy() for each in live)
        self._dispatch.ask_about_masks(
            CombineMasks(run=run.number, masks=pixels, how=how, name=name)
        )

    def _combined(self, result: MasksCombined) -> None:
        """Take the combination of large masks."""
        run = self._state.results.run
        if run is not None and run.number == result.run:
            self._add(result.name, result.pixels)

    def _add(self, name: str, pixels: BoolArray) -> None:
        self._masks.add_mask(NamedMask(name=name, kind=DRAWN, pixels=pixels))

    @contextmanager
    def _one_step(self, masks: RunMasks) -> Iterator[None]:
        """Make one undo step of several edits of the list."""
        if len(masks.selection) < 2:
            yield
            return
        masks.document.begin_stroke()
        try:
            yield
        finally:
            masks.document.end_stroke()
            self._refresh()
