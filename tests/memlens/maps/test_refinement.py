from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens.errors import Cancelled
from memlens.estimators.estimation import plan_probes
from memlens.maps.refinement import merged, refine_stream
from memlens.progress import CancelToken, Progress
from memlens.sampling.trajectory import StepRecord, Trajectory


@pytest.fixture(scope="module")
def run(tinier_pipeline: Path) -> Trajectory:
    return memlens.sample(memlens.load_model(tinier_pipeline), "red apple", seed=1, steps=4)


@pytest.mark.long
@pytest.mark.parametrize("method", ["curvature", "curvature-difference"])
@pytest.mark.parametrize("first", [1, 3, 8])
def test_refining_gives_the_map_computed_from_the_start(
    run: Trajectory, method: str, first: int
) -> None:
    known = memlens.localize(run, method, step=2, probes=first, estimator="hutchinson", seed=5)
    *_, refined = refine_stream(known, run, probes=12, estimator="hutchinson", seed=5)
    whole = memlens.localize(run, method, step=2, probes=12, estimator="hutchinson", seed=5)
    scale = np.abs(whole.values).max()
    np.testing.assert_allclose(refined.values, whole.values, atol=1e-6 * scale)
    np.testing.assert_allclose(
        refined.paper, whole.paper, rtol=1e-4, atol=1e-5 * np.abs(whole.paper).max()
    )
    assert refined.standard_error is not None and whole.standard_error is not None
    np.testing.assert_allclose(refined.standard_error, whole.standard_error, rtol=1e-3)
    assert refined.provenance == whole.provenance


def test_only_the_missing_probes_are_computed(run: Trajectory) -> None:
    known = memlens.localize(run, "curvature", probes=8, estimator="hutchinson")
    seen: list[Progress] = []
    *_, refined = refine_stream(known, run, probes=12, estimator="hutchinson", progress=seen.append)
    assert refined.network_calls == known.network_calls + 1 + 4
    assert seen[0].done >= 8 and seen[-1].done == seen[-1].total


@pytest.mark.long
@pytest.mark.parametrize(
    "wrong",
    [
        {"estimator": "probing"},
        {"probe_seed": 9},
        {"dtype": "bfloat16"},
        {"prompt": "a tree"},
        {"seed": 2},
    ],
)
def test_what_was_made_otherwise_is_computed_from_the_start(
    run: Trajectory, wrong: dict[str, Any]
) -> None:
    known = memlens.localize(run, "curvature", probes=8, estimator="hutchinson")
    other = replace(known, values=known.values + 1, provenance=replace(known.provenance, **wrong))
    *_, refined = refine_stream(other, run, probes=12, estimator="hutchinson")
    whole = memlens.localize(run, "curvature", probes=12, estimator="hutchinson")
    np.testing.assert_array_equal(refined.values, whole.values)


def test_another_baseline_s_map_is_not_gone_on_with(run: Trajectory, tinier_pipeline: Path) -> None:
    early: Any = memlens.load_baseline(tinier_pipeline / "unet-early", like=run.model)  # type: ignore[arg-type]
    other = replace(early, description=replace(early.description, fingerprint="another"))
    known = memlens.localize(
        run, "curvature-difference", baseline=other, probes=8, estimator="hutchinson"
    )
    *_, refined = refine_stream(known, run, baseline=early, probes=12, estimator="hutchinson")
    assert refined.provenance.baseline == early.description.identity
    assert refined.network_calls == 2 + 12


@pytest.fixture(scope="module")
def exact(run: Trajectory) -> memlens.LocalizationMap:
    return memlens.localize(run, "curvature", step=2, estimator="exact")


