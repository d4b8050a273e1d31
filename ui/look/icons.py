"""Icons: one SVG each, drawn in the palette's text colour at any scale."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.look import tones

_FOLDER = "icons"


def icon(name: str, palette: QPalette) -> QIcon:
    """Return the icon `name` in the colours of `palette`."""
    text = palette.color(QPalette.ColorRole.WindowText)
    return QIcon(_SvgEngine(name, text, tones.faint_text(palette)))


def icon_names() -> tuple[str, ...]:
    """Return the names of all icons that ship."""
    folder = resources.files("resources") / _FOLDER
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name.removesuffix(".svg") for name in names if name.endswith(".svg")))


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    file = resources.files("resources") / _FOLDER / f"{name}.svg"
    return file.read_text(encoding="utf-8")


class _SvgEngine(QIconEngine):
    """Renders the SVG at the size that is asked for, so that every scale is crisp."""

    def __init__(self, name: str, colour: QColor, faint: QColor) -> None:
        super().__init__()
        self._name = name
        self._colour = colour
        self._faint = faint

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the icon into `rect`."""
        colour = self._faint if mode is QIcon.Mode.Disabled else self._colour
        svg = _source(self._name).replace("currentColor", colour.name())
        QSvgRenderer(QByteArray(svg.encode())).render(painter, rect.toRectF())

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon as a pixmap of `size` device pixels."""
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return QPixmap.fromImage(image)

    def clone(self) -> QIconEngine:
        """Return a copy, as Qt asks for."""
        return _SvgEngine(self._name, self._colour, self._faint)
