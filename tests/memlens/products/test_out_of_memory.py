"""Memory that runs out anywhere: fewer probes at a time, or one sentence; never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens.errors import OutOfMemory
from memlens.products.forward import ForwardMode
from memlens.sampling.trajectory import Trajectory


@pytest.fixture
def run(model: Any) -> Trajectory:
    return memlens.sample(model, "a red apple", seed=1, steps=2)


class Scarce:
    """Fails in a network as an allocator does, for as long as it is entered."""

    def __init__(self, error: BaseException, *networks: Any) -> None:
        self._error = error
        self._networks = networks
        self._handles: list[Any] = []

    def __enter__(self) -> None:
        def fail(*_: object) -> None:
            raise self._error

        self._handles = [network.register_forward_pre_hook(fail) for network in self._networks]

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()


ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
    RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
    MemoryError(),
]
CALLS: dict[str, Callable[[Any, Any, Trajectory], object]] = {
    "sample": lambda model, early, run: memlens.sample(model, "a red apple", steps=2),
    "curvature": lambda model, early, run: memlens.localize(run, "curvature", probes=8),
    "finite-difference": lambda model, early, run: memlens.localize(
        run, "curvature", probes=8, products="finite-difference"
    ),
    "attention": lambda model, early, run: memlens.localize(run, "bright-ending"),
    "score_diff_bad": lambda model, early, run: memlens.localize(
        run, "score-difference", baseline=early
    ),
    "four": lambda model, early, run: memlens.localize_maps(
        run, ("cov", "score_diff", "cov_bad", "score_diff_bad"), baseline=early, probes=8
    ),
    "series": lambda model, early, run: list(
        memlens.localize_steps(run, "score-difference", baseline=early)
    ),
    "jeon": lambda model, early, run: memlens.reading(run, "jeon"),
    "flipd": lambda model, early, run: memlens.reading(run, "flipd", probes=8),
}


@pytest.mark.long
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("call", CALLS)
def test_a_pass_that_does_not_fit_is_one_sentence(
    model: Any, early: Any, run: Trajectory, call: str, error: BaseException
) -> None:
    networks = model.denoiser.network, early.denoiser.network
    with Scarce(error, *networks), pytest.raises(OutOfMemory, match="cpu has too little memory"):
        CALLS[call](model, early, run)
    # What failed is not remembered: with memory at hand the same call works.
    assert CALLS[call](model, early, run)


def test_a_decoder_that_does_not_fit(model: Any) -> None:
    with Scarce(ERRORS[0], model.codec.vae.decoder), pytest.raises(OutOfMemory):
        memlens.sample(model, "a red apple", steps=1)


def test_a_copy_in_float32_that_does_not_fit(
    tiny_pipeline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = memlens.load_model(tiny_pipeline, device="cpu", dtype="bfloat16")
    run = memlens.sample(model, "a red apple", steps=2)

    def scarce(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(type(model.denoiser), "in_float32", scarce)
    for call in (lambda: memlens.localize(run, "curvature"), lambda: memlens.reading(run, "jeon")):
        with pytest.raises(OutOfMemory, match="float32 copy"):
            call()


def test_another_error_is_not_taken_for_it(model: Any) -> None:
    with (
        Scarce(RuntimeError("shapes"), model.denoiser.network),
        pytest.raises(RuntimeError) as caught,
    ):
        memlens.sample(model, "a red apple", steps=1)
    assert not isinstance(caught.value, OutOfMemory)


@pytest.fixture(scope="module")
def at_once(model: Any) -> memlens.LocalizationMap:
    run = memlens.sample(model, "a red apple", seed=1, steps=2)
    return memlens.localize(
        run, "curvature-difference", probes=16, products="forward", probes_per_batch=16
    )


@pytest.mark.long
@pytest.mark.parametrize("fits", [1, 2, 3])
def test_the_batch_is_halved_until_it_fits(
    run: Trajectory,
    at_once: memlens.LocalizationMap,
    monkeypatch: pytest.MonkeyPatch,
    fits: int,
) -> None:
    made: list[int] = []
    products = ForwardMode.products

    def scarce(self: Any, vectors: torch.Tensor) -> torch.Tensor:
        if len(vectors) > fits:
            raise torch.OutOfMemoryError("no")
        made.append(len(vectors))
        return products(self, vectors)

    monkeypatch.setattr(ForwardMode, "products", scarce)
    found = memlens.localize(
        run, "curvature-difference", probes=16, products="forward", probes_per_batch=16
    )
    assert sum(made) == 16 and max(made) <= fits
    scale = np.abs(at_once.values).max()
    np.testing.assert_allclose(found.values, at_once.values, atol=1e-5 * scale)