@pytest.mark.long
@pytest.mark.parametrize(("first", "then"), [(8, 16), (16, 48), (5, 10)])
def test_probing_goes_on_with_the_layout_it_began(
    run: Trajectory, exact: memlens.LocalizationMap, first: int, then: int
) -> None:
    known = memlens.localize(run, "curvature", step=2, probes=first, estimator="probing", seed=3)
    *_, refined = refine_stream(known, run, probes=then, estimator="probing", seed=3)
    plan = plan_probes("probing", then, 3, run.latent_shape, laid_out_for=first)
    vectors = [plan.draw(i, i + 1) for i in range(plan.count)]
    assert refined.provenance.probes == plan.count
    assert refined.provenance.planned_probes == known.provenance.probes
    again = plan_probes(
        "probing",
        refined.provenance.probes,
        3,
        run.latent_shape,
        laid_out_for=refined.provenance.planned_probes,
    )
    assert all(torch.equal(again.draw(i, i + 1), vectors[i]) for i in range(plan.count))
    before, after = (np.sqrt(np.mean((m.values - exact.values) ** 2)) for m in (known, refined))
    assert after < before
    assert refined.standard_error is not None and (refined.standard_error > 0).all()


def test_an_estimate_cut_short_goes_on_where_it_stopped(run: Trajectory) -> None:
    stream = memlens.localize_stream(
        run, "curvature", step=2, probes=16, estimator="probing", probes_per_batch=8
    )
    cut = next(stream)
    assert (cut.provenance.probes, cut.provenance.planned_probes) == (8, 16)
    *_, refined = refine_stream(cut, run, probes=16, estimator="probing")
    whole = memlens.localize(run, "curvature", step=2, probes=16, estimator="probing")
    np.testing.assert_allclose(refined.values, whole.values, atol=1e-6 * np.abs(whole.values).max())
    assert refined.provenance == whole.provenance


def test_many_more_probes_are_laid_out_anew(run: Trajectory) -> None:
    known = memlens.localize(run, "curvature", probes=8, estimator="probing")
    *_, refined = refine_stream(known, run, probes=64, estimator="probing")
    whole = memlens.localize(run, "curvature", probes=64, estimator="probing")
    np.testing.assert_array_equal(refined.values, whole.values)


@pytest.mark.parametrize(("first", "then", "left"), [(8, 16, 1 / 2), (8, 12, 2 / 3)])
def test_a_merged_standard_error_is_that_of_all_repetitions(
    run: Trajectory, first: int, then: int, left: float
) -> None:
    """Variances of one size: R repetitions leave a share R₁/R of the first R₁'s."""
    known = memlens.localize(run, "curvature", probes=first, estimator="probing")
    assert known.standard_error is not None
    plan = plan_probes("probing", then, 0, run.latent_shape, laid_out_for=first)
    rest = replace(known, provenance=replace(known.provenance, probes=then - first))
    if then - first == plan.per_repetition:
        nothing = np.full_like(known.standard_error, np.nan)
        rest = replace(rest, standard_error=nothing)
    both = merged(known, rest, plan)
    assert both.standard_error is not None
    np.testing.assert_allclose(both.standard_error**2, left * known.standard_error**2, rtol=1e-5)


def test_nothing_is_computed_for_a_repetition_that_does_not_fit(run: Trajectory) -> None:
    known = memlens.localize(run, "curvature", probes=16, estimator="probing")
    assert list(refine_stream(known, run, probes=17, estimator="probing")) == [known]


def test_a_cancelled_run_can_be_localized_as_far_as_it_came(
    tinier_pipeline: Path, run: Trajectory
) -> None:
    from memlens.sampling.cut_run import cut_run

    model, token = memlens.load_model(tinier_pipeline), CancelToken()
    records: list[StepRecord] = []

    def stop_after_two(record: StepRecord) -> None:
        records.append(record)
        if record.step == 1:
            token.cancel()

    with pytest.raises(Cancelled):
        memlens.sample(model, "red apple", seed=1, steps=4, cancel=token, on_step=stop_after_two)
    cut = cut_run(records, model=model, image=run.image, seconds=0.1)
    assert len(cut.schedule) == 2
    assert cut.provenance.steps == 4 and cut.provenance.steps_reached == 2
    of_cut = memlens.localize(cut, "curvature-difference", step=1, probes=4)
    of_whole = memlens.localize(run, "curvature-difference", step=1, probes=4)
    np.testing.assert_array_equal(of_cut.values, of_whole.values)
