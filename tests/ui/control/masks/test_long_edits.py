"""Long edits of large masks go to the worker, and come back in order or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from memlens.masks.document import MaskDocument
from memlens.masks.edits import (
    Clear,
    Fill,
    Grow,
    Invert,
    LargestRegion,
    Paint,
    RemoveMask,
)
from memlens.masks.preparing import prepare
from memlens.masks.shapes import Rectangle, Stroke
from tests.support.recording import Desk
from ui.control.masks.masking import Masking
from ui.jobs.save_session import SaveSession
from ui.jobs.shape_mask import MaskShaped, ShapeMask


class Easel(Desk):
    """A desk with a run whose picture has one mask; every fill of it is long."""

    def __init__(self) -> None:
        super().__init__()
        self.open_toy()
        self.run_toy()
        self.masks.add()

    @property
    def masks(self) -> Masking:
        return self.control.masks

    @property
    def document(self) -> MaskDocument:
        return cast("MaskDocument", self.masks.document)

    @property
    def mask(self) -> int:
        return cast("int", self.document.active)

    def count(self) -> int:
        return int(self.document.pixels(self.mask).sum())

    def work(self) -> None:
        """Let the worker answer what was asked last."""
        request = self.asked(ShapeMask)[-1]
        made = prepare(request.edit, request.mask, request.pixels, request.revision)
        self.answer(request, MaskShaped(token=request.token, prepared=made))


@pytest.fixture
def easel(monkeypatch: pytest.MonkeyPatch) -> Easel:
    # As on a picture of 4096².
    monkeypatch.setattr(
        "ui.control.masks.long_edits.is_long",
        lambda edit, size: isinstance(edit, Fill | Grow | LargestRegion),
    )
    return Easel()


def test_a_long_edit_is_done_when_it_comes_back_as_one_undo_step(easel: Easel) -> None:
    easel.masks.fill(1, 1)
    assert easel.count() == 0
    easel.work()
    assert easel.count() == easel.document.pixels(easel.mask).size
    assert easel.document.undo_text == "Fill"
    easel.masks.undo()
    assert easel.count() == 0


def test_a_short_edit_is_done_at_once(easel: Easel) -> None:
    easel.masks.edit(Invert())
    assert easel.count() > 0
    assert not easel.asked(ShapeMask)


def test_what_follows_a_long_edit_waits_for_it(easel: Easel) -> None:
    easel.masks.fill(1, 1)
    easel.masks.edit(Paint(Rectangle(0, 0, 2, 2), add=False))
    easel.masks.edit(Grow(1))
    assert len(easel.asked(ShapeMask)) == 1
    for _ in range(3):
        easel.work()
    everything = easel.document.pixels(easel.mask).size
    assert easel.count() == everything - 1
    easel.masks.undo()
    assert easel.count() == everything - 4
    assert len(easel.asked(ShapeMask)) == 3


def test_undo_gives_up_what_is_under_way(easel: Easel) -> None:
    easel.masks.edit(Invert())
    easel.masks.fill(1, 1)
    easel.masks.undo()
    assert easel.count() > 0
    easel.work()
    assert easel.document.undo_text == "Invert"
    easel.masks.undo()
    assert easel.count() == 0


def test_a_mask_that_changed_meanwhile_is_worked_out_again(easel: Easel) -> None:
    easel.document.edit(Paint(Rectangle(0, 0, 2, 2)))
    easel.masks.edit(Grow(1))
    easel.masks.begin_stroke()
    easel.masks.paint(Stroke(((5.5, 5.5),), 0.6), add=True)
    easel.work()
    easel.masks.end_stroke()
    assert easel.document.undo_text == "Brush"
    drawn = easel.count()
    easel.work()
    assert easel.count() > drawn
    assert easel.document.undo_text == "Grow"
    easel.masks.undo()
    assert easel.count() == drawn


def test_what_comes_back_during_a_stroke_is_a_step_of_its_own(easel: Easel) -> None:
    easel.masks.fill(1, 1)
    easel.masks.begin_stroke()
    easel.work()
    assert easel.count() == 0
    easel.masks.end_stroke()
    easel.work()
    assert easel.count() == easel.document.pixels(easel.mask).size
    assert easel.document.undo_text == "Fill"


def test_an_edit_of_a_mask_that_was_removed_is_dropped(easel: Easel) -> None:
    easel.masks.fill(1, 1)
    easel.masks.edit(RemoveMask(easel.mask))
    easel.work()
    assert not easel.document.entries
    assert len(easel.asked(ShapeMask)) == 1


def test_one_that_fails_leaves_the_next_ones_possible(easel: Easel) -> None:
    easel.masks.edit(Grow(1000))
    easel.fail(easel.asked(ShapeMask)[-1], "Choose a distance of 1 to 200 pixels, not 1000.")
    assert easel.view.banner is not None
    easel.masks.edit(Clear())
    easel.masks.fill(1, 1)
    easel.work()
    assert easel.count() > 0


def test_what_waits_for_it_waits_for_all_of_it(easel: Easel) -> None:
    called: list[int] = []
    easel.masks.when_whole(lambda: called.append(0))
    assert called == [0]
    easel.masks.fill(1, 1)
    easel.masks.edit(Paint(Rectangle(0, 0, 2, 2), add=False))
    easel.masks.when_whole(lambda: called.append(easel.count()))
    easel.work()
    assert called == [0]
    easel.work()
    assert called == [0, easel.document.pixels(easel.mask).size - 4]
    easel.masks.fill(1, 1)
    easel.masks.when_whole(lambda: called.append(-1))
    easel.masks.undo()
    assert called[2:] == [-1]


def test_a_save_holds_what_was_under_way(easel: Easel, tmp_path: Path) -> None:
    easel.masks.fill(1, 1)
    easel.control.save_session(tmp_path / "one.memlens")
    assert not easel.asked(SaveSession)
    easel.work()
    (request,) = easel.asked(SaveSession)
    (run,) = request.runs
    assert run.session.masks[-1].pixels.all()
    assert run.position == easel.document.position


def test_a_save_that_waited_takes_every_run_as_it_is_by_then(easel: Easel, tmp_path: Path) -> None:
    easel.masks.fill(1, 1)
    easel.control.save_session(tmp_path / "one.memlens")
    easel.run_toy()
    easel.work()
    (request,) = easel.asked(SaveSession)
    first, second = request.runs
    assert first.session.masks[-1].pixels.all()
    assert not second.session.masks


def test_before_the_window_closes_it_is_done_at_once(easel: Easel) -> None:
    easel.masks.fill(1, 1)
    easel.masks.edit(Grow(1000))
    easel.masks.edit(Paint(Rectangle(0, 0, 2, 2), add=False))
    easel.masks.shaping.finish()
    assert easel.count() == easel.document.pixels(easel.mask).size - 4
    easel.work()
    assert easel.count() == easel.document.pixels(easel.mask).size - 4
