"""What the window's actions do: dialogs for what must be asked, then the controller."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from memlens.models.sources import DEMO
from ui.actions.registry import THEMES
from ui.control.demo_session import demo_session_path
from ui.control.inspection import Inspection
from ui.control.path_kind import PICTURE_SUFFIXES
from ui.language.translation import tr
from ui.state.seed_field import MAX_SEED
from ui.view.setup import OTHER_FILE, OTHER_HUB
from ui.view.view_state import WindowView
from ui.vocabulary.action_keys import PANEL_KEYS, ActionKey
from ui.window.about import about_box
from ui.window.export_handlers import ExportHandlers
from ui.window.shortcuts_sheet import ShortcutsSheet

if TYPE_CHECKING:
    from ui.look.theme import Theme
    from ui.panels.baseline_chooser import BaselineChooser
    from ui.panels.model_chooser import ModelChooser

_SUFFIX = ".memlens"


class Fields(Protocol):
    """The fields of the column that says what is run."""

    def take_typed(self) -> None:
        """Take what is typed in a number field that has the focus still."""
        ...

    def focus_prompt(self) -> None:
        """Give the prompt the keyboard."""
        ...


class ActionHandlers:
    """Turns actions into requests to the controller, by way of dialogs where needed.

    Parameters
    ----------
    window
        Over which dialogs open.
    inspection
        The controller.
    theme
        Of the application.
    fields
        What is run.
    """

    def __init__(
        self, window: QWidget, inspection: Inspection, theme: Theme, fields: Fields
    ) -> None:
        self._window = window
        self._inspection = inspection
        self._theme = theme
        self._fields = fields
        self._chooser: ModelChooser | BaselineChooser | None = None
        self._export = ExportHandlers(window, inspection)

    def handlers(self) -> Mapping[ActionKey, Callable[[], object]]:
        """Return what every action of the registry does."""
        control = self._inspection
        key = ActionKey
        handlers: dict[ActionKey, Callable[[], object]] = {
            key.OPEN_MODEL: self.open_model,
            key.OPEN_FOLDER: self.open_folder,
            key.OPEN_DEMO: lambda: control.open_model(DEMO),
            key.OPEN_BASELINE: self.open_baseline,
            key.OPEN_PICTURE: self.open_picture,
            key.OPEN_SESSION: self.open_session,
            key.SAVE_SESSION: self.save_session,
            key.SAVE_SESSION_AS: self.save_session_as,
            key.EXPORT: self._export.ask,
            key.SHOW_EXPORTED: self._export.show_in_folder,
            key.ADD_SESSION: self.add_session,
            key.RESTORE_MASKS: control.keeping.left_behind.restore,
            key.DISCARD_MASKS: control.keeping.left_behind.discard,
            key.QUIT: self._window.close,
            key.RUN: self._run,
            key.CANCEL: control.cancel,
            key.PREVIOUS_RUN: control.runs.previous_run,
            key.NEXT_RUN: control.runs.next_run,
            key.RENAME_RUN: self.rename_run,
            key.PIN_RUN: control.run_list.pin_shown,
            key.DELETE_RUN: control.run_list.delete_shown,
            key.UNDO_RUN_EDIT: control.run_list.undo,
            key.CANCEL_QUEUED: control.run_list.cancel_queued,
            key.REOPEN_MODEL: control.reopen_model,
            key.COMPUTE: self._compute,
            key.RETRY_SMALLER: control.retry_smaller,
            key.RETRY_READING: control.readings.retry,
            key.RETRY_DOWNLOAD: control.retry_with_download,
            key.FIRST_STEP: control.steps.first_step,
            key.PREVIOUS_STEP: lambda: control.steps.step_by(-1),
            key.NEXT_STEP: lambda: control.steps.step_by(1),
            key.LAST_STEP: control.steps.last_step,
            key.BACK_FIVE: lambda: control.steps.step_by(-5),
            key.FORWARD_FIVE: lambda: control.steps.step_by(5),
            key.PLAY: control.steps.toggle_play,
            key.TOGGLE_DIFFERENCE: control.looks.toggle_difference,
            key.BARE_PICTURE: lambda: None,
            key.TOGGLE_STRETCH: control.looks.toggle_stretch,
            key.TOGGLE_OUTLINE: control.looks.toggle_outline,
            key.FOCUS_PROMPT: self._fields.focus_prompt,
            key.SHORTCUTS: self.show_shortcuts,
            key.ABOUT: self.show_about,
        }
        for place, panel in enumerate(PANEL_KEYS):
            handlers[panel] = partial(control.looks.activate_panel, place)
        for action, theme in THEMES.items():
            handlers[action] = partial(self.choose_theme, theme)
        return handlers

    def _run(self) -> None:
        self._fields.take_typed()
        self._inspection.runs.run()

    def _compute(self) -> None:
        self._fields.take_typed()
        self._inspection.compute()

    def open_model(self) -> None:
        """Ask for a model with the chooser."""
        from ui.panels.model_chooser import ModelChooser

        chooser = ModelChooser(self._inspection.settings.recent_models, self._window)
        chooser.recognition_requested.connect(self._inspection.recognise)
        chooser.chosen.connect(self._open_chosen)
        chooser.finished.connect(self._forget_chooser)
        self._chooser = chooser
        chooser.open()

    def open_folder(self) -> None:
        """Ask for a model's folder."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Open model folder"))
        if folder:
            self._inspection.open_model(folder)

    def open_baseline(self) -> None:
        """Ask for a less-trained checkpoint with the chooser."""
        from ui.panels.baseline_chooser import BaselineChooser

        chooser = BaselineChooser(self._window)
        chooser.recognition_requested.connect(
            lambda source: self._inspection.recognise(source, baseline=True)
        )
        chooser.chosen.connect(
            lambda source, download: self._inspection.choose_baseline(source, download=download)
        )
        chooser.finished.connect(self._forget_chooser)
        self._chooser = chooser
        chooser.open()

    def open_baseline_by(self, key: str) -> None:
        """Ask for a less-trained checkpoint: by its hub id, a folder or a file of weights."""
        if key == OTHER_HUB:
            self.open_baseline()
            return
        title = tr("Open a less-trained checkpoint of the same architecture")
        if key == OTHER_FILE:
            weights = tr("Weights (*.safetensors)")
            chosen, _ = QFileDialog.getOpenFileName(self._window, title, "", weights)
        else:
            chosen = QFileDialog.getExistingDirectory(self._window, title)
        if chosen:
            self._inspection.choose_baseline(chosen)

    def choose_noise_file(self) -> None:
        """Ask for a file of the noise that the next run starts from."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr("Noise that the run starts from"), "", tr("Numbers (*.npy)")
        )
        if path:
            self._inspection.set_noise(path)

    def open_picture(self) -> None:
        """Ask for a training picture."""
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open training picture"),
            "",
            tr("Pictures ({patterns})").format(
                patterns=" ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)
            ),
        )
        if path:
            self._inspection.opening.open_picture(Path(path))

    def open_session(self) -> None:
        """Ask for a session."""
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open session"), "", self._filter())
        if path:
            self._inspection.open_session(Path(path))

    def add_session(self) -> None:
        """Ask for a session whose runs are to join those that are there."""
        title = tr("Add runs of a session")
        path, _ = QFileDialog.getOpenFileName(self._window, title, "", self._filter())
        if path:
            self._inspection.open_session(Path(path), add=True)

    def rename_run(self) -> None:
        """Ask what the shown run is to be called."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(tr("Rename run"))
        dialog.setLabelText(tr("Name of the shown run (empty: its seed)"))
        dialog.setTextValue(self._inspection.run_list.shown_name)
        dialog.textValueSelected.connect(self._inspection.run_list.rename_shown)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_session(self) -> None:
        """Save where the runs were saved before, or ask."""
        path, keeping = self._inspection.session_path, self._inspection.keeping
        if path is None or path == demo_session_path() or keeping.read_only:
            self.save_session_as()
        else:
            self._inspection.save_session(path, latents=not keeping.small)

    def save_session_as(self) -> None:
        """Ask where to save."""
        whole, small = self._filter(), self._small_filter()
        path, kind = QFileDialog.getSaveFileName(
            self._window,
            tr("Save session"),
            f"inspection{_SUFFIX}",
            f"{whole};;{small}",
            small if self._inspection.keeping.small else whole,
        )
        if path:
            chosen = Path(path)
            self._inspection.save_session(
                chosen if chosen.suffix else chosen.with_suffix(_SUFFIX), latents=kind != small
            )

    def new_seed(self) -> None:
        """Take a random seed."""
        self._inspection.set_seed(random.randrange(MAX_SEED))

    def choose_theme(self, theme: str) -> None:
        """Apply and remember a theme."""
        self._inspection.choose_theme(theme)
        self._theme.choose(theme)

    def show_shortcuts(self) -> None:
        """Show the sheet of all shortcuts."""
        sheet = ShortcutsSheet(self._window)
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()

    def show_about(self) -> None:
        """Show versions and credits."""
        box = about_box(self._window, self._inspection.view().status.device)
        box.finished.connect(box.deleteLater)
        box.open()

    def show_answers(self, view: WindowView) -> None:
        """Tell the open dialog what it asked for."""
        if self._chooser is not None:
            self._chooser.show_recognised(view.recognised)
        self._export.show_preview(view.preview)

    def note_memory(self) -> None:
        """Show the memory in use."""
        import psutil

        used = psutil.Process().memory_info().rss / 2**30
        self._inspection.note_memory(tr("{used:.1f} GB").format(used=used))

    def _open_chosen(self, source: str, download: bool) -> None:
        self._inspection.open_model(source, download=download)

    def _forget_chooser(self) -> None:
        if self._chooser is not None:
            self._chooser.deleteLater()
            self._chooser = None

    def _filter(self) -> str:
        return tr("memlens sessions (*.memlens)")

    def _small_filter(self) -> str:
        return tr("memlens sessions without trajectory, much smaller (*.memlens)")
