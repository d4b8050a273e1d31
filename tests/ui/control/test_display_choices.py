from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from memlens.evaluation.agreement import agreement_with_curve
from tests.support import synthetic
from tests.support.recording import Desk, opened
from ui.jobs.localize import Localize, Localized
from ui.jobs.measure import Measure, Measured
from ui.jobs.open_session import OpenSession
from ui.state.settings import Settings
from ui.view.view_state import PanelStatus, PanelView


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.open_toy()
    made.run_toy(masked=True)
    made.refine(made.asked(Localize)[-1])
    request = made.asked(Localize)[-1]
    made.answer(request, Localized(seconds=1.0, network_calls=16))
    return made


def active(desk: Desk) -> PanelView:
    return next(panel for panel in desk.view.canvas.panels if panel.active)


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


def test_the_timeline_moves_by_key_and_stops_at_its_ends(desk: Desk) -> None:
    desk.control.steps.step_by(-1)
    assert desk.view.timeline.step == synthetic.STEPS - 2
    desk.control.steps.step_by(-50)
    assert desk.view.timeline.step == 0
    desk.control.steps.step_by(5)
    assert desk.view.timeline.step == 5
    desk.control.steps.first_step()
    desk.control.steps.last_step()
    assert desk.view.timeline.step == synthetic.STEPS - 1


def test_resting_computes_the_step_and_leaving_it_yields(desk: Desk) -> None:
    desk.control.steps.choose_step(2)
    before = len(desk.asked(Localize))
    desk.control.rested()
    first = desk.asked(Localize)[-1]
    assert len(desk.asked(Localize)) == before + 1
    assert {key.step for key in first.keys} == {2}
    assert "Computing" in desk.panel("cov_bad").hint
    desk.control.rested()
    assert len(desk.asked(Localize)) == before + 1
    desk.control.steps.choose_step(3)
    desk.control.rested()
    assert {key.step for key in desk.asked(Localize)[-1].keys} == {3}
    desk.stop(first)
    assert "Computing" in desk.panel("cov_bad").hint


def test_a_computed_step_is_not_computed_again(desk: Desk) -> None:
    before = len(desk.asked(Localize))
    desk.control.rested()
    desk.control.compute()
    assert len(desk.asked(Localize)) == before
    assert "computed" in desk.view.status.message


def test_more_probes_refine(desk: Desk) -> None:
    desk.control.set_probes(64)
    desk.control.rested()
    request = desk.asked(Localize)[-1]
    assert request.probes == 64
    assert [key.kind for key in request.keys] == ["cov_bad"]
    assert desk.panel("cov_bad").status is PanelStatus.COMPUTING


def test_after_cancel_nothing_starts_by_itself(desk: Desk) -> None:
    desk.control.steps.choose_step(1)
    before = len(desk.asked(Localize))
    desk.control.cancel()
    desk.control.rested()
    assert len(desk.asked(Localize)) == before
    desk.control.compute()
    assert len(desk.asked(Localize)) == before + 1


def test_t_toggles_curvature_and_score_difference(desk: Desk) -> None:
    assert active(desk).content == "cov_bad"
    desk.control.looks.toggle_difference()
    assert active(desk).content == "score_diff_bad"
    desk.control.looks.toggle_difference()
    assert active(desk).content == "cov_bad"
    desk.control.looks.choose_content(1, "cov")
    desk.control.looks.toggle_difference()
    assert active(desk).content == "score_diff"
    desk.control.looks.activate_panel(0)
    desk.control.looks.toggle_difference()
    assert active(desk).content == "picture"
    assert desk.view.status.message


def test_levels_are_absolute_until_stretched(desk: Desk) -> None:
    assert active(desk).levels == (0.0, 1.0)
    desk.control.steps.step_by(-1)
    assert {panel.levels for panel in desk.view.canvas.panels} == {(0.0, 1.0)}
    desk.control.steps.last_step()
    desk.control.looks.toggle_stretch()
    shown = active(desk)
    assert shown.stretched and shown.values is not None
    assert shown.levels[0] == pytest.approx(float(shown.values.min()))
    assert shown.levels[1] == pytest.approx(float(np.percentile(shown.values, 99)))


def test_levels_chosen_by_hand_hold_for_every_step(desk: Desk) -> None:
    desk.control.looks.choose_levels(0.1, 0.5)
    desk.control.steps.step_by(-2)
    assert active(desk).levels == pytest.approx((0.1, 0.5))


