"""Display: how the panels are arranged and drawn."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ui.canvas import colormaps
from ui.language.translation import tr
from ui.plots.histogram import Histogram
from ui.view.view_state import CanvasView, InspectView
from ui.vocabulary.display_choice import (
    Colormap,
    Layout,
    Levels,
    LogScale,
    Nearest,
    Opacity,
    Outline,
    Preset,
    Smoothing,
    Stretch,
    Threshold,
    Units,
)
from ui.widgets.segmented import Segmented

SMOOTHINGS = (1, 3, 5, 7, 9)


class DisplaySection(QWidget):
    """Every control shows the view; changing one asks for another view: `chosen` says which.

    What is changed rarely is on `finer`, which the column shows as a section of its own.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seen: tuple[InspectView, CanvasView] | None = None
        self._shown_choices: tuple[object, ...] = ()
        self._papers = 0
        self.finer = QWidget(self)
        self.layout_choice = Segmented(
            self.tr("Panels"),
            tuple(
                (count, str(count), self.tr("Show {0} panels.").format(count))
                for count in (1, 2, 3, 4, 6)
            ),
            self,
        )
        self.preset = QComboBox(self)
        self.colormap = QComboBox(self)
        self.opacity = QSlider(Qt.Orientation.Horizontal, self)
        self.opacity_words = QLabel(self)
        self.levels = Segmented(
            self.tr("Levels"),
            (
                (False, self.tr("Absolute"), self.tr("One scale for all panels and steps.")),
                (
                    True,
                    self.tr("Stretched"),
                    self.tr(
                        "From each map's least value to its 99th percentile, as in the paper's "
                        "figures. Panels and steps cannot be compared then."
                    ),
                ),
                (
                    None,
                    self.tr("By hand"),
                    self.tr(
                        "Where the ends of the histogram were dragged to, the same for all panels "
                        "and steps. Absolute, or a double click on the histogram, takes it back."
                    ),
                ),
            ),
            self,
        )
        self.units = Segmented(
            self.tr("Units"),
            (
                (
                    "canonical",
                    self.tr("Canonical"),
                    self.tr("Share of the noise variance pinned: 0 nothing, 1 all. Comparable."),
                ),
                ("paper", self.tr("Paper's"), self.tr("As the paper defines each map.")),
            ),
            self.finer,
        )
        self.scale = Segmented(
            self.tr("Scale"),
            (
                (False, self.tr("Linear"), self.tr("Equal steps of value, equal steps of colour.")),
                (
                    True,
                    self.tr("Log"),
                    self.tr(
                        "Colours follow the logarithm of the values, on both sides of 0, and the "
                        "values themselves close to it: the colour bar says how close."
                    ),
                ),
            ),
            self.finer,
        )
        self.smoothing = QComboBox(self.finer)
        self.drawing = Segmented(
            self.tr("Pixels"),
            (
                (True, self.tr("Nearest"), self.tr("Each latent coordinate as a square.")),
                (False, self.tr("Bilinear"), self.tr("Values interpolated between coordinates.")),
            ),
            self.finer,
        )
        self.outline = QCheckBox(self.tr("Outline the mask"), self)
        self.histogram = Histogram(self)
        self._dress()
        self._arrange()
        self._connect()

    def show_view(self, view: InspectView, canvas: CanvasView) -> None:
        """Show how things are drawn now."""
        if self._seen is not None and self._seen[0] is view and self._seen[1] is canvas:
            return
        self._seen = (view, canvas)
        now = _choices(view, canvas)
        # A step changes none of them.
        if now != self._shown_choices:
            self._shown_choices = now
            self._show_choices(view, canvas)
        active = next((panel for panel in canvas.panels if panel.active), None)
        self.histogram.show_view(active, canvas.colormap, view.threshold, canvas.log_scale)

    def _show_choices(self, view: InspectView, canvas: CanvasView) -> None:
        self.layout_choice.show_choice(len(canvas.panels))
        if view.presets != tuple(self.preset.itemData(i) for i in range(self.preset.count())):
            self.preset.clear()
            for name in view.presets:
                self.preset.addItem(tr(name), name)
        self.preset.setCurrentIndex(self.preset.findData(view.preset) if view.preset else -1)
        self.colormap.setCurrentIndex(self.colormap.findData(canvas.colormap))
        share = round(canvas.opacity * 100)
        if not self.opacity.isSliderDown() or self.opacity.value() != share:
            blocked = self.opacity.blockSignals(True)
            self.opacity.setValue(share)
            self.opacity.blockSignals(blocked)
        self.opacity_words.setText(f"{share} %")
        self.levels.show_choice(None if view.levels_by_hand else view.stretched)
        self.units.show_choice(view.units)
        self.scale.show_choice(canvas.log_scale)
        self._offer_smoothings(view.paper_smoothing)
        self.smoothing.setCurrentIndex(self.smoothing.findData(view.smoothing))
        self.drawing.show_choice(canvas.nearest)
        self.outline.setChecked(canvas.outline)

    def _dress(self) -> None:
        self.preset.setPlaceholderText(self.tr("Arranged by hand"))
        for box, name, tip in (
            (self.preset, self.tr("Preset"), self.tr("Arrangements of panels.")),
            (
                self.colormap,
                self.tr("Colormap"),
                self.tr("Perceptual colormaps first; grey is the paper's look."),
            ),
            (
                self.smoothing,
                self.tr("Smoothing"),
                self.tr("Mean over a square of latent coordinates, for maps and their numbers."),
            ),
        ):
            box.setAccessibleName(name)
            box.setToolTip(tip)
            box.setMinimumContentsLength(8)
            box.setMinimumHeight(26)
        self.colormap.setIconSize(QSize(48, 12))
        for colormap in colormaps.NAMES:
            self.colormap.addItem(colormaps.swatch(colormap), colormap, colormap)
        self._offer_smoothings(0)
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self.opacity.setToolTip(self.tr("Opacity of the map over the picture."))
        self.opacity_words.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        self.opacity_words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.outline.setToolTip(self.tr("Draw the edge of the active mask in every panel."))

    def _offer_smoothings(self, papers: int) -> None:
        """Offer the usual windows, and the paper's on this grid."""
        if papers == self._papers and self.smoothing.count():
            return
        self._papers = papers
        self.smoothing.clear()
        for window in sorted({*SMOOTHINGS, *((papers,) if papers > 1 else ())}):
            words = self.tr("Off") if window == 1 else f"{window} × {window}"
            if window == papers:
                words = self.tr("{0} (paper's)").format(words)
            self.smoothing.addItem(words, window)

    def _arrange(self) -> None:
        form = _form()
        opacity = QHBoxLayout()
        opacity.setSpacing(8)
        opacity.addWidget(self.opacity, 1)
        opacity.addWidget(self.opacity_words)
        form.addRow(self.tr("Preset"), self.preset)
        form.addRow(self.tr("Panels"), self.layout_choice)
        form.addRow(self.tr("Colormap"), self.colormap)
        form.addRow(self.tr("Opacity"), opacity)
        form.addRow(self.tr("Levels"), self.levels)
        form.addRow("", self.outline)
        finer = _form(self.finer)
        finer.addRow(self.tr("Scale"), self.scale)
        finer.addRow(self.tr("Units"), self.units)
        finer.addRow(self.tr("Smoothing"), self.smoothing)
        finer.addRow(self.tr("Pixels"), self.drawing)
        _line_up(form, finer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.histogram)
        column.addLayout(form)

    def _connect(self) -> None:
        ask = self.chosen.emit
        self.layout_choice.chosen.connect(lambda count: ask(Layout(count)))
        self.levels.chosen.connect(self._levels_chosen)
        self.scale.chosen.connect(lambda log: ask(LogScale(log)))
        self.units.chosen.connect(lambda name: ask(Units(name)))
        self.drawing.chosen.connect(lambda nearest: ask(Nearest(nearest)))
        self.preset.activated.connect(lambda at: ask(Preset(self.preset.itemData(at))))
        self.colormap.activated.connect(lambda at: ask(Colormap(str(self.colormap.itemData(at)))))
        self.smoothing.activated.connect(
            lambda at: ask(Smoothing(int(self.smoothing.itemData(at))))
        )
        self.opacity.valueChanged.connect(lambda share: ask(Opacity(share / 100)))
        self.outline.clicked.connect(lambda on: ask(Outline(on)))
        self.histogram.levels_chosen.connect(lambda low, high: ask(Levels(low, high)))
        self.histogram.threshold_chosen.connect(lambda value: ask(Threshold(value)))
        self.histogram.levels_reset.connect(lambda: ask(Stretch(False)))

    def _levels_chosen(self, stretched: bool | None) -> None:
        """Take "by hand" as the levels that the active map has now."""
        if stretched is not None:
            self.chosen.emit(Stretch(stretched))
            return
        active = next((p for p in self._seen[1].panels if p.active), None) if self._seen else None
        if active is not None and active.values is not None:
            self.chosen.emit(Levels(*active.levels))
        elif self._seen is not None:
            self._show_choices(*self._seen)


def _choices(view: InspectView, canvas: CanvasView) -> tuple[object, ...]:
    """Return all that the controls show."""
    return (
        len(canvas.panels),
        view.presets,
        view.preset,
        canvas.colormap,
        canvas.opacity,
        view.stretched,
        view.levels_by_hand,
        view.units,
        canvas.log_scale,
        view.paper_smoothing,
        view.smoothing,
        canvas.nearest,
        canvas.outline,
    )


def _form(parent: QWidget | None = None) -> QFormLayout:
    form = QFormLayout(parent) if parent is not None else QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(8)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form


def _line_up(*forms: QFormLayout) -> None:
    """Let the fields of all forms begin at one line: they are one column to the eye."""
    labels = [
        label
        for form in forms
        for row in range(form.rowCount())
        if (item := form.itemAt(row, QFormLayout.ItemRole.LabelRole)) is not None
        and (label := item.widget()) is not None
    ]
    widest = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(widest)
