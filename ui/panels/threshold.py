"""The threshold of the predicted mask: on or off, where, and how the mask is drawn."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from memlens.maps.scale import Scale
from ui.view import numbers
from ui.view.view_state import CanvasView, FloatArray, InspectView, PanelView
from ui.vocabulary.display_choice import FillPredicted, Threshold
from ui.widgets.disabling import disable
from ui.widgets.sentence import Sentence

_STEPS = 1000


class ThresholdChoice(QWidget):
    """Chooses among the values of the active panel's map; `chosen` carries a `DisplayChoice`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured: FloatArray | None = None
        self._range = (0.0, 1.0)
        self._scale = Scale(0.0, 1.0)
        self._best = math.nan
        self.shown = QCheckBox(self.tr("Predicted mask"), self)
        self.value = Sentence(self)
        self.fill = QCheckBox(self.tr("Fill"), self)
        self.best = QPushButton(self.tr("Best"), self)
        self.best.setProperty("role", "chip")
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 20)
        self.slider.setSingleStep(_STEPS // 200)
        for control, name in (
            (self.shown, self.tr("Predicted mask")),
            (self.fill, self.tr("Fill the predicted mask")),
            (self.best, self.tr("Threshold of best IoU")),
            (self.slider, self.tr("Threshold")),
        ):
            control.setAccessibleName(name)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.shown)
        row.addWidget(self.value, 1)
        row.addWidget(self.fill)
        row.addWidget(self.best)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.slider)
        self.shown.clicked.connect(self._switch)
        self.fill.clicked.connect(lambda on: self.chosen.emit(FillPredicted(on)))
        self.best.clicked.connect(lambda: self.chosen.emit(Threshold(self._best)))
        self.slider.valueChanged.connect(
            lambda place: self.chosen.emit(Threshold(self._scale.value(place / _STEPS)))
        )

    def show_view(self, view: InspectView, canvas: CanvasView) -> None:
        """Show the threshold of `view` among the values of the active panel's map."""
        active = next((panel for panel in canvas.panels if panel.active), None)
        values = None if active is None else active.values
        self._measure(active, canvas.log_scale)
        chosen = view.threshold
        content = "" if active is None else active.content
        best = (row.threshold for row in view.rows if row.content == content)
        self._best = next(best, math.nan)
        self.shown.setChecked(chosen is not None)
        self.fill.setChecked(canvas.fill_predicted)
        self._disable(no_map=values is None, none_chosen=chosen is None)
        words = "" if chosen is None else self.tr("> {0}").format(numbers.short(chosen, 3))
        self.value.setText(words)
        if chosen is not None and math.isfinite(chosen):
            place = round(_STEPS * min(max(self._scale.share(chosen), 0.0), 1.0))
            blocked = self.slider.blockSignals(True)
            self.slider.setValue(place)
            self.slider.blockSignals(blocked)

    def _disable(self, *, no_map: bool, none_chosen: bool) -> None:
        off = self.tr("No predicted mask is drawn: tick it first.") if none_chosen else ""
        no_best = "" if math.isfinite(self._best) else self.tr("No IoU is known for this panel.")
        for control, about, reason in (
            (
                self.shown,
                self.tr("Outline where each map is above one threshold, the same for all panels."),
                self.tr("The active panel shows no map.") if no_map else "",
            ),
            (self.fill, self.tr("Fill the predicted mask, beside its outline."), off),
            (
                self.best,
                self.tr("Choose the threshold at which the active panel's map has its best IoU."),
                no_best,
            ),
            (
                self.slider,
                self.tr(
                    "Threshold of the predicted mask, over the values of the active panel's map."
                ),
                off,
            ),
        ):
            disable(control, about, reason)

    def _measure(self, active: PanelView | None, log_scale: bool) -> None:
        values = None if active is None else active.values
        if values is not self._measured:
            self._measured = values
            known = None if values is None else values[values == values]
            if known is not None and known.size:
                low, high = float(known.min()), float(known.max())
                self._range = (low, high) if high > low else (low, low + 1.0)
        linear = None if active is None else Scale.of(active.levels, log_scale).linear
        self._scale = Scale(*self._range, linear)

    def _switch(self, shown: bool) -> None:
        if not shown:
            self.chosen.emit(Threshold(None))
            return
        middle = self._scale.value(0.5)
        self.chosen.emit(Threshold(self._best if math.isfinite(self._best) else middle))
