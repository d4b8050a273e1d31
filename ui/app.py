"""The application: from the command line to a drawn window, and a clean way out."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import memlens
from ui.language.translation import tr

if TYPE_CHECKING:
    from ui.window.main_window import MainWindow

ExceptHook = Callable[[type[BaseException], BaseException, TracebackType | None], None]

_SWITCH_INTERVAL_S = 0.001


def run(
    argv: Sequence[str] | None = None,
    *,
    when_shown: Callable[[MainWindow], None] | None = None,
) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    argv
        Arguments without the program's name; None takes the process's own.
    when_shown
        Called with the window once it is drawn.

    Returns
    -------
    int
        0 for a normal close.
    """
    options = _parser().parse_args(sys.argv[1:] if argv is None else list(argv))
    path = Path(options.path) if options.path else None
    if no_display():
        from ui.render import explain_and_render

        return explain_and_render(path)
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer

    from ui.building import build_application, build_window

    application = build_application()
    window = build_window(application)
    previous_hook, sys.excepthook = sys.excepthook, into_banner(window)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    window.show()
    QTimer.singleShot(0, window, partial(_start, window, path, when_shown))
    status = application.exec()
    sys.excepthook = previous_hook
    stopped = window.worker_stopped
    window.deleteLater()
    del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    application.processEvents()
    if not stopped:
        # A network call that cannot be interrupted holds the thread; ending it would crash.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return int(status)


def _start(
    window: MainWindow, path: Path | None, when_shown: Callable[[MainWindow], None] | None
) -> None:
    from ui.control.demo_session import demo_session_path

    window.start(path, demo_session_path())
    if when_shown is not None:
        when_shown(window)


def into_banner(window: MainWindow) -> ExceptHook:
    """Return a hook that shows an exception raised in a slot instead of losing it."""

    def report(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, error, at))
        sys.stderr.write(details)
        if not issubclass(kind, KeyboardInterrupt):
            sentence = tr("Something unexpected went wrong: {what}").format(
                what=f"{kind.__name__}: {error}"
            )
            window.inspection.report_problem(sentence, details)

    return report


def no_display() -> bool:
    """Whether this is a Linux without a screen and without a chosen Qt platform."""
    if not sys.platform.startswith("linux"):
        return False
    return not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="memlens",
        description="See where in a generated picture a diffusion model reproduces its "
        "training data.",
    )
    parser.add_argument(
        "path",
        nargs="?",
        help="a session (.memlens), a model's folder or hub id, or a training picture",
    )
    parser.add_argument("--version", action="version", version=f"memlens {memlens.__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(run())
