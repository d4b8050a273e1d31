from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow


def test_the_log_scale_shows_on_the_bar_and_is_remembered(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    display = sampled.inspect.display
    sampled.inspect.fold_sections([])
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


def test_a_folded_section_makes_room_for_the_next(sampled: MainWindow, qtbot: QtBot) -> None:
    display = next(s for s in sampled.inspect.sections if s.key == "display")
    agreement = next(s for s in sampled.inspect.sections if s.key == "agreement")
    before = agreement.y()
    qtbot.mouseClick(display.head, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: agreement.y() < before - 200)
