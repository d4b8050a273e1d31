"""A session file written anew with something changed in it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def rewrite(
    path: Path,
    change: Callable[[str, bytes], tuple[str, bytes] | None] = lambda name, data: (name, data),
    extra: tuple[tuple[str, bytes], ...] = (),
) -> None:
    """Change, drop (None) or add entries of a saved session."""
    with zipfile.ZipFile(path) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for entry in (*(change(*entry) for entry in entries), *extra):
            if entry is not None:
                archive.writestr(*entry)


def change_facts(path: Path, change: Callable[[Any], Any]) -> None:
    def changed(name: str, data: bytes) -> tuple[str, bytes]:
        if name != "session.json":
            return name, data
        facts = json.loads(data)
        return name, json.dumps(change(facts) or facts).encode()

    rewrite(path, changed)


def replace_entry(path: Path, wanted: str, content: bytes) -> None:
    rewrite(path, lambda name, data: (name, content if name == wanted else data))
