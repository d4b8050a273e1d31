"""The worker makes maps of one step together, and says the same of them as one by one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import memlens
from memlens.errors import SettingsError
from memlens.sampling.trajectory import Trajectory
from ui.jobs import reports
from ui.jobs.context import JobContext
from ui.jobs.localize import Localize, Localized, MapRefined
from ui.vocabulary.map_key import MapKey
from ui.worker.localizing import Localizing

STEP = 4
SCORE = MapKey(run=1, step=STEP, kind="score_diff_bad")
COV = MapKey(run=1, step=STEP, kind="cov", estimator="probing")
COV_BAD = replace(COV, kind="cov_bad")
ALL = (SCORE, COV, COV_BAD)


@pytest.fixture(scope="module")
def run(tiny_pipeline: Path) -> Trajectory:
    model = memlens.load_model(tiny_pipeline, device="cpu")
    return memlens.sample(model, "a red apple", seed=1, steps=6)


@pytest.fixture(scope="module")
def early(run: Any, tiny_early: Path) -> Any:
    return memlens.load_baseline(tiny_early, like=run.model)


def carry_out(
    run: Trajectory, early: Any, *keys: MapKey, **more: Any
) -> tuple[Localized, list[MapRefined], list[tuple[int, int]]]:
    refined: list[MapRefined] = []
    progress: list[tuple[int, int]] = []

    def post(report: reports.Report, _: Hashable) -> None:
        match report:
            case reports.Arrived(result=MapRefined() as result):
                refined.append(result)
            case reports.Progressed():
                progress.append((report.done, report.total))

    context = JobContext(1, Localize.job, post, lambda: None)
    request = Localize(keys=keys, probes=8, **more)
    return Localizing(request, run, early, context).carry_out(), refined, progress


def completed(refined: list[MapRefined]) -> dict[MapKey, memlens.LocalizationMap]:
    return {one.key: one.map for one in refined if one.complete}


def test_maps_of_one_step_are_those_made_one_by_one(run: Trajectory, early: Any) -> None:
    _, refined, _ = carry_out(run, early, *ALL)
    together = completed(refined)
    assert set(together) == set(ALL)
    for key in ALL:
        _, alone, _ = carry_out(run, early, key)
        expected = completed(alone)[key]
        np.testing.assert_allclose(together[key].values, expected.values, rtol=1e-4, atol=1e-5)
        assert replace(together[key].provenance, products=None) == replace(
            expected.provenance, products=None
        )


def test_maps_made_together_take_fewer_calls(run: Trajectory, early: Any) -> None:
    done, refined, _ = carry_out(run, early, *ALL)
    assert 0 < done.network_calls < sum(one.network_calls for one in completed(refined).values())


def test_every_map_gets_better_before_it_is_complete(run: Trajectory, early: Any) -> None:
    _, refined, progress = carry_out(run, early, *ALL)
    for key in (COV, COV_BAD):
        told = [one for one in refined if one.key == key]
        assert [one.complete for one in told] == [False] * (len(told) - 1) + [True]
        assert len(told) > 1
    assert progress[-1][0] == progress[-1][1]


def test_what_is_known_is_refined_and_the_rest_computed(run: Trajectory, early: Any) -> None:
    _, first, _ = carry_out(run, early, COV)
    known = completed(first)[COV]
    request = ((COV, known),)
    _, refined, _ = carry_out(run, early, COV, COV_BAD, known=request)
    assert completed(refined)[COV].network_calls == known.network_calls
    assert completed(refined)[COV_BAD].provenance.probes == 8


def test_other_steps_and_averages_stay_alone(run: Trajectory, early: Any) -> None:
    average = replace(COV, steps_averaged=2)
    elsewhere = replace(COV, step=0)
    _, refined, _ = carry_out(run, early, average, elsewhere)
    found = completed(refined)
    assert found[average].provenance.steps_averaged == 2
    assert found[elsewhere].provenance.step == 0


def test_a_missing_baseline_is_named(run: Trajectory) -> None:
    for keys in ((COV_BAD,), (COV, COV_BAD)):
        with pytest.raises(SettingsError, match="less-trained baseline"):
            carry_out(run, None, *keys)
