"""The masks of one picture, and the one path by which they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Self, get_args

from memlens.errors import MaskError
from memlens.masks.changes import (
    Added,
    Change,
    flipped,
)
from memlens.masks.edits import (
    Edit,
    ListEdit,
    PixelEdit,
    text_of,
)
from memlens.masks.history import History
from memlens.masks.list_changes import copied, list_change, shown_name
from memlens.masks.mask_list import MaskEntry as MaskEntry
from memlens.masks.mask_list import MaskList
from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.open_stroke import OpenStroke
from memlens.masks.packing import PackedChange, packed
from memlens.masks.patches import flips_of
from memlens.masks.preparing import PreparedEdit
from memlens.masks.undo_steps import RecordedMasks, UndoStep, UndoSteps
from memlens.masks.undo_steps import Stepped as Stepped

BYTE_CAP = 256 << 20


_Heard = Callable[[Change], None]
_HeardStep = Callable[[Stepped, str], None]


class MaskDocument:
    """Any number of masks of one picture, with undo; used from one thread.

    Parameters
    ----------
    size
        (height, width) of the picture.
    byte_cap
        How much undo may keep, in bytes; the oldest steps are dropped first.

    Raises
    ------
    MaskError
        If the size is not that of a picture.
    """

    def __init__(self, size: tuple[int, int], *, byte_cap: int = BYTE_CAP) -> None:
        self._list = MaskList(size)
        self._history = History(byte_cap)
        self._stroke: OpenStroke | None = None
        self._callbacks: list[tuple[_Heard, _Heard]] = []
        self._step_callbacks: list[_HeardStep] = []

    @classmethod
    def from_masks(cls, size: tuple[int, int], masks: Iterable[NamedMask]) -> Self:
        """Make a document of copies of masks; the first is active, and nothing can be undone.

        Their names are made such as can be shown.

        Raises
        ------
        MaskError
            If a mask has another size.
        """
        document = cls(size)
        for mask in masks:
            mask = shown_name(mask)
            document._list.perform(Added(document._list.next_id, len(document._list.masks), mask))
        return document

    @classmethod
    def restored(
        cls, size: tuple[int, int], recorded: RecordedMasks, *, byte_cap: int = BYTE_CAP
    ) -> Self:
        """Make a document of recorded masks, under their ids, with what could be undone.

        Its `position` is the number of steps done.

        Raises
        ------
        MaskError
            If the masks do not fit.
        """
        document = cls(size, byte_cap=byte_cap)
        steps = recorded.steps
        for place, (number, mask) in enumerate(recorded.masks):
            document._list.perform(Added(number, place, shown_name(mask)))
        document._list.next_id = max(document._list.next_id, steps.next_id)
        document._history.take_over(steps.done, steps.undone)
        if steps.under_way is not None:
            document._stroke = OpenStroke(size)
            document._stroke.append(steps.under_way.packed.change(), steps.under_way.text)
        return document

    def recorded(self, saved: int | None = None) -> RecordedMasks:
        """Return copies of all masks and the steps that lead to them.

        Parameters
        ----------
        saved
            The position at which the masks were last saved, None for never.
        """
        under_way = self._stroke.step() if self._stroke else None
        text = self._stroke.text if self._stroke else ""
        steps = UndoSteps(
            done=self._history.done,
            undone=self._history.undone,
            under_way=None if under_way is None else UndoStep(text, under_way),
            saved=self._history.steps_to(saved),
            next_id=self._list.next_id,
        )
        masks = tuple((mask.entry.id, copied(mask.value())) for mask in self._list.masks)
        return RecordedMasks(masks=masks, steps=steps)

    @property
    def position(self) -> int:
        """Where in its history it is: the same number means the same masks; −1 in a stroke."""
        return -1 if self._stroke else self._history.position

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the picture."""
        return self._list.size

    @property
    def entries(self) -> tuple[MaskEntry, ...]:
        """The masks in the order of the list."""
        return tuple(mask.entry for mask in self._list.masks)

    @property
    def active(self) -> int | None:
        """Id of the mask that edits change unless told otherwise; None if there is no mask."""
        return self._list.active

    def choose_active(self, mask: int) -> None:
        """Make a mask the active one; no undo step."""
        self._list.active = self._list.find(mask).entry.id

    def pixels(self, mask: int) -> BoolArray:
        """Return the live pixels of a mask, (height, width), to be read only; not a copy."""
        view = self._list.find(mask).pixels.view()
        view.flags.writeable = False
        return view

    def revision(self, mask: int) -> int:
        """Return a number that rises with every change of the mask's pixels."""
        return self._list.find(mask).revision

    def snapshot(self) -> tuple[NamedMask, ...]:
        """Return copies of all masks."""
        return tuple(copied(mask.value()) for mask in self._list.masks)

    def edit(self, edit: Edit, mask: int | None = None) -> Change | None:
        """Carry out an edit: the one path by which a person changes masks.

        Parameters
        ----------
        edit
            What to do.
        mask
            Whose pixels; the active mask's if None. Edits of the list name their mask
            themselves.

        Returns
        -------
        Change or None
            What changed; None if nothing did.

        Raises
        ------
        MaskError
            If there is no such mask, it is locked, or the edit has a value out of range; nothing
            changed.
        """
        change = self._change_of(edit, mask)
        if change is None:
            return None
        self._do(change, text_of(edit))
        if isinstance(change, Added):
            self._list.active = change.mask
        return change

    def perform(self, prepared: PreparedEdit) -> Change | None:
        """Carry out an edit that was worked out in another thread, as `edit` would.

        Raises
        ------
        MaskError
            If the mask changed since, is locked, or is gone; nothing changed.
        """
        found = self._list.find(prepared.mask)
        found.check_unlocked()
        if found.revision != prepared.revision:
            raise MaskError("The mask has changed meanwhile.")
        if prepared.change is not None:
            self._do(prepared.change, prepared.text, prepared.step)
        return prepared.change

    def adopt(self, mask: NamedMask) -> None:
        """Append a mask that belongs to the picture and became known late; no undo step.

        Raises
        ------
        MaskError
            If it does not fit, or there are too many; nothing changed.
        """
        # At the end, where no step that can be undone or redone has its place.
        added = Added(self._list.next_id, len(self._list.masks), copied(shown_name(mask)))
        self._list.perform(added)
        for _, adopted in tuple(self._callbacks):
            adopted(added)

    def take_in(self, change: Change) -> None:
        """Apply a change that was written down before, but is no undo step.

        Raises
        ------
        MaskError
            If it does not fit the masks as they are; nothing changed.
        """
        self._perform_and_tell(change)

    def begin_stroke(self) -> None:
        """Let the edits from here to `end_stroke` be one undo step; ends an open one first."""
        self.end_stroke()
        self._stroke = OpenStroke(self.size)

    def end_stroke(self, text: str = "") -> None:
        """Make one undo step of the edits since `begin_stroke`, if any is open.

        Parameters
        ----------
        text
            What it is called; "" for what its last edit is called.
        """
        stroke, self._stroke = self._stroke, None
        step = stroke.step() if stroke else None
        if stroke and step is not None:
            self._history.push(step, text or stroke.text)
            self._tell_step(Stepped.DONE, text or stroke.text)
        elif stroke is not None:
            self._tell_step(Stepped.TAKEN_BACK)

    def abandon_stroke(self) -> None:
        """Take back the edits since `begin_stroke`; what could be redone still can."""
        stroke, self._stroke = self._stroke, None
        step = stroke.step() if stroke else None
        if step is not None:
            self._perform_and_tell(step.change().inverse())
        if stroke is not None:
            self._tell_step(Stepped.TAKEN_BACK)

    @property
    def in_stroke(self) -> bool:
        """Whether a stroke is open."""
        return self._stroke is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._stroke) or self._history.undo_text is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return not self._stroke and self._history.redo_text is not None

    @property
    def undo_text(self) -> str | None:
        """What the step to undo was, such as "Brush"; None if there is none."""
        return self._stroke.text if self._stroke else self._history.undo_text

    @property
    def redo_text(self) -> str | None:
        """What the step to redo was; None if there is none."""
        return None if self._stroke else self._history.redo_text

    def undo(self) -> Change | None:
        """Undo one step; an open stroke is ended first. None if there was none."""
        self.end_stroke()
        step = self._history.step_back()
        if step is None:
            return None
        return self._go(step.inverse(), Stepped.UNDONE)

    def redo(self) -> Change | None:
        """Redo one step; an open stroke is ended first. None if there was none."""
        self.end_stroke()
        step = self._history.step_forward()
        return None if step is None else self._go(step, Stepped.REDONE)

    def apply(self, change: Change, *, text: str = "Recover") -> None:
        """Apply a change that was written down before, as an undo step of this name.

        Raises
        ------
        MaskError
            If it does not fit the masks as they are; nothing changed.
        """
        self._do(change, text)

    def subscribe(self, callback: _Heard, adopted: _Heard | None = None) -> Callable[[], None]:
        """Have `callback` called after every change, undo and redo included.

        Parameters
        ----------
        callback
            Takes what changed.
        adopted
            Takes the masks that `adopt` appends instead; `callback` if None.

        Returns
        -------
        callable
            Call it to unsubscribe.
        """
        heard = (callback, adopted or callback)
        self._callbacks.append(heard)

        def unsubscribe() -> None:
            if heard in self._callbacks:
                self._callbacks.remove(heard)

        return unsubscribe

    def subscribe_to_steps(self, callback: _HeardStep) -> Callable[[], None]:
        """Have `callback` called when changes have become a step, were undone or redone.

        Returns
        -------
        callable
            Call it to unsubscribe.
        """
        self._step_callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._step_callbacks:
                self._step_callbacks.remove(callback)

        return unsubscribe

    def _go(self, change: Change, stepped: Stepped) -> Change | None:
        try:
            self._list.perform(change)
        except MaskError:
            # Steps read from a damaged file: no other leads anywhere either.
            self._history.forget()
            return None
        self._tell(change)
        self._tell_step(stepped)
        return change

    def _change_of(self, edit: Edit, mask: int | None) -> Change | None:
        if not isinstance(edit, get_args(PixelEdit)):
            assert isinstance(edit, ListEdit)
            return list_change(self._list, edit)
        assert not isinstance(edit, ListEdit)
        if mask is None and self._list.active is None:
            raise MaskError("There is no mask to edit: add one first.")
        found = self._list.find(self._list.active if mask is None else mask)
        found.check_unlocked()
        region = flips_of(edit, found.pixels)
        return flipped(found.entry.id, region.top, region.left, region.pixels)

    def _do(self, change: Change, text: str, step: PackedChange | None = None) -> None:
        self._list.perform(change)
        if self._stroke is None:
            self._history.push(step or packed(change), text)
        else:
            self._stroke.append(change, text)
        self._tell(change)
        if self._stroke is None:
            self._tell_step(Stepped.DONE, text)

    def _perform_and_tell(self, change: Change) -> None:
        self._list.perform(change)
        self._tell(change)

    def _tell(self, change: Change) -> None:
        for callback, _ in tuple(self._callbacks):
            callback(change)

    def _tell_step(self, stepped: Stepped, text: str = "") -> None:
        for callback in tuple(self._step_callbacks):
            callback(stepped, text)
