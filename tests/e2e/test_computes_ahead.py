from __future__ import annotations

from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS, MakeWindow
from ui.view.view_state import PanelStatus
from ui.window.main_window import MainWindow


def test_neighbours_of_the_shown_step_are_ready_when_they_are_reached(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    assert sampled.inspection.view().timeline.cached == {7}
    sampled.inspection.runs.choose_prefetch(True)
    qtbot.waitUntil(
        lambda: sampled.inspection.view().timeline.cached >= {5, 6, 7} and sampled.idle,
        timeout=LONG_MS,
    )
    sampled.inspection.steps.step_by(-1)
    assert sampled.inspection.view().canvas.panels[1].status is PanelStatus.READY


def test_unticked_nothing_is_computed_ahead_in_the_next_window_either(
    sampled: MainWindow, make_window: MakeWindow, qtbot: QtBot
) -> None:
    tick = next(
        box for box in sampled.setup.findChildren(QCheckBox) if "ahead" in box.text().lower()
    )
    assert not tick.isChecked()
    tick.click()
    qtbot.waitUntil(
        lambda: sampled.inspection.view().timeline.cached >= {6, 7} and sampled.idle,
        timeout=LONG_MS,
    )
    tick.click()
    assert not tick.isChecked()
    cached = sampled.inspection.view().timeline.cached
    sampled.inspection.steps.choose_step(3)
    qtbot.waitUntil(
        lambda: 3 in sampled.inspection.view().timeline.cached and sampled.idle, timeout=LONG_MS
    )
    assert sampled.inspection.view().timeline.cached == cached | {3}
    sampled.inspection.keeping.discard_all()
    assert sampled.close()
    assert not make_window().inspection.view().setup.prefetch


def test_more_probes_refine_the_map_that_is_there(sampled: MainWindow, qtbot: QtBot) -> None:
    found = dict(state_of(sampled.inspection).results.maps.items())
    key, before = next((k, m) for k, m in found.items() if k.kind == "cov_bad")
    sampled.inspection.set_probes(12)
    sampled.inspection.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    after = state_of(sampled.inspection).results.maps.get(key)
    assert after is not None
    assert (before.provenance.probes, after.provenance.probes) == (4, 12)
    assert after.network_calls < 2 * 2 + 12 + 1
    panel = next(p for p in sampled.inspection.view().canvas.panels if p.content == "cov_bad")
    assert panel.status is PanelStatus.READY
    assert "12 probes" in panel.headline
