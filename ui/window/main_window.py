"""The window: puts the panels together, hands requests on, shows views."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ui.actions.registry import MENUS, THEMES, Actions
from ui.control.inspection import Inspection
from ui.jobs.runner import JobRunner
from ui.look.theme import Theme
from ui.panels.canvas import CanvasPanel
from ui.panels.inspect import FOLDED_AT_FIRST, InspectPanel
from ui.panels.readings import ReadingsSection
from ui.panels.run_strip import RunStrip
from ui.panels.setup import SetupPanel
from ui.panels.timeline import TimelinePanel
from ui.state.settings import Settings, save_settings
from ui.tools.toolbox import Toolbox
from ui.view.view_state import CanvasView, WindowView
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.drawing import Drawing
from ui.widgets.unfocused_wheel import UnfocusedWheel
from ui.window.action_handlers import ActionHandlers
from ui.window.banner import Banner
from ui.window.baseline_menu import BaselineMenu
from ui.window.columns import ColumnWidths, add_column
from ui.window.dropped_paths import dropped_paths
from ui.window.keyboard import belongs_to_widget
from ui.window.mask_handlers import MaskHandlers
from ui.window.menus import fill_menu
from ui.window.recent_menu import RecentMenu
from ui.window.status_line import StatusLine
from ui.window.toolbar import Toolbar
from ui.window.unsaved_question import UnsavedQuestion

REST_MS = 300
_PLAY_TICK_MS = 16
_MEMORY_MS = 2000
_STATE_VERSION = 1
_SMALLEST = QSize(1024, 600)


class MainWindow(QMainWindow):
    """The application's one window.

    Parameters
    ----------
    runner
        Runs the jobs; the window ends it when it closes.
    settings, settings_path
        What was kept of the last time, and where to keep it.
    theme
        Applied already.
    """

    _journal_lost = Signal(object, str)

    def __init__(
        self, runner: JobRunner, settings: Settings, settings_path: Path, theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("memlens")
        self.setMinimumSize(_SMALLEST)
        self.setAcceptDrops(True)
        self._runner = runner
        self._settings_path = settings_path
        self._theme = theme
        self._rest_state: object = None
        self.worker_stopped = True
        self._build_panels()
        self.inspection = control = Inspection(runner, self, settings)
        self._journal_lost.connect(
            control.keeping.journal_failed, Qt.ConnectionType.QueuedConnection
        )
        runner.reported.connect(lambda reports: control.receive(*reports))
        self.masks = MaskHandlers(self, control.masks, self.toolbox)
        self._requests = ActionHandlers(self, control, theme, self.setup)
        self._unsaved = UnsavedQuestion(self, control.keeping, self._requests.save_session)
        self.actions_ = Actions(self, {**self._requests.handlers(), **self.masks.handlers()})
        self.masks.build(self.actions_, self.inspect, self.canvas)
        self._arrange_panels()
        self._wheel = UnfocusedWheel(self)
        for column in (self.setup, self.inspect, self.timeline):
            self._wheel.guard(column)
        self._build_menus()
        self._build_toolbar()
        self._connect()
        self._timers()
        theme.changed.connect(self._tint)
        self._tint()
        self._restore()
        self.show_view(self.inspection.view())

    def hand_for(self, masks: Drawing) -> Toolbox:
        """Return the tools that draw on these masks."""
        self.toolbox = Toolbox(masks, self.canvas.set_tool)
        return self.toolbox

    def ask_first(self, then: Callable[[], None]) -> None:
        """Call `then` once the person has said what becomes of unsaved work."""
        self._unsaved.before_opening(then)

    def journal_failed(self, journal: Path, reason: str) -> None:
        """Hand on to the thread of the window that edits of masks are not kept."""
        self._journal_lost.emit(journal, reason)

    def show_masks(self, canvas: CanvasView) -> None:
        """Show the panels while masks change under the hand."""
        self.canvas.show_view(canvas)

    def show_view(self, view: WindowView) -> None:
        """Show all of `view`; every part skips what it shows already."""
        self.setup.show_view(view.setup)
        self.run_strip.show_view(view.runs)
        self.canvas.show_view(view.canvas)
        self.timeline.show_view(view.timeline)
        self.inspect.show_view(view.inspect, view.canvas)
        self.readings.show_view(view.readings)
        self.masks.show_view(view.masks)
        self.status.show_view(view.status)
        self.banner.show_view(view.banner)
        self.actions_.disable(view.disabled)
        self.actions_[ActionKey.TOGGLE_OUTLINE].setChecked(view.canvas.outline)
        pinned = any(run.pinned for run in view.runs.runs if run.number == view.runs.shown)
        self.actions_[ActionKey.PIN_RUN].setChecked(pinned)
        undo = view.runs.undo
        self.actions_.name_step(ActionKey.UNDO_RUN_EDIT, undo.rstrip("."))
        self.setup.show_busy(
            ActionKey.CANCEL not in view.disabled, view.disabled.get(ActionKey.CANCEL, "")
        )
        self._requests.show_answers(view)
        if self.windowTitle() != view.title:
            self.setWindowTitle(view.title)
        self._watch_rest(view)
        self._watch_playing(view.timeline.playing)
        self.masks.show_tool(view.masks)

    @property
    def idle(self) -> bool:
        """Whether no job runs or waits."""
        return self._runner.idle

    def start(self, path: Path | None, demo_session: Path) -> None:
        """Open what was asked for; called once the window is drawn."""
        self._memory_timer.start()
        self.canvas.focus_active()
        self.inspection.start(path, demo_session)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that lie on this machine."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        event.acceptProposedAction()
        self.inspection.opening.open_paths(dropped_paths(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what is not saved; then end the worker, keep settings and layout."""
        self.masks.finish()
        if not self._unsaved.may_close():
            event.ignore()
            return
        for timer in (self._rest_timer, self._play_timer, self._memory_timer):
            timer.stop()
        self.masks.stop()
        self.worker_stopped = self._runner.shutdown()
        self.inspection.keeping.close()
        try:
            save_settings(self.inspection.settings, self._settings_path)
        except OSError:
            pass  # a full disk must not keep the window open
        kept = QSettings()
        kept.setValue("geometry", self.saveGeometry())
        kept.setValue("state", self.saveState(_STATE_VERSION))
        kept.setValue("canvas", self._splitter.saveState())
        kept.setValue("folded", self.inspect.folded_sections())
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Leave arrow keys to the slider, list or number that has the focus."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if belongs_to_widget(event, self.focusWidget()):
                event.accept()
                return True
        if event.type() is QEvent.Type.WindowDeactivate:
            self.inspection.looks.hold_bare_picture(False)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the bare picture while Space is held anywhere that has no use for it."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.inspection.looks.hold_bare_picture(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Show the maps again."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.inspection.looks.hold_bare_picture(False)
        else:
            super().keyReleaseEvent(event)

    def _build_panels(self) -> None:
        self.banner = Banner()
        self.setup = SetupPanel()
        self.run_strip = RunStrip()
        self.canvas = CanvasPanel()
        self.timeline = TimelinePanel()
        self.inspect = InspectPanel()
        self.inspect.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.readings = ReadingsSection()
        self.inspect.insert_section(self.tr("Readings"), self.readings, key="readings", before="")
        self.status = StatusLine()
        self.setStatusBar(self.status)

    def _arrange_panels(self) -> None:
        run_actions = (ActionKey.RENAME_RUN, ActionKey.PIN_RUN, ActionKey.DELETE_RUN)
        self.run_strip.offer(*(self.actions_[key] for key in run_actions))
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setObjectName("canvas and timeline")
        self._splitter.setChildrenCollapsible(False)
        around = QWidget()
        margins = QVBoxLayout(around)
        margins.setContentsMargins(8, 4, 8, 4)
        margins.addWidget(self.canvas)
        self._splitter.addWidget(around)
        self._splitter.addWidget(self.timeline)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.run_strip)
        column.addWidget(self._splitter, 1)
        self.setCentralWidget(middle)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        add_column(self, left, self.setup, "setup", self.tr("Setup"))
        add_column(self, right, self.inspect, "inspect", self.tr("Inspect"))
        self._columns = ColumnWidths(self)
        for first, second in (
            (self.setup, self.canvas),
            (self.canvas, self.timeline),
            (self.timeline, self.inspect),
        ):
            QWidget.setTabOrder(first, second)

    def _build_menus(self) -> None:
        control = self.inspection
        self._recent = RecentMenu(
            lambda: control.settings, control.open_session, control.open_model, self
        )
        for name in MENUS:
            menu = self.menuBar().addMenu(self.tr(name))
            fill_menu(menu, name, self.actions_, {ActionKey.OPEN_SESSION: self._recent})
        for key in ActionKey:
            self.addAction(self.actions_[key])

    def _build_toolbar(self) -> None:
        self._toolbar = Toolbar(self.actions_, self)
        control = self.inspection
        baselines = BaselineMenu(
            lambda: control.view().setup,
            control.choose_baseline,
            self._requests.open_baseline_by,
            self,
        )
        self._toolbar.give_menu(ActionKey.OPEN_BASELINE, baselines)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self._toolbar)

    def _connect(self) -> None:
        control, ask = self.inspection, self._requests
        self.setup.model_requested.connect(ask.open_model)
        self.setup.baseline_chosen.connect(control.choose_baseline)
        self.setup.baseline_requested.connect(ask.open_baseline_by)
        self.setup.noise.noise_chosen.connect(control.set_noise)
        self.setup.noise.file_requested.connect(ask.choose_noise_file)
        self.setup.machine.device_chosen.connect(control.opening.choose_device)
        self.setup.machine.dtype_chosen.connect(control.opening.choose_dtype)
        self.setup.prompt_changed.connect(control.set_prompt)
        self.setup.seeds_changed.connect(control.runs.choose_seeds)
        self.setup.new_seed_requested.connect(ask.new_seed)
        self.setup.steps_changed.connect(control.set_steps)
        self.setup.guidance_scale_changed.connect(control.set_guidance_scale)
        self.setup.estimator_chosen.connect(control.set_estimator)
        self.setup.probes_changed.connect(control.set_probes)
        self.setup.prefetch_chosen.connect(control.runs.choose_prefetch)
        self.setup.run_requested.connect(self.actions_[ActionKey.RUN].trigger)
        self.setup.cancel_requested.connect(control.cancel)
        self.run_strip.run_chosen.connect(control.runs.choose_run)
        self.run_strip.queued_cancelled.connect(control.run_list.cancel_queued)
        self.canvas.panel_activated.connect(control.looks.activate_panel)
        self.canvas.content_chosen.connect(control.looks.choose_content)
        self.canvas.bare_picture_held.connect(control.looks.hold_bare_picture)
        self.canvas.panels_swapped.connect(control.looks.swap_panels)
        self.canvas.compare_chosen.connect(control.looks.choose_compare)
        self.timeline.step_chosen.connect(control.steps.choose_step)
        self.timeline.play_toggled.connect(control.steps.toggle_play)
        self.timeline.repeat_chosen.connect(control.steps.choose_repeat)
        self.timeline.rate_chosen.connect(control.steps.choose_rate)
        self.timeline.window_chosen.connect(control.steps.choose_window)
        self.timeline.window_cleared.connect(control.steps.clear_window)
        self.timeline.average_chosen.connect(control.steps.choose_average)
        self.inspect.display_chosen.connect(control.looks.choose)
        self.readings.compute_requested.connect(control.readings.compute)
        self.banner.dismissed.connect(control.dismiss_banner)
        self.banner.way_on_chosen.connect(self.actions_.trigger)

    def _timers(self) -> None:
        self._rest_timer = QTimer(self)
        self._rest_timer.setObjectName("rest")
        self._rest_timer.setSingleShot(True)
        self._rest_timer.setInterval(REST_MS)
        self._rest_timer.timeout.connect(self.inspection.rested)
        self._play_timer = QTimer(self)
        self._play_timer.setObjectName("play")
        self._play_timer.setInterval(_PLAY_TICK_MS)
        self._play_timer.timeout.connect(self.inspection.steps.tick)
        self._memory_timer = QTimer(self)
        self._memory_timer.setInterval(_MEMORY_MS)
        self._memory_timer.timeout.connect(self._requests.note_memory)

    def _watch_rest(self, view: WindowView) -> None:
        state = (
            view.runs.shown,
            view.timeline.step,
            view.timeline.window if view.timeline.average else None,
            tuple(panel.content for panel in view.canvas.panels),
            view.setup.estimator,
            view.setup.probes,
        )
        if state != self._rest_state:
            self._rest_state = state
            self._rest_timer.start()

    def _watch_playing(self, playing: bool) -> None:
        if playing != self._play_timer.isActive():
            if playing:
                self._play_timer.start()
            else:
                self._play_timer.stop()

    def _tint(self) -> None:
        palette = QApplication.palette()
        self.actions_.tint(palette)
        self._toolbar.tint(palette)
        self.setup.tint()
        self.masks.tint()
        self.banner.tint()
        for key, theme in THEMES.items():
            self.actions_[key].setChecked(self._theme.chosen == theme)

    def _restore(self) -> None:
        kept = QSettings()
        for name, restore in (
            ("geometry", self.restoreGeometry),
            ("state", lambda state: self.restoreState(state, _STATE_VERSION)),
            ("canvas", self._splitter.restoreState),
        ):
            value = kept.value(name)
            if isinstance(value, QByteArray):
                restore(value)
            elif name == "geometry":
                self._first_size()
        if kept.contains("state"):
            self._columns.note_restored()
        folded = kept.value("folded") if kept.contains("folded") else list(FOLDED_AT_FIRST)
        # QSettings gives a list of one back as a string, and an empty one as None.
        self.inspect.fold_sections([folded] if isinstance(folded, str) else folded or [])

    def _first_size(self) -> None:
        screen = self.screen().availableGeometry()
        self.resize(min(1440, screen.width() - 48), min(900, screen.height() - 64))
