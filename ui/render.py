"""Render the window offscreen to a PNG, for machines without a display."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

_LONGEST_WAIT_S = 120.0


def explain_and_render(path: Path | None) -> int:
    """Say that there is no display, and render the window instead.

    Returns
    -------
    int
        0.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    folder = Path(tempfile.mkdtemp(prefix="memlens-"))
    picture = render(folder / "memlens.png", opened=path)
    sys.stdout.write(
        "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the window "
        f"was rendered to\n{picture}\n"
        "To use it, start memlens on a desktop, or under a virtual one: xvfb-run memlens\n"
    )
    return 0


def render(
    target: Path, *, opened: Path | None = None, size: tuple[int, int] = (1440, 900)
) -> Path:
    """Open the window offscreen, wait until its jobs are done, and save what it shows.

    Parameters
    ----------
    target
        The PNG to write.
    opened
        A session or a model's folder; None for the demo.
    size
        (width, height) of the window.
    """
    from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop

    from ui.building import build_application, build_window
    from ui.control.demo_session import demo_session_path

    application = build_application()
    window = build_window(application)
    window.resize(*size)
    window.show()
    window.start(opened, demo_session_path())
    until = time.monotonic() + _LONGEST_WAIT_S
    settled_since = time.monotonic()
    while time.monotonic() < until:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if not window.idle:
            settled_since = time.monotonic()
        if time.monotonic() - settled_since > 0.5:
            break
        time.sleep(0.01)
    window.grab().save(str(target))
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return target
