"""The timeline plays by the clock, and shows thumbnails, curves and what is computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.hand import drag
from tests.support.real_window import LONG_MS
from tests.support.widgets import named
from ui.canvas import method_colours
from ui.look import tones
from ui.plots.track_plot import AXIS_HEIGHT, GUTTER, MARGIN
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.tool import Tool
from ui.window.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Clock:
    """A clock that only the test moves on."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(sampled: MainWindow) -> Clock:
    made = Clock()
    sampled.inspection.steps._clock = made
    return made


def step(window: MainWindow) -> int:
    return window.inspection.view().timeline.step


def choose(box: QComboBox, key: object) -> None:
    index = box.findData(key)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def shown_at(window: MainWindow, clock: Clock, qtbot: QtBot, seconds: float) -> int:
    """Return the step that the window's own timer shows `seconds` after the clock's start."""
    clock.now = 100.0 + seconds
    with qtbot.waitSignal(named(window, QTimer, "play").timeout, timeout=5000):
        pass
    return step(window)


@pytest.mark.parametrize(
    ("repeat", "expected", "late"),
    [
        ("loop", [5, 6, 7, 0, 1], (5 + 25) % 8),
        ("ping-pong", [5, 6, 7, 6, 5], (5 + 25) % 14),
    ],
)
def test_frames_come_from_elapsed_time(
    sampled: MainWindow, qtbot: QtBot, clock: Clock, repeat: str, expected: list[int], late: int
) -> None:
    choose(sampled.timeline.repeat, repeat)
    choose(sampled.timeline.rate, 4.0)
    sampled.inspection.steps.choose_step(5)
    qtbot.mouseClick(sampled.timeline.play, LEFT)
    assert named(sampled, QTimer, "play").isActive()
    # Four a second, whatever the timer does: a quarter each, and nothing between.
    assert [shown_at(sampled, clock, qtbot, n / 4 + 0.01) for n in range(5)] == expected
    assert shown_at(sampled, clock, qtbot, 1.24) == expected[-1]
    # A long stop of the window drops frames and does not play them late.
    assert shown_at(sampled, clock, qtbot, 25 / 4 + 0.01) == late
    qtbot.mouseClick(sampled.timeline.play, LEFT)
    assert not named(sampled, QTimer, "play").isActive()


def test_once_stops_at_the_end(sampled: MainWindow, qtbot: QtBot, clock: Clock) -> None:
    choose(sampled.timeline.repeat, "once")
    choose(sampled.timeline.rate, 15.0)
    sampled.inspection.steps.choose_step(0)
    qtbot.mouseClick(sampled.timeline.play, LEFT)
    assert shown_at(sampled, clock, qtbot, 7.5 / 15) == 7
    clock.now += 1
    qtbot.waitUntil(lambda: not named(sampled, QTimer, "play").isActive())
    assert step(sampled) == 7 and not sampled.inspection.view().timeline.playing


def test_another_rate_while_playing_goes_on_from_the_shown_step(
    sampled: MainWindow, qtbot: QtBot, clock: Clock
) -> None:
    choose(sampled.timeline.rate, 2.0)
    sampled.inspection.steps.choose_step(0)
    qtbot.mouseClick(sampled.timeline.play, LEFT)
    assert shown_at(sampled, clock, qtbot, 1.01) == 2
    choose(sampled.timeline.rate, 30.0)
    assert step(sampled) == 2
    assert shown_at(sampled, clock, qtbot, 1.01 + 3.1 / 30) == 5


def test_playing_stays_in_a_range_drawn_by_hand(
    sampled: MainWindow, qtbot: QtBot, clock: Clock
) -> None:
    track = sampled.timeline.track
    shift = Qt.KeyboardModifier.ShiftModifier
    start, end = (QPoint(round(track.x_of(at)), 20) for at in (5, 2))
    qtbot.mousePress(track, LEFT, shift, start)
    qtbot.mouseMove(track, end)
    qtbot.mouseRelease(track, LEFT, shift, end)
    assert sampled.inspection.view().timeline.window == (2, 5)
    choose(sampled.timeline.rate, 4.0)
    sampled.inspection.steps.choose_step(2)
    qtbot.mouseClick(sampled.timeline.play, LEFT)
    seen = [shown_at(sampled, clock, qtbot, n / 4 + 0.01) for n in range(6)]
    assert seen == [2, 3, 4, 5, 2, 3]
    qtbot.mouseDClick(track, LEFT, shift, start)
    assert sampled.inspection.view().timeline.window is None