def test_paper_units_scale_values_levels_and_errors(desk: Desk) -> None:
    canonical = active(desk)
    desk.control.looks.choose_units("paper")
    paper = active(desk)
    assert canonical.values is not None and paper.values is not None
    np.testing.assert_allclose(paper.values, canonical.values * 4, rtol=1e-6)
    assert paper.levels == pytest.approx((0.0, 4.0))
    assert paper.standard_error is not None
    np.testing.assert_allclose(paper.standard_error, 0.4, rtol=1e-5)
    assert paper.units


def test_the_same_map_is_the_same_array(desk: Desk) -> None:
    first = active(desk)
    desk.control.steps.step_by(-1)
    desk.control.steps.step_by(1)
    assert active(desk).values is first.values


def test_a_view_without_changes_is_the_same_object(desk: Desk) -> None:
    before = desk.view
    desk.control.set_seed(5)
    after = desk.view
    assert after.canvas is before.canvas
    assert after.timeline is before.timeline
    assert after.setup is not before.setup
    desk.control.looks.activate_panel(0)
    assert desk.view.canvas.panels[3] is before.canvas.panels[3]


def test_agreement_is_measured_and_shown(desk: Desk) -> None:
    measure_all(desk)
    assert active(desk).headline.startswith("best IoU 0.9")
    rows = {row.content: row for row in desk.view.inspect.rows}
    assert rows["cov_bad"].iou > 0.9
    assert desk.view.inspect.mask_name == "ground truth"
    assert desk.view.timeline.curves_label == "IoU"
    (curve,) = [c for c in desk.view.timeline.curves if c.content == "score_diff"]
    assert np.isfinite(curve.values).all()


def test_smoothing_is_measured_anew(desk: Desk) -> None:
    measure_all(desk)
    asked = len(desk.asked(Measure))
    desk.control.looks.choose_smoothing(3)
    assert len(desk.asked(Measure)) == asked + 1
    assert desk.asked(Measure)[-1].smoothing == 3
    assert "IoU" not in active(desk).headline


def test_layouts_fill_with_what_is_not_shown_yet(desk: Desk) -> None:
    desk.control.looks.choose_layout(6)
    contents = [panel.content for panel in desk.view.canvas.panels]
    assert len(contents) == len(set(contents)) == 6
    desk.control.looks.choose_layout(1)
    assert len(desk.view.canvas.panels) == 1
    assert desk.view.canvas.panels[0].active
    desk.control.looks.choose_preset("Paper figure 1")
    assert desk.view.inspect.preset == "Paper figure 1"


def test_playing_follows_the_clock(desk: Desk) -> None:
    desk.control.steps.first_step()
    desk.control.steps.toggle_play()
    desk.now = 0.26
    desk.control.steps.tick()
    assert desk.view.timeline.step == 2
    desk.now = 0.76
    desk.control.steps.tick()
    assert desk.view.timeline.step == 0
    desk.control.steps.toggle_play()
    assert not desk.view.timeline.playing


def test_the_bare_picture_is_shown_while_held(desk: Desk) -> None:
    desk.control.looks.hold_bare_picture(True)
    assert desk.view.canvas.bare_picture
    desk.control.looks.hold_bare_picture(False)
    assert not desk.view.canvas.bare_picture


def test_a_session_opens_with_its_maps_mask_and_step() -> None:
    desk = Desk()
    desk.control.open_session(Path("/x/a.memlens"))
    request = desk.asked(OpenSession)[-1]
    desk.answer(request, opened(request, synthetic.session()))
    assert desk.view.title == "a.memlens — memlens"
    assert desk.view.setup.prompt == "a lion"
    assert desk.view.timeline.step == synthetic.STEPS - 2
    assert desk.panel("cov_bad").status is PanelStatus.READY
    assert desk.panel("cov_bad").mask is not None
    assert desk.view.timeline.reached == synthetic.STEPS
    assert "model is open" in desk.view.disabled["compute"]


def test_what_was_chosen_is_kept_for_the_next_start(desk: Desk) -> None:
    desk.control.looks.choose_colormap("viridis")
    desk.control.looks.choose_layout(2)
    again = Desk(desk.control.settings)
    assert again.view.canvas.colormap == "viridis"
    assert len(again.view.canvas.panels) == 2


def test_settings_that_make_no_sense_fall_back() -> None:
    odd = Settings(panels=("nonsense",), smoothing=4, units="miles", opacity=7.0, probes=-3)
    view = Desk(odd).view
    assert len(view.canvas.panels) == 4
    assert (view.inspect.smoothing, view.inspect.units) == (1, "canonical")
    assert (view.canvas.opacity, view.setup.probes) == (1.0, 1)


def test_a_path_that_is_neither_says_so() -> None:
    desk = Desk()
    desk.control.open_path(Path("/x/nothing.txt"))
    assert desk.view.banner is not None
    assert "nothing.txt" in desk.view.banner.sentence
