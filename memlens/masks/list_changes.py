"""What edits of the list of masks change: add, remove, duplicate, rename, another kind, lock."""

from __future__ import annotations

from dataclasses import replace

from memlens.errors import MaskError
from memlens.masks.changes import Added, Change, Locked, Removed, Renamed, Retyped
from memlens.masks.edits import (
    AddMask,
    DuplicateMask,
    ListEdit,
    LockMask,
    RemoveMask,
    RenameMask,
)
from memlens.masks.kinds import KINDS, kind_of_copy
from memlens.masks.mask_list import MaskList
from memlens.masks.named_mask import MAX_NAME, NamedMask, tidy_name


def list_change(masks: MaskList, edit: ListEdit) -> Change | None:
    """Return what an edit of the list changes, None for nothing.

    Raises
    ------
    MaskError
        If there is no such mask, it is locked, or the edit has a value out of range.
    """
    if isinstance(edit, AddMask):
        value = edit.named_mask
        value = replace(value, name=_checked_name(value.name), kind=_checked_kind(value.kind))
        return Added(masks.next_id, len(masks.masks), copied(value))
    found = masks.find(edit.mask)
    entry = found.entry
    position = masks.masks.index(found)
    if isinstance(edit, LockMask):
        return None if edit.locked == entry.locked else Locked(entry.id, edit.locked)
    if isinstance(edit, DuplicateMask):
        value = replace(
            copied(found.value()),
            name=_copy_name(masks, entry.name),
            kind=kind_of_copy(entry.kind),
            locked=False,
        )
        return Added(masks.next_id, position + 1, value)
    found.check_unlocked()
    if isinstance(edit, RemoveMask):
        return Removed(entry.id, position, found.value())
    if isinstance(edit, RenameMask):
        name = _checked_name(edit.name)
        return None if name == entry.name else Renamed(entry.id, entry.name, name)
    kind = _checked_kind(edit.kind)
    return None if kind == entry.kind else Retyped(entry.id, entry.kind, kind)


def _copy_name(masks: MaskList, name: str) -> str:
    taken = {mask.entry.name for mask in masks.masks}
    number = 2
    while (made := f"{name[: MAX_NAME - 10]} {number}") in taken:
        number += 1
    return made


def copied(value: NamedMask) -> NamedMask:
    """Return a mask with pixels of its own."""
    return replace(value, pixels=value.pixels.copy())


def shown_name(value: NamedMask) -> NamedMask:
    """Return a mask under a name that can be shown."""
    return replace(value, name=tidy_name(value.name, instead="mask"))


def _checked_name(name: str) -> str:
    name = name.strip()
    if len(name) > MAX_NAME:
        raise MaskError(f"A mask's name may have {MAX_NAME} characters, not {len(name)}.")
    name = tidy_name(name)
    if not name:
        raise MaskError("A mask needs a name.")
    return name


def _checked_kind(kind: str) -> str:
    if kind not in KINDS:
        raise MaskError(f"A mask is {', '.join(KINDS[:-1])} or {KINDS[-1]}, not {kind!r}.")
    return kind
