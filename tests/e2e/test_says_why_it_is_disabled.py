"""What cannot be used now is disabled, and its tooltip says why."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.support.real_window import MakeWindow
from tests.support.widgets import named
from tests.support.window_controls import controls
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.panel_content import Compare
from ui.window.main_window import MainWindow

# Where a control is: its kind and its place among those of its kind.
Place = tuple[str, int]
Told = dict[Place, tuple[bool, str]]


def told(window: MainWindow) -> Told:
    """Return whether each control and action can be used, and its tooltip."""
    found: Told = {}
    for widget in controls(window):
        kind = type(widget).__name__
        place = (kind, sum(other[0] == kind for other in found))
        found[place] = (widget.isEnabled(), widget.toolTip())
    for key in ActionKey:
        action: QAction = window.actions_[key]
        found[(f"action {key}", 0)] = (action.isEnabled(), action.toolTip())
    return found


def silent(views: list[Told]) -> Iterator[str]:
    """Yield each control whose tooltip says the same while it can and cannot be used."""
    for place in views[0]:
        said = [view[place] for view in views if place in view]
        usable = {tip for enabled, tip in said if enabled}
        for tip in {tip for enabled, tip in said if not enabled}:
            if tip in usable or not tip:
                yield f"{place}: {tip!r}"


def test_a_control_that_cannot_be_used_says_more_than_one_that_can(
    make_window: MakeWindow, sampled: MainWindow
) -> None:
    views = [told(make_window()), told(sampled)]
    sampled.inspection.steps.choose_step(0)
    views.append(told(sampled))
    sampled.inspection.steps.choose_step(3)
    views.append(told(sampled))
    sampled.inspection.set_estimator("exact")
    sampled.inspection.looks.choose_threshold(0.5)
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    views.append(told(sampled))
    sampled.inspection.looks.choose_preset("One")
    views.append(told(sampled))
    disabled = {place for view in views for place, (usable, _) in view.items() if not usable}
    assert len(disabled) > 20
    assert sorted(set(silent(views))) == []


def test_the_ends_of_the_timeline_and_a_single_panel_give_their_reason(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    timeline = sampled.timeline
    sampled.inspection.steps.last_step()
    assert not timeline.forward.isEnabled() and timeline.back.isEnabled()
    assert timeline.forward.toolTip().endswith("This is the newest step.")
    assert timeline.back.toolTip() == "One step back (Left)"
    sampled.inspection.steps.first_step()
    assert timeline.first.toolTip().endswith("This is the first step.")
    assert timeline.forward.toolTip() == "One step on (Right)"
    sampled.inspection.looks.choose_preset("One")
    cancel = named(sampled.setup, QPushButton, "Cancel")
    assert not cancel.isEnabled() and cancel.toolTip() == "Nothing is running."
    wipe = sampled.canvas.compare_bar.buttons[Compare.WIPE]
    assert not wipe.isEnabled() and "There is one panel" in wipe.toolTip()
    sampled.inspection.looks.choose_layout(2)
    assert wipe.isEnabled() and "There is one panel" not in wipe.toolTip()


def test_the_precision_waits_for_the_model(window: MainWindow) -> None:
    box = window.setup.machine.dtype
    assert isinstance(box, QComboBox) and box.isEnabled()
    box.setCurrentIndex(box.findData("bfloat16"))
    box.activated.emit(box.currentIndex())
    assert not box.isEnabled()
    assert box.toolTip().endswith("The model is being opened.")
    assert box.itemData(box.currentIndex(), Qt.ItemDataRole.UserRole) == "bfloat16"
