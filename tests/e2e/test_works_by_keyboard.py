from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.support.widgets import named
from ui.actions.registry import SPECS, shortcut_text
from ui.canvas.picture_view import PictureView
from ui.vocabulary.action_keys import PANEL_KEYS
from ui.window.main_window import MainWindow
from ui.window.shortcuts_sheet import ShortcutsSheet

Key = Qt.Key


def step(window: MainWindow) -> int:
    return window.inspection.view().timeline.step


def test_keys_scrub_the_timeline(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.canvas.setFocus()
    for key, expected in (
        (Key.Key_Home, 0),
        (Key.Key_Right, 1),
        (Key.Key_PageDown, 6),
        (Key.Key_Left, 5),
        (Key.Key_PageUp, 0),
        (Key.Key_End, 7),
    ):
        qtbot.keyClick(sampled, key)
        assert step(sampled) == expected, key


def test_t_toggles_the_difference_in_the_active_panel(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.canvas.setFocus()
    qtbot.keyClick(sampled, Key.Key_2)
    qtbot.keyClick(sampled, Key.Key_T)
    assert sampled.inspection.view().canvas.panels[1].content == "score_diff_bad"
    qtbot.keyClick(sampled, Key.Key_T)
    assert sampled.inspection.view().canvas.panels[1].content == "cov_bad"


def test_numbers_choose_the_active_panel(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.canvas.setFocus()
    qtbot.keyClick(sampled, Key.Key_3)
    assert [panel.active for panel in sampled.inspection.view().canvas.panels].index(True) == 2


def test_space_held_shows_the_bare_picture(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.canvas.setFocus()
    qtbot.keyPress(sampled, Key.Key_Space)
    assert sampled.inspection.view().canvas.bare_picture
    qtbot.keyRelease(sampled, Key.Key_Space)
    assert not sampled.inspection.view().canvas.bare_picture


def test_arrows_stay_with_a_slider_that_has_the_focus(sampled: MainWindow, qtbot: QtBot) -> None:
    slider = sampled.inspect.display.opacity
    slider.setFocus()
    before, value = step(sampled), slider.value()
    qtbot.keyClick(slider, Key.Key_Left)
    assert step(sampled) == before
    assert slider.value() < value


def test_letters_typed_into_the_prompt_are_text(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.setup.focus_prompt()
    prompt = QApplication.focusWidget()
    assert prompt is not None
    qtbot.keyClicks(prompt, "t3p c")
    assert sampled.inspection.view().setup.prompt == "t3p c"
    assert sampled.inspection.view().canvas.panels[1].content == "cov_bad"
    assert not sampled.inspection.view().timeline.playing


def test_playing_moves_and_stops(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.canvas.setFocus()
    qtbot.keyClick(sampled, Key.Key_Home)
    qtbot.keyClick(sampled, Key.Key_P)
    qtbot.waitUntil(lambda: step(sampled) >= 2, timeout=5000)
    qtbot.keyClick(sampled, Key.Key_P)
    assert not sampled.inspection.view().timeline.playing
    assert not named(sampled, QTimer, "play").isActive()


def test_a_question_mark_shows_every_shortcut_and_esc_takes_it_away(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    sampled.canvas.setFocus()
    qtbot.keyClick(sampled, Key.Key_Question)
    sheet = sampled.findChild(ShortcutsSheet)
    assert sheet is not None and sheet.isVisible()
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    panels = set(PANEL_KEYS)
    for spec in SPECS:
        if spec.shortcuts and spec.key not in panels:
            assert {shortcut_text(spec, all_of_them=True), spec.about} <= shown
    assert {"1 to 6", "Choose the active panel"} <= shown
    qtbot.keyClick(sheet, Key.Key_Escape)
    assert not sheet.isVisible()


def test_every_control_has_a_name_and_a_tooltip(sampled: MainWindow) -> None:
    nameless = []
    for widget in sampled.findChildren(QWidget):
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        if not reachable or widget.objectName().startswith("qt_"):
            continue
        if isinstance(widget, PictureView | QTableView):
            continue  # these describe what is under the cursor, not themselves
        named = widget.accessibleName() or getattr(widget, "text", str)()
        if not named or not widget.toolTip():
            nameless.append(f"{type(widget).__name__} {named!r} {widget.toolTip()!r}")
    assert not nameless, "\n".join(nameless)


def test_tab_reaches_every_part_of_the_window(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.setup.focus_prompt()
    reached: set[str] = set()
    for _ in range(120):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Key.Key_Tab)
        now = QApplication.focusWidget()
        for part in ("setup", "canvas", "timeline", "inspect"):
            if now is not None and getattr(sampled, part).isAncestorOf(now):
                reached.add(part)
            if now is getattr(sampled, part):
                reached.add(part)
    assert reached == {"setup", "canvas", "timeline", "inspect"}
