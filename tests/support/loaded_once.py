"""The tiny model and its baseline, read from disk by the first window that opens them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


class LoadedOnce:
    """Stands before a loader: what was loaded as it is by default is given out again.

    Nothing changes a loaded model (tests/memlens holds every long call to that), so windows may
    share one. Whatever else is asked for is loaded.

    Parameters
    ----------
    load
        The loader.
    source
        What to keep.
    """

    def __init__(self, load: Callable[..., Any], source: Path) -> None:
        self._load = load
        self._source = source
        self._kept: dict[tuple[int, ...], Any] = {}

    def __call__(self, source: str | Path, **settings: Any) -> Any:
        chosen = settings.get("device", "auto"), settings.get("dtype", "auto")
        if Path(source) != self._source or chosen != ("auto", "auto"):
            return self._load(source, **settings)
        # Beside the target that it was loaded for, which stays alive with it.
        beside = (id(settings["like"]),) if "like" in settings else ()
        if beside not in self._kept:
            self._kept[beside] = self._load(source, **settings), settings.get("like")
        return self._kept[beside][0]
