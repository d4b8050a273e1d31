"""Maps of a trajectory through the public interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens.errors import Cancelled, MethodUnavailable, ModelError, OutOfMemory, SettingsError
from memlens.methods import guidance_cosine
from memlens.methods.registry import METHODS
from memlens.methods.score_difference import from_record
from memlens.products.reverse import ReverseMode
from memlens.sampling.trajectory import Trajectory


@pytest.fixture(scope="module")
def run(model: Any) -> Trajectory:
    return memlens.sample(model, "a red apple", seed=1, steps=6)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_makes_a_finite_map_with_provenance(run: Trajectory, method: str) -> None:
    found = memlens.localize(run, method, step=4, probes=2, seed=9)
    assert found.shape == (16, 16)
    assert np.isfinite(found.values).all()
    facts = found.provenance
    assert (facts.prompt, facts.seed, facts.step, facts.method) == ("a red apple", 1, 4, method)
    assert facts.sigma == run.schedule[4].sigma
    if METHODS[method].uses_probes:
        assert (facts.estimator, facts.probes, facts.probe_seed) == ("probing", 2, 9)
    else:
        assert (facts.estimator, facts.probes, facts.probe_seed) == (None, None, None)
        assert found.standard_error is None


def test_the_less_trained_baseline_against_itself_is_zero(model: Any, run: Trajectory) -> None:
    itself = memlens.load_baseline(Path(model.description.source) / "unet", like=model)
    for method in ("curvature-difference", "score-difference"):
        found = memlens.localize(run, method, baseline=itself, probes=2)
        # The target's ε̂ was kept from a batch of 2, whose rounding differs from a batch of 1.
        bound = 0.0 if method == "curvature-difference" else 1e-10
        assert np.abs(found.values).max() <= bound


def test_the_stream_sharpens_and_ends_as_localize_does(run: Trajectory) -> None:
    chosen: dict[str, Any] = {"estimator": "hutchinson", "probes": 7, "probes_per_batch": 3}
    stream = list(memlens.localize_stream(run, "curvature-difference", **chosen))
    assert [m.provenance.probes for m in stream] == [3, 6, 7]
    whole = memlens.localize(run, "curvature-difference", **chosen)
    np.testing.assert_array_equal(stream[-1].values, whole.values)
    assert stream[0].standard_error is not None
    one = memlens.localize(run, "curvature-difference", probes=1).standard_error
    assert one is not None
    assert np.isnan(one).all()


@pytest.mark.long
def test_hutchinson_approaches_exact(tinier_pipeline: Path) -> None:
    model = memlens.load_model(tinier_pipeline, device="cpu")
    run = memlens.sample(model, "a red apple", seed=1, steps=6)
    exact = memlens.localize(run, "curvature", step=2, estimator="exact", probes_per_batch=64)
    found = memlens.localize(
        run, "curvature", step=2, probes=256, estimator="hutchinson", probes_per_batch=64
    )
    assert found.standard_error is not None
    scaled = (found.values - exact.values) / found.standard_error
    assert 0.7 < np.sqrt(np.mean(scaled**2)) < 1.3


def test_score_difference_is_there_before_the_trajectory(run: Trajectory) -> None:
    early = from_record(run.record(3))
    later = memlens.localize(run, "score-difference", step=3)
    np.testing.assert_array_equal(early.values, later.values)
    assert early.provenance == later.provenance


def test_guidance_cosine_is_there_before_the_trajectory(run: Trajectory) -> None:
    early = guidance_cosine.from_record(run.record(3))
    later = memlens.localize(run, "guidance-cosine", step=3, baseline="unconditional")
    np.testing.assert_array_equal(early.values, later.values)
    assert early.provenance == later.provenance


def test_guidance_cosine_of_known_vectors(run: Trajectory) -> None:
    from dataclasses import replace

    base = np.zeros((2, 1, 4), np.float32)
    base[:, 0] = [[1, 1, 0, 3], [0, 0, 0, 4]]
    guidance = np.zeros_like(base)
    guidance[:, 0] = [[2, -3, 1, 4], [0, 0, 1, -3]]
    record = replace(run.record(0), eps_unconditional=base, eps_target=base + guidance)
    np.testing.assert_allclose(guidance_cosine.cosine(record), [[1, -1, 0, 0]], atol=1e-7)


def test_bright_ending_is_the_attention_of_one_token(model: Any, run: Trajectory) -> None:
    before = [layer.processor for layer in model.attention_layers()]
    found = memlens.localize(run, "bright-ending")
    assert [layer.processor for layer in model.attention_layers()] == before
    assert 0 < found.values.min() and found.values.max() < 1
    assert found.network_calls == 1

    class Weights:
        def __init__(self) -> None:
            self.kept: list[torch.Tensor] = []

        def __call__(
            self, attn: Any, hidden: Any, encoder_hidden_states: Any, attention_mask: Any
        ) -> Any:
            context = encoder_hidden_states
            query, key = attn.to_q(hidden), attn.to_k(context)
            split = lambda t: t.unflatten(-1, (attn.heads, -1)).transpose(1, 2)  # noqa: E731
            score = (split(query) @ split(key).mT * attn.scale).softmax(-1)
            self.kept.append(score[0].mean(0))
            return attn.to_out[0]((score @ split(attn.to_v(context))).transpose(1, 2).flatten(2))

    condition = model.encode_prompt("a red apple")
    weights = Weights()
    try:
        for layer in model.attention_layers():
            layer.processor = weights
        with torch.no_grad():
            x = torch.from_numpy(run.x_t[-1:].copy())
            model.denoiser.eps(x, run.schedule[-1], condition)
    finally:
        for layer, processor in zip(model.attention_layers(), before, strict=True):
            layer.processor = processor
    expected = torch.stack(weights.kept).mean(0)[:, condition.end_of_text].reshape(16, 16)
    np.testing.assert_allclose(found.values, expected.numpy(), atol=1e-5)


def test_a_model_without_those_layers_says_so(model: Any, run: Trajectory) -> None:
    block = model.denoiser.network.down_blocks[0]
    attentions = block.attentions
    try:
        block.attentions = torch.nn.ModuleList()
        assert "cross-attention in the first down block" in model.unavailable("bright-ending")
        with pytest.raises(MethodUnavailable, match="cross-attention"):
            memlens.localize(run, "bright-ending")
    finally:
        block.attentions = attentions


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"probes": 0}, "0 probes"),
        ({"probes": -2}, "-2 probes"),
        ({"probes": 2.5}, "2.5 is no number of probes"),
        ({"seed": 2**63}, "probe seed"),
        ({"step": 6}, "step 6 does not exist"),
        ({"steps_averaged": 0}, "0 steps"),
        ({"estimator": "guess"}, "no estimator"),
        ({"seed": -1}, "probe seed"),
        ({"probes_per_batch": 0}, "probes per batch"),
        ({"products": "sideways"}, "no products"),
        ({"baseline": "something"}, "loaded baseline"),
        ({"probes": np.ones((2, 4, 8, 8))}, "shape"),
        ({"probes": np.zeros((2, 4, 16, 16))}, "only"),
    ],
)
def test_settings_out_of_range(run: Trajectory, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        memlens.localize(run, "curvature-difference", **settings)


def test_unknown_method_lists_the_known_ones(run: Trajectory) -> None:
    with pytest.raises(SettingsError, match="bright-ending"):
        memlens.localize(run, "psychic")


def test_cancel_between_batches_leaves_the_model_usable(run: Trajectory) -> None:
    token = memlens.CancelToken()
    stream = memlens.localize_stream(
        run, "curvature-difference", probes=8, probes_per_batch=2, cancel=token
    )
    next(stream)
    token.cancel()
    with pytest.raises(Cancelled):
        next(stream)
    assert memlens.localize(run, "curvature-difference", probes=1).shape == (16, 16)


def test_out_of_memory_halves_the_batch(run: Trajectory, monkeypatch: Any) -> None:
    whole = ReverseMode.products
    tried: list[int] = []

    def scarce(self: ReverseMode, vectors: torch.Tensor) -> torch.Tensor:
        tried.append(len(vectors))
        if len(vectors) > 2:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return whole(self, vectors)

    plenty = memlens.localize(run, "curvature", probes=8, probes_per_batch=8)
    monkeypatch.setattr(ReverseMode, "products", scarce)
    found = memlens.localize(run, "curvature", probes=8, probes_per_batch=8)
    assert tried == [8, 4, 2, 2, 2, 2]
    np.testing.assert_allclose(found.values, plenty.values, atol=1e-6)

    def none(self: ReverseMode, vectors: torch.Tensor) -> torch.Tensor:
        raise torch.OutOfMemoryError("no")

    monkeypatch.setattr(ReverseMode, "products", none)
    with pytest.raises(OutOfMemory, match="too little memory for one probe"):
        memlens.localize(run, "curvature", probes=4)


def test_a_reopened_trajectory_wants_its_own_model(model: Any, run: Trajectory) -> None:
    from dataclasses import replace

    reopened = replace(run, model=None)
    with pytest.raises(ModelError, match="no model attached"):
        memlens.localize(reopened, "curvature")
    again = memlens.localize(reopened.with_model(model), "curvature", probes=2)
    assert again.values.tobytes() == memlens.localize(run, "curvature", probes=2).values.tobytes()
    other = replace(run.provenance, model="another@123")
    with pytest.raises(ModelError, match="another@123"):
        replace(reopened, provenance=other).with_model(model)


def test_a_number_of_numpy_is_a_number_of_probes(run: Trajectory) -> None:
    counts: tuple[Any, ...] = (4, np.int64(4))
    plain, numpys = (memlens.localize(run, "curvature", probes=n, seed=7) for n in counts)
    assert numpys.provenance == plain.provenance and numpys.provenance.probe_seed == 7
    assert numpys.values.tobytes() == plain.values.tobytes()
