"""Schedules whose first step has no signal at all (rescale_betas_zero_snr)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler

import memlens
from memlens.errors import ModelError
from tests.support.tiny_pipeline import save_tiny_pipeline


def zero_snr_pipeline(folder: Path, prediction_type: str) -> Path:
    save_tiny_pipeline(folder, prediction_type=prediction_type)
    file = folder / "scheduler" / "scheduler_config.json"
    config = json.loads(file.read_text())
    config |= {
        "_class_name": "DDIMScheduler",
        "rescale_betas_zero_snr": True,
        "timestep_spacing": "trailing",
        "clip_sample": False,
    }
    file.write_text(json.dumps(config))
    return folder


@pytest.mark.parametrize("prediction_type", ["v_prediction", "sample"])
def test_it_samples_as_diffusers_does_from_the_networks_own_output(
    tmp_path: Path, prediction_type: str
) -> None:
    folder = zero_snr_pipeline(tmp_path / "model", prediction_type)
    model = memlens.load_model(folder, device="cpu")
    run = memlens.sample(model, "a red apple", seed=4, steps=5, guidance_scale=2.0)
    first = run.schedule[0]
    assert first.timestep == 999
    assert 0 < first.alpha < 1e-3
    assert np.isfinite(run.schedule.log_snr).all()

    scheduler = DDIMScheduler.from_pretrained(folder / "scheduler")
    assert scheduler.config.prediction_type == prediction_type
    assert float(scheduler.alphas_cumprod[-1]) == 0.0
    scheduler.set_timesteps(5)
    unet, x = model.denoiser.network, model.initial_latent(4)
    embedding = torch.cat([model.encode_prompt(words).embedding for words in ("", "a red apple")])
    with torch.no_grad():
        for timestep in scheduler.timesteps:
            out = unet(torch.cat([x, x]), timestep, encoder_hidden_states=embedding).sample
            guided = out[:1] + 2.0 * (out[1:] - out[:1])
            x = scheduler.step(guided, timestep, x, eta=0.0).prev_sample
    expected = x[0].numpy()
    # At α = 2⁻¹² float32 leaves x̂₀ of the first step four digits.
    assert np.abs(run.final_latent - expected).max() < 2e-3 * np.abs(expected).max()


def test_maps_of_its_first_step_are_finite(tmp_path: Path) -> None:
    model = memlens.load_model(zero_snr_pipeline(tmp_path / "m", "v_prediction"), device="cpu")
    run = memlens.sample(model, "a red apple", steps=3)
    for method in ("curvature", "curvature-difference", "score-difference", "guidance-cosine"):
        found = memlens.localize(run, method, step=0, probes=8)
        assert np.isfinite(found.values).all()
    kept = tmp_path / "run.memlens"
    memlens.save_session(memlens.Session(trajectory=run), kept)
    assert memlens.load_session(kept).trajectory.schedule == run.schedule


def test_noise_prediction_with_it_is_refused(tmp_path: Path) -> None:
    folder = zero_snr_pipeline(tmp_path / "model", "epsilon")
    with pytest.raises(ModelError, match=r"scheduler_config.json combines .* needs v_prediction"):
        memlens.load_model(folder, device="cpu")


def test_an_ordinary_schedule_is_not_touched(tiny_pipeline: Path) -> None:
    model = memlens.load_model(tiny_pipeline, device="cpu")
    plain = DDIMScheduler.from_pretrained(tiny_pipeline / "scheduler")
    plain.set_timesteps(50)
    alphas = [float(plain.alphas_cumprod[int(t)]) ** 0.5 for t in plain.timesteps]
    np.testing.assert_allclose([level.alpha for level in model.schedule(50).levels], alphas)
