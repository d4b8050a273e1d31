"""Build the application object and its window, the same way for a screen, a PNG and tests."""

from __future__ import annotations

import sys
from typing import cast

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

import memlens
from ui.jobs.runner import JobRunner, Work
from ui.language.installed import install_language
from ui.look.icons import icon
from ui.look.theme import Theme
from ui.state.settings import load_settings, settings_path
from ui.window.main_window import MainWindow
from ui.worker.engine_worker import EngineWorker


def build_application() -> QApplication:
    """Return the application object, made if there is none yet."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    QCoreApplication.setOrganizationName("memlens")
    QCoreApplication.setApplicationName("memlens")
    QCoreApplication.setApplicationVersion(memlens.__version__)
    install_language()
    return cast("QApplication", application)


def build_window(application: QApplication, work: Work | None = None) -> MainWindow:
    """Return the window, not yet shown.

    Parameters
    ----------
    work
        What the worker thread runs; None for the engine.
    """
    path = settings_path()
    settings, problem = load_settings(path)
    theme = Theme(application)
    theme.choose(settings.theme)
    application.setWindowIcon(icon("memlens", application.palette()))
    window = MainWindow(JobRunner(work or EngineWorker()), settings, path, theme)
    if problem:
        window.inspection.report_problem(problem, severity="warning")
    return window
