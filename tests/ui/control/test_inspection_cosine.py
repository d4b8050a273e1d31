"""The guidance cosine in the window: its own levels, and every step for nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import synthetic
from tests.support.recording import Desk
from ui.jobs.decode_thumbnails import ChunkDone, DecodeThumbnails
from ui.jobs.localize import MapRefined
from ui.jobs.make_free_maps import MakeFreeMaps

COSINE = "guidance_cosine"


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.open_toy()
    made.run_toy()
    # No thumbnails and no other background work in the way.
    for request in made.asked(DecodeThumbnails):
        made.stop(request)
    return made


def answer(desk: Desk) -> None:
    request = desk.asked(MakeFreeMaps)[-1]
    for key in request.keys:
        found = synthetic.made_map(key.kind, key.step)
        desk.answer(request, MapRefined(key=key, map=found, complete=True), final=False)
    desk.answer(request, ChunkDone(run=request.keys[0].run))


def test_showing_it_asks_for_all_steps_at_once_nearest_first(desk: Desk) -> None:
    assert not desk.asked(MakeFreeMaps)
    desk.control.steps.choose_step(3)
    desk.control.looks.choose_content(1, COSINE)
    (request,) = desk.asked(MakeFreeMaps)
    assert [key.kind for key in request.keys] == [COSINE] * synthetic.STEPS
    assert [key.step for key in request.keys][:3] == [3, 2, 4]
    answer(desk)
    assert len(desk.asked(MakeFreeMaps)) == 1


def test_its_levels_run_from_minus_one_to_one_in_every_unit(desk: Desk) -> None:
    desk.control.looks.choose_content(1, COSINE)
    answer(desk)
    shown = desk.panel(COSINE)
    assert (shown.levels, shown.units) == ((-1.0, 1.0), "")
    desk.control.looks.choose_units("paper")
    assert desk.panel(COSINE).units == ""


def test_levels_chosen_on_it_are_shares_of_each_kinds_own(desk: Desk) -> None:
    desk.control.looks.choose_content(1, COSINE)
    answer(desk)
    desk.control.looks.choose_levels(-0.5, 0.5)
    assert desk.panel(COSINE).levels == pytest.approx((-0.5, 0.5))
    assert desk.panel("score_diff").levels == pytest.approx((0.25, 0.75))


def test_negative_cosines_are_shown_in_the_papers_units_too(desk: Desk) -> None:
    desk.control.looks.choose_content(1, COSINE)
    request = desk.asked(MakeFreeMaps)[-1]
    for key in request.keys:
        found = synthetic.made_map(key.kind, key.step)
        below = synthetic.negated(found)
        desk.answer(request, MapRefined(key=key, map=below, complete=True), final=False)
    desk.control.looks.choose_units("paper")
    values = desk.panel(COSINE).values
    assert values is not None
    assert (values < 0).all()
    assert np.isfinite(values).all()
