"""The agreement of every method with the pinned mask."""

from __future__ import annotations

from itertools import accumulate

from PySide6.QtCore import (
    QEvent,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from ui.panels.agreement_grid import ROW_HEIGHT, AgreementGrid
from ui.panels.agreement_table import ROW, SORT, AgreementTable, NumbersLast, as_tsv
from ui.panels.threshold import ThresholdChoice
from ui.plots.curves import AgreementCurves, CurvePlot
from ui.view.view_state import AgreementRow, CanvasView, InspectView
from ui.widgets.sentence import Sentence

_MEAN, _AT, _AT_CHOSEN = 1, 3, 4
_OF_MASKS = range(2, 9)


class AgreementSection(QWidget):
    """A table of methods × numbers, the threshold, and precision against recall.

    One sentence says what the numbers are measured against, or that there is no mask.
    """

    display_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: InspectView | None = None
        self._canvas: CanvasView | None = None
        self.sentence = Sentence(self)
        self.model = AgreementTable(self)
        self.sorted = NumbersLast(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(SORT)
        self.table = AgreementGrid(self.model, self.sorted, self)
        self.table.setToolTip(self.tr("Methods against the mask; press a head to sort"))
        self.threshold = ThresholdChoice(self)
        self._curves = AgreementCurves(self)
        self._dress()
        self.copying = QAction(self.tr("Copy table"), self)
        self.copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copying.triggered.connect(self.copy)
        self.table.addAction(self.copying)
        # Heads can be pressed by the mouse alone.
        self.sorting = QMenu(self.tr("Sort by"), self)
        self.sorting.aboutToShow.connect(self._offer_columns)
        self.table.addAction(self.sorting.menuAction())
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.sentence)
        column.addWidget(self.table)
        column.addSpacing(4)
        column.addWidget(self.threshold)
        column.addSpacing(4)
        column.addWidget(self._curves)
        self.threshold.chosen.connect(self.display_chosen)
        self._fit()

    def show_view(self, view: InspectView, canvas: CanvasView) -> None:
        """Show the rows of `view`, and of the methods in `canvas` their curves."""
        before, self._view = self._view, view
        if before is view and canvas is self._canvas:
            return
        self._canvas = canvas
        chosen_before = before is not None and before.threshold is not None
        if chosen_before != (view.threshold is not None):
            self._fit()
        self.threshold.show_view(view, canvas)
        contents = {panel.content for panel in canvas.panels}
        shown = tuple(row for row in view.rows if row.content in contents)
        self.curves.show_rows(shown, chosen=view.threshold is not None)
        self._curves.setVisible(bool(self.curves.curves))
        words = (view.mask_name, view.measured_at)
        same = before is not None and words == (before.mask_name, before.measured_at)
        if before is not None and same and view.rows is before.rows:
            return
        rows = self.sorted.rowCount()
        self.model.show_rows(view.rows)
        self.sentence.setText(self._words(view))
        masked_before = before is not None and bool(before.mask_name)
        if rows != self.sorted.rowCount() or masked_before != bool(view.mask_name):
            self._fit()

    @property
    def curves(self) -> CurvePlot:
        """The plot of the methods at every threshold."""
        return self._curves.plot

    def copy(self) -> None:
        """Put the selected rows, or all of them, on the clipboard as TSV."""
        chosen = {index.row() for index in self.table.selectionModel().selectedRows()}
        order = range(self.sorted.rowCount())
        rows: list[AgreementRow] = [
            self.sorted.index(row, 0).data(ROW) for row in order if not chosen or row in chosen
        ]
        QGuiApplication.clipboard().setText(as_tsv(rows, self._view or InspectView()))

    def sort_by(self, column: int) -> None:
        """Sort by a column, largest first; the other way when it is; -1 for not at all."""
        head = self.table.horizontalHeader()
        rising, falling = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        first, then = (falling, rising) if column > 0 else (rising, falling)
        sorted_so = head.sortIndicatorSection() == column and head.sortIndicatorOrder() == first
        self.table.sortByColumn(column, then if sorted_so else first)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the table's scroll bar where the columns do not fit."""
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the table to another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _offer_columns(self) -> None:
        self.sorting.clear()
        heads = [self.tr("method"), *(column.head for column in self.model.columns)]
        head = self.table.horizontalHeader()
        for place in range(head.count()):
            column = head.logicalIndex(place)
            if not self.table.isColumnHidden(column):
                action = self.sorting.addAction(heads[column])
                action.triggered.connect(lambda _=False, chosen=column: self.sort_by(chosen))
        self.sorting.addSeparator()
        self.sorting.addAction(self.tr("As listed")).triggered.connect(lambda: self.sort_by(-1))

    def _dress(self) -> None:
        table = self.table
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(24)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSortIndicatorClearable(True)
        # The mean says least beside a mask: it goes behind what measures the agreement.
        head.moveSection(_MEAN, _OF_MASKS[-1])
        table.setAccessibleName(self.tr("Agreement of each method with the mask"))

    def _fit(self) -> None:
        rows = self.sorted.rowCount()
        self.table.setVisible(rows > 0)
        masked = self._view is not None and bool(self._view.mask_name)
        chosen = self._view is not None and self._view.threshold is not None
        for place in _OF_MASKS:
            self.table.setColumnHidden(place, not masked or (place == _AT_CHOSEN and not chosen))
        metrics = QFontMetricsF(self.font())
        head_font = QFont(self.font())
        head_font.setPointSizeF(max(7.0, head_font.pointSizeF() - 1))
        self.table.horizontalHeader().setFont(head_font)
        heads = QFontMetricsF(head_font)
        # As wide as `numbers.brief` writes: a column that followed its numbers would dance.
        shares, values = (metrics.horizontalAdvance(text) + 9 for text in ("1.00", "−0.00000"))
        self.table.setColumnWidth(0, round(metrics.horizontalAdvance("Δhθ") + 20))
        for number, column in enumerate(self.model.columns, start=1):
            head = heads.horizontalAdvance(column.head) + 11
            numbers = values if number in (_MEAN, _AT) else shares
            self.table.setColumnWidth(number, round(max(numbers, head)))
        self._fill()
        head_height = self.table.horizontalHeader().sizeHint().height()
        self.table.horizontalHeader().setStretchLastSection(True)
        wide = sum(map(self.table.columnWidth, range(self.sorted.columnCount())))
        bar = self.table.horizontalScrollBar().sizeHint().height() if wide > self.width() else 0
        self.table.setFixedHeight(head_height + rows * ROW_HEIGHT + 2 + bar)

    def _fill(self) -> None:
        """Widen the columns that fit, so that none is seen in part before the table is scrolled."""
        head, table = self.table.horizontalHeader(), self.table
        shown = [head.logicalIndex(place) for place in range(head.count())]
        shown = [column for column in shown if not table.isColumnHidden(column)]
        ends = list(accumulate(table.columnWidth(column) for column in shown))
        fitting = [end for end in ends if end <= self.width()]
        if len(fitting) < 2 or len(fitting) == len(ends):
            return
        spare, columns = self.width() - fitting[-1], shown[1 : len(fitting)]
        for place, column in enumerate(columns):
            share = spare // len(columns) + (place < spare % len(columns))
            table.setColumnWidth(column, table.columnWidth(column) + share)

    def _words(self, view: InspectView) -> str:
        if not view.rows and not view.mask_name:
            return self.tr("No mask: draw or load one to measure how well each method finds it.")
        if not view.mask_name:
            return self.tr("No mask: only means are known.")
        if not view.rows:
            return self.tr("Against {0}: no map is computed at this step yet.").format(
                view.mask_name
            )
        chosen = self.tr("IoU at each map's best threshold, chosen with this mask in hand.")
        against = self.tr("Against {0}.").format(view.mask_name)
        if view.measured_at:
            against = self.tr("Against {0}, {1}.").format(view.mask_name, view.measured_at)
        return f"{against} {chosen}"
