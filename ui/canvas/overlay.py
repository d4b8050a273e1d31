"""What lies over a picture and is not part of it: cursor, wipe line, activity, sentence."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QLabel, QWidget

from ui.look import tones
from ui.look.graphs import pg

ACTIVITY_HEIGHT = 3
_LEAST_CELL = 7.0
_DARK, _LIGHT = QColor(0, 0, 0, 200), QColor(255, 255, 255)


class CursorCell(QGraphicsRectItem):
    """The frame of the pixel under the cursor, legible on any content."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.setPen(QPen(_DARK, 3))
        self._line = QGraphicsRectItem(self)
        self._line.setPen(QPen(_LIGHT, 1))
        self.setVisible(False)

    def show_area(self, area: QRectF | None) -> None:
        """Frame an area of the view, made large enough to be seen; None for none."""
        self.setVisible(area is not None)
        if area is not None:
            x, y = (max(0.0, _LEAST_CELL - side) / 2 for side in (area.width(), area.height()))
            frame = QRectF(area.adjusted(-x, -y, x, y).toRect()).adjusted(-0.5, -0.5, -0.5, -0.5)
            self.setRect(frame)
            self._line.setRect(frame)


class WipeLine:
    """A line between two panels in one view, with a handle."""

    def __init__(self, box: object) -> None:
        dark = pg.InfiniteLine(angle=90, pen=pg.mkPen(_DARK, width=3))
        light = pg.InfiniteLine(angle=90, pen=pg.mkPen(_LIGHT, width=1))
        light.addMarker("<|>", 0.5, 16)
        self._lines = (dark, light)
        for z, line in enumerate(self._lines):
            line.setZValue(100 + z)
            box.addItem(line, ignoreBounds=True)  # type: ignore[attr-defined]
            line.setVisible(False)

    def place(self, at: float | None) -> None:
        """Put the line at a share of the picture, None for nowhere."""
        for line in self._lines:
            line.setVisible(at is not None)
            if at is not None:
                line.setValue(at)


class Activity(QGraphicsRectItem):
    """A light that runs along the top while values are computed."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.setPen(Qt.PenStyle.NoPen)
        self.setVisible(False)

    def show_phase(self, phase: float | None, width: float, colour: QColor) -> None:
        """Move it on (0..1, then again), None for no light."""
        self.setVisible(phase is not None)
        if phase is None:
            return
        self.setRect(0, 0, width, ACTIVITY_HEIGHT)
        length = width * 0.35
        start = -length + phase * (width + length)
        glow = QLinearGradient(QPointF(start, 0), QPointF(start + length, 0))
        faint = QColor(colour)
        faint.setAlpha(60)
        for place, tone in ((0.0, faint), (0.6, colour), (1.0, faint)):
            glow.setColorAt(place, tone)
        self.setBrush(glow)


class HintLabel(QLabel):
    """One sentence over a view: in the middle of an empty one, else at its foot."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self._centred = False
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, words: str, *, centred: bool) -> None:
        """Show words, none for ""."""
        if (words, centred) != (self.text(), self._centred):
            self._centred = centred
            colour = tones.quiet_text(self.palette()).name() if centred else "white"
            ground = "transparent" if centred else "rgba(16, 18, 22, 214)"
            self.setStyleSheet(
                f"color: {colour}; background: {ground}; border-radius: 6px; padding: 5px 10px;"
            )
            self.setText(words)
        self.setVisible(bool(words) and self._view.width() > 56)
        self.lay_out()

    def lay_out(self) -> None:
        """Take its place in the view."""
        room = self._view.rect()
        self.setMaximumWidth(max(24, min(room.width() - 12, 380)))
        self.adjustSize()
        place = self.rect()
        place.moveCenter(room.center())
        if not self._centred:
            place.moveBottom(room.bottom() - 8)
        self.move(place.topLeft())


class ToolItem(pg.GraphicsObject):
    """What the tool draws of a shape under way, in the view's units."""

    def __init__(self, parent: QGraphicsItem, paint: object) -> None:
        super().__init__(parent)
        self._paint = paint
        self._area = QRectF()

    def lay_out(self, area: QRectF) -> None:
        """Take the view's room."""
        self.prepareGeometryChange()
        self._area = QRectF(area)

    def boundingRect(self) -> QRectF:
        """Return all of the view."""
        return self._area

    def paint(self, painter: QPainter, *args: object) -> None:
        """Let the tool draw."""
        self._paint(painter)  # type: ignore[operator]
