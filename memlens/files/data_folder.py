"""The folder of the person's that memlens keeps unsaved work in."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """Return the folder, which may not exist yet."""
    return Path(platformdirs.user_data_dir("memlens", appauthor=False))
