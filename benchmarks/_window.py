"""The real window in a benchmark: waiting for it, and closing it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent

from ui.window.main_window import MainWindow

_NOTHING_MS = 0.2


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


def rest(seconds: float) -> float:
    """Let the event loop go on for a while; return the milliseconds that it was busy.

    The loop spins: a core that sleeps wakes with cold caches, on some machines far slower.
    """
    end, busy = time.perf_counter() + seconds, 0.0
    while (began := time.perf_counter()) < end:
        QCoreApplication.processEvents()
        taken = (time.perf_counter() - began) * 1000
        busy += taken if taken > _NOTHING_MS else 0.0
    return busy


def close(window: MainWindow) -> None:
    """Close the window and let go of it."""
    window.close()
    assert window.worker_stopped
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
