from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.support.drawn_views import Watch, grabbed, timeline
from ui.canvas import method_colours
from ui.panels.timeline import TimelinePanel
from ui.plots.axis import Axis
from ui.plots.track_plot import alone, curve_reach, numbered_steps, reach_words
from ui.view import numbers
from ui.view.view_state import Curve, TimelineView

Bot = Any


@pytest.fixture
def shown(qtbot: Bot) -> Iterator[TimelinePanel]:
    made = TimelinePanel()
    qtbot.addWidget(made)
    made.resize(900, 180)
    made.show_view(timeline())
    made.show()
    yield made
    # What is held in one test is not to be held in the next.
    qtbot.keyRelease(made, Qt.Key.Key_Shift)
    made.hide()


def test_steps_lie_by_their_log_snr() -> None:
    axis = Axis(timeline().log_snr)
    assert axis.by_log_snr
    assert axis.share(0) == 0 and axis.share(9) == 1
    assert axis.share(3) == pytest.approx(5 / 11.4)
    assert [axis.step(axis.share(step)) for step in range(10)] == list(range(10))
    assert axis.step(axis.share(8) + 0.4 * (1 - axis.share(8))) == 8
    assert axis.step(-3) == 0 and axis.step(7) == 9


@pytest.mark.parametrize("values", [[-5, math.inf, 3], [1, 1, 2], [3, 2, 1]])
def test_odd_schedules_are_spread_evenly(values: list[float]) -> None:
    axis = Axis(np.array(values, np.float32))
    assert not axis.by_log_snr
    np.testing.assert_allclose(axis.shares, [0, 0.5, 1])


def test_thumbnails_keep_their_distance_and_the_last_step() -> None:
    axis = Axis(timeline().log_snr)
    chosen = axis.spread(10, 0.2)
    assert chosen[-1] == 9
    assert (np.diff(axis.shares[chosen]) >= 0.2).all()
    assert Axis(np.zeros(0, np.float32)).spread(5, 0.1) == []


def test_clicking_and_dragging_choose_steps(shown: TimelinePanel, qtbot: Bot) -> None:
    track = shown.track
    for step in (0, 3, 8, 9):
        with qtbot.waitSignal(shown.step_chosen) as asked:
            qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=at(track, step))
        assert asked.args == [step]
        qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=at(track, step))


def test_moves_that_pile_up_come_as_one(shown: TimelinePanel, qtbot: Bot) -> None:
    asked: list[Any] = []
    track = shown.track
    shown.step_chosen.connect(asked.append)
    for step in (5, 6, 7):
        move(track, at(track, step))
    assert asked == []
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [7]


def test_steps_not_reached_cannot_be_chosen(shown: TimelinePanel, qtbot: Bot) -> None:
    shown.show_view(timeline(reached=6))
    with qtbot.waitSignal(shown.step_chosen) as asked:
        move(shown.track, at(shown.track, 9))
    assert asked.args == [5]
    assert shown.forward.isEnabled()
    shown.show_view(timeline(reached=0, step=0))
    move(shown.track, at(shown.track, 9))
    assert not any(
        button.isEnabled()
        for button in (shown.first, shown.back, shown.play, shown.forward, shown.last)
    )


@pytest.mark.parametrize(
    ("key", "step"),
    [
        (Qt.Key.Key_Left, 3),
        (Qt.Key.Key_Right, 5),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 9),
        (Qt.Key.Key_PageUp, 0),
        (Qt.Key.Key_PageDown, 9),
    ],
)
def test_keys(shown: TimelinePanel, qtbot: Bot, key: Qt.Key, step: int) -> None:
    with qtbot.waitSignal(shown.step_chosen) as asked:
        qtbot.keyClick(shown.track, key)
    assert asked.args == [step]


def test_the_wheel_moves_by_one(shown: TimelinePanel, qtbot: Bot) -> None:
    with qtbot.waitSignal(shown.step_chosen) as asked:
        QApplication.sendEvent(shown.track, wheel(-120))
    assert asked.args == [5]


