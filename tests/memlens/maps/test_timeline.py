"""A whole timeline's curvature from fewer network calls, on a model whose Hessian is known."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import memlens
from memlens.errors import Cancelled, SettingsError
from memlens.sampling.provenance import Provenance
from memlens.sampling.trajectory import Trajectory
from tests.support.analytic_model import AnalyticModel, Mixture

SHAPE = (2, 8, 8)
STEPS = 12


@pytest.fixture(scope="module")
def run() -> Trajectory:
    mixtures = (Mixture.random(0, pinned=slice(0, 40), of=SHAPE), Mixture.random(1, of=SHAPE))
    model: Any = AnalyticModel(*mixtures, latent_shape=SHAPE)
    return memlens.sample(model, "a prompt", seed=2, steps=STEPS)


def _exact(run: Trajectory, kind: str) -> dict[int, np.ndarray]:
    """Return σ·diag J of the target, less that of ∅, from the closed form: J = −σ H."""
    model: Any = run.model
    unconditional, target = model.denoiser.mixtures
    found = {}
    for step in range(STEPS):
        level, x = run.schedule[step], torch.from_numpy(run.x_t[step].copy()).double().flatten()
        _, own = target.score_and_hessian(x, level)
        _, base = unconditional.score_and_hessian(x, level)
        hessian = own - base if kind == "cov" else own
        diagonal = -(level.sigma**2) * hessian.diagonal().reshape(SHAPE)
        found[step] = diagonal.mean(dim=0).numpy()
    return found


def _error(maps: Any, exact: dict[int, np.ndarray]) -> float:
    return float(np.mean([np.sqrt(np.mean((maps[s].values - exact[s]) ** 2)) for s in exact]))


@pytest.fixture(scope="module")
def made(run: Trajectory) -> list[dict[tuple[str, int], memlens.LocalizationMap]]:
    return [
        memlens.localize_timeline(run, ("cov", "curvature"), probes=16, seed=seed)
        for seed in range(3)
    ]


@pytest.fixture(scope="module")
def plain(run: Trajectory) -> dict[tuple[str, int], memlens.LocalizationMap]:
    return {
        (kind, step): found
        for step in range(STEPS)
        for kind, found in memlens.localize_maps(
            run, ("cov", "curvature"), step=step, probes=16, seed=step
        ).items()
    }


@pytest.mark.parametrize("kind", ["cov", "curvature"])
def test_as_good_as_so_many_probes_at_every_step(
    run: Trajectory, made: Any, plain: Any, kind: str
) -> None:
    exact = _exact(run, kind)
    usual = _error({s: plain[kind, s] for s in exact}, exact)
    errors = [_error({s: maps[kind, s] for s in exact}, exact) for maps in made]
    assert np.mean(errors) < 1.15 * usual
    calls = [sum(maps[kind, step].network_calls for step in exact) for maps in made]
    # A few places and coarse steps share little: never dearer than the shared probes on top.
    assert max(calls) <= STEPS * (17 + 3)


@pytest.mark.parametrize("kind", ["cov", "curvature"])
def test_standard_errors_cover(run: Trajectory, made: Any, kind: str) -> None:
    exact = _exact(run, kind)
    covered = [
        np.abs(maps[kind, step].values - exact[step]) <= 2 * maps[kind, step].standard_error
        for maps in made
        for step in exact
    ]
    assert np.mean(covered) > 0.9


def test_where_it_comes_from_is_told(run: Trajectory, made: Any) -> None:
    for (kind, step), found in made[0].items():
        told = found.provenance
        assert (found.kind, found.step) == (kind, step)
        assert (told.estimator, told.probe_seed) == ("timeline", 0)
        own = sum(probes for at, probes in told.carried_from if at == step)
        assert told.probes == 2 + own
        batches = sum(at == step for at, _ in told.carried_from)
        assert found.network_calls == told.probes + 1 + batches
        assert Provenance.from_json(told.to_json()) == told
        sigma = run.schedule[step].sigma
        np.testing.assert_allclose(
            found.paper, found.values * SHAPE[0] / sigma, rtol=1e-4, atol=1e-6
        )
    assert {kind for kind, _ in made[0]} == {"cov", "curvature"} and len(made[0]) == 2 * STEPS


def test_the_same_seed_gives_the_same_maps(run: Trajectory, made: Any) -> None:
    again = memlens.localize_timeline(run, ("cov", "curvature"), probes=16, seed=0)
    for key, found in made[0].items():
        np.testing.assert_array_equal(found.values, again[key].values)
    assert not np.array_equal(made[1]["cov", 3].values, made[0]["cov", 3].values)


def test_known_maps_are_leaned_on_at_no_cost(run: Trajectory) -> None:
    exact = _exact(run, "cov")
    near = (6, 7, 8)
    known = memlens.localize(run, "curvature-difference", step=7, probes=32)
    with_known = memlens.localize_timeline(run, ("cov",), steps=near, known=[known], probes=4)
    without = memlens.localize_timeline(run, ("cov",), steps=near, probes=4)
    calls, usual = (sum(m.network_calls for m in maps.values()) for maps in (with_known, without))
    assert calls < usual
    assert all(found.provenance.carried_from[0] == (7, 32) for found in with_known.values())
    shared = next(iter(memlens.localize_timeline_stream(run, ("cov",), steps=near, probes=4)))
    alone = _error({s: shared["cov", s] for s in near}, {s: exact[s] for s in near})
    error = _error({s: with_known["cov", s] for s in near}, {s: exact[s] for s in near})
    assert error < 0.75 * alone
    # Another run's maps, and smoothed ones, say nothing of this one's.
    assert run.model is not None
    other = memlens.sample(run.model, "a prompt", seed=3, steps=STEPS)
    foreign = memlens.localize(other, "curvature-difference", step=7, probes=32)
    for useless in (foreign, known.smoothed(3)):
        found = memlens.localize_timeline(run, ("cov",), steps=near, known=[useless], probes=4)
        assert (7, 32) not in found["cov", 7].provenance.carried_from


def errors_of(found: memlens.LocalizationMap) -> NDArray[np.float32]:
    """Return the standard errors, which an estimated map has."""
    assert found.standard_error is not None
    return found.standard_error


def test_each_anchor_makes_it_better(run: Trajectory) -> None:
    told: list[memlens.Progress] = []
    stream = memlens.localize_timeline_stream(run, ("cov",), probes=16, progress=told.append)
    means = [np.mean([errors_of(found).mean() for found in maps.values()]) for maps in stream]
    assert len(means) > 2 and means[-1] < 0.6 * means[0]
    done = [progress.done for progress in told]
    assert done == sorted(done) and told[-1].done == told[-1].total


def test_cancelled_within_one_call(run: Trajectory) -> None:
    token, calls = memlens.CancelToken(), 0

    def stop(progress: memlens.Progress) -> None:
        nonlocal calls
        calls += token.cancelled
        if progress.done >= 20:
            token.cancel()

    with pytest.raises(Cancelled):
        deque(memlens.localize_timeline_stream(run, ("cov",), progress=stop, cancel=token))
    assert calls <= 1


@pytest.mark.parametrize(
    ("kinds", "changed", "reason"),
    [
        ((), {}, "at least one kind"),
        (("cov",), {"steps": ()}, "at least one kind"),
        (("cov",), {"steps": (99,)}, "step 99 does not exist"),
        (("score_diff",), {}, "use localize_steps"),
        (("cov_bad",), {}, "less-trained baseline"),
        (("cov",), {"probes": 0}, "0 probes"),
        (("cov",), {"seed": -1}, "seed"),
        (("cov",), {"products": "none"}, "no products"),
    ],
)
def test_refused_before_anything_is_computed(
    run: Trajectory, kinds: tuple[str, ...], changed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason):
        memlens.localize_timeline_stream(run, kinds, **changed)


@pytest.mark.parametrize("probes", [1, 2, 5])
def test_few_probes_tell_their_error_too(run: Trajectory, probes: int) -> None:
    found = memlens.localize_timeline(run, ("cov",), steps=(3, 4, 5), probes=probes)
    assert all(np.isfinite(errors_of(each)).all() for each in found.values())
