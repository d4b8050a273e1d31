"""The mask document: one path for edits, undo, strokes and what subscribers hear."""

from __future__ import annotations

import numpy as np
import pytest

from memlens.errors import MaskError
from memlens.masks.changes import (
    Added,
    Box,
    Change,
    Flipped,
    Group,
    Removed,
    Renamed,
    Retyped,
    flipped,
)
from memlens.masks.document import BYTE_CAP, MaskDocument
from memlens.masks.edits import (
    AddMask,
    ChooseKind,
    Clear,
    DropSmall,
    DuplicateMask,
    Edit,
    Fill,
    Grow,
    Invert,
    LargestRegion,
    Paint,
    RemoveMask,
    RenameMask,
    ReplacePixels,
    Shrink,
    Smooth,
)
from memlens.masks.history import History
from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.packing import packed
from memlens.masks.shapes import Ellipse, Rectangle, Stroke


def picture(*rows: str) -> BoolArray:
    """Read a mask drawn with # and dots."""
    return np.array([[mark == "#" for mark in row] for row in rows])


def document(*rows: str) -> MaskDocument:
    pixels = picture(*rows)
    return MaskDocument.from_masks(
        pixels.shape, [NamedMask(name="mine", kind="ground truth", pixels=pixels)]
    )


def drawn(document: MaskDocument) -> tuple[str, ...]:
    assert document.active is not None
    return tuple(
        "".join("#" if pixel else "." for pixel in row) for row in document.pixels(document.active)
    )


def test_painting_changes_the_pixels_and_tells_the_smallest_box() -> None:
    masks = document("......", "..#...", "......")
    heard: list[Change] = []
    masks.subscribe(heard.append)
    change = masks.edit(Paint(Rectangle(1, 1, 4, 2)))
    assert drawn(masks) == ("......", ".###..", "......")
    assert heard == [change]
    assert isinstance(change, Flipped)
    assert change.box == Box(1, 1, 2, 4)
    assert change.flips().tolist() == [[True, False, True]]


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    masks = document(".#.")
    assert masks.edit(Paint(Rectangle(1, 0, 2, 1))) is None
    assert masks.edit(Paint(Rectangle(8, 0, 9, 1))) is None
    assert masks.edit(Fill(-1, 0)) is None
    assert not masks.can_undo


BEFORE = ("#.#...", "#...#.", "..#...", "....##")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Paint(Stroke(((4.5, 1.5),), 1)), ("#.#.#.", "#..###", "..#.#.", "....##")),
        (Paint(Rectangle(0, 0, 1, 4), add=False), ("..#...", "....#.", "..#...", "....##")),
        (Fill(0.9, 0.1, add=False), ("..#...", "....#.", "..#...", "....##")),
        (Invert(), (".#.###", ".###.#", "##.###", "####..")),
        (Clear(), ("......",) * 4),
        (LargestRegion(), ("#.....", "#.....", "......", "......")),
        (DropSmall(2), ("#.....", "#.....", "......", "....##")),
        (Grow(1), ("#####.", "######", "######", "..####")),
        (ReplacePixels(picture("#.....", *["......"] * 3)), ("#.....", *["......"] * 3)),
    ],
)
def test_every_edit_of_pixels_does_what_it_says(edit: Edit, expected: tuple[str, ...]) -> None:
    masks = document(*BEFORE)
    masks.edit(edit)
    assert drawn(masks) == expected
    masks.undo()
    assert drawn(masks) == BEFORE
    masks.redo()
    assert drawn(masks) == expected


def test_a_fill_stays_within_pixels_joined_by_their_sides() -> None:
    masks = document("..#..", ".#.#.", "#...#", ".#.#.", "..#..")
    masks.edit(Fill(2.5, 2.5))
    assert drawn(masks) == ("..#..", ".###.", "#####", ".###.", "..#..")


def test_shrinking_does_not_eat_from_the_border_of_the_picture() -> None:
    masks = document("####.", "####.", "####.")
    masks.edit(Shrink(2))
    assert drawn(masks) == ("##...", "##...", "##...")


def test_smoothing_drops_specks_and_fills_pinholes() -> None:
    masks = document(".......", ".####.#", ".##.#..", ".####..", ".......")
    masks.edit(Smooth(1))
    assert drawn(masks) == (".......", "..##...", ".####..", "..##...", ".......")


