"""Where the bundled demo session lies, which is never written."""

from __future__ import annotations

from contextlib import suppress
from importlib import resources
from pathlib import Path


def demo_session_path() -> Path:
    """Return the path of the bundled demo session, which may be missing in a checkout."""
    return Path(str(resources.files("resources") / "demo-session.memlens"))


def may_hold(path: Path) -> bool:
    """Whether a session is one that windows lock: the bundled one is never written."""
    with suppress(OSError):
        return path.resolve() != demo_session_path().resolve()
    return True
