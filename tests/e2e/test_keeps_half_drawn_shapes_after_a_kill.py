"""The corners of a polygon that nobody accepted yet outlive a kill."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from memlens.files.sessions import load_session
from memlens.masks.journal import read_journal
from memlens.masks.journal_places import find_left_behind, journals_of
from memlens.masks.open_shape import OpenShape
from tests.support.drawn_masks import (
    CORNERS,
    banner_button,
    draw,
    journal_written,
    only_place_corners,
    save,
)
from tests.support.hand import at, click, drag, drawn, move
from tests.support.killed_window import run_and_be_killed
from tests.support.real_window import LONG_MS, MakeWindow
from ui.canvas.picture_view import PictureView
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.tool import Tool
from ui.window.main_window import MainWindow

Key = Qt.Key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.memlens"


@pytest.fixture
def masked(sampled: MainWindow, qtbot: QtBot, path: Path) -> MainWindow:
    """A window on a saved session with an empty mask."""
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    save(sampled, qtbot, path)
    journal_written(sampled)
    assert journals_of(path) == ()
    return sampled


def picture_of(window: MainWindow) -> PictureView:
    return window.canvas.panels[0].picture


def kept(window: MainWindow, path: Path) -> OpenShape | None:
    """What the only journal has of a polygon."""
    journal_written(window)
    (journal,) = journals_of(path)
    return read_journal(journal).shape


def restored(make_window: MakeWindow, qtbot: QtBot, path: Path) -> MainWindow:
    window = make_window()
    window.start(path, Path("missing"))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    banner_button(window, "Restore")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    return window


@pytest.mark.parametrize("what", ["place_corners", "only_place_corners"])
def test_after_a_kill_its_corners_can_be_edited_and_accepted(
    masked: MainWindow,
    make_window: MakeWindow,
    qtbot: QtBot,
    path: Path,
    tiny_pipeline: Path,
    what: str,
) -> None:
    masks = len(masked.inspection.view().masks.rows) + (what == "place_corners")
    masked.close()
    before = path.read_bytes()
    run_and_be_killed(path, what)
    assert path.read_bytes() == before
    window = restored(make_window, qtbot, tiny_pipeline)
    view = window.inspection.view().masks
    assert view.shape_open and view.tool is Tool.POLYGON
    assert len(view.rows) == masks
    assert view.rows[-1].active
    # The corners are in the new journal already, and can be moved.
    assert kept(window, path) is not None
    drag(picture_of(window), CORNERS[2], (0.2, 0.8))
    qtbot.keyClick(window, Key.Key_Return)
    mask = drawn(window)
    side = mask.shape[0]
    assert mask[int(0.4 * side), int(0.3 * side)]
    assert not mask[int(0.6 * side), int(0.7 * side)]
    save(window, qtbot, path)
    journal_written(window)
    assert (load_session(path).masks[-1].pixels == mask).all()
    assert journals_of(path) == ()


def test_each_click_is_in_the_journal_and_no_move_is(
    masked: MainWindow, qtbot: QtBot, path: Path
) -> None:
    picture = picture_of(masked)
    masked.actions_[ActionKey.TOOL_POLYGON].trigger()
    for count, place in enumerate(CORNERS, 1):
        click(picture, place)
        shape = kept(masked, path)
        assert shape is not None and len(shape.points) == count
    size = journals_of(path)[0].stat().st_size
    move(picture, (0.5, 0.5), button=Qt.MouseButton.NoButton)
    journal_written(masked)
    assert journals_of(path)[0].stat().st_size == size
    qtbot.keyClick(masked, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    shape = kept(masked, path)
    assert shape is not None and len(shape.points) == 2
    click(picture, CORNERS[2])
    click(picture, CORNERS[0])
    shape = kept(masked, path)
    assert shape is not None and shape.closed
    drag(picture, CORNERS[1], (0.5, 0.5), (0.4, 0.3))
    shape = kept(masked, path)
    here = picture.target()
    assert shape is not None
    point = at(picture, (0.4, 0.3))
    side = drawn(masked).shape[1]
    assert shape.points[1][0] == pytest.approx((point.x() - here.x()) / here.width() * side)
    qtbot.keyClick(masked, Key.Key_Escape)


def test_corners_alone_do_not_make_a_session_unsaved_and_esc_leaves_no_trace(
    masked: MainWindow, qtbot: QtBot, path: Path
) -> None:
    only_place_corners(masked)
    assert kept(masked, path) is not None
    assert not masked.inspection.keeping.dirty
    qtbot.keyClick(masked, Key.Key_Escape)
    journal_written(masked)
    assert journals_of(path) == ()
    click(picture_of(masked), CORNERS[0])
    assert kept(masked, path) is not None
    masked.close()
    assert find_left_behind() == ()


def test_what_is_accepted_is_under_way_no_more(
    masked: MainWindow, qtbot: QtBot, path: Path
) -> None:
    draw(masked)
    only_place_corners(masked)
    assert kept(masked, path) is not None
    qtbot.keyClick(masked, Key.Key_Return)
    assert kept(masked, path) is None
    for place in CORNERS:
        click(picture_of(masked), place)
    assert kept(masked, path) is not None
    qtbot.keyClick(masked, Key.Key_Escape)
    assert kept(masked, path) is None


def test_two_corners_that_wait_outlive_a_save(masked: MainWindow, qtbot: QtBot, path: Path) -> None:
    draw(masked)
    masked.actions_[ActionKey.TOOL_POLYGON].trigger()
    for place in CORNERS[:2]:
        click(picture_of(masked), place)
    save(masked, qtbot, path)
    shape = kept(masked, path)
    assert shape is not None and len(shape.points) == 2
    assert not masked.inspection.keeping.dirty
