"""How masks are drawn: alone, filled with colour, as large as they fit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from memlens.masks.edits import Clear, Paint
from memlens.masks.shapes import Rectangle
from tests.support.hand import at
from tests.support.listed_masks import click_row, put
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def colour(window: MainWindow, place: tuple[float, float]) -> QColor:
    picture = window.canvas.panels[0].picture
    return QColor(picture.grab().toImage().pixelColor(at(picture, place)))


def test_solo_follows_the_active_mask(sampled: MainWindow, qtbot: QtBot) -> None:
    put(sampled, "a", slice(0, 20))
    put(sampled, "b", slice(30, 60))
    qtbot.keyClick(sampled, Key.Key_S, SHIFT)
    panel = sampled.inspection.view().canvas.panels[0]
    assert panel.other_masks == () and panel.mask is not None
    shown = panel.mask.key
    click_row(sampled.masks.section.list, 0)
    panel = sampled.inspection.view().canvas.panels[0]
    assert panel.other_masks == () and panel.mask is not None and panel.mask.key != shown
    assert sampled.actions_[ActionKey.SOLO_MASK].isChecked()
    qtbot.keyClick(sampled, Key.Key_S, SHIFT)
    assert len(sampled.inspection.view().canvas.panels[0].other_masks) == 1


def test_masks_are_filled_with_their_colours(sampled: MainWindow, qtbot: QtBot) -> None:
    put(sampled, "white", slice(16, 48))
    inside, outside = colour(sampled, (0.5, 0.5)), colour(sampled, (0.1, 0.5))
    sampled.masks.section.tint_amount.setValue(100)
    assert colour(sampled, (0.5, 0.5)) == QColor("#ffffff")
    assert colour(sampled, (0.1, 0.5)) == outside
    sampled.masks.section.tint_amount.setValue(50)
    half = colour(sampled, (0.5, 0.5))
    for channel in ("red", "green", "blue"):
        plain = getattr(inside, channel)()
        assert abs(getattr(half, channel)() - (plain + 255) / 2) <= 2
    qtbot.keyClick(sampled, Key.Key_T, SHIFT)
    assert colour(sampled, (0.5, 0.5)) == inside
    qtbot.keyClick(sampled, Key.Key_T, SHIFT)
    assert colour(sampled, (0.5, 0.5)) != inside
    assert sampled.inspection.settings.tint > 0


def test_the_active_mask_is_shown_as_large_as_it_fits(sampled: MainWindow, qtbot: QtBot) -> None:
    put(sampled, "right", slice(32, 48))
    picture = sampled.canvas.panels[0].picture
    whole = picture.target()
    qtbot.keyClick(sampled, Key.Key_Z)
    # As high as the picture: there is nothing to come closer to.
    assert picture.target().width() == whole.width()
    document = sampled.inspection.masks.document
    assert document is not None
    height, width = document.size
    sampled.inspection.masks.edit(Clear())
    qtbot.keyClick(sampled, Key.Key_Z)
    assert picture.target().width() == whole.width()
    box = Rectangle(width * 0.5, height * 0.25, width * 0.75, height * 0.5)
    sampled.inspection.masks.edit(Paint(box))
    qtbot.keyClick(sampled, Key.Key_Z)
    target = picture.target()
    assert target.width() > 3 * whole.width()
    for x, y in ((0.5, 0.25), (0.75, 0.5)):
        corner = QPointF(target.x() + x * target.width(), target.y() + y * target.height())
        assert picture.rect().contains(corner.toPoint())