def test_a_stroke_of_many_moves_is_one_step() -> None:
    masks = document(*["." * 20] * 4)
    masks.begin_stroke()
    for x in range(2, 18):
        masks.edit(Paint(Stroke(((x, 2), (x + 1, 2)), 1.5)))
    masks.end_stroke()
    assert masks.undo_text == "Brush"
    masks.undo()
    assert drawn(masks) == ("." * 20,) * 4
    assert not masks.can_undo


@pytest.mark.parametrize("moves", [31, 32, 33, 100])
def test_a_stroke_of_any_length_is_undone_and_redone_as_a_whole(moves: int) -> None:
    masks = document(*["." * 120, "#" * 120] * 6)
    before = drawn(masks)
    masks.begin_stroke()
    for x in range(moves):
        add = x % 40 < 30
        masks.edit(Paint(Stroke(((x % 70, 2 + x % 5), (x % 70 + 3, 6)), 2.5), add=add))
    after = drawn(masks)
    masks.end_stroke()
    assert after != before
    masks.undo()
    assert drawn(masks) == before
    assert not masks.can_undo
    masks.redo()
    assert drawn(masks) == after
    masks.begin_stroke()
    for x in range(moves):
        masks.edit(Paint(Stroke(((x % 70, 2), (x, 9)), 2.5), add=x % 3 == 0))
    masks.abandon_stroke()
    assert drawn(masks) == after


def test_undo_in_the_middle_of_a_stroke_ends_it_first() -> None:
    masks = document("....")
    masks.edit(Paint(Rectangle(0, 0, 1, 1)))
    masks.begin_stroke()
    masks.edit(Paint(Rectangle(1, 0, 2, 1)))
    assert masks.can_undo
    assert not masks.can_redo
    masks.undo()
    assert drawn(masks) == ("#...",)
    masks.edit(Paint(Rectangle(3, 0, 4, 1)))
    masks.undo()
    assert drawn(masks) == ("#...",)


def test_an_abandoned_stroke_leaves_pixels_and_redo_as_they_were() -> None:
    masks = document("....")
    masks.edit(Invert())
    masks.undo()
    masks.begin_stroke()
    masks.edit(Paint(Rectangle(0, 0, 2, 1)))
    masks.edit(Paint(Rectangle(1, 0, 2, 1), add=False))
    masks.abandon_stroke()
    assert drawn(masks) == ("....",)
    assert masks.redo_text == "Invert"


def test_who_listens_hears_of_an_abandoned_stroke() -> None:
    masks = document("....")
    heard: list[Change] = []
    masks.subscribe(heard.append)
    masks.begin_stroke()
    masks.edit(Paint(Rectangle(0, 0, 2, 1)))
    masks.abandon_stroke()
    twin = document("....")
    for change in heard:
        twin.apply(change)
    assert len(heard) == 2
    assert drawn(twin) == ("....",)


def test_a_stroke_that_comes_to_nothing_is_no_step() -> None:
    masks = document("....")
    masks.begin_stroke()
    masks.edit(Paint(Rectangle(0, 0, 2, 1)))
    masks.edit(Paint(Rectangle(0, 0, 2, 1), add=False))
    masks.end_stroke()
    assert not masks.can_undo


def test_the_list_can_be_edited_and_undone() -> None:
    masks = document("#..")
    (first,) = (entry.id for entry in masks.entries)
    masks.edit(DuplicateMask(first))
    second = masks.active
    assert second not in (None, first)
    masks.edit(RenameMask(first, "  theirs "))
    masks.edit(ChooseKind(first, "found"))
    masks.edit(RemoveMask(first))
    assert [entry.id for entry in masks.entries] == [second]
    masks.undo()
    assert [(e.id, e.name, e.kind) for e in masks.entries] == [
        (first, "theirs", "found"),
        (second, "mine 2", "drawn"),
    ]
    for _ in range(3):
        masks.undo()
    assert [(e.id, e.name, e.kind) for e in masks.entries] == [(first, "mine", "ground truth")]
    assert masks.active == first


def test_an_id_is_never_given_to_another_mask() -> None:
    masks = document("#..")
    new = NamedMask(name="new", kind="found", pixels=picture("..."))
    masks.edit(AddMask(new))
    once = masks.active
    masks.undo()
    masks.edit(AddMask(new))
    assert masks.active != once


def test_the_pixels_shown_are_live_and_cannot_be_written() -> None:
    masks = document("...")
    assert masks.active is not None
    view = masks.pixels(masks.active)
    before = masks.revision(masks.active)
    masks.edit(Invert())
    assert view.all()
    assert masks.revision(masks.active) > before
    with pytest.raises(ValueError, match="read-only"):
        view[0, 0] = False


