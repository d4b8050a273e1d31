"""The masks of one picture as they are now, and how a change alters them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from memlens.errors import MaskError
from memlens.masks.changes import (
    MAX_PIXELS,
    MAX_SIDE,
    Added,
    Change,
    Flipped,
    Group,
    Locked,
    Removed,
    Renamed,
    Retyped,
)
from memlens.masks.named_mask import MAX_ALL_PIXELS, BoolArray, NamedMask

# Written down in 32 bits, with room for all that are made after one read from a file.
MAX_ID = 1 << 31


@dataclass(frozen=True, slots=True)
class MaskEntry:
    """A mask as the list shows it.

    Attributes
    ----------
    id
        Its number within the document, never given to another.
    name, kind, locked
        As in `NamedMask`.
    """

    id: int
    name: str
    kind: str
    locked: bool = False


@dataclass(slots=True)
class ListedMask:
    """A mask of the list; `pixels` are the live ones."""

    entry: MaskEntry
    pixels: BoolArray
    revision: int

    def value(self) -> NamedMask:
        """Return the mask with its live pixels, not a copy."""
        entry = self.entry
        return NamedMask(name=entry.name, kind=entry.kind, pixels=self.pixels, locked=entry.locked)

    def check_unlocked(self) -> None:
        """Raise MaskError if the mask is locked."""
        if self.entry.locked:
            raise MaskError(f"The mask {self.entry.name!r} is locked: unlock it first.")


class MaskList:
    """Masks in order; `active` is the id of the one that is edited unless told otherwise.

    Raises
    ------
    MaskError
        If the size (height, width) is not that of a picture.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        height, width = size
        if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE and height * width <= MAX_PIXELS):
            raise MaskError(f"A picture of {width}×{height} pixels cannot have masks.")
        self.size = (height, width)
        self._revision = 0
        self.masks: list[ListedMask] = []
        self.active: int | None = None
        self.next_id = 1

    def find(self, mask: int | None) -> ListedMask:
        """Return a mask by its id, or raise MaskError."""
        for found in self.masks:
            if found.entry.id == mask:
                return found
        raise MaskError(f"There is no mask number {mask}.")

    def perform(self, change: Change) -> None:
        """Let a change happen.

        Raises
        ------
        MaskError
            If it does not fit the masks as they are; nothing changed.
        """
        if isinstance(change, Group):
            done: list[Change] = []
            try:
                for each in change.changes:
                    self.perform(each)
                    done.append(each)
            except MaskError:
                for each in reversed(done):
                    self.perform(each.inverse())
                raise
        elif isinstance(change, Added):
            self._add(change)
        else:
            self._change_one(change, self.find(change.mask))

    def _change_one(
        self, change: Flipped | Removed | Renamed | Retyped | Locked, mask: ListedMask
    ) -> None:
        if isinstance(change, Flipped):
            if change.box.bottom > self.size[0] or change.box.right > self.size[1]:
                raise MaskError(f"A change of {change.box} reaches beyond the picture.")
            change.flip(mask.pixels)
            self._revision += 1
            mask.revision = self._revision
        elif isinstance(change, Removed):
            value = change.mask_value
            position = self.masks.index(mask)
            there, entry = (value.name, value.kind, value.locked), mask.entry
            named = (entry.name, entry.kind, entry.locked) == there
            if position != change.position or not named:
                raise MaskError(f"The mask to remove is not the one called {value.name!r}.")
            if not np.array_equal(mask.pixels, value.pixels):
                raise MaskError(f"The mask {value.name!r} to remove has other pixels.")
            del self.masks[position]
            if self.active == change.mask:
                neighbours = self.masks[min(position, len(self.masks) - 1) :]
                self.active = neighbours[0].entry.id if neighbours else None
        elif isinstance(change, Locked):
            if mask.entry.locked == change.after:
                raise MaskError(f"The mask {mask.entry.name!r} is locked, or unlocked, already.")
            mask.entry = replace(mask.entry, locked=change.after)
        else:
            now = mask.entry.name if isinstance(change, Renamed) else mask.entry.kind
            if now != change.before:
                raise MaskError(f"A mask is called {now!r}, not {change.before!r}.")
            if isinstance(change, Renamed):
                mask.entry = replace(mask.entry, name=change.after)
            else:
                mask.entry = replace(mask.entry, kind=change.after)

    def _add(self, change: Added) -> None:
        value = change.mask_value
        if value.pixels.shape != self.size or value.pixels.dtype != np.bool_:
            height, width = self.size
            raise MaskError(
                f"The mask {value.name!r} is {value.pixels.dtype} of shape {value.pixels.shape}; "
                f"the picture has {width}×{height}."
            )
        if (len(self.masks) + 1) * value.pixels.size > MAX_ALL_PIXELS:
            height, width = self.size
            raise MaskError(
                f"A picture of {width}×{height} has room for "
                f"{MAX_ALL_PIXELS // value.pixels.size:,} masks, no more."
            )
        if not 0 < change.mask < MAX_ID:
            raise MaskError(f"There cannot be a mask number {change.mask}.")
        if any(mask.entry.id == change.mask for mask in self.masks):
            raise MaskError(f"There is a mask number {change.mask} already.")
        if change.position > len(self.masks):
            raise MaskError(f"There is no place {change.position} in a list of masks so short.")
        self._revision += 1
        entry = MaskEntry(change.mask, value.name, value.kind, value.locked)
        mask = ListedMask(entry, np.array(value.pixels, order="C"), self._revision)
        self.masks.insert(change.position, mask)
        self.next_id = max(self.next_id, change.mask + 1)
        if self.active is None:
            self.active = change.mask
