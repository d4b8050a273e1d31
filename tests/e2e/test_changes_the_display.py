from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.support.colours import rgb
from tests.support.hand import at
from tests.support.real_window import LONG_MS
from ui.canvas import colormaps
from ui.canvas.panel_widget import PanelWidget
from ui.window.main_window import MainWindow


def test_the_log_scale_shows_on_the_bar_and_is_remembered(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    display = sampled.inspect.display
    sampled.inspect.fold_sections([])
    # The random model's maps are too small to be seen in linear colours, but for the first step's.
    sampled.inspection.steps.choose_step(0)
    panel = next(p for p in sampled.canvas.panels if p.view and p.view.content == "score_diff")
    linear = panel.picture.grab().toImage()
    qtbot.mouseClick(display.scale.buttons[True], Qt.MouseButton.LeftButton)
    assert "log beyond ±0.01" in panel.bar.toolTip()
    assert panel.picture.grab().toImage() != linear
    assert sampled.inspection.settings.log_scale
    qtbot.mouseClick(display.scale.buttons[False], Qt.MouseButton.LeftButton)
    assert panel.picture.grab().toImage() == linear


def test_levels_stay_when_the_step_changes_unless_stretched(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    sampled.inspection.looks.choose_preset("Two methods")

    def levels() -> tuple[float, float]:
        view = sampled.inspection.view().canvas.panels[1]
        assert view.content == "score_diff" and view.values is not None
        return view.levels

    sampled.inspection.steps.choose_step(7)
    assert levels() == (0.0, 1.0)
    sampled.inspection.steps.choose_step(2)
    assert levels() == (0.0, 1.0)
    badge = sampled.canvas.panels[1].head.badge
    assert not badge.isVisible()
    qtbot.mouseClick(sampled.inspect.display.levels.buttons[True], Qt.MouseButton.LeftButton)
    stretched = levels()
    assert stretched != (0.0, 1.0) and badge.isVisible()
    sampled.inspection.steps.choose_step(7)
    assert levels() != stretched


def choose(box: QComboBox, key: object) -> None:
    index = box.findData(key)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def score(window: MainWindow) -> PanelWidget:
    return next(p for p in window.canvas.panels if p.view and p.view.content == "score_diff")


def drawn(panel: PanelWidget) -> QImage:
    return panel.picture.grab().toImage()


def bar_numbers(panel: PanelWidget) -> QImage:
    """Return the colour bar without the name of its units at the right edge."""
    return panel.bar.grab().toImage().copy(0, 0, panel.bar.width() - 14, panel.bar.height())


def test_perceptual_colormaps_come_first_and_grey_is_there(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    display = sampled.inspect.display
    names = [display.colormap.itemData(row) for row in range(display.colormap.count())]
    assert set(names[:4]) == {"inferno", "magma", "viridis", "cividis"} and "grey" in names[4:]
    display.opacity.setValue(100)
    choose(display.colormap, "grey")
    image = drawn(score(sampled))
    place = at(score(sampled).picture, (0.03, 0.03))
    red, green, blue = rgb(QColor(image.pixel(place)))
    assert red == green == blue
    choose(display.colormap, "viridis")
    low = QColor.fromRgb(colormaps.table("viridis")[0])
    now = QColor(drawn(score(sampled)).pixel(place))
    assert abs(now.red() - low.red()) + abs(now.blue() - low.blue()) < 60


def test_levels_chosen_on_the_histogram_hold_for_all_panels_and_steps(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    histogram = sampled.inspect.display.histogram
    sampled.inspection.looks.choose_preset("Two methods")
    # Both large enough with random weights to change colour with the levels.
    for place, content in enumerate(("score_diff_bad", "attention")):
        sampled.inspection.looks.choose_content(place, content)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    sampled.inspection.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    before = [drawn(panel) for panel in sampled.canvas.panels[:2]]
    high = QPoint(round(histogram.x_of(1.0)), 40)
    half = QPoint(round(histogram.x_of(0.5)), 40)
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=high)
    qtbot.mouseMove(histogram, half)
    qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=half)

    def levels() -> list[tuple[float, float]]:
        return [panel.levels for panel in sampled.inspection.view().canvas.panels]

    chosen = levels()
    assert chosen[0] == chosen[1] and abs(chosen[0][1] - 0.5) < 0.02
    assert all(drawn(p) != b for p, b in zip(sampled.canvas.panels, before, strict=False))
    for step in (0, 3, 7):
        sampled.inspection.steps.choose_step(step)
        assert levels() == chosen


def test_pixels_are_squares_or_smooth(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspect.fold_sections([])
    display = sampled.inspect.display
    display.opacity.setValue(100)
    qtbot.mouseClick(display.levels.buttons[True], Qt.MouseButton.LeftButton)
    panel = score(sampled)
    assert panel.view is not None and panel.view.values is not None
    width = panel.view.values.shape[1]
    target = panel.picture.target()
    y = round(target.center().y())
    cell = target.width() / width

    def colours() -> int:
        image, first = drawn(panel), round(target.left() + 2 * cell)
        return len({image.pixel(x, y) for x in range(first, round(first + 4 * cell))})

    squares = colours()
    qtbot.mouseClick(display.drawing.buttons[False], Qt.MouseButton.LeftButton)
    assert colours() > squares
    qtbot.mouseClick(display.drawing.buttons[True], Qt.MouseButton.LeftButton)
    assert colours() == squares <= 6


def test_smoothing_and_the_papers_units_change_map_bar_and_numbers(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    sampled.inspect.fold_sections([])
    display, panel = sampled.inspect.display, score(sampled)
    assert panel.view is not None and panel.view.values is not None
    plain = panel.view.values
    choose(display.smoothing, 3)
    assert panel.view.values is not None
    np.testing.assert_allclose(panel.view.values[5, 5], plain[4:7, 4:7].mean(), rtol=1e-4)
    choose(display.smoothing, 1)
    bar, foot = bar_numbers(panel), panel.foot.words
    qtbot.mouseClick(display.units.buttons["paper"], Qt.MouseButton.LeftButton)
    assert panel.view.units == "paper's units" and "paper's units" in panel.bar.toolTip()
    assert bar_numbers(panel) != bar and panel.foot.words != foot
    assert panel.view.values is not None
    assert float(np.abs(panel.view.values).max()) > float(np.abs(plain).max())
    qtbot.mouseClick(display.units.buttons["canonical"], Qt.MouseButton.LeftButton)
    assert bar_numbers(panel) == bar and panel.foot.words == foot


def test_a_folded_section_makes_room_for_the_next(sampled: MainWindow, qtbot: QtBot) -> None:
    display = next(s for s in sampled.inspect.sections if s.key == "display")
    agreement = next(s for s in sampled.inspect.sections if s.key == "agreement")
    before = agreement.y()
    qtbot.mouseClick(display.head, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: agreement.y() < before - 200)


def test_levels_by_hand_are_shown_as_such_and_taken_back_at_once(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    display = sampled.inspect.display
    histogram, choice = display.histogram, display.levels.buttons
    assert choice[False].isChecked()
    before = [panel.levels for panel in sampled.inspection.view().canvas.panels]
    high, half = (QPoint(round(histogram.x_of(value)), 40) for value in (1.0, 0.5))
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=high)
    qtbot.mouseMove(histogram, half)
    qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=half)
    assert [panel.levels for panel in sampled.inspection.view().canvas.panels] != before
    assert choice[None].isChecked() and not choice[False].isChecked()
    qtbot.mouseClick(choice[False], Qt.MouseButton.LeftButton)
    assert [panel.levels for panel in sampled.inspection.view().canvas.panels] == before
    assert choice[False].isChecked()
    qtbot.mouseClick(choice[True], Qt.MouseButton.LeftButton)
    stretched = sampled.inspection.view().canvas.panels[1].levels
    qtbot.mouseClick(choice[None], Qt.MouseButton.LeftButton)
    view = sampled.inspection.view()
    assert view.inspect.levels_by_hand and not view.inspect.stretched
    assert view.canvas.panels[1].levels == pytest.approx(stretched, rel=1e-4, abs=1e-6)
