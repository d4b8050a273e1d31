"""Views to draw and a way to read what was drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from ui.canvas.panel_widget import PanelWidget
from ui.view.view_state import CanvasView, PanelStatus, PanelView, TimelineView

SIDE = 64
PICTURE = np.full((SIDE, SIDE, 3), (200, 100, 50), np.uint8)
MASK = np.zeros((SIDE, SIDE), np.bool_)
MASK[16:48, 16:48] = True
CHOICES = (
    ("picture", "Picture", ""),
    ("cov", "Δh_∅   Curvature difference", ""),
    ("attention", "BE   Bright Ending", "This family has no cross-attention."),
)


class Watch(QObject):
    """Writes down the events of a widget."""

    def __init__(self, seen: list[QEvent.Type]) -> None:
        super().__init__()
        self._seen = seen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._seen.append(event.type())
        return False


def values(high: float = 1.0) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    made = np.zeros((8, 8), np.float32)
    made[2:6, 2:6] = high
    return made


def panel(content: str = "cov", **others: object) -> PanelView:
    view = PanelView(
        content=content,
        symbol="Δh_∅" if content == "cov" else "",
        label=content,
        status=PanelStatus.READY,
        active=False,
        picture=PICTURE,
        choices=CHOICES,
    )
    return replace(view, **others)  # type: ignore[arg-type]


def canvas(count: int, **others: object) -> CanvasView:
    panels = tuple(panel(values=values(), active=place == 0) for place in range(count))
    return replace(CanvasView(panels=panels, opacity=1.0), **others)  # type: ignore[arg-type]


def timeline(**others: object) -> TimelineView:
    log_snr = np.array([-5, -2, -1, 0, 0.5, 1, 2, 3, 4, 6.4], np.float32)
    view = TimelineView(log_snr=log_snr, reached=10, step=4, thumbnails=(PICTURE,) * 10)
    return replace(view, **others)  # type: ignore[arg-type]


def grabbed(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def on_screen(shown: PanelWidget, x: float, y: float) -> QPoint:
    """Return where the place (x, y) of the picture lies in the picture's widget."""
    target = shown.picture.target()
    return QPointF(target.x() + x * target.width(), target.y() + y * target.height()).toPoint()


def colour_at(shown: PanelWidget, x: float, y: float) -> QColor:
    return grabbed(shown.picture).pixelColor(on_screen(shown, x, y))
