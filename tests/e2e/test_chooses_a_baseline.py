from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS, MakeWindow
from ui.vocabulary.action_keys import ActionKey
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.choice_row import REASON
from ui.window.main_window import MainWindow
from ui.window.toolbar import Toolbar


def test_the_chooser_lists_what_fits_and_why_the_rest_does_not(window: MainWindow) -> None:
    choices = {key: reason for key, _, reason in window.inspection.view().setup.baselines}
    assert choices["unconditional"] == choices["early"] == ""
    assert "does not fit tiny" in choices["demo"]
    assert window.inspection.intent.model in choices
    assert "target itself" in choices[window.inspection.intent.model]


def test_the_list_itself_says_why_a_choice_cannot_be_made(window: MainWindow, qtbot: QtBot) -> None:
    box = next(
        box
        for box in window.setup.findChildren(ChoiceBox)
        if box.accessibleName() == "Less-trained baseline"
    )
    box.showPopup()
    rows = box.view()
    qtbot.waitUntil(rows.isVisible)
    model = box.model()
    shown = rows.viewport().grab().toImage()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        reason = str(index.data(REASON) or "")
        assert bool(reason) != bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        area = rows.visualRect(index)
        line = rows.fontMetrics().height()
        assert area.width() >= 300 and rows.viewport().rect().contains(area)
        under = area.adjusted(0, line + 6, 0, -1)
        colours = {
            shown.pixel(x, y)
            for x in range(under.left() + 8, under.right() - 8)
            for y in range(under.top(), under.bottom())
        }
        # Words under the choice where there is a reason, and no room for any without one.
        assert (len(colours) > 2) == bool(reason), (index.data(), reason)
        if reason:
            needed = rows.fontMetrics().horizontalAdvance(reason)
            assert under.height() >= (needed * 0.8 // area.width() + 1) * (line - 3)
    box.hidePopup()


def test_another_checkpoint_is_taken_and_offered_again(
    window: MainWindow,
    make_window: MakeWindow,
    qtbot: QtBot,
    tiny_pipeline: Path,
    tiny_early: Path,
    tmp_path: Path,
) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(tiny_early, mine)
    window.inspection.choose_baseline(str(mine))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert view.banner is None
    assert view.setup.baseline == str(mine)
    window.close()

    again = make_window()
    again.start(tiny_pipeline, Path("missing"))
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    offered = {key: reason for key, _, reason in again.inspection.view().setup.baselines}
    assert offered[str(mine)] == ""


def test_a_single_file_of_weights_is_a_baseline(
    window: MainWindow, qtbot: QtBot, tiny_early: Path
) -> None:
    file = next(tiny_early.glob("*.safetensors"))
    window.inspection.choose_baseline(str(file))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().banner is None
    assert window.inspection.view().setup.baseline == str(file)


def test_the_toolbar_offers_the_same_baselines(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.findChild(Toolbar)
    assert bar is not None
    button = bar.widgetForAction(window.actions_[ActionKey.OPEN_BASELINE])
    assert isinstance(button, QToolButton) and button.isEnabled()
    menu = button.menu()
    menu.aboutToShow.emit()
    listed = [action for action in menu.actions() if not action.isSeparator()]
    baselines = window.inspection.view().setup.baselines
    assert [action.text() for action in listed] == [label for _, label, _ in baselines]
    assert [action.toolTip() for action in listed if not action.isEnabled()] == [
        reason for _, _, reason in baselines if reason
    ]
    assert [action.text() for action in listed if action.isChecked()] == [
        label for key, label, _ in baselines if key == "early"
    ]
    listed[0].trigger()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.intent.baseline == "unconditional"


def test_the_toolbar_opens_a_checkpoint_from_a_file(
    window: MainWindow, qtbot: QtBot, tiny_early: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = next(tiny_early.glob("*.safetensors"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    bar = window.findChild(Toolbar)
    assert bar is not None
    button = bar.widgetForAction(window.actions_[ActionKey.OPEN_BASELINE])
    assert isinstance(button, QToolButton)
    button.menu().aboutToShow.emit()
    button.menu().actions()[-1].trigger()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().setup.baseline == str(file)
