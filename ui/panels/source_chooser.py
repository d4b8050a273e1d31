"""What the choosers of models and of baselines share: a name, recognised before it is opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from memlens.models.sources import is_hub_id
from ui.view.dialogs import RecognisedView

_TYPING_MS = 200


class SourceChooser(QDialog):
    """Asks for a folder, a file or a hub id; opens it only once it is known that it can be.

    Parameters
    ----------
    title, above
        Of the dialog, and what stands over the field.
    browsers
        Buttons beside the field that name something else.

    Signals
    -------
    chosen(str, bool)
        What was named and whether it may be downloaded.
    recognition_requested(str)
        What it is, or why it cannot be opened, is to be told to `show_recognised`.
    """

    chosen = Signal(str, bool)
    recognition_requested = Signal(str)

    def __init__(
        self,
        title: str,
        above: QWidget,
        browsers: tuple[QPushButton, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(520)
        self._problem: str | None = None
        self._source = QLineEdit()
        self._source.setClearButtonEnabled(True)
        self._source.textChanged.connect(self._typed)
        self._download = QCheckBox(self.tr("Download it when it is not on this machine"))
        self._download.toggled.connect(self._judge)
        self._found = QLabel()
        self._found.setWordWrap(True)
        self._found.setProperty("role", "quiet")
        self._found.setAccessibleName(self.tr("What was recognised"))
        self._found.setMinimumHeight(3 * self._found.fontMetrics().lineSpacing())
        self._found.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._open = buttons.button(QDialogButtonBox.StandardButton.Open)
        self._open.setProperty("role", "primary")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_MS)
        self._timer.timeout.connect(self._ask)
        row = QHBoxLayout()
        row.addWidget(self._source, 1)
        for browser in browsers:
            row.addWidget(browser)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(above)
        column.addLayout(row)
        column.addWidget(self._download)
        column.addWidget(self._found)
        column.addWidget(buttons)
        self._judge()
        self._source.setFocus()

    @property
    def source(self) -> str:
        """What is named now."""
        return self._source.text().strip()

    def show_recognised(self, found: RecognisedView | None) -> None:
        """Say what was recognised, if it is what is named now."""
        if found is None or found.source != self.source:
            return
        self._problem = found.problem
        self._found.setText(_sentence(found.problem) or self._facts(found))
        self._judge()

    def accept(self) -> None:
        """Close, and ask for what is named, where it can be opened."""
        if not self._open.isEnabled():
            return
        source, download = self.source, self._download.isChecked()
        super().accept()
        self.chosen.emit(source, download)

    def done(self, result: int) -> None:
        """Close."""
        self._timer.stop()
        super().done(result)

    def _facts(self, found: RecognisedView) -> str:
        return "\n".join(value for _, value in found.lines)

    def _typed(self) -> None:
        self._problem = None
        self._found.setText("")
        self._judge()
        self._timer.start()

    def _judge(self) -> None:
        hub = is_hub_id(self.source)
        self._download.setEnabled(hub)
        self._download.setToolTip(
            self.tr("It may be fetched from the hub")
            if hub
            else self.tr("Only a hub id, owner/name, can be downloaded")
        )
        download = hub and self._download.isChecked()
        self._open.setEnabled(bool(self.source) and (self._problem == "" or download))
        reason = _sentence(self._problem or "") or self.tr("Name something that can be opened")
        self._open.setToolTip("" if self._open.isEnabled() else reason)

    def _ask(self) -> None:
        if self.source:
            self.recognition_requested.emit(self.source)


def _sentence(problem: str) -> str:
    """Return a problem with a capital, but for a path or a hub id at its start."""
    begins_with_a_word = bool(problem) and problem.split()[0].isalpha()
    return problem[0].upper() + problem[1:] if begins_with_a_word else problem
