"""Where a picture lies in a panel, worked out once for all that is drawn there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from PySide6.QtCore import QRectF, QSize, QSizeF

from ui.canvas.map_images import Seen
from ui.canvas.place import Place
from ui.canvas.viewport import Viewport

_MOST = 16


@dataclass(frozen=True, eq=False)
class Laid:
    """A picture in a panel; the same object for as long as nothing of it changes.

    Attributes
    ----------
    area
        The panel's room.
    target
        Where the whole picture is, on device pixels; it may reach beyond the room.
    ratio
        Device pixels per unit.
    """

    area: QRectF
    target: QRectF
    ratio: float
    _seen: dict[tuple[int, ...], Seen | None] = field(default_factory=dict)

    @cached_property
    def visible(self) -> QRectF:
        """What is seen of the picture."""
        return self.target.intersected(self.area)

    @cached_property
    def covered(self) -> QRectF:
        """What the picture covers for certain, wherever its edges are rounded to."""
        if self.ratio.is_integer():
            return self.visible
        return self.target.adjusted(1, 1, -1, -1).intersected(self.area)

    @cached_property
    def whole(self) -> QSize:
        """The whole picture, in device pixels."""
        target, ratio = self.target, self.ratio
        return QSize(round(target.width() * ratio), round(target.height() * ratio))

    @cached_property
    def place(self) -> Place:
        """Where a mask lies on an image of the room."""
        area, target, ratio = self.area, self.target, self.ratio
        lies = QRectF(
            (target.x() - area.x()) * ratio,
            (target.y() - area.y()) * ratio,
            target.width() * ratio,
            target.height() * ratio,
        )
        return Place(lies, QSize(round(area.width() * ratio), round(area.height() * ratio)))

    def seen(self, shape: tuple[int, ...]) -> Seen | None:
        """Return what is seen of an array (height, width, …) on the picture, None for nothing."""
        if shape not in self._seen:
            self._seen[shape] = self._part(shape)
        return self._seen[shape]

    def _part(self, shape: tuple[int, ...]) -> Seen | None:
        target, place, ratio = self.target, self.visible, self.ratio
        width, height = round(place.width() * ratio), round(place.height() * ratio)
        if width < 1 or height < 1:
            return None
        across, down = shape[1] / target.width(), shape[0] / target.height()
        left, top = place.left() - target.left(), place.top() - target.top()
        return Seen(
            columns=(left * across, (left + place.width()) * across),
            rows=(top * down, (top + place.height()) * down),
            width=width,
            height=height,
        )


class Layouts:
    """Lays pictures out in panels; panels of one size share what is worked out.

    Parameters
    ----------
    viewport
        The one pan and zoom.
    """

    def __init__(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self._made: dict[tuple[object, ...], Laid] = {}

    def of(self, shape: tuple[int, int], area: QRectF, ratio: float) -> Laid:
        """Return where a picture of the shape (height, width) lies in `area`."""
        key = (shape, area.getRect(), ratio, self._viewport.state)
        laid = self._made.get(key)
        if laid is None:
            if len(self._made) >= _MOST:
                self._made.clear()
            content = QSizeF(shape[1], shape[0])
            laid = Laid(QRectF(area), self._viewport.target(area, content, ratio), ratio)
            self._made[key] = laid
        return laid
