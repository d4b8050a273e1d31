"""What a person has said of a model's file, by its fingerprint: asked once."""

from __future__ import annotations

import json
from pathlib import Path

from memlens.files.atomic_write import atomic_write
from memlens.files.data_folder import data_folder

_FILE = "prediction-types.json"


def remembered_prediction_type(fingerprint: str) -> str | None:
    """Return what was said of the file, None where nothing was."""
    found = _read(_place()).get(fingerprint)
    return found if isinstance(found, str) else None


def remember_prediction_type(fingerprint: str, prediction_type: str) -> None:
    """Keep what was said; where it cannot be kept, it is asked again."""
    place = _place()
    known = _read(place)
    if known.get(fingerprint) == prediction_type:
        return
    text = json.dumps({**known, fingerprint: prediction_type}, indent=1, sort_keys=True)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(place) as stream:
            stream.write(text.encode())
    except OSError:
        return


def _place() -> Path:
    return data_folder() / _FILE


def _read(place: Path) -> dict[str, object]:
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
