"""Readings: the free ones by themselves, the others on request."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import memlens
from memlens.readings.reading import Reading
from tests.support import synthetic
from tests.support.recording import Desk
from ui.jobs.compute_reading import ComputeReading
from ui.jobs.load_model import LoadModel, ModelLoaded
from ui.jobs.localize import Localize
from ui.jobs.read_free import ReadFree, ReadingsRead
from ui.view.readings import ReadingRow
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.reading_key import ReadingKey

LAST = synthetic.STEPS - 1


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.open_toy()
    made.run_toy()
    return made


def row(desk: Desk, key: str) -> ReadingRow:
    return next(row for row in desk.view.readings if row.key == key)


def answer_free(desk: Desk) -> None:
    request = desk.asked(ReadFree)[-1]
    run = synthetic.trajectory()
    rows = tuple(
        (key, memlens.reading(run, key.key, step=key.step, maps=request.maps))
        for key in request.keys
    )
    desk.answer(request, ReadingsRead(rows=rows))


def jeon(value: float) -> Reading:
    return Reading(
        key="jeon",
        value=value,
        standard_error=None,
        per_step=None,
        unit="latent⁻³",
        step=0,
        network_calls=2,
        seconds=0.5,
        provenance=replace(synthetic.provenance(), reading="jeon", step=0, sigma=0.99),
    )


def test_before_a_run_there_are_none() -> None:
    assert Desk().view.readings == ()


def test_free_ones_are_read_as_soon_as_the_run_is_complete(desk: Desk) -> None:
    (request,) = desk.asked(ReadFree)
    assert [key.key for key in request.keys] == ["wen", "asthana-norm"]
    assert row(desk, "wen").value == ""
    answer_free(desk)
    expected = memlens.reading(synthetic.trajectory(), "wen")
    assert row(desk, "wen").value == f"{expected.value:.4g}"
    assert expected.per_step is not None
    assert f"here {expected.per_step[LAST]:.4g}" in row(desk, "wen").detail
    desk.control.steps.choose_step(1)
    assert f"here {expected.per_step[1]:.4g}" in row(desk, "wen").detail
    assert len(desk.asked(ReadFree)) == 1


def test_its_tooltip_says_where_it_came_from(desk: Desk) -> None:
    answer_free(desk)
    about = row(desk, "wen").about
    for words in ("Wen et al., ICLR 2024", "seed", "network calls", "mean over steps"):
        assert words.lower() in about.lower()


def test_costly_ones_are_computed_on_request(desk: Desk) -> None:
    assert row(desk, "jeon").can_compute
    assert "one vector product" in row(desk, "jeon").about
    desk.control.readings.compute("jeon")
    (request,) = desk.asked(ComputeReading)
    assert request.key == ReadingKey(run=request.key.run, key="jeon", step=None)
    assert row(desk, "jeon").computing
    found = ReadingsRead(rows=((request.key, jeon(12.5)),))
    desk.answer(request, found)
    shown = row(desk, "jeon")
    assert (shown.value, shown.can_compute, shown.computing) == ("12.5 latent⁻³", False, False)
    assert shown.detail == "step 0"


def test_free_dimensions_follow_the_curvature_map_at_no_cost(desk: Desk) -> None:
    answer_free(desk)
    desk.control.looks.choose_content(1, "curvature")
    desk.control.compute()
    desk.refine(desk.asked(Localize)[-1])
    request = desk.asked(ReadFree)[-1]
    assert [(key.key, key.step) for key in request.keys] == [("free-dimensions", LAST)]
    answer_free(desk)
    curvature = synthetic.made_map("curvature", LAST)
    size = int(np.prod(synthetic.trajectory().latent_shape))
    shown = row(desk, "free-dimensions").value
    expected = size * (1 - float(curvature.values.mean()))
    assert shown.startswith(f"{expected:.4g}".replace("-", "−"))
    assert "±" in shown
    desk.control.steps.choose_step(0)
    assert row(desk, "free-dimensions").can_compute


def test_cancelling_gives_the_button_back(desk: Desk) -> None:
    desk.control.readings.compute("flipd")
    assert row(desk, "flipd").computing
    desk.control.cancel()
    assert not row(desk, "flipd").computing
    assert row(desk, "flipd").can_compute


def test_one_that_did_not_fit_can_be_tried_again_with_smaller_batches(desk: Desk) -> None:
    desk.control.steps.choose_step(2)
    desk.control.readings.compute("free-dimensions")
    (request,) = desk.asked(ComputeReading)
    desk.fail(request, "too little memory", out_of_memory=True)
    banner = desk.view.banner
    assert banner is not None
    assert banner.way_on == (ActionKey.RETRY_READING, "Try again, one probe at a time")
    assert row(desk, "free-dimensions").can_compute
    # It is the one that failed, whatever is looked at by now.
    desk.control.steps.choose_step(0)
    desk.control.readings.retry()
    again = desk.asked(ComputeReading)[-1]
    assert again is not request
    assert (again.key, again.probes_per_batch) == (request.key, 1)


def test_one_without_probes_is_tried_again_as_it_was(desk: Desk) -> None:
    desk.control.readings.compute("jeon")
    (request,) = desk.asked(ComputeReading)
    desk.fail(request, "too little memory", out_of_memory=True)
    banner = desk.view.banner
    assert banner is not None and banner.way_on == (ActionKey.RETRY_READING, "Try again")
    desk.control.readings.retry()
    assert desk.asked(ComputeReading)[-1].key == request.key
    assert desk.control.intent.probes_per_batch is None


def test_trying_again_while_another_run_is_sampled_says_why_not(desk: Desk) -> None:
    desk.control.readings.compute("jeon")
    (request,) = desk.asked(ComputeReading)
    desk.fail(request, "too little memory", out_of_memory=True)
    desk.run_toy(steps=2)
    desk.control.readings.retry()
    assert desk.asked(ComputeReading) == [request]
    assert desk.view.status.message == "Computed once the sampling is done."


def test_while_sampling_the_reason_is_told() -> None:
    desk = Desk()
    desk.open_toy()
    desk.run_toy(steps=2)
    assert row(desk, "jeon").reason
    desk.control.readings.compute("jeon")
    assert not desk.asked(ComputeReading)


def test_what_the_model_cannot_do_says_why(desk: Desk) -> None:
    request = desk.asked(LoadModel)[-1]
    desk.control.open_model("toy")
    request = desk.asked(LoadModel)[-1]
    desk.answer(
        request,
        ModelLoaded(
            description=synthetic.DESCRIPTION,
            source="toy",
            unavailable={"curvature": "it cannot be differentiated"},
        ),
    )
    assert row(desk, "flipd").reason == "it cannot be differentiated"
    assert row(desk, "wen").reason == ""
