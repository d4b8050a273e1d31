from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.e2e.conftest import LONG_MS
from tests.e2e.hand import drawn
from ui.action_keys import ActionKey
from ui.main_window import MainWindow


@pytest.fixture
def looking(sampled: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window that looks for the first map's high values."""
    place = next(
        n
        for n, panel in enumerate(sampled.inspection.view().canvas.panels)
        if panel.values is not None
    )
    sampled.inspection.looks.activate_panel(place)
    qtbot.keyClick(sampled, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    wait_for_preview(sampled, qtbot)
    return sampled


def wait_for_preview(window: MainWindow, qtbot: QtBot) -> None:
    box = window.masks.section.finding
    qtbot.waitUntil(lambda: window.idle and box.accept_button.isEnabled(), timeout=LONG_MS)


def previewed(window: MainWindow) -> int:
    preview = window.inspection.masks.finding.preview
    assert preview is not None
    return int(preview.pixels.sum())


def test_the_preview_follows_the_controls_and_is_accepted_as_one_step(
    looking: MainWindow, qtbot: QtBot
) -> None:
    box = looking.masks.section.finding
    entries = looking.inspection.masks.document.entries  # type: ignore[union-attr]
    at_first = previewed(looking)
    box.threshold.setValue(box.threshold.value() + 150)
    wait_for_preview(looking, qtbot)
    fewer = previewed(looking)
    assert 0 < fewer < at_first
    box.largest.click()
    wait_for_preview(looking, qtbot)
    assert 0 < previewed(looking) <= fewer
    found = previewed(looking)
    box.accept_button.click()
    assert drawn(looking).sum() == found
    assert not box.isVisible()
    qtbot.keyClick(looking, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert looking.inspection.masks.document.entries == entries  # type: ignore[union-attr]


def test_abandoning_leaves_the_masks_as_they_were(looking: MainWindow) -> None:
    looking.masks.section.finding.abandon_button.click()
    assert looking.inspection.view().masks.rows == ()
    assert not looking.actions_[ActionKey.UNDO].isEnabled()
    assert not any(panel.other_masks for panel in looking.inspection.view().canvas.panels)


def test_several_seeds_are_the_windows_runs(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.set_seed(77)
    sampled.inspection.run()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    sampled.actions_[ActionKey.FIND_IN_SEEDS].trigger()
    wait_for_preview(sampled, qtbot)
    assert "2 pictures" in sampled.masks.section.finding.title.text()
