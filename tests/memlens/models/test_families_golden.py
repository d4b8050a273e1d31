"""Every family against what diffusers itself makes of tiny pipelines (shared/golden/families)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import memlens
from memlens.sampling.trajectory import Trajectory
from tests.support.golden_families import FAMILIES, FOLDER, WALKS, load

LARGEST_ERROR = 1e-3


# DDPM's own sampler adds noise: the walk compared is DDIM's.
@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> Any:
    if not FOLDER.is_dir():
        pytest.skip("golden numbers are not beside this checkout (../shared/golden)")
    return load(request.param)


def error(found: np.ndarray, golden: np.ndarray) -> float:
    return float(np.abs(found - golden).max() / np.abs(golden).max())


@pytest.mark.parametrize("case", [0, 1])
def test_the_walk_is_the_pipelines(family: Any, case: int) -> None:
    golden, model, _ = family
    run = memlens.sample(
        model,
        golden.prompt(case),
        seed=int(golden.arrays[f"{case}/seed"]),
        **golden.settings(case),
    )
    suffix = WALKS.get(golden.name, "")
    walk = golden.arrays[f"{case}/walk{suffix}"]
    factor = golden.arrays[f"{case}/factor"].reshape(-1, 1, 1, 1)
    times = [level.timestep for level in run.schedule.levels]
    np.testing.assert_allclose(times, golden.arrays[f"{case}/timesteps{suffix}"], rtol=1e-6)
    for step, expected in enumerate(walk[:-1] * factor):
        assert error(run.x_t[step], expected) < LARGEST_ERROR
    assert error(run.final_latent, walk[-1]) < LARGEST_ERROR
    for name in ("alpha", "sigma"):
        levels = np.array([getattr(level, name) for level in run.schedule.levels])
        np.testing.assert_allclose(levels, golden.arrays[f"{case}/{name}"], atol=2e-5)
    picture = golden.arrays[f"{case}/picture{suffix}"]
    assert np.abs(run.image.astype(int) - picture).max() <= 1


@pytest.mark.parametrize(("case", "place"), [(0, 0), (1, 1)])
def test_noise_and_exact_diagonals_at_the_golden_latent(family: Any, case: int, place: int) -> None:
    golden, _, baseline = family
    there = golden.at(case, place)
    run = run_at_golden(family, case, place)
    assert run.schedule[0].timestep == pytest.approx(float(there["t"]), rel=1e-6)
    assert error(run.eps_target[0], there["eps"]) < LARGEST_ERROR
    kinds = {"curvature": there["diag"], "cov_bad": there["diag"] - there["diag_less"]}
    if run.keeps_unconditional:
        assert error(run.eps_unconditional[0], there["eps_empty"]) < LARGEST_ERROR
        kinds["cov"] = there["diag"] - there["diag_empty"]
    maps = memlens.localize_maps(
        run,
        [*kinds, "score_diff_bad"],
        baseline=baseline,
        estimator="exact",
        products="reverse",
        probes_per_batch=64,
    )
    for kind, diagonal in kinds.items():
        assert error(maps[kind].values / run.schedule[0].sigma, diagonal.mean(axis=0)) < (
            LARGEST_ERROR
        )
    score = ((there["eps"] - there["eps_less"]) ** 2).mean(axis=0)
    assert error(maps["score_diff_bad"].values, score) < LARGEST_ERROR


def test_probing_is_within_its_error_bars(family: Any) -> None:
    golden, _, baseline = family
    there = golden.at(0, 1)
    run = run_at_golden(family, 0, 1)
    found = memlens.localize(run, "curvature-difference", baseline=baseline, probes=32)
    truth = run.schedule[0].sigma * (there["diag"] - there["diag_less"]).mean(axis=0)
    assert found.standard_error is not None
    distances = (found.values - truth) / found.standard_error
    # Of 64 places: root mean square 1 where the bars are right.
    assert np.sqrt(np.mean(distances**2)) < 1.6
    assert abs(found.values.mean() - truth.mean()) < 4 * found.standard_error.mean() / 4


def test_the_target_against_itself_is_zero(family: Any) -> None:
    _, model, _ = family
    itself = _Itself(model)
    run = run_at_golden(family, 0, 1)
    for method in ("curvature-difference", "score-difference"):
        found = memlens.localize(run, method, baseline=itself, probes=8, products="reverse")
        # Up to the rounding of a network evaluated in another batch.
        assert np.abs(found.values).max() < 1e-6


class _Itself:
    def __init__(self, model: Any) -> None:
        self.description = model.description
        self.denoiser = model.denoiser
        self.encoder = model.encoder


def run_at_golden(family: Any, case: int, place: int) -> Trajectory:
    golden, model, _ = family
    there = golden.at(case, place)
    return memlens.run_at(
        model,
        there["x"],
        prompt=golden.prompt(case),
        step=int(there["index"]),
        **golden.settings(case),
    )
