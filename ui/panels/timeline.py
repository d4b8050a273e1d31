"""The timeline: transport buttons, the chosen step in words, the legend and the track."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.plots.legend import Legend
from ui.plots.track import Track
from ui.plots.transport_button import Sign, TransportButton
from ui.view import numbers
from ui.view.view_state import TimelineView

_NARROW = 860
# Beside all buttons, those of a range too, there is room for the legend from here on.
_LEGEND_BESIDE = 1100
# With a range chosen, there is no room left for how it is played.
_TIGHT = 480
RATES = (2.0, 4.0, 8.0, 15.0, 30.0)


class TimelinePanel(QWidget):
    """Draws a `TimelineView`.

    Signals
    -------
    step_chosen(int)
        By the track, a button, wheel or key; moves that pile up come as one.
    play_toggled()
        Play or pause.
    repeat_chosen(str)
        "loop", "ping-pong" or "once".
    rate_chosen(float)
        Steps per second.
    window_chosen(int, int), window_cleared()
        The range of steps that playing stays in.
    average_chosen(bool)
        Show the average of each map over that range, or one step.
    """

    step_chosen = Signal(int)
    play_toggled = Signal()
    repeat_chosen = Signal(str)
    rate_chosen = Signal(float)
    window_chosen = Signal(int, int)
    window_cleared = Signal()
    average_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: TimelineView | None = None
        self._narrow = self._tight = False
        self._below: bool | None = None
        self.first = TransportButton(Sign.FIRST, self.tr("First step (Home)"), self)
        self.back = TransportButton(Sign.BACK, self.tr("One step back (Left)"), self)
        self.play = TransportButton(Sign.PLAY, self.tr("Play (P)"), self)
        self.forward = TransportButton(Sign.FORWARD, self.tr("One step on (Right)"), self)
        self.last = TransportButton(Sign.LAST, self.tr("Last step (End)"), self)
        self.readout = QLabel(self)
        self.repeat = QComboBox(self)
        self.rate = QComboBox(self)
        self.average = QToolButton(self)
        self.clear = QToolButton(self)
        self.legend = Legend(self)
        self.track = Track(self)
        self._arrange()
        self._fit_readout()
        self._connect()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_view(TimelineView())

    def show_view(self, view: TimelineView) -> None:
        """Draw `view`; what is the same as before costs nothing."""
        before = self._view
        if view is before:
            return
        self._view = view
        self.track.show_view(view)
        if before is None or len(view.log_snr) != len(before.log_snr):
            self._fit_readout()
        if before is None or view.curves is not before.curves or view.step != before.step:
            self.legend.show_view(view)
        self._show_words(view)
        if before is None or view.playing != before.playing:
            self.play.set_sign(
                Sign.PAUSE if view.playing else Sign.PLAY,
                self.tr("Pause (P)") if view.playing else self.tr("Play (P)"),
            )
        self._disable_buttons(view)
        if before is None or (view.repeat, view.rate) != (before.repeat, before.rate):
            self.repeat.setCurrentIndex(self.repeat.findData(view.repeat))
            self.rate.setCurrentIndex(self.rate.findData(view.rate))
        self._show_range(view)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(800, 168 + self._legend_line())

    def minimumSizeHint(self) -> QSize:
        """One line and a track without thumbnails."""
        return QSize(520, 112 + self._legend_line())

    def _legend_line(self) -> int:
        return self.legend.height() if self._below else 0

    def _arrange(self) -> None:
        for name, words in (
            ("loop", self.tr("Loop")),
            ("ping-pong", self.tr("Ping-pong")),
            ("once", self.tr("Once")),
        ):
            self.repeat.addItem(words, name)
        self.repeat.setToolTip(self.tr("What playing does at the end of the steps."))
        self.repeat.setAccessibleName(self.tr("Repeat"))
        for rate in RATES:
            self.rate.addItem(self.tr("{0} /s").format(numbers.short(rate, 1)), rate)
        self.repeat.setFixedHeight(26)
        self.rate.setFixedHeight(26)
        self.rate.setToolTip(self.tr("How many steps are played in a second."))
        self.rate.setAccessibleName(self.tr("Rate"))
        self.average.setCheckable(True)
        self.average.setAccessibleName(self.tr("Show the mean of the range"))
        self.average.setAutoRaise(True)
        self.average.setToolTip(
            self.tr("Show the average of each map over the range; missing steps are computed.")
        )
        self.clear.setAutoRaise(True)
        self.clear.setText("×")
        self.clear.setToolTip(self.tr("Give up the range: play all steps (Shift+double-click)."))
        self.clear.setAccessibleName(self.tr("Give up the range"))
        row = QHBoxLayout()
        row.setSpacing(2)
        for button in (self.first, self.back, self.play, self.forward, self.last):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.repeat)
        row.addSpacing(4)
        row.addWidget(self.rate)
        row.addSpacing(12)
        row.addWidget(self.readout)
        row.addSpacing(8)
        row.addWidget(self.average)
        row.addWidget(self.clear)
        row.addSpacing(8)
        row.addStretch(1)
        self._row = row
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 4, 8, 4)
        self._column.setSpacing(0)
        self._column.addLayout(row)
        self._column.addSpacing(4)
        self._column.addWidget(self.track, 1)
        self._place_legend(below=True)

    def _place_legend(self, *, below: bool) -> None:
        if below == self._below:
            return
        self._below = below
        self.legend.set_alone(below)
        self._column.removeWidget(self.legend)
        self._row.removeWidget(self.legend)
        if below:
            self._column.insertWidget(1, self.legend)
        else:
            self._row.insertWidget(self._row.count() - 1, self.legend, 1)
        self.updateGeometry()

    def _connect(self) -> None:
        self.track.step_chosen.connect(self.step_chosen)
        self.track.window_chosen.connect(self.window_chosen)
        self.track.window_cleared.connect(self.window_cleared)
        self.average.clicked.connect(self.average_chosen)
        self.clear.clicked.connect(self.window_cleared)
        self.first.clicked.connect(lambda: self.track.choose(0))
        self.back.clicked.connect(lambda: self._by(-1))
        self.play.clicked.connect(self.play_toggled)
        self.forward.clicked.connect(lambda: self._by(1))
        self.last.clicked.connect(self._to_last)
        self.repeat.activated.connect(
            lambda index: self.repeat_chosen.emit(str(self.repeat.itemData(index)))
        )
        self.rate.activated.connect(
            lambda index: self.rate_chosen.emit(float(self.rate.itemData(index)))
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the legend a line of its own, and give up the logSNR in words: the axis has it."""
        self._place_legend(below=self.width() < _LEGEND_BESIDE)
        narrow, tight = self.width() < _NARROW, self.width() < _TIGHT
        if (narrow, tight) != (self._narrow, self._tight):
            self._narrow, self._tight = narrow, tight
            self._fit_readout()
            if self._view is not None:
                self._show_words(self._view)
                self._show_range(self._view)

    def changeEvent(self, event: QEvent) -> None:
        """Give the words the room of another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_readout()

    def _fit_readout(self) -> None:
        # As wide as it may get, so that nothing moves while the hand scrubs.
        count = len(self._view.log_snr) if self._view is not None else 0
        most = "8" * max(2, len(str(count)))
        widest = self.tr("step {0} of {1}").format(most, most)
        if not self._narrow:
            widest += self.tr(" · logSNR {0}").format("−9.99")
        # A size that is fixed lets the words change without a new layout of the window.
        wide = max(map(self.fontMetrics().horizontalAdvance, (widest, self.tr("no steps yet"))))
        self.readout.setFixedSize(wide, self.fontMetrics().height() + 2)

    def _disable_buttons(self, view: TimelineView) -> None:
        least = most = alone = ""
        if not view.reached:
            least = most = alone = self.tr("Nothing was sampled yet.")
        else:
            if view.step <= 0:
                least = self.tr("This is the first step.")
            if view.step >= view.reached - 1:
                most = self.tr("This is the newest step.")
            if view.reached == 1:
                alone = self.tr("There is one step only.")
        for button, reason in (
            (self.first, least),
            (self.back, least),
            (self.play, alone),
            (self.forward, most),
            (self.last, most),
        ):
            button.disable(reason)

    def _show_range(self, view: TimelineView) -> None:
        there = view.window is not None
        self.average.setVisible(there)
        self.clear.setVisible(there)
        for choice in (self.repeat, self.rate):
            choice.setVisible(not (there and self._tight))
        self.average.setChecked(view.average)
        if view.window is not None:
            first, last = view.window
            words = self.tr("Average {0}–{1}").format(first, last)
            short = self.tr("Mean {0}–{1}").format(first, last)
            self.average.setText(short if self._tight else words)
            self.average.setAccessibleName(words)

    def _by(self, steps: int) -> None:
        if self._view is not None:
            self.track.choose(self._view.step + steps)

    def _to_last(self) -> None:
        if self._view is not None:
            self.track.choose(self._view.reached - 1)

    def _show_words(self, view: TimelineView) -> None:
        count = len(view.log_snr)
        if not count or not view.reached:
            words = self.tr("no steps yet")
        else:
            words = self.tr("step {0} of {1}").format(view.step, count)
            log_snr = float(view.log_snr[view.step]) if 0 <= view.step < count else math.nan
            if math.isfinite(log_snr) and not self._narrow:
                words += self.tr(" · logSNR {0}").format(numbers.short(log_snr, 2))
        if words != self.readout.text():
            self.readout.setText(words)
            self.track.setAccessibleDescription(words)
