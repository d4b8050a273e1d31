"""The menu of sessions and models opened last."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from memlens.models.sources import DEMO
from ui.state.settings import Settings


class RecentMenu(QMenu):
    """Filled anew whenever it is opened.

    Parameters
    ----------
    settings
        Returns what is kept.
    open_session, open_model
        Called with what was chosen.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        open_session: Callable[[Path], object],
        open_model: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Open &recent"))
        self.setAccessibleName(self.tr("Open recent"))
        self.setToolTipsVisible(True)
        self._settings = settings
        self._open_session = open_session
        self._open_model = open_model
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Show what is recent now; what is gone is disabled and says so."""
        self.clear()
        kept = self._settings()
        self.addSection(self.tr("Sessions"))
        for path in kept.recent_sessions:
            self._add(Path(path).name, path, partial(self._open_session, Path(path)))
        self.addSection(self.tr("Models"))
        for source in kept.recent_models:
            label = self.tr("Demo") if source == DEMO else Path(source).name
            self._add(label, source, partial(self._open_model, source))
        if not kept.recent_sessions and not kept.recent_models:
            nothing = self.addAction(self.tr("Nothing yet"))
            nothing.setEnabled(False)
            nothing.setToolTip(self.tr("Sessions and models appear here once they were opened"))

    def _add(self, label: str, source: str, choose: Callable[[], object]) -> None:
        action = self.addAction(label.replace("&", "&&"))
        action.setToolTip(source)
        action.triggered.connect(lambda _=False: choose())
        is_path = Path(source).is_absolute()
        if is_path and not Path(source).exists():
            action.setEnabled(False)
            action.setToolTip(self.tr("{path} is not there any more").format(path=source))
