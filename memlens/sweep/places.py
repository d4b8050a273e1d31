"""Where the files of a sweep lie in its folder."""

from __future__ import annotations

from memlens.sweep.tasks import Task

INDEX = "index.sqlite"
SETTINGS = "sweep.json"
SESSIONS, THUMBNAILS, ANNOTATIONS, REPORT = "sessions", "thumbnails", "annotations", "report"


def maps_folder(version: int = 1, step: int | None = None) -> str:
    """Return the folder of the maps of the main step, or of another one."""
    return f"metrics_outputs_v{version}" + ("" if step is None else f"_step_{step}")


def map_file(task: Task, kind: str, step: int | None = None, *, version: int = 1) -> str:
    """Return where a map in the paper's units lies, as the official scripts look for it."""
    return f"{maps_folder(version, step)}/{task.folder}/{task.stem}_{kind}.npy"


def session_file(task: Task) -> str:
    """Return where the session that a task opens as lies."""
    return f"{SESSIONS}/{task.folder}/{task.stem}.memlens"


def thumbnail_file(task: Task) -> str:
    """Return where a task's small picture lies."""
    return f"{THUMBNAILS}/{task.folder}/{task.stem}.png"


def annotation_file(task: Task, annotator: str) -> str:
    """Return where the mask that an annotator drew for a task lies."""
    return f"{ANNOTATIONS}/{annotator}/{task.folder}/{task.stem}.png"
