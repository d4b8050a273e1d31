"""The question before the window closes, or opens another session, with unsaved work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.control.masks.unsaved import UnsavedWork
from ui.state.unsaved import Unsaved


class UnsavedQuestion:
    """Asks Save, Discard or Cancel about all runs at once, without holding up the window.

    Parameters
    ----------
    window
        Closed again once the answer allows it.
    keeping
        Knows what is not saved.
    save
        Saves all runs, asking for a path where there is none.
    """

    def __init__(self, window: QWidget, keeping: UnsavedWork, save: Callable[[], None]) -> None:
        self._window = window
        self._keeping = keeping
        self._save = save
        self._then: Callable[[], object] = window.close
        self._closing = True
        self.box: QMessageBox | None = None

    def may_close(self) -> bool:
        """Whether nothing would be lost; if something would, ask."""
        if not self._keeping.unsaved:
            return True
        if self.box is None:
            self._ask(self._window.tr("Save {what} before closing?"), self._window.close, True)
        return False

    def before_opening(self, then: Callable[[], None]) -> None:
        """Do something that replaces all runs, now or once the answer allows it."""
        self._keeping.give_up_when_opened(False)
        if not self._keeping.unsaved:
            then()
        elif self.box is None:
            self._ask(self._window.tr("Save {what} before another session opens?"), then, False)

    def _ask(self, question: str, then: Callable[[], object], closing: bool) -> None:
        self._then, self._closing = then, closing
        unsaved = self._keeping.unsaved
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("memlens")
        box.setTextFormat(Qt.TextFormat.PlainText)
        question = question.format(what=self._what(unsaved))
        box.setText(question)
        box.setAccessibleName(question)
        box.setInformativeText(" ".join(self._why(unsaved)))
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        box.setEscapeButton(button.Cancel)
        box.finished.connect(self._answered)
        self.box = box
        box.open()

    def _what(self, unsaved: Unsaved) -> str:
        count = unsaved.never_saved + unsaved.edited + unsaved.sampled
        if count == 0:
            return self._window.tr("the changed list of runs")
        if count == 1:
            return self._window.tr("1 run")
        return self._window.tr("{n} runs").format(n=count)

    def _why(self, unsaved: Unsaved) -> list[str]:
        tr = self._window.tr
        said = []
        if unsaved.never_saved:
            never = tr("Never saved: {n}.")
            said.append(never.format(n=unsaved.never_saved))
        if unsaved.sampled:
            said.append(tr("One is being sampled: Save keeps it as far as it has come."))
        if unsaved.waiting:
            said.append(tr("Waiting to be sampled, and dropped: {n}.").format(n=unsaved.waiting))
        if unsaved.edited:
            said.append(tr("Masks edited since they were saved: {n}.").format(n=unsaved.edited))
        if unsaved.reordered:
            said.append(tr("Runs were renamed, pinned, added or deleted."))
        return said

    def _answered(self, answer: int) -> None:
        box, self.box = self.box, None
        if box is not None:
            box.deleteLater()
        if answer == QMessageBox.StandardButton.Discard:
            if self._closing:
                self._keeping.discard_all()
            else:
                self._keeping.give_up_when_opened(True)
            self._then()
        elif answer == QMessageBox.StandardButton.Save:
            self._keeping.stop_sampling(lambda: self._later(self._save_all))

    def _save_all(self) -> None:
        if self._keeping.unsaved:
            self._keeping.when_saved(lambda: self._later(self._then))
            self._save()
        else:
            self._then()

    def _later(self, then: Callable[[], object]) -> None:
        # Not from within the report that is being received.
        QTimer.singleShot(0, self._window, then)
