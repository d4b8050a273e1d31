"""Readings: numbers of the run and of the step, each with a tooltip that says where from."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.look import tones
from ui.view.readings import ReadingRow


class ReadingsSection(QWidget):
    """One row per reading: its name over what it is of, its value or a button at the right."""

    compute_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[ReadingRow, ...] | None = None
        self.sentence = QLabel(self.tr("Nothing was sampled yet."), self)
        self.rows: dict[str, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.sentence)

    def show_view(self, rows: tuple[ReadingRow, ...]) -> None:
        """Show `rows`; the same ones cost nothing."""
        if rows is self._shown:
            return
        self._shown = rows
        self.sentence.setVisible(not rows)
        names = [row.key for row in rows]
        for name in [name for name in self.rows if name not in names]:
            gone = self.rows.pop(name)
            self._column.removeWidget(gone)
            gone.deleteLater()
        for row in rows:
            if row.key not in self.rows:
                made = self.rows[row.key] = _Row(self)
                made.button.clicked.connect(
                    lambda _=False, key=row.key: self.compute_requested.emit(key)
                )
                self._column.addWidget(made)
            self.rows[row.key].show_row(row)


class _Row(QWidget):
    """Name, detail, and a value or a button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = QLabel(self)
        self.detail = QLabel(self)
        self.value = QLabel(self)
        self.button = QPushButton(self.tr("Compute"), self)
        for label in (self.name, self.detail):
            # A long name is wrapped rather than making the column wider.
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.detail, 1, 0)
        grid.addWidget(self.value, 0, 1, 2, 1)
        grid.addWidget(self.button, 0, 1, 2, 1)
        grid.setColumnStretch(0, 1)
        self._row: ReadingRow | None = None
        self._dress()

    def show_row(self, row: ReadingRow) -> None:
        """Show one reading; the same one costs nothing."""
        if row == self._row:
            return
        self._row = row
        self.name.setText(row.label)
        self.detail.setText(row.detail)
        self.value.setText(row.value or "–")
        self.value.setVisible(not row.can_compute)
        self.button.setVisible(row.can_compute)
        self.button.setEnabled(not row.reason and not row.computing)
        self.button.setText(self.tr("Computing …") if row.computing else self.tr("Compute"))
        self.button.setAccessibleName(self.tr("Compute: {0}").format(row.label))
        tip = f"{row.about}\n{row.reason}" if row.reason and row.can_compute else row.about
        self.setToolTip(tip)
        self.button.setToolTip(tip)
        self.value.setAccessibleName(f"{row.label}: {row.value}")
        self.value.setAccessibleDescription(row.about)

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1))
        if self.detail.font() != font:
            self.detail.setFont(font)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, tones.quiet_text(self.palette()))
        if self.detail.palette() != palette:
            self.detail.setPalette(palette)
