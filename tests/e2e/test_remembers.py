from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.conftest import LONG_MS, MakeWindow
from ui.building import build_application, build_window
from ui.settings import load_settings, settings_path
from ui.theme import THEMES


def test_layout_theme_and_recent_models_persist(
    make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    first = make_window()
    first.start(tiny_pipeline, Path("missing"))
    qtbot.waitUntil(lambda: first.idle, timeout=LONG_MS)
    first.inspection.looks.choose_layout(2)
    first._requests.choose_theme("dark")
    first.inspect.fold_sections(["display"])
    first.resize(1100, 700)
    first.close()
    assert load_settings(settings_path())[0].recent_models == (str(tiny_pipeline),)

    again = make_window()
    assert len(again.inspection.view().canvas.panels) == 2
    assert again._theme.chosen == "dark"
    assert again._theme.is_dark()
    assert again.inspect.folded_sections() == ["display"]


def test_size_and_splitter_stay_as_they_were_put(make_window: MakeWindow, qtbot: QtBot) -> None:
    first = make_window()
    # No larger than the screen of the tests, within which Qt would bring it back.
    first.resize(1024, 700)
    QApplication.processEvents()
    above, below = first._splitter.sizes()
    first._splitter.setSizes([above - 24, below + 24])
    QApplication.processEvents()
    put = (first.size().toTuple(), first._splitter.sizes()[1])
    assert put == ((1024, 700), below + 24)
    first.close()

    again = build_window(build_application())
    again.show()
    qtbot.waitExposed(again)
    found = (again.size().toTuple(), again._splitter.sizes()[1])
    again.close()
    again.deleteLater()
    assert found == put


def test_every_theme_applies(make_window: MakeWindow) -> None:
    window = make_window()
    for theme in THEMES:
        window._requests.choose_theme(theme)
        assert window._theme.chosen == theme


def test_damaged_settings_do_not_keep_the_window_shut(make_window: MakeWindow) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text("theme = [")
    window = make_window()
    banner = window.inspection.view().banner
    assert banner is not None and banner.severity == "warning"