def test_a_snapshot_is_not_touched_by_later_edits() -> None:
    masks = document("...")
    (kept,) = masks.snapshot()
    masks.edit(Invert())
    assert not kept.pixels.any()


@pytest.mark.parametrize(
    "edit",
    [
        RenameMask(1, "  "),
        RenameMask(1, "x" * 201),
        RenameMask(7, "x"),
        ChooseKind(1, "guess"),
        RemoveMask(7),
        Grow(0),
        Grow(201),
        Smooth(0),
        Paint(Stroke(((0, 0),), 0)),
        Paint(Stroke(((float("nan"), 0),), 1)),
        Paint(Rectangle(0, 0, float("inf"), 1)),
        ReplacePixels(picture("....")),
        AddMask(NamedMask(name="x", kind="found", pixels=picture("...."))),
    ],
)
def test_an_edit_out_of_range_is_refused_and_changes_nothing(edit: Edit) -> None:
    masks = document("#..")
    with pytest.raises(MaskError):
        masks.edit(edit)
    assert drawn(masks) == ("#..",)
    assert len(masks.entries) == 1
    assert not masks.can_undo


def test_a_document_without_masks_says_so() -> None:
    with pytest.raises(MaskError, match="add one first"):
        MaskDocument((3, 3)).edit(Invert())


def test_a_group_that_does_not_fit_is_not_applied_in_part() -> None:
    masks = document("...")
    flip = Flipped(1, Box(0, 0, 1, 1), b"\x80")
    for wrong in (
        Flipped(1, Box(0, 2, 1, 4), b"\xc0"),
        Flipped(9, Box(0, 0, 1, 1), b"\x80"),
        Renamed(1, "yours", "x"),
        Retyped(1, "found", "x"),
        Added(1, 0, NamedMask(name="x", kind="found", pixels=picture("..."))),
        Added(2, 5, NamedMask(name="x", kind="found", pixels=picture("..."))),
        Added(2, 0, NamedMask(name="x", kind="found", pixels=picture(".."))),
        Removed(1, 0, NamedMask(name="mine", kind="ground truth", pixels=picture("..."))),
    ):
        with pytest.raises(MaskError):
            masks.apply(Group((flip, wrong)))
        assert drawn(masks) == ("...",)


def test_the_cap_drops_the_oldest_steps_first() -> None:
    pixels = np.zeros((64, 64), dtype=np.bool_)
    masks = MaskDocument((64, 64), byte_cap=4000)
    masks.apply(Added(1, 0, NamedMask(name="m", kind="found", pixels=pixels)))
    for row in range(20):
        masks.edit(Paint(Rectangle(0, row, 64, row + 1)))
    undone = 0
    while masks.undo() is not None:
        undone += 1
    assert 0 < undone < 20
    assert masks.pixels(1)[: 20 - undone].all()
    assert not masks.pixels(1)[20 - undone :].any()


@pytest.mark.long
def test_200_ordinary_steps_on_the_largest_usual_picture_fit_under_the_cap() -> None:
    """Half of them strokes over the whole picture, the rest discs and rectangles of any size."""
    size = (4096, 4096)
    mask = NamedMask(name="m", kind="found", pixels=np.zeros(size, np.bool_))
    masks = MaskDocument.from_masks(size, (mask,))
    chance = np.random.default_rng(0)
    before = 0
    while before < 200:
        x0, y0, x1, y1 = (float(each) for each in chance.integers(0, 4096, 4))
        shape = (
            Stroke(((x0, y0), (x1, y1), (y0, x1)), 40.0),
            Ellipse(x0, y0, x0 + 300, y0 + 200),
            Stroke(((x1, y1), (x0, y0)), 15.0),
            Rectangle(x0, y0, x0 + 400, y0 + 100),
        )[before % 4]
        before += masks.edit(Paint(shape, add=before % 8 < 6)) is not None
    assert masks._history.bytes < BYTE_CAP // 20
    undone = 0
    while masks.undo() is not None:
        undone += 1
    assert undone == 200
    assert not masks.pixels(1).any()


def test_128_steps_of_noise_fit_under_the_cap() -> None:
    history = History(BYTE_CAP // 64)
    flips = np.random.default_rng(0).random((512, 512)) < 0.5
    step = flipped(1, 0, 0, flips)
    assert step is not None
    # A 64th of the pixels of 4096², and of the cap.
    for _ in range(200):
        history.push(packed(step), "Replace mask")
    kept = 0
    while history.step_back() is not None:
        kept += 1
    assert 120 < kept < 130