def test_buttons_ask(shown: TimelinePanel, qtbot: Bot) -> None:
    for button, step in ((shown.first, 0), (shown.back, 3), (shown.forward, 5), (shown.last, 9)):
        with qtbot.waitSignal(shown.step_chosen) as asked:
            button.click()
        assert asked.args == [step]
    with qtbot.waitSignal(shown.play_toggled):
        shown.play.click()
    shown.show_view(timeline(playing=True))
    assert shown.play.accessibleName() == "Pause (P)"
    with qtbot.waitSignal(shown.repeat_chosen) as asked:
        shown.repeat.activated.emit(1)
    assert asked.args == ["ping-pong"]
    with qtbot.waitSignal(shown.rate_chosen) as asked:
        shown.rate.activated.emit(0)
    assert asked.args == [2.0]


def test_a_range_is_drawn_with_shift(shown: TimelinePanel, qtbot: Bot) -> None:
    track, shift = shown.track, Qt.KeyboardModifier.ShiftModifier
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, shift, at(track, 7))
    with qtbot.waitSignal(shown.window_chosen) as asked:
        move(track, at(track, 2))
    assert asked.args == [2, 7]
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, shift, at(track, 2))
    with qtbot.waitSignal(shown.window_cleared):
        qtbot.mouseDClick(track, Qt.MouseButton.LeftButton, shift, at(track, 2))


def test_words_and_value_for_assistive_technology(shown: TimelinePanel) -> None:
    assert shown.readout.text() == "step 4 of 10 · logSNR 0.50"
    assert shown.track.value() == 4
    assert shown.track.accessibleName() == "Step"
    assert shown.track.accessibleDescription() == shown.readout.text()
    shown.show_view(TimelineView())
    assert shown.readout.text() == "no steps yet"


def test_setting_the_value_asks(shown: TimelinePanel, qtbot: Bot) -> None:
    with qtbot.waitSignal(shown.step_chosen) as asked:
        shown.track.setValue(2)
    assert asked.args == [2]


def test_the_playhead_moves_without_a_trace(shown: TimelinePanel) -> None:
    before = grabbed(shown.track)
    shown.show_view(timeline(step=8, log_snr=shown._view.log_snr))  # type: ignore[union-attr]
    assert grabbed(shown.track) != before
    shown.show_view(timeline(step=4))
    assert grabbed(shown.track) == before


def test_a_step_draws_the_playhead_alone_and_asks_for_no_layout(shown: TimelinePanel) -> None:
    curve = Curve(content="cov", symbol="Δh_∅", values=np.linspace(0, 1, 10, dtype=np.float32))
    view = timeline(curves=(curve,), curves_label="mean")
    shown.show_view(view)
    QApplication.processEvents()
    drawn = shown.track.plot.drawn
    asked: list[QEvent.Type] = []
    watch = Watch(asked)
    shown.installEventFilter(watch)
    for step in (5, 6, 9, 0):
        before = grabbed(shown)
        shown.show_view(replace(view, step=step))
        QApplication.processEvents()
        assert grabbed(shown) != before
    assert shown.track.plot.drawn == drawn
    assert QEvent.Type.LayoutRequest not in asked
    shown.show_view(replace(view, step=0, cached=frozenset({3})))
    grabbed(shown)
    assert shown.track.plot.drawn == drawn + 1


def test_a_curve_has_its_method_s_colour(shown: TimelinePanel) -> None:
    flat = Curve(content="cov_bad", symbol="Δh_θ̃", values=np.full(10, 0.5, np.float32))
    shown.show_view(timeline(curves=(flat,), curves_label="IoU", step=0))
    image = grabbed(shown.track)
    colour = method_colours.colour("cov_bad", shown.palette())
    x = round((shown.track.x_of(5) + shown.track.x_of(6)) / 2)
    near = [
        y
        for y in range(image.height())
        if abs(image.pixelColor(x, y).hueF() - colour.hueF()) < 0.03
        and image.pixelColor(x, y).saturationF() > 0.5
    ]
    assert 1 <= len(near) <= 3
    assert "Δhθ̃ 0.50" in shown.legend.accessibleName()


def test_a_known_step_between_unknown_ones_is_a_dot() -> None:
    values = np.array([0, 1, np.nan, 3, np.nan, np.nan, 6, 7])
    assert np.flatnonzero(alone(values)).tolist() == [3]
    assert alone(np.array([1.0])).all() and not alone(np.full(4, np.nan)).any()
    empty = Curve(content="cov", symbol="", values=np.full(4, np.nan, np.float32))
    assert curve_reach(TimelineView(curves=(empty,))) == (0.0, 0.1)


