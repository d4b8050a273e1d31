"""A journal has the undo of its masks: strokes, undo and redo come back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memlens.masks.document import MaskDocument, Stepped
from memlens.masks.edits import AddMask, Invert, Paint, RemoveMask
from memlens.masks.journal import Journal, read_journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.named_mask import NamedMask
from memlens.masks.shapes import Rectangle
from memlens.masks.undo_steps import UndoSteps

SIZE = (8, 10)


class Desk:
    """A document whose changes are all written, as the window does it."""

    def __init__(self, path: Path, before: int = 0) -> None:
        self.document = MaskDocument(SIZE)
        self._add("first")
        for _ in range(before):
            self.document.edit(Invert())
        recorded = self.document.recorded(self.document.position)
        base = JournalBase(size=SIZE, masks=recorded.masks, steps=recorded.steps)
        self.journal = Journal(path, base)
        self.document.subscribe(self.journal.append)
        self.document.subscribe_to_steps(self.journal.note_step)

    def _add(self, name: str) -> None:
        pixels = np.zeros(SIZE, bool)
        self.document.edit(AddMask(NamedMask(name=name, kind="ground truth", pixels=pixels)))

    def paint(self, row: int, *, add: bool = False) -> None:
        self.document.edit(Paint(Rectangle(0, row, 10, row + 1), add=add))

    def restored(self) -> MaskDocument:
        content = read_journal(self.journal.path)
        return MaskDocument.restored(SIZE, content.recorded)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "a.journal", before=1)
    yield made
    made.journal.close()


def pictures(document: MaskDocument) -> list[bytes]:
    return [mask.pixels.tobytes() for mask in document.snapshot()]


def assert_alike(one: MaskDocument, other: MaskDocument) -> None:
    """Both show the same, whatever is undone and redone."""
    for step in ("undo", "redo"):
        while True:
            assert pictures(one) == pictures(other)
            assert one.entries == other.entries
            assert (one.undo_text, one.redo_text) == (other.undo_text, other.redo_text)
            if getattr(one, step)() is None:
                assert getattr(other, step)() is None
                break
            getattr(other, step)()


def test_a_stroke_is_one_step_of_its_name(desk: Desk) -> None:
    desk.document.begin_stroke()
    for row in range(3):
        desk.paint(row)
    desk.document.end_stroke()
    desk.document.edit(Invert())
    found = desk.restored()
    assert found.undo_text == "Invert"
    found.undo()
    assert not found.pixels(1)[:3].any()
    found.undo()
    assert found.pixels(1).all(), "three dabs were one stroke"
    assert_alike(desk.restored(), desk.document)


def test_what_was_undone_can_be_redone(desk: Desk) -> None:
    desk.paint(1)
    desk.paint(2)
    desk.document.undo()
    desk.document.undo()
    desk.document.redo()
    assert desk.restored().can_redo
    assert_alike(desk.restored(), desk.document)


def test_a_stroke_taken_back_is_no_step(desk: Desk) -> None:
    desk.document.begin_stroke()
    desk.paint(1)
    desk.document.abandon_stroke()
    assert_alike(desk.restored(), desk.document)


def test_a_stroke_cut_by_a_kill_is_a_step(desk: Desk) -> None:
    desk.document.begin_stroke()
    desk.paint(1)
    found = desk.restored()
    assert not found.snapshot()[0].pixels[1].any()
    found.undo()
    desk.document.abandon_stroke()
    assert pictures(found) == pictures(desk.document)


def test_going_back_to_what_was_saved_is_known(desk: Desk) -> None:
    desk.paint(1)
    assert not read_journal(desk.journal.path).steps.is_saved
    desk.document.undo()
    assert read_journal(desk.journal.path).steps.is_saved
    desk.document.undo()
    steps = read_journal(desk.journal.path).steps
    assert (steps.is_saved, steps.saved, len(steps.done)) == (False, 2, 1)


def test_compacting_keeps_the_undo(desk: Desk) -> None:
    for row in range(4):
        desk.paint(row)
    desk.document.undo()
    desk.journal.compact()
    desk.paint(6)
    assert_alike(desk.restored(), desk.document)


def test_ids_of_removed_masks_are_not_given_again(desk: Desk) -> None:
    desk._add("second")
    desk.document.edit(RemoveMask(2))
    found = desk.restored()
    found.edit(AddMask(desk.document.snapshot()[0]))
    assert found.entries[-1].id == 3


def test_only_the_newest_steps_within_a_number_of_bytes_are_written(desk: Desk) -> None:
    for row in range(6):
        desk.paint(row)
    steps = desk.document.recorded(desk.document.position).steps
    size = steps.done[-1].packed.size
    few = steps.within(2 * size)
    assert [step.text for step in few.done] == [step.text for step in steps.done[-2:]]
    assert few.saved == 2 and few.is_saved
    assert steps.within(0) == UndoSteps(saved=0, next_id=steps.next_id)


_ACTS = st.sampled_from(("paint", "erase", "invert", "undo", "redo", "stroke", "abandon", "add"))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(_ACTS, max_size=14))
def test_whatever_is_done_comes_back(tmp_path: Path, acts: list[str]) -> None:
    desk = Desk(tmp_path / "a.journal")
    try:
        do(desk, acts)
        assert_alike(desk.restored(), desk.document)
    finally:
        desk.journal.close()


def do(desk: Desk, acts: list[str]) -> None:
    document = desk.document
    for place, act in enumerate(acts):
        row = place % 8
        match act:
            case "paint" | "erase":
                desk.paint(row, add=act == "paint")
            case "invert":
                document.edit(Invert())
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case "add":
                desk._add(f"m{place}")
            case "stroke" | "abandon":
                document.begin_stroke()
                desk.paint(row)
                desk.paint((row + 3) % 8, add=True)
                (document.end_stroke if act == "stroke" else document.abandon_stroke)()
        if not document.entries:
            document.redo()


def test_steps_that_fit_nothing_are_dropped_not_raised(desk: Desk) -> None:
    recorded = desk.document.recorded()
    other = MaskDocument(SIZE)
    strange = MaskDocument.restored(SIZE, type(recorded)(masks=(), steps=recorded.steps))
    assert strange.undo() is None
    assert not strange.can_undo
    assert other.position == 0
    assert Stepped.DONE == 1
