from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.colours import rgb
from tests.support.hand import at
from ui.canvas import colormaps
from ui.vocabulary.panel_content import Compare
from ui.window.main_window import MainWindow


def press(window: MainWindow, qtbot: QtBot, mode: Compare) -> None:
    qtbot.mouseClick(window.canvas.compare_bar.buttons[mode], Qt.MouseButton.LeftButton)


def test_the_wipe_line_follows_the_hand(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.looks.choose_preset("Two methods")
    press(sampled, qtbot, Compare.WIPE)
    pair = sampled.canvas.pair
    assert pair.isVisible() and not sampled.canvas.panels[0].isVisible()
    picture = pair.picture
    start = QPoint(picture.width() // 2, 40)
    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(picture, QPoint(picture.width() // 4, 40))
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=QPoint(picture.width() // 4, 40))
    assert abs(picture.wipe - 0.25) < 0.02
    # A is left of the line, B right of it: the middle was A's before, and is B's now.
    sampled.inspection.looks.choose_opacity(1.0)
    sampled.inspection.looks.choose_stretch(True)
    a, b = sampled.inspection.view().canvas.panels
    table = colormaps.table("inferno")
    for wipe, shown in ((0.25, b), (0.75, a)):
        picture.set_wipe(wipe)
        drawn = picture.grab().toImage()
        assert shown.values is not None
        rows, columns = shown.values.shape
        for row, column in ((3, columns // 2), (9, columns // 2 + 1)):
            place = ((column + 0.5) / columns, (row + 0.5) / rows)
            low, high = shown.levels
            share = (float(shown.values[row, column]) - low) / (high - low)
            meant = QColor.fromRgb(table[round(255 * min(max(share, 0.0), 1.0))])
            seen = drawn.pixelColor(at(picture, place))
            parts = zip(rgb(seen), rgb(meant), strict=True)
            assert all(abs(one - other) <= 6 for one, other in parts)  # type: ignore[operator]
    press(sampled, qtbot, Compare.SIDE_BY_SIDE)
    assert not pair.isVisible() and sampled.canvas.panels[0].isVisible()


def test_a_minus_b_has_a_bar_around_nothing(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.looks.choose_preset("Two methods")
    side_by_side = sampled.canvas.grab().toImage()
    press(sampled, qtbot, Compare.DIFFERENCE)
    pair = sampled.canvas.pair
    assert pair.bar.toolTip().startswith("Colours run from −0.500 to 0.500")
    assert sampled.canvas.grab().toImage() != side_by_side
    sampled.inspection.looks.choose_opacity(1.0)
    a, b = (panel.values for panel in sampled.inspection.view().canvas.panels)
    assert a is not None and b is not None
    table = colormaps.table(colormaps.DIVERGING)
    drawn = pair.picture.grab().toImage()
    for row, column in ((0, 0), (5, 9), (15, 15)):
        share = float(a[row, column] - b[row, column]) + 0.5
        place = ((column + 0.5) / a.shape[1], (row + 0.5) / a.shape[0])
        nearest = table[round(255 * min(max(share, 0.0), 1.0))]
        seen, meant = drawn.pixelColor(at(pair.picture, place)), QColor.fromRgb(nearest)
        parts = zip(rgb(seen), rgb(meant), strict=True)
        assert all(abs(one - other) <= 6 for one, other in parts)  # type: ignore[operator]


def test_blinking_shows_both_in_turn_and_stops(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.looks.choose_preset("Two methods")
    press(sampled, qtbot, Compare.BLINK)
    pair = sampled.canvas.pair
    names = {pair.picture.shown_view.content}  # type: ignore[union-attr]

    def both() -> bool:
        names.add(pair.picture.shown_view.content)  # type: ignore[union-attr]
        return len(names) == 2

    qtbot.waitUntil(both, timeout=5000)
    for other in (Compare.DIFFERENCE, Compare.SIDE_BY_SIDE):
        press(sampled, qtbot, other)
        assert not pair._blink.isActive()


def test_one_zoom_for_all_panels_survives_another_size(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.looks.choose_layout(4)
    viewport = sampled.canvas.viewport
    picture = sampled.canvas.panels[1].picture
    picture.setFocus()
    for _ in range(3):
        qtbot.keyClick(picture, Qt.Key.Key_Plus)
    seen = (viewport.zoom, viewport.centre)
    assert viewport.zoom > 1.9
    sampled.resize(1100, 700)
    QApplication.processEvents()
    assert (viewport.zoom, viewport.centre) == seen
    assert all(panel.picture.linked is viewport for panel in sampled.canvas.panels)
    qtbot.keyClick(picture, Qt.Key.Key_0)
    assert viewport.zoom == 1
