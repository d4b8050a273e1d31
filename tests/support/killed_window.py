"""A window in a process of its own, killed while somebody works in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

_KILLED = """
    import os, signal, sys
    from pathlib import Path
    from PySide6.QtCore import QTimer
    from tests.support import drawn_masks
    from tests.support.controller_state import state_of
    from ui.app import run

    def shown(window):
        timer = QTimer(window)

        def look():
            if state_of(window.inspection).results.run is not None and window.idle:
                timer.stop()
                drawn_masks.{what}(window)
                drawn_masks.journal_written(window)
                wait = QTimer(window)
                wait.timeout.connect(lambda: window.idle and die())
                wait.start(20)

        def die():
            os.kill(os.getpid(), signal.SIGKILL)

        timer.timeout.connect(look)
        timer.start(10)

    run([{path!r}], when_shown=shown)
"""


def run_and_be_killed(path: Path, what: str = "draw") -> None:
    """Start the application on a session, do `what` of `drawn_masks` to it, and kill it."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_KILLED.format(path=str(path), what=what))],
        capture_output=True,
        text=True,
        timeout=100,
        env=environment,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
