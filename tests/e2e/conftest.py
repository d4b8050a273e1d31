"""The real window on a real, tiny model; one window per test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import memlens
from memlens.models import baseline_loading, loading
from tests.support.loaded_once import LoadedOnce
from tests.support.played_back import PlayedBack
from tests.support.real_window import LONG_MS, MakeWindow
from ui.building import build_application, build_window
from ui.window.main_window import MainWindow


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture
def make_window(qtbot: QtBot, qapp: QApplication) -> Iterator[MakeWindow]:
    """Make windows that are closed and freed after the test."""
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = build_window(build_application())
        made.append(window)
        window.resize(1280, 800)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    while made:
        window = made.pop()
        window.inspection.keeping.discard_all()
        window.close()
        assert window.worker_stopped
        window.deleteLater()
        del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")


@pytest.fixture(scope="session")
def load_model(tiny_pipeline: Path) -> LoadedOnce:
    return LoadedOnce(loading.load_model, tiny_pipeline)


@pytest.fixture(scope="session")
def load_baseline(tiny_early: Path) -> LoadedOnce:
    return LoadedOnce(baseline_loading.load_baseline, tiny_early)


@pytest.fixture
def window(
    make_window: MakeWindow,
    qtbot: QtBot,
    tiny_pipeline: Path,
    load_model: LoadedOnce,
    load_baseline: LoadedOnce,
    monkeypatch: pytest.MonkeyPatch,
) -> MainWindow:
    """A window with the tiny model open, and few steps and probes."""
    monkeypatch.setattr(loading, "load_model", load_model)
    monkeypatch.setattr(memlens, "load_baseline", load_baseline)
    made = make_window()
    made.start(tiny_pipeline, Path("missing"))
    qtbot.waitUntil(lambda: made.idle, timeout=LONG_MS)
    view = made.inspection.view()
    assert view.banner is None, view.banner
    made.inspection.set_steps(8)
    made.inspection.set_probes(4)
    made.inspection.set_guidance_scale(3.0)
    # Idle means idle: what is computed ahead has a test of its own.
    made.inspection.runs.choose_prefetch(False)
    return made


@pytest.fixture(scope="session")
def first_run() -> dict[str, Callable[..., Any]]:
    """What samples and localizes the run that tests begin with, in truth only once."""
    return {
        "sample": PlayedBack(memlens.sample).result,
        "localize_maps_stream": PlayedBack(memlens.localize_maps_stream).results,
        "localize_stream": PlayedBack(memlens.localize_stream).results,
    }


@pytest.fixture
def sampled(
    window: MainWindow, qtbot: QtBot, first_run: dict[str, Callable[..., Any]]
) -> MainWindow:
    """The same window, with a prompt run to the end and its maps computed."""
    window.inspection.set_prompt("red apple")
    with pytest.MonkeyPatch.context() as patched:
        for name, call in first_run.items():
            patched.setattr(memlens, name, call)
        window.inspection.run()
        qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().banner is None
    return window
