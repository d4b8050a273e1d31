"""A locked mask: nothing but the lock itself, copies and undo touch it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memlens.errors import MaskError
from memlens.masks.changes import from_bytes, to_bytes
from memlens.masks.document import MaskDocument
from memlens.masks.edits import (
    AddMask,
    ChooseKind,
    DuplicateMask,
    Edit,
    Invert,
    LockMask,
    RemoveMask,
    RenameMask,
)
from memlens.masks.named_mask import NamedMask
from memlens.masks.preparing import prepare
from tests.memlens.masks.test_any_order import SIZE, _pixel_edits


def locked_document() -> MaskDocument:
    pixels = np.random.default_rng(3).random(SIZE) > 0.5
    mask = NamedMask(name="truth", kind="ground truth", pixels=pixels, locked=True)
    return MaskDocument.from_masks(SIZE, (mask,))


@settings(max_examples=60)
@given(
    edit=st.one_of(
        _pixel_edits,
        st.sampled_from((RemoveMask(1), RenameMask(1, "mine"), ChooseKind(1, "drawn"))),
    )
)
def test_no_edit_changes_it(edit: Edit) -> None:
    document = locked_document()
    before = document.pixels(1).copy()
    with pytest.raises(MaskError, match="'truth' is locked"):
        document.edit(edit)
    assert np.array_equal(document.pixels(1), before)
    assert not document.can_undo and document.entries[0].locked


def test_an_edit_prepared_before_it_was_locked_is_not_performed() -> None:
    document = locked_document()
    document.edit(LockMask(1, False))
    prepared = prepare(Invert(), 1, document.pixels(1).copy(), document.revision(1))
    document.edit(LockMask(1, True))
    with pytest.raises(MaskError, match="locked"):
        document.perform(prepared)


def test_locking_is_a_step_that_is_undone_redone_and_replayed() -> None:
    document = MaskDocument(SIZE)
    twin = MaskDocument(SIZE)
    document.subscribe(lambda change: twin.apply(from_bytes(to_bytes(change))))
    document.edit(AddMask(NamedMask(name="m", kind="drawn", pixels=np.zeros(SIZE, bool))))
    document.edit(Invert())
    assert document.edit(LockMask(1, False)) is None
    document.edit(LockMask(1, True))
    assert document.undo_text == "Lock mask" and twin.entries[0].locked
    document.undo()
    assert not document.entries[0].locked and not twin.entries[0].locked
    document.undo()
    assert not document.pixels(1).any()
    document.redo()
    document.redo()
    assert document.entries[0].locked and document.pixels(1).all()
    assert twin.entries == document.entries


def test_a_copy_of_ground_truth_is_drawn_and_open() -> None:
    document = locked_document()
    document.edit(DuplicateMask(1))
    assert [(e.kind, e.locked) for e in document.entries] == [
        ("ground truth", True),
        ("drawn", False),
    ]
    document.edit(Invert(), 2)
    assert np.array_equal(document.pixels(2), ~document.pixels(1))
