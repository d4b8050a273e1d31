"""The paths that a drag carries."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def dropped_paths(dragged: QMimeData) -> tuple[Path, ...]:
    """Return the files and folders of this machine that are dragged, in order."""
    return tuple(Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile())
