"""The menu of baselines: what can be subtracted, and why the rest cannot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from ui.view.setup import OTHERS
from ui.view.view_state import SetupView


class BaselineMenu(QMenu):
    """Filled anew whenever it is opened.

    Parameters
    ----------
    setup
        Returns what can be chosen now.
    choose
        Called with the key of a baseline.
    ask
        Called to open another one, with one of `OTHERS`.
    """

    def __init__(
        self,
        setup: Callable[[], SetupView],
        choose: Callable[[str], object],
        ask: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Less-trained baseline"))
        self.setAccessibleName(self.tr("Less-trained baseline"))
        self.setToolTipsVisible(True)
        self._setup = setup
        self._choose = choose
        self._ask = ask
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Show what there is now; what does not fit is disabled and says why."""
        self.clear()
        view = self._setup()
        one_of = QActionGroup(self)
        for key, label, reason in view.baselines:
            if key == OTHERS[0]:
                self.addSeparator()
            action = self.addAction(label.replace("&", "&&"))
            if key in OTHERS:
                action.triggered.connect(partial(self._open, key))
            else:
                one_of.addAction(action)
                action.setCheckable(True)
                action.setChecked(key == view.baseline)
                action.triggered.connect(partial(self._take, key))
            action.setEnabled(not reason)
            action.setToolTip(reason)

    def _take(self, key: str, _checked: bool = False) -> None:
        self._choose(key)

    def _open(self, key: str, _checked: bool = False) -> None:
        self._ask(key)
