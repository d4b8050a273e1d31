"""The question before the window closes with edits that are not saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.keeping import Keeping
from ui.results import Run


class UnsavedQuestion:
    """Asks Save, Discard or Cancel, without holding up the window.

    Parameters
    ----------
    window
        Closed again once the answer allows it.
    keeping
        Knows what is not saved.
    show
        Shows the run of a number, so that it is seen what is asked about.
    save
        Saves the shown run, asking for a path where there is none.
    """

    def __init__(
        self,
        window: QWidget,
        keeping: Keeping,
        show: Callable[[int], None],
        save: Callable[[], None],
    ) -> None:
        self._window = window
        self._keeping = keeping
        self._show = show
        self._save = save
        self.box: QMessageBox | None = None

    def may_close(self) -> bool:
        """Whether nothing would be lost; if something would, ask about one run."""
        run = self._keeping.next_unsaved
        if run is None:
            return True
        if self.box is None:
            self._show(run.number)
            self._ask(run)
        return False

    def _ask(self, run: Run) -> None:
        tr = self._window.tr
        name = tr("“{prompt}”, seed {seed}").format(prompt=run.prompt[:60], seed=run.seed)
        if run.session_path is not None:
            name = run.session_path.name
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("memlens")
        box.setTextFormat(Qt.TextFormat.PlainText)
        question = tr("Save the masks of {name} before closing?").format(name=name)
        box.setText(question)
        box.setAccessibleName(question)
        box.setInformativeText(tr("They were edited since they were saved."))
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        box.setEscapeButton(button.Cancel)
        box.finished.connect(self._answered)
        self.box = box
        box.open()

    def _answered(self, answer: int) -> None:
        box, self.box = self.box, None
        if box is not None:
            box.deleteLater()
        if answer == QMessageBox.StandardButton.Discard:
            self._keeping.discard_shown()
            self._window.close()
        elif answer == QMessageBox.StandardButton.Save:
            self._keeping.when_saved(self._close_later)
            self._save()

    def _close_later(self) -> None:
        # Not from within the report that is being received.
        QTimer.singleShot(0, self._window, self._window.close)
