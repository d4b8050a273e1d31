"""What of a panel must be drawn again when only its masks changed."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter, is_

from PySide6.QtCore import QRect

from ui.canvas.outline import touched
from ui.canvas.place import Place
from ui.view.same_object import identical
from ui.view.view_state import PanelView
from ui.vocabulary.mask_picture import MaskPicture


def only_masks_changed(before: PanelView, now: PanelView) -> bool:
    """Whether all but the masks is the same: the objects, for a stroke hands them on."""
    return all(map(is_, _but_masks(before), _but_masks(now)))


def changed_area(before: PanelView, now: PanelView, place: Place, reach: int) -> QRect | None:
    """Return the device pixels that differ, None when more than the masks' pixels changed.

    Parameters
    ----------
    place
        Where the picture lies.
    reach
        How far an outline goes beyond the edge that it follows, in device pixels.
    """
    old, new = _masks(before), _masks(now)
    if len(old) != len(new) or (before.mask is None) != (now.mask is None):
        return None
    area = QRect()
    for one, other in zip(old, new, strict=True):
        if one.key != other.key or one.colour != other.colour:
            return None
        area = area.united(touched(other, one.revision, place, reach))
    return area if all(map(identical, _but_masks(before), _but_masks(now))) else None


def only_moved_threshold(before: PanelView, now: PanelView) -> bool:
    """Whether nothing but the place of the threshold is another one."""
    if before.threshold is None or now.threshold is None or before.threshold == now.threshold:
        return False
    return all(map(identical, _but_threshold(before), _but_threshold(now)))


def _but(*names: str) -> attrgetter[tuple[object, ...]]:
    """Return what reads all of a panel's view but `names`."""
    return attrgetter(*(each.name for each in fields(PanelView) if each.name not in names))


_but_masks = _but("mask", "other_masks", "found", "compared")
_but_threshold = _but("threshold")


def _masks(view: PanelView) -> tuple[MaskPicture, ...]:
    active = () if view.mask is None else (view.mask,)
    found = () if view.found is None else (view.found,)
    return (*active, *view.other_masks, *found, *(view.compared or ()))
