from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDockWidget, QSplitter
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import named
from ui.actions.registry import THEMES
from ui.building import build_application, build_window
from ui.look.theme import palette
from ui.state.settings import load_settings, settings_path
from ui.vocabulary.action_keys import ActionKey
from ui.window.columns import column_width
from ui.window.main_window import MainWindow


def test_layout_theme_and_recent_models_persist(
    make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    first = make_window()
    first.start(tiny_pipeline, Path("missing"))
    qtbot.waitUntil(lambda: first.idle, timeout=LONG_MS)
    first.inspection.looks.choose_layout(2)
    first.actions_[ActionKey.THEME_DARK].trigger()
    first.inspect.fold_sections(["display"])
    first.resize(1100, 700)
    first.close()
    assert load_settings(settings_path())[0].recent_models == (str(tiny_pipeline),)

    again = make_window()
    assert len(again.inspection.view().canvas.panels) == 2
    assert again.actions_[ActionKey.THEME_DARK].isChecked()
    assert _colour() == palette(dark=True).window().color()
    assert again.inspect.folded_sections() == ["display"]


def test_size_and_splitter_stay_as_they_were_put(make_window: MakeWindow, qtbot: QtBot) -> None:
    first = make_window()
    # No larger than the screen of the tests, within which Qt would bring it back.
    first.resize(1024, 700)
    QApplication.processEvents()
    splitter = _splitter(first)
    above, below = splitter.sizes()
    splitter.setSizes([above - 24, below + 24])
    QApplication.processEvents()
    put = (first.size().toTuple(), splitter.sizes()[1])
    assert put == ((1024, 700), below + 24)
    first.close()

    again = build_window(build_application())
    again.show()
    qtbot.waitExposed(again)
    found = (again.size().toTuple(), _splitter(again).sizes()[1])
    again.close()
    again.deleteLater()
    assert found == put


def test_a_column_keeps_the_width_it_was_dragged_to(
    make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_window()
    width = first.width()
    _let_columns_follow(qtbot)
    first.resizeDocks([_column(first, "inspect")], [400], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: _column(first, "inspect").width() == 400)
    first.close()

    # The screen of the tests is smaller than the window, which Qt would bring back within it.
    QSettings().remove("geometry")
    monkeypatch.setattr(MainWindow, "_first_size", lambda window: window.resize(width, 800))
    again = build_window(build_application())
    again.show()
    qtbot.waitExposed(again)
    QApplication.processEvents()
    found = [_column(again, "inspect").width()]
    # It stays when the window changes too; the other column follows the window.
    again.resize(2560, 1000)
    qtbot.waitUntil(lambda: _column(again, "setup").width() == column_width("setup", 2560))
    _let_columns_follow(qtbot)
    QApplication.processEvents()
    QApplication.processEvents()
    found += [_column(again, name).width() for name in ("inspect", "setup")]
    again.close()
    again.deleteLater()
    assert found == [400, 400, column_width("setup", 2560)]
    assert column_width("inspect", width) != 400


def _colour() -> QColor:
    return QApplication.palette().window().color()


def _splitter(window: MainWindow) -> QSplitter:
    return named(window, QSplitter, "canvas and timeline")


def _let_columns_follow(qtbot: QtBot) -> None:
    """Wait for what a resized window does afterwards; such calls are made in turn."""
    waited: list[bool] = []
    QTimer.singleShot(0, lambda: waited.append(True))
    qtbot.waitUntil(lambda: bool(waited))


def _column(window: MainWindow, name: str) -> QDockWidget:
    dock = window.findChild(QDockWidget, name)
    assert isinstance(dock, QDockWidget)
    return dock


def test_every_theme_applies(make_window: MakeWindow) -> None:
    window = make_window()
    for key, theme in THEMES.items():
        window.actions_[key].trigger()
        assert [other for other in THEMES if window.actions_[other].isChecked()] == [key]
        assert window.inspection.settings.theme == theme
        if theme != "system":
            assert _colour() == palette(dark=theme == "dark").window().color()


def test_damaged_settings_do_not_keep_the_window_shut(make_window: MakeWindow) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text("theme = [")
    window = make_window()
    banner = window.inspection.view().banner
    assert banner is not None and banner.severity == "warning"
