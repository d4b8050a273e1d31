from __future__ import annotations

import pytest

import memlens
from tests.support import synthetic
from tests.support.recording import Desk
from ui.jobs.decode_thumbnails import ChunkDone, DecodeThumbnails
from ui.jobs.localize import Localize, Localized, MapRefined, Prefetch
from ui.jobs.read_free import ReadFree, ReadingsRead


def read_free(request: ReadFree) -> ReadingsRead:
    run = synthetic.trajectory()
    return ReadingsRead(rows=tuple((key, memlens.reading(run, key.key)) for key in request.keys))


@pytest.fixture
def desk() -> Desk:
    """The last step's maps are there, and a network call is known to be short."""
    made = Desk()
    made.open_toy()
    made.run_toy()
    (request,) = made.asked(Localize)
    made.refine(request)
    for thumbnails in made.asked(DecodeThumbnails):
        made.answer(thumbnails, ChunkDone(run=1))
    for reading in made.asked(ReadFree):
        made.answer(reading, read_free(reading))
    made.answer(request, Localized(seconds=0.1, network_calls=20))
    return made


def test_the_nearest_neighbour_is_computed_first(desk: Desk) -> None:
    (request,) = desk.asked(Prefetch)
    assert {key.step for key in request.keys} == {synthetic.STEPS - 2}
    for key in request.keys:
        found = synthetic.made_map(key.kind, key.step)
        desk.answer(request, MapRefined(key=key, map=found, complete=True), final=False)
    desk.answer(request, Localized(seconds=0.1, network_calls=20))
    assert {key.step for key in desk.asked(Prefetch)[-1].keys} == {synthetic.STEPS - 3}
    assert desk.view.status.activity == ""


def test_it_gives_way_to_what_the_person_asks_for(desk: Desk) -> None:
    desk.jobs.cancelled.clear()
    desk.control.steps.choose_step(0)
    desk.control.rested()
    assert desk.jobs.cancelled[-1] == (Prefetch.job,)
    assert {key.step for key in desk.asked(Localize)[-1].keys} == {0}


def test_it_can_be_turned_off(desk: Desk) -> None:
    desk.control.runs.choose_prefetch(False)
    assert (Prefetch.job,) in desk.jobs.cancelled
    assert not desk.view.setup.prefetch
    assert not desk.control.settings.prefetch
    count = len(desk.asked(Prefetch))
    desk.stop(desk.asked(Prefetch)[-1])
    assert len(desk.asked(Prefetch)) == count


def test_long_network_calls_are_not_made_ahead() -> None:
    desk = Desk()
    desk.open_toy()
    desk.run_toy()
    (request,) = desk.asked(Localize)
    desk.refine(request)
    desk.answer(request, Localized(seconds=20.0, network_calls=20))
    assert desk.asked(Prefetch) == []


def test_more_probes_refine_what_is_there(desk: Desk) -> None:
    desk.control.set_probes(64)
    desk.control.compute()
    request = desk.asked(Localize)[-1]
    assert request.probes == 64
    ((key, known),) = request.known
    assert key.kind == "cov_bad" and known.provenance.probes == 16
