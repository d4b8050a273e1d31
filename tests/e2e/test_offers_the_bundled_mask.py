"""A bundled mask is offered where the picture may lack the pattern, and taken when asked."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from memlens.lab.captions import TEMPLATE_CAPTIONS
from tests.support.drawn_masks import banner_button
from tests.support.real_window import LONG_MS, MakeWindow
from ui.control.demo_session import demo_session_path
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


@pytest.fixture
def demo(make_window: MakeWindow, qtbot: QtBot) -> MainWindow:
    window = make_window()
    window.start(None, demo_session_path())
    control = window.inspection
    qtbot.waitUntil(lambda: window.idle and bool(control.view().setup.prompts), timeout=LONG_MS)
    control.set_prompt(TEMPLATE_CAPTIONS[1])
    return window


def run(window: MainWindow, qtbot: QtBot, *, steps: int, seed: int, guidance: float) -> None:
    control = window.inspection
    control.set_steps(steps)
    control.set_seed(seed)
    control.set_guidance_scale(guidance)
    before = len(control.view().runs.runs)
    control.run()

    def done() -> bool:
        view = control.view()
        return len(view.runs.runs) > before and view.timeline.reached == steps

    qtbot.waitUntil(lambda: done() and not control.view().status.activity, timeout=LONG_MS)


def test_a_picture_made_otherwise_is_offered_the_mask(demo: MainWindow, qtbot: QtBot) -> None:
    run(demo, qtbot, steps=4, seed=0, guidance=0.0)
    view = demo.inspection.view()
    assert view.masks.rows == ()
    assert view.inspect.mask_name == ""
    assert view.banner is not None and "does this picture show the pattern?" in view.banner.sentence
    assert demo.actions_[ActionKey.USE_BUNDLED_MASK].isEnabled()
    banner_button(demo, "Use the bundled mask")
    qtbot.waitUntil(
        lambda: demo.inspection.view().inspect.mask_name == "ground truth", timeout=LONG_MS
    )
    view = demo.inspection.view()
    assert [(row.name, row.pinned) for row in view.masks.rows] == [("ground truth", True)]
    assert view.banner is None
    assert not demo.actions_[ActionKey.USE_BUNDLED_MASK].isEnabled()
    mask = demo.inspection.masks.document
    assert mask is not None and 0 < np.count_nonzero(mask.pixels(mask.entries[0].id))


def test_a_prompt_of_its_own_is_offered_nothing(demo: MainWindow, qtbot: QtBot) -> None:
    demo.inspection.set_prompt("a lion on red and blue")
    run(demo, qtbot, steps=4, seed=0, guidance=3.0)
    view = demo.inspection.view()
    assert view.banner is None and view.masks.rows == ()
    assert not demo.actions_[ActionKey.USE_BUNDLED_MASK].isEnabled()


def test_the_offer_goes_with_its_run_and_is_not_made_twice(demo: MainWindow, qtbot: QtBot) -> None:
    run(demo, qtbot, steps=4, seed=0, guidance=0.0)
    control = demo.inspection
    shown = control.view().runs.shown
    control.runs.previous_run()
    assert control.view().banner is None
    control.runs.choose_run(shown)
    demo.actions_[ActionKey.USE_BUNDLED_MASK].trigger()
    assert [row.name for row in control.view().masks.rows] == ["ground truth"]
    control.open_model("demo")
    qtbot.waitUntil(lambda: demo.idle, timeout=LONG_MS)
    assert control.view().banner is None
    assert not demo.actions_[ActionKey.USE_BUNDLED_MASK].isEnabled()
