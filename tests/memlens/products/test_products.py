"""The kinds of vector product: one diagonal from all of them, chosen by cost and memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens.errors import Cancelled
from memlens.estimators.names import (
    AUTO,
    CHECKPOINTED,
    FINITE_DIFFERENCE,
    FORWARD,
    PRODUCTS,
    REVERSE,
)
from memlens.models.denoiser import Condition
from memlens.products import choice
from memlens.products.finite_difference import FiniteDifference
from memlens.products.forward import ForwardMode
from memlens.products.network import Network
from memlens.products.reverse import CheckpointedReverse, ReverseMode
from memlens.sampling.trajectory import Trajectory
from tests.support.analytic_model import SHAPE, AnalyticModel, Mixture


@pytest.fixture(scope="module")
def run(model: Any) -> Trajectory:
    return memlens.sample(model, "a red apple", seed=1, steps=6)


@pytest.fixture
def network(model: Any) -> Network:
    both = Condition.joined([model.encode_prompt(text) for text in ("a red apple", "")])
    return Network(model.denoiser, model.schedule(6)[3], ("target", "unconditional"), both)


def test_forward_and_reverse_mode_are_each_others_transpose(network: Network) -> None:
    draw = torch.Generator().manual_seed(0)
    x, left, right = torch.randn((3, 1, 4, 16, 16), generator=draw)
    reverse, forward = ReverseMode(network, x), ForwardMode(network, x)
    torch.testing.assert_close(reverse.value, forward.value, atol=1e-5, rtol=1e-4)
    for batch in (1, 3):
        along = forward.products(right.expand(batch, -1, -1, -1))
        back = reverse.products(left.expand(batch, -1, -1, -1))
        assert along.shape == back.shape == (batch, 2, 4, 16, 16)
        seen, told = (left * along).sum(dim=(2, 3, 4)), (back * right).sum(dim=(2, 3, 4))
        torch.testing.assert_close(seen, told, rtol=1e-3, atol=1e-3)


def test_finite_differences_state_their_error(network: Network) -> None:
    x = torch.randn((1, 4, 16, 16), generator=torch.Generator().manual_seed(0))
    vector = torch.where(torch.rand(4, 16, 16) > 0.5, 1.0, -1.0)
    difference = FiniteDifference(network, x)
    exact = ForwardMode(network, x).products(vector[None])
    found = difference.products(vector[None])
    error = float((found - exact).abs().max() / exact.abs().max())
    stated = difference.error(vector)
    assert error <= 2 * stated
    assert stated < 0.02


@pytest.mark.parametrize("size", [1.0, 30.0])
def test_finite_differences_step_with_the_size_of_the_latent(network: Network, size: float) -> None:
    """At a fixed step, a latent of large numbers would be rounded away."""
    x = size * torch.randn((1, 4, 16, 16), generator=torch.Generator().manual_seed(0))
    rms = float(x.square().mean().sqrt())
    assert FiniteDifference(network, x).step == pytest.approx(2 ** (-23 / 3) * max(rms, 1.0))


@pytest.mark.long
def test_every_kind_makes_the_map_and_says_which(run: Trajectory) -> None:
    made = {
        kind: memlens.localize(run, "curvature-difference", step=3, probes=8, products=kind)
        for kind in PRODUCTS
    }
    used = {kind: found.provenance.products for kind, found in made.items()}
    assert used == {**{kind: kind for kind in PRODUCTS}, AUTO: REVERSE}
    assert made[AUTO].values.tobytes() == made[REVERSE].values.tobytes()
    # The same Jv, but for the error of a finite difference.
    scale = np.abs(made[FORWARD].values).max()
    difference = made[FINITE_DIFFERENCE].values - made[FORWARD].values
    assert 0 < np.abs(difference).max() < 0.02 * scale


def test_the_diagonal_of_a_known_hessian_by_every_kind() -> None:
    target = Mixture.random(1)
    model: Any = AnalyticModel(target, Mixture.random(2))
    run = memlens.sample(model, "something", seed=3, steps=8)
    x = torch.from_numpy(run.record(4).x_t).double().flatten()
    _, hessian = target.score_and_hessian(x, run.schedule[4])
    expected = -(run.schedule[4].sigma ** 2) * hessian.diagonal().reshape(SHAPE).mean(dim=0)
    for kind, bound in ((REVERSE, 1e-5), (FINITE_DIFFERENCE, 1e-3)):
        found = memlens.localize(run, "curvature", step=4, estimator="exact", products=kind)
        np.testing.assert_allclose(found.values, expected.numpy(), atol=bound)


def test_auto_keeps_no_graph_that_does_not_fit(network: Network, monkeypatch: Any) -> None:
    x = torch.zeros((1, 4, 16, 16))
    token = memlens.CancelToken()
    monkeypatch.setattr(choice, "free_memory", lambda _: 1000)
    assert choice.linearize("auto", network, x, cancel=token, graph_bytes=900)[0] == CHECKPOINTED
    assert choice.linearize("auto", network, x, cancel=token, graph_bytes=9000)[0] == FORWARD
    monkeypatch.setattr(choice, "supports_checkpointing", lambda _: False)
    assert choice.linearize("auto", network, x, cancel=token, graph_bytes=900)[0] == FORWARD
    assert choice.linearize("auto", network, x, cancel=token, graph_bytes=700)[0] == REVERSE


def test_auto_falls_back_when_the_graph_runs_out_of_memory(
    network: Network, monkeypatch: Any
) -> None:
    def scarce(*_: object) -> None:
        raise torch.OutOfMemoryError("no")

    monkeypatch.setattr(choice, "_chosen", {})
    monkeypatch.setattr(choice, "ReverseMode", scarce)
    x, token = torch.zeros((1, 4, 16, 16)), memlens.CancelToken()
    assert choice.linearize("auto", network, x, cancel=token)[0] == CHECKPOINTED
    monkeypatch.setattr(choice, "CheckpointedReverse", scarce)
    assert choice.linearize("auto", network, x, cancel=token)[0] == FORWARD


@pytest.mark.long
@pytest.mark.parametrize(
    ("reverse", "forward", "chosen"),
    [
        ((4.0, 4.0, 4.0), (1.0, 1.0), FORWARD),
        ((1.6, 1.6, 1.6), (1.4, 1.4), REVERSE),
        # One slow measurement is the machine's doing, not the network's.
        ((9.0, 9.0, 1.2), (1.0, 1.0), REVERSE),
        ((9.0, 4.0, 4.0), (9.0, 1.0), FORWARD),
    ],
)
def test_auto_takes_what_is_much_cheaper_and_remembers(
    network: Network,
    monkeypatch: Any,
    reverse: tuple[float, ...],
    forward: tuple[float, ...],
    chosen: str,
) -> None:
    first, *again = reverse
    costs = [first, *forward, *again]
    measured: list[str] = []

    def timed(work: Any, _: torch.device) -> tuple[Any, float]:
        made = work()
        name = type(made).__name__
        measured.append(name)
        return made, 1.0 if name == "ReverseMode" else costs.pop(0)

    monkeypatch.setattr(choice, "_chosen", {})
    monkeypatch.setattr(choice, "_timed", timed)
    x, token = torch.zeros((1, 4, 16, 16)), memlens.CancelToken()
    assert choice.linearize("auto", network, x, cancel=token)[0] == chosen
    before = len(measured)
    assert choice.linearize("auto", network, x, cancel=token)[0] == chosen
    assert len(measured) == before


@pytest.mark.parametrize("fits", [True, False])
def test_auto_makes_no_call_after_a_cancel(network: Network, monkeypatch: Any, fits: bool) -> None:
    """However much there is to measure, a token set during a call stops before the next."""
    calls, stop_at = 0, 0
    monkeypatch.setattr(choice, "_timed", lambda work, _: (work(), 1.0 / (1 + calls)))
    monkeypatch.setattr(choice, "_MARGIN", 1e-6)
    monkeypatch.setattr(choice, "free_memory", lambda _: 1000 if fits else 1)
    unet: Any = network.denoiser
    token = memlens.CancelToken()

    def counted(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == stop_at:
            token.cancel()

    handle = unet.network.register_forward_hook(counted)
    try:
        for stop_at in range(1, 5):
            calls, token = 0, memlens.CancelToken()
            monkeypatch.setattr(choice, "_chosen", {})
            try:
                choice.linearize(
                    "auto", network, torch.zeros((1, 4, 16, 16)), cancel=token, graph_bytes=100
                )
            except Cancelled:
                assert calls == stop_at
            else:
                assert calls <= stop_at
    finally:
        handle.remove()


def test_blocks_computed_again_give_the_same_products(network: Network) -> None:
    draw = torch.Generator().manual_seed(0)
    x, first, second = torch.randn((3, 1, 4, 16, 16), generator=draw)
    whole, again = ReverseMode(network, x), CheckpointedReverse(network, x)
    probes = torch.cat([first, second])
    torch.testing.assert_close(again.value, whole.value)
    torch.testing.assert_close(again.products(probes), whole.products(probes))
    # The graph is not used up, and the network is as it was.
    torch.testing.assert_close(again.products(first), whole.products(first))
    assert not network.denoiser.network.is_gradient_checkpointing
