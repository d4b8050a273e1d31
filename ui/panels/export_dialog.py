"""The export dialog: what to write, in which format, and how it is drawn."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from memlens.methods.registry import MAP_KINDS
from ui.language.translation import tr
from ui.panels.export_panels import PanelList
from ui.panels.figure_preview import FigurePreview
from ui.view.dialogs import PreviewView
from ui.view.export_offer import ExportOffer
from ui.vocabulary.export_choice import ExportChoice, ExportKind
from ui.widgets.number_box import DecimalBox, NumberBox
from ui.widgets.segmented import Segmented

Kind = ExportKind
_FORMATS = {
    Kind.FIGURE: ("pdf", "svg", "png"),
    Kind.ANIMATION: ("gif", "apng"),
}
_DRAWN = (Kind.FIGURE, Kind.REPORT, Kind.ANIMATION)
_PREVIEWED = (Kind.FIGURE, Kind.ANIMATION)
_PREVIEW_AFTER_MS = 150
_SPIN_BOX = (190, 28)
_WIDTH, _LIST_WIDTH = 860, 330
_OF_STEPS = (Kind.TABLES, Kind.MAPS)


class ExportDialog(QDialog):
    """Asks what to export; `chosen` carries an `ExportChoice`, `preview_requested` one to draw.

    Parameters
    ----------
    offer
        What can be exported.
    last
        What was chosen before, to start from.
    """

    chosen = Signal(object)
    preview_requested = Signal(object)

    def __init__(
        self, offer: ExportOffer, last: ExportChoice | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._offer = offer
        self._start = last or ExportChoice(
            kind=Kind.FIGURE, formats=("pdf",), units=offer.units, rate=offer.rate
        )
        self._kind = self._start.kind
        self._rows: list[tuple[tuple[ExportKind, ...], QWidget]] = []
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(_WIDTH)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(10)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.kinds = Segmented(
            self.tr("What to export"),
            (
                (Kind.FIGURE, self.tr("Figure"), self.tr("Panels with colour bars, for print")),
                (Kind.REPORT, self.tr("Report"), self.tr("One HTML page about this run")),
                (Kind.TABLES, self.tr("Tables"), self.tr("Agreement and readings as numbers")),
                (Kind.MAPS, self.tr("Maps"), self.tr("One float32 file per map")),
                (Kind.ANIMATION, self.tr("Animation"), self.tr("Panels over the steps")),
            ),
        )
        self.kinds.chosen.connect(self.choose_kind)
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setProperty("role", "quiet")
        self._about.setMinimumHeight(2 * self._about.fontMetrics().lineSpacing())
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._build_rows()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._export = self._buttons.addButton(
            self.tr("Export …"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._export.setProperty("role", "primary")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.preview = FigurePreview()
        self._preview_asked: ExportChoice | None = None
        self._previewed: PreviewView | None = None
        self._preview_timer = QTimer(self)
        self._preview_timer.setObjectName("preview")
        self._preview_timer.setSingleShot(True)
        self._preview_timer.setInterval(_PREVIEW_AFTER_MS)
        self._preview_timer.timeout.connect(self._ask_for_preview)
        options = QVBoxLayout()
        options.setSpacing(12)
        options.addLayout(self._form)
        options.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(20)
        beside.addLayout(options)
        beside.addWidget(self.preview, 1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.kinds)
        column.addWidget(self._about)
        column.addLayout(beside, 1)
        column.addWidget(self._buttons)
        self.choose_kind(self._kind)

    def choose_kind(self, kind: ExportKind) -> None:
        """Show the options of one kind of export."""
        self._kind = kind
        self.kinds.show_choice(kind)
        self._about.setText(self._words(kind))
        for kinds, widget in self._rows:
            self._form.setRowVisible(widget, kind in kinds)
        self.preview.setVisible(kind in _PREVIEWED)
        self._check()
        # Not `adjustSize`, which stops at two thirds of the screen.
        self._column.activate()
        self.resize(self.width(), self.sizeHint().height())

    def choice(self) -> ExportChoice:
        """Return what is chosen now."""
        kind = self._kind
        formats: tuple[str, ...] = ("html",)
        if kind in _FORMATS:
            formats = (self._format_chosen[kind],)
        elif kind is Kind.TABLES:
            formats = _ticked(self.csv, self.json)
        elif kind is Kind.MAPS:
            formats = _ticked(self.npy, self.tiff)
        return ExportChoice(
            kind=kind,
            panels=self.panels.chosen,
            formats=formats,
            all_steps=self.all_steps.isChecked(),
            units="paper" if self.paper_units.isChecked() else "canonical",
            standard_errors=self.standard_errors.isChecked(),
            over_picture=self.over_picture.isChecked(),
            outline=self.outline.isChecked(),
            contour=self.contour.isChecked(),
            title=self.title.isChecked(),
            dpi=self.dpi.value(),
            width_mm=float(self.width_mm.value()) or None,
            rate=self.rate.value(),
            pixels=self.pixels.value(),
        )

    def show_preview(self, drawn: PreviewView | None) -> None:
        """Show what was drawn; None while it is not."""
        waiting = self._preview_asked is None or self._preview_timer.isActive()
        if drawn is None or drawn is self._previewed or waiting:
            return
        self._previewed = drawn
        if drawn.pixels is None:
            self.preview.show_problem(drawn.problem)
        else:
            self.preview.show_picture(drawn.pixels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the preview anew, as large as there is room now."""
        super().resizeEvent(event)
        self._preview_asked = None
        self._preview_soon()

    def done(self, result: int) -> None:
        """Close."""
        self._preview_timer.stop()
        super().done(result)

    def accept(self) -> None:
        """Close, and ask for what is chosen."""
        choice = self.choice()
        super().accept()
        self.chosen.emit(choice)

    def _build_rows(self) -> None:
        start, offer = self._start, self._offer
        self._format_chosen = {kind: formats[0] for kind, formats in _FORMATS.items()}
        if self._kind in _FORMATS and start.formats[0] in _FORMATS[self._kind]:
            self._format_chosen[self._kind] = start.formats[0]
        self.formats: dict[ExportKind, Segmented] = {}
        for kind, formats in _FORMATS.items():
            choice = self.formats[kind] = Segmented(
                self.tr("Format"), tuple((name, name.upper(), _about(name)) for name in formats)
            )
            choice.show_choice(self._format_chosen[kind])
            choice.chosen.connect(partial(self.choose_format, kind))
            self._row(self.tr("Format"), choice, kind)
        self.panels = PanelList(offer.panels, start.panels or offer.shown)
        self.panels.changed.connect(self._check)
        self.panels.setMinimumWidth(_LIST_WIDTH)
        self._row(self.tr("Panels"), self.panels, Kind.FIGURE, Kind.ANIMATION)
        self.all_steps = self._tick(
            self.tr("All computed steps"),
            self.tr("Not only step {step}: {all} maps instead of {here}").format(
                step=offer.step, all=offer.maps_everywhere, here=offer.maps_here
            ),
            start.all_steps,
        )
        self._row(self.tr("Steps"), self.all_steps, *_OF_STEPS)
        formats = start.formats
        self.csv = self._tick("CSV", self.tr("For a spreadsheet"), "json" not in formats)
        self.json = self._tick("JSON", self.tr("For a script"), "csv" not in formats)
        self._row(self.tr("Format"), _side_by_side(self.csv, self.json), Kind.TABLES)
        self.npy = self._tick("NPY", self.tr("For NumPy"), formats != ("tiff",))
        self.tiff = self._tick("TIFF", self.tr("float32, for ImageJ and others"), "tiff" in formats)
        self._row(self.tr("Format"), _side_by_side(self.npy, self.tiff), Kind.MAPS)
        self.paper_units = self._tick(
            self.tr("Paper's units"),
            self.tr("As the official code writes them, clamped at 0"),
            start.units == "paper",
        )
        self.standard_errors = self._tick(
            self.tr("Standard errors"), self.tr("A second file beside each"), start.standard_errors
        )
        beside = _side_by_side(self.paper_units, self.standard_errors)
        self._row(self.tr("Values"), beside, Kind.MAPS)
        self.width_mm = _number(0, 400, round(start.width_mm or 0), " mm")
        self.width_mm.setSpecialValueText(self.tr("Fitting"))
        self.width_mm.setToolTip(self.tr("85 mm for one panel, 120 for two, 170 for more"))
        self.dpi = _number(72, 1200, start.dpi, self.tr(" dpi"))
        self.dpi.setToolTip(self.tr("Dots per inch of a PNG, and of the pictures in the others"))
        self.width_mm.valueChanged.connect(self._check)
        self._row(self.tr("Width"), self.width_mm, Kind.FIGURE)
        self._row(self.tr("Resolution"), self.dpi, Kind.FIGURE)
        self.pixels = _number(240, 2400, start.pixels, self.tr(" pixels"))
        self.rate = DecimalBox()
        self.rate.setDecimals(1)
        self.rate.setRange(0.5, 50.0)
        self.rate.setValue(start.rate)
        self.rate.setSuffix(self.tr(" steps per second"))
        self.rate.setFixedSize(*_SPIN_BOX)
        self.pixels.setToolTip(self.tr("Of every frame"))
        self.rate.setToolTip(self.tr("How fast the steps follow each other"))
        self._row(self.tr("Width"), self.pixels, Kind.ANIMATION)
        self._row(self.tr("Rate"), self.rate, Kind.ANIMATION)
        self._build_looks()

    def _build_looks(self) -> None:
        start, offer = self._start, self._offer
        self.over_picture = self._tick(
            self.tr("Picture under the maps"),
            self.tr("As opaque as on the screen"),
            start.over_picture,
        )
        self.outline = self._tick(
            self.tr("Outline of the mask"), self.tr("White, in every panel"), start.outline
        )
        self.contour = self._tick(
            self.tr("Outline of the predicted mask"),
            offer.contour or self.tr("Green: above the chosen threshold, or that of best IoU"),
            start.contour and not offer.contour,
        )
        self.title = self._tick(
            self.tr("Prompt and seed above"), self.tr("One line over the panels"), start.title
        )
        self.outline.setEnabled(offer.has_mask)
        self.contour.setEnabled(not offer.contour)
        if not offer.has_mask:
            self.outline.setToolTip(self.tr("No mask is known for this prompt."))
        self._row(self.tr("Drawn"), self.over_picture, *_DRAWN)
        self._row("", self.outline, *_DRAWN)
        self._row("", self.contour, *_DRAWN)
        self._row("", self.title, Kind.FIGURE)

    def _row(self, label: str, widget: QWidget, *kinds: ExportKind) -> None:
        if label and not widget.accessibleName():
            widget.setAccessibleName(label)
        self._form.addRow(label, widget)
        self._rows.append((kinds, widget))

    def _tick(self, words: str, tip: str, ticked: bool) -> QCheckBox:
        box = QCheckBox(words)
        box.setToolTip(tip)
        box.setAccessibleName(words)
        box.setChecked(ticked)
        box.toggled.connect(self._check)
        return box

    def choose_format(self, kind: ExportKind, name: str) -> None:
        """Choose the format of figures or of animations."""
        self._format_chosen[kind] = name
        self.formats[kind].show_choice(name)

    def _check(self) -> None:
        """Allow Export only when there is something to export, and say why not."""
        if not hasattr(self, "_export"):
            return
        reason = self._reason()
        self._export.setEnabled(not reason)
        self._export.setToolTip(reason)
        if self._kind is Kind.ANIMATION:
            self._about.setText(reason or self._words(self._kind))
        self._preview_soon()

    def _preview_soon(self) -> None:
        if self._kind in _PREVIEWED:
            self._preview_timer.start()

    def _ask_for_preview(self) -> None:
        """Ask for the preview of what is chosen, unless it is the one that was asked for."""
        choice = self.choice()
        if not choice.panels:
            self._preview_asked = None
            self.preview.show_problem(self.tr("Choose at least one panel."))
        elif choice != self._preview_asked and self._kind in _PREVIEWED:
            self._preview_asked = choice
            self.preview.wait()
            self.preview_requested.emit(choice)

    def _reason(self) -> str:
        choice = self.choice()
        if choice.kind in (Kind.FIGURE, Kind.ANIMATION) and not choice.panels:
            return self.tr("Choose at least one panel.")
        if choice.kind is Kind.ANIMATION and not self._frames(choice.panels):
            return self.tr("There is no step at which all of these panels are computed.")
        if not choice.formats:
            return self.tr("Choose a format.")
        maps = self._offer.maps_everywhere if choice.all_steps else self._offer.maps_here
        if choice.kind in _OF_STEPS and not maps:
            return self.tr("No map is computed at this step.")
        return ""

    def _frames(self, panels: tuple[str, ...]) -> int:
        steps = set(range(self._offer.steps))
        for content in panels:
            if content in MAP_KINDS:
                steps &= self._offer.frames.get(content, frozenset())
        return len(steps)

    def _words(self, kind: ExportKind) -> str:
        step = self._offer.step
        match kind:
            case Kind.FIGURE:
                words = self.tr(
                    "The chosen panels at step {step}, in colours, units and levels of the screen."
                )
            case Kind.REPORT:
                words = self.tr(
                    "Picture, maps at step {step}, agreement, readings and provenance on one page "
                    "that opens anywhere."
                )
            case Kind.TABLES:
                words = self.tr("Agreement and readings, with the provenance of every row.")
            case Kind.MAPS:
                words = self.tr("One file per map, and an index with the provenance of each.")
            case Kind.ANIMATION:
                frames = self._frames(self.panels.chosen)
                return self.tr("The chosen panels over {n} computed steps.").format(n=frames)
        return words.format(step=step)


def _about(suffix: str) -> str:
    return {
        "pdf": tr("For print and LaTeX"),
        "svg": tr("For the web and drawing programs"),
        "png": tr("Pixels"),
        "gif": tr("Opens everywhere; 256 colours"),
        "apng": tr("All colours; opens in browsers"),
    }[suffix]


def _ticked(*boxes: QCheckBox) -> tuple[str, ...]:
    return tuple(box.text().lower() for box in boxes if box.isChecked())


def _side_by_side(*widgets: QWidget) -> QWidget:
    around = QWidget()
    row = QHBoxLayout(around)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return around


def _number(least: int, most: int, value: int, unit: str) -> NumberBox:
    box = NumberBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setSuffix(unit)
    box.setFixedSize(*_SPIN_BOX)
    return box
