"""The bottom line: device, memory, the job with its progress and time left, a message."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from ui.language.translation import tr
from ui.view.view_state import StatusView

_BAR_STEPS = 1000


class StatusLine(QStatusBar):
    """Shows a `StatusView`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setAccessibleName(self.tr("Status"))
        self._view: StatusView | None = None
        self._message = self._label(self.tr("Message"))
        self._activity = self._label(self.tr("What runs now"))
        self._left = self._label(self.tr("Time left"))
        self._device = self._label(self.tr("Device and precision"))
        self._memory = self._label(self.tr("Memory in use"))
        self._bar = QProgressBar()
        self._bar.setRange(0, _BAR_STEPS)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setToolTip(self.tr("Network calls made of those expected"))
        self.addWidget(self._message, 1)
        for widget in (self._activity, self._bar, self._left, self._device, self._memory):
            self.addPermanentWidget(widget)
        self.setContentsMargins(8, 2, 8, 2)

    def show_view(self, view: StatusView) -> None:
        """Show `view`."""
        if view == self._view:
            return
        self._view = view
        busy = bool(view.activity)
        self._message.setText(view.message)
        self._device.setText(view.device)
        self._memory.setText(view.memory)
        activity = tr(view.activity) if busy else ""
        self._activity.setText(activity[:1].upper() + activity[1:])
        self._bar.setVisible(busy)
        self._bar.setValue(round(view.fraction * _BAR_STEPS))
        self._left.setText(self._time_left(view.seconds_left) if busy else "")

    def _time_left(self, seconds: float | None) -> str:
        if seconds is None:
            return ""
        if seconds < 1:
            return self.tr("under 1 s left")
        if seconds < 90:
            return self.tr("{n} s left").format(n=round(seconds))
        return self.tr("{n} min left").format(n=round(seconds / 60))

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setProperty("role", "quiet")
        label.setAccessibleName(name)
        label.setToolTip(name)
        return label
