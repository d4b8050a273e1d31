"""Several maps at once: the same numbers as one by one, for less work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import memlens
from memlens.errors import Cancelled, SettingsError
from memlens.methods.registry import MAP_KINDS, METHODS
from memlens.sampling.baseline_noise import BaselineNoise
from memlens.sampling.trajectory import Trajectory

FOUR = ("cov", "score_diff", "cov_bad", "score_diff_bad")


@pytest.fixture(scope="module")
def run(model: Any) -> Trajectory:
    return memlens.sample(model, "a red apple", seed=1, steps=6)


class Calls:
    """Counts the rows that pass through the networks, forwards and backwards."""

    def __init__(self, *networks: Any) -> None:
        self.forward = self.backward = 0
        self._handles = []
        for network in networks:
            self._handles += [
                network.register_forward_hook(self._went),
                network.conv_in.register_full_backward_pre_hook(self._came),
            ]

    def _went(self, _: Any, __: Any, output: Any) -> None:
        self.forward += len(output[0])

    def _came(self, _: Any, gradient: Any) -> None:
        self.backward += len(gradient[0])

    def __enter__(self) -> Calls:
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()


def test_the_maps_are_those_made_one_by_one(run: Trajectory, early: Any) -> None:
    together = memlens.localize_maps(run, MAP_KINDS, baseline=early, step=3, probes=8, seed=4)
    assert list(together) == list(MAP_KINDS)
    for name, found in together.items():
        kind = MAP_KINDS[name]
        baseline = early if kind.baseline == "less-trained" else None
        alone = memlens.localize(run, kind.method, baseline=baseline, step=3, probes=8, seed=4)
        assert found.provenance == alone.provenance
        assert found.network_calls == alone.network_calls
        scale = np.abs(alone.values).max()
        np.testing.assert_allclose(found.values, alone.values, atol=1e-5 * scale)
        np.testing.assert_allclose(found.paper, alone.paper, atol=1e-5 * np.abs(alone.paper).max())
        assert (found.standard_error is None) == (alone.standard_error is None)
        if found.standard_error is not None and alone.standard_error is not None:
            np.testing.assert_allclose(
                found.standard_error, alone.standard_error, atol=1e-4 * alone.standard_error.max()
            )


@pytest.mark.parametrize("method", ["curvature-difference", "score-difference"])
def test_a_baseline_reads_the_prompt_with_its_own_encoder(
    run: Trajectory, model: Any, early: Any, method: str
) -> None:
    def other(prompt: str, guidance_scale: float | None) -> Any:
        return model.encode_prompt(f"not {prompt}", guidance_scale)

    own = replace(early, encoder=other)
    of_own, of_target = (
        memlens.localize(
            replace(run, baseline_noise=BaselineNoise()), method, baseline=baseline, probes=2
        ).values
        for baseline in (own, early)
    )
    assert np.abs(of_own - of_target).max() > 1e-3 * np.abs(of_target).max()
    kind = "cov_bad" if method == "curvature-difference" else "score_diff_bad"
    together = memlens.localize_maps(run, (kind,), baseline=own, probes=2)[kind].values
    np.testing.assert_allclose(together, of_own, atol=1e-5 * np.abs(of_own).max())


def test_target_products_are_shared(run: Trajectory, model: Any, early: Any) -> None:
    networks = model.denoiser.network, early.denoiser.network
    memlens.localize_maps(run, FOUR, baseline=early, probes=8)
    with Calls(*networks) as calls:
        memlens.localize_maps(run, FOUR, baseline=early, probes=8)
    # Target, ∅ and less-trained, once each; Δs_θ̃ takes its ε̂ from there.
    assert (calls.forward, calls.backward) == (3, 8 * 3)


def test_what_needs_no_probes_comes_first(run: Trajectory, early: Any) -> None:
    stream = memlens.localize_maps_stream(run, FOUR, baseline=early, probes=8)
    order = [tuple(better) for better in stream]
    assert order == [("score_diff",), ("score_diff_bad",), ("cov", "cov_bad"), ("cov", "cov_bad")]


def test_progress_runs_to_its_end(run: Trajectory, early: Any) -> None:
    told: list[memlens.Progress] = []
    memlens.localize_maps(run, FOUR, baseline=early, probes=8, progress=told.append)
    # Δs_∅, two networks, eight probes; Δs_θ̃ comes along.
    assert {p.total for p in told} == {1 + 2 + 8}
    done = [p.done for p in told]
    assert done == sorted(done) and done[-1] == 11


@pytest.mark.parametrize("after", [0, 1, 3, 6, 9])
def test_cancel_within_one_call_and_the_next_call_works(
    run: Trajectory, model: Any, early: Any, after: int
) -> None:
    token = memlens.CancelToken()

    def stop(progress: memlens.Progress) -> None:
        if progress.done >= after:
            token.cancel()

    networks = model.denoiser.network, early.denoiser.network
    with Calls(*networks) as calls, pytest.raises(Cancelled):
        memlens.localize_maps(run, FOUR, baseline=early, probes=8, progress=stop, cancel=token)
    assert calls.backward <= 3 * max(0, after - 3)
    found = memlens.localize_maps(run, ("cov",), probes=2)["cov"]
    expected = memlens.localize(run, "curvature-difference", probes=2)
    assert found.values.tobytes() == expected.values.tobytes()


def test_the_same_seed_gives_the_same_bytes(run: Trajectory, early: Any) -> None:
    first, again, other = (
        memlens.localize_maps(run, FOUR, baseline=early, probes=8, seed=seed) for seed in (5, 5, 6)
    )
    for name, found in first.items():
        assert found.values.tobytes() == again[name].values.tobytes()
        uses = METHODS[MAP_KINDS[name].method].uses_probes
        assert (found.values.tobytes() != other[name].values.tobytes()) == uses
    # The picture's seed is another one: the trajectory is the same for all three.
    assert {found.provenance.seed for found in first.values()} == {1}


def test_settings_are_refused(run: Trajectory) -> None:
    with pytest.raises(SettingsError, match="less-trained baseline"):
        memlens.localize_maps(run, ("cov_bad",))
    with pytest.raises(SettingsError, match="no map is called"):
        memlens.localize_maps(run, ("covariance",))
    with pytest.raises(SettingsError, match="at least one"):
        memlens.localize_maps(run, ())
