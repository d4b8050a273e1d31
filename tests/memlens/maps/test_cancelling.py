"""Every long call: a token set during a network call stops it before the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch

import memlens
from memlens.errors import Cancelled
from memlens.maps.refinement import refine_stream
from memlens.methods.registry import MAP_KINDS
from memlens.models.stable_diffusion import UNetDenoiser
from memlens.progress import CancelToken
from memlens.readings.registry import READINGS
from memlens.sampling.baseline_noise import BaselineNoise
from memlens.sampling.trajectory import Trajectory

FOUR = ("cov", "score_diff", "cov_bad", "score_diff_bad")


@pytest.fixture
def run(model: Any) -> Trajectory:
    return memlens.sample(model, "a red apple", seed=1, steps=3)


class Calls:
    """Sets a token during one network call, and counts those that begin after it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made = self.late = self.stop_at = 0
        self.token = CancelToken()
        for kind, name in ((UNetDenoiser, "predict"), (torch.autograd, "grad")):
            monkeypatch.setattr(kind, name, self._counted(getattr(kind, name)))

    def stopping_at(self, call: int) -> CancelToken:
        self.made = self.late = 0
        self.stop_at, self.token = call, CancelToken()
        return self.token

    def _counted(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.late += self.token.cancelled
            self.made += 1
            if self.made == self.stop_at:
                self.token.cancel()
            return inner(*arguments, **named)

        return call


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch)


def _state(*denoisers: Any) -> list[Any]:
    """All of a network that a call could leave changed."""
    found: list[Any] = [torch.is_grad_enabled()]
    for denoiser in denoisers:
        unet = denoiser.network
        found += [unet.training, [repr(p) for p in unet.attn_processors.values()]]
        found += [(w.requires_grad, w.dtype, w.grad is None) for w in unet.parameters()]
        found += [(len(m._forward_hooks), len(m._backward_hooks)) for m in unet.modules()]
    return found


def _map(name: str, _: Any, early: Any, run: Trajectory, token: CancelToken) -> object:
    return memlens.localize_maps(run, (name,), baseline=early, probes=4, cancel=token)


def _reading(key: str, _: Any, early: Any, run: Trajectory, token: CancelToken) -> object:
    return memlens.reading(run, key, baseline=early, probes=4, cancel=token)


Call = Callable[[Any, Any, Trajectory, CancelToken], object]
LONG: dict[str, Call] = {
    "sample": lambda model, early, run, token: memlens.sample(
        model, "a red apple", steps=3, cancel=token
    ),
    "averaged": lambda model, early, run, token: memlens.localize(
        run, "curvature", step=0, steps_averaged=2, probes=8, cancel=token
    ),
    "forward": lambda model, early, run, token: memlens.localize(
        run, "curvature-difference", probes=4, products="forward", cancel=token
    ),
    "finite": lambda model, early, run, token: memlens.localize(
        run, "curvature", probes=4, products="finite-difference", cancel=token
    ),
    "four": lambda model, early, run, token: memlens.localize_maps(
        run, FOUR, baseline=early, probes=8, cancel=token
    ),
    "series": lambda model, early, run, token: list(
        memlens.localize_steps(run, "curvature-difference", baseline=early, probes=4, cancel=token)
    ),
    "series of scores": lambda model, early, run, token: list(
        memlens.localize_steps(run, "score-difference", baseline=early, cancel=token)
    ),
    "refining": lambda model, early, run, token: list(
        refine_stream(
            memlens.localize(run, "curvature", probes=4, estimator="hutchinson", cancel=token),
            run,
            probes=8,
            estimator="hutchinson",
            cancel=token,
        )
    ),
    "readings": lambda model, early, run, token: memlens.readings(
        run, list(READINGS), baseline=early, probes=4, cancel=token
    ),
    **{
        f"map {name}": partial(_map, name)
        for name in MAP_KINDS
        if name not in ("score_diff", "guidance_cosine")
    },
    **{
        f"reading {key}": partial(_reading, key)
        for key in ("jeon", "flipd", "free-dimensions", "mean-cov_bad")
    },
}


@pytest.mark.long
@pytest.mark.parametrize("name", LONG)
def test_no_network_call_begins_after_the_one_that_was_running(
    model: Any, early: Any, run: Trajectory, calls: Calls, name: str
) -> None:
    call = LONG[name]
    call(model, early, run, calls.stopping_at(0))
    before, whole = _state(model.denoiser, early.denoiser), calls.made
    assert whole > 0
    for stop_at in _some(whole):
        # A trajectory keeps the less-trained ε̂ that it has been asked for.
        run = replace(run, baseline_noise=BaselineNoise())
        token = calls.stopping_at(stop_at)
        try:
            call(model, early, run, token)
        except Cancelled:
            pass
        else:
            # Only the very last call may be too late to stop.
            assert calls.made <= stop_at
        assert calls.late == 0
        assert _state(model.denoiser, early.denoiser) == before
    call(model, early, run, CancelToken())


def _some(whole: int) -> Iterator[int]:
    yield from sorted({1, 2, whole // 2, whole - 1, whole} - {0})


def test_a_run_cancelled_in_its_last_call_is_not_decoded(
    model: Any, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(model), "decode", lambda *_: pytest.fail("decoded"))
    with pytest.raises(Cancelled):
        memlens.sample(model, "a red apple", steps=3, cancel=calls.stopping_at(3))


def test_a_set_token_makes_no_network_call_at_all(
    model: Any, early: Any, run: Trajectory, calls: Calls
) -> None:
    for name, call in LONG.items():
        token = calls.stopping_at(0)
        token.cancel()
        calls.made = 0
        with pytest.raises(Cancelled):
            call(model, early, run, token)
        assert calls.made == 0, name


def test_a_stream_that_is_left_alone_leaves_nothing_behind(
    model: Any, early: Any, run: Trajectory
) -> None:
    before = _state(model.denoiser, early.denoiser)
    stream = memlens.localize_stream(run, "curvature-difference", baseline=early, probes=8)
    next(stream)
    assert _state(model.denoiser, early.denoiser) == before
    stream.close()  # type: ignore[attr-defined]
    assert _state(model.denoiser, early.denoiser) == before


def test_forward_mode_s_products_are_counted(run: Trajectory, calls: Calls) -> None:
    memlens.localize(run, "curvature", probes=4, products="forward", cancel=calls.stopping_at(0))
    assert calls.made == 1 + 4
