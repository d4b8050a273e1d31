"""What every test stands on: no network, no screen, no home, no thread left behind."""

from __future__ import annotations

import os
import sys
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Read by Qt, huggingface_hub and OpenMP when they are first imported, so set before any of them.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
_SESSION_HOME = tempfile.TemporaryDirectory(prefix="memlens-tests-")
os.environ["HF_HOME"] = str(Path(_SESSION_HOME.name) / "huggingface")

from tests.support.golden import GOLDEN  # noqa: E402
from tests.support.tiny_pipeline import save_tiny_pipeline  # noqa: E402

# How long a test takes says something of the machine: benchmarks measure, tests do not.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_unconfigure() -> None:
    _SESSION_HOME.cleanup()


@pytest.fixture(autouse=True)
def isolated_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: Any) -> Path:
    """Point every per-user folder at an empty one that belongs to the test alone."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        for style in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(style, QSettings.Scope.UserScope, str(home / "config"))
    return home


@pytest.fixture(autouse=True)
def one_torch_thread() -> None:
    """Undo what a test of the window may have set, so that numbers repeat."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch: Any) -> Iterator[None]:
    """Fail a test that leaves a QThread running or a QTimer active."""
    if "PySide6.QtCore" not in sys.modules:
        yield
        return
    from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer

    started: list[weakref.ref[Any]] = []
    for kind in (QThread, QTimer):
        monkeypatch.setattr(kind, "start", _recording(kind.start, started))
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [what for reference in started if (what := reference()) is not None]
    threads = [what for what in left if _is(what, QThread, "isRunning")]
    timers = [what for what in left if _is(what, QTimer, "isActive")]
    names = [repr(what) for what in (*threads, *timers)]
    for thread in threads:
        thread.requestInterruption()
        thread.quit()
        thread.wait(2000)
    for timer in timers:
        timer.stop()
    if names:
        pytest.fail(f"left running: {', '.join(names)}")


def _recording(start: Any, started: list[weakref.ref[Any]]) -> Any:
    def record_and_start(self: Any, *arguments: Any, **named: Any) -> Any:
        started.append(weakref.ref(self))
        return start(self, *arguments, **named)

    return record_and_start


def _is(what: Any, kind: type, state: str) -> bool:
    import shiboken6

    return isinstance(what, kind) and shiboken6.isValid(what) and bool(getattr(what, state)())


@pytest.fixture(scope="session")
def tiny_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Stable-Diffusion-shaped pipeline folder with random weights (do not write into it)."""
    return save_tiny_pipeline(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def tiny_early(tiny_pipeline: Path) -> Path:
    """The less-trained UNet beside it: the same architecture, other weights."""
    return tiny_pipeline / "unet-early"


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of golden numbers (its README says what they are)."""
    if not GOLDEN.is_dir():
        pytest.skip("golden numbers are not beside this checkout (../shared/golden)")
    return GOLDEN
