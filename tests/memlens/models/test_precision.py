"""Half-precision models: products in float32, and a clear end where numbers fail."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens import device
from memlens.errors import NumericalError, OutOfMemory
from memlens.models import precision
from memlens.models.denoiser import Prediction
from memlens.models.stable_diffusion import UNetDenoiser

HALF = ["float16", "bfloat16"]


@pytest.fixture(scope="module", params=HALF)
def model(request: pytest.FixtureRequest, tiny_pipeline: Path) -> Any:
    return memlens.load_model(tiny_pipeline, device="cpu", dtype=request.param)


@pytest.fixture(scope="module")
def run(model: Any) -> memlens.Trajectory:
    return memlens.sample(model, "a red apple", seed=1, steps=3)


@pytest.mark.long
@pytest.mark.parametrize("method", ["curvature", "curvature-difference"])
def test_products_run_in_float32_on_the_weights_as_loaded(
    model: Any, run: memlens.Trajectory, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    found = memlens.localize(run, method, step=1, probes=8)
    facts = found.provenance
    assert (facts.dtype, facts.curvature_dtype) == (model.description.dtype, "float32")
    wide = model.denoiser.in_float32()
    assert wide.dtype == torch.float32
    monkeypatch.setattr(model, "denoiser", wide)
    expected = memlens.localize(run, method, step=1, probes=8)
    assert found.values.tobytes() == expected.values.tobytes()


def test_the_baselines_products_run_in_float32_too(
    model: Any, run: memlens.Trajectory, tiny_pipeline: Path
) -> None:
    itself = memlens.load_baseline(tiny_pipeline / "unet", like=model)
    assert itself.denoiser.dtype == model.denoiser.dtype
    found = memlens.localize(run, "curvature-difference", baseline=itself, probes=8)
    assert np.abs(found.values).max() < 1e-6


@pytest.mark.long
def test_one_copy_is_made_and_freed_after_the_map(
    run: memlens.Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[Any]] = []
    widen = UNetDenoiser.in_float32

    def recorded(self: UNetDenoiser) -> UNetDenoiser:
        copy = widen(self)
        made.append(weakref.ref(copy.network))
        return copy

    monkeypatch.setattr(UNetDenoiser, "in_float32", recorded)
    memlens.localize(run, "curvature-difference", probes=8)
    gc.collect()
    assert [copy() for copy in made] == [None]


def test_where_float32_does_not_fit(
    model: Any, run: memlens.Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "free_memory", lambda _: 1 << 20)
    if model.denoiser.dtype == torch.bfloat16:
        found = memlens.localize(run, "curvature", probes=8)
        assert found.provenance.curvature_dtype == "bfloat16"
        assert np.isfinite(found.values).all()
        return
    with pytest.raises(OutOfMemory, match=r"float16 model runs in float32, .* in bfloat16"):
        memlens.localize(run, "curvature", probes=8)
    with pytest.raises(OutOfMemory, match="float16 model runs in float32"):
        memlens.reading(run, "jeon")


def test_jeon_reads_in_float32(model: Any, run: memlens.Trajectory) -> None:
    found = memlens.reading(run, "jeon")
    assert found.provenance.curvature_dtype == "float32"
    assert np.isfinite(found.value)


def test_a_float32_model_is_used_as_it_is(tiny_pipeline: Path) -> None:
    model = memlens.load_model(tiny_pipeline, device="cpu", dtype="float32")
    assert precision.for_products(model.denoiser) is model.denoiser
    run = memlens.sample(model, "a red apple", steps=2)
    assert memlens.localize(run, "curvature", probes=8).provenance.curvature_dtype == "float32"
    assert memlens.localize(run, "score-difference").provenance.curvature_dtype is None


def test_float32_is_chosen_exactly_where_its_graph_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = torch.device("cpu")
    needed = device.float32_graph_bytes(1000)
    for free, dtype in ((needed, torch.float32), (needed - 1, torch.bfloat16)):
        monkeypatch.setattr(device, "free_memory", lambda _, free=free: free)
        assert device.choose_dtype("auto", cpu, 1000) == dtype


class BrokenBackwards(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, x: torch.Tensor) -> torch.Tensor:
        return x.clone()

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> torch.Tensor:
        return gradient * torch.nan


class Broken:
    """A denoiser whose forward or backward pass gives NaN from some step on."""

    def __init__(self, inner: Any, *, below: float, backwards: bool = False) -> None:
        self.inner = inner
        self.below = below
        self.backwards = backwards

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def in_float32(self) -> Broken:
        return Broken(self.inner.in_float32(), below=self.below, backwards=self.backwards)

    def eps(self, x: torch.Tensor, level: Any, condition: Any) -> torch.Tensor:
        return self.predict(x, level, condition).eps

    def predict(self, x: torch.Tensor, level: Any, condition: Any) -> Prediction:
        said: Prediction = self.inner.predict(x, level, condition)
        if level.timestep >= self.below:
            return said
        broken = BrokenBackwards.apply(said.eps) if self.backwards else said.eps * torch.inf
        return Prediction(broken, said.x0)


def test_sampling_stops_with_step_and_advice(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "denoiser", Broken(model.denoiser, below=500))
    narrow = f"noise at step 1 .timestep 334.; {model.description.dtype} may be too narrow"
    with pytest.raises(NumericalError, match=narrow):
        memlens.sample(model, "a red apple", steps=3)


@pytest.mark.parametrize("what", ["curvature", "curvature-difference", "jeon", "flipd"])
def test_forwards_and_products_stop_with_step_and_advice(
    tiny_pipeline: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    model = memlens.load_model(tiny_pipeline, device="cpu")
    run = memlens.sample(model, "a red apple", steps=3)
    healthy = model.denoiser
    for backwards, words in ((False, "noise"), (True, "vector product")):
        monkeypatch.setattr(model, "denoiser", Broken(healthy, below=2000, backwards=backwards))
        with pytest.raises(NumericalError, match=f"{words} at step 1 .*weights may be damaged"):
            if what in ("jeon", "flipd"):
                memlens.reading(run, what, step=1, probes=8)
            else:
                memlens.localize(run, what, step=1, probes=8)


def test_the_baselines_forward_stops_too(tiny_pipeline: Path) -> None:
    from dataclasses import replace

    model = memlens.load_model(tiny_pipeline, device="cpu", dtype="bfloat16")
    run = memlens.sample(model, "a red apple", steps=2)
    baseline: Any = memlens.load_baseline(tiny_pipeline / "unet-early", like=model)
    broken = replace(baseline, denoiser=Broken(baseline.denoiser, below=2000))
    with pytest.raises(NumericalError, match=r"baseline's noise at step 1 .* bfloat16 may be"):
        memlens.localize(run, "score-difference", baseline=broken)


def test_attention_and_decoder_stop_too(tiny_pipeline: Path) -> None:
    model: Any = memlens.load_model(tiny_pipeline, device="cpu", dtype="float16")
    run = memlens.sample(model, "a red apple", steps=2)
    with torch.no_grad():
        model.codec.vae.decoder.conv_out.bias.fill_(torch.inf)
        model.attention_layers()[0].to_q.weight.fill_(torch.nan)
    with pytest.raises(NumericalError, match=r"decoder gave NaN .* float16 may be too narrow"):
        model.decode(torch.from_numpy(run.final_latent)[None])
    with pytest.raises(NumericalError, match="attention at step 1"):
        memlens.localize(run, "bright-ending")


def test_a_half_precision_score_difference_is_the_half_precision_network_s(
    tiny_pipeline: Path,
) -> None:
    """Beside a curvature too, whose products run on a float32 copy."""
    model = memlens.load_model(tiny_pipeline, device="cpu", dtype="bfloat16")
    early = memlens.load_baseline(tiny_pipeline / "unet-early", like=model)
    together, alone = (
        memlens.localize_maps(
            memlens.sample(model, "a red apple", steps=2), kinds, baseline=early, probes=2
        )["score_diff_bad"]
        for kinds in (("cov_bad", "score_diff_bad"), ("score_diff_bad",))
    )
    assert together.values.tobytes() == alone.values.tobytes()
