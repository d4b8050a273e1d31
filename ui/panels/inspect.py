"""The right column: display and agreement, and room for masks between them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.panels.agreement import AgreementSection
from ui.panels.display import DisplaySection
from ui.view_state import CanvasView, InspectView


class InspectPanel(QScrollArea):
    """Draws an `InspectView`, and of a `CanvasView` how the panels are drawn.

    The canvas view is passed beside its own because colormap, opacity and the like are facts of
    the canvas, and the histogram shows the map of the canvas' active panel: one source for each.

    Signals
    -------
    units_chosen(str), stretch_chosen(bool), smoothing_chosen(int), colormap_chosen(str),
    opacity_chosen(float), nearest_chosen(bool), outline_chosen(bool)
        How maps are drawn.
    layout_chosen(int), preset_chosen(str)
        1, 2, 3, 4 or 6 panels; one of the view's presets.
    levels_chosen(float, float), threshold_chosen(float)
        By the histogram's handles, in display units.
    """

    units_chosen = Signal(str)
    stretch_chosen = Signal(bool)
    smoothing_chosen = Signal(int)
    colormap_chosen = Signal(str)
    opacity_chosen = Signal(float)
    nearest_chosen = Signal(bool)
    outline_chosen = Signal(bool)
    layout_chosen = Signal(int)
    preset_chosen = Signal(str)
    levels_chosen = Signal(float, float)
    threshold_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Inspect"))
        inside = QWidget(self)
        inside.setBackgroundRole(QPalette.ColorRole.Window)
        self.display = DisplaySection(inside)
        self.agreement = AgreementSection(inside)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(12, 8, 12, 12)
        self._column.setSpacing(8)
        self._column.addWidget(_title(self.tr("Display"), inside))
        self._column.addWidget(self.display)
        self._column.addSpacing(12)
        self._column.addWidget(_title(self.tr("Agreement"), inside))
        self._column.addWidget(self.agreement)
        self._column.addStretch(1)
        self.setWidget(inside)
        for name in (
            "units_chosen",
            "stretch_chosen",
            "smoothing_chosen",
            "colormap_chosen",
            "opacity_chosen",
            "nearest_chosen",
            "outline_chosen",
            "layout_chosen",
            "preset_chosen",
            "levels_chosen",
            "threshold_chosen",
        ):
            getattr(self.display, name).connect(getattr(self, name))

    def show_view(self, view: InspectView, canvas: CanvasView) -> None:
        """Draw both views; what is the same object as before costs nothing."""
        self.display.show_view(view, canvas)
        self.agreement.show_view(view)

    def insert_section(self, title: str, section: QWidget) -> None:
        """Put another section (masks) between display and agreement."""
        self._column.insertSpacing(2, 12)
        self._column.insertWidget(3, _title(title, self.widget()))
        self._column.insertWidget(4, section)

    def sizeHint(self) -> QSize:
        """Wide enough for the table."""
        return QSize(344, 640)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the controls."""
        return QSize(296, 200)


def _title(words: str, parent: QWidget | None) -> QLabel:
    label = QLabel(words, parent)
    font = QFont(label.font())
    font.setWeight(QFont.Weight.DemiBold)
    font.setPointSizeF(font.pointSizeF() + 1)
    label.setFont(font)
    return label
