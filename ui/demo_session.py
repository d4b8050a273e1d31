"""Where the bundled demo session lies."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def demo_session_path() -> Path:
    """Return the path of the bundled demo session, which may be missing in a checkout."""
    return Path(str(resources.files("resources") / "demo-session.memlens"))
