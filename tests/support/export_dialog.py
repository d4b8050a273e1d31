"""The export dialog of a window, and what the banner says when the files are written."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS
from tests.support.widgets import named, open_dialog
from ui.panels.export_dialog import ExportDialog
from ui.window.main_window import MainWindow


def dialog_of(window: MainWindow) -> ExportDialog:
    window.actions_.trigger("export")
    return open_dialog(window, ExportDialog)


def export_button(dialog: ExportDialog) -> QPushButton:
    return named(dialog, QPushButton, dialog.tr("Export …"))


def done(window: MainWindow, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    banner = window.inspection.view().banner
    assert banner is not None and banner.severity == "notice", banner
    return banner.sentence
