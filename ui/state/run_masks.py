"""The masks of one run: their document, and how the window shows them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from math import nan
from typing import Any

import numpy as np

from memlens.masks.changes import Added, Box, Change, Flipped, Group, Removed
from memlens.masks.document import MaskDocument, MaskEntry
from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.pinned import pinned_in_view, pinned_place
from memlens.masks.undo_steps import RecordedMasks
from ui.vocabulary.mask_picture import MaskPicture

# White is the first mask's alone: mostly the ground truth.
_FIRST = "#ffffff"
_OTHERS = (
    "#fbbf24",
    "#60a5fa",
    "#f472b6",
    "#a3e635",
    "#c084fc",
    "#fb923c",
    "#2dd4bf",
    "#f87171",
    "#facc15",
    "#38bdf8",
    "#e879f9",
)
_REMEMBERED = 64
_serials = count()


def colour_of(mask: int) -> str:
    """Return the colour that a mask keeps, "#rrggbb"."""
    return _FIRST if mask == 1 else _OTHERS[(mask - 2) % len(_OTHERS)]


class LivePictures:
    """Masks of a document as views draw them, up to date after every change."""

    def __init__(self, document: MaskDocument) -> None:
        self._document = document
        self._serial = next(_serials)
        self._pictures: dict[int, MaskPicture] = {}
        self._revisions: dict[int, int] = {}
        self._recent: dict[int, deque[tuple[int, Box]]] = {}
        self._generations: dict[int, int] = {}
        self._tint = 0.0

    def tint(self, tint: float) -> None:
        """Fill masks with their colours, 0 (not at all) to 1."""
        if tint != self._tint:
            self._tint = tint
            self._pictures.clear()

    def of(self, mask: int) -> MaskPicture:
        """Return the picture of a mask; the same object until the mask changes."""
        found = self._pictures.get(mask)
        if found is None:
            found = MaskPicture(
                key=(self._serial, mask, self._generations.get(mask, 0)),
                pixels=self._document.pixels(mask),
                revision=self._revisions.get(mask, 0),
                recent=tuple(self._recent.get(mask, ())),
                colour=colour_of(mask),
                tint=self._tint,
            )
            self._pictures[mask] = found
        return found

    def note(self, change: Change) -> None:
        """Take note of what happened to the document."""
        match change:
            case Group():
                for each in change.changes:
                    self.note(each)
            case Flipped():
                number = self._revisions.get(change.mask, 0) + 1
                self._revisions[change.mask] = number
                recent = self._recent.setdefault(change.mask, deque(maxlen=_REMEMBERED))
                recent.append((number, change.box))
                self._pictures.pop(change.mask, None)
            case Added() | Removed():
                self._generations[change.mask] = self._generations.get(change.mask, 0) + 1
                self._pictures.pop(change.mask, None)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MaskFacts:
    """The masks of one run at one moment.

    Attributes
    ----------
    entries, pictures
        The masks, first to last, and each one as views draw it.
    active, pinned
        Ids of the one that is drawn, and of the one that maps are compared with.
    hidden, selected
        Ids of the masks that are not outlined, and of those that are selected together.
    solo
        Whether only the active mask is drawn.
    compared
        Masks A and B, None where none were chosen or one is gone.
    edits
        How many changes there were.
    undo_text, redo_text
        What would be undone and redone, "" for nothing.
    """

    entries: tuple[MaskEntry, ...]
    pictures: tuple[MaskPicture, ...]
    active: int | None
    pinned: int | None
    hidden: frozenset[int]
    selected: frozenset[int]
    solo: bool
    compared: tuple[int, int] | None
    edits: int
    undo_text: str
    redo_text: str

    def picture_of(self, mask: int) -> MaskPicture:
        """Return a mask as views draw it."""
        return next(
            picture
            for entry, picture in zip(self.entries, self.pictures, strict=True)
            if entry.id == mask
        )


@dataclass(slots=True, eq=False)
class RunMasks:
    """What the window knows of one run's masks.

    Attributes
    ----------
    came_with
        The masks that the run was opened or sampled with.
    hidden
        Ids of the masks that are not outlined.
    selected
        Ids of the masks that were selected together; see `selection`.
    pinned, stand_in
        The mask that maps are compared with, whichever is drawn, None before there is one; the
        one that stands in for it while it is removed.
    compared
        Masks A and B, None where none were chosen.
    settled
        A copy of the mask that maps are compared with, as it was when the hand rested.
    settled_id, settled_share
        Its id, and the share of the picture that it covers, 0..1, NaN without one.
    edits
        How many changes there were.
    settled_edits
        How many there were when `settled` was made.
    """

    document: MaskDocument
    came_with: tuple[NamedMask, ...]
    hidden: set[int] = field(default_factory=set)
    selected: frozenset[int] = frozenset()
    pinned: int | None = None
    stand_in: int | None = None
    compared: tuple[int, int] | None = None
    settled: NamedMask | None = None
    settled_id: int | None = None
    settled_share: float = nan
    edits: int = 0
    settled_edits: int = -1
    pictures: LivePictures = field(init=False)

    def __post_init__(self) -> None:
        self.pictures = LivePictures(self.document)
        self.document.subscribe(self._changed)
        self._pin_one()

    @property
    def ids(self) -> tuple[int, ...]:
        """The masks, first to last."""
        return tuple(entry.id for entry in self.document.entries)

    @property
    def selection(self) -> tuple[int, ...]:
        """The masks that are selected, first to last: the active one at least, if there is one.

        Where another mask became the active one, what was selected before is not any more.
        """
        active = self.document.active
        if active is None:
            return ()
        chosen = self.selected if active in self.selected else {active}
        return tuple(mask for mask in self.ids if mask in chosen)

    @property
    def pinned_entry(self) -> MaskEntry | None:
        """The mask that maps are compared with: another one while the pinned one is removed."""
        there = {entry.id: entry for entry in self.document.entries}
        return there.get(self.pinned or 0) or there.get(self.stand_in or 0)

    @property
    def compared_now(self) -> tuple[int, int] | None:
        """Masks A and B while both are there."""
        there = self.compared is not None and set(self.compared) <= set(self.ids)
        return self.compared if there else None

    def facts(self, *, solo: bool = False) -> MaskFacts:
        """Return what there is to show of them now."""
        document, pinned = self.document, self.pinned_entry
        entries = tuple(document.entries)
        return MaskFacts(
            entries=entries,
            pictures=tuple(self.pictures.of(entry.id) for entry in entries),
            active=document.active,
            pinned=None if pinned is None else pinned.id,
            hidden=frozenset(self.hidden),
            selected=frozenset(self.selection),
            solo=solo,
            compared=self.compared_now,
            edits=self.edits,
            undo_text=(document.undo_text or "") if document.can_undo else "",
            redo_text=(document.redo_text or "") if document.can_redo else "",
        )

    def pin(self, mask: int) -> None:
        """Compare maps with another mask from now on."""
        self.pinned = mask
        self.touch()

    def settle(self) -> bool:
        """Copy the mask that maps are compared with; False when the copy is still true."""
        if self.settled_edits == self.edits:
            return False
        self.settled_edits = self.edits
        entry = self.pinned_entry
        if entry is None:
            self.settled, self.settled_id, self.settled_share = None, None, nan
        else:
            same_one = self.settled if self.settled_id == entry.id else None
            self.settled_id = entry.id
            pixels = self.document.pixels(entry.id)
            if same_one is None or not _says(same_one, entry, pixels):
                copy = pixels.copy()
                self.settled = NamedMask(name=entry.name, kind=entry.kind, pixels=copy)
                self.settled_share = np.count_nonzero(copy) / max(1, copy.size)
        return True

    def to_view(self) -> dict[str, Any]:
        """Return what a session keeps of how the masks are shown, JSON-ready."""
        ids = self.ids
        active, pinned = self.document.active, self.pinned_entry
        place = None if pinned is None else ids.index(pinned.id)
        return {
            "active_mask": -1 if active is None else ids.index(active),
            "hidden_masks": [place for place, mask in enumerate(ids) if mask in self.hidden],
            **pinned_in_view(self.document.entries, place),
        }

    def adopt_view(self, view: Mapping[str, Any]) -> None:
        """Show the masks as a session kept it; what does not fit is left as it is."""
        places = dict(enumerate(self.ids))
        active, hidden = view.get("active_mask"), view.get("hidden_masks")
        if type(active) is int and active in places:
            self.document.choose_active(places[active])
        if isinstance(hidden, list):
            self.hidden |= {places[n] for n in hidden if type(n) is int and n in places}
        place = pinned_place(self.document.entries, view)
        if place is not None:
            self.pin(places[place])

    def touch(self) -> None:
        """Note that another mask is to be settled, though no pixel changed."""
        self.edits += 1

    def _changed(self, change: Change) -> None:
        self.edits += 1
        self.pictures.note(change)
        self._pin_one()

    def _pin_one(self) -> None:
        """Pin the first mask; hold another one fast for as long as the pinned one is removed."""
        entries = self.document.entries
        if self.pinned in self.ids:
            self.stand_in = None
        elif self.stand_in not in self.ids:
            place = pinned_place(entries)
            self.stand_in = None if place is None else entries[place].id
        if self.pinned is None:
            self.pinned, self.stand_in = self.stand_in, None


def _says(kept: NamedMask, entry: MaskEntry, pixels: BoolArray) -> bool:
    named_alike = (kept.name, kept.kind) == (entry.name, entry.kind)
    return named_alike and np.array_equal(kept.pixels, pixels)


def adopted(
    size: tuple[int, int], masks: tuple[NamedMask, ...], recorded: RecordedMasks | None = None
) -> RunMasks:
    """Return the masks of a run as it was opened or sampled; those of another size are left.

    Parameters
    ----------
    size
        (height, width) of its picture.
    masks
        That it came with.
    recorded
        The same with their undo, where they come from a journal.
    """
    if recorded is not None:
        return RunMasks(MaskDocument.restored(size, recorded), masks)
    fitting = [mask for mask in masks if mask.pixels.shape == size]
    return RunMasks(MaskDocument.from_masks(size, fitting), masks)
