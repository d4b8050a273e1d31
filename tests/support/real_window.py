"""How tests ask for the real window, and how long they wait for it."""

from __future__ import annotations

from collections.abc import Callable

from ui.window.main_window import MainWindow

MakeWindow = Callable[[], MainWindow]
LONG_MS = 60_000
