"""The real window in a benchmark: waiting for it, and closing it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent

from ui.main_window import MainWindow


def wait(until: Callable[[], bool], timeout_s: float = 300.0) -> None:
    """Let the window work until something holds.

    Raises
    ------
    TimeoutError
        If that takes longer.
    """
    end = time.perf_counter() + timeout_s
    while not until():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not get there")
        QCoreApplication.processEvents()
        time.sleep(0.0005)


def close(window: MainWindow) -> None:
    """Close the window and let go of it."""
    window.close()
    assert window.worker_stopped
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
