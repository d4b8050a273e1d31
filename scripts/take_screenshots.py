"""Take the pictures of docs/screenshots: the window on the demo session, light and dark, 1x and 2x.

Run as `python scripts/take_screenshots.py [FOLDER]`. Every picture is taken in a process of its
own, with settings of its own, so that what was chosen last time does not show.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZE = (1440, 900)
# File name → theme, scale, what is shown.
PICTURES = {
    "window.png": ("dark", 1, "demo"),
    "light.png": ("light", 1, "demo"),
    "dark.png": ("dark", 1, "one"),
    "light-2x.png": ("light", 2, "demo"),
    "dark-2x.png": ("dark", 2, "demo"),
    "mask-comparison.png": ("light", 1, "comparison"),
    "export.png": ("light", 1, "export"),
}
_LONGEST_WAIT_S = 120.0
_ROOT = Path(__file__).resolve().parent.parent


def take_all(folder: Path) -> None:
    """Take every picture, each in a fresh process and an empty home."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (theme, scale, shown) in PICTURES.items():
        with tempfile.TemporaryDirectory(prefix="memlens-screenshots-") as home:
            surroundings = os.environ | {
                "HOME": home,
                "PYTHONPATH": str(_ROOT),
                "QT_QPA_PLATFORM": "offscreen",
                "QT_SCALE_FACTOR": str(scale),
            }
            for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
                surroundings[f"XDG_{kind}_HOME"] = str(Path(home) / kind.lower())
            picture = folder / name
            command = [sys.executable, __file__, "--one", str(picture), theme, shown]
            subprocess.run(command, env=surroundings, cwd=_ROOT, check=True)
            squeeze(picture)
            sys.stdout.write(f"{picture}: {picture.stat().st_size / 1024:.0f} KiB\n")


def squeeze(picture: Path) -> None:
    """Make a PNG as small as it gets with every colour as it is."""
    from PIL import Image

    with Image.open(picture) as opened:
        opened.convert("RGB").save(picture, optimize=True)


def take_one(picture: Path, theme: str, shown: str) -> None:
    """Bring the window up on the demo session, arrange it, and save what it shows."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QWidget

    from ui.building import build_application, build_window
    from ui.control.demo_session import demo_session_path
    from ui.state.settings import Settings, save_settings, settings_path
    from ui.vocabulary.action_keys import ActionKey

    save_settings(Settings(theme=theme), settings_path())
    application = build_application()
    window = build_window(application)
    window.resize(*SIZE)
    window.show()
    window.start(None, demo_session_path())

    def settle() -> None:
        until = time.monotonic() + _LONGEST_WAIT_S
        quiet_since = time.monotonic()
        while time.monotonic() < until and time.monotonic() - quiet_since < 0.8:
            application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if not window.idle:
                quiet_since = time.monotonic()
            time.sleep(0.01)

    settle()
    looks = window.inspection.looks
    if shown == "one":
        looks.choose_preset("One")
    elif shown == "comparison":
        looks.choose_layout(2)
        looks.activate_panel(1)
        window.actions_[ActionKey.FIND_IN_MAP].trigger()
        settle()
        masks = window.inspection.masks
        masks.finding.accept()
        masks.pin(window.inspection.view().masks.rows[0].id)
        looks.activate_panel(0)
        window.actions_[ActionKey.COMPARE_MASKS].trigger()
    settle()
    shown_widget: QWidget = window
    if shown == "export":
        window.actions_[ActionKey.EXPORT].trigger()
        settle()
        shown_widget = application.activeModalWidget()
    shown_widget.grab().save(str(picture))
    if shown_widget is not window:
        shown_widget.close()
    window.inspection.keeping.discard_all()
    window.close()
    window.deleteLater()
    application.processEvents()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        take_one(Path(sys.argv[2]), *sys.argv[3:5])
    else:
        take_all(Path(sys.argv[1]) if sys.argv[1:] else _ROOT / "docs" / "screenshots")
