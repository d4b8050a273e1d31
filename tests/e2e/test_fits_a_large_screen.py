"""A large window gives the columns more room, and puts pictures in the middle of their panels."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from ui.canvas.panel_widget import PanelWidget
from ui.window.columns import column_width
from ui.window.main_window import MainWindow


def width_of(window: MainWindow, name: str) -> int:
    dock = window.findChild(QDockWidget, name)
    assert isinstance(dock, QDockWidget)
    return dock.width()


def test_the_columns_grow_with_the_window_and_shrink_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    narrow = {name: width_of(window, name) for name in ("setup", "inspect")}
    for size in ((2560, 1440), (1280, 800), (1920, 1080)):
        window.resize(*size)
        for name in ("setup", "inspect"):
            wanted = column_width(name, size[0])
            qtbot.waitUntil(lambda n=name, w=wanted: width_of(window, n) == w)  # type: ignore[misc]
    assert column_width("inspect", 2560) > narrow["inspect"] == column_width("inspect", 1280)


def test_a_width_chosen_by_hand_stays(window: MainWindow, qtbot: QtBot) -> None:
    dock = window.findChild(QDockWidget, "inspect")
    assert dock is not None
    window.resizeDocks([dock], [400], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: width_of(window, "inspect") == 400)
    window.resize(2000, 900)
    qtbot.waitUntil(lambda: width_of(window, "setup") == column_width("setup", 2000))
    assert width_of(window, "inspect") == 400


def off_centre(panel: PanelWidget) -> float:
    assert panel.view is not None
    picture = panel.picture
    middle = picture.mapTo(panel, picture.target().center().toPoint()).x()
    return abs(middle - panel.width() / 2)


def test_a_picture_without_colour_bar_is_in_the_middle(sampled: MainWindow, qtbot: QtBot) -> None:
    looks, panels = sampled.inspection.looks, sampled.canvas.panels
    sampled.resize(1280, 800)
    looks.choose_layout(2)
    qtbot.waitUntil(lambda: off_centre(panels[0]) <= 2)
    # With its colour bar beside it, a map as large cannot be.
    assert off_centre(panels[1]) > 10
    size = panels[1].picture.size()
    assert abs(panels[0].picture.width() - size.width()) <= 1
    # In two rows the pictures of a column line up.
    looks.choose_layout(4)
    qtbot.waitUntil(
        lambda: panels[0].picture.x() - panels[2].picture.x() == panels[0].x() - panels[2].x() == 0
    )
