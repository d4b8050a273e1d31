"""Where something is still missing the window says what to do; nothing is shown as an error."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.panel_content import Compare
from ui.window.main_window import MainWindow


def test_an_empty_list_of_masks_says_how_to_get_one(sampled: MainWindow) -> None:
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    shown = sampled.masks.section
    for _ in sampled.inspection.view().masks.rows:
        sampled.actions_[ActionKey.DELETE_MASK].trigger()
    assert sampled.inspection.view().masks.rows == ()
    assert not shown.empty.isHidden()
    assert "draw with a tool, find one, or drop a file" in shown.empty.text()
    # It is advice, not a reason: masks can be added.
    assert sampled.actions_[ActionKey.ADD_MASK].isEnabled()
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    assert shown.empty.isHidden()


def test_finding_in_a_panel_without_map_is_a_hint(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.looks.activate_panel(0)
    sampled.actions_[ActionKey.FIND_IN_MAP].trigger()
    banner = sampled.inspection.view().banner
    assert banner is not None
    assert (banner.severity, banner.sentence) == (
        "notice",
        "Choose a panel that shows a map first (1 to 6).",
    )
    assert sampled.banner.property("severity") == "notice"
    sampled.inspection.looks.activate_panel(1)
    sampled.actions_[ActionKey.FIND_IN_MAP].trigger()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert sampled.inspection.view().masks.finding is not None


def test_the_difference_of_a_map_and_a_picture_says_what_is_missing(sampled: MainWindow) -> None:
    looks = sampled.inspection.looks
    looks.choose_layout(2)
    looks.choose_compare(Compare.DIFFERENCE)
    shown = sampled.canvas.pair.picture.shown_view
    assert shown is not None and "needs two maps" in shown.hint
    looks.choose_content(0, "score_diff")
    shown = sampled.canvas.pair.picture.shown_view
    assert shown is not None and shown.hint == "" and shown.values is not None