def image(window: MainWindow) -> QImage:
    return window.timeline.track.grab().toImage()


def test_steps_lie_by_their_log_snr_and_say_their_number(sampled: MainWindow, qtbot: QtBot) -> None:
    track = sampled.timeline.track
    log_snr = sampled.inspection.view().timeline.log_snr
    first, last = track.x_of(0), track.x_of(7)
    for at in range(8):
        share = float((log_snr[at] - log_snr[0]) / (log_snr[-1] - log_snr[0]))
        assert track.x_of(at) == pytest.approx(first + share * (last - first), abs=0.01)
    drawn, ground = image(sampled), track.palette().color(track.backgroundRole())
    for at in (0, 7):
        x = round(track.x_of(at))
        rows = range(track.height() - 26, track.height() - 15)
        ink = {drawn.pixel(x + dx, y) for dx in range(-3, 4) for y in rows} - {ground.rgb()}
        assert ink, f"no number under step {at}"
    point = QPoint(round(track.x_of(3)), 20)
    qtbot.mouseClick(track, LEFT, pos=point)
    qtbot.waitUntil(lambda: step(sampled) == 3)
    assert sampled.timeline.readout.text().startswith("step 3 of 8")


def test_thumbnails_show_each_steps_picture(sampled: MainWindow) -> None:
    track, run = sampled.timeline.track, state_of(sampled.inspection).results.run
    assert run is not None and len(sampled.inspection.view().timeline.thumbnails) == 8
    run.pictures[0] = np.full((64, 64, 3), (200, 40, 90), np.uint8)
    sampled.inspection.steps.choose_step(4)
    drawn, y = image(sampled), track.height() - AXIS_HEIGHT - 25

    def colours(at: int) -> set[tuple[int, ...]]:
        x = min(max(round(track.x_of(at)), GUTTER + 18), track.width() - MARGIN - 18)
        near = range(-9, 10, 3)
        return {drawn.pixelColor(x + dx, y + dy).getRgb()[:3] for dx in near for dy in near}  # type: ignore[index]

    assert colours(0) == {(200, 40, 90)}
    assert len(colours(7)) > 4, "a picture, not a frame or plain ground"
    assert (200, 40, 90) not in colours(7)


def test_computed_steps_are_marked(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.looks.choose_preset("Two methods")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    track = sampled.timeline.track
    y = track.height() - AXIS_HEIGHT - 3
    accent = tones.accent(track.palette()).rgb()

    def marked(at: int) -> bool:
        return image(sampled).pixel(round(track.x_of(at)), y) == accent

    sampled.inspection.steps.choose_step(0)
    assert not marked(4)
    sampled.inspection.steps.choose_step(4)
    sampled.inspection.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    sampled.inspection.steps.choose_step(0)
    assert marked(4) and not marked(5)


def test_one_curve_for_each_shown_method_of_mean_or_iou(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.looks.choose_preset("Two methods")
    view = sampled.inspection.view().timeline
    assert [curve.content for curve in view.curves] == ["cov_bad", "score_diff"]
    legend = sampled.timeline.legend
    assert legend.accessibleName().startswith("mean: ")
    colour = method_colours.colour("score_diff", sampled.timeline.palette())
    assert like(image(sampled), colour) > 20
    sampled.inspection.looks.choose_content(1, "picture")
    assert like(image(sampled), colour) == 0
    sampled.inspection.looks.choose_content(1, "score_diff")
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    sampled.inspection.masks.tools.choose(Tool.RECTANGLE)
    drag(sampled.canvas.panels[0].picture, (0.2, 0.2), (0.6, 0.6))
    qtbot.waitUntil(lambda: legend.accessibleName().startswith("IoU: "), timeout=LONG_MS)


def like(drawn: QImage, colour: QColor) -> int:
    """Count the points of the curves' part that have a colour's hue."""
    count = 0
    for x in range(60, drawn.width() - 4):
        for y in range(4, drawn.height() - AXIS_HEIGHT - 42):
            here = drawn.pixelColor(x, y)
            count += here.saturationF() > 0.5 and abs(here.hueF() - colour.hueF()) < 0.02
    return count
