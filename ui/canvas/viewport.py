"""What part of the picture is seen: one for all panels, in shares of the picture."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

LARGEST_ZOOM = 256.0
# Of the panel, for an area that is shown as large as it fits.
_ROOM = 0.8


class Viewport(QObject):
    """Zoom relative to a fitting picture, and the picture's place in the middle of a panel.

    Both are free of pixels, so they survive resizing, another layout and another picture.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)

    @property
    def zoom(self) -> float:
        """1 where the whole picture just fits."""
        return self._zoom

    @property
    def centre(self) -> QPointF:
        """The place in the middle, (0, 0) the picture's top left and (1, 1) its bottom right."""
        return QPointF(self._centre)

    @property
    def state(self) -> tuple[float, float, float]:
        """Zoom and place: the same for as long as the same is seen."""
        return self._zoom, self._centre.x(), self._centre.y()

    def fit(self) -> None:
        """Show the whole picture."""
        self._set(1.0, QPointF(0.5, 0.5))

    def show_area(self, area: QRectF) -> None:
        """Show a part of the picture, in shares of it, with some room around it."""
        longest = max(area.width(), area.height(), 1 / LARGEST_ZOOM)
        self._set(min(max(1.0, _ROOM / longest), LARGEST_ZOOM), area.center())

    def target(self, area: QRectF, content: QSizeF, ratio: float = 1.0) -> QRectF:
        """Return where the whole picture lies, on device pixels of `ratio` per unit.

        Parameters
        ----------
        area
            The panel's room for the picture.
        content
            The picture's size, for its aspect alone.
        ratio
            Device pixels per unit.
        """
        scale = self._scale(area, content)
        width, height = content.width() * scale, content.height() * scale
        x = _start(area.left(), area.width(), width, self._centre.x())
        y = _start(area.top(), area.height(), height, self._centre.y())
        left, top = round(x * ratio), round(y * ratio)
        right, bottom = round((x + width) * ratio), round((y + height) * ratio)
        return QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)

    def zoom_at(self, factor: float, place: QPointF, area: QRectF, content: QSizeF) -> None:
        """Zoom so that `place` (in shares of the picture) stays where it is on the screen."""
        zoom = min(max(self._zoom * factor, 1.0), LARGEST_ZOOM)
        now = self._seen_centre(area, content)
        scale = self._zoom / zoom
        self._set(zoom, place + (now - place) * scale, area, content)

    def move_by(self, shift: QPointF, area: QRectF, content: QSizeF) -> None:
        """Move the picture under the cursor by `shift` (in the panel's units)."""
        scale = self._scale(area, content)
        if scale <= 0:
            return
        share = QPointF(
            shift.x() / (content.width() * scale), shift.y() / (content.height() * scale)
        )
        self._set(self._zoom, self._seen_centre(area, content) - share, area, content)

    def _scale(self, area: QRectF, content: QSizeF) -> float:
        if content.isEmpty() or area.isEmpty():
            return 0.0
        fit = min(area.width() / content.width(), area.height() / content.height())
        return fit * self._zoom

    def _seen_centre(self, area: QRectF, content: QSizeF, centre: QPointF | None = None) -> QPointF:
        centre = self._centre if centre is None else centre
        scale = self._scale(area, content)
        if scale <= 0:
            return QPointF(centre)
        return QPointF(
            _clamped(centre.x(), area.width() / (content.width() * scale)),
            _clamped(centre.y(), area.height() / (content.height() * scale)),
        )

    def _set(
        self,
        zoom: float,
        centre: QPointF,
        area: QRectF | None = None,
        content: QSizeF | None = None,
    ) -> None:
        before = (self._zoom, self._centre)
        self._zoom, self._centre = zoom, centre
        if area is not None and content is not None:
            self._centre = self._seen_centre(area, content)
        if (self._zoom, self._centre) != before:
            self.changed.emit()


def _clamped(centre: float, seen: float) -> float:
    if seen >= 1.0:
        return 0.5
    return min(max(centre, seen / 2), 1.0 - seen / 2)


def _start(origin: float, room: float, length: float, centre: float) -> float:
    share = _clamped(centre, room / length) if length > 0 else 0.5
    return origin + room / 2 - share * length
