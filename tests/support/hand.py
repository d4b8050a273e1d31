"""The person's hand on a picture: real mouse events at places of the picture."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from memlens.masks.named_mask import BoolArray
from ui.canvas.picture_view import PictureView
from ui.window.main_window import MainWindow

Place = tuple[float, float]
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def at(picture: PictureView, place: Place) -> QPoint:
    """Return the widget's point at a place in shares of the picture."""
    target = picture.target()
    x = target.x() + place[0] * target.width()
    return QPoint(round(x), round(target.y() + place[1] * target.height()))


def drag(
    picture: PictureView,
    *places: Place,
    modifiers: Qt.KeyboardModifier = NONE,
    button: Qt.MouseButton = LEFT,
) -> None:
    """Press at the first place, move over the others, let go at the last."""
    QTest.mousePress(picture, button, modifiers, at(picture, places[0]))
    for place in places[1:]:
        move(picture, place, modifiers, button)
    QTest.mouseRelease(picture, button, modifiers, at(picture, places[-1]))


def move(
    picture: PictureView,
    place: Place,
    modifiers: Qt.KeyboardModifier = NONE,
    button: Qt.MouseButton = LEFT,
) -> None:
    """Move with the button down, as Qt would say it (QTest leaves buttons and keys out)."""
    from PySide6.QtCore import QCoreApplication, QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    point = at(picture, place)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(picture.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        button,
        modifiers,
    )
    QCoreApplication.sendEvent(picture, event)


def click(picture: PictureView, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Click at a place."""
    QTest.mouseClick(picture, LEFT, modifiers, at(picture, place))


def drawn(window: MainWindow) -> BoolArray:
    """Return a copy of the active mask."""
    document = window.inspection.masks.document
    assert document is not None and document.active is not None
    return document.pixels(document.active).copy()
