"""The line above the panels: how they are compared, and the zoom."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from ui.canvas.viewport import Viewport
from ui.view import numbers
from ui.view.view_state import CanvasView
from ui.vocabulary.panel_content import Compare
from ui.widgets.disabling import disable


class CompareBar(QWidget):
    """Four modes, one chosen; the zoom at the right fits the picture when pressed."""

    compare_chosen = Signal(str)

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[Compare, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._tips: dict[Compare, str] = {}
        for mode, words, tip in self._modes():
            self._tips[mode] = tip
            button = QToolButton(self)
            button.setText(words)
            button.setToolTip(tip)
            button.setAccessibleName(words)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.clicked.connect(lambda _=False, mode=mode: self.compare_chosen.emit(mode.value))
            self._group.addButton(button)
            self.buttons[mode] = button
            row.addWidget(button)
        row.addStretch(1)
        self.zoom = QToolButton(self)
        self.zoom.setAutoRaise(True)
        self.zoom.setToolTip(
            self.tr(
                "Zoom of all panels. Wheel zooms at the cursor, dragging moves; "
                "press here or double-click a picture to fit it (0)."
            )
        )
        self.zoom.clicked.connect(viewport.fit)
        row.addWidget(self.zoom)
        viewport.changed.connect(self._show_zoom)
        self._show_zoom()
        self.buttons[Compare.SIDE_BY_SIDE].setChecked(True)

    def show_view(self, view: CanvasView) -> None:
        """Check the mode of `view`; one panel has nothing to be compared with."""
        self.buttons[view.compare].setChecked(True)
        alone = self.tr("There is one panel: show more (Display, Panels) to compare two.")
        for mode, button in self.buttons.items():
            possible = mode is Compare.SIDE_BY_SIDE or len(view.panels) > 1
            disable(button, self._tips[mode], "" if possible else alone)

    def _show_zoom(self) -> None:
        zoom = self._viewport.zoom
        words = self.tr("Fit") if zoom == 1 else f"{numbers.short(zoom, 2)}×"
        self.zoom.setText(words)
        self.zoom.setAccessibleName(self.tr("Zoom: {0}. Press to fit.").format(words))

    def _modes(self) -> tuple[tuple[Compare, str, str], ...]:
        return (
            (
                Compare.SIDE_BY_SIDE,
                self.tr("Side by side"),
                self.tr("All panels beside each other."),
            ),
            (
                Compare.WIPE,
                self.tr("Wipe"),
                self.tr("The active panel left of a line, another right of it; drag the line."),
            ),
            (
                Compare.DIFFERENCE,
                self.tr("A − B"),
                self.tr("The active panel's map minus another's, on a diverging colormap."),
            ),
            (
                Compare.BLINK,
                self.tr("Blink"),
                self.tr("The active panel and another in turn."),
            ),
        )
