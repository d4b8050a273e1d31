"""Panels show different things of one picture: one arrangement, one zoom, one cursor."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.hand import at, drag, move
from ui.state.intent import PRESETS
from ui.view.view_state import FloatArray
from ui.window.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
NO_BUTTON = Qt.MouseButton.NoButton
NONE = Qt.KeyboardModifier.NoModifier


def contents(window: MainWindow) -> list[str]:
    return [panel.content for panel in window.inspection.view().canvas.panels]


def test_the_number_of_panels_and_the_presets_are_chosen(sampled: MainWindow, qtbot: QtBot) -> None:
    display = sampled.inspect.display
    for count in (1, 2, 3, 4, 6):
        qtbot.mouseClick(display.layout_choice.buttons[count], LEFT)
        assert sum(panel.isVisible() for panel in sampled.canvas.panels) == count
    for name, expected in PRESETS.items():
        display.preset.setCurrentIndex(display.preset.findData(name))
        display.preset.activated.emit(display.preset.currentIndex())
        assert contents(sampled) == list(expected)
        assert sum(panel.isVisible() for panel in sampled.canvas.panels) == len(expected)


def test_wheel_and_hand_move_all_panels_and_a_resize_keeps_what_is_seen(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    panels, viewport = sampled.canvas.panels[:4], sampled.canvas.viewport
    picture = panels[1].picture
    point = QPointF(at(picture, (0.3, 0.3)))
    turn = QWheelEvent(
        point,
        picture.mapToGlobal(point),
        QPoint(),
        QPoint(0, 720),
        NO_BUTTON,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(picture, turn)
    assert viewport.zoom == pytest.approx(4)
    before = [panel.picture.target().x() for panel in panels]
    drag(picture, (0.3, 0.3), (0.32, 0.3))
    moved = [p.picture.target().x() - x for p, x in zip(panels, before, strict=True)]
    assert min(moved) > 4 and max(moved) - min(moved) <= 1
    seen = (viewport.zoom, viewport.centre)
    for size in ((1500, 900), (1000, 640), (1280, 800)):
        sampled.resize(*size)
        QApplication.processEvents()
        assert (viewport.zoom, viewport.centre) == seen


def test_the_cursor_reads_value_error_and_colour_in_every_panel(sampled: MainWindow) -> None:
    panels = sampled.canvas.panels[:4]
    move(panels[0].picture, (0.4, 0.7), button=NO_BUTTON)
    views = sampled.inspection.view().canvas.panels
    shown = views[0].picture
    assert shown is not None
    row, column = int(0.7 * shown.shape[0]), int(0.4 * shown.shape[1])
    red, green, blue = (int(part) for part in shown[row, column])
    for panel, view in zip(panels, views, strict=True):
        words = panel.foot.words
        assert words.endswith(f"RGB {red} {green} {blue}")
        if view.values is None:
            continue
        value = view.values[int(0.7 * view.values.shape[0]), int(0.4 * view.values.shape[1])]
        number, _, rest = words.partition(" · ")
        said, _, error = number.partition(" ± ")
        assert float(said.replace("−", "-")) == pytest.approx(float(value), rel=0.01, abs=6e-4)
        assert bool(error) == (view.standard_error is not None)
        assert rest.startswith(f"x {column} · y {row}")
    assert " ± " in panels[1].foot.words
    marked = panels[2].picture.grab().toImage()
    sampled.canvas._hovered(0, None)
    assert panels[2].picture.grab().toImage() != marked


def test_the_map_lies_over_the_picture_as_opaque_as_chosen(sampled: MainWindow) -> None:
    panel, slider = sampled.canvas.panels[1], sampled.inspect.display.opacity
    sampled.inspection.looks.choose_outline(False)
    point = at(panel.picture, (0.41, 0.72))

    def colour(opacity: int) -> tuple[int, ...]:
        slider.setValue(opacity)
        found = QColor(panel.picture.grab().toImage().pixel(point)).getRgb()
        return tuple(int(part) for part in found[:3])  # type: ignore[index]

    picture, half, whole = colour(0), colour(50), colour(100)
    assert picture != whole
    for low, middle, high in zip(picture, half, whole, strict=True):
        assert middle == pytest.approx((low + high) / 2, abs=3)
    assert colour(0) == picture


def test_dragging_a_head_onto_another_panel_swaps_the_two(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    before = contents(sampled)
    canvas = sampled.canvas
    head = canvas.panels[1].head
    over = head.mapFrom(canvas, canvas.panels[2].geometry().center())
    qtbot.mousePress(head, LEFT, pos=head.number.geometry().center())
    qtbot.mouseMove(head, over)
    qtbot.mouseRelease(head, LEFT, pos=over)
    assert contents(sampled) == [before[0], before[2], before[1], before[3]]
    active = [panel.active for panel in sampled.inspection.view().canvas.panels]
    assert active.index(True) == 2
    assert (
        canvas.panels[2]
        .head.chooser.toolTip()
        .startswith(sampled.inspection.view().canvas.panels[2].label)
    )


def test_the_bar_says_levels_and_that_there_are_values_beyond_them(sampled: MainWindow) -> None:
    bar = sampled.canvas.panels[1].bar
    assert bar.toolTip().startswith("Colours run from 0.000 to 1.00 canonical units;")
    view = sampled.inspection.view().canvas.panels[1]
    assert view.values is not None
    inside = view.values.clip(0, 1)

    def ends(values: FloatArray) -> tuple[QImage, QImage]:
        """Return what is drawn above the bar and below it."""
        bar.show_view(replace(view, values=values), "inferno")
        drawn, across = bar.grab().toImage(), 16
        top, bottom = round(bar._bar().top()), round(bar._bar().bottom())
        return drawn.copy(0, 0, across, top), drawn.copy(0, bottom, across, drawn.height() - bottom)

    plain, more, less = ends(inside), ends(inside + 2), ends(inside - 2)
    assert more[0] != plain[0] and more[1] == plain[1]
    assert less[0] == plain[0] and less[1] != plain[1]
