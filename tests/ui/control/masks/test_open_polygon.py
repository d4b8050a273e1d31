"""The corners of a polygon are kept until what became of them is."""

from __future__ import annotations

from pathlib import Path

import pytest

from memlens.masks.document import MaskDocument
from memlens.masks.edits import Invert
from memlens.masks.journal_writer import JournalWriter
from memlens.masks.open_shape import NO_MASK, OpenShape
from memlens.masks.preparing import prepare
from tests.support.mask_easel import Easel
from ui.control.masks.unsaved_run import UnsavedRun
from ui.jobs.shape_mask import MaskShaped, ShapeMask
from ui.state.run import Run

CORNERS = ((1.0, 1.0), (9.0, 1.0), (9.0, 9.0))


class Keeper:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.shapes: list[OpenShape | None] = []

    def watch(self, document: MaskDocument, session_path: Path | None) -> None:
        """Take no note."""

    def note_shape(self, shape: OpenShape | None) -> None:
        self.shapes.append(shape)


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def keeper(easel: Easel) -> Keeper:
    made = Keeper()
    easel.masks.polygon._keeper = made
    return made


def test_corners_are_kept_with_the_mask_that_they_are_over(easel: Easel, keeper: Keeper) -> None:
    easel.masks.note_corners(CORNERS[:1], False)
    mask = easel.add()
    easel.masks.note_corners(CORNERS, True)
    easel.masks.note_corners((), False)
    first, second, none = keeper.shapes
    assert first == OpenShape(NO_MASK, CORNERS[:1])
    assert second == OpenShape(mask, CORNERS, closed=True)
    assert none is None


def test_corners_that_became_a_long_edit_are_kept_until_it_is_done(
    easel: Easel, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    easel.add()
    monkeypatch.setattr("ui.control.masks.long_edits.is_long", lambda edit, size: True)
    easel.masks.note_corners(CORNERS, True)
    easel.masks.edit(Invert())
    easel.masks.note_corners((), False)
    assert len(keeper.shapes) == 1
    request = easel.asked(ShapeMask)[-1]
    made = prepare(request.edit, request.mask, request.pixels, request.revision)
    easel.answer(request, MaskShaped(token=request.token, prepared=made))
    assert keeper.shapes[1:] == [None]


class Writer(JournalWriter):
    """Writes nothing, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def begin(self, path: Path, base: object, *, replaces: Path | None = None) -> None:
        self.asked.append("begin")

    def note_shape(self, path: Path, shape: OpenShape | None) -> None:
        self.asked.append("none" if shape is None else f"{len(shape.points)} corners")

    def end(self, path: Path, *, discard: bool) -> None:
        self.asked.append("discard" if discard else "leave")


def test_a_journal_for_corners_alone_goes_with_them(easel: Easel) -> None:
    writer = Writer()
    began: list[UnsavedRun] = []
    kept = UnsavedRun(
        Run(1), writer, held=lambda: False, became_dirty=began.append, failed=pytest.fail
    )
    kept.watch(easel.document)
    kept.note_shape(None)
    assert writer.asked == []
    for count in (1, 2, 2):
        kept.note_shape(OpenShape(NO_MASK, CORNERS[:count]))
    assert writer.asked == ["begin", "2 corners"]
    assert began == [kept]
    assert not kept.dirty
    kept.note_shape(None)
    assert writer.asked[2:] == ["discard"]
    # After an edit the journal stays, whatever becomes of corners.
    easel.add()
    kept.note_shape(OpenShape(NO_MASK, CORNERS))
    kept.note_shape(None)
    assert writer.asked[3:] == ["begin", "3 corners", "none"]
    kept.let_go()
    assert writer.asked[-1] == "leave"
