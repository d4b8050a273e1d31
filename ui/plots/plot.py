"""A plot as all of the window's are: colours, hover, context menu, keyboard."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QToolTip, QWidget

from memlens.files.atomic_write import atomic_write
from ui.language.translation import tr
from ui.look import tones
from ui.look.graphs import HAND, name_viewport, pg
from ui.widgets.later_drawing import DELAY_MS

# A name with its unit, and numbers.
Column = tuple[str, NDArray[np.float64]]
_ZOOM_KEYS = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
_PNG_WIDTH = 1600


class Plot(pg.PlotWidget):
    """Draws what a subclass gives it in `draw`; `draw_later` waits a moment and does so once.

    Parameters
    ----------
    name
        What a file of it is called.
    zooms
        Whether keys zoom along x, and the context menu takes that back.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, zooms: bool = False) -> None:
        self.built = False
        super().__init__(parent, enableMenu=False)
        name_viewport(self)
        self._name, self._zooms = name, zooms
        self._whole = QRectF(0, 0, 1, 1)
        self.waiting = QTimer(self)
        self.waiting.setSingleShot(True)
        self.waiting.setInterval(DELAY_MS)
        self.waiting.timeout.connect(self._draw_now)
        self.item = self.getPlotItem()
        self.item.hideButtons()
        self.item.setMouseEnabled(x=False, y=False)
        self.item.vb.setDefaultPadding(0)
        self.item.disableAutoRange()
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Under the hand or the keys: where a value is read.
        self._reader = pg.InfiniteLine(angle=90)
        self._reader.setZValue(50)
        self._reader.setVisible(False)
        self.item.addItem(self._reader, ignoreBounds=True)
        self._read_at: float | None = None
        self.built = True
        self.tint()

    def draw(self) -> None:
        """Draw what is to be shown now."""

    def columns(self) -> Sequence[Column]:
        """Return the numbers of what is drawn, for a file."""
        return ()

    def reading(self, x: float) -> str:
        """Return in words what is drawn at `x`, "" for nothing."""
        return ""

    def tint(self) -> None:
        """Take the colours of the palette."""
        palette = self.palette()
        self.setBackground(tones.sunken(palette))
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.0))
        for name in ("left", "bottom"):
            axis = self.item.getAxis(name)
            axis.setPen(pg.mkPen(tones.hairline(palette)))
            axis.setTextPen(pg.mkPen(tones.quiet_text(palette)))
            axis.setStyle(tickFont=font, tickLength=-3, hideOverlappingLabels=24)
            axis.label.setFont(font)
        self._reader.setPen(pg.mkPen(tones.quiet_text(palette), style=Qt.PenStyle.DotLine))
        self.show_focus()

    def show_focus(self) -> None:
        """Frame the plot while keys come here."""
        if self.closed:
            return
        accent = pg.mkPen(tones.accent(self.palette()))
        self.item.vb.setBorder(accent if self.hasFocus() else None)

    def show_range(self, area: QRectF) -> None:
        """Show this part of the plane, until somebody zooms."""
        if area != self._whole:
            self._whole = QRectF(area)
            self.reset_view()

    def reset_view(self) -> None:
        """Show everything again."""
        self.item.vb.setRange(self._whole, padding=0)

    def draw_later(self) -> None:
        """Draw a moment after this was asked first."""
        if not self.waiting.isActive():
            self.waiting.start()

    def scene_x(self, x: float) -> float:
        """Return where a value along x lies in the widget."""
        return float(self.item.vb.mapViewToScene(QPointF(x, 0.0)).x())

    def plane(self, point: QPointF) -> QPointF:
        """Return which values lie at a point of the widget."""
        return QPointF(self.item.vb.mapSceneToView(point))

    def read_at(self, x: float | None) -> str:
        """Put the reading line at `x`, None for nowhere; return what it reads."""
        words = "" if x is None else self.reading(x)
        self._read_at = x if words else None
        self._reader.setVisible(bool(words))
        if words and x is not None:
            self._reader.setValue(x)
        self.setAccessibleDescription(words)
        return words

    def menu(self) -> QMenu:
        """Return the context menu."""
        made = QMenu(self)
        for suffix, (words, _) in _files().items():
            action = made.addAction(f"{words} …")
            action.triggered.connect(lambda _=False, suffix=suffix: self.ask_where(suffix))
        made.addSeparator()
        back = made.addAction(tr("Show everything again"))
        back.setEnabled(QRectF(self.item.vb.viewRect()) != self._whole)
        back.triggered.connect(self.reset_view)
        return made

    def save(self, path: Path) -> None:
        """Write the plot as .csv, .png or .svg.

        Raises
        ------
        OSError
            If it cannot be written; what was there before is untouched.
        """
        made = self._csv() if path.suffix == ".csv" else self._exported(path.suffix)
        with atomic_write(path) as file:
            file.write(made)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scene, what waits included."""
        if self.built and self.waiting.isActive():
            self._draw_now()
        super().paintEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take the hand wherever it is sent."""
        if event.type() in HAND:
            return bool(self.viewportEvent(event))
        return bool(super().event(event))

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if (
            self.built
            and not self.closed
            and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        ):
            self.tint()
            self.draw()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer files and the way back."""
        self.menu().popup(event.globalPos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read what is under the hand."""
        words = self.read_at(self.plane(event.position()).x())
        QToolTip.showText(event.globalPosition().toPoint(), words or self.toolTip(), self)

    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing."""
        super().leaveEvent(event)
        self.read_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read along x with arrows; zoom by + and − and fit by 0 where that is possible."""
        key, area = Qt.Key(event.key()), QRectF(self.item.vb.viewRect())
        turn = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01}.get(key)
        if turn is not None and self.reading(area.center().x()):
            x = area.center().x() if self._read_at is None else self._read_at
            at = min(max(x + turn * area.width(), area.left()), area.right())
            QToolTip.showText(self.mapToGlobal(self.rect().center()), self.read_at(at), self)
        elif key in _ZOOM_KEYS and self._zooms:
            around = area.center().x() if self._read_at is None else self._read_at
            self.item.vb.scaleBy(x=_ZOOM_KEYS[key], center=(around, area.center().y()))
        elif key == Qt.Key.Key_0 and self._zooms:
            self.reset_view()
        else:
            event.ignore()

    def focusInEvent(self, event: object) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        self.show_focus()

    def focusOutEvent(self, event: object) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.show_focus()

    def _draw_now(self) -> None:
        self.waiting.stop()
        self.draw()

    def ask_where(self, suffix: str) -> None:
        """Ask for a file and write the plot there."""
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Save plot"), f"{self._name}.{suffix}", _files()[suffix][1]
        )
        if not name:
            return
        path = Path(name).with_suffix(f".{suffix}")
        try:
            self.save(path)
        except OSError as error:
            words = tr("{file} could not be written: {reason}.")
            QMessageBox.warning(
                self, tr("Save plot"), words.format(file=path, reason=error.strerror or error)
            )

    def _csv(self) -> bytes:
        columns = self.columns()
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow([name for name, _ in columns])
        longest = max((len(numbers) for _, numbers in columns), default=0)
        for place in range(longest):
            rows.writerow(
                [
                    f"{n[place]:.9g}" if place < len(n) and np.isfinite(n[place]) else ""
                    for _, n in columns
                ]
            )
        return text.getvalue().encode()

    def _exported(self, suffix: str) -> bytes:
        from pyqtgraph.exporters import ImageExporter

        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        if suffix == ".png":
            exporter = ImageExporter(self.item)
            exporter.parameters()["width"] = _PNG_WIDTH
            exporter.export(toBytes=True).save(buffer, "PNG")
            return bytes(buffer.data().data())
        # Qt's own: pyqtgraph's stumbles over the curves of rounded markers.
        drawing = QSvgGenerator()
        drawing.setOutputDevice(buffer)
        drawing.setSize(self.size())
        drawing.setViewBox(self.rect())
        painter = QPainter(drawing)
        self.scene().render(painter)
        painter.end()
        return bytes(buffer.data().data())


def _written(numbers: NDArray[np.float64], place: int) -> str:
    there = place < len(numbers) and np.isfinite(numbers[place])
    return f"{numbers[place]:.9g}" if there else ""


def _files() -> dict[str, tuple[str, str]]:
    """Return for each kind of file what is asked in the menu, and in the dialog."""
    return {
        "csv": (tr("Save numbers"), tr("Numbers (*.csv)")),
        "png": (tr("Save picture"), tr("Picture (*.png)")),
        "svg": (tr("Save drawing"), tr("Drawing (*.svg)")),
    }
