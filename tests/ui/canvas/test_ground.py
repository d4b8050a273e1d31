from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from ui.canvas.ground import Ground

AREA = QRectF(0, 0, 20, 10)


class Screen:
    """Draws a ground of one colour, and says how often it was drawn."""

    def __init__(self, ratio: float = 1.0) -> None:
        self.ground = Ground()
        self.image = QImage(round(20 * ratio), round(10 * ratio), QImage.Format.Format_RGB32)
        self.image.setDevicePixelRatio(ratio)

    def show(self, colour: str, clip: QRect | None = None) -> str:
        painter = QPainter(self.image)
        if clip is not None:
            painter.setClipRect(clip)
        self.ground.draw(
            painter, colour, (), AREA, lambda painter: painter.fillRect(AREA, QColor(colour))
        )
        painter.end()
        return self.image.pixelColor(QPoint(self.image.width() - 1, 9)).name()


def test_what_is_seen_again_is_drawn_twice_at_most() -> None:
    screen = Screen()
    for times in (1, 2, 2, 2):
        assert screen.show("#ff0000") == "#ff0000"
        assert screen.ground.drawn == times


def test_what_is_seen_once_each_is_not_kept() -> None:
    screen = Screen()
    for times, colour in enumerate(("#ff0000", "#00ff00", "#ff0000", "#0000ff"), start=1):
        assert screen.show(colour) == colour
        assert screen.ground.drawn == times


def test_a_part_that_is_asked_for_again_is_kept_whole() -> None:
    screen = Screen()
    screen.show("#ff0000")
    screen.show("#ff0000", QRect(0, 0, 3, 3))
    screen.image.fill(0)
    assert screen.show("#ff0000") == "#ff0000"
    assert screen.ground.drawn == 2


def test_the_next_ground_takes_the_place_of_the_kept_one() -> None:
    screen = Screen()
    for colour in ("#ff0000", "#ff0000", "#00ff00", "#00ff00", "#00ff00", "#ff0000"):
        assert screen.show(colour) == colour
    assert screen.ground.drawn == 5


def test_a_ground_is_as_fine_as_the_screen() -> None:
    screen = Screen(ratio=2.0)
    for _ in range(2):
        assert screen.show("#00ff00") == "#00ff00"
    assert screen.image.pixelColor(39, 19).name() == "#00ff00"
