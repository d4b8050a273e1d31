from __future__ import annotations

import numpy as np
import pytest

from memlens.evaluation.agreement import agreement_with_curve
from memlens.maps.averaging import average
from tests.support import synthetic
from tests.support.recording import Desk
from ui.jobs.localize import Localize, Localized
from ui.jobs.measure import Measure, Measured
from ui.view.view_state import PanelStatus


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.open_toy()
    made.run_toy(masked=True)
    made.refine(made.asked(Localize)[-1])
    request = made.asked(Localize)[-1]
    made.answer(request, Localized(seconds=1.0, network_calls=16))
    made.control.steps.choose_window(3, 5)
    return made


def measure_all(desk: Desk) -> None:
    seen = 0
    while len(desk.asked(Measure)) > seen:
        seen = len(desk.asked(Measure))
        request = desk.asked(Measure)[-1]
        rows = tuple(
            (key, map_, *agreement_with_curve(map_.smoothed(request.smoothing), request.mask))
            for key, map_ in request.maps
        )
        measured = Measured(token=request.token, smoothing=request.smoothing, rows=rows)
        desk.answer(request, measured)


def test_free_maps_are_averaged_at_once(desk: Desk) -> None:
    desk.control.steps.choose_average(True)
    panel = desk.panel("score_diff")
    expected = average([synthetic.made_map("score_diff", step) for step in (3, 4, 5)])
    assert panel.values is not None
    np.testing.assert_array_equal(panel.values, expected.values)
    assert panel.headline.startswith("steps 3–5")
    desk.control.steps.choose_step(1)
    assert desk.panel("score_diff").values is panel.values


def test_missing_steps_are_a_job_and_the_average_comes_with_the_last(desk: Desk) -> None:
    desk.control.steps.choose_average(True)
    panel = desk.panel("cov_bad")
    assert panel.status is PanelStatus.STAND_IN
    assert panel.hint.startswith("1 of 3 steps")
    desk.control.rested()
    request = desk.asked(Localize)[-1]
    wanted = {key.step for key in request.keys if key.kind == "cov_bad"}
    assert wanted == {3, 4}
    assert all(key.steps_averaged == 1 for key in request.keys)
    desk.refine(request)
    panel = desk.panel("cov_bad")
    assert panel.status is PanelStatus.READY
    expected = average([synthetic.made_map("cov_bad", step) for step in (3, 4, 5)])
    assert panel.values is not None
    np.testing.assert_array_equal(panel.values, expected.values)


def test_the_average_is_measured_and_the_table_says_what_it_is_of(desk: Desk) -> None:
    measure_all(desk)
    single = {row.content: row.iou for row in desk.view.inspect.rows}
    assert desk.view.inspect.measured_at == "step 5"
    desk.control.steps.choose_average(True)
    measure_all(desk)
    assert desk.view.inspect.measured_at == "average of steps 3–5"
    row = next(row for row in desk.view.inspect.rows if row.content == "score_diff")
    expected = average([synthetic.made_map("score_diff", step) for step in (3, 4, 5)])
    scores, _ = agreement_with_curve(expected, synthetic.left_half().pixels)
    assert row.iou == pytest.approx(scores.iou)
    assert single["score_diff"] <= 1


def test_another_range_is_another_average_and_none_is_one_step(desk: Desk) -> None:
    desk.control.steps.choose_average(True)
    three = desk.panel("score_diff").values
    desk.control.steps.choose_window(2, 5)
    four = desk.panel("score_diff").values
    assert three is not None and four is not None and not np.array_equal(three, four)
    desk.control.steps.choose_window(3, 5)
    assert desk.panel("score_diff").values is three
    desk.control.steps.clear_window()
    assert not desk.view.timeline.average
    assert desk.panel("score_diff").headline.startswith("mean") or "IoU" in (
        desk.panel("score_diff").headline
    )
    one = desk.panel("score_diff").values
    assert one is not None
    np.testing.assert_array_equal(one, synthetic.made_map("score_diff", 5).values)


def test_the_chosen_threshold_is_measured_without_a_job(desk: Desk) -> None:
    measure_all(desk)
    before = len(desk.jobs.requests)
    at = next(place for place, p in enumerate(desk.view.canvas.panels) if p.content == "score_diff")
    desk.control.looks.activate_panel(at)
    desk.control.looks.choose_threshold(0.99)
    row = next(row for row in desk.view.inspect.rows if row.content == "score_diff")
    scores, curve = agreement_with_curve(
        synthetic.made_map("score_diff", 5), synthetic.left_half().pixels
    )
    assert row.iou_at_chosen == pytest.approx(curve.at(0.99)[0])
    assert (row.precision_at_chosen, row.recall_at_chosen) == pytest.approx(curve.at(0.99)[1:])
    assert len(desk.jobs.requests) == before
    desk.control.looks.clear_threshold()
    row = next(row for row in desk.view.inspect.rows if row.content == "score_diff")
    assert np.isnan(row.iou_at_chosen)
    assert row.precision_at_chosen == pytest.approx(scores.precision)


def test_numbers_follow_the_units(desk: Desk) -> None:
    measure_all(desk)
    canonical = next(r for r in desk.view.inspect.rows if r.content == "score_diff")
    desk.control.looks.choose_units("paper")
    paper = next(r for r in desk.view.inspect.rows if r.content == "score_diff")
    assert paper.mean == pytest.approx(4 * canonical.mean)
    assert paper.threshold == pytest.approx(4 * canonical.threshold)
    assert paper.iou == canonical.iou