def at(track: Any, step: int) -> QPoint:
    return QPoint(round(track.x_of(step)), track.height() // 2)


def move(track: Any, point: QPoint) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        track.mapToGlobal(QPointF(point)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(track, event)


def wheel(turn: int) -> QWheelEvent:
    return QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_a_range_in_a_small_window_covers_nothing(shown: TimelinePanel) -> None:
    shown.resize(380, 140)
    shown.show_view(replace(timeline(), window=(2, 6)))
    QApplication.processEvents()
    row = [shown.last, shown.readout, shown.average, shown.clear]
    edges = [(widget.geometry().left(), widget.geometry().right()) for widget in row]
    assert all(one[1] < other[0] for one, other in pairwise(edges)), edges
    assert edges[-1][1] < shown.width()
    assert shown.average.width() >= shown.average.sizeHint().width()
    shown.show_view(timeline())
    assert shown.repeat.isVisible() and shown.rate.isVisible()


@given(rises=st.lists(st.floats(0.01, 2.0), min_size=1, max_size=60), width=st.floats(60, 1200))
def test_numbers_of_steps_have_room_and_the_last_is_always_there(
    rises: list[float], width: float
) -> None:
    axis = Axis(np.cumsum(rises).astype(np.float32))
    chosen = numbered_steps(axis, width)
    assert chosen[-1] == len(rises) - 1
    places = [axis.share(step) * width for step in chosen]
    assert all(after - before >= 27.9 for before, after in pairwise(places))


def test_round_steps_are_numbered_before_others() -> None:
    axis = Axis(np.arange(50, dtype=np.float32))
    assert numbered_steps(axis, 300) == [*range(0, 41, 5), 49]
    assert numbered_steps(axis, 3000) == list(range(50))


@pytest.mark.parametrize("width", [520, 640, 1000, 1200])
def test_no_entry_of_the_legend_is_lost_to_a_range(shown: TimelinePanel, width: int) -> None:
    kinds = {"cov": "Δh_∅", "score_diff": "Δs_∅", "cov_bad": "Δh_θ̃", "attention": "BE"}
    flat = np.full(10, 0.5, np.float32)
    curves = tuple(Curve(content=c, symbol=s, values=flat) for c, s in kinds.items())
    shown.resize(width, 200)
    shown.show_view(timeline(curves=curves, curves_label="IoU", window=(2, 6)))
    QApplication.processEvents()
    image, palette = grabbed(shown.legend), shown.palette()
    middle = image.height() // 2
    line = {image.pixelColor(x, middle).rgb() for x in range(image.width())}
    assert {method_colours.colour(content, palette).rgb() for content in kinds} <= line
    assert shown.rect().contains(shown.legend.geometry())
    assert not shown.legend.geometry().intersects(shown.track.geometry())
    assert not shown.legend.geometry().intersects(shown.average.geometry())


@pytest.mark.parametrize("value", [-2e-6, -0.0021, -0.5, 0.25])
def test_a_number_of_the_legend_ends_before_the_next_line(
    shown: TimelinePanel, value: float
) -> None:
    shown.resize(900, 200)
    kinds = {"cov": "Δh_∅", "attention": "BE"}
    flat = np.full(10, value, np.float32)
    curves = tuple(Curve(content=c, symbol=s, values=flat) for c, s in kinds.items())
    shown.show_view(timeline(curves=curves, curves_label="mean"))
    image, palette = grabbed(shown.legend), shown.palette()
    middle = image.height() // 2
    line = method_colours.colour("attention", palette).rgb()
    begins = next(x for x in range(image.width()) if image.pixelColor(x, middle).rgb() == line)
    words = numbers.short(value, 2)
    ends = shown.legend._places[0].x() + QFontMetricsF(shown.legend.font()).horizontalAdvance(words)
    assert ends < begins / image.devicePixelRatio()


@pytest.mark.parametrize("value", [-0.048, -0.00012, -12.5, 0.048])
def test_an_end_of_the_curves_keeps_its_sign(value: float) -> None:
    metrics = QFontMetricsF(QFont())
    room = metrics.horizontalAdvance("−.05")
    words = reach_words(value, metrics, room)
    assert words.startswith("−") == (value < 0)
    assert "-" not in words
    assert any(digit in words for digit in "123456789")
