"""What the controller offers for export and asks of the worker; the worker is a list."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from memlens.export.source import BEST
from memlens.maps.colormap import INFERNO
from tests.support import synthetic
from tests.support.recording import Desk
from ui.jobs.export import Export, Exported
from ui.jobs.localize import Localize
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.export_choice import ExportChoice, ExportKind

FIGURE = ExportChoice(kind=ExportKind.FIGURE, panels=("picture", "score_diff"))


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.open_toy()
    made.run_toy(masked=True)
    made.refine(made.asked(Localize)[-1])
    return made


def test_there_is_nothing_to_export_without_a_run() -> None:
    desk = Desk()
    assert desk.control.exports.offer() is None
    assert ActionKey.EXPORT in desk.view.disabled
    desk.control.exports.export(FIGURE, Path("/out/f.png"), INFERNO)
    assert desk.asked(Export) == []


def test_the_offer_says_what_can_be_drawn_and_why_not(desk: Desk) -> None:
    offer = desk.control.exports.offer()
    assert offer is not None
    assert ActionKey.EXPORT not in desk.view.disabled
    reasons = {content: reason for content, _, _, reason in offer.panels}
    assert reasons["picture"] == reasons["mask"] == reasons["score_diff"] == ""
    assert "Not computed" in reasons["curvature"]
    assert offer.shown == ("picture", "cov_bad", "score_diff", "attention")
    assert len(offer.frames["score_diff"]) == synthetic.STEPS
    assert offer.has_mask


def test_the_request_carries_what_the_screen_shows(desk: Desk) -> None:
    control = desk.control
    control.looks.choose_units("paper")
    control.looks.choose_smoothing(3)
    control.steps.choose_step(2)
    choice = ExportChoice(
        kind=ExportKind.FIGURE, panels=("score_diff",), over_picture=True, contour=True
    )
    table = np.zeros((256, 3), np.uint8)
    control.exports.export(choice, Path("/out/f.png"), table)
    (request,) = desk.asked(Export)
    assert request.step == 2
    assert request.look.units == "paper"
    assert request.look.smoothing == 3
    assert request.look.colours is table
    assert request.look.over_picture == control.intent.opacity
    assert request.look.contour == BEST
    found = request.source.map_at("score_diff", 2)
    shown = desk.panel("score_diff").values
    assert found is not None and shown is not None
    np.testing.assert_array_equal(found.smoothed(3).paper_values(), shown)
    assert control.settings.export_folder == "/out"


def test_the_shown_estimate_is_the_one_that_is_drawn(desk: Desk) -> None:
    desk.control.set_estimator("exact")
    desk.control.compute()
    desk.refine(desk.asked(Localize)[-1], probes=64)
    desk.control.exports.export(FIGURE, Path("/out/f.png"), INFERNO)
    (request,) = desk.asked(Export)
    step = synthetic.STEPS - 1
    found = request.source.map_at("cov_bad", step)
    shown = desk.panel("cov_bad").values
    assert found is not None and found.provenance.probes == 64
    np.testing.assert_array_equal(found.values, shown)


def test_averages_and_the_scale_of_the_screen_are_drawn(desk: Desk) -> None:
    intent = desk.control.intent
    intent.window, intent.average, intent.log_scale = (1, 3), True, True
    desk.control.steps.choose_step(2)
    shown = desk.panel("score_diff").values
    desk.control.exports.export(FIGURE, Path("/out/f.png"), INFERNO)
    (request,) = desk.asked(Export)
    found = request.source.map_at("score_diff", request.step)
    assert found is not None and found.provenance.steps_averaged == 3
    np.testing.assert_array_equal(found.values, shown)
    assert request.look.log_scale
    assert all((m.provenance.steps_averaged or 1) == 1 for m in request.source.session.maps)


def test_a_finished_export_is_told_with_a_way_to_its_folder(desk: Desk) -> None:
    desk.control.exports.export(FIGURE, Path("/out/f.png"), INFERNO)
    desk.answer(desk.asked(Export)[-1], Exported(path=Path("/out/f.png")))
    banner = desk.view.banner
    assert banner is not None
    assert (banner.severity, banner.sentence) == ("notice", "Exported /out/f.png.")
    assert banner.way_on is not None and banner.way_on[0] == ActionKey.SHOW_EXPORTED
    assert desk.control.exports.last == Path("/out/f.png")


def test_a_failed_export_is_an_error_with_a_way_on(desk: Desk) -> None:
    desk.control.exports.export(FIGURE, Path("/out/f.png"), INFERNO)
    desk.fail(desk.asked(Export)[-1], "/out/f.png was not written: no space left on device.")
    banner = desk.view.banner
    assert banner is not None and banner.severity == "error"
    assert banner.way_on is not None and banner.way_on[0] == ActionKey.EXPORT


def test_cancel_stops_it(desk: Desk) -> None:

    desk.control.exports.export(FIGURE, Path("/out/f.png"), INFERNO)
    desk.control.cancel()
    assert Export.job in desk.jobs.cancelled[-1]
    desk.stop(desk.asked(Export)[-1])
    assert desk.view.banner is None
