from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.later_drawing import LaterDrawing


class Watched(QWidget):
    """Remembers what it was asked to draw."""

    def __init__(self) -> None:
        super().__init__()
        self.later = LaterDrawing(self)
        self.drawn: list[QRegion] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.drawn.append(event.region())


def shown(qtbot: QtBot) -> Watched:
    widget = Watched()
    qtbot.addWidget(widget)
    widget.resize(100, 100)
    widget.show()
    qtbot.waitUntil(lambda: bool(widget.drawn))
    widget.drawn.clear()
    return widget


def test_what_is_asked_for_is_drawn_once_a_moment_later(qtbot: QtBot) -> None:
    widget = shown(qtbot)
    first, second = QRect(0, 0, 10, 10), QRect(50, 50, 20, 10)
    widget.later.ask(first)
    widget.later.ask(second)
    assert widget.later.waiting and not widget.drawn
    qtbot.waitUntil(lambda: bool(widget.drawn))
    assert widget.drawn == [QRegion(first) + second]
    assert not widget.later.waiting


def test_what_was_drawn_is_not_drawn_again(qtbot: QtBot) -> None:
    widget = shown(qtbot)
    for area in (QRect(0, 0, 10, 10), QRect(50, 50, 20, 10)):
        widget.drawn.clear()
        widget.later.ask(area)
        qtbot.waitUntil(lambda: bool(widget.drawn))
        assert widget.drawn == [QRegion(area)]


def test_nothing_named_is_all_of_it(qtbot: QtBot) -> None:
    widget = shown(qtbot)
    widget.later.ask()
    qtbot.waitUntil(lambda: bool(widget.drawn))
    assert widget.drawn == [QRegion(widget.rect())]
